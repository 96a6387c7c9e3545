"""Whether millimetres may stand beside a line, told apart from the code that puts them there."""

from collections.abc import Sequence

from ultrasound.measuring.measured import CalibrationSource, Measured
from ultrasound.measuring.points import Point
from ultrasound.measuring.unit import Unit
from ultrasound.regions import Region

_PLACES = 50
"""Looked at on each stretch of a line."""


def wrong_scale(regions: Sequence[Region], line: Sequence[Point], measured: Measured) -> str:
    """What is wrong with the scale of a length along a line; empty when nothing is.

    At 51 places of every stretch: the region whose scale was taken is there, and none of another scale lies
    above it.
    """
    if measured.unit is Unit.PX:
        told = measured.calibration is CalibrationSource.NONE and measured.uncalibrated is not None
        return "" if told else "pixels that are not called uncalibrated"
    if measured.region is None:
        return "millimetres of no region"
    chosen = regions[measured.region]
    if chosen.fault:
        return "millimetres of a region that is faulty"
    for x_px, y_px in _places(line):
        aside = max(chosen.left_px - x_px, x_px - chosen.right_px)
        if max(aside, chosen.top_px - y_px, y_px - chosen.bottom_px) > 1e-6:
            return "millimetres outside a region"
        held = [region for region in regions if region.holds(x_px, y_px)]
        if held and _topmost(held).delta_x != chosen.delta_x:
            return "millimetres across two regions"
    return ""


def _topmost(held: Sequence[Region]) -> Region:
    return min(held, key=lambda region: (not region.high_priority, region.area_px))


def _places(line: Sequence[Point]) -> list[Point]:
    return [
        (one[0] + (two[0] - one[0]) * k / _PLACES, one[1] + (two[1] - one[1]) * k / _PLACES)
        for one, two in zip(line, line[1:], strict=False)
        for k in range(_PLACES + 1)
    ]
