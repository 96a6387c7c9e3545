"""Runs of beats that follow each other fast, and what is common to their beats."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ecg.critical.strip import Strip
from ecg.leads import MISSING
from ecg.ranges import SampleRange

_SINGLE_RR = 1.15
"""Of the longest RR that the rate allows on average: single ones may be so much longer."""

_ONE_MISSED_RR = 2.2
"""A single interval up to this long parts no run: a complex of it was passed over."""

_SHAPE_S = 0.12
_SHIFT_S = 0.03


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive beats of one stretch, and the stretch."""

    beats: tuple[int, ...]
    stretch: SampleRange
    rate_hz: float

    @property
    def where(self) -> SampleRange:
        """From the first R to the last."""
        return SampleRange(self.beats[0], self.beats[-1] - self.beats[0])

    @property
    def lasted_s(self) -> float:
        """From the first R to the last."""
        return self.where.count / self.rate_hz

    @property
    def per_min(self) -> float:
        """The mean rate."""
        return 60 * (len(self.beats) - 1) / self.lasted_s

    @property
    def fills_its_stretch(self) -> bool:
        """Whether it goes on, within two usual intervals, to both borders of what can be read."""
        usual = self.where.count / (len(self.beats) - 1)
        early, late = self.beats[0] - self.stretch.first, self.stretch.end - self.beats[-1]
        return max(early, late) <= 2 * usual

    def rr_s(self) -> NDArray[np.float64]:
        """The intervals between its beats."""
        return np.diff(self.beats) / self.rate_hz


def fast_runs(strip: Strip, per_min: float, least_beats: int = 3) -> tuple[Run, ...]:
    """The longest runs of at least this mean rate."""
    longest = 60 / per_min * strip.rate_hz
    runs = []
    for stretch in strip.stretches:
        for beats in _parted(strip.beats_in(stretch), longest):
            run = Run(beats, stretch, strip.rate_hz)
            if len(beats) >= least_beats and run.per_min >= per_min:
                runs.append(run)
    return tuple(runs)


def _parted(beats: Sequence[int], longest: float) -> list[tuple[int, ...]]:
    parts: list[list[int]] = [[]]
    forgiven_at = -10
    for k, at in enumerate(beats):
        rr = at - beats[k - 1] if k else 0
        if rr > _SINGLE_RR * longest:
            if rr <= _ONE_MISSED_RR * longest and k - forgiven_at >= 10 and _goes_on(beats, k, longest):
                forgiven_at = k
            else:
                parts.append([])
        parts[-1].append(at)
    return [tuple(part) for part in parts if part]


def _goes_on(beats: Sequence[int], k: int, longest: float) -> bool:
    """Whether the intervals on either side of the one that ends at beat k are fast."""
    around = [*pairwise(beats[max(k - 3, 0) : k]), *pairwise(beats[k : k + 3])]
    return len(around) >= 2 and all(b - a <= _SINGLE_RR * longest for a, b in around)


def windows(beats: Sequence[int], span: int) -> list[tuple[int, ...]]:
    """For each beat the shortest run from it that spans so many samples; all beats when they span less."""
    if len(beats) < 2 or beats[-1] - beats[0] < span:
        return [tuple(beats)] if len(beats) > 1 else []
    found, end = [], 0
    for k, at in enumerate(beats):
        while end < len(beats) and beats[end] - at < span:
            end += 1
        if end == len(beats):
            break
        found.append(tuple(beats[k : end + 1]))
    return found


def merged(parts: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Overlapping windows of beats joined into runs."""
    joined: list[tuple[int, ...]] = []
    for part in parts:
        if joined and part[0] <= joined[-1][-1]:
            joined[-1] = joined[-1] + tuple(at for at in part if at > joined[-1][-1])
        else:
            joined.append(part)
    return joined


def share_wide(strip: Strip, beats: Sequence[int], qrs_ms: float) -> tuple[float, float]:
    """Which share of the beats has a known width, and which share of those is at least so wide."""
    widths = [width for r in beats if (width := strip.qrs_ms(r)) is not None]
    if not widths:
        return 0.0, 0.0
    return len(widths) / len(beats), sum(width >= qrs_ms for width in widths) / len(widths)


def usual_width_ms(strip: Strip, beats: Sequence[int]) -> float | None:
    """The median width of these beats' complexes; None when none is known."""
    widths = [width for r in beats if (width := strip.qrs_ms(r)) is not None]
    return float(np.median(widths)) if widths else None


def likeness(strip: Strip, beats: Sequence[int]) -> float | None:
    """How like the complexes are to their own mean, over the leads that are whole: the mean cosine, 1 when
    all are one shape; None when fewer than three can be compared."""
    half, shift = round(_SHAPE_S * strip.rate_hz), round(_SHIFT_S * strip.rate_hz)
    reach = half + shift
    inside = [r for r in beats if reach <= r <= strip.sample_count - reach]
    if len(inside) < 3:
        return None
    part = strip.samples[:, inside[0] - reach : inside[-1] + reach]
    whole = strip.samples[~(part == MISSING).any(axis=1)].astype(np.float64)
    if not len(whole):
        return None
    around = [whole[:, r - reach : r + reach] for r in inside]
    mean = _unit(np.mean([_unit(shape[:, shift : shift + 2 * half]) for shape in around], axis=0))
    step = max(1, shift // 6)
    best = [
        max(float((_unit(shape[:, at : at + 2 * half]) * mean).sum()) for at in range(0, 2 * shift + 1, step))
        for shape in around
    ]
    return float(np.mean(best))


def _unit(shape: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = shape - shape.mean(axis=1, keepdims=True)
    size = float(np.linalg.norm(centred))
    unit: NDArray[np.float64] = centred / size if size else centred
    return unit
