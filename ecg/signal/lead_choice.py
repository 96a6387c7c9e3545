"""Which leads the beats can be measured on: there, not flat, and not much more disturbed than the others."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecg.leads import MISSING
from ecg.signal.lead_samples import LeadSamples

_AROUND_R_S = (0.12, 0.24)
_MOST_BEATS = 40

_PRESENT_SHARE = 0.8
"""Of the beats that are whole in the most complete lead, so many are in this one."""

_LEAST_UV = 10.0
_MOST_UNLIKE = 0.6
_MORE_THAN_OTHERS = 3.0
"""Its beats differ from their median by more than this part of it, and by so many times those of others."""


def measurable_rows(leads: LeadSamples, beats: Sequence[int]) -> list[int]:
    """Rows of the leads to measure on; none only where there is no beat or nothing but flat lines."""
    cuts = _cuts(leads, beats)
    if not len(cuts):
        return []
    whole = (cuts != MISSING).all(axis=2)
    present = whole.mean(axis=0)
    candidates = [
        row
        for row in range(len(present))
        if present[row] > 0 and present[row] >= _PRESENT_SHARE * present.max()
    ]
    scale = leads.nv_per_lsb / 1000
    shapes = [cuts[whole[:, row], row] * scale for row in candidates]
    lively = [k for k, shape in enumerate(shapes) if np.median(np.ptp(shape, axis=1)) >= _LEAST_UV]
    unlike = np.array([_unlikeness(shapes[k]) for k in lively])
    if not len(unlike):
        return []
    most = max(_MOST_UNLIKE, _MORE_THAN_OTHERS * float(np.median(unlike)))
    return [candidates[k] for k, one in zip(lively, unlike.tolist(), strict=True) if one <= most]


def _cuts(leads: LeadSamples, beats: Sequence[int]) -> NDArray[np.int16]:
    """(beats, leads, n) around R, of so many beats, evenly taken, that lie wholly in the recording."""
    before, after = (round(seconds * leads.rate_hz) for seconds in _AROUND_R_S)
    inside = [at for at in beats if at >= before and at + after < leads.samples.shape[1]]
    some = inside[:: 1 + len(inside) // _MOST_BEATS]
    if not some:
        return np.zeros((0, leads.samples.shape[0], 0), dtype=np.int16)
    return np.stack([leads.samples[:, at - before : at + after] for at in some])


def _unlikeness(shapes: NDArray[np.float64]) -> float:
    """How far the beats of a lead are, in the middle, from their median, as a part of its size."""
    level = shapes - np.median(shapes, axis=1, keepdims=True)
    usual = np.median(level, axis=0)
    size = float(np.sqrt((usual**2).mean()))
    apart = np.sqrt(((level - usual) ** 2).mean(axis=1))
    return float(np.median(apart)) / size if size > 0 else np.inf
