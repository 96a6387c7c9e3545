"""One beat that stands for several of one shape, long enough for P and T, on one grid of time.

The median of the beats sample by sample, where a beat's own neighbours and holes are left out; at 500 Hz
whatever the rate was, so that everything after it measures with the same ruler.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, sqrt

import numpy as np
from numpy.typing import NDArray

from ecg.leads import MISSING

GRID_HZ = 500.0
STEP_MS = 1000.0 / GRID_HZ
"""Of a pooled beat."""

_BEFORE_S = 0.62
_AFTER_S = 0.80
_LAST_QRS_S = 0.14
_NEXT_QRS_S = 0.08
"""What lies closer to a neighbour's R than this is its QRS complex and not this beat."""

_LEVEL_S = (0.11, 0.07)
_MOST_BEATS = 60
"""Of more, so many are taken evenly: the median gains nothing, and the heart changes its rate meanwhile."""

_HALF_KERNEL = 3
_MAD_TO_SD = 1.4826


@dataclass(frozen=True, slots=True, eq=False)
class PooledBeat:
    """`uv` (leads, n) at 500 Hz with R at `r`, above the level before QRS; no missing value.

    `noise_uv` (leads,): the standard deviation of what noise is left. `count`: how many beats are in it.
    """

    uv: NDArray[np.float64]
    r: int
    noise_uv: NDArray[np.float64]
    count: int


def pooled_beat(
    samples: NDArray[np.int16],
    at: Sequence[int],
    all_beats: Sequence[int],
    rate_hz: float,
    nv_per_lsb: float,
) -> PooledBeat:
    """The beats with R `at`, of int16 (leads, n), as one. `all_beats`: every R, in order."""
    some = at[:: ceil(len(at) / _MOST_BEATS)]
    before, after = round(_BEFORE_S * rate_hz), round(_AFTER_S * rate_hz)
    stack = np.stack([_alone(samples, r, all_beats, before, after, rate_hz) for r in some])
    stack *= nv_per_lsb / 1000
    median = _median_of_present(stack)
    first, end = _covered(stack, before)
    noise = _noise_left(stack[:, :, first:end], median[:, first:end])
    uv, r = on_grid(np.nan_to_num(median[:, first:end]), before - first, rate_hz)
    return PooledBeat(uv, r, noise, len(some))


def _alone(
    samples: NDArray[np.int16], r: int, all_beats: Sequence[int], before: int, after: int, rate_hz: float
) -> NDArray[np.float64]:
    """One beat above its level before QRS; NaN where it is missing or a neighbour begins."""
    place = int(np.searchsorted(np.asarray(all_beats), r))
    near = [one for one in all_beats[max(place - 2, 0) : place + 3] if abs(one - r) > 0.1 * rate_hz]
    low = max([r - before, 0, *(one + round(_LAST_QRS_S * rate_hz) for one in near if one < r)])
    high = min(
        [
            r + after + 1,
            samples.shape[1],
            *(one - round(_NEXT_QRS_S * rate_hz) for one in near if one > r),
        ]
    )
    early, late = (r - round(s * rate_hz) for s in _LEVEL_S)
    level = np.median(samples[:, early:late], axis=1, keepdims=True)
    part = samples[:, low:high] - level
    part[samples[:, low:high] == MISSING] = np.nan
    alone = np.full((samples.shape[0], before + after + 1), np.nan)
    alone[:, low - r + before : high - r + before] = part
    return alone


def _median_of_present(stack: NDArray[np.float64]) -> NDArray[np.float64]:
    """The median over the first axis of what is not NaN; NaN where nothing is there."""
    ordered = np.sort(stack, axis=0)  # NaN last
    count = np.isfinite(stack).sum(axis=0)
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    high = np.minimum(high, stack.shape[0] - 1)
    pair = [np.take_along_axis(ordered, place[None], axis=0)[0] for place in (low, high)]
    median: NDArray[np.float64] = (pair[0] + np.where(count % 2, pair[0], pair[1])) / 2
    return median


def _covered(stack: NDArray[np.float64], r: int) -> tuple[int, int]:
    """The stretch around R where every lead has at least half of the beats."""
    there = (np.isfinite(stack).mean(axis=0) >= 0.5).all(axis=0)
    absent = np.flatnonzero(~there)
    first = int(absent[absent < r].max(initial=-1)) + 1
    end = int(absent[absent > r].min(initial=len(there)))
    return first, end


def _noise_left(stack: NDArray[np.float64], median: NDArray[np.float64]) -> NDArray[np.float64]:
    """From how the beats differ; of one or two beats, from how ragged they are."""
    count = stack.shape[0]
    if count >= 3:
        apart = np.abs(stack - median)
        flat = np.moveaxis(apart, 1, 0).reshape(stack.shape[1], -1)
        spread = np.array([np.median(row[np.isfinite(row)]) for row in flat])
    else:
        spread = np.median(np.abs(np.diff(median, 2, axis=1)), axis=1) / sqrt(6)
    noise: NDArray[np.float64] = _MAD_TO_SD * spread
    return noise * sqrt(np.pi / 2 / count) if count >= 3 else noise


def on_grid(uv: NDArray[np.float64], r: int, rate_hz: float) -> tuple[NDArray[np.float64], int]:
    """The same signal at 500 Hz, R on the grid; a windowed sinc keeps out what 500 Hz cannot hold."""
    if rate_hz == GRID_HZ:
        return uv, r
    index, weights, reach, before = _grid_weights(uv.shape[1], r, rate_hz)
    padded = np.pad(uv, ((0, 0), (reach, reach)), mode="edge")
    on_it: NDArray[np.float64] = np.einsum("lnt,nt->ln", padded[:, index], weights)
    return on_it, before


@lru_cache(maxsize=8)
def _grid_weights(
    count: int, r: int, rate_hz: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], int, int]:
    """Which samples, with which weights, make each place; how many to add at either end; R on the grid."""
    step = rate_hz / GRID_HZ
    before = floor(r / step)
    places = r + step * np.arange(-before, floor((count - 1 - r) / step) + 1)
    width = max(1.0, step)
    reach = ceil(_HALF_KERNEL * width)
    nearest = np.rint(places).astype(np.int64)
    index = nearest[:, None] + np.arange(-reach, reach + 1) + reach
    apart = (index - reach - places[:, None]) / width
    inside = np.abs(apart) < _HALF_KERNEL
    weights = np.where(inside, np.sinc(apart) * np.cos(np.pi / 2 * apart / _HALF_KERNEL) ** 2, 0.0)
    return index, weights / weights.sum(axis=1, keepdims=True), reach, before
