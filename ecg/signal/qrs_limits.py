"""Where QRS begins and ends, by how fast the leads move together.

The slopes of all leads, squared and averaged, rise out of the quiet before QRS and sink into ST: the earliest
onset and the latest end in any lead that can be told from rest (CSE working party, Eur Heart J 1985).
"""

from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ecg.signal.pooled_beat import STEP_MS
from ecg.signal.smoothing import hiss, slope_of_hiss, slopes, smoothed

_SMOOTHING_MS = (4.0, 6.0, 8.0)
"""The first at which noise stays below what counts as movement."""

_HEIGHT_SAMPLES = 20
"""The fastest 40 ms say how fast this complex moves: a spike or one steep flank does not."""

_BEFORE_R_MS = 90.0
_AFTER_R_MS = 150.0
_LONGEST_BEFORE_MS = 150.0
_LONGEST_AFTER_MS = 200.0
_REST_MS = 14.0
"""Rest is as long as this: at the top of a wave all leads may stand still for some milliseconds."""

_OVER_NOISE = 3.0
_OVER_ST = 1.5
_STANDARD_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Span:
    """From onset to end, on the grid of a pooled beat, between its samples.

    `clarity`: below 1 noise hides what moves as slowly as this part of the threshold, and so perhaps a small
    first or last wave. `earlier_ms`, `later_ms`: how far the limits move outwards where a fifth less counts
    as movement.
    """

    onset: float
    end: float
    clarity: float = 1.0
    earlier_ms: float = 0.0
    later_ms: float = 0.0

    @property
    def ms(self) -> float:
        """How long it is."""
        return (self.end - self.onset) * STEP_MS


@dataclass(frozen=True, slots=True)
class _Movement:
    """What counts as movement: this part of the complex's own, but at least so much (µV/ms)."""

    onset_share: float
    end_share: float
    least: float

    def a_little_less(self) -> "_Movement":
        """By a fifth."""
        return _Movement(0.8 * self.onset_share, 0.8 * self.end_share, 0.8 * self.least)


_ALL_LEADS = _Movement(0.05, 0.08, 1.0)
_ONE_LEAD = _Movement(0.08, 0.12, 1.5)

_LATEST_ONSET_MS = 16.0
_EARLIEST_END_MS = 20.0
"""A lead whose first or last forces lie across it shows QRS later or ends it earlier, but not by more."""


def qrs_limits(uv: NDArray[np.float64], r: int) -> Span:
    """Limits of QRS over all leads of (leads, n), with R at `r`; spikes are gone already."""
    found, wider = (_limits(uv, r, movement) for movement in (_ALL_LEADS, _ALL_LEADS.a_little_less()))
    return replace(
        found,
        earlier_ms=(found.onset - wider.onset) * STEP_MS,
        later_ms=(wider.end - found.end) * STEP_MS,
    )


def lead_qrs_limits(uv: NDArray[np.float64], r: int, of_all: Span) -> tuple[Span, ...]:
    """Limits in each lead by itself, which lie within those of all."""
    return tuple(_within(_limits(row[None], r, _ONE_LEAD), of_all) for row in uv)


def _within(span: Span, of_all: Span) -> Span:
    latest_onset = of_all.onset + _LATEST_ONSET_MS / STEP_MS
    earliest_end = of_all.end - _EARLIEST_END_MS / STEP_MS
    return Span(
        min(max(span.onset, of_all.onset), latest_onset), max(min(span.end, of_all.end), earliest_end)
    )


