"""Rules on measurements: a long QT with an early beat on T, ST raised in neighbouring leads."""

from dataclasses import replace

import pytest

from benchmarks.ecg_made import Beat, Made, made, regular
from ecg.critical.assessment import assess
from ecg.critical.strip import Strip
from ecg.critical.verdict import NotTested, Quantity, Verdict
from ecg.leads import Lead
from ecg.measurements import LeadMeasure, Measure, Measured, Unit, Why
from ecg.subject import Subject
from tests.ecg.critical.strips import TABLE, hits, result_of, strip_of

RT, ST = "long_qt_r_on_t", "st_elevation"
LONG = {Measure.QT: 560.0}  # at 66 a minute QTc (Fridericia) is 578 ms


def with_early_beat(after_s: float, **shape: object) -> Made:
    """Sinus beats at 66 a minute with a QT of 560 ms, and one early beat so long after the fifth."""
    beats = list(regular(66, 10, qt_ms=560.0))
    early = Beat(beats[4].r_s + after_s, 150, None, 400, True)
    beats[5] = replace(early, **shape)  # type: ignore[arg-type]
    return made(beats, 10)


def test_an_early_wide_beat_within_a_long_qt_is_a_hit() -> None:
    answer = result_of(strip_of(with_early_beat(0.5), LONG), RT).answer
    (evidence,) = answer.evidence
    assert evidence.of(Quantity.COUPLING_MS) == pytest.approx(470, abs=3)
    assert evidence.of(Quantity.QTC_MS) == pytest.approx(578, abs=1) and len(evidence.beats) == 2


@pytest.mark.parametrize(
    ("signal", "values"),
    [
        (with_early_beat(0.65), LONG),
        (with_early_beat(0.45), {Measure.QT: 483.0}),
        (with_early_beat(0.5, wide=False, qrs_ms=90.0), LONG),
        (made(regular(66, 10, qt_ms=560.0), 10), LONG),
    ],
    ids=["after T", "QTc below 500", "narrow", "no early beat"],
)
def test_later_shorter_narrow_or_none_is_no_hit(signal: Made, values: dict[Measure, float | Why]) -> None:
    assert result_of(strip_of(signal, values), RT).answer.verdict is Verdict.NO_HIT


def test_beside_the_end_of_t_or_with_a_wide_usual_qrs_nothing_is_said() -> None:
    at_the_end = with_early_beat(0.57)  # 540 ms from onset to onset
    assert result_of(strip_of(at_the_end, LONG), RT).answer.verdict is Verdict.NO_HIT
    wide = strip_of(with_early_beat(0.5), LONG | {Measure.QRS: 120.0})
    assert result_of(wide, RT).answer.why is NotTested.NOT_MEASURED


def test_where_the_usual_qrs_is_not_surely_narrow_nothing_is_said() -> None:
    strip = strip_of(with_early_beat(0.5), LONG)
    for qrs_ms, verdict in ((89.0, Verdict.HIT), (90.0, Verdict.NOT_TESTED), (119.0, Verdict.NOT_TESTED)):
        assert result_of(with_unsure_qrs(strip, qrs_ms), RT).answer.verdict is verdict
    assert result_of(with_unsure_qrs(strip, 119.0), RT).answer.absent is Why.POOR_SIGNAL


def with_unsure_qrs(strip: Strip, qrs_ms: float) -> Strip:
    (block,) = strip.blocks
    unsure = Measured(qrs_ms, Unit.MS, 0.49)
    values = dict(block.measurements.values) | {Measure.QRS: unsure}
    return replace(strip, blocks=(replace(block, measurements=replace(block.measurements, values=values)),))


def test_behind_a_wide_beat_whose_own_qt_was_not_measured_nothing_is_said() -> None:
    beats = list(regular(66, 10, qt_ms=560.0))
    first = Beat(beats[4].r_s + 0.75, 150, None, 400, True)
    beats[5:6] = [first, replace(first, r_s=first.r_s + 0.45)]
    assert result_of(strip_of(made(beats, 10), LONG), RT).answer.verdict is Verdict.NO_HIT


def test_in_bigeminy_there_is_no_rate_to_correct_qt_by() -> None:
    beats = [
        one
        for beat in regular(40, 10, qt_ms=560.0)
        for one in (beat, Beat(beat.r_s + 0.45, 150, None, 400, True))
    ]
    answer = result_of(strip_of(made(beats, 10), LONG), RT).answer
    assert (answer.why, answer.absent) == (NotTested.NOT_MEASURED, Why.FEW_BEATS)


def test_without_a_measured_qt_it_is_not_tested_and_says_why() -> None:
    absent = strip_of(with_early_beat(0.5), LONG | {Measure.QT: Why.NO_T_END})
    answer = result_of(absent, RT).answer
    assert (answer.verdict, answer.why, answer.absent) == (
        Verdict.NOT_TESTED,
        NotTested.NOT_MEASURED,
        Why.NO_T_END,
    )
    nothing = result_of(strip_of(with_early_beat(0.5), measured=False), RT).answer
    assert (nothing.why, nothing.absent) == (NotTested.NOT_MEASURED, None)


