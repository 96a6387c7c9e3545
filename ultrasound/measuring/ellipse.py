"""An ellipse by its two axes: area and circumference, as of a head or an abdomen.

The axes a hand lays stand only about at right angles, and where pixels are wider than high, those that stand
so on the screen do not in the body. What is drawn is the one ellipse of which both are diameters, each
halving the chords along the other (conjugate, Apollonius); what is told is that ellipse's.
"""

import math
from collections.abc import Sequence

from ultrasound.measuring.angle import between_arms
from ultrasound.measuring.frame import Frame
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.placed import Tool, measure
from ultrasound.measuring.points import Point, check_apart, check_points
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.unit import Unit

_LEAST_DEG = 60.0
"""Between the axes, on the screen: further from a right angle, they are not those of one ellipse."""
_DRAWN = 32


def _of_semi_axes(points: Sequence[Point]) -> tuple[float, float]:
    """Of the ellipse's semi-axes a and b: a^2 + b^2 and a b, which all its conjugate half diameters share."""
    first, first_end, second, second_end = points
    (one_x, one_y), (two_x, two_y) = (
        ((end[0] - start[0]) / 2, (end[1] - start[1]) / 2)
        for start, end in ((first, first_end), (second, second_end))
    )
    squares = one_x * one_x + one_y * one_y + two_x * two_x + two_y * two_y
    return squares, abs(one_x * two_y - one_y * two_x)


def _enclosed(points: Sequence[Point]) -> float:
    _, product = _of_semi_axes(points)
    return math.pi * product


def _around(points: Sequence[Point]) -> float:
    squares, product = _of_semi_axes(points)
    sum_of_both = math.sqrt(squares + 2 * product)
    return math.pi * (3 * sum_of_both - math.sqrt(3 * squares + 10 * product))


_AREA = Tool(_enclosed, Unit.MM2, bare=Unit.PX2)
_AROUND = Tool(_around, Unit.MM, bare=Unit.PX)


def ellipse_area(frame: Frame, points: Sequence[Point]) -> Measured:
    """Square millimetres (pixels, uncalibrated); the points are the ends of one axis, then of the other."""
    return measure(_AREA, frame, points, _drawn(frame, points))


def ellipse_circumference(frame: Frame, points: Sequence[Point]) -> Measured:
    """Millimetres (pixels, uncalibrated) around an ellipse, by its axes as in `ellipse_area`.

    Ramanujan 1914, Q. J. Math. 45, the first formula, pi (3 (a + b) - sqrt((3 a + b)(a + 3 b))): within 0.5 %
    of any ellipse.
    """
    return measure(_AROUND, frame, points, _drawn(frame, points))


def _drawn(frame: Frame, points: Sequence[Point]) -> list[Point]:
    """The ellipse as it stands on the screen, closed, with the ends of its axes: all of it has one scale."""
    check_points(frame, points, 4, 4)
    check_apart(points[:2])
    check_apart(points[2:])
    first, first_end, second, second_end = points
    turned = (second_end[0] - second[0] + first[0], second_end[1] - second[1] + first[1])
    across_deg = between_arms([first_end, first, turned])
    if not _LEAST_DEG <= across_deg <= 180 - _LEAST_DEG:
        raise Refusal(
            RefusalCode.AXES_NOT_ACROSS,
            f"the axes meet at {across_deg:.0f} degrees; axes of an ellipse stand about at right angles",
        )
    centre = (sum(x for x, _ in points) / 4, sum(y for _, y in points) / 4)
    one = ((first_end[0] - first[0]) / 2, (first_end[1] - first[1]) / 2)
    two = ((second_end[0] - second[0]) / 2, (second_end[1] - second[1]) / 2)
    turns = [2 * math.pi * k / _DRAWN for k in range(_DRAWN + 1)]
    drawn = [
        (
            centre[0] + one[0] * math.cos(turn) + two[0] * math.sin(turn),
            centre[1] + one[1] * math.cos(turn) + two[1] * math.sin(turn),
        )
        for turn in turns
    ]
    return [*points, *drawn]