def _limits(uv: NDArray[np.float64], r: int, movement: _Movement) -> Span:
    moved = _speed(uv, r, movement)
    speed, least = moved.speed, max(movement.least, _OVER_NOISE * moved.noise)
    peak = _fastest(speed, r)
    start = max(movement.onset_share * moved.height, least)
    stop = max(movement.end_share * moved.height, least, _OVER_ST * _slowest_after(speed, peak))
    onset = last_rest_before(speed < start, peak, _LONGEST_BEFORE_MS)
    end = first_rest_after(speed < stop, peak, _LONGEST_AFTER_MS)
    return Span(
        onset + _blur(speed, onset, start, moved.sd_ms, 1),
        end - _blur(speed, end, stop, moved.sd_ms, -1),
        moved.clarity,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Speed:
    """How fast all leads move (n,), that of the complex, that of noise, all after this smoothing."""

    sd_ms: float
    speed: NDArray[np.float64]
    height: float
    noise: float
    clarity: float


def _speed(uv: NDArray[np.float64], r: int, movement: _Movement) -> _Speed:
    window = _around(r, uv.shape[1])
    hiss_uv = float(np.sqrt((hiss(uv) ** 2).mean()))
    clarity = None
    for sd_ms in _SMOOTHING_MS:
        speed = np.sqrt((slopes(smoothed(uv, sd_ms)) ** 2).mean(axis=0))
        height = float(np.median(np.sort(speed[window])[-_HEIGHT_SAMPLES:]))
        noise = hiss_uv * slope_of_hiss(sd_ms)
        share = max(movement.onset_share * height, movement.least) / max(_OVER_NOISE * noise, 1e-9)
        clarity = min(share, 1.0) if clarity is None else clarity
        if share >= 1:
            break
    return _Speed(sd_ms, speed, height, noise, clarity or 0.0)


def _around(r: int, count: int) -> slice:
    return slice(max(r - round(_BEFORE_R_MS / STEP_MS), 0), min(r + round(_AFTER_R_MS / STEP_MS), count))


def _fastest(speed: NDArray[np.float64], r: int) -> int:
    """The middle of the fastest 22 ms."""
    window = _around(r, len(speed))
    return int(window.start) + int(np.argmax(np.convolve(speed[window], np.ones(11), "same")))


def _slowest_after(speed: NDArray[np.float64], peak: int) -> float:
    """The slowest 20 ms of the 30 to 160 ms after the fastest: how fast ST itself moves."""
    after = speed[peak + 15 : peak + 80]
    if len(after) < 10:
        return 0.0
    return float(np.convolve(after, np.ones(10) / 10, "valid").min())


def last_rest_before(rests: NDArray[np.bool_], at: int, longest_ms: float, rest_ms: float = _REST_MS) -> int:
    """The last place before `at` up to which it rested for long enough; the earliest there is, if never."""
    hold = round(rest_ms / STEP_MS)
    lowest = max(at - round(longest_ms / STEP_MS), hold - 1, 0)
    run = _rested_for(rests)
    resting = np.flatnonzero(run[lowest : at + 1] >= hold)
    return lowest + int(resting[-1]) if resting.size else lowest


def first_rest_after(rests: NDArray[np.bool_], at: int, longest_ms: float, rest_ms: float = _REST_MS) -> int:
    """The first place after `at` from which it rests for long enough."""
    mirrored = last_rest_before(rests[::-1], len(rests) - 1 - at, longest_ms, rest_ms)
    return len(rests) - 1 - mirrored


def _rested_for(rests: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many places in a row, up to each, were at rest."""
    index = np.arange(len(rests))
    last_moved = np.maximum.accumulate(np.where(rests, -1, index))
    return index - last_moved


def _blur(speed: NDArray[np.float64], at: int, threshold: float, sd_ms: float, inwards: int) -> float:
    """How far smoothing has moved a limit outwards, in samples: little where the movement grows slowly.

    A sudden beginning of speed v, smoothed, passes the threshold c at Phi^-1(c/v) standard deviations.
    """
    inside = at + inwards * round(2.5 * sd_ms / STEP_MS)
    reached = float(speed[min(max(inside, 0), len(speed) - 1)])
    share = min(threshold / reached, 0.5) if reached > 0 else 0.5
    return -sd_ms / STEP_MS * _STANDARD_NORMAL.inv_cdf(max(share, 1e-3))
