"""How far a measurement may be off: its points by a pixel each, and its scale."""

import math
from collections.abc import Callable, Sequence

from ultrasound.measuring.points import Point

OFF_PX = 1.0
"""How far a point may be off: a hand, or the edge of a pixel."""
_STEP_PX = 0.01


def of_points(value_at: Callable[[Sequence[Point]], float], points: Sequence[Point]) -> float:
    """The most a value changes, to first order, when each point is off by `OFF_PX` the worst way."""
    moved = list(points)
    total = 0.0
    for k, (x_px, y_px) in enumerate(points):
        slopes = []
        for dx_px, dy_px in ((_STEP_PX, 0.0), (0.0, _STEP_PX)):
            moved[k] = (x_px + dx_px, y_px + dy_px)
            after = value_at(moved)
            moved[k] = (x_px - dx_px, y_px - dy_px)
            slopes.append((after - value_at(moved)) / (2 * _STEP_PX))
        moved[k] = (x_px, y_px)
        total += math.hypot(*slopes) * OFF_PX
    return total


def of_values(value_of: Callable[..., float], values: Sequence[float], off: Sequence[float]) -> float:
    """The most a value changes, to first order, when every one it is made of is as far off as it may be."""
    total = 0.0
    for k, one_off in enumerate(off):
        if one_off:
            step = one_off * 1e-3
            after, before = ([*values[:k], values[k] + d, *values[k + 1 :]] for d in (step, -step))
            total += abs(value_of(*after) - value_of(*before)) / (2 * step) * one_off
    return total
