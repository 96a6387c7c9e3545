"""P waves that keep their own rate beside slow, regular complexes: what a third-degree block looks like.

The usual complex with its T wave is taken out of every beat; what recurs evenly in the rest, in the shape and
length of a P wave, are P waves. They are independent when they are more than the complexes and stand at ever
other distances before them; a block of 2:1 keeps its distance, and so is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ecg.critical.strip import Strip
from ecg.critical.tachycardia import irregularity
from ecg.critical.verdict import (
    NO_HIT,
    UNDECIDED,
    Answer,
    Evidence,
    NotTested,
    Quantity,
    Value,
    hit_or_not,
    not_tested,
)
from ecg.leads import MISSING
from ecg.measurements import Measure, Measured
from ecg.ranges import SampleRange

LEAST_BEATS = 4
"""Fewer distances from P to QRS may be alike by chance."""

LEAST_CONFIDENCE = 0.5
"""With which PR must have been measured to say that P waves lead."""

_WINDOW_S = 20.0
_P_S = 0.10
_P_PER_MIN = (45.0, 130.0)
_BEFORE_R_S = 0.12
_AFTER_R_S = 0.62
_HIDDEN_AFTER_R_S = 0.10
_REGULAR_PERCENT = 10.0
_MORE_P = 1.15
"""P waves to complexes."""

_SPREAD = 0.75
"""The mean of the phases of R between two P waves, as a vector: 1 when all are alike, 0 when all differ."""

_SEEN_SHARE = 0.7
_OVER_NOISE = 2.5
_BETWEEN = 0.5
"""Of the P waves that do not lie in a complex so many stand so far out of the noise; half-way between them
there is at most this part, or the waves are twice as fast and none are P."""


@dataclass(frozen=True, slots=True)
class _Comb:
    """P waves at `first` and every `period` samples from there on."""

    first: float
    period: float

    def places(self, end: int) -> NDArray[np.int64]:
        """The samples they are nearest to, below `end`."""
        places: NDArray[np.int64] = np.rint(np.arange(self.first, end - 1, self.period)).astype(np.int64)
        return places


def find_dissociation(strip: Strip, limits: Mapping[str, float]) -> Answer:
    """Where regular complexes below `below_per_min` have P waves of their own.

    No hit where the rate is not so low, the rhythm not regular, or P waves lead to the complexes (PR was
    measured). Slow regular complexes without either are left to a person: P waves are small, and not to find
    them rules out nothing.
    """
    found, asked, undecided = [], False, False
    for part, beats in _parts(strip):
        rr_s = np.diff(beats) / strip.rate_hz
        asked = True
        if 60 / rr_s.mean() >= limits["below_per_min"] or irregularity(rr_s) > _REGULAR_PERCENT:
            continue
        comb = _p_waves(strip, part, beats)
        if comb is not None and _is_independent(comb, part, beats):
            found.append(_evidence(strip, part, beats, comb, limits))
        elif not _p_waves_lead(strip, part):
            undecided = True
    if found:
        return hit_or_not(found)
    if not asked:
        return not_tested(NotTested.FEW_BEATS)
    return UNDECIDED if undecided else NO_HIT


def _p_waves_lead(strip: Strip, part: SampleRange) -> bool:
    """Whether PR was measured on any of what was measured here: then P waves keep their distance."""
    inside = [
        block.measurements.values[Measure.PR]
        for block in strip.blocks
        if block.where.first < part.end and part.first < block.where.end
    ]
    return any(isinstance(pr, Measured) and pr.confidence >= LEAST_CONFIDENCE for pr in inside)


def _parts(strip: Strip) -> list[tuple[SampleRange, tuple[int, ...]]]:
    """Pieces of up to 20 s with enough beats: the atria keep no rate for longer."""
    parts = []
    longest = round(_WINDOW_S * strip.rate_hz)
    for stretch in strip.stretches:
        for first in range(stretch.first, stretch.end, longest):
            part = SampleRange(first, min(longest, stretch.end - first))
            beats = strip.beats_in(part)
            if len(beats) >= LEAST_BEATS:
                parts.append((part, beats))
    return parts


def _is_independent(comb: _Comb, part: SampleRange, beats: Sequence[int]) -> bool:
    usual_rr = float(np.mean(np.diff(beats)))
    if usual_rr / comb.period < _MORE_P:
        return False
    phases = (np.array(beats) - part.first - comb.first) / comb.period
    return float(np.abs(np.mean(np.exp(2j * np.pi * phases)))) < _SPREAD


def _evidence(
    strip: Strip, part: SampleRange, beats: Sequence[int], comb: _Comb, limits: Mapping[str, float]
) -> Evidence:
    since_p = (np.array(beats) - part.first - comb.first) % comb.period
    values = (
        Value(
            Quantity.RATE_PER_MIN,
            60 / float(np.mean(np.diff(beats)) / strip.rate_hz),
            limits["below_per_min"],
        ),
        Value(Quantity.P_RATE_PER_MIN, 60 * strip.rate_hz / comb.period),
        Value(Quantity.P_TO_QRS_SPREAD_MS, 1000 * float(np.ptp(since_p)) / strip.rate_hz),
    )
    return Evidence(part, values, tuple(beats))


# --- finding P waves that follow no complex -------------------------------------------------------------


def _p_waves(strip: Strip, part: SampleRange, beats: Sequence[int]) -> _Comb | None:
    """The even row of P waves in a part of the signal, if there is one."""
    rate = strip.rate_hz
    rows = strip.samples[:, part.first : part.end]
    whole = ~(rows == MISSING).any(axis=1)
    if not whole.any():
        return None
    inside = [r - part.first for r in beats]
    rest = _without_complexes(rows[whole] * (strip.nv_per_lsb / 1000), inside, rate)
    likeness = _likeness_to_p(rest, rate)
    hidden = np.zeros(part.count, dtype=np.bool_)
    for r in inside:
        hidden[max(0, r - round(_BEFORE_R_S / 2 * rate)) : r + round(_HIDDEN_AFTER_R_S * rate)] = True
    likeness[hidden] = np.nan
    comb = _best_comb(likeness, rate)
    return comb if comb is not None and _stands_out(likeness, comb, rate) else None


def _without_complexes(uv: NDArray[np.float64], beats: Sequence[int], rate_hz: float) -> NDArray[np.float64]:
    """The signal less the usual complex and T wave of every beat, and less its slow baseline."""
    rest = uv - _baseline(uv, round(0.9 * rate_hz))
    before = round(_BEFORE_R_S * rate_hz)
    room = min((b - a for a, b in pairwise(beats)), default=rest.shape[1])
    after = min(round(_AFTER_R_S * rate_hz), room - before - 1)
    whole = [r for r in beats if r >= before and r + after <= rest.shape[1]]
    if not whole:
        return rest
    usual = np.median([rest[:, r - before : r + after] for r in whole], axis=0)
    for r in beats:
        low, high = max(0, r - before), min(rest.shape[1], r + after)
        rest[:, low:high] -= usual[:, low - r + before : high - r + before]
    return rest


def _baseline(uv: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """A running median, taken at every tenth of its width and joined by lines."""
    half = width // 2
    knots = np.arange(0, uv.shape[1] + 1, max(1, width // 10))
    levels = np.array([np.median(uv[:, max(0, at - half) : at + half + 1], axis=1) for at in knots])
    index = np.arange(uv.shape[1])
    return np.stack([np.interp(index, knots, level) for level in levels.T])


def _likeness_to_p(rest: NDArray[np.float64], rate_hz: float) -> NDArray[np.float64]:
    """(n,): how much every moment looks like the middle of a P wave, over all leads, in their own noise."""
    width = round(_P_S * rate_hz)
    at = (np.arange(2 * width) - width + 0.5) / width
    hump = np.where(np.abs(at) < 0.5, 0.5 + 0.5 * np.cos(2 * np.pi * at), 0.0)
    hump -= hump.mean()
    hump /= np.linalg.norm(hump)
    matched = np.array([np.convolve(row, hump[::-1], "same") for row in rest])
    noise = 1.4826 * np.median(np.abs(matched), axis=1, keepdims=True)
    score: NDArray[np.float64] = np.sqrt(np.mean((matched / np.maximum(noise, 1.0)) ** 2, axis=0))
    return score


def _best_comb(likeness: NDArray[np.float64], rate_hz: float) -> _Comb | None:
    """The even row of places with the highest likeness, of every rate that atria have; found on a grid of
    10 ms, each point of it the highest around it."""
    step = max(1, round(0.01 * rate_hz))
    count = len(likeness) // step
    blocks = np.where(np.isnan(likeness), -np.inf, likeness)[: count * step].reshape(count, step)
    grid = blocks.max(axis=1)
    grid[np.isinf(grid)] = np.nan
    best, found = 0.0, None
    shortest, longest = (60 / per_min * rate_hz / step for per_min in reversed(_P_PER_MIN))
    for period in np.arange(shortest, longest, 0.5):
        places = np.arange(int(period))[:, None] + np.rint(np.arange(0, count, period)).astype(np.int64)
        inside = places < count
        values = np.sort(np.where(inside, grid[np.minimum(places, count - 1)], np.nan), axis=1)
        seen = (~np.isnan(values)).sum(axis=1)
        # The lower end of what is seen, so that two high places do not stand for a row.
        low = np.take_along_axis(values, (0.3 * np.maximum(seen - 1, 0)).astype(np.int64)[:, None], axis=1)
        scores = np.where(seen >= 5, low[:, 0], 0.0) * np.sqrt(seen)
        k = int(np.argmax(scores))
        if scores[k] > best:
            best, found = float(scores[k]), _Comb((k + 0.5) * step, float(period) * step)
    return found


def _stands_out(likeness: NDArray[np.float64], comb: _Comb, rate_hz: float) -> bool:
    noise = float(np.nanmedian(likeness))
    reach = round(0.03 * rate_hz)

    def heights(row: _Comb) -> NDArray[np.float64]:
        near = [likeness[max(0, at - reach) : at + reach + 1] for at in row.places(len(likeness))]
        return np.array([np.nanmax(one) for one in near if one.size and not np.isnan(one).all()])

    there = heights(comb)
    between = heights(_Comb(comb.first + comb.period / 2, comb.period))
    if len(there) < 5 or not len(between):
        return False
    seen = float(np.mean(there > _OVER_NOISE * noise))
    return seen >= _SEEN_SHARE and float(np.median(between)) <= _BETWEEN * float(np.median(there))
