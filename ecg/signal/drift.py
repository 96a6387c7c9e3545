"""How fast the baseline drifts through the beats of a shape: what they share of it is in their median.

Wander moves ST of each beat by another amount, and a median of all beats is free of it. But beats that drift
alike also look alike, and are sorted into one shape.
"""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecg.leads import MISSING
from ecg.signal.lead_samples import LeadSamples

_LEVEL_S = (0.11, 0.07)
"""Before R, where the line before QRS is."""


def usual_drift(leads: LeadSamples, aligned: Sequence[int], beats: Sequence[int]) -> NDArray[np.float64]:
    """Of each lead, microvolts a millisecond: the median over these beats, each to the next of all beats.

    0 where no beat has one after it.
    """
    slopes = []
    for at in aligned:
        place = bisect_right(beats, at + 0.1 * leads.rate_hz)  # the same beat, R found elsewhere in it
        if place < len(beats) and (here := _level(leads, at)) is not None:
            there = _level(leads, beats[place])
            if there is not None:
                slopes.append((there - here) / ((beats[place] - at) * 1000 / leads.rate_hz))
    return np.median(slopes, axis=0) if slopes else np.zeros(len(leads.samples))


def _level(leads: LeadSamples, at: int) -> NDArray[np.float64] | None:
    early, late = (at - round(seconds * leads.rate_hz) for seconds in _LEVEL_S)
    part = leads.samples[:, max(early, 0) : late]
    if early < 0 or (part == MISSING).any():
        return None
    level: NDArray[np.float64] = np.median(part, axis=1) * (leads.nv_per_lsb / 1000)
    return level
