"""Whether a recording may go as it is: advice before it is sent. Nothing is ever held back or hidden by it.

Every second of every lead is worth the same; what is noted in it costs part of it, what makes it unusable all
of it. The score is what is left of 100, and every point lost is told with its cause.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ecg.leads import CHEST_LEADS, Electrode, Lead
from ecg.quality.advice import Cause, Shortfall, advice_for
from ecg.quality.device_state import DeviceState
from ecg.quality.electrodes import EVERY_ELECTRODE, SWAPPED, electrodes_of_all, suspected_electrodes
from ecg.quality.findings import Finding, Grade, LeadFinding, SecondQuality
from ecg.quality.gate_result import (
    DEFAULT_GATE_RULES,
    NO_ELECTRODE,
    Decision,
    GateResult,
    GateRules,
    Reason,
    Weight,
)
from ecg.quality.live import assess
from ecg.quality.reversal import Reversal, ReversalCheck, suspected_reversals
from ecg.quality.rules import DEFAULT_RULES, QualityRules
from ecg.quality.tally import Tally
from ecg.ranges import SampleRange
from ecg.recording import Recording


def judge_recording(
    recording: Recording,
    states: Iterable[tuple[SampleRange, DeviceState]] = (),
    quality_rules: QualityRules = DEFAULT_RULES,
    gate_rules: GateRules = DEFAULT_GATE_RULES,
) -> GateResult:
    """Assess a recording, usually of 10 s and 12 leads, and say whether it may go as it is."""
    verdicts = assess(recording, states, quality_rules)
    return judge(verdicts, recording.rate_hz, suspected_reversals(recording), gate_rules)


def judge(
    verdicts: Sequence[SecondQuality],
    rate_hz: float,
    reversals: ReversalCheck,
    rules: GateRules = DEFAULT_GATE_RULES,
) -> GateResult:
    """The same from the verdicts on its seconds, as they came live."""
    tally = Tally(verdicts, rate_hz, rules)
    reasons = [*_shortfalls(tally), *_reversals(reversals, rules), *_findings(tally)]
    reasons.sort(key=lambda reason: (-_STRENGTH[reason.weight], _IMPORTANCE[reason.cause]))
    heaviest = max((reason.weight for reason in reasons), key=lambda w: _STRENGTH[w], default=Weight.MINOR)
    lost = sum(reason.points for reason in reasons)
    return GateResult(
        _DECISION[heaviest], max(0, round(100 - lost)), tuple(reasons), tally.usable_s, reversals
    )


_STRENGTH = {Weight.MINOR: 0, Weight.NOTE: 1, Weight.REPEAT: 2}
_DECISION = {
    Weight.MINOR: Decision.SEND,
    Weight.NOTE: Decision.SEND_WITH_NOTE,
    Weight.REPEAT: Decision.REPEAT,
}
_IMPORTANCE: dict[Cause, int] = {
    cause: k
    for k, cause in enumerate(
        (
            Shortfall.ALL_FLAT,
            Finding.LEAD_OFF,
            Shortfall.LEADS_ABSENT,
            *Reversal,
            Shortfall.TOO_SHORT,
            *(finding for finding in Finding if finding is not Finding.LEAD_OFF),
        )
    )
}


def _shortfalls(tally: Tally) -> list[Reason]:
    return [reason for one in (_absent, _short, _all_flat) if (reason := one(tally)) is not None]


def _absent(tally: Tally) -> Reason | None:
    absent = tuple(lead for lead in tally.rules.leads if lead not in tally.leads)
    if not absent or not tally.verdicts:
        return None
    lost_s = len(absent) * tally.total_s
    return _shortfall(tally, Shortfall.LEADS_ABSENT, lost_s, absent, electrodes_of_all(absent))


def _short(tally: Tally) -> Reason | None:
    short_s = tally.rules.least_s - tally.total_s
    if short_s <= 1 / tally.rate_hz:
        return None
    return _shortfall(tally, Shortfall.TOO_SHORT, short_s * tally.lead_count)


def _all_flat(tally: Tally) -> Reason | None:
    if not tally.all_flat:
        return None
    flat_s = {lead: 0.0 for lead in tally.leads}
    for verdict in tally.all_flat:
        for lead in verdict.sizes_uv(Finding.FLAT):
            flat_s[lead] += tally.seconds(verdict)
    leads = tuple(lead for lead in tally.leads if flat_s[lead])
    nothing_else = len(tally.all_flat) >= len(tally.verdicts) - 1  # the first second is never called flat
    reason = _shortfall(tally, Shortfall.ALL_FLAT, sum(flat_s.values()), leads, EVERY_ELECTRODE)
    return reason if nothing_else else replace(reason, weight=Weight.NOTE)


def _shortfall(
    tally: Tally,
    cause: Shortfall,
    lead_seconds: float,
    leads: tuple[Lead, ...] = (),
    electrodes: Electrode = NO_ELECTRODE,
) -> Reason:
    points = lead_seconds * tally.points_per_lead_second
    return Reason(cause, Weight.REPEAT, advice_for(cause), leads, electrodes, lead_seconds, points)


def _reversals(check: ReversalCheck, rules: GateRules) -> list[Reason]:
    return [
        Reason(
            suspicion.reversal,
            Weight.REPEAT,
            advice_for(suspicion.reversal),
            suspicion.chest,
            SWAPPED.get(suspicion.reversal) or electrodes_of_all(suspicion.chest or CHEST_LEADS),
            points=rules.reversal_costs,
            suspicion=suspicion,
        )
        for suspicion in check.suspected
    ]


def _findings(tally: Tally) -> list[Reason]:
    """One reason for each kind of finding. A second with several is charged to the most important."""
    return [reason for finding in Finding if (reason := _reason(tally, finding)) is not None]


def _reason(tally: Tally, finding: Finding) -> Reason | None:
    found_s = dict.fromkeys(tally.leads, 0.0)
    sizes_uv = dict.fromkeys(tally.leads, 0.0)
    points, electrodes_off = 0.0, NO_ELECTRODE
    for verdict in tally.verdicts:
        if verdict.all_flat and finding is Finding.FLAT:
            continue  # told as ALL_FLAT
        electrodes_off |= verdict.electrodes_off
        for lead, found in tally.found(verdict, finding):
            found_s[lead] += tally.seconds(verdict)
            sizes_uv[lead] += found.size_uv or 0.0
            if found is _charged(verdict.leads[lead].findings):
                points += tally.points(found, tally.seconds(verdict))
    leads = tuple(lead for lead in tally.leads if found_s[lead])
    if not leads:
        return None
    electrodes = suspected_electrodes(finding, {lead: sizes_uv[lead] for lead in leads}, tally.leads)
    if finding is Finding.LEAD_OFF and electrodes_off:
        electrodes = electrodes_off
    weight = _weight(tally, finding, max(found_s.values()))
    return Reason(finding, weight, advice_for(finding), leads, electrodes, sum(found_s.values()), points)


def _charged(findings: Sequence[LeadFinding]) -> LeadFinding:
    """The finding a second's loss is told with: the first that makes it unusable, else the first."""
    return next((one for one in findings if one.grade is Grade.UNUSABLE), findings[0])


_NEVER_MINOR = (Finding.MISSING, Finding.CLIPPED)
"""A hole in the signal and an amplitude that is not true are told however short."""


def _weight(tally: Tally, finding: Finding, longest_s: float) -> Weight:
    """To be repeated where it leaves a lead too few seconds; noted where it is more than passing."""
    if finding is Finding.AMPLITUDE and longest_s >= tally.rules.noted_s:
        return Weight.REPEAT  # with the right scale
    spoilt = tally.spoilt_by(finding)
    if any(tally.usable_s[lead] < tally.rules.least_usable_s for lead in spoilt):
        return Weight.REPEAT
    lasting = spoilt or finding in _NEVER_MINOR or longest_s >= tally.rules.noted_s
    return Weight.NOTE if lasting else Weight.MINOR
