"""Which pixels stay of a masked picture, and which may, told apart from the code that masks."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ultrasound.privacy.masking import Masked, Masker, WhenUnsure
from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.shapes import lit_any

Pictures = NDArray[np.uint8]
FORMATS = ("rgb", "grey", "planes")


def bright(*shape: int) -> Pictures:
    """Nothing of it is black."""
    return np.random.default_rng(5).integers(1, 256, shape, np.uint8)


def left_of(picture: Pictures) -> NDArray[np.bool_]:
    """Which pixels are not black."""
    return np.asarray(picture != 0 if picture.ndim == 2 else picture.any(axis=2))


def masked_as(format: str, masker: Masker, width: int, height: int) -> tuple[Masked, NDArray[np.bool_]]:
    """How a picture of no black was masked, and which pixels are not black."""
    if format == "planes":
        planes = bright(height * 3 // 2, width)
        planes[:height] = np.maximum(planes[:height], 17)
        planes[height:] = np.maximum(planes[height:], 129)
        masked = masker.mask_planes(planes, width, height)
        colour = planes[height:].reshape(2, height // 2, width // 2) != 128
        coloured = np.repeat(np.repeat(colour.any(axis=0), 2, axis=0), 2, axis=1)
        return masked, (planes[:height] != 16) | coloured
    picture = bright(height, width, 3) if format == "rgb" else bright(height, width)
    return masker.mask(picture), left_of(picture)


def may_stay(
    known: Sequence[DeviceProfile], width: int, height: int, when_unsure: WhenUnsure
) -> NDArray[np.bool_]:
    """What may be seen where the layout is unknown: the largest shape of this size without any black box."""
    same = [one for one in known if (one.width_px, one.height_px) == (width, height)]
    if not same or when_unsure is WhenUnsure.NOTHING:
        return np.zeros((height, width), np.bool_)
    boxes = [lit_any(one.black, width, height) for one in same]
    kept = [lit_any(one.keep, width, height) & ~black for one, black in zip(same, boxes, strict=True)]
    return np.asarray(max(kept, key=np.count_nonzero) & ~np.logical_or.reduce(boxes))
