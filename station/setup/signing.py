"""What a person's draft becomes: a proposal from the moving picture, a scale for a depth, a signed profile.

Nobody signs what was not seen masked by it: a draft is tried on the frames that were shown, and with the
other layouts of the source, before a name is put under it.
"""

import datetime as dt
import enum
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from station.picture_profiles import keep_profile, read_profiles
from ultrasound.captured import CapturedFrame
from ultrasound.cine import Picture
from ultrasound.errors import ProfileWrong
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import Refusal
from ultrasound.privacy.found_text import find_text
from ultrasound.privacy.masking import Masker
from ultrasound.privacy.profile import DepthCalibration, DeviceProfile, check_profile
from ultrasound.privacy.proposal import Proposal, propose
from ultrasound.privacy.shapes import Box, bounding_box, lit
from ultrasound.privacy.visible import away_from, visible_by_profile
from ultrasound.ruler.finding import find_ruler
from ultrasound.ruler.keeping import as_calibration, rectangle
from ultrasound.ruler.scale import by_clicks, by_ruler, kept_by_clicks, kept_by_ruler

FEWEST = 8
"""Frames that a draft is tried on before it is signed."""


class WhyNot(enum.StrEnum):
    """Why something was not done at the set-up."""

    NO_PICTURE = "no_picture"
    FEW_FRAMES = "few_frames"
    FRAME_GONE = "frame_gone"
    NOT_PLAUSIBLE = "not_plausible"
    NOT_RECOGNISED = "not_recognised"
    NOT_TOLD_APART = "not_told_apart"
    OTHERS_BROKEN = "others_broken"
    NAMELESS = "nameless"
    NO_SCALE = "no_scale"
    SEVERAL_PICTURES = "several_pictures"
    CANNOT_KEEP = "cannot_keep"


class NotDone(Exception):
    """Something was not done; `why` for the page, `text` with the value that was wrong."""

    def __init__(self, why: WhyNot, text: str = "") -> None:
        super().__init__(f"{why}: {text}")
        self.why, self.text = why, text


class Ruled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person says of the ruler: two places and how far apart they are, or what one tick is worth."""

    depth_mm: float
    written: Box
    clicks: tuple[Point, Point] | None = None  # (x, y) each
    apart_mm: float | None = None
    tick_mm: float | None = None


def proposed(frames: Sequence[CapturedFrame]) -> Proposal:
    """A shape for the frames' moving part; raises NotDone for too few of them."""
    return propose(_pictures(frames))


def calibrated(draft: DeviceProfile, frame: CapturedFrame, ruled: Ruled) -> DepthCalibration:
    """The scale of a depth, judged on the frame as it will be masked. Raises NotDone."""
    if len(draft.keep) != 1:
        raise NotDone(WhyNot.SEVERAL_PICTURES)
    picture = masked(draft, frame)
    box = bounding_box(lit(draft.keep[0], draft.width_px, draft.height_px))
    if box is None:
        raise NotDone(WhyNot.NOT_PLAUSIBLE, "the shape lies outside the picture")
    area, written = rectangle(box), [rectangle(ruled.written)]
    try:
        if ruled.tick_mm is not None:
            ruler = find_ruler(picture)
            kept = kept_by_ruler(by_ruler(ruler, ruled.tick_mm, area), picture, ruler, written)
        else:
            clicks = ruled.clicks or ()
            kept = kept_by_clicks(by_clicks(clicks, ruled.apart_mm or 0.0, area), picture, clicks, written)
    except Refusal as refused:
        raise NotDone(WhyNot.NO_SCALE, str(refused)) from refused
    return as_calibration(kept, ruled.depth_mm)


def masked(draft: DeviceProfile, frame: CapturedFrame) -> Picture:
    """The frame as others would see it; raises NotDone where the draft does not hold for it."""
    picture = np.array(frame.picture, np.uint8, order="C")
    if Masker([_as_if_signed(draft)]).mask(picture).unsure is not None:
        raise NotDone(WhyNot.NOT_RECOGNISED)
    return picture


def sign(
    draft: DeviceProfile,
    by: str,
    frames: Sequence[CapturedFrame],
    folder: Path,
    now: Callable[[], dt.datetime],
) -> DeviceProfile:
    """Sign a draft and keep it. Raises NotDone, and keeps nothing, unless it holds for all the frames."""
    if not by.strip():
        raise NotDone(WhyNot.NAMELESS)
    pictures = _pictures(frames)
    others = read_profiles(folder, draft.source)
    if others.broken:
        raise NotDone(WhyNot.OTHERS_BROKEN, others.broken)
    tried = _as_if_signed(draft)
    key = (draft.layout, draft.width_px, draft.height_px)
    beside = [one for one in others.signed if (one.layout, one.width_px, one.height_px) != key]
    alone, among = Masker([tried]), Masker([tried, *beside])
    for picture in pictures:
        if alone.mask(picture.copy()).unsure is not None:
            raise NotDone(WhyNot.NOT_RECOGNISED)
        if among.mask(picture.copy()).layout != draft.layout:
            raise NotDone(WhyNot.NOT_TOLD_APART)
    profile = msgspec.structs.replace(draft, known_text=_text(draft, pictures))
    try:
        signed = profile.signed(by, now().isoformat(timespec="seconds"))
        keep_profile(folder, signed)
    except ProfileWrong as fault:
        raise NotDone(WhyNot.NOT_PLAUSIBLE, str(fault)) from fault
    except OSError as fault:
        raise NotDone(WhyNot.CANNOT_KEEP, fault.strerror or "") from fault
    return signed


def _text(draft: DeviceProfile, pictures: Sequence[Picture]) -> tuple[Box, ...]:
    """Text under the mask in the first, a middle and the last frame: no cause for an alarm later."""
    where = away_from(visible_by_profile(draft))
    looked = (pictures[0], pictures[len(pictures) // 2], pictures[-1])
    return tuple(dict.fromkeys(box for picture in looked for box in find_text(picture, where)))


def _as_if_signed(draft: DeviceProfile) -> DeviceProfile:
    try:
        check_profile(draft)
        return draft.signed("nobody yet", "")
    except ProfileWrong as fault:
        raise NotDone(WhyNot.NOT_PLAUSIBLE, str(fault)) from fault


def _pictures(frames: Sequence[CapturedFrame]) -> list[Picture]:
    if not frames:
        raise NotDone(WhyNot.NO_PICTURE)
    if len(frames) < FEWEST:
        raise NotDone(WhyNot.FEW_FRAMES)
    return [one.picture for one in frames]
