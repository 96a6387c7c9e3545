"""A mean ventricular rate below a limit, over ten seconds or what there is."""

from collections.abc import Mapping

from ecg.critical.intervals import Interval, PassedOver, intervals
from ecg.critical.runs import merged, windows
from ecg.critical.strip import Strip
from ecg.critical.verdict import Answer, Evidence, NotTested, Quantity, Value, hit_or_not, not_tested
from ecg.ranges import SampleRange

LEAST_SPAN_S = 5.0
"""From the first R to the last; over less a mean says nothing, and a pause is a rule of its own."""


def find_slow_rate(strip: Strip, limits: Mapping[str, float]) -> Answer:
    """Where the mean over `over_s` is below `below_per_min`; intervals that may hide a beat do not count."""
    below = limits["below_per_min"]
    asked = _windows(strip, limits["over_s"])
    slow = [beats for beats in asked if per_min(strip, beats) < below]
    if not slow:
        return hit_or_not([]) if asked else not_tested(NotTested.FEW_BEATS)
    doubtful = _doubtful(strip)
    sure = [beats for beats in slow if not any(beats[0] <= one.where.first < beats[-1] for one in doubtful)]
    if not sure:
        return not_tested(NotTested.POOR_SIGNAL)
    return hit_or_not([_evidence(strip, beats, below) for beats in merged(sure)])


def _windows(strip: Strip, over_s: float) -> list[tuple[int, ...]]:
    span = round(over_s * strip.rate_hz)
    found = [beats for stretch in strip.stretches for beats in windows(strip.beats_in(stretch), span)]
    return [beats for beats in found if strip.seconds(beats[-1] - beats[0]) >= LEAST_SPAN_S]


def per_min(strip: Strip, beats: tuple[int, ...]) -> float:
    """The mean rate of consecutive beats."""
    return 60 * (len(beats) - 1) * strip.rate_hz / (beats[-1] - beats[0])


def _doubtful(strip: Strip) -> list[Interval]:
    passed_over = PassedOver(strip)
    return [one for one in intervals(strip) if one.is_rr and passed_over.may_hide_a_beat(one)]


def _evidence(strip: Strip, beats: tuple[int, ...], below: float) -> Evidence:
    where = SampleRange(beats[0], beats[-1] - beats[0])
    return Evidence(where, (Value(Quantity.RATE_PER_MIN, per_min(strip, beats), below),), beats)
