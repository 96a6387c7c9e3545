"""Fast rhythms: regular or not, narrow or wide.

Wide and narrow are said of the width alone; where the rhythm comes from is a reader's to say. What the
detector marks in swings without complexes are no beats, and count for none of these rules.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ecg.critical.runs import Run, fast_runs, merged, share_wide, usual_width_ms, windows
from ecg.critical.strip import Strip
from ecg.critical.swings import in_swings
from ecg.critical.verdict import (
    NO_HIT,
    Answer,
    Evidence,
    NotTested,
    Quantity,
    Value,
    hit_or_not,
    not_tested,
)

_KNOWN = 0.5
"""Of the beats of a run the width must be known, or it is not judged."""

_MOST = 0.8
"""Of the known widths, when a run is called wide."""

_NOT_ALONE = 1.25
"""A rhythm that comes so fast does so more than once: a second interval is below this part of the limit."""


def find_wide_tachycardia(strip: Strip, limits: Mapping[str, float]) -> Answer:
    """Wide complexes at `per_min` or more for `least_s`."""
    return _answer(strip, _wide_runs(strip, limits), limits["least_s"], limits)


def wide_as_far_as_it_goes(strip: Strip, limits: Mapping[str, float]) -> list[Evidence]:
    """Wide complexes so fast through the whole of a signal that is shorter than the rule asks for."""
    wide, _ = _wide_runs(strip, limits)
    return [_evidence(strip, run, limits) for run in wide if run.fills_its_stretch]


def find_narrow_tachycardia(strip: Strip, limits: Mapping[str, float]) -> Answer:
    """Narrow complexes at `per_min` or more for `least_s`."""
    return _answer(strip, _narrow_runs(strip, limits), limits["least_s"], limits)


def narrow_as_far_as_it_goes(strip: Strip, limits: Mapping[str, float]) -> list[Evidence]:
    """Narrow complexes so fast through the whole of a signal that is shorter than the rule asks for."""
    narrow, _ = _narrow_runs(strip, limits)
    return [_evidence(strip, run, limits) for run in narrow if run.fills_its_stretch]


def find_irregular_fast(strip: Strip, limits: Mapping[str, float]) -> Answer:
    """Irregular intervals at a mean of `per_min` or more over `least_s`."""
    found, asked = [], False
    for stretch in strip.stretches:
        fast = []
        span = round(limits["least_s"] * strip.rate_hz)
        for beats in windows(strip.beats_in(stretch), span):
            if beats[-1] - beats[0] < span:
                continue
            asked = True
            rr_s = np.diff(beats) / strip.rate_hz
            if 60 / rr_s.mean() >= limits["per_min"] and irregularity(rr_s) >= limits["variation_percent"]:
                fast.append(beats)
        runs = [Run(beats, stretch, strip.rate_hz) for beats in merged(fast)]
        found += [
            _evidence(strip, run, limits, (_variation(strip, run.beats, limits),))
            for run in runs
            if not in_swings(strip, run.where)
        ]
    return hit_or_not(found) if asked else not_tested(NotTested.FEW_BEATS)


def find_irregular_wide(strip: Strip, limits: Mapping[str, float]) -> Answer:
    """Irregular wide complexes at `per_min` or more with an interval below `shortest_rr_ms`."""
    found, unknown = [], False
    for run in fast_runs(strip, limits["per_min"], 6):
        rr_s = run.rr_s()
        shortest, second = (1000 * float(one) for one in np.sort(rr_s)[:2])
        alone = second >= _NOT_ALONE * limits["shortest_rr_ms"]
        if shortest >= limits["shortest_rr_ms"] or alone:
            continue
        if irregularity(rr_s) < limits["variation_percent"]:
            continue
        if in_swings(strip, run.where):
            continue
        known, wide = share_wide(strip, run.beats, limits["qrs_ms"])
        if known < _KNOWN:
            unknown = True
        elif wide >= _MOST:
            more = (
                Value(Quantity.SHORTEST_RR_MS, shortest, limits["shortest_rr_ms"]),
                _variation(strip, run.beats, limits),
            )
            found.append(_evidence(strip, run, limits, more))
    return not_tested(NotTested.NOT_MEASURED) if unknown and not found else hit_or_not(found)


def irregularity(rr_s: Sequence[float] | np.ndarray) -> float:
    """How much one interval usually differs from the next, in percent of the usual interval."""
    if len(rr_s) < 3:
        return 0.0
    return 100 * float(np.median(np.abs(np.diff(rr_s))) / np.median(rr_s))


# --- runs of one width ---------------------------------------------------------------------------------


def _wide_runs(strip: Strip, limits: Mapping[str, float]) -> tuple[list[Run], list[Run]]:
    """Runs of wide complexes, and runs of which the width is not known."""
    wide, unknown = [], []
    for run in fast_runs(strip, limits["per_min"]):
        known, share = share_wide(strip, run.beats, limits["qrs_ms"])
        if known < _KNOWN:
            unknown.append(run)
        elif share >= _MOST:
            wide.append(run)
    return wide, unknown


def _narrow_runs(strip: Strip, limits: Mapping[str, float]) -> tuple[list[Run], list[Run]]:
    narrow, unknown = [], []
    for run in fast_runs(strip, limits["per_min"]):
        known, share = share_wide(strip, run.beats, limits["qrs_ms"])
        if known < _KNOWN:
            unknown.append(run)
        elif share < 1 - _MOST and not in_swings(strip, run.where):
            narrow.append(run)
    return narrow, unknown


def _answer(
    strip: Strip, runs: tuple[list[Run], list[Run]], least_s: float, limits: Mapping[str, float]
) -> Answer:
    sure, unknown = ([run for run in some if run.lasted_s >= least_s] for some in runs)
    if sure:
        return hit_or_not([_evidence(strip, run, limits) for run in sure])
    return not_tested(NotTested.NOT_MEASURED) if unknown else NO_HIT


def _evidence(strip: Strip, run: Run, limits: Mapping[str, float], more: tuple[Value, ...] = ()) -> Evidence:
    values = [
        Value(Quantity.RATE_PER_MIN, run.per_min, limits["per_min"]),
        Value(Quantity.LASTED_S, run.lasted_s, limits.get("least_s")),
    ]
    width = usual_width_ms(strip, run.beats)
    if width is not None:
        values.append(Value(Quantity.QRS_MS, width, limits.get("qrs_ms")))
    return Evidence(run.where, (*values, *more), run.beats)


def _variation(strip: Strip, beats: Sequence[int], limits: Mapping[str, float]) -> Value:
    found = irregularity(np.diff(beats) / strip.rate_hz)
    return Value(Quantity.RR_VARIATION_PERCENT, found, limits["variation_percent"])
