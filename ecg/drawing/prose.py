"""Lines of words in a box: what fits; of what does not, how many lines and on which page they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ecg.drawing import words
from ecg.drawing.draw_list import Mark
from ecg.drawing.sheet import BODY_MM, Run, run_line
from ecg.drawing.text_width import lines_of, printable, width_mm
from ecg.words import Language

Prose = tuple[Run, ...]
"""One line."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines for a box, and whether some were left out."""

    lines: tuple[Prose, ...]
    cut: bool


def wrapped(run: Run, room_mm: float) -> Iterator[Prose]:
    """One look over as many lines as it takes."""
    for line in lines_of(run.words, BODY_MM, room_mm):
        yield (Run(line, run.bold, run.ink),)


def numbered(number: int, sentence: Run, evidence: Run, room_mm: float) -> Iterator[Prose]:
    """A sentence with its number, what it stands on behind it, or below where it would be too wide."""
    head = Run(f"{number}. {sentence.words}", sentence.bold, sentence.ink)
    together = width_mm(printable(f"{head.words} {evidence.words}"), BODY_MM) + 1.6
    if together <= room_mm:
        yield (head, evidence)
        return
    yield from wrapped(head, room_mm)
    yield from wrapped(evidence, room_mm)


def fitted(lines: Sequence[Prose], most: int, page: int, language: Language) -> Fitted:
    """At most so many lines; the last of them says how many more there are, and on which page."""
    if len(lines) <= most:
        return Fitted(tuple(lines), False)
    left_out = len(lines) - (most - 1)
    told = words.MORE_OVERLEAF.said(language, {"count": str(left_out), "page": str(page)})
    return Fitted((*lines[: most - 1], (Run(told, bold=True),)), True)


def drawn(lines: Sequence[Prose], x: float, y: float, room_mm: float, line_mm: float) -> Iterator[Mark]:
    """The lines below each other, the first with its baseline at `y`."""
    for k, line in enumerate(lines):
        yield from run_line(x, y + k * line_mm, line, room_mm)
