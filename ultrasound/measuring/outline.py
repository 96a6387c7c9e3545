"""A closed outline: area and circumference of a polygon."""

from collections.abc import Sequence

from ultrasound.measuring.frame import Frame
from ultrasound.measuring.length import along
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.placed import Tool, measure
from ultrasound.measuring.points import MAX_POINTS, Point, check_apart, check_points
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.unit import Unit

_LEAST_AREA_PX2 = 1.0


def enclosed(points: Sequence[Point]) -> float:
    """The area within an outline (the shoelace formula; Meister 1769)."""
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(one[0] * two[1] - two[0] * one[1] for one, two in pairs)) / 2


def around(points: Sequence[Point]) -> float:
    """The length once around."""
    return along([*points, points[0]])


_AREA = Tool(enclosed, Unit.MM2, bare=Unit.PX2)
_AROUND = Tool(around, Unit.MM, bare=Unit.PX)


def area(frame: Frame, points: Sequence[Point]) -> Measured:
    """Square millimetres (pixels, uncalibrated) within an outline of three points or more."""
    return measure(_AREA, frame, points, _closed(frame, points))


def circumference(frame: Frame, points: Sequence[Point]) -> Measured:
    """Millimetres (pixels, uncalibrated) once around an outline of three points or more."""
    return measure(_AROUND, frame, points, _closed(frame, points))


def _closed(frame: Frame, points: Sequence[Point]) -> list[Point]:
    check_outline(frame, points)
    return [*points, points[0]]


def check_outline(frame: Frame, points: Sequence[Point]) -> None:
    """Refuse an outline that crosses itself: its area would be the difference of two."""
    check_points(frame, points, 3, MAX_POINTS)
    check_apart([*points, points[0]])
    count = len(points)
    for first in range(count):
        for second in range(first + 1, count):
            if _edges_meet(points, first, second):
                raise Refusal(
                    RefusalCode.SELF_CROSSING,
                    f"edges {first + 1} and {second + 1} meet; an outline never crosses itself",
                )
    if enclosed(points) < _LEAST_AREA_PX2:
        raise Refusal(
            RefusalCode.FLAT_OUTLINE,
            f"the outline encloses {enclosed(points):.2g} px2; at least {_LEAST_AREA_PX2:g} is measured",
        )


def _edges_meet(points: Sequence[Point], first: int, second: int) -> bool:
    count = len(points)
    a, b = points[first], points[(first + 1) % count]
    c, d = points[second], points[(second + 1) % count]
    if second == first + 1:
        return count > 3 and _folds_back(a, b, d)
    if (second + 1) % count == first:
        return count > 3 and _folds_back(c, a, b)
    return segments_meet(a, b, c, d)


def _turn(a: Point, b: Point, c: Point) -> float:
    """Twice the area of a triangle; its sign tells the way around."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _folds_back(a: Point, b: Point, c: Point) -> bool:
    """Whether the way from b to c lies on the way from a to b."""
    back = (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1])
    return _turn(a, b, c) == 0 and back > 0


def segments_meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the stretch a-b and the stretch c-d share a point."""
    turns = (_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b))
    if all(turn != 0 for turn in turns):
        return (turns[0] > 0) != (turns[1] > 0) and (turns[2] > 0) != (turns[3] > 0)
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _between(*end) for turn, end in zip(turns, ends, strict=True))


def _between(a: Point, b: Point, point: Point) -> bool:
    """Whether a point of the straight line through a and b lies between them."""
    inside_x = min(a[0], b[0]) <= point[0] <= max(a[0], b[0])
    return inside_x and min(a[1], b[1]) <= point[1] <= max(a[1], b[1])
