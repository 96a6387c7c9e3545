"""Time on a sweep: M-mode, spectral Doppler, a drawn ECG; and the rate that repeats it."""

from collections.abc import Sequence

from ultrasound.measuring.frame import Frame
from ultrasound.measuring.made_of import check_positive, check_unit, made_of
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.placed import MS_PER_S, Tool, measure
from ultrasound.measuring.points import Point, check_points
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.unit import Unit
from ultrasound.regions import PhysicalUnit, Region

_LEAST_PX = 0.1
_MS_PER_MIN = 60 * MS_PER_S


def is_sweep(region: Region) -> bool:
    """Whether columns are time."""
    return region.unit_x is PhysicalUnit.SECONDS


def _between(points: Sequence[Point]) -> float:
    return abs(points[1][0] - points[0][0])


_TIME = Tool(_between, Unit.MS, is_sweep, bare=Unit.PX)


def check_columns_apart(one: Point, two: Point) -> None:
    """Refuse two points of the same instant."""
    if abs(two[0] - one[0]) < _LEAST_PX:
        raise Refusal(
            RefusalCode.NO_TIME_BETWEEN, f"both points are in column {one[0]:g}; no time lies between them"
        )


def interval(frame: Frame, points: Sequence[Point]) -> Measured:
    """Milliseconds (pixels, uncalibrated) from one point to the other, by their columns."""
    check_points(frame, points, 2, 2)
    check_columns_apart(*points)
    return measure(_TIME, frame, points)


def heart_rate(time: Measured, beats: int = 1) -> Measured:
    """Beats a minute, when so many fill an interval."""
    check_unit(Unit.MS, time)
    check_positive(time)
    if beats < 1:
        raise Refusal(RefusalCode.NOT_POSITIVE, f"{beats} beats; at least 1 is needed")
    return made_of(lambda ms: beats * _MS_PER_MIN / ms, Unit.PER_MIN, (time,))
