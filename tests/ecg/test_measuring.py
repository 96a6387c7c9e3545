"""Measuring ECGs whose intervals are known, real ones that others have measured, and what must be refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom.data
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ecg.common_steps import tracing_of
from ecg.description import Filters
from ecg.files.door import read_any
from ecg.leads import MISSING, STANDARD_LEADS, Lead
from ecg.measurements import (
    UNITS,
    Absent,
    LeadMeasure,
    Measure,
    Measured,
    Measurement,
    Measurements,
    Unit,
    Why,
)
from ecg.measuring import ecg_channels, measure
from ecg.recording import Recording
from ecg.signal.delineation import delineate
from ecg.signal.lead_samples import LeadSamples
from ecg.signal.rhythm_measurements import RR_MEASURES, rhythm_measurements
from ecg.simulator.scenario import Episode, Rhythm, Scenario
from ecg.simulator.simulated_ecg import SimulatedEcg
from ecg.synthetic import Intervals, SyntheticEcg
from ecg.tracing import Channel
from tests.ecg import rhythms
from tests.ecg.rhythms import recording, sinus

DATA = Path(__file__).parents[1] / "data" / "ecg"
INTERVALS = (Measure.P, Measure.PR, Measure.QRS, Measure.QT)
TOLERANCE_MS = {Measure.P: 10, Measure.PR: 6, Measure.QRS: 6, Measure.QT: 10}
"""Within which a known signal is measured; IEC 60601-2-25 asks 10, 10, 6 and 12 ms of calibration signals."""


def why(found: Measurements, measure: Measure) -> Why | None:
    value = found.values[measure]
    return value.why if isinstance(value, Absent) else None


def sure(found: Measurements, measure: Measure) -> float:
    return sure_of(found.values[measure])


def truth(intervals: Intervals) -> dict[Measure, float]:
    return {
        Measure.P: intervals.p_ms,
        Measure.PR: intervals.pr_ms,
        Measure.QRS: intervals.qrs_ms,
        Measure.QT: intervals.qt_ms,
    }


def assert_is(found: Measurements, intervals: Intervals, wider_ms: float = 0) -> None:
    for name, wanted in truth(intervals).items():
        assert found.of(name) == pytest.approx(wanted, abs=TOLERANCE_MS[name] + wider_ms), name


@settings(max_examples=25, deadline=None)
@given(
    heart_rate=st.integers(40, 140),
    p_ms=st.integers(70, 130),
    pq_ms=st.integers(30, 140),
    qrs_ms=st.integers(70, 170),
    t_ms=st.integers(120, 240),
    st_ms=st.integers(60, 160),
)
@example(heart_rate=60, p_ms=70, pq_ms=30, qrs_ms=159, t_ms=199, st_ms=160)  # T ends as the leads are weighed
def test_whatever_the_intervals_and_the_rate_they_are_measured(
    heart_rate: int, p_ms: int, pq_ms: int, qrs_ms: int, t_ms: int, st_ms: int
) -> None:
    intervals = Intervals(p_ms, p_ms + pq_ms, qrs_ms, qrs_ms + st_ms + t_ms, t_ms)
    if intervals.pr_ms + intervals.qt_ms > 60_000 / heart_rate - 40:
        return  # T would run into the next P
    found = measure(recording(sinus(heart_rate, intervals)))
    assert found.of(Measure.RATE) == pytest.approx(heart_rate, abs=0.5)
    assert_is(found, intervals, wider_ms=2)


@pytest.mark.parametrize(
    ("heart_rate", "intervals"),
    [
        (40, Intervals(pr_ms=300, qt_ms=560, t_ms=240, qrs_ms=150)),
        (60, Intervals()),
        (75, Intervals(p_ms=120, pr_ms=220)),
        (100, Intervals(p_ms=90, pr_ms=130, qrs_ms=70, qt_ms=320, t_ms=150)),
        (150, Intervals(p_ms=80, pr_ms=120, qrs_ms=80, qt_ms=250, t_ms=120)),
    ],
)
def test_noise_moves_them_by_milliseconds(heart_rate: int, intervals: Intervals) -> None:
    found = measure(recording(sinus(heart_rate, intervals, noise_uv=20)))
    assert_is(found, intervals, wider_ms=2)


@pytest.mark.parametrize("rate_hz", [100, 200, 250, 360, 500, 1000])
def test_at_every_sample_rate(rate_hz: int) -> None:
    source = SyntheticEcg(rate_hz, 70)
    found = measure(
        Recording(
            leads=source.leads,
            rate_hz=rate_hz,
            nv_per_lsb=1000.0,
            samples=source.samples(rate_hz // 3, 10 * rate_hz),
        )
    )
    assert_is(found, Intervals(), wider_ms=0 if rate_hz >= 200 else 5)
    assert found.sample_count == 10 * rate_hz
    onsets = np.array([beat.qrs_onset for beat in found.limits])
    assert len(onsets) >= 10
    true = (160 + np.round((onsets / rate_hz + 1 / 3) * 70 / 60 - 0.187) * 60_000 / 70) / 1000 - 1 / 3
    assert np.abs(onsets / rate_hz - true).max() < 0.005 + 1 / rate_hz


@pytest.mark.parametrize(
    "leads", [(Lead.II,), (Lead.I, Lead.II), (Lead.I, Lead.II, *STANDARD_LEADS[6:]), STANDARD_LEADS]
)
def test_with_one_lead_or_more(leads: tuple[Lead, ...]) -> None:
    rows = sinus(70, noise_uv=10)[[STANDARD_LEADS.index(lead) for lead in leads]]
    found = measure(recording(rows, leads))
    assert_is(found, Intervals(), wider_ms=4)
    assert set(found.leads) == set(leads)
    axis = why(found, Measure.QRS_AXIS)
    assert axis is (None if Lead.I in leads else Why.LEADS_MISSING)


def test_every_measure_is_there_with_its_unit() -> None:
    found = measure(recording(sinus()))
    assert set(found.values) == set(Measure)
    for name, value in found.values.items():
        assert isinstance(value, Measured), name
        assert value.unit is UNITS[name]
        assert value.confidence > 0.8 or name is Measure.QTC_BAZETT
    assert found.usual_beats == len(found.beats) == len(found.limits)
    assert all(set(lead) == set(LeadMeasure) for lead in found.leads.values())


def test_amplitudes_and_axes_are_those_of_the_signal() -> None:
    found = measure(recording(sinus()))
    wanted = {
        (Lead.II, LeadMeasure.P): 120,
        (Lead.II, LeadMeasure.Q): -60,
        (Lead.II, LeadMeasure.R): 1100,
        (Lead.II, LeadMeasure.S): -180,
        (Lead.II, LeadMeasure.T): 300,
        (Lead.V1, LeadMeasure.Q): 0,
        (Lead.V1, LeadMeasure.S): -1000,
        (Lead.V1, LeadMeasure.T): -80,
        (Lead.V5, LeadMeasure.ST_J): 0,
        (Lead.V5, LeadMeasure.ST_60): 0,
    }
    for (lead, name), uv in wanted.items():
        # The peak of S, 1 ms from the nearest sample, is there 9 % lower.
        assert found.of_lead(lead, name) == pytest.approx(uv, abs=max(25, 0.1 * abs(uv))), (lead, name)
        value = found.leads[lead][name]
        assert isinstance(value, Measured)
        assert value.unit is Unit.UV
    # Net areas are in the ratio of the amplitudes; R lasts twice as long as Q and S.
    one, two = (-40 + 2 * 700 - 120), (-60 + 2 * 1100 - 180)
    axis = np.degrees(np.arctan2((two - one / 2) * 2 / np.sqrt(3), one))
    assert found.of(Measure.QRS_AXIS) == pytest.approx(axis, abs=3)
    assert found.of(Measure.T_AXIS) == pytest.approx(np.degrees(np.arctan2(400 / np.sqrt(3), 200)), abs=3)
    assert found.of(Measure.P_AXIS) == pytest.approx(np.degrees(np.arctan2(180 / np.sqrt(3), 60)), abs=3)


def test_leads_that_a_source_did_not_store_are_not_needed_for_an_axis() -> None:
    rows = sinus()
    whole = measure(recording(rows))
    eight = [STANDARD_LEADS.index(lead) for lead in (Lead.I, Lead.II, *STANDARD_LEADS[6:])]
    few = measure(recording(rows[eight], (Lead.I, Lead.II, *STANDARD_LEADS[6:])))
    assert few.of(Measure.QRS_AXIS) == pytest.approx(whole.of(Measure.QRS_AXIS), abs=3)


def test_the_qt_interval_is_corrected_by_every_formula() -> None:
    found = measure(recording(sinus(75)))
    qt, rr_s = found.of(Measure.QT), 0.8
    assert qt is not None
    assert found.of(Measure.QTC_BAZETT) == pytest.approx(qt / rr_s ** (1 / 2), abs=1)
    assert found.of(Measure.QTC_FRIDERICIA) == pytest.approx(qt / rr_s ** (1 / 3), abs=1)
    assert found.of(Measure.QTC_FRAMINGHAM) == pytest.approx(qt + 154 * (1 - rr_s), abs=1)
    assert found.of(Measure.QTC_HODGES) == pytest.approx(qt + 1.75 * (75 - 60), abs=1)


def test_bazett_is_unsure_where_it_is_known_to_mislead() -> None:
    slow = measure(recording(sinus(45)))
    assert sure(slow, Measure.QTC_BAZETT) < 0.5 < sure(slow, Measure.QTC_FRIDERICIA)


# --- what must not be found -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("leads", [STANDARD_LEADS, (Lead.I, Lead.II)])
def test_fibrillation_has_no_pr(seed: int, leads: tuple[Lead, ...]) -> None:
    rows = rhythms.fibrillation(seed)[[STANDARD_LEADS.index(lead) for lead in leads]]
    found = measure(recording(rows, leads))
    for name in (Measure.P, Measure.PR, Measure.P_AXIS):
        assert why(found, name) is Why.NO_P
    assert all(beat.p_peak is None for beat in found.limits)
    assert found.of(Measure.QRS) == pytest.approx(90, abs=20)
    assert sure(found, Measure.QTC_FRIDERICIA) < sure(found, Measure.QT)


@pytest.mark.parametrize("delay_s", [0.05, 0.1, 0.16, 0.2])
@pytest.mark.parametrize(("heart_rate", "waves"), [(75, 4), (70, 4), (100, 3)])
def test_flutter_has_no_pr_although_its_waves_keep_their_distance(
    heart_rate: int, waves: int, delay_s: float
) -> None:
    found = measure(recording(rhythms.flutter(heart_rate, waves, delay_s)))
    assert why(found, Measure.PR) is Why.NO_P or sure(found, Measure.PR) < 0.5


@pytest.mark.parametrize("delay_s", [0.05, 0.1, 0.16, 0.2])
def test_with_two_waves_to_a_beat_pr_is_at_most_unsure(delay_s: float) -> None:
    found = measure(recording(rhythms.flutter(150, 2, delay_s)))
    assert why(found, Measure.PR) is Why.NO_P or sure(found, Measure.PR) < 0.5


def test_without_p_waves_there_is_no_p() -> None:
    source = SyntheticEcg(500, 60, rhythms.NO_P)
    rows = source.samples(250, 5000) + np.random.default_rng(2).normal(0, 15, (12, 5000))
    found = measure(recording(rows))
    assert why(found, Measure.PR) is Why.NO_P
    assert found.of_lead(Lead.II, LeadMeasure.P) is None


@pytest.mark.parametrize("gap_ms", [0, 20, 40])
def test_a_pacing_spike_is_not_part_of_qrs(gap_ms: float) -> None:
    found = measure(recording(rhythms.paced(gap_ms)))
    assert found.of(Measure.QRS) == pytest.approx(160, abs=12)
    assert why(found, Measure.PR) is Why.NO_P


def test_a_flat_line_has_no_beats() -> None:
    found = measure(recording(np.zeros((12, 5000))))
    assert {why(found, name) for name in Measure} == {Why.NO_BEATS}
    assert (found.beats, found.limits, found.usual_beats) == ((), (), 0)


def test_a_second_is_too_short() -> None:
    assert why(measure(recording(np.zeros((12, 500)))), Measure.RATE) is Why.TOO_SHORT
    assert why(measure(recording(sinus()[:, :500])), Measure.RATE) is Why.FEW_BEATS


def test_where_the_only_beat_is_cut_off_there_is_nothing_to_measure_on() -> None:
    found = measure(recording(sinus()[:, 270:720]))
    assert len(found.beats) == 1
    assert why(found, Measure.RATE) is Why.FEW_BEATS
    assert why(found, Measure.QRS) is Why.POOR_SIGNAL


@pytest.mark.parametrize("rate", [20, 24, 34])
@pytest.mark.parametrize("first", [0, 157, 400, 1100])
def test_a_third_degree_block_has_the_rate_of_its_complexes_wherever_it_begins(rate: int, first: int) -> None:
    found = measure(recording(block(rate).samples(first, 5000)))
    assert found.of(Measure.RATE) == pytest.approx(rate, rel=0.02)
    for name in (Measure.RR_MIN, Measure.RR_MAX):
        assert found.of(name) == pytest.approx(60_000 / rate, rel=0.02)


def block(rate: int) -> SimulatedEcg:
    return SimulatedEcg(Scenario(episodes=(Episode(Rhythm.AV_BLOCK_3, rate, 75),)))


def test_of_p_waves_alone_no_rate_is_sure() -> None:
    between = block(20).samples(420, 800)  # two P waves and no complex
    found = measure(recording(np.tile(between, 6)))
    assert all(not value.confidence for value in rhythm_of(found)), "P waves are no complexes"


def test_a_p_wave_taken_for_a_complex_leaves_nothing_sure_that_rests_on_single_intervals() -> None:
    ecg, count = block(34), 10_000
    samples, true = ecg.samples(0, count), ecg.truth(0, count)
    r = [beat.r for beat in true.beats]
    p = next(wave.peak for wave in true.p_waves if min(abs(wave.peak - at) for at in r) > 300)
    leads = LeadSamples(samples, 500.0, 1000.0)
    for beats, most in ((r, 1.0), (sorted([*r, p]), 0.45)):
        found = rhythm_measurements(samples, beats, delineate(leads, beats), 500.0)
        assert {sure_of(found[name]) for name in (Measure.RR_MIN, Measure.RR_SD)} == {most}


def sure_of(value: Measurement) -> float:
    assert isinstance(value, Measured), value
    return value.confidence


def rhythm_of(found: Measurements) -> list[Measured]:
    return [one for name in RR_MEASURES if isinstance(one := found.values[name], Measured)]


def test_two_beats_have_a_rate_and_no_intervals() -> None:
    found = measure(recording(sinus()[:, :1250]))
    assert len(found.beats) == 2
    assert found.of(Measure.RATE) == pytest.approx(60, abs=0.5)
    assert sure(found, Measure.RATE) < 0.5
    assert why(found, Measure.QRS) is Why.FEW_BEATS


def test_below_100_hz_nothing_is_measured() -> None:
    slow = Recording(
        leads=(Lead.II,), rate_hz=80.0, nv_per_lsb=1000.0, samples=np.zeros((1, 800), dtype=np.int16)
    )
    found = measure(slow)
    assert {why(found, name) for name in Measure} == {Why.RATE_TOO_LOW_HZ}
    assert found.leads[Lead.II][LeadMeasure.R] == Absent(Why.RATE_TOO_LOW_HZ)


def test_noise_alone_is_measured_as_nothing_sure() -> None:
    found = measure(recording(np.random.default_rng(5).normal(0, 200, (12, 5000))))
    for name in INTERVALS:
        value = found.values[name]
        assert isinstance(value, Absent) or value.confidence < 0.5
    rate = found.values[Measure.RATE]
    assert isinstance(rate, Absent) or rate.confidence < 0.5


def test_confidence_falls_with_noise() -> None:
    confidences = [sure(measure(recording(sinus(noise_uv=noise))), Measure.PR) for noise in (0, 25, 50)]
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[0] > 0.95
    assert confidences[-1] < 0.6


def test_confidence_rises_with_the_number_of_beats() -> None:
    few, many = (
        sure(measure(recording(sinus(seconds=seconds, noise_uv=25))), Measure.QRS) for seconds in (4, 20)
    )
    assert few < many


# --- what the recording lacks ---------------------------------------------------------------------------


def test_a_lead_that_is_off_is_left_out_and_the_others_are_measured() -> None:
    rows = np.rint(sinus(70)).astype(np.int16)
    rows[8] = MISSING
    found = measure(recording(rows.astype(float)))
    assert_is(found, Intervals())
    assert found.leads[Lead.V3] == dict.fromkeys(LeadMeasure, Absent(Why.POOR_SIGNAL))
    assert found.of_lead(Lead.V4, LeadMeasure.R) == pytest.approx(1500, rel=0.05)


def test_a_lead_full_of_artefact_does_not_spoil_the_others() -> None:
    rows = sinus(70)
    rows[9] += np.random.default_rng(7).normal(0, 900, rows.shape[1])
    found = measure(recording(rows))
    assert_is(found, Intervals())
    assert found.leads[Lead.V4][LeadMeasure.R] == Absent(Why.POOR_SIGNAL)


def test_no_rr_is_counted_across_a_gap() -> None:
    rows = sinus(70, seconds=20)
    rows[:, 4000:6200] = MISSING
    found = measure(recording(rows))
    assert found.of(Measure.RR_MAX) == pytest.approx(60_000 / 70, abs=4)
    assert found.of(Measure.RATE) == pytest.approx(70, abs=0.3)
    assert not [beat for beat in found.beats if 4000 <= beat < 6200]
    assert_is(found, Intervals())


def test_baseline_wander_and_an_offset_do_not_matter() -> None:
    rows = sinus(70)
    at = np.arange(rows.shape[1]) / 500
    rows += 300 * np.sin(2 * np.pi * 0.2 * at) + 2000
    assert_is(measure(recording(rows)), Intervals(), wider_ms=4)


def test_a_high_pass_of_the_device_takes_st_away_and_nothing_else() -> None:
    filtered = replace(recording(sinus()), filters=Filters(low_hz=0.5))
    found = measure(filtered)
    assert found.leads[Lead.V5][LeadMeasure.ST_J] == Absent(Why.ST_FILTERED)
    assert found.leads[Lead.V5][LeadMeasure.ST_60] == Absent(Why.ST_FILTERED)
    assert found.of_lead(Lead.V5, LeadMeasure.R) is not None
    diagnostic = measure(replace(recording(sinus()), filters=Filters(low_hz=0.05)))
    assert diagnostic.of_lead(Lead.V5, LeadMeasure.ST_J) == pytest.approx(0, abs=25)


def test_low_complexes_have_no_intervals() -> None:
    found = measure(recording(sinus() * 0.06))
    assert why(found, Measure.QRS) in (Why.LOW_VOLTAGE, Why.NO_BEATS)


def test_channels_that_are_no_ecg_are_left_aside_and_a_modified_lead_is_not() -> None:
    tracing = tracing_of(recording(sinus()[:2], (Lead.I, Lead.II)))
    breath = Channel(
        name="Resp", lead=None, samples=(tracing.channels[0].samples // 2)[::-1].copy(), nv_per_step=1000.0
    )
    mlii = replace(tracing.channels[1], name="MLII", lead=None)
    mixed = replace(tracing, channels=(breath, mlii))
    assert [channel.name for channel in ecg_channels(mixed)] == ["MLII"]
    found = measure(mixed)
    assert found.of(Measure.QRS) == pytest.approx(90, abs=8)
    assert found.leads == {}
    alone = replace(tracing, channels=(breath,))
    assert ecg_channels(alone) == (breath,)


def test_an_ectopic_beat_is_measured_by_itself_and_does_not_change_the_usual() -> None:
    rows = sinus(60, seconds=12)
    r = measure(recording(rows)).beats[5]
    rows[:, r - 130 : r + 330] = 0
    phase, lead = np.pi * np.arange(80) / 80, np.arange(12)[:, None]
    rows[:, r - 100 : r - 20] = 1500 * np.sin(phase) * np.cos(lead) + 900 * np.sin(2 * phase) * np.sin(lead)
    found = measure(recording(rows))
    assert found.usual_beats == len(found.beats) - 1
    assert_is(found, Intervals())
    (wide,) = [beat for beat in found.limits if (beat.qrs_end - beat.qrs_onset) * 2 > 130]
    assert wide.p_onset is None
    assert (wide.qrs_end - wide.qrs_onset) * 2 == pytest.approx(160, abs=20)


# --- real recordings ------------------------------------------------------------------------------------


def test_a_cardiographs_own_measurements_are_met() -> None:
    """The 12-lead file that comes with pydicom, measured by the Mortara cardiograph that recorded it."""
    path = pydicom.data.get_testdata_file("waveform_ecg.dcm")
    assert isinstance(path, str)
    found = measure(read_any(path))
    theirs = {
        Measure.RR_MEAN: (982, 5),
        Measure.PR: (161, 10),
        Measure.QRS: (75, 10),
        Measure.QT: (368, 12),
        Measure.QTC_BAZETT: (370, 12),
        Measure.P_AXIS: (74, 10),
        Measure.QRS_AXIS: (52, 10),
        Measure.T_AXIS: (57, 10),
    }
    for name, (value, within) in theirs.items():
        assert found.of(name) == pytest.approx(value, abs=within), name


def test_another_cardiographs_own_measurements_are_met() -> None:
    """Philips PageWriter Touch; its QTc is from another RR, its P duration beyond ours."""
    found = measure(read_any(DATA / "philips" / "pagewriter-touch-1.04.xml"))
    theirs = {
        Measure.RATE: (84, 4),
        Measure.PR: (144, 10),
        Measure.QRS: (84, 10),
        Measure.QT: (352, 12),
        Measure.P_AXIS: (81, 10),
        Measure.QRS_AXIS: (78, 10),
        Measure.T_AXIS: (67, 10),
    }
    for name, (value, within) in theirs.items():
        assert found.of(name) == pytest.approx(value, abs=within), name


def test_a_paced_heart_and_a_fluttering_one_have_no_pr() -> None:
    for record in ("74", "101"):
        found = measure(read_any(DATA / "ludb" / f"{record}.hea"))
        assert why(found, Measure.PR) is Why.NO_P
        assert found.of(Measure.QRS) is not None


def test_of_a_recording_with_fibrillation_only_the_beats_in_sinus_have_p() -> None:
    tracing = read_any(DATA / "cpsc2021" / "data_92_12.hea")
    found = measure(tracing)
    began, ended = 14.5, 32.0
    inside = [beat for beat in found.limits if began < beat.r / 200 < ended]
    outside = [beat for beat in found.limits if not began - 1 < beat.r / 200 < ended + 2]
    assert len(inside) > 20
    assert sum(beat.p_peak is not None for beat in inside) <= 0.3 * len(inside)
    assert sum(beat.p_peak is not None for beat in outside) >= 0.7 * len(outside)


def test_limits_of_each_beat_are_in_order_and_inside_the_recording() -> None:
    for file in ("ludb/1.hea", "ludb/101.hea", "challenge2021/E07500.hea", "mitdb/200_45s.hea"):
        found = measure(read_any(DATA / file))
        assert found.limits
        for beat in found.limits:
            places = [
                beat.p_onset,
                beat.p_peak,
                beat.p_end,
                beat.qrs_onset,
                beat.qrs_end,
                beat.t_onset,
                beat.t_peak,
                beat.t_end,
            ]
            known = [place for place in places if place is not None]
            assert known == sorted(known)
            assert 0 <= known[0]
            assert known[-1] < found.sample_count


def test_of_complexes_whose_tops_are_cut_off_no_height_and_no_axis_is_told() -> None:
    whole = recording(sinus(seconds=10))
    highest = {lead: int(whole.lead(lead).max()) for lead in (Lead.II, Lead.V4)}
    rows = whole.samples.copy()
    for lead, most in highest.items():
        row = STANDARD_LEADS.index(lead)
        rows[row] = np.minimum(rows[row], most * 6 // 10)
    found, before = measure(replace(whole, samples=rows)), measure(whole)
    assert found.values[Measure.QRS_AXIS] == Absent(Why.POOR_SIGNAL)
    for lead in (Lead.II, Lead.AVR, Lead.V4):  # aVR follows from II
        assert found.leads[lead][LeadMeasure.R] == Absent(Why.POOR_SIGNAL)
    for lead in (Lead.V1, Lead.V5):
        assert found.leads[lead] == before.leads[lead]
    assert found.of_lead(Lead.V4, LeadMeasure.ST_60) == before.of_lead(Lead.V4, LeadMeasure.ST_60)
    assert found.of(Measure.QT) == pytest.approx(before.of(Measure.QT), abs=6)


def test_one_complex_that_is_cut_off_changes_nothing() -> None:
    whole = recording(sinus(seconds=10))
    rows = whole.samples.copy()
    v4 = rows[STANDARD_LEADS.index(Lead.V4)]
    v4[:1000] = np.minimum(v4[:1000], int(v4.max()) * 6 // 10)
    found = measure(replace(whole, samples=rows))
    assert found.of_lead(Lead.V4, LeadMeasure.R) == measure(whole).of_lead(Lead.V4, LeadMeasure.R)


@pytest.mark.parametrize("per_min", [170, 200])
def test_where_the_next_beat_hides_the_end_of_t_qt_is_not_sure(per_min: int) -> None:
    heart = SimulatedEcg(Scenario((Episode(Rhythm.VENTRICULAR_TACHYCARDIA, per_min),)))
    found = measure(recording(heart.samples(0, 5000).astype(float)))
    qt = found.values[Measure.QT]
    assert isinstance(qt, Absent) or qt.confidence <= 0.45
