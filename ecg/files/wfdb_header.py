"""The header of a WFDB record (`.hea`): which signals lie in which files, how, and at what scale.

Format: `header(5)` of the WFDB Applications Guide. What would leave the size of the signal to a guess is
refused: a signal without a gain is uncalibrated.
"""

import re
from dataclasses import dataclass

from ecg.errors import SourceUnreadable
from ecg.files.companions import is_plain_name
from ecg.files.date_times import start_of
from ecg.files.fields import NV_PER_UNIT, number, printable, whole

MAX_HEADER_BYTES = 1 << 20
MAX_SIGNALS = 64
DEFAULT_RATE_HZ = 250.0
"""What the format lays down for a header that names no rate."""

_RECORD = re.compile(r"([A-Za-z0-9_\-.]{1,80})(/[0-9]+)?")
_FORMAT = re.compile(r"([0-9]{1,4})(?:x([0-9]{1,4}))?(?::([+-]?[0-9]{1,9}))?(?:\+([0-9]{1,9}))?")
_GAIN = re.compile(r"([^(/]+)(?:\(([^()]*)\))?(?:/(\S+))?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(\.[0-9]{1,6})?")
_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalLine:
    """One signal as its line describes it; `nv_per_step` None: not a voltage. `checksum` None: not given."""

    file: str
    format: int
    samples_per_frame: int
    skew: int
    byte_offset: int
    nv_per_step: float | None
    baseline: int
    checksum: int | None
    name: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHeader:
    """The record line with its signals; `frame_count` None: not given, so as many as the files hold."""

    frame_rate_hz: float
    frame_count: int | None
    acquired: str
    signals: tuple[SignalLine, ...]


def is_record_name(name: str) -> bool:
    """Whether a record may be called so."""
    return bool(re.fullmatch(r"[A-Za-z0-9_\-]{1,80}", name))


def looks_like_wfdb_header(data: bytes) -> bool:
    """Whether the first line that is no remark is a record line."""
    for line in data[:4096].splitlines():
        if line.strip() and not line.startswith(b"#"):
            words = line.decode("latin-1").split()
            return len(words) >= 2 and bool(_RECORD.fullmatch(words[0])) and words[1].isdigit()
    return False


def parse_header(data: bytes, name: str) -> RecordHeader:
    """Read a header; SourceUnreadable names the line and the field that is wrong."""
    if len(data) > MAX_HEADER_BYTES:
        raise SourceUnreadable(f"{name}: a header of {len(data)} bytes; at most {MAX_HEADER_BYTES}")
    text = data.decode("utf-8", "replace")
    lines = [
        (f"{name}, line {at}", line.strip())
        for at, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    if not lines:
        raise SourceUnreadable(f"{name}: no record line; a WFDB header begins with one")
    place, words = lines[0][0], lines[0][1].split()
    _check_record_name(place, words)
    signal_count = whole(words[1], f"{place}: number of signals", 1, MAX_SIGNALS)
    if len(lines) - 1 != signal_count:
        raise SourceUnreadable(f"{name}: {len(lines) - 1} signal lines where {signal_count} are announced")
    rate = words[2].split("/")[0] if len(words) > 2 else str(DEFAULT_RATE_HZ)
    frames = whole(words[3], f"{place}: number of samples", 0, 1 << 32) if len(words) > 3 else 0
    return RecordHeader(
        frame_rate_hz=number(rate, f"{place}: sampling frequency", 1e-3, 32_000),
        frame_count=frames or None,
        acquired=_acquired(place, words[4:]),
        signals=tuple(_signal(where, line) for where, line in lines[1:]),
    )


def _check_record_name(place: str, words: list[str]) -> None:
    record = _RECORD.fullmatch(words[0])
    if record is None or len(words) < 2:
        raise SourceUnreadable(f"{place}: not a record line (name, number of signals, ...)")
    if record.group(2):
        raise SourceUnreadable(
            f"{place}: a record of {record.group(2)[1:]} segments; name the header of one segment"
        )


def _acquired(place: str, words: list[str]) -> str:
    """Date and time as a DICOM DT; a time of day without a date says nothing of when."""
    if len(words) > 2:
        raise SourceUnreadable(f"{place}: {len(words) - 2} words after the date; none is right")
    if len(words) < 2:
        return ""
    time, date = _TIME.fullmatch(words[0]), _DATE.fullmatch(words[1])
    if time is None or date is None:
        raise SourceUnreadable(f"{place}: base time and date are not HH:MM:SS DD/MM/YYYY")
    day, month, year = (int(part) for part in date.groups())
    hour, minute, second = (int(part) for part in time.groups()[:3])
    acquired = f"{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}{time.group(4) or ''}"
    if start_of(acquired) is None:
        raise SourceUnreadable(f"{place}: base time and date are not on the clock or the calendar")
    return acquired


def _signal(place: str, line: str) -> SignalLine:
    words = line.split(None, 8)
    if len(words) < 3:
        raise SourceUnreadable(f"{place}: no gain, so the signal's size is unknown")
    form = _FORMAT.fullmatch(words[1])
    if form is None:
        raise SourceUnreadable(
            f"{place}: format is {words[1][:20]!r}; NUMBER[xSAMPLES][:SKEW][+OFFSET] is right"
        )
    if not is_plain_name(words[0]):
        raise SourceUnreadable(f"{place}: signal file is not in the folder of the header")
    adc_zero = whole(words[4], f"{place}: ADC zero", -(1 << 31), 1 << 31) if len(words) > 4 else 0
    nv_per_step, baseline, unit = _scale(place, words[2], adc_zero)
    return SignalLine(
        file=words[0],
        format=int(form.group(1)),
        samples_per_frame=whole(form.group(2) or "1", f"{place}: samples per frame", 1, 1000),
        skew=int(form.group(3) or 0),
        byte_offset=int(form.group(4) or 0),
        nv_per_step=nv_per_step,
        baseline=baseline,
        checksum=whole(words[6], f"{place}: checksum", -(1 << 16), 1 << 16) if len(words) > 6 else None,
        name=printable(words[8]) if len(words) > 8 else "",
        unit=unit,
    )


def _scale(place: str, word: str, adc_zero: int) -> tuple[float | None, int, str]:
    """Nanovolts a step (None when the unit is no voltage), the step of 0 V, the unit."""
    parts = _GAIN.fullmatch(word)
    if parts is None:
        raise SourceUnreadable(f"{place}: gain is {word[:20]!r}; STEPS(BASELINE)/UNIT is right")
    gain = number(parts.group(1), f"{place}: gain", -1e12, 1e12)
    baseline = adc_zero
    if parts.group(2) is not None:
        baseline = whole(parts.group(2), f"{place}: baseline", -(1 << 31), 1 << 31)
    unit = parts.group(3) or "mV"
    if gain <= 0:
        raise SourceUnreadable(f"{place}: gain is {gain}, so the signal's size is unknown; above 0 is right")
    nv_per_unit = NV_PER_UNIT.get(unit)
    return (None if nv_per_unit is None else nv_per_unit / gain), baseline, printable(unit)
