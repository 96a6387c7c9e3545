"""Sorts beats by the shape of QRS and ST over all leads, and puts the beats of one shape in line.

What is compared is 100 ms before R to 200 ms after it, moved by up to 24 ms; and where nothing fits so, by
up to 72: what leads count for changes as the detector learns, and R may go from R to S within one rhythm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ecg.leads import MISSING

_BEFORE_S = 0.10
_AFTER_S = 0.20
"""QRS and ST: where an ectopic beat differs."""

_SAME_SHAPE = 0.90
_SAME_SIZE = 1.5
_SHIFT_S = 0.024
_ELSEWHERE = (-2, 2)
"""Where else R may have been found in the same complex, in shifts: each is looked around by one more."""

_ISOELECTRIC_S = (0.11, 0.07)
_ROUNDS = 3
_ENOUGH_FOR_A_MEDIAN = 250

MAX_SHAPES = 40
"""In noise every beat is a shape of its own: beyond so many, a beat that is like none is left by itself."""


@dataclass(frozen=True, slots=True)
class BeatShape:
    """Beats that look alike: `given`, their R as found, and `aligned`, their R where they lie in line."""

    given: tuple[int, ...]
    aligned: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class BeatWindows:
    """Cuts beats out of samples, int16 (leads, n), as microvolts above the line before QRS."""

    samples: NDArray[np.int16]
    uv_per_lsb: float
    before: int
    after: int
    shift: int
    isoelectric: tuple[int, int]

    @classmethod
    def of(cls, samples: NDArray[np.int16], rate_hz: float, nv_per_lsb: float) -> "BeatWindows":
        """Windows for these samples."""
        early, late = _ISOELECTRIC_S
        return cls(
            samples,
            nv_per_lsb / 1000,
            round(_BEFORE_S * rate_hz),
            round(_AFTER_S * rate_hz),
            round(_SHIFT_S * rate_hz),
            (round(early * rate_hz), round(late * rate_hz)),
        )

    def is_whole(self, at: int, before: int = 0, after: int = 0) -> bool:
        """Whether the beat and what aligning may need of its neighbourhood is all there.

        `before`, `after`: how much more than QRS and ST is wanted.
        """
        return self.has(
            at,
            max(before, self.before, self.isoelectric[0]) + self.shift,
            max(after, self.after) + self.shift,
        )

    def has(self, at: int, before: int, after: int) -> bool:
        """Whether nothing is missing from `before` samples before R to `after` samples after it."""
        first, end = at - before, at + after + 1
        return (
            first >= 0 and end <= self.samples.shape[1] and not (self.samples[:, first:end] == MISSING).any()
        )

    def shape(self, at: int) -> NDArray[np.float64]:
        """QRS and ST, all leads."""
        return self.cut(at, self.before, self.after)

    def wide_shape(self, at: int) -> NDArray[np.float64]:
        """The same with as much on either side as the beat may be moved."""
        return self.cut(at, self.before + self.shift, self.after + self.shift)

    def cut(self, at: int, before: int, after: int) -> NDArray[np.float64]:
        """The beat from `before` samples before R to `after` samples after it."""
        early, late = self.isoelectric
        line = np.median(self.samples[:, at - early : at - late], axis=1)
        cut = self.samples[:, at - before : at + after + 1] - line[:, None]
        above: NDArray[np.float64] = cut * self.uv_per_lsb
        return above


def sorted_by_shape(windows: BeatWindows, beats: Sequence[int]) -> list[BeatShape]:
    """The shapes among whole beats, in line, the commonest first; of two as common, the one seen first."""
    leaders: list[NDArray[np.float64]] = []
    members: list[list[_Member]] = []
    for given in beats:
        fits = [_fit_anywhere(windows, given, leader) for leader in leaders]
        best = max(range(len(fits)), key=lambda one: fits[one][0], default=-1)
        if best >= 0 and fits[best][0] >= _SAME_SHAPE:
            _, fitted, near = fits[best]
            members[best].append(_Member(given, near))
            shape = windows.shape(fitted)
            leaders[best] = leaders[best] + (shape - leaders[best]) / len(members[best])
        elif len(leaders) < MAX_SHAPES:
            leaders.append(windows.shape(given))
            members.append([_Member(given, given)])
    members.sort(key=len, reverse=True)
    return [BeatShape(tuple(one.given for one in shape), _aligned(windows, shape)) for shape in members]


class _Member(NamedTuple):
    """A beat of a shape: its R as found, and R where it is looked around, elsewhere in the complex or not."""

    given: int
    near: int


def _fit_anywhere(windows: BeatWindows, at: int, template: NDArray[np.float64]) -> tuple[float, int, int]:
    """The best fit, and the R around which it lies: one further away only where none is near."""
    likeness, fitted = _best_fit(windows, at, template)
    if likeness >= _SAME_SHAPE:
        return likeness, fitted, at
    for shifts in _ELSEWHERE:
        near = at + shifts * windows.shift
        if windows.is_whole(near):
            further, there = _best_fit(windows, near, template)
            if further >= _SAME_SHAPE and windows.is_whole(there):
                return further, there, there
    return likeness, fitted, at


def _best_fit(windows: BeatWindows, at: int, template: NDArray[np.float64]) -> tuple[float, int]:
    """How like the template the beat is at best, and the R at which it is.

    The likeness is the cosine over all leads; 0 when one is much the larger.
    """
    around = windows.wide_shape(at)
    shifted = np.lib.stride_tricks.sliding_window_view(around, template.shape[1], axis=1)
    sizes = np.sqrt(np.einsum("lsn,lsn->s", shifted, shifted))
    size = float(np.linalg.norm(template))
    comparable = (sizes > 0) & (sizes <= _SAME_SIZE * size) & (size <= _SAME_SIZE * sizes)
    likeness = np.einsum("lsn,ln->s", shifted, template) / np.where(comparable, sizes * size, np.inf)
    best = max(range(len(sizes)), key=lambda k: (float(likeness[k]), -abs(k - windows.shift)))
    return float(likeness[best]), at + best - windows.shift


def _aligned(windows: BeatWindows, members: Sequence[_Member]) -> tuple[int, ...]:
    """Every beat moved by up to 24 ms from where it is looked around to where it is most like the median."""
    around = _around(windows, members)
    at = around
    for _ in range(_ROUNDS):
        some = at[:: 1 + len(at) // _ENOUGH_FOR_A_MEDIAN]
        template = np.median([windows.shape(r) for r in some], axis=0)
        moved = [_best_fit(windows, r, template)[1] for r in around]
        # R stays, on the whole, where it was found.
        middle = round(float(np.median(np.subtract(moved, around))))
        moved = [
            to - middle if abs(to - middle - r) <= windows.shift else to
            for to, r in zip(moved, around, strict=True)
        ]
        if moved == at:
            break
        at = moved
    return tuple(at)


def _around(windows: BeatWindows, members: Sequence[_Member]) -> list[int]:
    """Where each beat is looked around: where most were found, unless one at an end would be cut off."""
    middle = round(float(np.median([one.near - one.given for one in members])))
    moved = [one.near - middle for one in members]
    return moved if all(windows.is_whole(r) for r in moved) else [one.near for one in members]
