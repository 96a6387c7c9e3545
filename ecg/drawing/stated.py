"""What the machine says: automatic statements with what they stand on, and what is to know of the signal.

The room is divided so that neither can push the other off the page: a hole in the signal is as much worth
knowing as a statement.
"""

from collections.abc import Iterator, Sequence

from ecg.drawing import words
from ecg.drawing.draw_list import Ink, Line, Mark, Pen, Rectangle
from ecg.drawing.measured import bazett_misleads, other_corrections
from ecg.drawing.paper import Area
from ecg.drawing.prose import Prose, drawn, fitted, numbered, wrapped
from ecg.drawing.report import EcgReport, State
from ecg.drawing.sheet import LINE_MM, Paragraph, plain, strong, tag, words_at
from ecg.words import Language

_MOST_LINES = 8
_INSIDE_MM = 2.0
_DASHED = Pen(Ink.INK, 0.25, (1.2, 0.8))
_SOLID = Pen(Ink.INK, 0.25)
_BETWEEN = Pen(Ink.RULE, 0.15)


def statement_lines(report: EcgReport, room_mm: float, language: Language) -> list[Prose]:
    """The statements, numbered, with what they stand on; a sentence when there is none."""
    if not report.statements:
        return list(wrapped(plain(_no_statement(report, language)), room_mm))
    return [
        line
        for number, one in enumerate(report.statements, 1)
        for line in numbered(number, strong(one.sentence), plain(one.evidence), room_mm)
    ]


def _brief_lines(report: EcgReport, room_mm: float, text_page: int, language: Language) -> list[Prose]:
    """The statements alone: where there is no room for all, evidence goes before a statement does."""
    nothing = plain("")
    lines = [
        line
        for number, one in enumerate(report.statements, 1)
        for line in numbered(number, strong(one.sentence), nothing, room_mm)
    ]
    return [*lines, (plain(words.EVIDENCE_OVERLEAF.said(language, {"page": str(text_page)})),)]


def _no_statement(report: EcgReport, language: Language) -> str:
    return (words.NO_STATEMENT if report.measurements else words.NOT_MEASURED).said(language)


def note_sentences(report: EcgReport, notes: Sequence[str], language: Language) -> list[str]:
    """What the drawing had to say, then the quality of the signal."""
    said = [*other_corrections(report, language), *notes, *report.quality]
    if report.measurements is not None and bazett_misleads(report.measurements):
        said.append(words.BAZETT_NOTE.said(language))
    return said


def _note_lines(report: EcgReport, notes: Sequence[str], room_mm: float, language: Language) -> list[Prose]:
    return [
        line for note in note_sentences(report, notes, language) for line in wrapped(plain(note), room_mm)
    ]


def stated(
    report: EcgReport, notes: Sequence[str], area: Area, text_page: int, language: Language
) -> Iterator[Mark]:
    """Both in their box; what does not fit is on `text_page`."""
    signed = report.reading.state is State.SIGNED
    room = area.width - 2 * _INSIDE_MM
    x, y = area.x + _INSIDE_MM, area.y + 3.4
    yield Rectangle(area.x, area.y, area.width, area.height, pen=_SOLID if signed else _DASHED)
    yield words_at(x, y, words.STATEMENTS.said(language), 3.0, bold=True)
    holds = words.PHYSICIAN_HOLDS if signed else words.NOT_CONFIRMED
    yield from tag(area.right - 1.2, y + 0.3, holds.said(language))
    first = statement_lines(report, room, language)
    second = _note_lines(report, notes, room, language)
    above, below = _shares(len(first), len(second))
    if len(first) > above:
        first = _brief_lines(report, room, text_page, language)
    shown = fitted(first, above, text_page, language).lines
    y += 4.0
    yield from drawn(shown, x, y, room, LINE_MM)
    if second:
        y += len(shown) * LINE_MM
        yield Line(x, y - 2.3, area.right - _INSIDE_MM, y - 2.3, _BETWEEN)
        yield from drawn(fitted(second, below, text_page, language).lines, x, y + 0.9, room, LINE_MM)


def cut_statements(
    report: EcgReport, notes: Sequence[str], area: Area, language: Language
) -> Iterator[Paragraph]:
    """What of both did not fit the box, in full."""
    room = area.width - 2 * _INSIDE_MM
    first = statement_lines(report, room, language)
    second = _note_lines(report, notes, room, language)
    above, below = _shares(len(first), len(second))
    if len(first) > above:
        text = "\n".join(
            f"{number}. {one.sentence} {one.evidence}" for number, one in enumerate(report.statements, 1)
        )
        yield Paragraph(words.STATEMENTS.said(language), text)
    if len(second) > below:
        yield Paragraph(words.NOTES.said(language), "\n".join(note_sentences(report, notes, language)))


def _shares(statements: int, notes: int) -> tuple[int, int]:
    """Lines for each: half of the box, and what the other leaves over."""
    half = _MOST_LINES // 2
    above = max(half, _MOST_LINES - notes)
    return min(statements, above), max(half, _MOST_LINES - min(statements, above))
