"""Gaussian smoothing of pooled beats and their slope, without delay."""

from functools import lru_cache
from math import ceil, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from ecg.signal.pooled_beat import STEP_MS

_REACH_SD = 3.5
_MAD_TO_SD = 1.4826


def smoothed(uv: NDArray[np.float64], sd_ms: float) -> NDArray[np.float64]:
    """Rows (leads, n) smoothed by a Gaussian of this standard deviation, as if their ends stood for ever."""
    kernel = _gaussian(sd_ms)
    reach = len(kernel) // 2
    padded = np.pad(uv, ((0, 0), (reach, reach)), mode="edge")
    return np.stack([np.convolve(row, kernel, "valid") for row in padded])


def slopes(uv: NDArray[np.float64]) -> NDArray[np.float64]:
    """Microvolts per millisecond, (leads, n)."""
    slope: NDArray[np.float64] = np.gradient(uv, axis=1) / STEP_MS
    return slope


def hiss(uv: NDArray[np.float64]) -> NDArray[np.float64]:
    """The standard deviation of what changes from sample to sample in each lead of (leads, n): noise like
    that of muscle, not the wander of the baseline."""
    spread: NDArray[np.float64] = np.median(np.abs(np.diff(uv, 2, axis=1)), axis=1)
    return spread * (_MAD_TO_SD / sqrt(6))


def slope_of_hiss(sd_ms: float) -> float:
    """The standard deviation of the slope, in uV/ms, of white noise of 1 uV after this smoothing."""
    sd = sd_ms / STEP_MS
    return sqrt(1 / (4 * sqrt(pi) * sd**3)) / STEP_MS


@lru_cache(maxsize=16)
def _gaussian(sd_ms: float) -> NDArray[np.float64]:
    sd = sd_ms / STEP_MS
    at = np.arange(-ceil(_REACH_SD * sd), ceil(_REACH_SD * sd) + 1)
    weights = np.exp(-(at**2) / (2 * sd * sd))
    kernel: NDArray[np.float64] = weights / weights.sum()
    return kernel
