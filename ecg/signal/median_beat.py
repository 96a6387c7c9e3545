"""The median beat: the one beat that stands for all of the usual shape, with the noise taken out.

Beats are sorted by shape over all leads, the commonest shape is aligned on its complexes, and the median is
taken sample by sample. Steady mains is taken out before beats are sorted and aligned: it stands elsewhere in
each beat and would make shapes of its phases. The median itself is of the samples as they are: nothing is
filtered that is not said to be. It is derived, never rhythm: whoever draws it says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from ecg.errors import SignalError
from ecg.signal.beat_shapes import BeatShape, BeatWindows, sorted_by_shape
from ecg.signal.lead_samples import LeadSamples
from ecg.signal.steady_mains import without_steady_mains

LEAST_BEATS = 3
"""Below it a median is no better than a beat."""

BEFORE_S = 0.40
AFTER_S = 0.60
_BEFORE_RR = 0.40
_AFTER_RR = 0.70
"""Kept around R; at fast rates no more than these parts of the usual RR, so that no neighbour shows."""


@dataclass(frozen=True, slots=True)
class MedianBeat:
    """`samples_uv` (leads, n) with R at `r`; the isoelectric line before QRS is 0.

    `used`: the R, as aligned, of every beat of the usual shape. `others`: the given R of beats of another
    shape. `unusable`: of beats cut off by the ends or with a missing value. `noise_uv`: per lead, what noise
    the median still holds (standard deviation).
    """

    samples_uv: NDArray[np.float64]
    r: int
    used: tuple[int, ...]
    others: tuple[int, ...]
    unusable: tuple[int, ...]
    noise_uv: tuple[float, ...]


def median_beat(
    samples: NDArray[np.int16], beats: Sequence[int], rate_hz: float, nv_per_lsb: float
) -> MedianBeat:
    """The median beat of int16 (leads, n) at these R; raises SignalError when fewer than 3 share a shape."""
    beats = sorted(beats)
    quiet = without_steady_mains(LeadSamples(samples, rate_hz, nv_per_lsb))
    windows = BeatWindows.of(quiet.samples, rate_hz, nv_per_lsb)
    before, after = _kept(beats, rate_hz)
    usable = [at for at in beats if windows.is_whole(at, before, after)]
    usual = next(iter(sorted_by_shape(windows, usable)), BeatShape((), ()))
    if len(usual.given) < LEAST_BEATS:
        raise SignalError(
            f"{len(usual.given)} of {len(beats)} beats share a shape; a median needs at least {LEAST_BEATS}"
        )
    as_stored = replace(windows, samples=samples)
    stack = np.stack(
        [as_stored.cut(at, before, after) for at in usual.aligned if windows.has(at, before, after)]
    )
    median = np.median(stack, axis=0)
    spread = 1.4826 * np.median(np.abs(stack - median), axis=(0, 2))
    noise = spread * sqrt(np.pi / 2 / len(stack))  # a median is that much noisier than a mean
    others = tuple(at for at in usable if at not in set(usual.given))
    unusable = tuple(at for at in beats if at not in set(usable))
    return MedianBeat(median, before, usual.aligned, others, unusable, tuple(noise.tolist()))


def _kept(beats: Sequence[int], rate_hz: float) -> tuple[int, int]:
    """Samples before and after R."""
    usual_rr_s = float(np.median(np.diff(beats))) / rate_hz if len(beats) > 1 else 1.0
    before_s = min(BEFORE_S, _BEFORE_RR * usual_rr_s)
    after_s = min(AFTER_S, _AFTER_RR * usual_rr_s)
    return round(before_s * rate_hz), round(after_s * rate_hz)
