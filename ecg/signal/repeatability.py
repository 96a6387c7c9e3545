"""How sure a measurement is: the beats are parted into groups, and each group is measured by itself.

From how the groups differ follows how far a measurement of all beats would be off if the same heart were
recorded again in the same signal. The confidence is the probability that it is off by no more than the
tolerance. Few beats make it small, because two or three groups may agree by chance (Student's distribution).
Nothing is said here of how well the method agrees with a reader: that is measured on annotated recordings.
"""

from collections.abc import Sequence
from math import atan, hypot, pi, sqrt
from statistics import stdev

from ecg.signal.delineation import DelineatedShape, PooledWaves, waves_of_some
from ecg.signal.lead_samples import LeadSamples

MOST_GROUPS = 4


def groups_of(leads: LeadSamples, found: DelineatedShape, beats: Sequence[int]) -> tuple[PooledWaves, ...]:
    """The waves of up to four groups of the beats of a shape, taken in turn; fewer than two: none."""
    aligned = found.shape.aligned
    count = min(MOST_GROUPS, len(aligned))
    if count < 2:
        return ()
    return tuple(waves_of_some(leads, found, aligned[first::count], beats) for first in range(count))


def confidence(groups: Sequence[float | None], tolerance: float, further_sd: float = 0.0) -> float:
    """The probability, 0 to 1, that the mean of these groups is off by no more than the tolerance.

    A group in which the wave was not found counts as disagreeing. `further_sd`: what the groups have in
    common and cannot show.
    """
    found = [value for value in groups if value is not None]
    if len(found) < 2:
        return 0.0
    off = hypot(stdev(found) / sqrt(len(found)), further_sd)
    within = _student(tolerance / off, len(found) - 1) if off > 0 else 1.0
    return within * len(found) / len(groups)


def _student(t: float, freedom: int) -> float:
    """The probability that Student's t lies between -t and t, for 1 to 3 degrees of freedom."""
    match freedom:
        case 1:
            return 2 / pi * atan(t)
        case 2:
            return t / sqrt(2 + t * t)
        case _:
            return 2 / pi * (atan(t / sqrt(3)) + t / sqrt(3) / (1 + t * t / 3))
