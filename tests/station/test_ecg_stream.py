"""The ECG's pieces: every index once, each at its time, and a break never looks like a joint."""

import numpy as np
import pytest

from ecg import batches
from ecg.leads import MISSING, STANDARD_LEADS, Lead
from ecg.recording import Recording
from ecg.simulator.language import read_scenario
from ecg.simulator.simulated_ecg import SimulatedEcg
from ecg.source import RecordingLoop
from ecg.synthetic import SyntheticEcg
from ecg.wire import MAX_PACKET_BYTES, Flag, Mark, MarkKind, Wave, decode
from station import ecg_stream
from station.ecg_stream import Anchor, EcgStream

START_US = 1_790_000_000_000_000


def pieces(source: object, seconds: float, anchor: Anchor | None = None) -> list[Wave]:
    stream = EcgStream(source, 7, anchor or Anchor(0, START_US))  # type: ignore[arg-type]
    return list(stream.pieces(stream.captured_us(stream.next_index) + round(seconds * 1e6)))


@pytest.mark.parametrize("rate_hz", [250, 333, 500, 1000])
def test_every_sample_comes_once_in_order_fifty_times_a_second(rate_hz: int) -> None:
    source = SyntheticEcg(rate_hz=rate_hz)
    waves = pieces(source, 2)
    assert len(waves) == 100
    assert [wave.first_index for wave in waves[1:]] == [wave.end_index for wave in waves[:-1]]
    joined = np.concatenate([wave.samples for wave in waves], axis=1)
    np.testing.assert_array_equal(joined, source.samples(0, joined.shape[1]))
    for wave in waves:
        assert wave.captured_us == START_US + round(wave.first_index * 1e6 / rate_hz)


def test_nothing_is_cut_before_it_is_captured() -> None:
    stream = EcgStream(SyntheticEcg(), 7, Anchor(0, START_US))
    assert list(stream.pieces(START_US + 19_999)) == []
    assert [wave.sample_count for wave in stream.pieces(START_US + 20_000)] == [10]


def test_a_loops_seam_is_missing_samples_and_a_resume_mark() -> None:
    samples = np.tile(np.arange(500, dtype=np.int16), (12, 1))
    loop = RecordingLoop(Recording(leads=STANDARD_LEADS, rate_hz=500, nv_per_lsb=1000, samples=samples))
    waves = pieces(loop, 3)
    joined = np.concatenate([wave.samples for wave in waves], axis=1)
    assert (joined[:, 500 : loop.period] == MISSING).all()
    assert (joined[:, loop.period] == 0).all()
    resumed = [w.first_index + m.offset for w in waves for m in w.marks if m.kind is MarkKind.RESUME]
    assert resumed == [loop.period, 2 * loop.period]
    assert all(wave.flags & Flag.SIMULATED for wave in waves)


def test_a_stream_that_goes_on_continues_at_its_own_rate_and_says_gap() -> None:
    about = ecg_stream.describe(SyntheticEcg(), "binding", START_US, None)
    anchor = ecg_stream.resume(about, 1000, START_US + 10_000_001)
    assert anchor == Anchor(5001, START_US + 10_002_000)
    first = pieces(SyntheticEcg(), 0.1, anchor)[0]
    assert (first.first_index, first.captured_us) == (5001, START_US + 10_002_000)
    assert first.flags & Flag.GAP and first.marks[0] == Mark(0, MarkKind.RESUME)


def test_after_the_clock_was_set_back_no_index_is_used_twice() -> None:
    about = ecg_stream.describe(SyntheticEcg(), "binding", START_US, None)
    assert ecg_stream.resume(about, 9000, START_US + 2_000_000) == Anchor(9000, START_US + 2_000_000)


def test_missing_samples_fill_exactly_what_nobody_took() -> None:
    waves = list(ecg_stream.missing_waves(7, 12, 100, 10_000, START_US, 500))
    assert waves[0].first_index == 100 and waves[-1].end_index == 10_000
    assert [wave.first_index for wave in waves[1:]] == [wave.end_index for wave in waves[:-1]]
    assert all((wave.samples == MISSING).all() for wave in waves)
    assert [wave.captured_us - START_US for wave in waves] == [(w.first_index - 100) * 2000 for w in waves]


