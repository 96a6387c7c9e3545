"""Widths of QRS as the simulator tells them: wide beats of every origin are measured as wide as they are."""

from dataclasses import replace

import pytest

from ecg.appraisal import appraise
from ecg.critical.assessment import Conclusion, Result
from ecg.critical.verdict import NotTested, Quantity, Verdict
from ecg.leads import STANDARD_LEADS, Lead
from ecg.measurements import Absent, LeadMeasure, Measure, Measured, Why
from ecg.measuring import measure
from ecg.recording import Recording
from ecg.simulator.language import read_scenario
from ecg.simulator.simulated_ecg import SimulatedEcg
from ecg.subject import Subject

TOLERANCE_MS = 8
"""6 ms as for every known signal, and the sample to which the truth is rounded."""

FROM_BEAT_TO_BEAT_MS = 4
"""What a regular rhythm's intervals differ by on samples of 2 ms."""

T_ON_QRS = Absent(Why.T_ON_QRS)

VT = "rhythm=vt,rate=160"


def recorded(text: str, seconds: int = 10) -> tuple[Recording, float]:
    """A part of a scenario, not from its beginning, and the true width of its complexes."""
    ecg = SimulatedEcg(read_scenario(text))
    first, count = ecg.rate_hz // 3, seconds * ecg.rate_hz
    recording = Recording(
        leads=ecg.leads,
        rate_hz=float(ecg.rate_hz),
        nv_per_lsb=ecg.nv_per_lsb,
        samples=ecg.samples(first, count),
    )
    (width,) = {beat.qrs.offset - beat.qrs.onset for beat in ecg.truth(first, count).beats}
    return recording, 1000 * width / ecg.rate_hz


@pytest.mark.parametrize(
    "text",
    [
        VT,
        "rhythm=vt,rate=120",
        "rhythm=vt,rate=200",
        f"hz=250,{VT}",
        f"hz=1000,{VT}",
        f"{VT},noise=muscle",
        "rhythm=av-block-3",
        "rhythm=paced",
        "rhythm=paced,rate=100",
        "rhythm=paced,noise=muscle",
        "rhythm=paced,noise=wander",
        "rhythm=sinus",
        "rhythm=tachycardia",
        "rhythm=af",
    ],
)
def test_the_width_of_qrs_is_the_true_one_in_all_and_in_each_beat(text: str) -> None:
    recording, true_ms = recorded(text)
    found = measure(recording)
    assert found.of(Measure.QRS) == pytest.approx(true_ms, abs=TOLERANCE_MS)
    widths = [(beat.qrs_end - beat.qrs_onset) * 1000 / recording.rate_hz for beat in found.limits]
    assert len(widths) >= 4
    assert widths == pytest.approx([true_ms] * len(widths), abs=TOLERANCE_MS)


@pytest.mark.parametrize("rate", range(180, 221, 5))
@pytest.mark.parametrize("noise", ["", ",noise=muscle"])
def test_ventricular_tachycardia_that_runs_into_its_own_t_waves_has_no_end_of_qrs(
    rate: int, noise: str
) -> None:
    """From about 205 a minute T begins as soon as QRS ends: wide it is, but how wide cannot be told."""
    recording, true_ms = recorded(f"rhythm=vt,rate={rate}{noise}")
    found = measure(recording)
    width = found.values[Measure.QRS]
    told = isinstance(width, Measured)
    if isinstance(width, Measured):
        assert width.value == pytest.approx(true_ms, abs=TOLERANCE_MS)
    else:
        assert width == T_ON_QRS
    assert told or rate >= 195
    for one in (Measure.QT, Measure.QRS_AXIS, Measure.T_AXIS):
        assert told or found.values[one] == T_ON_QRS
    for lead in recording.leads:
        assert told or found.leads[lead][LeadMeasure.R] == found.leads[lead][LeadMeasure.ST_J] == T_ON_QRS
        assert found.leads[lead][LeadMeasure.ST_60] == T_ON_QRS
    assert found.leads[Lead.V2][LeadMeasure.T] == T_ON_QRS or found.of_lead(Lead.V2, LeadMeasure.T) != 0
    widths = [(beat.qrs_end - beat.qrs_onset) * 1000 / recording.rate_hz for beat in found.limits]
    assert min(widths) >= true_ms - TOLERANCE_MS


