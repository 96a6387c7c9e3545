"""Finds what of the picture is alive: the sector, and whatever else moves, over some seconds.

A scanner's screen is a moving sector inside text and scales that stand still. What moved lately is never
outside of what is found; what stands still may be, and whoever crops says so.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from ultrasound.cine import Picture
from ultrasound.shown import Rectangle

BLOCK_PX = 16
LEARN_US = 2_000_000
"""Nothing is known before so much was seen."""
KEPT_US = 10_000_000
"""What moved counts for so long: two breaths, ten beats."""
_REFERENCE_US = 500_000  # compared with the picture of so long ago: slow changes are seen too
_STEP = 2  # every second pixel of every second row is looked at
_CHANGED_BY = 24  # grey levels; a grabber's noise stays below
_LEAST_CHANGED = 2  # looked-at pixels of a block


class SectorFinder:
    """Give it every captured picture of one size; ask for `alive` whenever it is of use."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._rows, self._columns = -(-height // BLOCK_PX), -(-width // BLOCK_PX)
        self._moved_us = np.full((self._rows, self._columns), -KEPT_US - 1, dtype=np.int64)
        self._reference: NDArray[np.uint8] | None = None
        self._reference_us = self._first_us = self._now_us = 0

    def see(self, picture: Picture, capture_us: int) -> None:
        """Take in the next picture."""
        grey = np.ascontiguousarray(picture[::_STEP, ::_STEP, 1])
        self._now_us = capture_us
        if self._reference is None:
            self._reference, self._reference_us, self._first_us = grey, capture_us, capture_us
            return
        self._moved_us[self._changed(grey, self._reference)] = capture_us
        if capture_us - self._reference_us >= _REFERENCE_US:
            self._reference, self._reference_us = grey, capture_us

    @property
    def alive(self) -> Rectangle | None:
        """The smallest rectangle of whole blocks around all that moved lately, one block wider on each side.

        None when too little was seen, or nothing moves (a frozen scanner says nothing of its sector).
        """
        if self._now_us - self._first_us < LEARN_US:
            return None
        rows, columns = np.nonzero(self._now_us - self._moved_us <= KEPT_US)
        if rows.size == 0:
            return None
        top, bottom = (int(rows.min()) - 1) * BLOCK_PX, (int(rows.max()) + 2) * BLOCK_PX
        left, right = (int(columns.min()) - 1) * BLOCK_PX, (int(columns.max()) + 2) * BLOCK_PX
        top, left = max(0, top), max(0, left)
        bottom = min(bottom, self._height + self._height % 2)
        right = min(right, self._width + self._width % 2)
        return Rectangle(left, top, right - left, bottom - top)

    def _changed(self, grey: NDArray[np.uint8], reference: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Which blocks differ from the reference."""
        differs = cv2.absdiff(grey, reference) > _CHANGED_BY
        side = BLOCK_PX // _STEP
        missing = (self._rows * side - differs.shape[0], self._columns * side - differs.shape[1])
        blocks = np.pad(differs, ((0, missing[0]), (0, missing[1])))
        counted = blocks.reshape(self._rows, side, self._columns, side).sum(axis=(1, 3))
        return np.asarray(counted >= _LEAST_CHANGED)
