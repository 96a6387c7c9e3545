"""PSNR against values worked out by hand."""

import math

import numpy as np
import pytest

from ultrasound.errors import PictureError
from ultrasound.fidelity import psnr_db

BLACK = np.zeros((4, 4, 3), np.uint8)


def test_equal_pictures_are_infinitely_near() -> None:
    assert psnr_db(BLACK, BLACK.copy()) == math.inf


def test_black_against_white_is_zero_db() -> None:
    assert psnr_db(BLACK, BLACK + 255) == pytest.approx(0)


def test_a_difference_of_one_everywhere_is_48_db() -> None:
    assert psnr_db(BLACK, BLACK + 1) == pytest.approx(20 * math.log10(255))
    assert psnr_db(BLACK + 1, BLACK) == psnr_db(BLACK, BLACK + 1)


def test_pictures_of_different_shape_or_type_are_not_compared() -> None:
    with pytest.raises(PictureError, match="uint8 of one shape"):
        psnr_db(BLACK, BLACK[:2])
    with pytest.raises(PictureError, match="int16"):
        psnr_db(BLACK, BLACK.astype(np.int16))  # type: ignore[arg-type]
