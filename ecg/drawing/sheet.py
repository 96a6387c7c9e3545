"""The places of a report's page, in millimetres, and the few ways in which words stand on it.

A4 landscape: ten seconds at 25 mm/s take 250 mm, the calibration step before them 15, so that a trace begins
on a line of 5 mm. The lowest words end 5 mm above the edge, where the usual printer can still print.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ecg.drawing.draw_list import Anchor, Ink, Line, Mark, Pen, Rectangle, Text
from ecg.drawing.paper import Area
from ecg.drawing.text_width import printable, width_mm

LEFT = 16.0
WIDTH = 265.0
RIGHT = LEFT + WIDTH
CALIBRATION_MM = 15.0
TRACES_MM = WIDTH - CALIBRATION_MM

SUMMARY = Area(LEFT, 31.9, WIDTH, 33.6)
"""Measurements, statements and the median beat."""
GRID = Area(LEFT, 66.5, WIDTH, 110.0)
TALL_GRID = Area(LEFT, 31.5, WIDTH, 145.0)
"""Where there are many rows, the summary has a page of its own."""
RHYTHM_GRID = Area(LEFT, 22.5, WIDTH, 170.0)
TECHNICAL_Y = 180.3
RHYTHM_TECHNICAL_Y = 196.4
SIGNING = Area(LEFT, 182.4, WIDTH, 14.6)
FOOT_Y = 201.0

BODY_MM = 2.8
LINE_MM = 3.4

PERSON_RULES_Y = (17.2, 30.6)
"""Above and below whose ECG it is."""

RULE = Pen(Ink.INK, 0.35)
THIN = Pen(Ink.INK, 0.25)
HAIR = Pen(Ink.HAIR, 0.15)


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look within a line."""

    words: str
    bold: bool = False
    ink: Ink = Ink.INK


def plain(words: str) -> Run:
    """Words that explain others."""
    return Run(words, ink=Ink.MUTED)


def strong(words: str) -> Run:
    """Words to be read first."""
    return Run(words, bold=True)


def run_line(
    x: float, y: float, runs: Sequence[Run], room_mm: float, size_mm: float = BODY_MM
) -> Iterator[Mark]:
    """Runs one after the other, 1.6 mm apart; what does not fit is narrowed, all by the same share."""
    shown = [run for run in runs if printable(run.words)]
    apart = 1.6
    widths = [width_mm(printable(run.words), size_mm) for run in shown]
    needed = sum(widths) + apart * max(len(shown) - 1, 0)
    share = min(room_mm / needed, 1.0) if needed else 1.0
    for run, wide in zip(shown, widths, strict=True):
        yield words_at(x, y, run.words, size_mm, run.ink, run.bold, room_mm=wide * share)
        x += (wide + apart) * share


def words_at(
    x: float,
    y: float,
    words: str,
    size_mm: float = BODY_MM,
    ink: Ink = Ink.INK,
    bold: bool = False,
    anchor: Anchor = Anchor.START,
    room_mm: float | None = None,
) -> Text:
    """One line of printable words."""
    return Text(x, y, printable(words), size_mm, ink, bold, anchor, room_mm)


def tag(right: float, y: float, words: str) -> Iterator[Mark]:
    """Words in a frame that ends at `right`, on the line with its baseline at `y`."""
    wide = width_mm(words, 2.6) + 2.4
    yield Rectangle(right - wide, y - 2.9, wide, 3.9, pen=THIN)
    yield words_at(right - wide / 2, y, words, 2.6, bold=True, anchor=Anchor.MIDDLE)


def rule(y: float, pen: Pen = RULE) -> Line:
    """A line across the page."""
    return Line(LEFT, y, RIGHT, y, pen)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words under a title, of any length, for the page that holds what did not fit elsewhere."""

    title: str
    text: str
