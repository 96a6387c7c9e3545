"""Each statement: made just beyond its limit, not made on it, withheld when it may not be judged."""

import pytest

from ecg.leads import STANDARD_LEADS, Lead
from ecg.measurements import LeadMeasure, Measure, Unit, Why
from ecg.statements.rules import statements_of
from ecg.statements.statement import (
    Evidence,
    Made,
    Statement,
    StatementCode,
    Statements,
    Withheld,
    WithheldWhy,
)
from ecg.subject import Sex, Subject
from tests.ecg.made_measurements import measurements

C = StatementCode
QTC = Measure.QTC_FRIDERICIA


def codes(said: Statements) -> set[StatementCode]:
    return {one.code for one in said.made}


def why(said: Statements, code: StatementCode) -> WithheldWhy | None:
    return next((one.why for one in said.withheld if one.code is code), None)


def test_an_ordinary_ecg_has_no_statement_and_every_rule_was_looked_at() -> None:
    assert statements_of(measurements()) == Statements((), ())


@pytest.mark.parametrize(
    ("measure", "code", "beyond", "within"),
    [
        (Measure.RATE, C.RATE_LOW, 59.9, 60.0),
        (Measure.RATE, C.RATE_HIGH, 100.1, 100.0),
        (Measure.PR, C.PR_LONG, 201.0, 200.0),
        (Measure.QRS, C.QRS_WIDE, 120.0, 119.9),
        (QTC, C.QTC_LONG, 461.0, 460.0),
        (QTC, C.QTC_LONG, 500.0, 460.0),
        (QTC, C.QTC_VERY_LONG, 500.1, 500.0),
        (Measure.QRS_AXIS, C.AXIS_LEFT, -30.5, -30.0),
        (Measure.QRS_AXIS, C.AXIS_LEFT, -90.0, -29.0),
        (Measure.QRS_AXIS, C.AXIS_RIGHT, 91.0, 90.0),
        (Measure.QRS_AXIS, C.AXIS_RIGHT, 180.0, 89.0),
        (Measure.QRS_AXIS, C.AXIS_EXTREME, -91.0, -90.0),
        (Measure.QRS_AXIS, C.AXIS_EXTREME, -180.0, -90.0),
    ],
)
def test_a_measurement_beyond_its_limit_is_stated_and_one_on_it_is_not(
    measure: Measure, code: StatementCode, beyond: float, within: float
) -> None:
    said = statements_of(measurements({measure: beyond}))
    assert codes(said) == {code}
    (evidence,) = said.made[0].evidence
    assert (evidence.measure, evidence.value, evidence.beats) == (measure, beyond, 12)
    assert code not in codes(statements_of(measurements({measure: within})))


def test_the_limit_of_qtc_is_lower_in_men_and_that_of_women_where_sex_is_unknown() -> None:
    between = measurements({QTC: 455.0})
    assert codes(statements_of(between, Subject(50, Sex.MALE))) == {C.QTC_LONG}
    assert codes(statements_of(between, Subject(50, Sex.FEMALE))) == set()
    assert codes(statements_of(between)) == set()


def test_one_qtc_statement_is_made_not_two() -> None:
    assert codes(statements_of(measurements({QTC: 530.0}))) == {C.QTC_VERY_LONG}


def test_irregular_needs_both_a_wide_spread_and_a_large_difference() -> None:
    irregular = {Measure.RR_MIN: 620.0, Measure.RR_MAX: 1010.0, Measure.RR_SD: 110.0}
    assert codes(statements_of(measurements(irregular))) == {C.RR_IRREGULAR}
    one_early_beat = irregular | {Measure.RR_SD: 60.0}
    assert codes(statements_of(measurements(one_early_beat))) == set()
    fast = {Measure.RR_MEAN: 400.0, Measure.RR_MIN: 340.0, Measure.RR_MAX: 490.0, Measure.RR_SD: 45.0}
    assert codes(statements_of(measurements(fast))) == set()


def test_a_negative_p_and_qrs_in_i_look_like_swapped_arm_leads() -> None:
    swapped = {LeadMeasure.P: -80.0, LeadMeasure.Q: -900.0, LeadMeasure.R: 40.0, LeadMeasure.S: 0.0}
    said = statements_of(measurements(leads={Lead.I: swapped}))
    assert codes(said) == {C.ARM_LEADS_SWAPPED}
    assert [one.measure for one in said.made[0].evidence] == [LeadMeasure.P, Made.QRS_NET]
    assert said.made[0].evidence[1].value == -860.0
    upright_p = measurements(leads={Lead.I: swapped | {LeadMeasure.P: 60.0}})
    assert codes(statements_of(upright_p)) == set()
    tiny_p = measurements(leads={Lead.I: swapped | {LeadMeasure.P: -29.0}})
    assert codes(statements_of(tiny_p)) == set()


