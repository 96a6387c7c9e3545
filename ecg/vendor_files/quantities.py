"""Numbers, units and times as these files write them; exact, so that no scale is rounded on the way."""

import re
from datetime import datetime
from fractions import Fraction

from ecg.vendor_files.refusal import refuse, shown

_NUMBER = re.compile(r"[+-]?(\d{1,12}(\.\d{0,12})?|\.\d{1,12})([eE][+-]?\d{1,2})?")
_NANOVOLTS = {
    "nV": Fraction(1),
    "uV": Fraction(1000),
    "\u00b5V": Fraction(1000),
    "\u03bcV": Fraction(1000),
    "mV": Fraction(10**6),
    "V": Fraction(10**9),
    "MICROVOLTS": Fraction(1000),
    "MILLIVOLTS": Fraction(10**6),
}
_FIRST_YEAR = 1900
_SECONDS = {"s": Fraction(1), "ms": Fraction(1, 10**3), "us": Fraction(1, 10**6)}


def number(place: str, text: str) -> Fraction:
    """The number that this text is, exactly; refuses anything else."""
    if not _NUMBER.fullmatch(text):
        refuse(place, f"{shown(text)} where a number belongs")
    return Fraction(text)


def whole(place: str, text: str, least: int, most: int) -> int:
    """A whole number within limits; refuses anything else."""
    value = number(place, text)
    if value.denominator != 1 or not least <= value <= most:
        refuse(place, f"{shown(text)}; {least} to {most} is right")
    return int(value)


def optional_hz(text: str) -> float | None:
    """A filter's frequency, None where the text is none: an unknown filter does not forbid the picture."""
    if not _NUMBER.fullmatch(text):
        return None
    value = Fraction(text)
    return float(value) if 0 <= value <= 100_000 else None


def nanovolts(place: str, text: str, unit: str) -> Fraction:
    """A voltage in nanovolts; refuses a unit that is not voltage, as the size would be a guess."""
    if unit not in _NANOVOLTS:
        refuse(place, f"unit {shown(unit)}; {', '.join(_NANOVOLTS)} are read")
    return number(place, text) * _NANOVOLTS[unit]


def seconds(place: str, text: str, unit: str) -> Fraction:
    """A duration in seconds."""
    if unit not in _SECONDS:
        refuse(place, f"unit {shown(unit)}; {', '.join(_SECONDS)} are read")
    return number(place, text) * _SECONDS[unit]


def date_and_time(text: str, *layouts: str) -> str:
    """YYYYMMDDHHMMSS of a text in one of these layouts (strptime) and a year that had ECGs; else empty."""
    for layout in layouts:
        try:
            moment = datetime.strptime(text, layout)
        except ValueError:
            continue
        if moment.year >= _FIRST_YEAR:
            return moment.strftime("%Y%m%d%H%M%S")
    return ""
