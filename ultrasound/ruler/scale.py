"""The scale of a grabbed picture: of its ruler or of two clicks, and what a person says these are worth."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ultrasound.cine import Picture
from ultrasound.measuring.frame import Frame, Standing
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.measuring.placed import MM_PER_CM
from ultrasound.measuring.points import Point, check_points
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.regions import DataType, PhysicalUnit, Region, SpatialFormat, has_sound_scale
from ultrasound.ruler.finding import Ruler
from ultrasound.ruler.watch import Watch, watch
from ultrasound.shown import Rectangle

LEAST_BETWEEN_CLICKS_PX = 100.0
"""Each click may be a pixel off: nearer, they would be off by more than 2 %."""
_CLICK_OFF_PX = 2.0
_SHALLOWEST_MM, _DEEPEST_MM = 3.0, 500.0
_AROUND_CLICK_PX = 6


@dataclass(frozen=True, slots=True)
class Scale:
    """What a pixel is worth within a part of one picture."""

    region: Region
    source: CalibrationSource
    uncertainty: float
    """The most it may be off, as a part of it."""

    def frame(self, picture: Picture, standing: Standing) -> Frame:
        """The picture with this scale."""
        height, width = picture.shape[:2]
        return Frame(width, height, standing, (self.region,), self.source, self.uncertainty)


@dataclass(frozen=True, slots=True)
class KeptScale:
    """A scale for other pictures too, as long as nothing of what is watched changes.

    Kept by whoever keeps profiles, for one depth of one of them.
    """

    scale: Scale
    watch: Watch

    def frame(self, picture: Picture, standing: Standing) -> Frame:
        """A picture with this scale; without any when depth, zoom or layout have changed since."""
        if self.watch.still_holds(picture):
            return self.scale.frame(picture, standing)
        height, width = picture.shape[:2]
        return Frame(width, height, standing)


def by_ruler(ruler: Ruler, tick_mm: float, area: Rectangle, pixel_aspect: float = 1.0) -> Scale:
    """The scale of a ruler that was found, when a person says what one tick is worth.

    Show the ticks that were found before asking: `tick_mm` is the way from one of them to the next.
    `area`: the sector, where alone the scale holds. `pixel_aspect`: width of a pixel over its height, 1
    unless the grabber stretches. Raises Refusal for a scale that no scanner has.
    """
    region = _region(area, _checked(tick_mm) / ruler.spacing_px, pixel_aspect)
    return Scale(region, CalibrationSource.RULER, ruler.spacing_uncertainty)


def by_clicks(clicks: Sequence[Point], apart_mm: float, area: Rectangle, pixel_aspect: float = 1.0) -> Scale:
    """The scale of two clicks on ticks, when a person says how far apart these are.

    Raises Refusal for clicks too near each other, and for a scale that no scanner has.
    """
    if len(clicks) != 2 or not all(math.isfinite(side) for click in clicks for side in click):
        raise Refusal(RefusalCode.POINT_NOT_A_NUMBER, f"clicks {clicks}; two points are needed")
    (one_x, one_y), (two_x, two_y) = clicks
    apart_px = math.hypot((two_x - one_x) * pixel_aspect, two_y - one_y)
    if apart_px < LEAST_BETWEEN_CLICKS_PX:
        raise Refusal(
            RefusalCode.CLICKS_TOO_CLOSE,
            f"the clicks are {apart_px:.0f} px apart; at {LEAST_BETWEEN_CLICKS_PX:.0f} px or more a pixel"
            " counts for little",
        )
    region = _region(area, _checked(apart_mm) / apart_px, pixel_aspect)
    return Scale(region, CalibrationSource.USER, _CLICK_OFF_PX / apart_px)


def of_numbers(
    area: Rectangle, mm_per_px_x: float, mm_per_px_y: float, source: CalibrationSource, uncertainty: float
) -> Scale:
    """A scale that was kept as numbers. Raises Refusal for one that no scanner has."""
    region = _region(area, _checked(mm_per_px_y), _checked(mm_per_px_x) / mm_per_px_y)
    return Scale(region, source, uncertainty)


def kept_by_ruler(
    scale: Scale, picture: Picture, ruler: Ruler, depth_written: Sequence[Rectangle]
) -> KeptScale:
    """A scale of `by_ruler`, for all pictures that still show this ruler and this depth."""
    return KeptScale(scale, watch(picture, ruler, depth_written))


def kept_by_clicks(
    scale: Scale, picture: Picture, clicks: Sequence[Point], depth_written: Sequence[Rectangle]
) -> KeptScale:
    """A scale of `by_clicks`, for all pictures that still show the clicked marks and this depth.

    Raises Refusal where nothing stands out at a click.
    """
    height, width = picture.shape[:2]
    check_points(Frame(width, height, Standing.EXACT), clicks, 2, 2)
    marks = [_around(click, width, height) for click in clicks]
    return KeptScale(scale, watch(picture, None, depth_written, marks))


def _checked(worth_mm: float) -> float:
    if not (math.isfinite(worth_mm) and worth_mm > 0):
        raise Refusal(RefusalCode.SCALE_ABSURD, f"{worth_mm} mm; a finite length above 0 is needed")
    return worth_mm


def _region(area: Rectangle, mm_per_px: float, pixel_aspect: float) -> Region:
    cm_per_px = mm_per_px / MM_PER_CM
    region = Region(
        area.left,
        area.top,
        area.left + area.width - 1,
        area.top + area.height - 1,
        SpatialFormat.TWO_D,
        DataType.TISSUE,
        PhysicalUnit.CM,
        PhysicalUnit.CM,
        cm_per_px * pixel_aspect,
        cm_per_px,
    )
    depth_mm = area.height * mm_per_px
    if not (has_sound_scale(region) and _SHALLOWEST_MM <= depth_mm <= _DEEPEST_MM):
        raise Refusal(
            RefusalCode.SCALE_ABSURD,
            f"the picture would be {depth_mm:.3g} mm deep; {_SHALLOWEST_MM:g} to {_DEEPEST_MM:g} can be true",
        )
    return region


def _around(click: Point, width: int, height: int) -> Rectangle:
    left = max(0, round(click[0]) - _AROUND_CLICK_PX)
    top = max(0, round(click[1]) - _AROUND_CLICK_PX)
    right = min(width, round(click[0]) + _AROUND_CLICK_PX + 1)
    bottom = min(height, round(click[1]) + _AROUND_CLICK_PX + 1)
    return Rectangle(left, top, right - left, bottom - top)