def small(uv: float) -> dict[LeadMeasure, float | Why]:
    return {LeadMeasure.Q: 0.0, LeadMeasure.R: 0.7 * uv, LeadMeasure.S: -0.3 * uv}


@pytest.mark.parametrize(
    ("leads", "limit_uv", "code"),
    [
        (STANDARD_LEADS[:6], 500.0, C.LOW_VOLTAGE_LIMB),
        (STANDARD_LEADS[6:], 1000.0, C.LOW_VOLTAGE_CHEST),
    ],
)
def test_low_voltage_must_be_in_every_lead(
    leads: tuple[Lead, ...], limit_uv: float, code: StatementCode
) -> None:
    low = {lead: small(limit_uv - 2) for lead in leads}
    said = statements_of(measurements(leads=low))
    assert codes(said) == {code}
    assert said.made[0].evidence[0].leads == leads
    assert codes(statements_of(measurements(leads=low | {leads[3]: small(limit_uv)}))) == set()


def test_one_lead_that_is_surely_high_rules_low_voltage_out_whatever_the_others_are() -> None:
    absent = {lead: {LeadMeasure.S: Why.POOR_SIGNAL} for lead in (Lead.V2, Lead.V3)}
    assert statements_of(measurements(leads=absent)) == Statements((), ())
    low = {lead: small(900) for lead in STANDARD_LEADS[6:]}
    said = statements_of(measurements(leads=low | {Lead.V2: {LeadMeasure.R: Why.POOR_SIGNAL}}))
    assert why(said, C.LOW_VOLTAGE_CHEST) is WithheldWhy.ABSENT


def test_a_missing_or_poor_lead_withholds_what_needs_it_and_nothing_else() -> None:
    low = {lead: small(400) for lead in STANDARD_LEADS}
    missing = statements_of(measurements(leads=low, without=[Lead.V3]))
    assert Withheld(C.LOW_VOLTAGE_CHEST, WithheldWhy.LEADS_MISSING) in missing.withheld
    assert codes(missing) == {C.LOW_VOLTAGE_LIMB}
    poor = statements_of(measurements(), poor_leads=[Lead.I])
    assert {one.code for one in poor.withheld} == {C.ARM_LEADS_SWAPPED}
    assert codes(poor) == {C.POOR_QUALITY}
    assert poor.made[0].evidence[0].leads == (Lead.I,)


def test_four_beats_are_too_few_for_any_statement_and_five_are_enough() -> None:
    wide = {Measure.QRS: 140.0, Measure.RATE: 30.0}
    four = statements_of(measurements(wide, usual_beats=4))
    assert four.made == () and {one.why for one in four.withheld} == {WithheldWhy.FEW_BEATS}
    assert codes(statements_of(measurements(wide, usual_beats=5))) == {C.QRS_WIDE, C.RATE_LOW}


def test_an_absent_measurement_is_told_with_its_reason() -> None:
    said = statements_of(measurements({Measure.PR: Why.P_NOT_COUPLED}))
    assert said == Statements((), (Withheld(C.PR_LONG, WithheldWhy.ABSENT, Why.P_NOT_COUPLED),))


def test_an_unsure_measurement_states_nothing() -> None:
    said = statements_of(measurements({Measure.QRS: 160.0}, confidence=0.4))
    assert said.made == () and why(said, C.QRS_WIDE) is WithheldWhy.UNSURE


def test_a_poor_signal_states_only_that() -> None:
    said = statements_of(measurements({Measure.QRS: 160.0}), poor=True, pacing_marks=3)
    assert codes(said) == {C.POOR_QUALITY, C.PACING_MARKS}
    assert {one.why for one in said.withheld} == {WithheldWhy.POOR_QUALITY}
    assert {one.code for one in said.withheld} | codes(said) == set(StatementCode)


def test_pacing_is_stated_by_the_devices_marks_only() -> None:
    said = statements_of(measurements(usual_beats=2), pacing_marks=7)
    assert said.made == (Statement(C.PACING_MARKS, (Evidence(Made.PACING_MARKS, 7, Unit.RATIO, 1, 12),)),)


def test_limits_of_adults_are_not_put_on_a_child() -> None:
    fast = measurements({Measure.RATE: 140.0, Measure.QRS: 125.0})
    child = statements_of(fast, Subject(3))
    assert child.made == () and why(child, C.RATE_HIGH) is WithheldWhy.CHILD
    assert why(child, C.ARM_LEADS_SWAPPED) is None
    assert codes(statements_of(fast, Subject(18))) == {C.RATE_HIGH, C.QRS_WIDE}
    assert codes(statements_of(fast)) == {C.RATE_HIGH, C.QRS_WIDE}


def test_no_statement_names_a_diagnosis() -> None:
    never = ("infarct", "ischaem", "fibrill", "flutter", "block", "hypertro", "normal")
    assert [code for code in StatementCode if any(word in code for word in never)] == []
