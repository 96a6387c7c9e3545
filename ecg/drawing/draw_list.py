"""What stands on a page, in millimetres from its upper left corner: the one source of SVG and PDF.

A writer decides nothing: it paints the layers in their order and the marks of a layer in theirs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ecg.errors import SignalError

A4_LANDSCAPE_MM = (297.0, 210.0)


class Layer(StrEnum):
    """What lies on what: paper and grid at the bottom, then traces, then words."""

    GRID = "grid"
    TRACE = "trace"
    TEXT = "text"


class Ink(StrEnum):
    """The colours of a report. Red fills alarms only, and a report has none; the grid's red is a line."""

    INK = "#14232d"
    MUTED = "#465660"
    RULE = "#9aa9b2"
    HAIR = "#d3dce2"
    WASH = "#f3f6f8"
    WHITE = "#ffffff"
    PAPER = "#fff7f5"
    MINOR = "#f5d3cd"
    MAJOR = "#e59f95"
    EARLIER = "#0a6570"
    LOOSE = "#fff3c4"
    HOLE = "#e3e8eb"
    HATCH = "#7d909b"


class Anchor(StrEnum):
    """Which point of a text lies at its x."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Pen:
    """How a line is drawn; `dash_mm`: lengths of strokes and spaces in turn, empty for a solid line."""

    ink: Ink = Ink.INK
    width_mm: float = 0.25
    dash_mm: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    pen: Pen = Pen()
    layer: Layer = Layer.TEXT


@dataclass(frozen=True, slots=True, eq=False)
class Polyline:
    """A line through `points`, (n, 2) with n of 2 or more; SignalError for anything else."""

    points: NDArray[np.float64]
    pen: Pen = Pen()
    layer: Layer = Layer.TRACE

    def __post_init__(self) -> None:
        if self.points.ndim != 2 or self.points.shape[1] != 2 or len(self.points) < 2:
            raise SignalError(f"points of shape {self.points.shape}; (2 or more, 2) is right")
        if not np.isfinite(self.points).all():
            raise SignalError("a point that is no number; a missing sample has no point")


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle, filled or framed or both."""

    x: float
    y: float
    width: float
    height: float
    fill: Ink | None = None
    pen: Pen | None = None
    layer: Layer = Layer.TEXT


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words with its baseline at `y`, in letters of `size_mm`.

    `fit_mm`: the room there is; a writer narrows what would be wider, and never cuts it.
    """

    x: float
    y: float
    words: str
    size_mm: float = 2.8
    ink: Ink = Ink.INK
    bold: bool = False
    anchor: Anchor = Anchor.START
    fit_mm: float | None = None
    layer: Layer = Layer.TEXT


Mark = Line | Polyline | Rectangle | Text


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page."""

    marks: tuple[Mark, ...]
    width_mm: float = A4_LANDSCAPE_MM[0]
    height_mm: float = A4_LANDSCAPE_MM[1]

    def painted(self) -> Iterator[Mark]:
        """The marks in the order they are painted."""
        for layer in Layer:
            yield from (mark for mark in self.marks if mark.layer is layer)

    def of_layer(self, layer: Layer) -> Iterator[Mark]:
        """The marks of one layer, in their order."""
        return (mark for mark in self.marks if mark.layer is layer)

    def texts(self) -> tuple[str, ...]:
        """Every line of words on the page."""
        return tuple(mark.words for mark in self.marks if isinstance(mark, Text))


@dataclass(frozen=True, slots=True, eq=False)
class DrawList:
    """Pages in order. `title` goes into a file's properties and names no person; `language`: a BCP 47 tag."""

    pages: tuple[Page, ...]
    title: str
    language: str


def page_of(marks: Iterable[Mark]) -> Page:
    """An A4 page, landscape, of these marks."""
    return Page(tuple(marks))
