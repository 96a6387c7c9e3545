"""Small bright marks of a picture, as ticks and dots of a ruler are."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ultrasound.cine import Picture

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks in order of their rows; every array is (marks,)."""

    row: Rows
    """Middle, to a part of a pixel."""
    left: Rows
    right: Rows
    height: Rows
    peak: Rows
    """Grey levels above what surrounds it."""

    def __len__(self) -> int:
        return int(self.row.size)

    def some(self, which: NDArray[np.bool_]) -> "Marks":
        """Those of them."""
        return Marks(*(getattr(self, name)[which] for name in ("row", "left", "right", "height", "peak")))


_TALLEST_PART = 60
"""A mark is no taller than this part of the picture; a letter is."""
_WIDEST_PART = 20
"""No wider than this part of the height: also of a part of a picture that has all rows."""


def standing_out(picture: Picture) -> NDArray[np.uint8]:
    """Grey levels by which each pixel is brighter than the rows above and below it, whatever its colour."""
    bright = picture.max(axis=2)
    tall = tallest_px(picture.shape[0])
    column = np.ones((tall, 1), np.uint8)
    return np.asarray(cv2.morphologyEx(bright, cv2.MORPH_TOPHAT, column), np.uint8)


def tallest_px(height: int) -> int:
    """How tall a mark is at most, in a picture of so many rows; odd."""
    return max(11, height // _TALLEST_PART) | 1


def find_marks(out: NDArray[np.uint8], least: int) -> Marks:
    """Marks that stand out by `least` grey levels or more."""
    mask = (out >= least).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    at = np.flatnonzero(mask)
    of, grey = np.asarray(labels, np.int64).ravel()[at], out.ravel()[at].astype(np.float64)
    middle = np.bincount(of, grey * (at // out.shape[1]), count) / np.maximum(np.bincount(of, grey, count), 1)
    peak = np.zeros(count)
    np.maximum.at(peak, of, grey)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    kept = (height < tallest_px(out.shape[0])) & (width <= max(9, out.shape[0] // _WIDEST_PART))
    kept[0] = False  # the background
    order = np.argsort(middle[kept], kind="stable")
    left = stats[:, cv2.CC_STAT_LEFT].astype(np.float64)
    found = Marks(middle, left, left + width - 1, height.astype(np.float64), peak)
    return Marks(*(getattr(found, name)[kept][order] for name in ("row", "left", "right", "height", "peak")))
