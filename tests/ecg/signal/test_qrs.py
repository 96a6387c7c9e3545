"""Beats while the signal runs: found once, in time, in any chunks, on any leads, at any rate."""

import hashlib
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.errors import SignalError
from ecg.leads import MISSING, STANDARD_LEADS, Lead
from ecg.signal.beats import BeatEvent, BeatKind, settled_beats
from ecg.signal.qrs import QrsDetector, find_beats
from ecg.signal.qrs_rules import QrsRules
from ecg.signal.scoring import score_beats, score_delays
from ecg.simulator.scenario import Episode, LeadGroup, Rhythm, Scenario, St
from ecg.simulator.simulated_ecg import SimulatedEcg
from ecg.synthetic import Intervals, SyntheticEcg
from tests.ecg import mitdb
from tests.ecg.rhythms import standstill

RATE_HZ = 500
NV = 1000.0
LEAD_II = [STANDARD_LEADS.index(Lead.II)]


def ecg(seconds: float, heart_rate: int = 60, rate_hz: int = RATE_HZ, **intervals: float) -> np.ndarray:
    """Lead II of the synthetic ECG, int16 (1, n) microvolts."""
    source = SyntheticEcg(rate_hz, heart_rate, Intervals(**intervals))
    return source.samples(0, round(seconds * rate_hz))[LEAD_II]


def truth(
    count: int, heart_rate: int = 60, rate_hz: int = RATE_HZ, pr_ms: float = 160, qrs_ms: float = 90
) -> list[int]:
    """The R indices of so many samples: R stands in the middle of QRS."""
    middle_s = (pr_ms + qrs_ms / 2) / 1000
    every = [round((middle_s + k * 60 / heart_rate) * rate_hz) for k in range(2000)]
    return [at for at in every if at < count]


def counts(
    beats: tuple[BeatEvent, ...], reference: list[int], rate_hz: int = RATE_HZ
) -> tuple[int, int, int]:
    score = score_beats([beat.sample for beat in beats], reference, rate_hz)
    return score.true_positives, score.false_positives, score.false_negatives


@pytest.mark.parametrize("rate_hz", [100, 128, 250, 360, 500, 1000])
@pytest.mark.parametrize("heart_rate", [30, 60, 120, 200])
def test_every_beat_is_found_once_at_every_rate(rate_hz: int, heart_rate: int) -> None:
    shape = {"qt_ms": 240, "t_ms": 100, "pr_ms": 50, "p_ms": 40} if heart_rate == 200 else {}
    shape = shape or ({"qt_ms": 320, "t_ms": 140} if heart_rate == 120 else {})
    samples = ecg(12, heart_rate, rate_hz, **shape)
    reference = truth(samples.shape[1], heart_rate, rate_hz, shape.get("pr_ms", 160))
    beats = find_beats(samples, rate_hz, NV)
    assert counts(beats, reference, rate_hz) == (len(reference), 0, 0)
    assert max(abs(b.sample - r) for b, r in zip(beats, reference, strict=True)) <= 0.008 * rate_hz + 1


@pytest.mark.parametrize("qrs_ms", [70, 90, 120])
@pytest.mark.parametrize("size", [0.45, 1, 4.5])
def test_complexes_from_half_a_millivolt_to_five_are_found(qrs_ms: float, size: float) -> None:
    # IEC 60601-2-27: 0.5 to 5 mV, 70 to 120 ms; lead II has 1.1 mV.
    samples = np.rint(ecg(10, qrs_ms=qrs_ms) * size).astype(np.int16)
    reference = truth(samples.shape[1], qrs_ms=qrs_ms)
    assert counts(find_beats(samples, RATE_HZ, NV), reference) == (len(reference), 0, 0)


def test_a_flat_line_and_hum_below_150_microvolts_have_no_beats() -> None:
    t = np.arange(10 * RATE_HZ) / RATE_HZ
    hum = np.rint(75 * np.sin(2 * np.pi * 50 * t)).astype(np.int16)[None]
    assert find_beats(hum, RATE_HZ, NV) == ()
    assert find_beats(np.full_like(hum, 1234), RATE_HZ, NV) == ()


