"""How near a picture that arrived is to the one that was captured."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ultrasound.errors import PictureError


def psnr_db(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Peak signal-to-noise ratio in dB of two 8-bit pictures of one shape; infinite when they are equal."""
    if a.shape != b.shape or a.dtype != np.uint8 or b.dtype != np.uint8:
        raise PictureError(f"{a.dtype} {a.shape} against {b.dtype} {b.shape}; uint8 of one shape is right")
    difference = a.astype(np.int32) - b
    error = float(np.mean(difference * difference))
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


def sector_ssim(a: NDArray[np.uint8], b: NDArray[np.uint8], where: NDArray[np.bool_]) -> float:
    """Mean structural similarity of two 8-bit grey pictures over the pixels `where` is true; 1 when equal.

    Windows of 11x11 with a Gaussian of 1.5 pixels, as the reference implementation has them. Inside the
    sector only: a black border is always the same, and would raise the mean.

    References
    ----------
    Wang, Bovik, Sheikh, Simoncelli 2004, IEEE Trans. Image Process. 13(4): equation 13, K1 0.01, K2 0.03.
    """
    if a.shape != b.shape or a.dtype != np.uint8 or b.dtype != np.uint8 or a.ndim != 2:
        raise PictureError(
            f"{a.dtype} {a.shape} against {b.dtype} {b.shape}; uint8 grey of one shape is right"
        )
    if where.shape != a.shape or not where.any():
        raise PictureError(f"looked at where {where.shape} of {a.shape}; some pixels of it are right")
    x, y = a.astype(np.float64), b.astype(np.float64)
    mean_x, mean_y = _local_mean(x), _local_mean(y)
    variances = _local_mean(x * x) - mean_x**2 + _local_mean(y * y) - mean_y**2
    covariance = _local_mean(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    alike = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    similar = alike / ((mean_x**2 + mean_y**2 + c1) * (variances + c2))
    return float(similar[where].mean())


def _local_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float64)
