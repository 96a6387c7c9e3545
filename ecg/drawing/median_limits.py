"""Where the waves of the median beat begin and end, from the limits of the beats it was made of."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from ecg.measurements import BeatLimits
from ecg.signal.median_beat import MedianBeat

FARTHEST_S = 0.03
"""A beat is moved by up to 24 ms when the median is made; a limit belongs to the nearest one."""


def limits_of_median(limits: Sequence[BeatLimits], beat: MedianBeat, rate_hz: float) -> BeatLimits | None:
    """Each limit's usual distance from R, in samples of the median beat.

    A wave that fewer than half of the beats have is not there. None where the limits are of other beats.
    """
    used = np.array(beat.used)
    offsets: dict[str, list[int]] = {field.name: [] for field in fields(BeatLimits)}
    beats = 0
    for one in limits:
        nearest = int(used[np.abs(used - one.r).argmin()])
        if abs(nearest - one.r) > FARTHEST_S * rate_hz:
            continue
        beats += 1
        for name, found in offsets.items():
            sample = getattr(one, name)
            if sample is not None:
                found.append(sample - nearest)
    if not beats:
        return None
    usual = {
        name: beat.r + round(float(np.median(found))) if 2 * len(found) >= beats else None
        for name, found in offsets.items()
    }
    return BeatLimits(**(usual | {"r": beat.r}))  # type: ignore[arg-type]
