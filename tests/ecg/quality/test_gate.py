"""Whether a recording may go: the advice, the score, and every point of it with its cause."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import ecg_noise
from benchmarks.ecg_swaps import swapped
from ecg.leads import INDEPENDENT_LEADS, STANDARD_LEADS, Electrode, Lead
from ecg.quality.advice import ADVICE, Advice, Shortfall, advice_for
from ecg.quality.device_state import DeviceState
from ecg.quality.electrodes import EVERY_ELECTRODE
from ecg.quality.findings import Finding, Grade, LeadFinding, LeadSecond, SecondQuality
from ecg.quality.gate import judge, judge_recording
from ecg.quality.gate_result import Decision, GateResult, GateRules, Reason, Weight
from ecg.quality.reversal import Reversal, ReversalCheck, Suspicion
from ecg.ranges import SampleRange
from tests.ecg.quality.made import TWELVE_LEADS, Uv, real, recording, sinus

NONE_SUSPECTED = ReversalCheck()


def judged(uv: Uv, *states: tuple[SampleRange, DeviceState]) -> GateResult:
    return judge_recording(recording(uv), states)


def only_reason(result: GateResult) -> Reason:
    (reason,) = result.reasons
    return reason


@pytest.mark.parametrize("name", TWELVE_LEADS)
def test_real_recordings_may_go(name: str) -> None:
    result = judge_recording(real(name), gate_rules=GateRules(least_s=3))
    assert result.decision is Decision.SEND
    assert result.score >= 99


def test_a_clean_recording_has_all_points_and_all_its_seconds() -> None:
    result = judged(sinus(10))
    assert (result.decision, result.score, result.reasons) == (Decision.SEND, 100, ())
    assert result.usable_s == dict.fromkeys(STANDARD_LEADS, 10)


def test_an_electrode_that_is_off_all_the_time_is_to_be_put_back() -> None:
    result = judged(sinus(10), (SampleRange(0, 5000), DeviceState(Electrode.V2)))
    assert (result.decision, result.score) == (Decision.REPEAT, 92)
    reason = only_reason(result)
    assert (reason.cause, reason.advice, reason.leads) == (Finding.LEAD_OFF, Advice.REATTACH, (Lead.V2,))
    assert (reason.electrodes, reason.lead_seconds) == (Electrode.V2, 10)
    assert result.usable_s[Lead.V2] == 0


def test_an_electrode_that_was_off_for_a_moment_is_worth_a_note() -> None:
    result = judged(sinus(10), (SampleRange(2000, 600), DeviceState(Electrode.LL)))
    assert (result.decision, result.score) == (Decision.SEND_WITH_NOTE, 80)
    assert only_reason(result).leads == STANDARD_LEADS
    assert result.usable_s == dict.fromkeys(STANDARD_LEADS, 8)


def test_noise_that_can_be_read_is_worth_a_note_and_costs_part() -> None:
    uv = sinus(10) + ecg_noise.at_electrode(ecg_noise.mains(5000, 500, 150, 50), Electrode.V5)
    result = judged(uv)
    assert (result.decision, result.score) == (Decision.SEND_WITH_NOTE, 98)
    reason = only_reason(result)
    assert (reason.advice, reason.electrodes) == (Advice.REMOVE_MAINS, Electrode.V5)
    assert reason.points == pytest.approx(0.3 * 10 / 120 * 100)


def test_a_single_noisy_second_is_told_and_holds_nothing_up() -> None:
    uv = sinus(10)
    uv[7, 1500:2000] += ecg_noise.mains(500, 500, 150, 50)
    result = judged(uv)
    assert (result.decision, result.score) == (Decision.SEND, 100)
    assert only_reason(result).weight is Weight.MINOR


def test_noise_that_cannot_be_read_most_of_the_time_asks_for_another_recording() -> None:
    uv = sinus(10)
    uv[10, :3200] += ecg_noise.muscle(3200, 500, 200, 5)
    result = judged(uv)
    assert result.decision is Decision.REPEAT
    assert only_reason(result).advice is Advice.RELAX_MUSCLES
    assert result.usable_s[Lead.V5] <= 4


def test_a_hole_is_never_passed_over_however_short() -> None:
    uv = sinus(10)
    uv[4, 2222] = np.nan
    reason = only_reason(judged(uv))
    assert (reason.cause, reason.weight, reason.electrodes) == (Finding.MISSING, Weight.NOTE, Electrode(0))


def test_a_standstill_is_a_question_to_the_patient_and_keeps_its_seconds() -> None:
    uv = sinus(10)
    uv[:, 2500:] = np.random.default_rng(0).normal(0, 2, (12, 2500))
    result = judged(uv)
    assert result.decision is Decision.SEND_WITH_NOTE
    reason = only_reason(result)
    assert (reason.cause, reason.advice) == (Shortfall.ALL_FLAT, Advice.LOOK_AT_PATIENT)
    assert result.usable_s == dict.fromkeys(STANDARD_LEADS, 10)


def test_nothing_but_flat_lines_is_a_question_to_the_patient_first_then_recorded_again() -> None:
    result = judged(np.random.default_rng(0).normal(0, 2, (12, 5000)))
    assert result.decision is Decision.REPEAT
    assert result.reasons[0].cause is Shortfall.ALL_FLAT
    assert result.reasons[0].electrodes == EVERY_ELECTRODE
    assert result.score == 10  # the first second is not called flat
    assert Finding.LEAD_OFF not in {reason.cause for reason in result.reasons}


def test_one_flat_lead_is_its_electrode() -> None:
    uv = sinus(10)
    uv[6] = 0
    reason = only_reason(judged(uv))
    assert (reason.cause, reason.advice, reason.weight) == (
        Finding.FLAT,
        Advice.CHECK_FLAT_LEAD,
        Weight.REPEAT,
    )
    assert reason.electrodes == Electrode.V1


def test_a_suspected_reversal_comes_before_noise_and_costs_thirty_points() -> None:
    uv = swapped(sinus(10), Reversal.RA_LA)
    uv[8] += ecg_noise.mains(5000, 500, 150, 50)
    result = judged(uv)
    assert [reason.cause for reason in result.reasons] == [Reversal.RA_LA, Finding.MAINS_50]
    assert (result.decision, result.score) == (Decision.REPEAT, 68)
    assert result.reasons[0].electrodes == Electrode.RA | Electrode.LA
    assert result.reversals.untested == {Reversal.LA_LL: result.reversals.untested[Reversal.LA_LL]}


def test_chest_electrodes_in_another_order_are_named() -> None:
    verdicts = [second(k, {}) for k in range(10)]
    swap = Suspicion(Reversal.CHEST_ORDER, chest=(Lead.V2, Lead.V5))
    (reason,) = judge(verdicts, 500, ReversalCheck((swap,))).reasons
    assert (reason.leads, reason.electrodes) == ((Lead.V2, Lead.V5), Electrode.V2 | Electrode.V5)
    assert (reason.advice, reason.suspicion) == (Advice.CHECK_CHEST_ORDER, swap)


def test_eight_leads_are_a_12_lead_ecg_and_six_are_not() -> None:
    rows = [STANDARD_LEADS.index(lead) for lead in INDEPENDENT_LEADS]
    assert judge_recording(recording(sinus(10)[rows], leads=INDEPENDENT_LEADS)).score == 100
    result = judge_recording(recording(sinus(10)[:6], leads=STANDARD_LEADS[:6]))
    assert (result.decision, result.score) == (Decision.REPEAT, 50)
    reason = only_reason(result)
    assert (reason.cause, reason.leads) == (Shortfall.LEADS_ABSENT, STANDARD_LEADS[6:])


@pytest.mark.parametrize(("seconds", "score"), [(9.99, 100), (7, 70), (0.5, 0)])
def test_a_recording_that_is_too_short_is_recorded_again(seconds: float, score: int) -> None:
    result = judged(sinus(seconds))
    assert (result.decision, result.score) == (Decision.REPEAT, score)
    assert only_reason(result).cause is Shortfall.TOO_SHORT


def test_a_longer_recording_is_judged_as_a_whole() -> None:
    result = judged(sinus(25.4))
    assert (result.decision, result.score) == (Decision.SEND, 100)
    assert result.usable_s[Lead.V1] == pytest.approx(25.4)


def test_a_site_may_ask_for_more() -> None:
    uv = sinus(10)
    uv[0, 1500:2000] += ecg_noise.mains(500, 500, 150, 50)
    strict = GateRules(noted_s=1.0, noted_costs=1.0, least_s=20)
    result = judge_recording(recording(uv), gate_rules=strict)
    assert [reason.cause for reason in result.reasons] == [Shortfall.TOO_SHORT, Finding.MAINS_50]
    assert result.reasons[1].weight is Weight.NOTE
    assert result.reasons[1].points == pytest.approx(100 / 240)


def test_everything_a_recording_can_be_faulted_for_has_its_advice() -> None:
    never_suspected = {Reversal.LA_LL}
    assert set(ADVICE) == {*Finding, *Reversal, *Shortfall} - never_suspected
    assert set(ADVICE.values()) == set(Advice)
    values = [cause.value for cause in (*Finding, *Reversal, *Shortfall)]
    assert len(values) == len(set(values))


def test_a_flat_line_in_every_lead_asks_to_look_at_the_patient() -> None:
    assert advice_for(Finding.FLAT) is Advice.CHECK_FLAT_LEAD
    assert advice_for(Finding.FLAT, all_flat=True) is Advice.LOOK_AT_PATIENT


def second(number: int, found: dict[Lead, LeadSecond]) -> SecondQuality:
    leads = {lead: found.get(lead, LeadSecond()) for lead in STANDARD_LEADS}
    return SecondQuality(SampleRange(500 * number, 500), leads)


A_FINDING: Callable[[], st.SearchStrategy[LeadFinding]] = lambda: st.builds(  # noqa: E731
    LeadFinding, st.sampled_from(Finding), st.sampled_from(Grade), st.floats(0, 9999)
)
SECONDS = st.lists(
    st.dictionaries(
        st.sampled_from(STANDARD_LEADS),
        st.lists(A_FINDING(), max_size=3, unique_by=lambda one: one.finding).map(
            lambda every: LeadSecond(tuple(every))
        ),
        max_size=12,
    ),
    max_size=12,
)


@given(found=SECONDS)
@settings(max_examples=100, deadline=None)
def test_the_points_lost_are_those_of_the_reasons_and_never_more_than_all(
    found: list[dict[Lead, LeadSecond]],
) -> None:
    result = judge([second(k, leads) for k, leads in enumerate(found)], 500, NONE_SUSPECTED)
    lost = sum(reason.points for reason in result.reasons)
    assert 0 <= lost <= 100 + 1e-9
    assert result.score == round(100 - lost)
    assert all(0 <= usable <= len(found) for usable in result.usable_s.values())


@given(found=SECONDS)
@settings(max_examples=100, deadline=None)
def test_the_advice_is_that_of_the_heaviest_reason_which_comes_first(
    found: list[dict[Lead, LeadSecond]],
) -> None:
    result = judge([second(k, leads) for k, leads in enumerate(found)], 500, NONE_SUSPECTED)
    order = [Weight.REPEAT, Weight.NOTE, Weight.MINOR]
    weights = [order.index(reason.weight) for reason in result.reasons]
    assert weights == sorted(weights)
    heaviest = order[weights[0]] if weights else Weight.MINOR
    assert result.decision is dict(zip(order, reversed(Decision), strict=True))[heaviest]
