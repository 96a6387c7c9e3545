"""The simulator keeps its word: what the truth says can be found in the samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.leads import INDEPENDENT_LEADS, MISSING, STANDARD_LEADS, Electrode, Lead, leads_of_bits
from ecg.packets import MarkKind
from ecg.signal.beats import settled_beats
from ecg.signal.qrs import QrsDetector
from ecg.simulator.language import read_scenario
from ecg.simulator.noise import CLIPPING_UV, MAINS_UV
from ecg.simulator.scenario import NoiseKind, Rhythm
from ecg.simulator.simulated_ecg import SimulatedEcg
from ecg.simulator.truth import BeatOrigin
from ecg.source import EcgSource

ROW = {lead: row for row, lead in enumerate(STANDARD_LEADS)}
TEXTS = [f"rhythm={rhythm}" for rhythm in Rhythm] + [
    "rhythm=sinus,noise=mains+wander+muscle+clipping+flat-electrode",
    "rhythm=sinus,for=2/rhythm=vt,for=1,off=V2/rhythm=paced,for=3,st=lateral:200",
]


def simulated(text: str) -> SimulatedEcg:
    return SimulatedEcg(read_scenario(text))


@given(st.sampled_from(TEXTS), st.integers(0, 10**9), st.integers(1, 60), st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_pieces_are_the_whole(text: str, first: int, left: int, right: int) -> None:
    one, other = simulated(text), simulated(text)
    pieces = [one.samples(first, left), one.samples(first + left, right)]
    assert np.array_equal(np.concatenate(pieces, axis=1), other.samples(first, left + right))
    marks = [*one.signs(first, left).marks]
    marks += (type(m)(m.offset + left, m.kind) for m in one.signs(first + left, right).marks)
    assert tuple(marks) == other.signs(first, left + right).marks


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_scenario_is_the_same_signal_and_another_seed_another(text: str) -> None:
    assert np.array_equal(simulated(text).samples(777, 500), simulated(text).samples(777, 500))
    if "muscle" in text or "=af" in text:
        other = simulated("seed=2," + text)
        assert not np.array_equal(simulated(text).samples(0, 5000), other.samples(0, 5000))


@pytest.mark.parametrize("text", TEXTS)
def test_the_limb_leads_agree_exactly(text: str) -> None:
    one, two, three, avr, avl, avf = simulated(text).samples(0, 1900)[:6].astype(int)
    there = one != MISSING
    assert np.array_equal((one + three)[there], two[there])
    assert np.array_equal((-2 * avr)[there], (one + two)[there])
    assert np.array_equal((2 * avl)[there], (2 * one - two)[there])
    assert np.array_equal((2 * avf)[there], (2 * two - one)[there])


@pytest.mark.parametrize("rhythm", Rhythm)
@pytest.mark.parametrize("rate_hz", [250, 500])
def test_the_qrs_detector_finds_the_beats_the_truth_names(rhythm: Rhythm, rate_hz: int) -> None:
    ecg = simulated(f"hz={rate_hz},rhythm={rhythm}")
    count = 20 * rate_hz
    detector = QrsDetector(rate_hz, len(ecg.leads), ecg.nv_per_lsb)
    events = detector.feed(ecg.samples(0, count + rate_hz))
    found = [event.sample for event in settled_beats(events) if event.sample < count]
    truth = [beat.r for beat in ecg.truth(0, count).beats]
    assert len(found) == len(truth)
    assert max(abs(one - other) for one, other in zip(found, truth, strict=True)) <= 0.05 * rate_hz


@pytest.mark.parametrize("rhythm", [r for r in Rhythm if r not in (Rhythm.AV_BLOCK_3, Rhythm.FIBRILLATION)])
def test_at_r_every_lead_is_as_high_as_the_truth_says(rhythm: Rhythm) -> None:
    ecg = simulated(f"rhythm={rhythm},st=anterior:150")
    samples, truth = ecg.samples(0, 10_000), ecg.truth(0, 10_000)
    assert len(truth.beats) > 5
    for beat in truth.beats:
        assert tuple(samples[:, beat.r]) == beat.r_uv


@pytest.mark.parametrize(
    ("group", "up", "down"),
    [
        ("inferior", {"II", "III", "aVF"}, {"aVR", "aVL"}),
        ("lateral", {"I", "II", "aVL", "V5", "V6"}, {"III", "aVR"}),
        ("anterior", {"V1", "V2", "V3", "V4"}, set()),
        ("septal", {"V1", "V2"}, set()),
    ],
)
def test_st_stands_at_its_level_from_the_end_of_qrs_to_t(group: str, up: set[str], down: set[str]) -> None:
    ecg = simulated(f"hz=1000,st={group}:200")
    samples, truth = ecg.samples(0, 5000), ecg.truth(0, 5000)
    for beat in truth.beats[:3]:
        levels = dict(zip(STANDARD_LEADS, beat.st_uv, strict=True))
        assert {lead for lead, uv in levels.items() if uv > 0} == up
        assert {lead for lead, uv in levels.items() if uv < 0} == down
        st = samples[:, beat.qrs.offset + 1 : beat.t.onset]
        assert st.shape[1] >= 60  # J + 60 ms can be measured
        assert (st == np.array(beat.st_uv)[:, None]).all()
    assert truth.beats[0].st_uv[ROW[Lead.II]] in (200, 100, 0)


@pytest.mark.parametrize("rate_hz", [250, 500, 1000])
def test_nothing_is_drawn_outside_the_limits_of_the_waves(rate_hz: int) -> None:
    ecg = simulated(f"hz={rate_hz},rhythm=sinus,rate=60")
    count = 10 * rate_hz
    quiet = np.ones(count, dtype=bool)
    for beat in ecg.truth(0, count).beats:
        assert beat.p is not None
        for wave in (beat.p, beat.qrs, beat.t):
            assert np.abs(ecg.samples(wave.onset, wave.offset - wave.onset + 1).astype(int)).max() >= 40
            quiet[max(0, wave.onset) : wave.offset + 1] = False
    samples = ecg.samples(0, count - rate_hz)
    assert quiet.sum() > count / 4
    assert (samples[:, quiet[: samples.shape[1]]] == 0).all()


def test_pauses_are_as_long_as_was_asked_and_come_every_twenty_seconds() -> None:
    truth = simulated("rhythm=pauses,rate=60,pause=4.2").truth(0, 500 * 120)
    intervals = np.diff([beat.r for beat in truth.beats]) / 500
    assert sorted(set(np.round(intervals, 2).tolist())) == [1.0, 5.0]
    assert (intervals > 4).sum() == 6


def test_in_a_third_degree_block_p_waves_and_beats_keep_their_own_rates() -> None:
    truth = simulated("rhythm=av-block-3,rate=32,atrial-rate=80").truth(0, 500 * 60)
    assert len(truth.beats) == 32 and len(truth.p_waves) == 80
    assert not any(wave.conducted for wave in truth.p_waves)
    assert {beat.origin for beat in truth.beats} == {BeatOrigin.ESCAPE}
    assert all(beat.p is None and beat.qrs.offset - beat.qrs.onset == 70 for beat in truth.beats)


def test_fibrillation_has_no_p_wave_and_no_two_intervals_alike() -> None:
    truth = simulated("rhythm=af,rate=100").truth(0, 500 * 60)
    intervals = np.diff([beat.r for beat in truth.beats])
    assert truth.p_waves == () and len(truth.beats) == 100
    assert intervals.min() >= 0.32 * 500
    assert intervals.std() / intervals.mean() > 0.1
    assert np.mean(np.diff(intervals) == 0) < 0.1


def test_a_paced_beat_has_its_spike_and_the_devices_mark_on_it() -> None:
    ecg = simulated("rhythm=paced")
    beats = ecg.truth(0, 5000).beats
    marks = ecg.signs(0, 5000).marks
    assert [mark.offset for mark in marks] == [beat.pace for beat in beats]
    assert {mark.kind for mark in marks} == {MarkKind.PACE}
    lead = ecg.samples(0, 5000)[ROW[Lead.V3]].astype(int)
    for mark in marks:
        assert lead[mark.offset] == -700 and lead[mark.offset - 1] == 0


def test_mains_is_as_high_and_as_fast_as_it_says() -> None:
    for mains_hz in (50, 60):
        ecg = simulated(f"hz=1000,noise=mains,mains={mains_hz}")
        clean = simulated("hz=1000").samples(0, 1000)[ROW[Lead.II]].astype(int)
        hum = ecg.samples(0, 1000)[ROW[Lead.II]].astype(int) - clean
        spectrum = np.abs(np.fft.rfft(hum)) / 500
        assert int(np.argmax(spectrum)) == mains_hz
        assert spectrum[mains_hz] == pytest.approx(MAINS_UV, rel=0.02)


def test_wander_is_slow_and_muscle_noise_is_not() -> None:
    clean = simulated("").samples(0, 20_000)[ROW[Lead.V5]].astype(int)
    for text, slow in (("noise=wander", True), ("noise=muscle", False)):
        added = simulated(text).samples(0, 20_000)[ROW[Lead.V5]].astype(int) - clean
        power = np.abs(np.fft.rfft(added)) ** 2
        below_1_hz = power[: 20_000 // 500].sum() / power.sum()
        assert below_1_hz > 0.99 if slow else below_1_hz < 0.01


def test_clipping_stops_at_the_amplifiers_range_and_is_told() -> None:
    ecg = simulated("noise=clipping")
    samples = ecg.samples(0, 2000)
    independent = samples[[ROW[lead] for lead in INDEPENDENT_LEADS]].astype(int)
    assert np.abs(independent).max() == CLIPPING_UV
    told = leads_of_bits(ecg.signs(0, 2000).clipped, STANDARD_LEADS)
    assert {Lead.I, Lead.II, Lead.III, Lead.AVR, Lead.V4} <= told
    assert simulated("").signs(0, 2000).clipped == 0


def test_an_electrode_that_is_off_is_told_and_one_that_is_flat_is_not() -> None:
    off, flat = simulated("off=V2"), simulated("noise=flat-electrode,flat=V5")
    assert (off.samples(0, 500)[ROW[Lead.V2]] == MISSING).all()
    assert off.signs(0, 500).electrodes_off == Electrode.V2
    assert (flat.samples(0, 500)[ROW[Lead.V5]] == 0).all()
    assert not flat.signs(0, 500).electrodes_off
    assert (simulated("off=LA").samples(0, 9) == MISSING).all()


def test_episodes_follow_each_other_and_begin_again() -> None:
    ecg = simulated("rhythm=sinus,for=10/rhythm=vt,noise=mains,off=V1,for=5")
    for turn in range(3):
        truth = ecg.truth(turn * 7500, 7500)
        origins = [beat.origin for beat in truth.beats]
        assert origins == sorted(origins)  # all of sinus, then all of the ventricles
        assert set(origins) == {BeatOrigin.SINUS, BeatOrigin.VENTRICULAR}
        loud = [second.second % 15 for second in truth.seconds if NoiseKind.MAINS in second.noise]
        assert loud == [10, 11, 12, 13, 14]
        assert [bool(second.electrodes_off) for second in truth.seconds] == [False] * 10 + [True] * 5
    np.testing.assert_array_equal(ecg.samples(0, 7500), ecg.samples(7500, 7500))


def test_an_episode_begins_and_ends_at_the_baseline() -> None:
    ecg = simulated("rhythm=sinus,for=3/rhythm=vt,for=3")
    for change in range(1500, 15_000, 1500):
        assert (ecg.samples(change - 2, 4) == 0).all()


def test_the_rate_of_the_truth_is_the_rate_that_was_asked_for() -> None:
    assert simulated("rhythm=vt,rate=180").truth(0, 30_000).rate_per_min == pytest.approx(180, rel=1e-3)
    assert simulated("").truth(0, 5).rate_per_min is None


def test_it_is_a_source_that_says_no_patient_is_there() -> None:
    source: EcgSource = simulated("")
    assert source.simulated and source.device == "simulator" and source.rate_hz == 500
    assert source.breaks(0, 1000) == ()
