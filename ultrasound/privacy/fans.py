"""Fans as people give them: by four corners, or by radii and angles."""

import math

from ultrasound.errors import ProfileWrong
from ultrasound.privacy.shapes import Fan, Point


def fan_from_corners(top_left: Point, top_right: Point, bottom_right: Point, bottom_left: Point) -> Fan:
    """The fan whose sides run through two corners each and whose arcs run through them, in the mean.

    Raises ProfileWrong when the sides do not meet above the fan (parallel sides: a rectangle or polygon is
    right).
    """
    apex = _meeting(top_left, bottom_left, top_right, bottom_right)
    inner = (_apart(apex, top_left) + _apart(apex, top_right)) / 2
    outer = (_apart(apex, bottom_left) + _apart(apex, bottom_right)) / 2
    if inner >= outer:
        raise ProfileWrong(
            f"the sides of the fan meet below it, at ({apex.x_px:.0f}, {apex.y_px:.0f}); above it is right"
        )
    return Fan(apex=apex, left=bottom_left, right=bottom_right, inner_radius_px=inner, outer_radius_px=outer)


def fan_from_angles(
    apex: Point, inner_radius_px: float, outer_radius_px: float, left_deg: float, right_deg: float
) -> Fan:
    """The fan between two angles from straight down, positive towards the right of the picture."""
    if not left_deg < right_deg < left_deg + 180:
        raise ProfileWrong(f"a fan from {left_deg:g} to {right_deg:g} degrees; it opens by 0 to 180 degrees")
    return Fan(
        apex=apex,
        left=_at(apex, outer_radius_px, left_deg),
        right=_at(apex, outer_radius_px, right_deg),
        inner_radius_px=inner_radius_px,
        outer_radius_px=outer_radius_px,
    )


def _at(apex: Point, radius_px: float, angle_deg: float) -> Point:
    angle = math.radians(angle_deg)
    return Point(apex.x_px + radius_px * math.sin(angle), apex.y_px + radius_px * math.cos(angle))


def _apart(a: Point, b: Point) -> float:
    return math.hypot(a.x_px - b.x_px, a.y_px - b.y_px)


def _meeting(a: Point, b: Point, c: Point, d: Point) -> Point:
    """Where the lines through a, b and through c, d meet."""
    ab_x, ab_y, cd_x, cd_y = b.x_px - a.x_px, b.y_px - a.y_px, d.x_px - c.x_px, d.y_px - c.y_px
    turn = ab_x * cd_y - ab_y * cd_x
    if abs(turn) <= 1e-3 * math.hypot(ab_x, ab_y) * math.hypot(cd_x, cd_y):
        raise ProfileWrong("the sides of the fan are parallel; a rectangle or a polygon is right")
    along = ((c.x_px - a.x_px) * cd_y - (c.y_px - a.y_px) * cd_x) / turn
    return Point(a.x_px + along * ab_x, a.y_px + along * ab_y)
