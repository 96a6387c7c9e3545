"""PSNR and SSIM against values worked out by hand."""

import math

import numpy as np
import pytest

from ultrasound.errors import PictureError
from ultrasound.fidelity import psnr_db, sector_ssim

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


WHERE = np.ones((32, 32), np.bool_)


def test_equal_pictures_are_wholly_similar_and_flat_ones_by_their_means_alone() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (32, 32), np.uint8)
    assert sector_ssim(noise, noise.copy(), WHERE) == pytest.approx(1)
    a, b = np.full((32, 32), 100, np.uint8), np.full((32, 32), 110, np.uint8)
    c1 = (0.01 * 255) ** 2
    assert sector_ssim(a, b, WHERE) == pytest.approx((2 * 100 * 110 + c1) / (100**2 + 110**2 + c1))


def test_only_what_lies_in_the_sector_is_looked_at() -> None:
    a = np.random.default_rng(2).integers(0, 255, (64, 64), np.uint8)
    b = a.copy()
    b[:, 40:] = 255 - b[:, 40:]
    sector = np.zeros((64, 64), np.bool_)
    sector[:, :32] = True
    assert sector_ssim(a, b, sector) == pytest.approx(1)
    assert sector_ssim(a, b, ~sector) < 0.5


def test_pictures_that_cannot_be_compared_are_refused() -> None:
    grey = np.zeros((32, 32), np.uint8)
    for a, b, where in ((grey, grey[:16], WHERE), (grey, grey, WHERE[:16]), (grey, grey, ~WHERE)):
        with pytest.raises(PictureError):
            sector_ssim(a, b, where)
