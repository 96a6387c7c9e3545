"""Tells a P wave from one of many atrial waves that only happen to stand before QRS at a fixed distance.

In flutter every beat has such a wave at the same distance, but the baseline beside it does not come to rest.
"""

import numpy as np

from ecg.signal.p_wave import LIMIT_SMOOTHING_MS, PWave, Room, limit_speed
from ecg.signal.pooled_beat import STEP_MS, PooledBeat
from ecg.signal.smoothing import slope_of_hiss

_LEAST_REST_MS = 72.0
"""With less of it beside P, as in fast rhythms, it is not known whether it rests."""

_EDGE_MS = 16.0
"""The limits of P lie where it still moves."""

_MOST_REST_SPEED = 0.25
"""Beside P the leads move at less than this part of its speed (seen: to 0.15; in flutter 0.3)."""


def moves_on(pooled: PooledBeat, room: Room, wave: PWave) -> bool | None:
    """Whether the baseline beside the P wave goes on moving, by more than noise; None: too little of it."""
    at = np.arange(room.first, room.end)
    edge = _EDGE_MS / STEP_MS
    beside = at[(at < wave.onset - edge) | (at > wave.end + edge)]
    if len(beside) * STEP_MS < _LEAST_REST_MS:
        return None
    speed = limit_speed(pooled.uv, room)
    noise = slope_of_hiss(LIMIT_SMOOTHING_MS) * float(np.sqrt((pooled.noise_uv**2).mean()))
    rest = float(np.sqrt(max(float(np.median(speed[beside])) ** 2 - noise**2, 0.0)))
    return rest > _MOST_REST_SPEED * float(speed[round(wave.onset) : round(wave.end) + 1].max())
