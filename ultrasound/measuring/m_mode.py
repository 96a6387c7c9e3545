"""M-mode: depth down, time across."""

from collections.abc import Sequence

from ultrasound.measuring.frame import Frame
from ultrasound.measuring.interval import check_columns_apart
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.placed import MS_PER_S, Tool, measure
from ultrasound.measuring.points import Point, check_apart, check_points
from ultrasound.measuring.unit import Unit
from ultrasound.regions import PhysicalUnit, Region, SpatialFormat


def is_m_mode(region: Region) -> bool:
    """Whether columns are time and rows depth."""
    units = (region.unit_x, region.unit_y)
    return region.spatial_format is SpatialFormat.M_MODE and units == (
        PhysicalUnit.SECONDS,
        PhysicalUnit.CM,
    )


def _down(points: Sequence[Point]) -> float:
    return abs(points[1][1] - points[0][1])


def _slope(points: Sequence[Point]) -> float:
    (from_ms, from_mm), (to_ms, to_mm) = points
    return abs((to_mm - from_mm) / (to_ms - from_ms)) * MS_PER_S


_DEPTH = Tool(_down, Unit.MM, is_m_mode, bare=Unit.PX)
_SLOPE = Tool(_slope, Unit.MM_PER_S, is_m_mode)


def depth_difference(frame: Frame, points: Sequence[Point]) -> Measured:
    """Millimetres (pixels, uncalibrated) from one depth to the other, whenever they were, as of a wall."""
    check_points(frame, points, 2, 2)
    check_apart(points)
    return measure(_DEPTH, frame, points)


def slope(frame: Frame, points: Sequence[Point]) -> Measured:
    """Millimetres a second between two points, without its sign, as of the mitral leaflet from E to F."""
    check_points(frame, points, 2, 2)
    check_columns_apart(*points)
    return measure(_SLOPE, frame, points)
