"""Time-stamped annotation lists: what an EDF+ file says beside its samples, and when each record starts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ecg.errors import SourceUnreadable

MAX_ANNOTATIONS = 250_000
RECORDING_ENDS = "Recording ends"
"""The standard text at the end of the signal; what the last record holds after it is filling."""

_LIST = re.compile(
    rb"(?P<onset>[+-][0-9]{1,9}(?:\.[0-9]{1,9})?)(?:\x15(?P<duration>[0-9]{1,9}(?:\.[0-9]{1,9})?))?"
    rb"\x14(?P<texts>[^\x00]*)"
)


@dataclass(frozen=True, slots=True)
class TimedText:
    """One annotation: seconds since the start time in the header, seconds it lasts, its text."""

    onset_s: float
    duration_s: float
    text: str


def record_annotations(record: bytes, place: str, timekeeping: bool) -> tuple[float | None, list[TimedText]]:
    """When a record starts (None when this signal does not say) and its annotations.

    `timekeeping`: the first list of this signal must be the one that tells the start, from its first byte: a
    record where it lies elsewhere was shifted, and its samples with it.
    """
    start_s: float | None = None
    if timekeeping and record[:1] not in (b"+", b"-"):
        raise SourceUnreadable(f"{place}: does not begin with when it starts")
    found: list[TimedText] = []
    for at, raw in enumerate(part for part in record.split(b"\0") if part):
        parts = _LIST.fullmatch(raw)
        if parts is None or not raw.endswith(b"\x14"):
            raise SourceUnreadable(f"{place}: its annotation list {at + 1} is damaged")
        onset_s = float(parts["onset"])
        texts = parts["texts"].split(b"\x14")[:-1]
        if timekeeping and at == 0:
            if not texts or texts[0]:
                raise SourceUnreadable(f"{place}: does not tell when it starts")
            start_s = onset_s
        duration_s = float(parts["duration"] or 0)
        found += [TimedText(onset_s, duration_s, text.decode("utf-8", "replace")) for text in texts if text]
    if timekeeping and start_s is None:
        raise SourceUnreadable(f"{place}: does not tell when it starts")
    return start_s, found


def timekeeping_list(start_s: str) -> bytes:
    """The first list of a record that starts then."""
    return f"+{start_s}\x14\x14\0".encode()


def annotation_lists(texts: Iterable[tuple[str, str, str]]) -> bytes:
    """Lists of one annotation each, from onset and duration in digits ("" for a moment) and text."""
    return b"".join(
        f"+{onset}{chr(0x15) + duration if duration else ''}\x14{text}\x14\0".encode()
        for onset, duration, text in texts
    )
