"""Whether the beats of a shape have a P wave, all at one distance before QRS, and which of them have it."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from ecg.leads import MISSING
from ecg.measurements import Why
from ecg.signal.atrial_waves import moves_on
from ecg.signal.beat_shapes import BeatShape
from ecg.signal.lead_samples import LeadSamples
from ecg.signal.p_wave import (
    Bump,
    Comparison,
    PWave,
    Room,
    bump_shape,
    compared_with_others,
    highest_bump,
    p_limits,
)
from ecg.signal.pooled_beat import GRID_HZ, PooledBeat, on_grid

LEAST_BEATS = 3
"""Of fewer it cannot be said that they agree."""

LEAST_AGREEMENT = 0.6
"""Mean likeness of each beat's bump to that of the others. P waves 0.8 and more, fibrillation to 0.5."""

SURER_AGREEMENT = 0.85
_ENOUGH_BEATS = 6
"""The same where it must stand for more: where T is too close to see whether the baseline rests (fibrillation
is often fast), and of fewer beats, which may agree by chance."""

LEAST_IN_BEAT = 0.4
HEIGHT_IN_BEAT = (0.4, 2.5)
"""A single beat whose bump is less like the others' or of another height has no P there."""

LEAST_UV = 10.0
OVER_NOISE = 1.2
"""The bump, averaged over the leads, is higher than either: 10 in the mean are some 20 in the best leads."""

_MARGIN = 20
"""Places of the grid around the room, for smoothing."""


@dataclass(frozen=True, slots=True)
class PFinding:
    """The P wave on the grid and its bump, or why there is none.

    `beats`: the aligned R of those that have it, this `share` of those that are whole there. `agreement`: how
    like each other the beats are where P is or would be, at most 1. `rest_seen`: whether there was room to
    see that no other atrial wave stands beside it.
    """

    wave: PWave | None
    why: Why | None = None
    bump: Bump | None = None
    beats: frozenset[int] = frozenset()
    share: float = 0.0
    agreement: float = 0.0
    rest_seen: bool = True


def find_p(leads: LeadSamples, shape: BeatShape, pooled: PooledBeat, room: Room) -> PFinding:
    """The P wave of these beats in this room of their pooled beat."""
    bump = highest_bump(pooled.uv, room)
    if bump is None:
        return PFinding(None, Why.NO_P)
    found = {at: row for at in shape.aligned if (row := _shape_of(leads, at, pooled, bump)) is not None}
    if len(found) < LEAST_BEATS:
        return PFinding(None, Why.FEW_BEATS)
    compared = compared_with_others(np.stack(list(found.values())))
    agreement = max(float(compared.likeness.mean()), 0.0)
    least_uv = max(LEAST_UV, OVER_NOISE * float(pooled.noise_uv.mean()))
    if agreement < LEAST_AGREEMENT or bump.height_uv < least_uv:
        return PFinding(None, Why.NO_P, agreement=agreement)
    wave = p_limits(pooled.uv, bump)
    moves = moves_on(pooled, room, wave)
    doubtful = moves is None or len(found) < _ENOUGH_BEATS
    if moves or (doubtful and agreement < SURER_AGREEMENT):
        return PFinding(None, Why.NO_P, agreement=agreement)
    beats = frozenset(at for at, has_it in zip(found, _has_p(compared), strict=True) if has_it)
    return PFinding(wave, None, bump, beats, len(beats) / len(found), agreement, rest_seen=moves is not None)


def _has_p(compared: Comparison) -> list[bool]:
    low, high = HEIGHT_IN_BEAT
    found: list[bool] = (
        (compared.likeness >= LEAST_IN_BEAT) & (compared.height >= low) & (compared.height <= high)
    ).tolist()
    return found


def _shape_of(leads: LeadSamples, at: int, pooled: PooledBeat, bump: Bump) -> NDArray[np.float64] | None:
    """The bump of one beat where that of the pooled beat is; None where the beat is cut off there."""
    first = max(bump.room.first - _MARGIN, 0)
    uv = _beat_on_grid(leads, at, pooled.r - first, bump.room.end - pooled.r + _MARGIN)
    if uv is None:
        return None
    return bump_shape(uv, bump.moved(-first), pooled.noise_uv)


def _beat_on_grid(leads: LeadSamples, at: int, before: int, after: int) -> NDArray[np.float64] | None:
    """Microvolts (leads, before + ...) on the grid around R, from `before` places before it."""
    step = leads.rate_hz / GRID_HZ
    low, high = at - ceil(before * step), at + ceil(max(after, 0) * step) + 1
    part = leads.samples[:, max(low, 0) : high]
    if low < 0 or high > leads.samples.shape[1] or (part == MISSING).any():
        return None
    uv, r = on_grid(part.astype(np.float64) * (leads.nv_per_lsb / 1000), at - low, leads.rate_hz)
    return uv[:, r - before :]
