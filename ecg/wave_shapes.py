"""The shapes that made-up waves are drawn with, exact beginnings and ends, zero outside; resting heights."""

import numpy as np
from numpy.typing import NDArray

from ecg.leads import Lead

Heights = dict[Lead, tuple[int, int, int, int, int]]
"""Of P, Q, R, S, T in microvolts, at their peaks."""

# Ordinary resting values, V1 with its deep S, V4 the tallest.
RESTING_UV: Heights = {
    Lead.I: (60, -40, 700, -120, 200),
    Lead.II: (120, -60, 1100, -180, 300),
    Lead.V1: (50, 0, 250, -1000, -80),
    Lead.V2: (60, 0, 500, -1400, 400),
    Lead.V3: (60, 0, 900, -900, 500),
    Lead.V4: (60, -60, 1500, -500, 450),
    Lead.V5: (60, -80, 1300, -220, 350),
    Lead.V6: (60, -80, 1000, -100, 280),
}


def hump(at: NDArray[np.float64], onset: float, width: float) -> NDArray[np.float64]:
    """A raised cosine of height 1 from `onset` to `onset + width`, at these times of the same unit."""
    inside = (at >= onset) & (at <= onset + width)
    return np.where(inside, 0.5 - 0.5 * np.cos(2 * np.pi * (at - onset) / width), 0.0)


def spike(at: NDArray[np.float64], onset: float, width: float) -> NDArray[np.float64]:
    """A triangle of height 1 from `onset` to `onset + width`, its peak in the middle."""
    height: NDArray[np.float64] = 1 - np.abs(2 * (at - onset) / width - 1)
    return np.where(height > 0, height, 0.0)
