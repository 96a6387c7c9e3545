"""What a command says of a file: an object for programs, lines for people, or one line of refusal."""

import json
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MOVES = ("Cc", "Zl", "Zp")
"""Unicode's categories of controls and of line and paragraph ends."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found of one file: as an object for programs and as lines for people."""

    for_programs: dict[str, Any]
    for_people: list[str]


def show(said: Answer, as_json: bool) -> None:
    """One object on one line, or lines for people; letters the terminal lacks are written otherwise."""
    if as_json:
        text = json.dumps(said.for_programs, ensure_ascii=False, allow_nan=False)
        text = text if _can_be_printed(text) else json.dumps(said.for_programs, allow_nan=False)
    else:
        text = "\n".join(map(_in_one_line, said.for_people))
        if not _can_be_printed(text):
            text = text.encode(sys.stdout.encoding, "backslashreplace").decode(sys.stdout.encoding)
    print(text)


def refuse(command: str, file: str, error: Exception) -> None:
    """One line on standard error: the command, the file as it was named, and why."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    text, name = " ".join(reason.split()), Path(file).name
    told = text.removeprefix(f"{name}: ").removeprefix(f"{name}.hea: ").removeprefix(f"{name}, ")
    print(_in_one_line(f"cloudclinic {command}: {file}: {told}"), file=sys.stderr)


def columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Rows of equal length with their columns below each other."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))] if rows else []
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _in_one_line(text: str) -> str:
    """A name may hold line ends, and what would move a terminal's cursor: written as ? here."""
    return "".join("?" if unicodedata.category(letter) in _MOVES else letter for letter in text)


def _can_be_printed(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return True
