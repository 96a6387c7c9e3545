"""From points of a picture to a measurement: scale chosen, value taken, doubt added."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ultrasound.measuring.choice import Choice, Fits, choose
from ultrasound.measuring.frame import Frame
from ultrasound.measuring.measured import CalibrationSource, Measured, Uncalibrated
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.spread import of_points
from ultrasound.measuring.unit import Unit
from ultrasound.regions import PhysicalUnit, Region, SpatialFormat

Shape = Callable[[Sequence[Point]], float]
"""A value of physical points."""

MM_PER_CM = 10.0
MS_PER_S = 1000.0
_FACTOR = {PhysicalUnit.CM: MM_PER_CM, PhysicalUnit.SECONDS: MS_PER_S}


def is_plane(region: Region) -> bool:
    """Whether lengths, areas and angles make sense: both directions are centimetres of one plane."""
    return region.spatial_format is SpatialFormat.TWO_D and region.unit_x is region.unit_y is PhysicalUnit.CM


@dataclass(frozen=True, slots=True)
class Tool:
    """What a measurement needs and gives."""

    shape: Shape
    unit: Unit
    fits: Fits = is_plane
    bare: Unit | None = None
    """The unit where there is no scale; None: without a scale it means nothing and is refused."""


def measure(
    tool: Tool, frame: Frame, points: Sequence[Point], line: Sequence[Point] | None = None
) -> Measured:
    """A tool's value at checked points; `line` is what is drawn through them, the points unless given."""
    choice = choose(frame, points if line is None else line, tool.fits)
    if choice.region is None:
        return _bare(tool, choice, points)
    region = choice.region

    def value_at(moved: Sequence[Point], stretch: float = 1.0) -> float:
        return tool.shape([place(region, point, stretch) for point in moved])

    value = value_at(points)
    of_scale = abs(value_at(points, 1 + frame.scale_uncertainty) - value)
    return Measured(value, tool.unit, of_points(value_at, points) + of_scale, frame.source, choice.index)


def place(region: Region, point: Point, stretch: float = 1.0) -> Point:
    """Where a pixel lies: millimetres for centimetres, milliseconds for seconds, else the region's unit."""
    x_px, y_px = point
    return (
        region.physical_x(x_px) * _FACTOR.get(region.unit_x, 1.0) * stretch,
        region.physical_y(y_px) * _FACTOR.get(region.unit_y, 1.0) * stretch,
    )


def _bare(tool: Tool, choice: Choice, points: Sequence[Point]) -> Measured:
    if tool.bare is None:
        raise uncalibrated(choice.uncalibrated)
    value, off = tool.shape(points), of_points(tool.shape, points)
    return Measured(value, tool.bare, off, CalibrationSource.NONE, None, choice.uncalibrated)


_WHY = {
    Uncalibrated.NO_REGIONS: "the picture has no scale",
    Uncalibrated.OUTSIDE_REGIONS: "the points lie outside what the picture has a scale for",
    Uncalibrated.REGION_FAULTY: "the scale that was written for this place cannot be true",
    Uncalibrated.UNITS_DO_NOT_FIT: "this place is scaled for something else",
}


def uncalibrated(why: Uncalibrated | None) -> Refusal:
    """The refusal of what means nothing in pixels."""
    told = _WHY[why or Uncalibrated.NO_REGIONS]
    return Refusal(RefusalCode.UNCALIBRATED, f"uncalibrated: {told}, and in pixels this means nothing")


def why_uncalibrated(why: Uncalibrated) -> str:
    """A sentence beside the word "uncalibrated"."""
    return _WHY[why]
