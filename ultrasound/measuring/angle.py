"""The angle between two arms."""

import math
from collections.abc import Sequence

from ultrasound.measuring.frame import Frame
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.placed import Tool, measure
from ultrasound.measuring.points import Point, check_apart, check_points
from ultrasound.measuring.unit import Unit


def between_arms(points: Sequence[Point]) -> float:
    """Degrees at the second of three points, 0 to 180."""
    arm, corner, other = points
    one = (arm[0] - corner[0], arm[1] - corner[1])
    two = (other[0] - corner[0], other[1] - corner[1])
    cross, dot = one[0] * two[1] - one[1] * two[0], one[0] * two[0] + one[1] * two[1]
    return math.degrees(math.atan2(abs(cross), dot))


_ANGLE = Tool(between_arms, Unit.DEG, bare=Unit.DEG)


def angle(frame: Frame, points: Sequence[Point]) -> Measured:
    """Degrees at the second of three points, between physical arms.

    Without a scale it is the angle on the screen, and uncalibrated: pixels need not be square.
    """
    check_points(frame, points, 3, 3)
    check_apart(points)
    return measure(_ANGLE, frame, points)