@pytest.mark.parametrize(
    "text", ["rhythm=tachycardia,rate=150", "rhythm=sinus,rate=100", "rhythm=vt,rate=150"]
)
def test_where_there_is_room_for_t_st_is_told(text: str) -> None:
    found = measure(recorded(text)[0])
    for lead in (Lead.I, Lead.V2, Lead.V5):
        level = found.of_lead(lead, LeadMeasure.ST_60)
        assert level is not None and abs(level) < 30
        assert found.of_lead(lead, LeadMeasure.T)


@pytest.mark.parametrize(
    "text", ["rhythm=paced", "rhythm=paced,rate=90", "rhythm=vt,rate=150", "rhythm=sinus"]
)
@pytest.mark.parametrize("gone", STANDARD_LEADS)
def test_without_a_lead_the_width_is_right_or_not_sure(text: str, gone: Lead) -> None:
    """Of a paced complex the last forces are nearly in V5 alone."""
    recording, true_ms = recorded(text)
    rows = [row for row, lead in enumerate(recording.leads) if lead != gone]
    found = measure(
        replace(
            recording,
            leads=tuple(recording.leads[row] for row in rows),
            samples=recording.samples[rows],
        )
    ).values[Measure.QRS]
    assert isinstance(found, Measured)
    assert found.value == pytest.approx(true_ms, abs=TOLERANCE_MS) or found.confidence < 0.5


@pytest.mark.parametrize("first", [0, 157, 311])
@pytest.mark.parametrize(
    "text",
    [f"rhythm=tachycardia,rate={rate}" for rate in (101, 125, 131, 137, 143, 150)]
    + ["rhythm=sinus,rate=83", "rhythm=vt,rate=152", "rhythm=paced,rate=92", "rhythm=bradycardia"],
)
def test_a_regular_rhythm_is_measured_as_regular(text: str, first: int) -> None:
    """The detector finds R at S as soon as it has learnt which leads are clear."""
    ecg = SimulatedEcg(read_scenario(text))
    recording = Recording(
        leads=ecg.leads, rate_hz=ecg.rate_hz, nv_per_lsb=ecg.nv_per_lsb, samples=ecg.samples(first, 5000)
    )
    rate = ecg.truth(first, 5000).rate_per_min
    assert rate is not None
    found = measure(recording)
    for one in (Measure.RR_MIN, Measure.RR_MEAN, Measure.RR_MAX):
        assert found.of(one) == pytest.approx(60_000 / rate, abs=FROM_BEAT_TO_BEAT_MS)


def ventricular_tachycardia(recording: Recording) -> tuple[Result, Conclusion]:
    critical = appraise(recording, Subject(60)).critical
    result = next(one for one in critical.results if one.rule.id == "ventricular_tachycardia")
    return result, critical.conclusion


def test_forty_seconds_of_it_hit_the_rule_with_rate_and_width() -> None:
    recording, true_ms = recorded(VT, 40)
    result, conclusion = ventricular_tachycardia(recording)
    assert (result.answer.verdict, conclusion) == (Verdict.HIT, Conclusion.POSSIBLE)
    (evidence,) = result.answer.evidence
    assert evidence.of(Quantity.RATE_PER_MIN) == pytest.approx(160, abs=1)
    assert evidence.of(Quantity.QRS_MS) == pytest.approx(true_ms, abs=TOLERANCE_MS)
    lasted_s = evidence.of(Quantity.LASTED_S)
    assert lasted_s is not None and lasted_s > 38


def test_ten_seconds_of_it_only_look_like_it() -> None:
    result, conclusion = ventricular_tachycardia(recorded(VT)[0])
    assert (result.answer.verdict, result.answer.why) == (Verdict.NOT_TESTED, NotTested.TOO_SHORT)
    assert conclusion is Conclusion.LOOKS_LIKE
    assert result.answer.evidence[0].of(Quantity.RATE_PER_MIN) == pytest.approx(160, abs=1)
    assert "ventricular_tachycardia" not in {
        one.rule.id for one in appraise(recorded("rhythm=tachycardia,rate=150")[0], Subject(60)).critical.hits
    }


def test_paced_and_escape_beats_at_usual_rates_are_no_tachycardia() -> None:
    for text in ("rhythm=paced,rate=100", "rhythm=av-block-3"):
        result, _ = ventricular_tachycardia(recorded(text, 40)[0])
        assert result.answer.verdict is Verdict.NO_HIT
