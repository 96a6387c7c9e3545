"""The start of a recording as DICOM writes it (DT): YYYYMMDDHHMMSS.FFFFFF and perhaps a zone, e.g. +0800."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

_DT = re.compile(
    r"(?P<date>[0-9]{8})(?P<time>(?:[0-9]{2}){0,3})(?:(?<=[0-9]{14})\.(?P<fraction>[0-9]{1,6}))?"
    r"(?P<zone>[+-](?:0[0-9]|1[0-4])[0-5][0-9])?"
)


@dataclass(frozen=True, slots=True)
class Start:
    """Date, time of day as far as it is known, and zone (empty: the local time of wherever it was)."""

    date: str
    time: str
    zone: str

    @property
    def text(self) -> str:
        """As a DICOM DT."""
        return self.date + self.time + self.zone

    def later(self, seconds: Fraction) -> "Start":
        """So much later, to the microsecond, as if it began with the minute that is known."""
        whole, _, fraction = self.time.partition(".")
        first = datetime.strptime(self.date + whole.ljust(6, "0"), "%Y%m%d%H%M%S")
        moved = first + timedelta(microseconds=int(fraction.ljust(6, "0")) + round(seconds * 1_000_000))
        return Start(f"{moved:%Y%m%d}", f"{moved:%H%M%S.%f}".rstrip("0").rstrip("."), self.zone)


def start_of(acquired: str) -> Start | None:
    """The parts of a DT; None where not even the day is known, or it is on no calendar or clock."""
    parts = _DT.fullmatch(acquired)
    if parts is None:
        return None
    try:
        datetime.strptime(parts["date"] + parts["time"].ljust(6, "0"), "%Y%m%d%H%M%S")
    except ValueError:
        return None
    fraction = (parts["fraction"] or "").rstrip("0")
    return Start(parts["date"], parts["time"] + (f".{fraction}" if fraction else ""), parts["zone"] or "")
