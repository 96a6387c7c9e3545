"""Lengths: between two points, along a path."""

import math
from collections.abc import Sequence

from ultrasound.measuring.frame import Frame
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.placed import Tool, measure
from ultrasound.measuring.points import MAX_POINTS, Point, check_apart, check_points
from ultrasound.measuring.unit import Unit


def along(points: Sequence[Point]) -> float:
    """The length of the line through some points."""
    return sum(math.dist(one, other) for one, other in zip(points, points[1:], strict=False))


_LENGTH = Tool(along, Unit.MM, bare=Unit.PX)


def distance(frame: Frame, points: Sequence[Point]) -> Measured:
    """Millimetres (pixels, uncalibrated) between two points; both directions with their own delta."""
    check_points(frame, points, 2, 2)
    check_apart(points)
    return measure(_LENGTH, frame, points)


def path(frame: Frame, points: Sequence[Point]) -> Measured:
    """Millimetres (pixels, uncalibrated) along a line of two points or more."""
    check_points(frame, points, 2, MAX_POINTS)
    check_apart(points)
    return measure(_LENGTH, frame, points)
