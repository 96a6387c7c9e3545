"""ECG paper: speed and gain, the grid, the calibration step.

AHA/ACC/HRS 2007 part I and IEC 60601-2-25: a grid of 1 and 5 mm, 25 (12.5, 50) mm/s, 10 (2.5, 5, 20) mm/mV,
and a step of 1 mV for 200 ms before every row.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.drawing.draw_list import Ink, Layer, Line, Mark, Pen, Polyline, Rectangle
from ecg.errors import SignalError

SPEEDS_MM_S = (12.5, 25.0, 50.0)
GAINS_MM_MV = (2.5, 5.0, 10.0, 20.0)

MAJOR_MM = 5
CALIBRATION_MV = 1.0
CALIBRATION_S = 0.2

TRACE = Pen(Ink.INK, 0.28)
_MINOR = Pen(Ink.MINOR, 0.1)
_MAJOR = Pen(Ink.MAJOR, 0.2)
_FRAME = Pen(Ink.INK, 0.2)


@dataclass(frozen=True, slots=True)
class Scale:
    """How samples become millimetres, the same for all leads; SignalError for a scale that no paper has."""

    speed_mm_s: float = 25.0
    gain_mm_mv: float = 10.0

    def __post_init__(self) -> None:
        if self.speed_mm_s not in SPEEDS_MM_S:
            raise SignalError(f"{self.speed_mm_s} mm/s; possible are {', '.join(map(str, SPEEDS_MM_S))}")
        if self.gain_mm_mv not in GAINS_MM_MV:
            raise SignalError(f"{self.gain_mm_mv} mm/mV; possible are {', '.join(map(str, GAINS_MM_MV))}")

    def across_mm(self, seconds: float) -> float:
        """The length of a time."""
        return seconds * self.speed_mm_s

    def seconds(self, across_mm: float) -> float:
        """The time that a length holds."""
        return across_mm / self.speed_mm_s

    def up_mm(self, uv: NDArray[np.float64]) -> NDArray[np.float64]:
        """The heights of voltages above 0."""
        return uv * (self.gain_mm_mv / 1000)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the page, in millimetres."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.height


def grid(area: Area) -> Iterator[Mark]:
    """Paper with lines of 1 and 5 mm, counted from the area's upper left corner, and its frame."""
    yield Rectangle(area.x, area.y, area.width, area.height, fill=Ink.PAPER, layer=Layer.GRID)
    for pen, wanted in ((_MINOR, False), (_MAJOR, True)):
        for at in range(int(area.width) + 1):
            if (at % MAJOR_MM == 0) is wanted:
                yield Line(area.x + at, area.y, area.x + at, area.bottom, pen, Layer.GRID)
        for at in range(int(area.height) + 1):
            if (at % MAJOR_MM == 0) is wanted:
                yield Line(area.x, area.y + at, area.right, area.y + at, pen, Layer.GRID)
    yield Rectangle(area.x, area.y, area.width, area.height, pen=_FRAME, layer=Layer.TRACE)


def calibration_step(x: float, baseline: float, scale: Scale) -> Polyline:
    """The step of 1 mV for 200 ms, with feet of 1.5 mm."""
    high = baseline - CALIBRATION_MV * scale.gain_mm_mv
    wide = scale.across_mm(CALIBRATION_S)
    foot = 1.5
    return Polyline(
        np.array(
            [
                (x - foot, baseline),
                (x, baseline),
                (x, high),
                (x + wide, high),
                (x + wide, baseline),
                (x + wide + foot, baseline),
            ]
        ),
        TRACE,
    )
