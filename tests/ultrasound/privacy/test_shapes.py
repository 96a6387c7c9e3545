"""Which pixels lie in a shape, against reckoning by angles and against OpenCV."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given

from tests.ultrasound.privacy.profiles import HEIGHT, WIDTH, box, boxes, polygons
from ultrasound.errors import ProfileWrong
from ultrasound.privacy.fans import fan_from_angles, fan_from_corners
from ultrasound.privacy.shapes import Box, Point, Polygon, bounding_box, lit, lit_any


def test_a_fan_holds_what_lies_between_its_radii_and_its_angles() -> None:
    inside = lit(fan_from_angles(Point(100.3, -20.4), 45.0, 140.0, -50.0, 20.0), 200, 150)
    y, x = np.mgrid[0:150, 0:200]
    far, angle = np.hypot(x - 100.3, y + 20.4), np.degrees(np.arctan2(x - 100.3, y + 20.4))
    assert (inside == ((far >= 45) & (far <= 140) & (angle >= -50) & (angle <= 20))).all()
    assert 0.1 < inside.mean() < 0.9


def test_the_four_corners_of_a_fan_give_the_fan() -> None:
    wanted = fan_from_angles(Point(320.3, 20.2), 50.1, 400.4, -38.0, 41.0)
    near = fan_from_angles(Point(320.3, 20.2), 10.0, 50.1, -38.0, 41.0)
    found = fan_from_corners(near.left, near.right, wanted.right, wanted.left)
    assert math.dist((found.apex.x_px, found.apex.y_px), (320.3, 20.2)) < 1e-6
    assert (lit(found, 640, 480) != lit(wanted, 640, 480)).sum() <= 9  # radii differ in their last bits


def test_corners_with_parallel_sides_or_a_meeting_below_are_refused() -> None:
    left, right = (Point(10.0, 0.0), Point(10.0, 90.0)), (Point(50.0, 0.0), Point(50.0, 90.0))
    with pytest.raises(ProfileWrong, match="rectangle"):
        fan_from_corners(left[0], right[0], right[1], left[1])
    with pytest.raises(ProfileWrong, match="below"):
        fan_from_corners(Point(0.0, 0.0), Point(90.0, 0.0), Point(50.0, 90.0), Point(40.0, 90.0))


@given(boxes)
def test_a_rectangle_is_its_pixels_and_its_own_bounds(given_box: Box) -> None:
    inside = lit(given_box, WIDTH, HEIGHT)
    assert inside.sum() == given_box.area_px
    assert bounding_box(inside) == given_box


@given(polygons)
def test_a_polygon_holds_the_middles_that_opencv_says_are_inside(polygon: Polygon) -> None:
    inside = lit(polygon, WIDTH, HEIGHT)
    contour = np.array([(point.x_px, point.y_px) for point in polygon.points], np.float32)
    for y, x in ((0, 0), (11, 7), (24, 32), (47, 63), (30, 50)):
        far = cv2.pointPolygonTest(contour, (float(x), float(y)), True)
        if abs(far) > 1e-3:  # on an edge the two rules may differ
            assert inside[y, x] == (far > 0), (x, y)


def test_shapes_of_a_double_screen_are_joined_and_none_are_nothing() -> None:
    inside = lit_any((box(2, 3, 10, 10), box(40, 3, 10, 10)), WIDTH, HEIGHT)
    assert inside.sum() == 200
    assert bounding_box(inside) == box(2, 3, 48, 10)
    assert bounding_box(lit_any((), WIDTH, HEIGHT)) is None


def test_a_shape_that_reaches_past_the_picture_ends_with_it() -> None:
    assert lit(box(60, 40, 50, 50), WIDTH, HEIGHT).sum() == 4 * 8
    assert lit(box(-5, -5, 8, 8), WIDTH, HEIGHT).sum() == 9
