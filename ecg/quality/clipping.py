"""Whether the signal met the end of what the device or the file could hold.

A wave that is cut off has a level top with steep sides, which no wave of the heart has for long: at its top a
wave is at its slowest. A short level top must recur at the very same level. A pacing pulse, level and steep
too, gets there within one sample. A raised ST that stands still after a steep S goes over into T by and by,
and is no cut; a wave that comes out of a cut on its way down shows a corner, or noise brings it back there.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

LEAST_LEVEL_S = 0.006
LEAST_LEVEL = 3
"""A level top is this long, in seconds and in samples, and there is another of its level."""

LONG_LEVEL_S = 0.012
"""One so long needs no other: clean records have level tops of up to 8 ms, at another level each time."""

STEEP_UV_PER_MS = 10.0
SIDE_S = 0.004
STEEP_STEPS = 4
"""Its side rises so fast for so long: T and P stay below 10 uV/ms. Never less than four steps of a sample:
beside the top of a smooth wave, level because its steps are coarse, the next is at most two lower."""

JUMP_SHARE = 0.75
"""Of the rise may come in its last sample; a pacing pulse has all of it there."""

CORNER_S = 0.02
CORNER_UV_PER_MS = 1.0
CORNER_SHARE = 0.42
"""Beside a steep side the other may be as slow as that of T, when it begins at once: in so long it falls by
so much, and by this part of what it falls in twice as long. After a round shoulder that is a quarter."""

HELD_S = 0.1
HELD_UV = 1000.0
"""Or it stands still for so long, so far from all else: a saturated amplifier, a value held."""

FAR_UV = 300.0
"""A level top nearer to the usual level is no cut."""

RAIL = 32767
"""The end of 16 bits: every sample there is cut."""


def clipped_samples(
    steps: NDArray[np.int64], missing: NDArray[np.bool_], rate_hz: float, uv_per_step: float
) -> NDArray[np.bool_]:
    """Where a lead (n,) is cut off; `steps` are its samples as numbers, anything where missing."""
    cut = (np.abs(steps) >= RAIL) & ~missing
    there = steps[~missing]
    if not there.size:
        return cut
    usual = float(np.median(there))
    for level in {int(there.max()), int(there.min())}:
        tops = _level_stretches((steps == level) & ~missing, max(LEAST_LEVEL, ceil(LEAST_LEVEL_S * rate_hz)))
        if not tops:
            continue
        for first, end in _cut_tops(
            steps, missing, tops, abs(level - usual) * uv_per_step, rate_hz, uv_per_step
        ):
            cut[first:end] = True
        elsewhere = there[there != level]
        if elsewhere.size and abs(level - float(np.median(elsewhere))) * uv_per_step >= HELD_UV:
            for first, end in tops:
                cut[first:end] |= end - first >= HELD_S * rate_hz
    return cut


def _cut_tops(
    steps: NDArray[np.int64],
    missing: NDArray[np.bool_],
    tops: list[tuple[int, int]],
    far_uv: float,
    rate_hz: float,
    uv_per_step: float,
) -> list[tuple[int, int]]:
    """The level tops with a steep side and a sudden other one that are long, or not alone."""
    if far_uv < FAR_UV:
        return []
    reach = max(2, round(SIDE_S * rate_hz))
    least = max(STEEP_STEPS, STEEP_UV_PER_MS * 1000 * reach / rate_hz / uv_per_step)
    corner = max(2, round(CORNER_S * rate_hz))
    falls = max(STEEP_STEPS, CORNER_UV_PER_MS * 1000 * CORNER_S / uv_per_step)
    steep = [
        (first, end)
        for first, end in tops
        if _has_cut_sides(_Sides(steps, missing, first, end), reach, least, corner, falls)
    ]
    return [top for top in steep if len(steep) > 1 or top[1] - top[0] >= LONG_LEVEL_S * rate_hz]


def _level_stretches(at_level: NDArray[np.bool_], least: int) -> list[tuple[int, int]]:
    """First and end of each stretch at the level that is at least so long."""
    edges = np.flatnonzero(np.diff(at_level, prepend=False, append=False))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(first, end) for first, end in pairs if end - first >= least]


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """What lies beside a level top, from `first` to `end`, of a lead."""

    steps: NDArray[np.int64]
    missing: NDArray[np.bool_]
    first: int
    end: int

    def fall(self, after: bool, samples: int) -> int | None:
        """From the level to so many samples away on this side; None where it is not all there."""
        near, far = (self.end, self.end + samples - 1) if after else (self.first - 1, self.first - samples)
        low, high = min(near, far), max(near, far)
        if low < 0 or high >= len(self.steps) or self.missing[low : high + 1].any():
            return None
        return int(self.steps[self.first]) - int(self.steps[far])


def _has_cut_sides(sides: _Sides, reach: int, least: float, corner: int, falls: float) -> bool:
    """Whether one side is steep, and the level does not just go over into the other."""
    before, after = (_is_steep(sides, side, reach, least) for side in (False, True))
    if before and after:
        return True
    return (before or after) and not _goes_over(sides, before, corner, falls)


def _is_steep(sides: _Sides, after: bool, reach: int, least: float) -> bool:
    """Whether a side rises by `least` steps over `reach` samples, and not all of it in the last one."""
    rise, jump = sides.fall(after, reach), sides.fall(after, 1)
    return rise is not None and jump is not None and abs(rise) >= least and 0 <= jump / rise <= JUMP_SHARE


def _goes_over(sides: _Sides, after: bool, samples: int, least: float) -> bool:
    """Whether the level goes over into this side without a corner, and never comes back to it."""
    falls = [sides.fall(after, count) for count in range(1, 2 * samples + 1)]
    there = [fall for fall in falls if fall is not None]
    if not there:
        return True  # the next second, which begins before this one ended, tells
    is_even = all(abs(a) <= abs(b) and a * b > 0 for a, b in pairwise(there[:samples]))
    if len(there) < len(falls) or not is_even:
        return is_even
    return abs(there[samples - 1]) < max(least, CORNER_SHARE * abs(there[-1]))
