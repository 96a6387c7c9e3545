"""Takes pacing spikes out of a pooled beat, so that they are not taken for the QRS complex or the P wave.

Not a detector of pacing: at 500 Hz most spikes cannot be seen at all. What is found here is only what would
disturb the measuring: a jump out of rest that no heart makes, undone within some milliseconds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_UV = 100.0
_REST_SAMPLES = 10
_REST_SHARE = 0.2
"""For 20 ms before the jump the lead moved by less than this part of it."""

_EDGE_SAMPLES = 3
_MOST_SAMPLES = 7
_BACK_SHARE = 0.3
"""Reached within 6 ms, and back to this part of its height within 14 ms."""

_BEFORE_R_SAMPLES = 170
_AFTER_R_SAMPLES = 60


@dataclass(frozen=True, slots=True)
class Spike:
    """The last place before a spike and the first behind it, on the grid of the pooled beat."""

    before: int
    behind: int


def without_spikes(uv: NDArray[np.float64], r: int) -> tuple[NDArray[np.float64], tuple[Spike, ...]]:
    """The beat (leads, n) with a straight line in place of each spike around R, and the spikes."""
    spikes = _spikes(uv, r)
    if not spikes:
        return uv, ()
    flat = uv.copy()
    for spike in spikes:
        share = np.linspace(0.0, 1.0, spike.behind - spike.before + 1)
        first, last = uv[:, spike.before, None], uv[:, spike.behind, None]
        flat[:, spike.before : spike.behind + 1] = first * (1 - share) + last * share
    return flat, spikes


def _spikes(uv: NDArray[np.float64], r: int) -> tuple[Spike, ...]:
    first = max(r - _BEFORE_R_SAMPLES, _REST_SAMPLES)
    end = min(r + _AFTER_R_SAMPLES, uv.shape[1] - _MOST_SAMPLES - 1)
    steep = np.abs(np.diff(uv, axis=1)).max(axis=0) >= LEAST_UV / _EDGE_SAMPLES
    found: list[Spike] = []
    for at in range(first, end):
        if steep[at : at + _EDGE_SAMPLES].any() and (not found or at > found[-1].behind):
            spike = _spike_after(uv, at)
            if spike is not None:
                found.append(spike)
    return tuple(found)


def _spike_after(uv: NDArray[np.float64], at: int) -> Spike | None:
    """The spike that rises out of the rest which ends here; two leads must show it where there are two."""
    away = np.abs(uv[:, at + 1 : at + 1 + _MOST_SAMPLES] - uv[:, at, None])
    height = away[:, :_EDGE_SAMPLES].max(axis=1)
    shows = (
        (height >= LEAST_UV) & (height >= 0.8 * away.max(axis=1)) & (away[:, :2].max(axis=1) >= 0.5 * height)
    )
    if np.count_nonzero(shows) < min(2, len(uv)):
        return None
    shows &= np.ptp(uv[:, at - _REST_SAMPLES : at + 1], axis=1) < _REST_SHARE * height
    if np.count_nonzero(shows) < min(2, len(uv)):
        return None
    share = np.median(away[shows] / height[shows, None], axis=0)
    top = int(np.argmax(share[:_EDGE_SAMPLES]))
    back = np.flatnonzero(share[top:] < _BACK_SHARE)
    return Spike(at, at + 1 + top + int(back[0])) if back.size else None
