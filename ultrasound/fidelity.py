"""How near a picture that arrived is to the one that was captured."""

import math

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
