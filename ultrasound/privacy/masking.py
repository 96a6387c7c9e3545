"""Blackens what a picture must not show: compiled once, carried out on every picture, closed when unsure.

Before the encoder, and before anything that is shared. The answer says on what grounds it was masked, so that
whoever is beside the scanner can be asked for a profile.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from ultrasound.cine import Picture
from ultrasound.errors import PictureError
from ultrasound.privacy.anchors import is_there
from ultrasound.privacy.grounds import Seen, Unsure, WhenUnsure
from ultrasound.privacy.profile import DeviceProfile, check_profile
from ultrasound.privacy.shapes import Box, Lit, bounding_box, lit_any
from ultrasound.privacy.visible import kept_by_profile, visible_by_profile

BLACK_LUMA, _NO_COLOUR = 16, 128  # limited range, ITU-R BT.709-6 section 4


@dataclass(frozen=True, slots=True)
class Masked:
    """How a picture was masked. `layout` is None unless a profile holds, `unsure` is None when one does."""

    seen: Seen
    layout: str | None
    unsure: Unsure | None
    profile: DeviceProfile | None = field(default=None, compare=False, repr=False)
    """The one that holds."""


class Cover:
    """What lies outside of the visible pixels, made black."""

    def __init__(self, visible: Lit) -> None:
        self.height, self.width = visible.shape
        self.visible = visible
        self.box: Box | None = bounding_box(visible)
        self._hidden = np.where(visible, 0, 255).astype(np.uint8)
        self._black: dict[tuple[object, ...], NDArray[np.uint8]] = {}
        self._hidden_colour = _any_of_four(self._hidden) if not (self.width % 2 or self.height % 2) else None

    def put_on(self, picture: NDArray[np.uint8]) -> None:
        """Blacken in place: uint8 (height, width) or (height, width, 3)."""
        size = (self.height, self.width)
        if picture.dtype != np.uint8 or picture.shape not in (size, (*size, 3)):
            right = f"uint8 ({self.height}, {self.width}) with or without 3 colours is right"
            raise PictureError(f"{picture.dtype} {picture.shape} to be masked; {right}")
        _fill(picture, self._hidden, 0, self._black)

    def put_on_planes(self, planes: NDArray[np.uint8], black_luma: int = BLACK_LUMA) -> None:
        """Blacken planes as those of `ultrasound.planes.yuv420` in place; a colour sample goes when any of
        its four pixels does. `black_luma`: 0 where luma is of full range.
        """
        if self._hidden_colour is None or planes.dtype != np.uint8:
            raise PictureError(
                f"4:2:0 of {planes.dtype}, {self.width}x{self.height}; uint8, even sides are right"
            )
        if planes.shape != (self.height * 3 // 2, self.width) or not planes.flags.c_contiguous:
            raise PictureError(f"planes {planes.shape} for {self.width}x{self.height}, or not in one piece")
        _fill(planes[: self.height], self._hidden, black_luma, self._black)
        for plane in planes[self.height :].reshape(2, self.height // 2, self.width // 2):
            _fill(plane, self._hidden_colour, _NO_COLOUR, self._black)


@dataclass(frozen=True, slots=True)
class _Layout:
    profile: DeviceProfile
    cover: Cover


class Masker:
    """Masks the pictures of one source by its signed profiles; every other profile counts for nothing."""

    def __init__(
        self, profiles: Iterable[DeviceProfile], when_unsure: WhenUnsure = WhenUnsure.LARGEST_SHAPE
    ) -> None:
        """Raises ProfileWrong when one of them is not plausible."""
        given = tuple(profiles)
        for one in given:
            check_profile(one)
        self._layouts = tuple(
            _Layout(one, Cover(visible_by_profile(one))) for one in given if one.is_signed_off
        )
        self._nothing_known = Unsure.NOT_SIGNED_OFF if given else Unsure.NO_PROFILE
        self._when_unsure = when_unsure
        self._closed: dict[tuple[int, int], Cover] = {}

    def mask(self, picture: Picture | NDArray[np.uint8]) -> Masked:
        """Blacken a picture in place: uint8, RGB (height, width, 3) or grey (height, width).

        Raises PictureError for anything else; such a picture is to be thrown away.
        """
        coloured = picture.ndim == 3 and picture.shape[2] == 3
        if picture.dtype != np.uint8 or not (picture.ndim == 2 or coloured) or 0 in picture.shape:
            raise PictureError(f"{picture.dtype} {picture.shape} to be masked; uint8 RGB or grey is right")
        height, width = picture.shape[:2]
        masked, cover = self._decide(picture, width, height)
        cover.put_on(picture)
        return masked

    def mask_planes(
        self, planes: NDArray[np.uint8], width: int, height: int, black_luma: int = BLACK_LUMA
    ) -> Masked:
        """Blacken 4:2:0 planes (Y, then U and V at half the size) of an even size in place."""
        if planes.shape != (height * 3 // 2, width) or width % 2 or height % 2:
            raise PictureError(
                f"planes {planes.shape} for {width}x{height}; (height * 3 / 2, width) is right"
            )
        masked, cover = self._decide(planes[:height], width, height)
        cover.put_on_planes(planes, black_luma)
        return masked

    def shown_box(self, width: int, height: int) -> Box | None:
        """The smallest rectangle around all that any profile of this size shows: what a crop must not cut.

        None where no profile of this size is signed off.
        """
        same = [one.cover.visible for one in self._of_size(width, height)]
        return bounding_box(np.logical_or.reduce(same)) if same else None

    def _decide(self, picture: NDArray[np.uint8], width: int, height: int) -> tuple[Masked, Cover]:
        same = self._of_size(width, height)
        holding = [one for one in same if all(is_there(anchor, picture) for anchor in one.profile.anchors)]
        if len(holding) == 1:
            profile, cover = holding[0].profile, holding[0].cover
            return Masked(Seen.BY_PROFILE, profile.layout, None, profile), cover
        cover = self._closed_cover(width, height)
        seen = Seen.NOTHING if cover.box is None else Seen.LARGEST_SHAPE
        return Masked(seen, None, self._why(bool(same), bool(holding))), cover

    def _of_size(self, width: int, height: int) -> list[_Layout]:
        return [one for one in self._layouts if (one.cover.width, one.cover.height) == (width, height)]

    def _why(self, known_size: bool, several_hold: bool) -> Unsure:
        if not self._layouts:
            return self._nothing_known
        if not known_size:
            return Unsure.UNKNOWN_SIZE
        return Unsure.AMBIGUOUS_LAYOUT if several_hold else Unsure.UNKNOWN_LAYOUT

    def _closed_cover(self, width: int, height: int) -> Cover:
        """Without allowed areas, and with the black boxes of every layout; of another size nothing stays."""
        if (width, height) not in self._closed:
            self._closed.clear()  # a source that changes its size with every picture fills no memory
            self._closed[width, height] = Cover(self._closed_visible(width, height))
        return self._closed[width, height]

    def _closed_visible(self, width: int, height: int) -> Lit:
        same = [one.profile for one in self._of_size(width, height)]
        if self._when_unsure is WhenUnsure.NOTHING or not same:
            return np.zeros((height, width), np.bool_)
        largest = max((kept_by_profile(one) for one in same), key=np.count_nonzero)
        black = tuple(box for one in same for box in one.black)
        return np.asarray(largest & ~lit_any(black, width, height))


def _fill(
    picture: NDArray[np.uint8],
    where: NDArray[np.uint8],
    value: int,
    kept: dict[tuple[object, ...], NDArray[np.uint8]],
) -> None:
    """Set to a value wherever `where` is 255."""
    if not picture.flags.writeable:
        raise PictureError("a picture that cannot be written to cannot be masked in place")
    if not picture.flags.c_contiguous:  # OpenCV would write into a copy of it
        picture[where != 0] = value
        return
    key = (picture.shape, value)
    if key not in kept:
        kept[key] = np.full(picture.shape, value, np.uint8)
    cv2.copyTo(kept[key], where, picture)


def _any_of_four(hidden: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = hidden.shape
    return np.ascontiguousarray(hidden.reshape(height // 2, 2, width // 2, 2).max(axis=(1, 3)))
