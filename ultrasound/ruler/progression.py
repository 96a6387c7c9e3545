"""Evenly spaced rows among others."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_TICKS = 5
_OFF_PX = 0.85
"""A tick is drawn on whole rows: half a pixel off, and its middle another part of one."""
_STEP_OFF_PX = 2.2
"""From the step before: both of its ends and the next one are on whole rows."""
_STEP_OFF = 0.3
_MOST_MISSING = 0.2


@dataclass(frozen=True, slots=True)
class Progression:
    """Row `first_px` + k * `spacing_px`, for slots k."""

    first_px: float
    spacing_px: float
    marks: NDArray[np.int64]
    """Indices of the marks that stand in its slots."""
    slots: NDArray[np.int64]
    """The slot of each of them, from 0."""

    @property
    def span_px(self) -> float:
        """From the first tick to the last."""
        return float(self.slots[-1]) * self.spacing_px


def find_progression(rows: NDArray[np.float64], least_px: float) -> Progression | None:
    """The longest run of evenly spaced rows, of at least `LEAST_TICKS`, or None.

    `rows` ascend. One slot in five may be empty, never two side by side.
    """
    at_px = rows.tolist()
    best: Progression | None = None
    for start in range(len(at_px) - LEAST_TICKS + 1):
        for second in range(start + 1, min(start + 4, len(at_px))):
            step_px = at_px[second] - at_px[start]
            if step_px < least_px or (at_px[-1] - at_px[start]) / step_px < LEAST_TICKS - 1.5:
                continue
            marks, slots = _follow(at_px, start, step_px)
            enough = LEAST_TICKS if best is None else best.slots.size + 1
            if len(marks) >= enough and len(marks) >= (1 - _MOST_MISSING) * (slots[-1] + 1):
                best = _fitted(rows, np.array(marks), np.array(slots)) or best
    return best


def _follow(at_px: list[float], start: int, step_px: float) -> tuple[list[int], list[int]]:
    """Marks and slots met going down from one mark, a step at a time."""
    marks, slots, last = [start], [0], start
    while True:
        off_px = min(_STEP_OFF_PX, _STEP_OFF * step_px)
        for ahead in (1, 2):
            nearest = _nearest(at_px, at_px[last] + ahead * step_px, last)
            if nearest > last and abs(at_px[nearest] - at_px[last] - ahead * step_px) <= off_px:
                break
        else:
            return marks, slots
        marks.append(nearest)
        slots.append(slots[-1] + ahead)
        last = nearest
        step_px = (at_px[last] - at_px[start]) / slots[-1]


def _nearest(at_px: list[float], row_px: float, after: int) -> int:
    """The mark nearest to a row, among one mark and those below it."""
    below = bisect_left(at_px, row_px, after)
    if below == len(at_px):
        return below - 1
    return below - 1 if below > after and row_px - at_px[below - 1] < at_px[below] - row_px else below


def _fitted(
    rows: NDArray[np.float64], marks: NDArray[np.int64], slots: NDArray[np.int64]
) -> Progression | None:
    """The least-squares line through what was met, when all of it lies on that line."""
    spacing_px, first_px = np.polyfit(slots, rows[marks], 1)
    if np.abs(rows[marks] - first_px - spacing_px * slots).max() > _OFF_PX:
        return None
    return Progression(float(first_px), float(spacing_px), marks, slots)
