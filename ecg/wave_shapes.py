"""The shapes that made-up waves are drawn with: exact beginnings and ends, zero outside."""

import numpy as np
from numpy.typing import NDArray


def hump(at: NDArray[np.float64], onset: float, width: float) -> NDArray[np.float64]:
    """A raised cosine of height 1 from `onset` to `onset + width`, at these times of the same unit."""
    inside = (at >= onset) & (at <= onset + width)
    return np.where(inside, 0.5 - 0.5 * np.cos(2 * np.pi * (at - onset) / width), 0.0)


def spike(at: NDArray[np.float64], onset: float, width: float) -> NDArray[np.float64]:
    """A triangle of height 1 from `onset` to `onset + width`, its peak in the middle."""
    height: NDArray[np.float64] = 1 - np.abs(2 * (at - onset) / width - 1)
    return np.where(height > 0, height, 0.0)
