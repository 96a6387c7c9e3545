"""The synthetic sector: the same at the same instant, moving, and stamped."""

import numpy as np
import pytest

from ultrasound import timecode
from ultrasound.errors import PictureError
from ultrasound.fidelity import psnr_db
from ultrasound.synthetic import SyntheticUltrasound

AT_US = 1_790_000_000_123_456


def test_the_picture_carries_its_capture_time() -> None:
    picture = SyntheticUltrasound().frame(AT_US)
    assert (picture.shape, picture.dtype) == ((480, 640, 3), np.uint8)
    assert timecode.read(picture) == AT_US // 1000 % 2**24


def test_the_same_instant_is_the_same_picture() -> None:
    assert np.array_equal(SyntheticUltrasound().frame(AT_US), SyntheticUltrasound().frame(AT_US))


def test_the_sector_moves_from_frame_to_frame() -> None:
    source = SyntheticUltrasound()
    before, after = source.frame(AT_US)[16:], source.frame(AT_US + 100_000)[16:]
    assert 15 < psnr_db(before, after) < 35


def test_outside_the_sector_there_is_nothing() -> None:
    picture = SyntheticUltrasound().frame(AT_US)
    assert not picture[20:200, :60].any()
    assert picture[200:300, 300:340].any()
    assert picture[400, 320].any()


@pytest.mark.parametrize(("width", "height"), [(416, 64), (1024, 768), (1921, 1079)])
def test_other_sizes_are_drawn_too(width: int, height: int) -> None:
    assert SyntheticUltrasound(width, height).frame(AT_US).shape == (height, width, 3)


@pytest.mark.parametrize(("width", "height"), [(400, 480), (640, 20), (5000, 480)])
def test_sizes_without_room_for_the_time_are_refused(width: int, height: int) -> None:
    with pytest.raises(PictureError, match="are possible"):
        SyntheticUltrasound(width, height)
