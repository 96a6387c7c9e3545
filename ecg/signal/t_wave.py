"""The T wave of a pooled beat: onset, peak and end in each lead, and one end that no single lead decides.

The end is where a trapezium between the steepest point of T's last limb and the rest after it is largest
(Vázquez-Seisdedos et al., BioMed Eng OnLine 2011): close to where the tangent meets the baseline, but it
needs no baseline and does not follow a U wave. A low T says little: leads count by the height of their T.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.signal.pooled_beat import STEP_MS
from ecg.signal.smoothing import slopes, smoothed

_SMOOTHING_MS = 10.0
_AFTER_QRS_MS = 40.0
_LEAST_MS = 80.0
"""T begins no earlier after QRS, and needs so much room."""

_BEFORE_PEAK_MS = 80.0
_AFTER_PEAK_MS = 200.0
"""Where a lead has its T, around the peak of all leads together."""

_SECOND_PHASE = 0.3
_SECOND_PHASE_MS = 140.0
"""The last limb is that of a second, opposite phase when that soon reaches this part of the first."""

_LEAST_OF_ST = 0.6
_BEGINNING_OF_LIMB = 0.3

_LIMB_MS = 150.0
_REST_OF_LIMB = 2.5
_LEAST_REST_MS = 60.0
"""The rest after T is looked at for so many times the way from the peak to the steepest point, or so long."""

_FARTHEST_LEAD_MS = 60.0

_LEAST_UV = 40.0
_OVER_NOISE = 4.0


@dataclass(frozen=True, slots=True)
class TWave:
    """Places on the grid; `height_uv` above the rest after it, signed."""

    onset: float
    peak: float
    end: float
    height_uv: float


@dataclass(frozen=True, slots=True)
class TWaves:
    """`of_all`: the T of all leads together. `leads`: each lead's own, None where it is too low
    or ends elsewhere.

    `spread_ms`: how far the leads' ends lie from that of all, half of them (by height) closer.
    """

    of_all: TWave
    leads: tuple[TWave | None, ...]
    spread_ms: float


def t_waves(
    uv: NDArray[np.float64], noise_uv: NDArray[np.float64], qrs_end: float, until: int
) -> TWaves | None:
    """T of (leads, n) between the end of QRS and `until`; None where none stands out in any lead."""
    first = round(qrs_end + _AFTER_QRS_MS / STEP_MS)
    until = min(until, uv.shape[1])
    if (until - first) * STEP_MS < _LEAST_MS:
        return None
    rows = smoothed(uv, _SMOOTHING_MS)
    peak = _peak_of_all(rows, first, until)
    if peak is None:
        return None
    leads = tuple(
        _of_lead(row, max(_LEAST_UV, _OVER_NOISE * float(noise)), peak, first, until)
        for row, noise in zip(rows, noise_uv, strict=True)
    )
    return _together(leads, peak)


def _peak_of_all(rows: NDArray[np.float64], first: int, until: int) -> int | None:
    """Where the leads together are highest above the rest before `until`, not at either border.

    Where ST is much further off than that, T is only the limb that brings ST back: its beginning.
    """
    rest = np.median(rows[:, until - 8 : until], axis=1, keepdims=True)
    height = np.sqrt(((rows[:, first:until] - rest) ** 2).mean(axis=0))
    tops = np.flatnonzero((height[1:-1] >= height[:-2]) & (height[1:-1] > height[2:])) + 1
    top = int(tops[np.argmax(height[tops])]) if tops.size else None
    if top is None or height[top] < _LEAST_OF_ST * height.max():
        top = _limb_of_st(height)
    return None if top is None else first + top


def _limb_of_st(height: NDArray[np.float64]) -> int | None:
    """Where the steepest fall of ST begins."""
    fall = -np.gradient(height)
    steepest = int(np.argmax(fall))
    slow = np.flatnonzero(fall[:steepest] < _BEGINNING_OF_LIMB * fall[steepest])
    return int(slow[-1]) if slow.size else None


def _of_lead(row: NDArray[np.float64], least_uv: float, peak: int, first: int, until: int) -> TWave | None:
    low = max(first, peak - round(_BEFORE_PEAK_MS / STEP_MS))
    high = min(until, peak + round(_AFTER_PEAK_MS / STEP_MS))
    height = row[low:high] - float(np.median(row[max(high - 10, low) : high]))
    top = int(np.argmax(np.abs(height)))
    main, last = top, top
    opposite = -np.sign(height[top]) * height[top : top + round(_SECOND_PHASE_MS / STEP_MS)]
    if opposite.max() > _SECOND_PHASE * abs(height[top]):
        last = top + int(np.argmax(opposite))
    if abs(height[main]) < least_uv:
        return None
    slope = slopes(row[None])[0]
    end = _limb_end(row, slope, low + last, until)
    onset = len(row) - 1 - _limb_end(row[::-1], -slope[::-1], len(row) - 1 - low - main, len(row) - first)
    return TWave(float(onset), float(low + main), float(end), float(height[main]))


def _limb_end(row: NDArray[np.float64], slope: NDArray[np.float64], peak: int, until: int) -> int:
    """Where the limb that falls from `peak` has come to rest."""
    limb = slope[peak : min(until, peak + round(_LIMB_MS / STEP_MS))]
    if not limb.size:
        return peak
    down = -1.0 if row[peak] >= row[min(until, len(row)) - 1] else 1.0
    steepest = peak + int(np.argmax(down * limb))
    rest = max(_REST_OF_LIMB * (steepest - peak), _LEAST_REST_MS / STEP_MS)
    border = min(until, len(row) - 1, steepest + round(rest))
    at = np.arange(steepest, border + 1)
    area = down * (row[at] - row[steepest]) * (2 * border - at - steepest)
    return steepest + int(np.argmax(area)) if area.size else steepest


def _together(leads: Sequence[TWave | None], peak: int) -> TWaves | None:
    waves = [wave for wave in leads if wave is not None]
    if not waves:
        return None
    weights = np.array([abs(wave.height_uv) for wave in waves])
    ends = np.array([wave.end for wave in waves])
    end = weighted_median(ends, weights)
    onset = weighted_median(np.array([wave.onset for wave in waves]), weights)
    spread = weighted_median(np.abs(ends - end), weights) * STEP_MS
    highest = waves[int(np.argmax(weights))]
    of_all = TWave(min(onset, peak), float(peak), max(end, float(peak)), highest.height_uv)
    return TWaves(of_all, tuple(_near(wave, end) for wave in leads), spread)


def _near(wave: TWave | None, end: float) -> TWave | None:
    """A lead's T unless it ends elsewhere than T does: then it is a U wave, or another limb."""
    if wave is None or abs(wave.end - end) * STEP_MS > _FARTHEST_LEAD_MS:
        return None
    return wave


def weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """The value with half of the weight on either side."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(below, below[-1] / 2)])
