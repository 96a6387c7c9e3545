"""Pages of words: what did not fit the first page, and addenda, in full."""

from collections.abc import Iterator, Sequence

from ecg.drawing import words
from ecg.drawing.draw_list import Ink, Mark
from ecg.drawing.head import short_head
from ecg.drawing.report import EcgReport
from ecg.drawing.sheet import LEFT, WIDTH, Paragraph, words_at
from ecg.drawing.text_width import lines_of
from ecg.words import Language

_TOP_Y = 26.0
_BOTTOM_Y = 193.0
_TITLE_MM = 3.4
_TEXT_MM = 3.2
_LINE_MM = 4.6


def text_pages(
    report: EcgReport, paragraphs: Sequence[Paragraph], language: Language
) -> Iterator[list[Mark]]:
    """As many pages as the paragraphs take; none for none."""
    lines = [line for paragraph in paragraphs for line in _lines(paragraph)]
    a_page = int((_BOTTOM_Y - _TOP_Y) / _LINE_MM)
    for first in range(0, len(lines), a_page):
        marks = list(short_head(report, words.TEXT_PAGE.said(language), language))
        for k, (line, is_title) in enumerate(lines[first : first + a_page]):
            size = _TITLE_MM if is_title else _TEXT_MM
            marks.append(words_at(LEFT, _TOP_Y + k * _LINE_MM, line, size, Ink.INK, is_title, room_mm=WIDTH))
        yield marks


def _lines(paragraph: Paragraph) -> Iterator[tuple[str, bool]]:
    """The lines of a paragraph, each with whether it is the title; an empty one behind."""
    yield paragraph.title, True
    for line in lines_of(paragraph.text, _TEXT_MM, WIDTH):
        yield line, False
    yield "", False
