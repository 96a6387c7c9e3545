"""Which pixels of a picture may be seen by a profile, and which by DICOM regions."""

from collections.abc import Sequence

import cv2
import numpy as np

from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.shapes import Box, Lit, lit_any
from ultrasound.regions import Region

_MARGIN_SHARE = 120  # of the picture's height: 4 pixels of 480, 9 of 1080

_LEAST_HIDDEN = 0.02
"""Of the picture: a line of text takes as much. Regions that leave less hide no name."""


def visible_by_profile(profile: DeviceProfile) -> Lit:
    """Kept shapes and allowed areas without the black boxes; bool (height, width) of the profile's size."""
    width, height = profile.width_px, profile.height_px
    seen = lit_any((*profile.keep, *profile.allowed), width, height)
    return np.asarray(seen & ~lit_any(profile.black, width, height))


def kept_by_profile(profile: DeviceProfile) -> Lit:
    """Kept shapes alone without the black boxes: what may be seen when the layout is not sure."""
    width, height = profile.width_px, profile.height_px
    return np.asarray(lit_any(profile.keep, width, height) & ~lit_any(profile.black, width, height))


def visible_by_regions(regions: Sequence[Region], width: int, height: int) -> Lit:
    """What lies in a region of the given ones; bool (height, width)."""
    return lit_any(tuple(box_of(region) for region in regions), width, height)


def hides_nothing(seen: Lit) -> bool:
    """Whether so much is seen that no line of text could be hidden."""
    return bool(seen.mean() > 1 - _LEAST_HIDDEN)


def away_from(seen: Lit) -> Lit:
    """What lies clear of the seen pixels: the rim of the sector itself is no text."""
    margin = 2 * max(1, seen.shape[0] // _MARGIN_SHARE) + 1
    wider = cv2.dilate(seen.astype(np.uint8), np.ones((margin, margin), np.uint8))
    return np.asarray(wider == 0)


def box_of(region: Region) -> Box:
    """A region's place, right and bottom included."""
    return Box(
        left_px=region.left_px,
        top_px=region.top_px,
        width_px=region.right_px - region.left_px + 1,
        height_px=region.bottom_px - region.top_px + 1,
    )