def test_a_tall_t_wave_is_not_a_beat() -> None:
    # IEC 60601-2-27: T up to 1.2 mV beside a QRS of 1 mV.
    samples = ecg(12).astype(np.int32)
    t = np.arange(samples.shape[1]) / RATE_HZ % 1.0
    onset, width = 0.16 + 0.40 - 0.18, 0.18
    inside = (t >= onset) & (t <= onset + width)
    samples += np.where(
        inside, np.rint(900 * (0.5 - 0.5 * np.cos(2 * np.pi * (t - onset) / width))), 0
    ).astype(int)
    reference = truth(samples.shape[1])
    assert counts(find_beats(samples.astype(np.int16), RATE_HZ, NV), reference) == (len(reference), 0, 0)


@st.composite
def signals(draw: st.DrawFn) -> tuple[np.ndarray, int]:
    """Up to three leads with noise, jumps of size and holes, and their rate."""
    rate_hz = draw(st.sampled_from([100, 257, 500, 1000]))
    source = SyntheticEcg(rate_hz, draw(st.sampled_from([40, 75, 100])))
    samples = source.samples(0, round(draw(st.floats(0.01, 9)) * rate_hz))[: draw(st.integers(1, 3))]
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    noisy = samples + generator.normal(0, draw(st.sampled_from([0, 20, 200])), samples.shape)
    noisy[:, samples.shape[1] // 2 :] *= draw(st.sampled_from([0.2, 1, 4]))
    out = np.rint(noisy).astype(np.int16)
    for lead, first, length in draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5000), st.integers(1, 2000)), max_size=3)
    ):
        out[min(lead, len(out) - 1), first : first + length] = MISSING
    return out, rate_hz


@given(signals(), st.lists(st.integers(0, 900), max_size=25))
@settings(max_examples=80, deadline=None)
def test_chunks_change_no_event(signal: tuple[np.ndarray, int], sizes: list[int]) -> None:
    samples, rate_hz = signal
    whole, chunked = (QrsDetector(rate_hz, len(samples), NV) for _ in range(2))
    expected = [*whole.feed(samples), *whole.finish()]
    borders = np.minimum(np.cumsum(sizes), samples.shape[1]).astype(int)
    events = [event for chunk in np.split(samples, borders, axis=1) for event in chunked.feed(chunk)]
    assert events + chunked.finish() == expected


@pytest.mark.parametrize("p_waves", [3, 5, 8, 12])
@pytest.mark.parametrize("chunk", [25, 10_000])
def test_p_waves_of_standing_ventricles_are_taken_back_when_the_first_complex_comes(
    p_waves: int, chunk: int
) -> None:
    samples, r = standstill(p_waves)
    detector = QrsDetector(RATE_HZ, len(samples), NV)
    pieces = np.split(samples, range(chunk, samples.shape[1], chunk), axis=1)
    events = [event for piece in pieces for event in detector.feed(piece)] + detector.finish()
    assert any(event.withdraws for event in events), "they were taken for complexes at first"
    beats = settled_beats(events)
    assert counts(beats, r) == (len(r), 0, 0)
    assert tuple(events) == (*(whole := QrsDetector(RATE_HZ, 12, NV)).feed(samples), *whole.finish())


def test_a_recording_that_ends_while_it_is_learnt_has_its_beats() -> None:
    samples = ecg(2.8)
    assert counts(find_beats(samples, RATE_HZ, NV), truth(len(samples[0]))) == (3, 0, 0)


