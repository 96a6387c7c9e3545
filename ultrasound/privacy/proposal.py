"""Proposes a device profile from a moving loop: the sector moves, the text beside it stands still.

A proposal is looked at and signed by a person; nothing is masked by one that is not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ultrasound.cine import Picture
from ultrasound.errors import PictureError, ProfileWrong
from ultrasound.privacy.fan_fit import fit_fan
from ultrasound.privacy.found_text import find_text
from ultrasound.privacy.profile import DeviceProfile, check_profile
from ultrasound.privacy.shapes import Box, Lit, Point, Polygon, Shape, bounding_box, lit
from ultrasound.privacy.visible import away_from

MOVED_BY = 1.5
"""Standard deviation over the frames, grey levels: tissue has more, a still screen through a codec less."""

_LEAST_SHARE = 0.02  # of the picture: what moves in less is a cursor or a clock
_GOOD_FIT = 0.94  # intersection over union with what moved; below it a polygon keeps closer to it
_CLOSED_SHARE = 40  # of the height: dark parts of the sector move little, and are closed over


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a loop shows. `keep` is None when too little moves; `agreement` is that of `keep` with what
    moves.
    """

    width_px: int
    height_px: int
    keep: Shape | None
    agreement: float
    text: tuple[Box, ...]

    def profile(self, source: str, layout: str) -> DeviceProfile:
        """As a profile nobody has signed; raises ProfileWrong when there is no shape."""
        if self.keep is None:
            raise ProfileWrong("too little moves for a shape; a loop of a moving picture is right")
        profile = DeviceProfile(
            source=source,
            layout=layout,
            width_px=self.width_px,
            height_px=self.height_px,
            keep=(self.keep,),
            known_text=self.text,
        )
        check_profile(profile)
        return profile


def propose(frames: Iterable[Picture]) -> Proposal:
    """Shape and text of a loop: uint8 RGB (height, width, 3) frames of one size, two at least; 24 are enough.

    Raises PictureError when there is no frame, or frames differ in size.
    """
    moved, middle = _variation(frames)
    height, width = middle.shape
    hull = _hull_of_largest(moved > MOVED_BY)
    if hull is None:
        return Proposal(width, height, None, 0.0, find_text(middle, np.ones((height, width), np.bool_)))
    shape, agreement = _fitted(hull, width, height)
    return Proposal(width, height, shape, agreement, find_text(middle, away_from(lit(shape, width, height))))


def _variation(frames: Iterable[Picture]) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Standard deviation and mean of each pixel over time."""
    total = square = None
    count = 0
    for frame in frames:
        grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32)
        if total is None or square is None:
            total, square = np.zeros_like(grey), np.zeros_like(grey)
        if grey.shape != total.shape:
            raise PictureError(f"frames of {grey.shape} and {total.shape}; one size is right")
        total += grey
        square += grey * grey
        count += 1
    if total is None or square is None:
        raise PictureError("no frame to propose from; two at least are right")
    mean = total / count
    return np.sqrt(np.maximum(square / count - mean * mean, 0)), np.rint(mean).astype(np.uint8)


def _hull_of_largest(moved: Lit) -> NDArray[np.int32] | None:
    """The convex hull (points, 2) around the largest piece of what moved."""
    side = max(3, moved.shape[0] // _CLOSED_SHARE) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    padded = cv2.copyMakeBorder(moved.astype(np.uint8), side, side, side, side, cv2.BORDER_CONSTANT)
    opened = cv2.morphologyEx(padded, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, disc)[side:-side, side:-side]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(closed))
    if len(stats) < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    if stats[largest, cv2.CC_STAT_AREA] < _LEAST_SHARE * moved.size:
        return None
    rows, columns = np.nonzero(labels == largest)
    hull = cv2.convexHull(np.stack([columns, rows], axis=1).astype(np.int32))
    return np.asarray(hull.reshape(-1, 2), np.int32)


def _fitted(hull: NDArray[np.int32], width: int, height: int) -> tuple[Shape, float]:
    """A rectangle or a fan where one fits, else the hull itself."""
    points = tuple(Point(float(x), float(y)) for x, y in cv2.approxPolyDP(hull, 1.0, True).reshape(-1, 2))
    polygon = Polygon(points=points)
    alive = lit(polygon, width, height)
    box = bounding_box(alive)
    found: list[tuple[Shape, float]] = []
    if box is not None:
        found.append((box, _agreement(lit(box, width, height), alive)))
    fan = fit_fan(alive)
    if fan is not None:
        found.append((fan, _agreement(lit(fan, width, height), alive)))
    best = max(found, key=lambda one: one[1], default=None)
    return best if best is not None and best[1] >= _GOOD_FIT else (polygon, 1.0)


def _agreement(a: Lit, b: Lit) -> float:
    """Intersection over union, 0 to 1."""
    union = np.count_nonzero(a | b)
    return np.count_nonzero(a & b) / union if union else 0.0
