"""Tells when a scale no longer holds: another depth, zoom or layout. A few milliseconds a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from ultrasound.cine import Picture
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.ruler.finding import Ruler, find_ruler
from ultrasound.shown import Rectangle

_STRIP_PX = 3
_TICK_OFF_PX = 0.7
_INK_GREY = 40
"""So much brighter than its surroundings is what is written."""
_LEAST_INK_PX = 6
_OTHER_GREY = 48  # a grabber's noise, and the rings of its JPEG, stay below
_MOST_OTHER_PX = 2  # the strokes that tell a 1 from a 7 are more


class Change(StrEnum):
    """What made a scale void."""

    PICTURE_SIZE = "picture_size"
    RULER = "ruler"
    WRITING = "writing"
    """What is written of the depth, or the mark that was clicked."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A place of the picture as it looked, in grey."""

    place: Rectangle
    grey: bytes


@dataclass(frozen=True, slots=True)
class Watch:
    """How the picture looked where its depth, zoom and layout show."""

    width: int
    height: int
    ruler: Ruler | None
    writings: tuple[Writing, ...]

    def change(self, picture: Picture) -> Change | None:
        """What of a picture is no longer as it was; None: the scale still holds."""
        if picture.shape[:2] != (self.height, self.width):
            return Change.PICTURE_SIZE
        if any(not _as_it_was(picture, writing) for writing in self.writings):
            return Change.WRITING
        if self.ruler is not None and not _still_there(picture, self.ruler):
            return Change.RULER
        return None

    def still_holds(self, picture: Picture) -> bool:
        """Whether nothing has changed that the scale depends on."""
        return self.change(picture) is None


def watch(
    picture: Picture, ruler: Ruler | None, depth_written: Sequence[Rectangle], marks: Sequence[Rectangle] = ()
) -> Watch:
    """What to watch of a picture whose scale is known.

    `depth_written`: where the scanner writes its depth, or the numbers of its ruler: a ruler alone may keep
    its spacing while a tick becomes worth something else. `marks`: what a person clicked on. Raises Refusal
    where nothing is written there.
    """
    if not depth_written:
        raise Refusal(
            RefusalCode.NOTHING_TO_WATCH,
            "no place was named where the depth is written; a scale is kept only with one",
        )
    height, width = picture.shape[:2]
    writings = tuple(_written(picture, place) for place in (*depth_written, *marks))
    return Watch(width, height, ruler, writings)


def _grey(picture: Picture, place: Rectangle) -> NDArray[np.uint8]:
    part = picture[place.top : place.top + place.height, place.left : place.left + place.width]
    return np.asarray(part.max(axis=2), np.uint8)


def _written(picture: Picture, place: Rectangle) -> Writing:
    height, width = picture.shape[:2]
    if not Rectangle(0, 0, width, height).holds(place) or place.area == 0:
        raise Refusal(
            RefusalCode.NOTHING_TO_WATCH, f"{place} is not within the picture of {width}x{height} pixels"
        )
    grey = _grey(picture, place)
    ink = int((grey > np.median(grey) + _INK_GREY).sum())
    if ink < _LEAST_INK_PX:
        raise Refusal(
            RefusalCode.NOTHING_TO_WATCH,
            f"{ink} bright pixels at {place}; where the depth is written there are {_LEAST_INK_PX} or more",
        )
    return Writing(place, grey.tobytes())


def _as_it_was(picture: Picture, writing: Writing) -> bool:
    place = writing.place
    was = np.frombuffer(writing.grey, np.uint8).reshape(place.height, place.width)
    other = cv2.absdiff(_grey(picture, place), was) > _OTHER_GREY
    return int(np.count_nonzero(other)) <= _MOST_OTHER_PX


def _still_there(picture: Picture, ruler: Ruler) -> bool:
    """Whether the ruler's columns hold the same ticks in the same rows, and no others."""
    left = max(0, ruler.left_px - _STRIP_PX)
    right = min(picture.shape[1], ruler.right_px + 1 + _STRIP_PX)
    try:
        now = find_ruler(picture, Rectangle(left, 0, right - left, picture.shape[0]))
    except Refusal:
        return False
    if abs(now.spacing_px - ruler.spacing_px) * max(now.slots[-1], ruler.slots[-1]) > 2 * _TICK_OFF_PX:
        return False
    rows = np.array(now.rows_px)
    off = [np.abs(rows - row).min() for row in ruler.rows_px]
    return bool(np.median(off) <= _TICK_OFF_PX and abs(now.slots[-1] - ruler.slots[-1]) <= 1)
