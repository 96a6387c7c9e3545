"""ST raised in neighbouring leads, each against the limit of its place.

Neighbours: V1 to V6 in their row; II, aVF and III; I and aVL. aVR has no place among them. Whether it is new,
and what it comes from (a wide QRS raises ST, so does a heart grown thick), is a reader's to say.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import pi, tan

from ecg.critical.strip import Block, Strip
from ecg.critical.swings import in_swings
from ecg.critical.verdict import (
    Answer,
    Evidence,
    NotTested,
    Quantity,
    Value,
    hit_or_not,
    not_tested,
)
from ecg.leads import LIMB_LEADS, Lead
from ecg.measurements import Absent, LeadMeasure, Measured, Measurement, Why
from ecg.signal.shape_measurements import AMPLITUDE_SHARE, AMPLITUDE_UV

LEAST_CONFIDENCE = 0.5
"""That a level lies on its side of the limit: one far from it may be less exact."""

_BETWEEN_MS = 30.0
"""ST is measured at J and 60 ms after it; the nearer of the two to what the rule asks is taken."""

_V1_TO_V3 = (Lead.V1, Lead.V2, Lead.V3)
_ROWS = (
    (Lead.V1, Lead.V2, Lead.V3, Lead.V4, Lead.V5, Lead.V6),
    (Lead.II, Lead.AVF, Lead.III),
    (Lead.I, Lead.AVL),
)
LEADS = tuple(lead for row in _ROWS for lead in row)
"""The leads the rule looks at."""


def find_st_elevation(strip: Strip, limits: Mapping[str, float]) -> Answer:
    """`least_leads` neighbours with ST of at least `limb_mv` (limb leads), `v4_v6_mv`, or above `v1_v3_mv`.

    ST is read at J, or 60 ms after it (`after_j_ms`). Where it may not be read (a monitor's filter) it is not
    tested, nor where leads whose ST is unknown could make neighbours of those that are raised.
    """
    found: list[Evidence] = []
    absent: list[Why] = []
    ruled_out, least = False, round(limits["least_leads"])
    at = LeadMeasure.ST_J if limits["after_j_ms"] < _BETWEEN_MS else LeadMeasure.ST_60
    for block in strip.blocks:
        if in_swings(strip, block.where):
            absent.append(Why.POOR_SIGNAL)  # there is no ST where there are no complexes
            continue
        levels = {lead: _level(block, lead, at, limits) for lead in LEADS}
        unknown = [lead for lead, level in levels.items() if isinstance(level, Absent)]
        absent += [level.why for level in levels.values() if isinstance(level, Absent)]
        raised = [
            lead
            for lead, level in levels.items()
            if isinstance(level, Measured) and _is_raised(lead, level.value, limits)
        ]
        ruled_out = ruled_out or not _neighbours([*raised, *unknown], least)
        neighbours = _neighbours(raised, least)
        if neighbours:
            values = tuple(_value(lead, levels[lead], limits) for lead in neighbours)
            found.append(Evidence(block.where, values, strip.beats_in(block.where)))
    if found:
        return hit_or_not(_joined(found))
    return hit_or_not([]) if ruled_out else not_tested(NotTested.NOT_MEASURED, absent[0] if absent else None)


def _level(block: Block, lead: Lead, at: LeadMeasure, limits: Mapping[str, float]) -> Measurement:
    level = block.measurements.leads.get(lead, {}).get(at, Absent(Why.LEADS_MISSING))
    if isinstance(level, Measured) and not _is_told(level, abs(level.value - _limit_uv(lead, limits))):
        return Absent(Why.POOR_SIGNAL)
    return level


def _is_told(level: Measured, from_limit_uv: float) -> bool:
    """Whether a level so far from its limit lies on this side of it, as sure as half.

    A confidence is the probability to be off by no more than the tolerance. How far it is off at most with
    probability a half follows from it by the distribution with the longest tails that it is reckoned with
    (Student's of one degree of freedom).
    """
    tolerance_uv = max(AMPLITUDE_UV, AMPLITUDE_SHARE * abs(level.value))
    reach = from_limit_uv / tolerance_uv * tan(pi / 2 * level.confidence)
    return level.confidence >= LEAST_CONFIDENCE or reach >= tan(pi / 2 * LEAST_CONFIDENCE)


def _limit_uv(lead: Lead, limits: Mapping[str, float]) -> float:
    if lead in LIMB_LEADS:
        return 1000 * limits["limb_mv"]
    return 1000 * limits["v1_v3_mv" if lead in _V1_TO_V3 else "v4_v6_mv"]


def _is_raised(lead: Lead, level_uv: float, limits: Mapping[str, float]) -> bool:
    """The list asks for at least 0.1 mV in limb leads and V4 to V6, for above 0.3 mV in V1 to V3."""
    limit = _limit_uv(lead, limits)
    return level_uv > limit if lead in _V1_TO_V3 else level_uv >= limit


def _neighbours(raised: list[Lead], least: int) -> tuple[Lead, ...]:
    """The leads that stand, raised, beside each other, at least so many in a row."""
    together: list[Lead] = []
    for row in _ROWS:
        run: list[Lead] = []
        for lead in (*row, None):
            if lead is not None and lead in raised:
                run.append(lead)
                continue
            if len(run) >= least:
                together += run
            run = []
    return tuple(together)


def _value(lead: Lead, level: Measurement, limits: Mapping[str, float]) -> Value:
    assert isinstance(level, Measured)
    return Value(Quantity.ST_UV, level.value, _limit_uv(lead, limits), lead)


def _joined(found: list[Evidence]) -> list[Evidence]:
    """Of blocks that follow each other the one with the highest sum: one finding, not one a block."""
    joined: list[Evidence] = []
    for one in found:
        last = joined[-1] if joined else None
        if last is None or one.where.first > last.where.end:
            joined.append(one)
            continue
        higher = max((last, one), key=lambda evidence: sum(value.value for value in evidence.values))
        end = max(last.where.end, one.where.end)
        where = replace(last.where, count=end - last.where.first)
        joined[-1] = Evidence(where, higher.values, tuple(sorted({*last.beats, *one.beats})))
    return joined
