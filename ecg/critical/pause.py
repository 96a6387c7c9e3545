"""A pause between beats, or of at least so long before the first beat or after the last."""

from collections.abc import Mapping

import numpy as np

from ecg.critical.intervals import Interval, PassedOver, intervals
from ecg.critical.strip import Strip
from ecg.critical.swings import in_swings
from ecg.critical.verdict import Answer, Evidence, NotTested, Quantity, Value, hit_or_not, not_tested
from ecg.leads import MISSING
from ecg.ranges import SampleRange

_T_ENDS_S = 0.5

_FLAT_UV = 5.0
"""A signal without any beat that moves less on every lead is taken for an input without a patient."""


def find_pauses(strip: Strip, limits: Mapping[str, float]) -> Answer:
    """Every interval of at least `pause_s`. What may hide a beat is not counted: it answers "not tested"."""
    longest = limits["pause_s"]
    long = [one for one in intervals(strip) if strip.seconds(one.where.count) >= longest]
    if not strip.stretches:
        return not_tested(NotTested.POOR_SIGNAL)
    if not long:
        return hit_or_not([])
    passed_over = PassedOver(strip)
    quiet = [
        one
        for one in long
        if not passed_over.may_hide_a_beat(one) and not _swings(strip, one) and not _is_dead(strip, one)
    ]
    if not quiet:
        return not_tested(NotTested.POOR_SIGNAL)
    return hit_or_not(
        [
            Evidence(
                one.where,
                (Value(Quantity.PAUSE_S, strip.seconds(one.where.count), longest),),
                one.beats,
            )
            for one in quiet
        ]
    )


def _swings(strip: Strip, interval: Interval) -> bool:
    """Whether something else is there than quiet: another rule's, or its beginning."""
    first, end = interval.where.first, interval.where.end
    after_t = first + (round(_T_ENDS_S * strip.rate_hz) if interval.from_beat else 0)
    return in_swings(strip, SampleRange(after_t, end - after_t))


def is_dead(strip: Strip) -> bool:
    """Whether no beat is there and nothing moves at all: no heart can be told from a cable that is out."""
    return not strip.beats and all(_is_flat(strip, one) for one in strip.stretches)


def _is_dead(strip: Strip, interval: Interval) -> bool:
    return not interval.beats and _is_flat(strip, interval.where)


def _is_flat(strip: Strip, where: SampleRange) -> bool:
    part = strip.samples[:, where.first : where.end]
    seen = np.where(part == MISSING, np.nan, part)[~(part == MISSING).all(axis=1)]
    spans_uv = (np.nanmax(seen, axis=1) - np.nanmin(seen, axis=1)) * strip.nv_per_lsb / 1000
    return bool(spans_uv.max() < _FLAT_UV)
