"""The median beat: the one beat that stands for all of the usual shape, with the noise taken out.

Beats are sorted by shape over all leads, the commonest shape is aligned on its complexes, and the median is
taken sample by sample. It is derived, never rhythm: whoever draws it says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from ecg.errors import SignalError
from ecg.leads import MISSING

LEAST_BEATS = 3
"""Below it a median is no better than a beat."""

BEFORE_S = 0.40
AFTER_S = 0.60
_BEFORE_RR = 0.40
_AFTER_RR = 0.70
"""Kept around R; at fast rates no more than these parts of the usual RR, so that no neighbour shows."""

_SHAPE_BEFORE_S = 0.10
_SHAPE_AFTER_S = 0.20
"""QRS and ST: where an ectopic beat differs."""

_SAME_SHAPE = 0.90
_SAME_SIZE = 1.5
_SHIFT_S = 0.024
_ISOELECTRIC_S = (0.11, 0.07)
_ROUNDS = 3


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
    window = _Window.fitting(beats, rate_hz)
    usable = [at for at in sorted(beats) if window.is_whole(samples, at)]
    unusable = tuple(at for at in sorted(beats) if at not in set(usable))
    uv = samples.astype(np.float64) * (nv_per_lsb / 1000)
    common = _commonest_shape(window, uv, usable)
    if len(common) < LEAST_BEATS:
        raise SignalError(
            f"{len(common)} of {len(beats)} beats share a shape; a median needs at least {LEAST_BEATS}"
        )
    given = [usable[k] for k in common]
    used, stack = _aligned(window, uv, given)
    median = np.median(stack, axis=0)
    spread = 1.4826 * np.median(np.abs(stack - median), axis=(0, 2))
    noise = spread * sqrt(np.pi / 2 / len(used))  # a median is that much noisier than a mean
    others = tuple(at for at in usable if at not in set(given))
    return MedianBeat(median, window.before, tuple(used), others, unusable, tuple(noise.tolist()))


@dataclass(frozen=True, slots=True)
class _Window:
    before: int
    after: int
    shape_before: int
    shape_after: int
    isoelectric: tuple[int, int]
    shift: int

    @classmethod
    def fitting(cls, beats: Sequence[int], rate_hz: float) -> "_Window":
        usual_rr_s = float(np.median(np.diff(sorted(beats)))) / rate_hz if len(beats) > 1 else 1.0
        return cls(
            round(min(BEFORE_S, _BEFORE_RR * usual_rr_s) * rate_hz),
            round(min(AFTER_S, _AFTER_RR * usual_rr_s) * rate_hz),
            round(_SHAPE_BEFORE_S * rate_hz),
            round(_SHAPE_AFTER_S * rate_hz),
            (round(_ISOELECTRIC_S[0] * rate_hz), round(_ISOELECTRIC_S[1] * rate_hz)),
            round(_SHIFT_S * rate_hz),
        )

    def is_whole(self, samples: NDArray[np.int16], at: int) -> bool:
        """Whether the beat and what aligning may need of its neighbourhood is all there."""
        first = at - max(self.before, self.shape_before, self.isoelectric[0]) - self.shift
        end = at + max(self.after, self.shape_after) + self.shift + 1
        return first >= 0 and end <= samples.shape[1] and not (samples[:, first:end] == MISSING).any()

    def shape(self, uv: NDArray[np.float64], at: int) -> NDArray[np.float64]:
        """QRS and ST above the isoelectric line, all leads."""
        return self._above(uv, at, self.shape_before, self.shape_after)

    def wide_shape(self, uv: NDArray[np.float64], at: int) -> NDArray[np.float64]:
        """The same with as much on either side as the beat may be moved."""
        return self._above(uv, at, self.shape_before + self.shift, self.shape_after + self.shift)

    def beat(self, uv: NDArray[np.float64], at: int) -> NDArray[np.float64]:
        """The whole beat above its isoelectric line."""
        return self._above(uv, at, self.before, self.after)

    def _above(self, uv: NDArray[np.float64], at: int, before: int, after: int) -> NDArray[np.float64]:
        early, late = self.isoelectric
        line = np.median(uv[:, at - early : at - late], axis=1, keepdims=True)
        above: NDArray[np.float64] = uv[:, at - before : at + after + 1] - line
        return above


def _commonest_shape(window: _Window, uv: NDArray[np.float64], beats: Sequence[int]) -> list[int]:
    """Numbers of the beats of the commonest shape; of two as common, the one that came first."""
    leaders: list[NDArray[np.float64]] = []
    members: list[list[int]] = []
    for k, at in enumerate(beats):
        fits = [_best_fit(window, uv, at, leader) for leader in leaders]
        best = max(range(len(fits)), key=lambda one: fits[one][0], default=-1)
        if best >= 0 and fits[best][0] >= _SAME_SHAPE:
            members[best].append(k)
            shape = window.shape(uv, fits[best][1])
            leaders[best] = leaders[best] + (shape - leaders[best]) / len(members[best])
        else:
            leaders.append(window.shape(uv, at))
            members.append([k])
    return max(members, key=len, default=[])


def _best_fit(
    window: _Window, uv: NDArray[np.float64], at: int, template: NDArray[np.float64]
) -> tuple[float, int]:
    """How like the template the beat is at best, and the R at which it is.

    The likeness is the cosine over all leads; 0 when one is much the larger.
    """
    places = [at + shift for shift in range(-window.shift, window.shift + 1)]
    around = window.wide_shape(uv, at)
    shifted = np.lib.stride_tricks.sliding_window_view(around, template.shape[1], axis=1)
    sizes = np.sqrt(np.einsum("lsn,lsn->s", shifted, shifted))
    size = float(np.linalg.norm(template))
    comparable = (sizes > 0) & (sizes <= _SAME_SIZE * size) & (size <= _SAME_SIZE * sizes)
    likeness = np.einsum("lsn,ln->s", shifted, template) / np.where(comparable, sizes * size, np.inf)
    best = max(range(len(places)), key=lambda k: (float(likeness[k]), -abs(k - window.shift)))
    return float(likeness[best]), places[best]


def _aligned(
    window: _Window, uv: NDArray[np.float64], given: Sequence[int]
) -> tuple[list[int], NDArray[np.float64]]:
    """The beats moved by up to 24 ms to where each is most like the median of all, and the beats there."""
    at = list(given)
    for _ in range(_ROUNDS):
        template = np.median([window.shape(uv, r) for r in at], axis=0)
        moved = [_best_fit(window, uv, r, template)[1] for r in given]
        middle = round(
            float(np.median(np.subtract(moved, given)))
        )  # R stays, on the whole, where it was found
        moved = [
            to - middle if abs(to - middle - r) <= window.shift else to
            for to, r in zip(moved, given, strict=True)
        ]
        if moved == at:
            break
        at = moved
    return at, np.stack([window.beat(uv, r) for r in at])