def test_pieces_are_joined_without_a_change_of_any_sample() -> None:
    waves = pieces(SyntheticEcg(), 1)
    joined = batches.join(waves, 13)
    assert joined is not None and (joined.first_index, joined.end_index) == (13, 500)
    np.testing.assert_array_equal(joined.samples, SyntheticEcg().samples(13, 487))


def test_a_gap_and_a_change_of_electrodes_begin_another_packet() -> None:
    stream = EcgStream(SyntheticEcg(), 7, Anchor(0, START_US))
    waves = list(stream.pieces(START_US + 100_000))
    stream.electrodes_off = ecg_stream.Electrode.V2
    waves += stream.pieces(START_US + 200_000)
    joined = batches.join(waves, 0)
    assert joined is not None and joined.end_index == 50 and not joined.electrodes_off
    rest = batches.join(waves, 50)
    assert rest is not None and rest.end_index == 100 and rest.electrodes_off
    assert batches.join(waves, 400) is None


def test_a_packet_of_noise_fits_and_says_backfill_when_it_is_late() -> None:
    noise = np.random.default_rng(1).integers(-32767, 32767, (12, 5000), np.int16)
    wave = Wave(stream_id=7, first_index=0, captured_us=START_US, samples=noise[:, :10])
    more = [
        Wave(stream_id=7, first_index=at, captured_us=START_US, samples=noise[:, at : at + 10])
        for at in range(10, 5000, 10)
    ]
    joined = batches.join([wave, *more], 0)
    assert joined is not None
    on_time = batches.packet(joined, 3, 2000, START_US + 3_000_000)
    late = batches.packet(joined, 3, 2000, START_US + 4_000_000)
    assert len(late) <= MAX_PACKET_BYTES
    sent, backfilled = decode(on_time), decode(late)
    assert isinstance(sent, Wave) and isinstance(backfilled, Wave)
    assert not sent.flags & Flag.BACKFILL and backfilled.flags & Flag.BACKFILL
    np.testing.assert_array_equal(backfilled.samples, noise[:, : backfilled.sample_count])


def test_what_the_source_says_of_itself_is_in_the_pieces() -> None:
    source = SimulatedEcg(read_scenario("rhythm=paced,for=1/off=V2,noise=clipping"))
    waves = pieces(source, 2)
    marks = [w.first_index + m.offset for w in waves for m in w.marks if m.kind is MarkKind.PACE]
    assert marks == [beat.pace for beat in source.truth(0, 1000).beats if beat.pace is not None] != []
    assert [bool(wave.electrodes_off) for wave in waves] == [False] * 50 + [True] * 50
    for wave in waves[50:]:
        assert wave.unusable == 1 << 7 and (wave.samples[7] == MISSING).all()
    assert any(wave.clipped for wave in waves[50:]) and not any(wave.clipped >> 7 & 1 for wave in waves)


def test_an_electrode_that_a_short_record_has_no_lead_of_changes_nothing() -> None:
    samples = np.tile(np.arange(500, dtype=np.int16), (2, 1))
    loop = RecordingLoop(Recording(leads=(Lead.II, Lead.V2), rate_hz=500, nv_per_lsb=1000, samples=samples))
    stream = EcgStream(loop, 7, Anchor(0, START_US))
    stream.electrodes_off = ecg_stream.Electrode.V3
    (untouched,) = stream.pieces(START_US + 20_000)
    assert untouched.unusable == 0 and (untouched.samples != MISSING).all()
    stream.electrodes_off = ecg_stream.Electrode.V2
    (without,) = stream.pieces(START_US + 40_000)
    assert without.unusable == 2 and (without.samples[1] == MISSING).all()
    assert (without.samples[0] != MISSING).all()
