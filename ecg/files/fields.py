"""Numbers, names and units out of the text fields of headers: exactly one, or a refusal with the place."""

import math
import re

from ecg.errors import SourceUnreadable

_WHOLE = re.compile(r"[+-]?[0-9]{1,12}")
_NUMBER = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,3})?")

_HARMLESS = re.compile(r"[0-9+\-. ]*")

NV_PER_UNIT = {
    "nV": 1.0,
    "uV": 1e3,
    "uv": 1e3,
    "\u00b5V": 1e3,
    "\u03bcV": 1e3,
    "mV": 1e6,
    "mv": 1e6,
    "V": 1e9,
}
"""The units of voltage as files spell them; two letters mu look alike, and Challenge 2021 has mv."""


def whole(text: str, place: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`; `place` says in the refusal where it stood and what it is."""
    text = text.strip(" \t")  # of control characters none is a digit's neighbour
    if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
        raise SourceUnreadable(f"{place} is {_shown(text)}; a whole number from {low} to {high} is right")
    return int(text)


def number(text: str, place: str, low: float, high: float) -> float:
    """A number from `low` to `high`, in decimal digits."""
    text = text.strip(" \t")  # of control characters none is a digit's neighbour
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not low <= value <= high:
        raise SourceUnreadable(f"{place} is {_shown(text)}; a number from {low} to {high} is right")
    return value


def _shown(text: str) -> str:
    """The wrong value, unless it holds letters: in a damaged file they may be a piece of a name."""
    return repr(text[:20]) if _HARMLESS.fullmatch(text) else "no number"


def printable(text: str) -> str:
    """A name as it can be shown: one line, at most 40 characters."""
    return "".join(c if c.isprintable() else "?" for c in text.strip())[:40]
