"""From a recording to the rules: found, measured and tested by the program itself, nothing given."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.ecg_made import Beat, Made, fibrillating, fluttering, made, regular, twisting
from ecg.common_steps import recording_of
from ecg.critical.assessment import Assessment, Conclusion, assess
from ecg.critical.recorded import BLOCK_S, strip_of
from ecg.critical.verdict import NotTested, Verdict
from ecg.files.door import read_any
from ecg.leads import MISSING, Lead
from ecg.measuring import measure
from ecg.ranges import SampleRange
from ecg.recording import Recording
from ecg.simulator.scenario import Episode, LeadGroup, Scenario, St
from ecg.simulator.simulated_ecg import SimulatedEcg
from ecg.subject import Subject
from tests.ecg import mitdb
from tests.ecg.critical.strips import TABLE
from tests.ecg.rhythms import recording, standstill


def outcome_of(recording: Recording) -> Assessment:
    return assess(strip_of(recording, measure), TABLE, Subject(60))


def hits(made_signal: Made) -> set[str]:
    return {one.rule.id for one in outcome_of(made_signal.recording).hits}


ESCAPE = {"pr_ms": None, "wide": True, "qrs_ms": 140.0, "qt_ms": 440.0}
WIDE = {"pr_ms": None, "wide": True, "qrs_ms": 150.0}


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        (made(regular(72, 10), 10), set()),
        (made([Beat(r) for r in (0.5, 1.3, 2.1, 5.4, 6.2, 7.0, 7.8, 8.6, 9.4)], 10), {"pause"}),
        (made(regular(32, 10), 10), {"bradycardia"}),
        (
            made(regular(37, 10, **ESCAPE), 10, p_waves_s=np.arange(0.2, 10, 60 / 82).tolist()),
            {"av_block_3", "av_block_3_slow"},
        ),
        (made(regular(165, 34, **WIDE), 34), {"ventricular_tachycardia"}),
        (made(regular(240, 10), 10), {"supraventricular_tachycardia"}),
        (fluttering(10, 240), {"ventricular_fibrillation"}),
        (made(regular(75, 10, st_uv={Lead.II: 200.0}), 10), {"st_elevation"}),
    ],
    ids=["sinus", "pause", "slow", "AV block", "wide 165", "narrow 240", "flutter", "ST"],
)
def test_a_whole_recording_hits_what_it_was_made_to_hit(signal: Made, expected: set[str]) -> None:
    assert hits(signal) == expected


@pytest.mark.parametrize("span_uv", [0, 4])
def test_of_a_line_without_a_beat_it_is_never_said_that_no_rule_hit(span_uv: int) -> None:
    flat = made(regular(72, 10), 10).recording
    rows = np.random.default_rng(1).integers(0, span_uv + 1, flat.samples.shape).astype(np.int16)
    found = outcome_of(replace(flat, samples=rows))
    assert found.conclusion is Conclusion.NOTHING_TESTED
    whys = {one.answer.why for one in found.results if one.answer.verdict is not Verdict.BY_PERSON}
    assert whys == {NotTested.POOR_SIGNAL}


@pytest.mark.parametrize(("uv", "expected"), [(280, set()), (320, {"st_elevation"})])
def test_a_deep_s_does_not_hide_how_far_st_is_raised(uv: int, expected: set[str]) -> None:
    heart = SimulatedEcg(Scenario((Episode(st=(St(LeadGroup.ANTERIOR, uv),)),)))
    recording = Recording(
        leads=heart.leads,
        rate_hz=heart.rate_hz,
        nv_per_lsb=heart.nv_per_lsb,
        samples=heart.samples(0, 10 * heart.rate_hz),
    )
    found = {one.rule.id for one in outcome_of(recording).hits}
    # V4 may be 0.1 mV, and V3 beside it has to be above 0.3
    assert found == expected


@pytest.mark.parametrize("seed", range(5))
def test_swings_are_measured_without_a_fault_and_hit(seed: int) -> None:
    for signal in (fibrillating(10, seed=seed, size_uv=900), twisting(10, seed=seed)):
        assert hits(signal) & {"ventricular_fibrillation", "polymorphic_tachycardia"}


def test_ten_seconds_of_wide_complexes_look_like_what_needs_thirty() -> None:
    assert outcome_of(made(regular(170, 10, **WIDE), 10).recording).conclusion is Conclusion.LOOKS_LIKE


def test_a_long_recording_is_measured_ten_seconds_at_a_time() -> None:
    strip = strip_of(made(regular(70, 34), 34).recording, measure)
    assert [block.first for block in strip.blocks] == [0, 5000, 10000]
    assert [block.measurements.sample_count for block in strip.blocks] == [5000, 5000, 7000]
    assert len(strip.beats) == 40 and len(strip.limits) >= 36
    assert BLOCK_S == 10


def test_what_is_poor_is_taken_as_missing_in_its_lead_only() -> None:
    recording = made(regular(70, 10), 10).recording
    strip = strip_of(recording, measure, {Lead.V2: [SampleRange(1000, 500)]})
    row = recording.leads.index(Lead.V2)
    assert (strip.samples[row, 1000:1500] == MISSING).all()
    assert (strip.samples != MISSING).sum() == recording.samples.size - 500
    assert (recording.samples != MISSING).all()


def test_a_recording_that_is_poor_in_every_lead_is_not_tested_there() -> None:
    recording = fibrillating(10).recording
    poor = {lead: [SampleRange(1800, 700), SampleRange(4300, 500)] for lead in recording.leads}
    results = assess(strip_of(recording, measure, poor), TABLE).results
    answer = next(one for one in results if one.rule.id == "ventricular_fibrillation").answer
    assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.TOO_SHORT)


@pytest.mark.parametrize("name", ["200_45s", "203_45s"])
def test_real_ventricular_beats_and_noise_hit_nothing(name: str) -> None:
    extract = mitdb.read_extract(name)
    recording = Recording(
        leads=(Lead.II, Lead.V1),
        rate_hz=mitdb.RATE_HZ,
        nv_per_lsb=mitdb.NV_PER_LSB,
        samples=extract.samples,
    )
    assert outcome_of(recording).hits == ()


def test_a_real_resting_ecg_hits_nothing_and_tests_ten_rules() -> None:
    path = mitdb.FOLDER.parent / "challenge2021" / "E07500.hea"
    recording, _ = recording_of(read_any(path))
    assessment = outcome_of(replace(recording, device=""))
    verdicts = [one.answer.verdict for one in assessment.results]
    assert assessment.conclusion is Conclusion.NO_HIT and verdicts.count(Verdict.NO_HIT) >= 10


@pytest.mark.parametrize("p_waves", [5, 8, 12])
def test_while_the_ventricles_stand_still_p_waves_are_no_rhythm(p_waves: int) -> None:
    samples, r = standstill(p_waves)
    outcome = outcome_of(recording(samples))
    found = {one.rule.id: one.answer.evidence for one in outcome.hits}
    assert found.keys() == {"pause", "bradycardia"}
    assert found["pause"][0].where == SampleRange(0, r[0])
