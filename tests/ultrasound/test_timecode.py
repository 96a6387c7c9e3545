"""Capture time in pixels: read back after everything a picture goes through, or not at all."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ultrasound.encoding import through_h264
from ultrasound import timecode
from ultrasound.errors import PictureError
from ultrasound.synthetic import SyntheticUltrasound

NOW_MS = 1_790_000_000_123


def blank(height: int = 16, width: int = 416) -> np.ndarray:  # type: ignore[type-arg]
    return np.full((height, width, 3), 90, np.uint8)


@given(st.integers(0, 2**45))
def test_what_is_written_is_read(capture_ms: int) -> None:
    picture = blank()
    timecode.burn(picture, capture_ms)
    assert timecode.read(picture) == capture_ms % 2**24
    assert timecode.read(picture[:, :, 0]) == capture_ms % 2**24


@given(st.integers(2**25, 2**45), st.integers(-7_000_000, 7_000_000))
def test_the_full_time_is_found_from_a_near_one(capture_ms: int, apart_ms: int) -> None:
    assert timecode.unwrap(capture_ms % 2**24, capture_ms + apart_ms) == capture_ms


@given(st.integers(0, 2**24 - 1), st.integers(0, timecode.BLOCKS - 1))
def test_one_wrong_square_is_noticed(code: int, square: int) -> None:
    picture = blank()
    timecode.burn(picture, code)
    columns = slice(16 * square, 16 * square + 16)
    picture[:, columns] = 255 - picture[:, columns]
    assert timecode.read(picture) is None


@pytest.mark.parametrize("level", [0, 60, 128, 200, 255])
def test_a_picture_without_a_time_has_none(level: int) -> None:
    assert timecode.read(np.full((480, 640, 3), level, np.uint8)) is None


def test_a_grey_square_is_not_guessed() -> None:
    picture = blank()
    timecode.burn(picture, NOW_MS)
    picture[:, 32:48] = 130
    assert timecode.read(picture) is None


def test_nothing_but_the_strip_is_touched() -> None:
    picture = blank(100, 500)
    timecode.burn(picture, NOW_MS)
    assert (picture[16:] == 90).all()
    assert (picture[:, 416:] == 90).all()


def test_the_time_survives_h264_at_2_mbit_and_limited_range() -> None:
    source = SyntheticUltrasound()
    times_us = [NOW_MS * 1000 + k * 33_333 for k in range(60)]
    shown = through_h264((source.frame(time_us) for time_us in times_us), mbps=2)
    assert [timecode.read(picture) for picture in shown] == [time_us // 1000 % 2**24 for time_us in times_us]


def test_the_time_survives_a_screen_that_scales_and_back() -> None:
    picture = SyntheticUltrasound().frame(NOW_MS * 1000)
    smaller = cv2.resize(picture, (480, 360), interpolation=cv2.INTER_AREA)
    back = np.asarray(cv2.resize(smaller, (640, 480)), np.uint8)
    assert timecode.read(back) == NOW_MS % 2**24


@pytest.mark.parametrize("shape", [(15, 416, 3), (16, 415, 3), (480,)])
def test_a_picture_too_small_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(PictureError, match="416x16"):
        timecode.burn(np.zeros(shape, np.uint8), 0)
    with pytest.raises(PictureError, match="416x16"):
        timecode.read(np.zeros(shape, np.uint8))
