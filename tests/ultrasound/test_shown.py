"""A part of a picture, cut and scaled: every pixel stands where it says."""

import numpy as np
import pytest

from ultrasound.shown import Rectangle, Scale, Shown


def marked(width: int, height: int, x: int, y: int) -> np.ndarray:
    picture = np.zeros((height, width, 3), np.uint8)
    picture[y : y + 8, x : x + 8] = 255
    return picture


@pytest.mark.parametrize("scale", list(Scale))
def test_a_mark_of_the_captured_picture_stands_where_the_part_maps_it(scale: Scale) -> None:
    shown = Shown(640, 480, Rectangle(160, 64, 320, 352), scale)
    sent = shown.cut(marked(640, 480, 400, 320))
    assert sent.shape == (shown.height, shown.width, 3)
    rows, columns = np.nonzero(sent[..., 0] > 127)
    x = shown.part.left + (columns.mean() + 0.5) * shown.part.width / shown.width
    y = shown.part.top + (rows.mean() + 0.5) * shown.part.height / shown.height
    assert (x, y) == pytest.approx((404, 324), abs=1)


def test_an_odd_side_repeats_its_last_pixel_and_says_so() -> None:
    shown = Shown.whole(641, 479)
    assert (shown.part.width, shown.part.height, shown.width, shown.height) == (642, 480, 642, 480)
    picture = np.random.default_rng(1).integers(0, 255, (479, 641, 3), np.uint8)
    sent = shown.cut(picture)
    assert np.array_equal(sent[:479, :641], picture)
    assert np.array_equal(sent[:479, 641], picture[:, 640]) and np.array_equal(sent[479, :641], picture[478])


def test_the_whole_picture_is_sent_as_it_is() -> None:
    picture = np.random.default_rng(2).integers(0, 255, (480, 640, 3), np.uint8)
    assert np.array_equal(Shown.whole(640, 480).cut(picture), picture)


def test_two_rectangles_join_to_the_smallest_around_both() -> None:
    one, other = Rectangle(10, 20, 30, 40), Rectangle(0, 50, 20, 20)
    joined = one.joined(other)
    assert joined == Rectangle(0, 20, 40, 50)
    assert joined.holds(one) and joined.holds(other) and not one.holds(other)
    assert joined.area == 2000
