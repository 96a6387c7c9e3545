"""Refusals with their place, and the words of a file that may be repeated in them."""

import re
from typing import NoReturn

from ecg.errors import SourceUnreadable

_TECHNICAL = re.compile(r"[A-Za-z0-9_.:+\-/]{1,24}")


def refuse(place: str, wrong: str) -> NoReturn:
    """Raise SourceUnreadable: where in the file, what is wrong there, and what would be right."""
    raise SourceUnreadable(f"{place}: {wrong}")


def shown(value: str) -> str:
    """A value of the file for a refusal: itself if it looks like a code or number, else only its length.

    Free text may be a name that slipped into the wrong field.
    """
    if not value:
        return "nothing"
    return f"'{value}'" if _TECHNICAL.fullmatch(value) else f"text of {len(value)} characters"


def device_text(*parts: str) -> str:
    """The name of a device as one line, 64 characters at most."""
    line = " ".join(" ".join(parts).split())
    return "".join(letter for letter in line if letter.isprintable())[:64]
