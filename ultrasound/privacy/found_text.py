"""Where letters and lines are burned into a picture: boxes, found by their sharp edges. Nothing is read.

Text has edges that tissue seldom has. Outside the sector this finds every written line (measured on screens
of three makers, docs/ultrasound-privacy.md); inside it, bright tissue is taken for text as well.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ultrasound.errors import PictureError
from ultrasound.privacy.shapes import Box, Lit
from ultrasound.privacy.visible import visible_by_regions
from ultrasound.regions import Region

EDGE = 40
"""Grey levels between neighbouring pixels; text that a reader can see has more, a grabber's noise less."""

_LEAST_HEIGHT_PX, _LEAST_WIDTH_PX, _LEAST_EDGE_PX = 5, 5, 20
_JOINED_SHARE = 40  # letters as far apart as a fortieth of the picture's height are one line of text
_LINE_SHARE = 8  # an edge straight over an eighth of the picture is a frame, not a letter
_LETTERS_LARGE_ENOUGH_PX = (
    480  # taller pictures are looked at in a half, a third …: their letters are larger too
)


def text_outside(picture: NDArray[np.uint8], regions: Sequence[Region]) -> tuple[Box, ...]:
    """Text outside of a file's regions, from top to bottom; without regions, all that is found.

    `picture` is uint8, RGB (height, width, 3) or grey (height, width).
    """
    height, width = picture.shape[:2]
    return find_text(picture, ~visible_by_regions(regions, width, height))


def find_text(picture: NDArray[np.uint8], where: Lit) -> tuple[Box, ...]:
    """Boxes around sharp edges among the pixels `where` is true, from top to bottom.

    Raises PictureError when picture and `where` do not fit together.
    """
    if picture.dtype != np.uint8 or picture.shape[:2] != where.shape or picture.ndim not in (2, 3):
        raise PictureError(
            f"{picture.dtype} {picture.shape} looked at where {where.shape}; uint8 of one size is right"
        )
    step = max(1, round(where.shape[0] / _LETTERS_LARGE_ENOUGH_PX))
    edges = _edges(picture, where, step)
    gap = max(3, edges.shape[0] // _JOINED_SHARE)
    joined = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined, ltype=cv2.CV_16U)[2]
    found = (_box(row, edges, step) for row in stats[1:].tolist())
    return tuple(sorted((box for box in found if box), key=_reading_order))


def _box(row: list[int], edges: NDArray[np.uint8], step: int) -> Box | None:
    """The place of one component in the picture's own pixels; None for a speck."""
    x, y, width, height, _ = row
    if height * step < _LEAST_HEIGHT_PX or width * step < _LEAST_WIDTH_PX:
        return None
    if cv2.countNonZero(edges[y : y + height, x : x + width]) * step * step < _LEAST_EDGE_PX:
        return None
    return Box(left_px=x * step, top_px=y * step, width_px=width * step, height_px=height * step)


def _reading_order(box: Box) -> tuple[int, int]:
    return box.top_px, box.left_px


def _edges(picture: NDArray[np.uint8], where: Lit, step: int) -> NDArray[np.uint8]:
    """255 at edges; none on the border of `where`, which would be one itself."""
    small = (where.shape[1] // step, where.shape[0] // step)
    looked = cv2.resize(where.view(np.uint8), small, interpolation=cv2.INTER_NEAREST)
    near = cv2.resize(picture, small, interpolation=cv2.INTER_AREA) if step > 1 else picture
    # The strongest of the colours: red letters on blue may be equally grey.
    bright = cv2.max(cv2.max(near[:, :, 0], near[:, :, 1]), near[:, :, 2]) if near.ndim == 3 else near
    square = np.ones((3, 3), np.uint8)
    _, steep = cv2.threshold(
        cv2.morphologyEx(bright, cv2.MORPH_GRADIENT, square), EDGE - 1, 255, cv2.THRESH_BINARY
    )
    steep[cv2.erode(looked, square) == 0] = 0  # at the picture's own border nothing is eroded
    return _without_lines(np.asarray(steep, np.uint8))


def _without_lines(edges: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without what is straight over a great part of the picture: around a frame all text would be one box."""
    height, width = edges.shape
    across = cv2.morphologyEx(edges, cv2.MORPH_OPEN, np.ones((1, max(9, width // _LINE_SHARE)), np.uint8))
    down = cv2.morphologyEx(edges, cv2.MORPH_OPEN, np.ones((max(9, height // _LINE_SHARE), 1), np.uint8))
    return np.asarray(cv2.subtract(edges, cv2.bitwise_or(across, down)), np.uint8)