# --- ST ---------------------------------------------------------------------------------------------------


def raised(levels_uv: dict[Lead, float | Why], **more: object) -> Strip:
    leads = {lead: {LeadMeasure.ST_J: level} for lead, level in levels_uv.items()}
    return strip_of(made(regular(70, 10), 10), leads=leads, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "levels_uv",
    [
        {Lead.II: 100.0, Lead.AVF: 100.0},
        {Lead.III: 150.0, Lead.AVF: 120.0},
        {Lead.I: 110.0, Lead.AVL: 100.0},
        {Lead.V4: 100.0, Lead.V5: 100.0},
        {Lead.V2: 301.0, Lead.V3: 320.0},
        {Lead.V3: 301.0, Lead.V4: 100.0},
    ],
)
def test_two_neighbours_above_their_limits_are_a_hit(levels_uv: dict[Lead, float]) -> None:
    answer = result_of(raised(dict(levels_uv)), ST).answer
    assert answer.verdict is Verdict.HIT
    assert {value.lead: value.value for value in answer.evidence[0].values} == levels_uv


@pytest.mark.parametrize(
    "levels_uv",
    [
        {Lead.II: 100.0, Lead.AVF: 99.0},
        {Lead.II: 200.0, Lead.III: 200.0},
        {Lead.V4: 200.0, Lead.V6: 200.0},
        {Lead.V2: 300.0, Lead.V3: 300.0},
        {Lead.V1: 250.0, Lead.V2: 290.0, Lead.V3: 290.0},
        {Lead.AVR: 300.0, Lead.AVL: 300.0},
        {Lead.II: -200.0, Lead.AVF: -200.0},
    ],
    ids=["99 uV", "aVF between", "V5 between", "300 uV in V2", "below 0.3 mV", "aVR", "lowered"],
)
def test_one_below_or_not_neighbours_is_no_hit(levels_uv: dict[Lead, float]) -> None:
    assert result_of(raised(dict(levels_uv)), ST).answer.verdict is Verdict.NO_HIT


def test_a_site_may_have_st_read_60_ms_after_j() -> None:
    levels = {lead: {LeadMeasure.ST_J: 40.0, LeadMeasure.ST_60: 150.0} for lead in (Lead.II, Lead.AVF)}
    strip = strip_of(made(regular(70, 10), 10), leads=levels)
    (rule,) = [rule for rule in TABLE.rules if rule.id == ST]
    for after_j_ms, verdict in ((0.0, Verdict.NO_HIT), (60.0, Verdict.HIT)):
        limits = dict(rule.limits) | {"after_j_ms": after_j_ms}
        table = replace(TABLE, rules=(replace(rule, limits=limits),))
        assert assess(strip, table, Subject(60)).results[0].answer.verdict is verdict


def test_every_raised_neighbour_is_named() -> None:
    anterior: dict[Lead, float | Why] = {Lead.V1: 310.0, Lead.V2: 500.0, Lead.V3: 450.0, Lead.V4: 250.0}
    values = result_of(raised(anterior | {Lead.II: 150.0}), ST).answer.evidence[0].values
    assert [value.lead for value in values] == [Lead.V1, Lead.V2, Lead.V3, Lead.V4]
    assert [value.limit for value in values] == [300, 300, 300, 100]


def test_a_monitors_filter_leaves_st_untested() -> None:
    filtered: dict[Lead, float | Why] = {lead: Why.ST_FILTERED for lead in Lead}
    answer = result_of(raised(filtered), ST).answer
    assert (answer.verdict, answer.why, answer.absent) == (
        Verdict.NOT_TESTED,
        NotTested.NOT_MEASURED,
        Why.ST_FILTERED,
    )


def test_leads_without_st_leave_it_untested_only_where_they_could_decide() -> None:
    absent: dict[Lead, float | Why] = {Lead.V6: Why.POOR_SIGNAL}
    assert result_of(raised(absent), ST).answer.verdict is Verdict.NO_HIT
    assert ST in hits(raised(absent | {Lead.II: 150.0, Lead.AVF: 150.0}))
    for deciding in ({Lead.V5: 150.0}, {Lead.V5: Why.POOR_SIGNAL}):
        assert result_of(raised(absent | deciding), ST).answer.why is NotTested.NOT_MEASURED


def test_two_leads_are_not_twelve() -> None:
    whole = strip_of(made(regular(70, 10), 10))
    two = Strip(
        leads=whole.leads[:2], rate_hz=500, nv_per_lsb=1000, samples=whole.samples[:2], beats=whole.beats
    )
    assert result_of(two, ST).answer.why is NotTested.LEADS_MISSING


def test_a_child_is_not_tested_by_the_limits_of_adults() -> None:
    strip = raised({Lead.II: 200.0, Lead.AVF: 200.0})
    answer = result_of(strip, ST, Subject(12)).answer
    assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.OTHER_AGE)
    assert ST in hits(strip, Subject(18)) and ST in hits(strip, Subject())
