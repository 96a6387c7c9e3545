"""A draw list as PDF 1.4: true millimetres, letters embedded as a subset, words that can be searched.

The same draw list with the same font gives the same bytes: no time, no random identifier. The title is the
draw list's, which names no person. Viewers are asked not to scale when they print.
"""

import io
import threading
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from ecg.drawing.draw_list import Anchor, DrawList, Line, Mark, Page, Pen, Polyline, Rectangle, Text
from records.documents.errors import GlyphMissing
from records.documents.fonts import DocumentFont, open_font
from records.documents.usual_font import USUAL_FONT

rl_config.useA85 = 0  # type: ignore[attr-defined]
"""Streams as bytes: as text they take a quarter more room and half of the time of writing."""

POINTS_PER_MM = 72 / 25.4

_BOLDER = 0.035
"""Of the letters' size: the outline that makes bold of a font that has no bold."""

_ROUND_JOIN = 1
_FILL, _FILL_AND_OUTLINE = 0, 2

_writing = threading.Lock()
"""The library keeps the letters of a document in the font: one document at a time."""


def write_pdf(document: DrawList, font: Path = USUAL_FONT) -> bytes:
    """The pages as one PDF; raises FontMissing, FontUnusable, or GlyphMissing with the letter."""
    opened = open_font(font)
    for letter in _letters(document):
        if not opened.has(letter):
            raise GlyphMissing(letter, opened.name)
    with _writing:
        return _written(document, opened)


def _letters(document: DrawList) -> Iterator[str]:
    seen = {letter for page in document.pages for words in page.texts() for letter in words}
    return iter(sorted(seen))


def _written(document: DrawList, font: DocumentFont) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(
        target,
        pageCompression=1,
        invariant=1,
        pdfVersion=(1, 4),
        initialFontName=font.registered,
        lang=document.language,
    )
    canvas.setTitle(document.title)
    canvas.setAuthor("Cloud Clinic")
    canvas.setCreator("Cloud Clinic")
    canvas.setSubject("ECG")
    canvas.setViewerPreference("PrintScaling", "None")
    for page in document.pages:
        canvas.setPageSize((page.width_mm * POINTS_PER_MM, page.height_mm * POINTS_PER_MM))
        canvas.scale(POINTS_PER_MM, POINTS_PER_MM)
        canvas.setLineJoin(_ROUND_JOIN)
        _Brush(canvas, font, page.height_mm).paint(page)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


class _Brush:
    """Paints marks on a canvas whose unit is the millimetre, counted from below as PDF does."""

    def __init__(self, canvas: Canvas, font: DocumentFont, height_mm: float) -> None:
        self._canvas, self._font, self._height = canvas, font, height_mm

    def paint(self, page: Page) -> None:
        for pen, marks in groupby(page.painted(), key=_pen):
            if pen is not None:
                self._lines(pen, marks)
                continue
            for mark in marks:
                if isinstance(mark, Rectangle):
                    self._rectangle(mark)
                elif isinstance(mark, Text):
                    self._text(mark)

    def _lines(self, pen: Pen, marks: Iterator[Mark]) -> None:
        # Operators written here: the library's path objects take ten times as long over a trace.
        self._take(pen)
        self._canvas.addLiteral(" ".join(map(self._path, marks)) + " S")

    def _path(self, mark: Mark) -> str:
        start, *others = (f"{x:.3f} {self._height - y:.3f}" for x, y in _points(mark))
        return " ".join([f"{start} m", *(f"{place} l" for place in others)])

    def _rectangle(self, mark: Rectangle) -> None:
        if mark.fill is not None:
            self._canvas.setFillColor(mark.fill.value)
        if mark.pen is not None:
            self._take(mark.pen)
        self._canvas.rect(
            mark.x,
            self._height - mark.y - mark.height,
            mark.width,
            mark.height,
            stroke=int(mark.pen is not None),
            fill=int(mark.fill is not None),
        )

    def _text(self, mark: Text) -> None:
        if not mark.words:
            return
        natural = self._font.width(mark.words, mark.size_mm)
        share = min(mark.fit_mm / natural, 1.0) if mark.fit_mm is not None and natural else 1.0
        left = mark.x - natural * share * _SHARE_BEFORE[mark.anchor]
        text = self._canvas.beginText(left, self._height - mark.y)
        text.setFont(self._font.registered, mark.size_mm)
        text.setFillColor(mark.ink.value)
        text.setHorizScale(100 * share)
        if mark.bold:
            text.setStrokeColor(mark.ink.value)
            self._canvas.setDash()
            self._canvas.setLineWidth(mark.size_mm * _BOLDER)
        text.setTextRenderMode(_FILL_AND_OUTLINE if mark.bold else _FILL)
        text.textOut(mark.words)
        text.setTextRenderMode(_FILL)  # both outlive the text, and the library forgets them with it
        text.setHorizScale(100)
        self._canvas.drawText(text)

    def _take(self, pen: Pen) -> None:
        self._canvas.setStrokeColor(pen.ink.value)
        self._canvas.setLineWidth(pen.width_mm)
        self._canvas.setDash(list(pen.dash_mm))


_SHARE_BEFORE = {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}


def _pen(mark: Mark) -> Pen | None:
    """The pen of lines, which are painted together; None for all else."""
    return mark.pen if isinstance(mark, Line | Polyline) else None


def _points(mark: Mark) -> Iterator[tuple[float, float]]:
    if isinstance(mark, Line):
        yield mark.x1, mark.y1
        yield mark.x2, mark.y2
    elif isinstance(mark, Polyline):
        yield from mark.points.tolist()
