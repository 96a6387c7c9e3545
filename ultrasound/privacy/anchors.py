"""Anchors: places of a scanner's screen that always look the same, by which its layout is recognised.

An anchor keeps 256 bits of how its place looked when the profile was made: brighter or darker than its
mean, on 16 x 16 fields. That is enough to tell a logo or the frame of a menu from anything else, and stays
the same with another brightness, another colour range and a grabber's noise. A person chooses places that
name nobody.
"""

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from ultrasound.errors import ProfileWrong
from ultrasound.privacy.shapes import Box

_SIDE = 16
_DIGITS = _SIDE * _SIDE // 4
LEAST_CONTRAST = 8.0
"""Standard deviation of the fields, grey levels: a grabber's noise of 6 levels leaves 2.5, a logo
30 to 60.
"""

LARGEST_DIFFERENCE = 32
"""Of 256 fields. Measured on four makers' screens: the logo through JPEG of quality 20 differs in 13 at most,
16 000 other places in 41 at least.
"""


class Anchor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place and its 256 bits, as 64 hexadecimal digits."""

    place: Box
    bits: str

    def fault(self) -> str:
        """What is wrong with it, in words; empty when nothing is."""
        if len(self.bits) != _DIGITS or set(self.bits) - set("0123456789abcdef"):
            return (
                f"the bits of an anchor are {len(self.bits)} characters; {_DIGITS} of 0-9 and a-f are right"
            )
        if min(self.place.width_px, self.place.height_px) < _SIDE:
            size = f"{self.place.width_px}x{self.place.height_px}"
            return f"an anchor of {size} pixels; at least {_SIDE}x{_SIDE} are right"
        return ""


def anchor_at(picture: NDArray[np.uint8], place: Box) -> Anchor:
    """The anchor of a place, as it looks now; raises ProfileWrong where nothing is to be recognised."""
    fields = _fields(picture, place)
    if float(fields.std()) < 2 * LEAST_CONTRAST:
        raise ProfileWrong(
            f"the place at ({place.left_px}, {place.top_px}) is too plain for an anchor; a logo is right"
        )
    bits = np.packbits(fields > fields.mean()).tobytes().hex()
    anchor = Anchor(place=place, bits=bits)
    if anchor.fault():
        raise ProfileWrong(anchor.fault())
    return anchor


def is_there(anchor: Anchor, picture: NDArray[np.uint8]) -> bool:
    """Whether the place still looks as it did; `picture` is uint8, RGB or one grey or luma plane."""
    fields = _fields(picture, anchor.place)
    if float(fields.std()) < LEAST_CONTRAST:
        return False
    seen = np.packbits(fields > fields.mean())
    kept = np.frombuffer(bytes.fromhex(anchor.bits), np.uint8)
    return int(np.unpackbits(seen ^ kept).sum()) <= LARGEST_DIFFERENCE


def _fields(picture: NDArray[np.uint8], place: Box) -> NDArray[np.float32]:
    cut = picture[place.top_px : place.bottom_px, place.left_px : place.right_px]
    if cut.shape[0] != place.height_px or cut.shape[1] != place.width_px:
        raise ProfileWrong(
            f"an anchor reaches past the picture of {picture.shape[1]}x{picture.shape[0]} pixels"
        )
    grey = cv2.cvtColor(cut, cv2.COLOR_RGB2GRAY) if cut.ndim == 3 else cut
    return np.asarray(
        cv2.resize(grey.astype(np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.float32
    )
