"""What a pixel of a grabbed picture is worth, as long as its screen shows the depth at which that was set.

A profile holds a scale for each depth that was set up with it; in a room it is set anew on the frozen
picture, and kept beside the profiles. Each frame is judged by its own pixels: at another depth, zoom or
layout there is no scale.
"""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from records.picture_regions import as_value
from records.stills import Calibration
from records.values import Value
from signaling.messages import ScaleRefusal
from ultrasound.captured import CapturedFrame
from ultrasound.cine import Picture
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import Refusal
from ultrasound.privacy.profile import DepthCalibration, DeviceProfile
from ultrasound.privacy.shapes import bounding_box, lit
from ultrasound.regions import Region
from ultrasound.ring import ExactFrame
from ultrasound.ruler.keeping import as_calibration, as_kept, rectangle
from ultrasound.ruler.scale import KeptScale, by_clicks, kept_by_clicks
from ultrasound.shown import Rectangle
from ultrasound.trouble import PictureTrouble

log = logging.getLogger(__name__)

LOOK_EVERY_US = 500_000
MOST_DEPTHS = 32
"""Of one layout; the one that was set longest ago goes first."""
_AGREE = 0.005

ProfileOf = Callable[[str | None, int, int], DeviceProfile | None]
"""The signed profile of a layout and size."""


class ScaleRefused(Exception):
    """A scale was not set; `why` is for programs."""

    def __init__(self, why: ScaleRefusal) -> None:
        super().__init__(why.value)
        self.why = why


class SetDepths(Value):
    """Scales that were set in a room for one layout, the newest last."""

    depths: tuple[DepthCalibration, ...] = ()


class PictureScales:
    """Of one source. `see` is called from the thread that captures, the rest from any other."""

    def __init__(self, folder: Path, profile_of: ProfileOf) -> None:
        self._folder = folder
        self._profile_of = profile_of
        self._looked_us: int | None = None
        self._void = False

    def calibration_of(self, frame: ExactFrame) -> Calibration | None:
        """What a pixel of the frame is worth: by the source itself, else by a scale that still holds."""
        if frame.regions or frame.layout is None:
            return by_the_source(frame.regions)
        profile = self._profile_of(frame.layout, frame.pixels.width, frame.pixels.height)
        kept = self._holding(profile, frame.pixels.rgb()) if profile is not None else None
        if profile is None or kept is None:
            return None
        return Calibration(
            source=kept.scale.source,
            regions=(as_value(kept.scale.region),),
            scale_uncertainty=kept.scale.uncertainty,
            profile=profile.layout,
        )

    def renew(self, frame: ExactFrame, clicks: tuple[Point, Point], apart_mm: float) -> None:
        """Set the scale of the depth that a frame shows, by two clicks on its ruler.

        Raises ScaleRefused.
        """
        profile = self._profile_of(frame.layout, frame.pixels.width, frame.pixels.height)
        if profile is None:
            raise ScaleRefused(ScaleRefusal.NO_LAYOUT)
        picture = frame.pixels.rgb()
        area = _area(profile)
        watched = [rectangle(box) for box in profile.depth_written]
        try:
            scale = by_clicks(clicks, apart_mm, area)
            kept = kept_by_clicks(scale, picture, clicks, watched)
        except Refusal as refused:
            raise ScaleRefused(_why(refused)) from refused
        depth_mm = round(area.height * kept.scale.region.delta_y * 10, 2)
        before = [one for one in self._set(profile) if not _still_holds(one, profile, picture)]
        self._keep(profile, (*before, as_calibration(kept, depth_mm))[-MOST_DEPTHS:])

    def see(self, frame: CapturedFrame) -> None:
        """Take in the next masked frame."""
        if self._looked_us is not None and 0 <= frame.capture_us - self._looked_us < LOOK_EVERY_US:
            return
        self._looked_us = frame.capture_us
        self._void = False
        profile = self._profile_of(frame.layout, frame.width, frame.height)
        if frame.regions or profile is None or not (profile.calibrations or self._set(profile)):
            return
        self._void = self._holding(profile, frame.picture) is None

    def troubles(self) -> frozenset[PictureTrouble]:
        """Whether there was a scale, and none holds now."""
        return frozenset({PictureTrouble.SCALE_VOID} if self._void else ())

    def _holding(self, profile: DeviceProfile, picture: Picture) -> KeptScale | None:
        """The scale that holds: what was set last in a room, else one of the profile, unless two differ."""
        for one in reversed(self._set(profile)):
            if (kept := _still_holds(one, profile, picture)) is not None:
                return kept
        found = [_still_holds(one, profile, picture) for one in profile.calibrations]
        holding = [one for one in found if one is not None]
        deltas = [one.scale.region.delta_y for one in holding]
        return holding[0] if holding and max(deltas) - min(deltas) <= _AGREE * min(deltas) else None

    def _set(self, profile: DeviceProfile) -> tuple[DepthCalibration, ...]:
        try:
            data = self._file(profile).read_bytes()
            return msgspec.json.decode(data, type=SetDepths).depths
        except FileNotFoundError:
            return ()
        except (OSError, msgspec.DecodeError) as error:
            log.error("ultrasound: scales that were set cannot be read: %s", error)
            return ()

    def _keep(self, profile: DeviceProfile, depths: tuple[DepthCalibration, ...]) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._file(profile)
        part = file.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(SetDepths(depths=depths)))
        part.replace(file)

    def _file(self, profile: DeviceProfile) -> Path:
        key = f"{profile.source}\0{profile.layout}\0{profile.width_px}\0{profile.height_px}"
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"


def by_the_source(regions: tuple[Region, ...]) -> Calibration | None:
    """What the source itself says a pixel is worth; None: it says nothing."""
    if not regions:
        return None
    return Calibration(source=CalibrationSource.FILE, regions=tuple(map(as_value, regions)))


def _area(profile: DeviceProfile) -> Rectangle:
    """Where alone the scale holds: around the one picture of the layout; raises ScaleRefused for several."""
    if not profile.depth_written:
        raise ScaleRefused(ScaleRefusal.NO_DEPTH_WRITTEN)
    if len(profile.keep) != 1:
        raise ScaleRefused(ScaleRefusal.SEVERAL_PICTURES)
    box = bounding_box(lit(profile.keep[0], profile.width_px, profile.height_px))
    if box is None:
        raise ScaleRefused(ScaleRefusal.NO_LAYOUT)
    return rectangle(box)


def _still_holds(one: DepthCalibration, profile: DeviceProfile, picture: Picture) -> KeptScale | None:
    try:
        kept = as_kept(one, profile.width_px, profile.height_px)
    except Refusal as refused:
        log.error("ultrasound: a scale that was kept is none: %s", refused)
        return None
    return kept if kept is not None and kept.watch.still_holds(picture) else None


def _why(refused: Refusal) -> ScaleRefusal:
    try:
        return ScaleRefusal(refused.code.value)
    except ValueError:
        return ScaleRefusal.FAILED
