"""A scale as it is kept in a file with all that tells when it no longer holds, and back."""

import dataclasses

import msgspec

from ultrasound.measuring.placed import MM_PER_CM
from ultrasound.privacy.profile import DepthCalibration, Ticks, Writing
from ultrasound.privacy.shapes import Box
from ultrasound.ruler.finding import Ruler
from ultrasound.ruler.scale import KeptScale, of_numbers
from ultrasound.ruler.watch import Watch
from ultrasound.ruler.watch import Writing as Watched
from ultrasound.shown import Rectangle


def as_calibration(kept: KeptScale, depth_mm: float) -> DepthCalibration:
    """A scale as a profile keeps it, at the depth that is set on the scanner."""
    scale, watch = kept.scale, kept.watch
    region = scale.region
    ticks = Ticks(**dataclasses.asdict(watch.ruler)) if watch.ruler is not None else None
    return DepthCalibration(
        depth_mm=depth_mm,
        mm_per_px_x=region.delta_x * MM_PER_CM,
        mm_per_px_y=region.delta_y * MM_PER_CM,
        place=Box(
            left_px=region.left_px,
            top_px=region.top_px,
            width_px=region.right_px - region.left_px + 1,
            height_px=region.bottom_px - region.top_px + 1,
        ),
        source=scale.source,
        uncertainty=scale.uncertainty,
        ruler=ticks,
        writings=tuple(Writing(place=_box(one.place), grey=one.grey) for one in watch.writings),
    )


def as_kept(calibration: DepthCalibration, width: int, height: int) -> KeptScale | None:
    """A scale out of a profile for pictures of that size; None: nothing would tell when it is void.

    Raises Refusal for one that no scanner has.
    """
    if not calibration.writings:
        return None
    scale = of_numbers(
        rectangle(calibration.place),
        calibration.mm_per_px_x,
        calibration.mm_per_px_y,
        calibration.source,
        calibration.uncertainty,
    )
    ticks = calibration.ruler
    ruler = Ruler(**msgspec.structs.asdict(ticks)) if ticks is not None else None
    writings = tuple(Watched(rectangle(one.place), one.grey) for one in calibration.writings)
    return KeptScale(scale, Watch(width, height, ruler, writings))


def rectangle(box: Box) -> Rectangle:
    """A box of a profile as a part of a picture."""
    return Rectangle(box.left_px, box.top_px, box.width_px, box.height_px)


def _box(place: Rectangle) -> Box:
    return Box(left_px=place.left, top_px=place.top, width_px=place.width, height_px=place.height)
