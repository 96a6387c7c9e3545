"""Shapes on a picture, and exactly which pixels lie in them: the browser's twin is `mask.ts`.

Places count in captured pixels, (0, 0) being the middle of the upper left one. A pixel lies in a shape when
its middle does, edges included. Only sums and products of doubles are compared, so that both twins agree in
every pixel.
"""

from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

Lit = NDArray[np.bool_]
"""bool (height, width): whether each pixel lies inside."""


class Point(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A place on the picture; in JSON [x, y]."""

    x_px: float
    y_px: float


class _Shape(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="shape"
):  # the JSON says which one it is
    pass


class Fan(_Shape, frozen=True, kw_only=True, tag="fan"):
    """A sector between two arcs around `apex`: of a curved or a phased array.

    `left` and `right` lie anywhere on its sides, such as the outer corners; `left` as seen on the picture
    when the fan opens downwards. The sides open by less than 180 degrees, clockwise from right to left.
    """

    apex: Point
    left: Point
    right: Point
    inner_radius_px: float
    outer_radius_px: float


class Box(_Shape, frozen=True, kw_only=True, tag="rectangle"):
    """Whole pixels; `left_px` and `top_px` are the first ones inside."""

    left_px: int
    top_px: int
    width_px: int
    height_px: int

    @property
    def right_px(self) -> int:
        """The first column past it."""
        return self.left_px + self.width_px

    @property
    def bottom_px(self) -> int:
        """The first row past it."""
        return self.top_px + self.height_px

    @property
    def area_px(self) -> int:
        """Pixels in it."""
        return self.width_px * self.height_px


class Polygon(_Shape, frozen=True, kw_only=True, tag="polygon"):
    """Straight lines around it, the last point joined to the first; where they cross, even-odd."""

    points: tuple[Point, ...]


Shape: TypeAlias = Fan | Box | Polygon


def lit(shape: Shape, width: int, height: int) -> Lit:
    """Which pixels of a picture lie in the shape: bool (height, width)."""
    if isinstance(shape, Box):
        return _lit_box(shape, width, height)
    return _lit_fan(shape, width, height) if isinstance(shape, Fan) else _lit_polygon(shape, width, height)


def lit_any(shapes: tuple[Shape, ...], width: int, height: int) -> Lit:
    """Which pixels of a picture lie in one of the shapes, none of them when there is none."""
    inside = np.zeros((height, width), np.bool_)
    for shape in shapes:
        inside |= lit(shape, width, height)
    return inside


def bounding_box(inside: Lit) -> Box | None:
    """The smallest rectangle around all pixels inside; None when there are none."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if rows.size == 0:
        return None
    left, top = int(columns[0]), int(rows[0])
    return Box(
        left_px=left, top_px=top, width_px=int(columns[-1]) + 1 - left, height_px=int(rows[-1]) + 1 - top
    )


def _lit_box(box: Box, width: int, height: int) -> Lit:
    inside = np.zeros((height, width), np.bool_)
    inside[max(0, box.top_px) : max(0, box.bottom_px), max(0, box.left_px) : max(0, box.right_px)] = True
    return inside


def _lit_fan(fan: Fan, width: int, height: int) -> Lit:
    x = np.arange(width, dtype=np.float64)[None, :] - fan.apex.x_px
    y = np.arange(height, dtype=np.float64)[:, None] - fan.apex.y_px
    square = x * x + y * y
    inner, outer = fan.inner_radius_px, fan.outer_radius_px
    between = (square >= inner * inner) & (square <= outer * outer)
    left_x, left_y = fan.left.x_px - fan.apex.x_px, fan.left.y_px - fan.apex.y_px
    right_x, right_y = fan.right.x_px - fan.apex.x_px, fan.right.y_px - fan.apex.y_px
    return np.asarray(between & (left_x * y - left_y * x <= 0) & (right_x * y - right_y * x >= 0))


def _lit_polygon(polygon: Polygon, width: int, height: int) -> Lit:
    """By the crossings to the right of each pixel (the half-open rule: no corner counts twice)."""
    x = np.arange(width, dtype=np.float64)[None, :]
    inside = np.zeros((height, width), np.bool_)
    ends = (*polygon.points[1:], *polygon.points[:1])
    for start, end in zip(polygon.points, ends, strict=True):
        rows = np.arange(height, dtype=np.float64)
        crossed = np.flatnonzero((start.y_px > rows) != (end.y_px > rows))
        if crossed.size:
            run, rise = end.x_px - start.x_px, end.y_px - start.y_px
            at = run * (crossed - start.y_px) / rise + start.x_px
            inside[crossed] ^= x < at[:, None]
    return inside