@pytest.mark.parametrize("rate", [20, 22, 24, 30])
def test_a_slow_rhythms_complexes_are_learnt_wherever_it_begins(rate: int) -> None:
    """In 2.5 s there may be none, and P waves were learnt in their place."""
    block = SimulatedEcg(Scenario(episodes=(Episode(Rhythm.AV_BLOCK_3, rate, 78),)))
    for first in range(0, 60 * RATE_HZ // rate, 97):
        beats = find_beats(block.samples(first, 5000), RATE_HZ, NV)
        r = [beat.r - first for beat in block.truth(first, 5000).beats]
        found = {min(r, key=lambda at: abs(at - beat.sample)) - beat.sample for beat in beats}
        assert all(abs(off) <= 60 for off in found), (first, beats)  # the first one may be cut off
        assert len(beats) >= len([at for at in r if 100 < at < 4900]), first


def decisions_of(name: str, leads: int, holes: bool) -> str:
    """All decisions of a run in pieces of 50 ms, in one word."""
    samples = mitdb.read_extract(name).samples[:leads].copy()
    if holes:
        samples[0, 4000:4300] = MISSING
        samples[:, 9000:9040] = MISSING
    detector = QrsDetector(mitdb.RATE_HZ, leads, mitdb.NV_PER_LSB)
    pieces = np.split(samples, range(18, samples.shape[1], 18), axis=1)
    events = [event for piece in pieces for event in detector.feed(piece)] + detector.finish()
    said = [(one.sample, one.kind.value, one.decided_at, one.late, one.replaces) for one in events]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


@pytest.mark.parametrize(
    ("name", "leads", "holes", "expected"),
    [
        ("200_45s", 1, False, "9b54e8f8bf08"),
        ("200_45s", 1, True, "33f3fa40a0e2"),
        ("200_45s", 2, False, "9b54e8f8bf08"),
        ("200_45s", 2, True, "e95a9d8dc562"),
        ("203_45s", 1, False, "51aeda62a1cf"),
        ("203_45s", 1, True, "a02e10858741"),
        ("203_45s", 2, False, "2f32ad82e846"),
        ("203_45s", 2, True, "b8535e42ebfb"),
    ],
)
def test_no_decision_on_a_real_recording_changes_when_the_work_is_done_otherwise(
    name: str, leads: int, holes: bool, expected: str
) -> None:
    """Known decisions, taken before a change that was to change none; a change of rules writes them anew."""
    assert decisions_of(name, leads, holes) == expected


def test_no_event_is_taken_before_its_samples_were_seen() -> None:
    extract = mitdb.read_extract("203_45s")
    detector = QrsDetector(mitdb.RATE_HZ, 2, mitdb.NV_PER_LSB)
    fed, known = 0, 0
    for chunk in np.array_split(extract.samples, 900, axis=1):
        fed += chunk.shape[1]
        for event in detector.feed(chunk):
            known += 1
            assert event.sample < event.decided_at <= fed
    assert known > 60


def test_live_decisions_are_quick_and_what_is_not_is_marked_late() -> None:
    # In samples of the signal, not of any clock.
    beats = find_beats(mitdb.read_extract("200_45s").samples[:1], mitdb.RATE_HZ, mitdb.NV_PER_LSB)
    delays = score_delays(beats, mitdb.RATE_HZ)
    assert delays.median_ms is not None and delays.p95_ms is not None
    assert delays.median_ms <= 180 and delays.p95_ms <= 200
    assert all(beat.late for beat in beats if beat.delay > 0.25 * mitdb.RATE_HZ)


def with_beats(heights: dict[int, float], count: int) -> np.ndarray:
    """Triangles of 80 ms (uV) at these samples."""
    out = np.zeros(count)
    for at, height in heights.items():
        offset = np.abs(np.arange(count) - at) / (0.04 * RATE_HZ)
        out += height * np.maximum(1 - offset, 0)
    return np.rint(out).astype(np.int16)[None]


def test_a_low_beat_is_searched_back_and_marked_late() -> None:
    heights = {k * RATE_HZ: 1000.0 for k in range(1, 12)}
    heights[8 * RATE_HZ] = 280.0
    beats = find_beats(with_beats(heights, 12 * RATE_HZ), RATE_HZ, NV)
    assert counts(beats, list(heights)) == (11, 0, 0)
    low = min(beats, key=lambda beat: abs(beat.sample - 8 * RATE_HZ))
    assert low.kind is BeatKind.SEARCH_BACK and low.late
    assert Counter(beat.kind for beat in beats if beat.sample > 3 * RATE_HZ)[BeatKind.SEARCH_BACK] == 1


def test_a_larger_complex_close_behind_replaces_the_first_guess() -> None:
    heights = {k * RATE_HZ: 1000.0 for k in range(1, 12)}
    guess = 8 * RATE_HZ - round(0.15 * RATE_HZ)
    detector = QrsDetector(RATE_HZ, 1, NV)
    samples = with_beats({**heights, guess: 600.0}, 12 * RATE_HZ)
    events = [*detector.feed(samples), *detector.finish()]
    (replaced,) = [event for event in events if event.kind is BeatKind.REPLACE]
    assert replaced.replaces is not None and abs(replaced.replaces - guess) <= 3
    assert abs(replaced.sample - 8 * RATE_HZ) <= 3
    assert counts(find_beats(samples, RATE_HZ, NV), list(heights)) == (11, 0, 0)


def test_one_lead_off_leaves_the_beats_of_the_others() -> None:
    samples = SyntheticEcg(RATE_HZ).samples(0, 20 * RATE_HZ)[:3].copy()
    samples[1, 6 * RATE_HZ : 14 * RATE_HZ] = MISSING
    reference = truth(samples.shape[1])
    assert counts(find_beats(samples, RATE_HZ, NV), reference) == (20, 0, 0)


def test_all_leads_off_have_no_beats_and_none_is_made_up_when_they_return() -> None:
    samples = ecg(20).copy()
    samples[:, 6 * RATE_HZ : 14 * RATE_HZ] = MISSING
    reference = [at for at in truth(samples.shape[1]) if not 6 * RATE_HZ <= at < 14 * RATE_HZ]
    assert counts(find_beats(samples, RATE_HZ, NV), reference) == (12, 0, 0)


def test_single_missing_values_beside_a_large_offset_are_no_beats() -> None:
    samples = ecg(20) + np.int16(20_000)
    samples[:, RATE_HZ // 2 :: RATE_HZ] = MISSING
    reference = truth(samples.shape[1])
    assert counts(find_beats(samples, RATE_HZ, NV), reference) == (20, 0, 0)


def test_a_dead_lead_that_begins_to_shake_does_not_outvote_a_good_one() -> None:
    good = ecg(40)[0]
    generator = np.random.default_rng(1)
    dead = generator.normal(0, 4, len(good))
    dead[20 * RATE_HZ :] = generator.normal(0, 150, len(good) - 20 * RATE_HZ)
    samples = np.stack([good, np.rint(dead).astype(np.int16)])
    assert counts(find_beats(samples, RATE_HZ, NV), truth(len(good))) == (40, 0, 0)


def test_after_a_restart_indices_go_on_and_nothing_is_remembered() -> None:
    detector = QrsDetector(RATE_HZ, 1, NV)
    detector.feed(ecg(6))
    detector.restart(100_000)
    again = [*detector.feed(ecg(6)), *detector.finish()]
    fresh = find_beats(ecg(6), RATE_HZ, NV)
    assert [event.sample - 100_000 for event in again] == [beat.sample for beat in fresh]
    assert [event.decided_at - 100_000 for event in again] == [beat.decided_at for beat in fresh]


@pytest.mark.parametrize(
    ("name", "leads", "expected"),
    [
        ("200_45s", [0], (73, 1, 0)),
        ("200_45s", [0, 1], (73, 1, 0)),
        ("203_45s", [0], (77, 0, 2)),
        ("203_45s", [0, 1], (77, 0, 2)),
    ],
)
def test_real_ventricular_beats_and_noise(
    name: str, leads: list[int], expected: tuple[int, int, int]
) -> None:
    extract = mitdb.read_extract(name)
    beats = find_beats(extract.samples[leads], mitdb.RATE_HZ, mitdb.NV_PER_LSB)
    assert counts(beats, list(extract.beats), mitdb.RATE_HZ) == expected


def test_what_cannot_be_detected_in_is_refused() -> None:
    with pytest.raises(SignalError, match="100 to 1000 Hz"):
        QrsDetector(99, 1, NV)
    with pytest.raises(SignalError, match="100 to 1000 Hz"):
        QrsDetector(500, 0, NV)
    with pytest.raises(SignalError, match=r"int16 \(1, n\) is right"):
        QrsDetector(500, 1, NV).feed(np.zeros((2, 5), dtype=np.int16))


def test_beats_are_found_again_after_an_artefact_while_learning() -> None:
    samples = ecg(20).astype(np.int32)
    samples[:, : 3 * RATE_HZ] *= 15
    beats = find_beats(samples.astype(np.int16), RATE_HZ, NV)
    late = [at for at in truth(samples.shape[1]) if at > 9 * RATE_HZ]
    assert counts(tuple(b for b in beats if b.sample > 9 * RATE_HZ), late) == (len(late), 0, 0)


@pytest.mark.parametrize("noise_uv", [10, 40])
def test_a_pause_of_the_heart_has_no_beats_and_the_next_are_found(noise_uv: int) -> None:
    samples = ecg(30)
    samples[:, 8 * RATE_HZ : 18 * RATE_HZ] = 0
    noise = np.random.default_rng(2).normal(0, noise_uv, samples.shape)
    reference = [at for at in truth(samples.shape[1]) if not 8 * RATE_HZ <= at < 18 * RATE_HZ]
    beats = find_beats(np.rint(samples + noise).astype(np.int16), RATE_HZ, NV)
    assert counts(beats, reference) == (20, 0, 0)


def test_what_moves_on_one_lead_of_three_is_no_beat() -> None:
    samples = SyntheticEcg(RATE_HZ).samples(0, 20 * RATE_HZ)[:3].copy()
    reference = truth(samples.shape[1])
    moved = {at + round(0.45 * RATE_HZ): 850.0 for at in reference[8:16]}
    samples[1:2] += with_beats(moved, samples.shape[1])
    assert counts(find_beats(samples, RATE_HZ, NV), reference) == (20, 0, 0)
    # On that lead alone nobody could tell. Weighing the leads does most; asking them does the rest.
    assert counts(find_beats(samples[1:2], RATE_HZ, NV), reference) == (20, 8, 0)
    assert counts(find_beats(samples, RATE_HZ, NV, QrsRules(agreement=0)), reference) == (20, 1, 0)


def test_the_end_of_a_recording_marks_no_beat_beyond_it() -> None:
    extract = mitdb.read_extract("200_45s")
    for r in extract.beats[5:25]:
        for end in range(r - 2, r + 4):
            found = find_beats(extract.samples[:1, :end], mitdb.RATE_HZ, mitdb.NV_PER_LSB)
            assert found[-1].sample < end


@pytest.mark.parametrize("first", [0, 12_345])
@pytest.mark.parametrize("lag", [0.0, 1.4, 1.6, 4.6])
def test_no_beat_is_marked_before_the_first_sample(lag: float, first: int) -> None:
    # A swing that is at its height as the recording begins.
    t = np.arange(8 * RATE_HZ) / RATE_HZ
    swings = np.rint(900 * np.cos(2 * np.pi * 3 * t + lag)).astype(np.int16)[None]
    detector = QrsDetector(RATE_HZ, 1, NV)
    detector.restart(first)
    events = [*detector.feed(swings), *detector.finish()]
    assert events and min(event.sample for event in events) >= first


def test_when_the_best_lead_dies_without_a_word_the_other_takes_over() -> None:
    good = ecg(40)[0]
    poor = np.rint(good * 0.5 + np.random.default_rng(5).normal(0, 15, len(good))).astype(np.int16)
    good[15 * RATE_HZ :] = 0
    beats = find_beats(np.stack([good, poor]), RATE_HZ, NV)
    reference = [at for at in truth(len(good)) if not 15 * RATE_HZ <= at < 22 * RATE_HZ]
    found = tuple(beat for beat in beats if not 15 * RATE_HZ <= beat.sample < 22 * RATE_HZ)
    assert counts(found, reference) == (len(reference), 0, 0)


@pytest.mark.parametrize("levels", [(), (St(LeadGroup.INFERIOR, -300), St(LeadGroup.LATERAL, 200))])
@pytest.mark.parametrize("seed", [1, 2])
def test_t_waves_of_twenty_a_minute_are_not_found_by_search_back(levels: tuple[St, ...], seed: int) -> None:
    heart = SimulatedEcg(Scenario((Episode(Rhythm.AV_BLOCK_3, 20, st=levels),), seed=seed))
    found = find_beats(heart.samples(0, 20 * 500), 500, 1000)
    assert len(found) == len(heart.truth(0, 20 * 500).beats)
