"""A ventricle in one view: its contour from one side of the valve ring past the apex to the other side."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ultrasound.measuring.frame import Frame
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.outline import check_outline, enclosed
from ultrasound.measuring.placed import Tool, measure
from ultrasound.measuring.points import Point, check_points
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.unit import Unit

DISCS = 20
LEAST_POINTS = 6
"""Fewer draw a triangle or a box, not a ventricle; our own choice."""
MOST_POINTS = 128
"""More are no longer clicked by a hand; each is moved four times to tell the doubt."""


@dataclass(frozen=True, slots=True)
class Discs:
    """A contour cut across its long axis, which runs from the middle of the ring to the furthest point."""

    length: float
    across: tuple[float, ...]


def check_contour(frame: Frame, points: Sequence[Point]) -> None:
    """Refuse what is no outline, or has too few points for a ventricle."""
    check_points(frame, points, LEAST_POINTS, MOST_POINTS)
    check_outline(frame, points)


def discs_of(contour: Sequence[Point]) -> Discs:
    """Cut a contour into twenty discs (Lang 2015, J. Am. Soc. Echocardiogr. 28:1, section 2)."""
    first, last = contour[0], contour[-1]
    ring = ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
    apex = max(contour, key=lambda point: math.dist(ring, point))
    length = math.dist(ring, apex)
    along = ((apex[0] - ring[0]) / length, (apex[1] - ring[1]) / length)
    # Down the axis and aside from it, from the middle of the ring.
    turned = [
        (
            (x - ring[0]) * along[0] + (y - ring[1]) * along[1],
            (y - ring[1]) * along[0] - (x - ring[0]) * along[1],
        )
        for x, y in contour
    ]
    return Discs(length, _widths(turned, length))


def _widths(turned: Sequence[Point], length: float) -> tuple[float, ...]:
    """How wide the closed contour is at the middle of each disc; every edge is asked once what it crosses."""
    sides: list[list[float]] = [[] for _ in range(DISCS)]
    for (down, aside), (next_down, next_aside) in zip(turned, [*turned[1:], turned[0]], strict=True):
        low, high = min(down, next_down), max(down, next_down)
        for k in range(max(0, math.floor(low / length * DISCS - 1)), DISCS):
            at = (k + 0.5) * length / DISCS
            if at >= high:
                break
            if at >= low:
                part = (at - down) / (next_down - down)
                sides[k].append(aside + part * (next_aside - aside))
    for met in sides:
        if len(met) != 2:
            raise Refusal(
                RefusalCode.CONTOUR_FOLDED,
                f"the contour is met {len(met)} times by a disc; every disc meets it on two sides",
            )
    return tuple(abs(one - other) for one, other in sides)


def _area(contour: Sequence[Point]) -> float:
    discs_of(contour)  # what no disc can cut is no ventricle
    return enclosed(contour)


def _length(contour: Sequence[Point]) -> float:
    return discs_of(contour).length


_AREA = Tool(_area, Unit.MM2, bare=Unit.PX2)
_LENGTH = Tool(_length, Unit.MM, bare=Unit.PX)


def chamber_area(frame: Frame, points: Sequence[Point]) -> Measured:
    """Square millimetres (pixels, uncalibrated) within a contour that the ring closes."""
    check_contour(frame, points)
    return measure(_AREA, frame, points, [*points, points[0]])


def chamber_length(frame: Frame, points: Sequence[Point]) -> Measured:
    """Millimetres (pixels, uncalibrated) from the middle of the ring to the furthest point."""
    check_contour(frame, points)
    return measure(_LENGTH, frame, points, [*points, points[0]])
