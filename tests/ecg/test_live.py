"""Live packets: small enough, repeated enough, and true about gaps."""

import numpy as np
import pytest

from ecg.errors import WireError
from ecg.live import LIVE_PACKET_BYTES, LivePacketizer, highest_rate_hz
from ecg.synthetic import SyntheticEcg
from ecg.wire import Flag, Mark, MarkKind, Wave, decode

START_US = 1_790_000_000_000_000


def piece(ecg: SyntheticEcg, number: int, **fields: object) -> Wave:
    count = ecg.rate_hz // 50
    first = number * count
    return Wave(
        stream_id=1,
        first_index=first,
        captured_us=START_US + number * 20_000,
        samples=ecg.samples(first, count),
        **fields,  # type: ignore[arg-type]
    )


def packets(ecg: SyntheticEcg, count: int, gaps: tuple[int, ...] = ()) -> list[Wave]:
    live = LivePacketizer(ecg.rate_hz)
    waves = []
    for number in range(count):
        data = live.packet(piece(ecg, number, flags=Flag.GAP if number in gaps else Flag.NONE))
        assert len(data) <= LIVE_PACKET_BYTES
        wave = decode(data)
        assert isinstance(wave, Wave)
        waves.append(wave)
    return waves


@pytest.mark.parametrize(("rate_hz", "repeated"), [(500, 20), (1000, 24)])
def test_every_packet_repeats_what_fits_of_the_40_ms_before(rate_hz: int, repeated: int) -> None:
    ecg = SyntheticEcg(rate_hz)
    newest = rate_hz // 50
    for number, wave in enumerate(packets(ecg, 20)):
        assert wave.sequence == number
        assert wave.end_index == (number + 1) * newest
        assert wave.sample_count == newest + min(number * newest, repeated)
        assert np.array_equal(wave.samples, ecg.samples(wave.first_index, wave.sample_count))
        assert wave.captured_us == START_US + wave.first_index * 1_000_000 // rate_hz


def test_two_packets_lost_in_a_row_leave_no_hole_at_500_hz() -> None:
    waves = packets(SyntheticEcg(500), 30)
    arrived = waves[::3]
    assert all(
        before.end_index == after.first_index for before, after in zip(arrived, arrived[1:], strict=False)
    )


def test_a_gap_is_marked_in_every_packet_that_spans_it() -> None:
    waves = packets(SyntheticEcg(500), 8, gaps=(4,))
    resumes = {
        number: [wave.first_index + mark.offset for mark in wave.marks]
        for number, wave in enumerate(waves)
        if wave.marks
    }
    assert resumes == {4: [40], 5: [40], 6: [40]}
    assert [number for number, wave in enumerate(waves) if wave.flags & Flag.GAP] == [6]


def test_samples_before_a_jump_of_the_index_are_not_repeated() -> None:
    ecg = SyntheticEcg(500)
    live = LivePacketizer(500)
    live.packet(piece(ecg, 0))
    wave = decode(live.packet(piece(ecg, 5)))
    assert isinstance(wave, Wave)
    assert (wave.first_index, wave.sample_count) == (50, 10)


def test_another_stream_does_not_repeat_the_one_before() -> None:
    ecg = SyntheticEcg(500)
    live = LivePacketizer(500)
    live.packet(piece(ecg, 0))
    after = piece(ecg, 1)
    wave = decode(
        live.packet(Wave(stream_id=2, first_index=10, captured_us=after.captured_us, samples=after.samples))
    )
    assert isinstance(wave, Wave)
    assert wave.first_index == 10


def test_marks_of_repeated_samples_go_along() -> None:
    ecg = SyntheticEcg(500)
    live = LivePacketizer(500)
    live.packet(piece(ecg, 0, marks=(Mark(7, MarkKind.PACE, 3),)))
    wave = decode(live.packet(piece(ecg, 1)))
    assert isinstance(wave, Wave)
    assert wave.marks == (Mark(7, MarkKind.PACE, 3),)


@pytest.mark.parametrize(("leads", "rate_hz"), [(12, 2200), (8, 3300), (1, 26400)])
def test_the_highest_rate_just_fits_a_packet(leads: int, rate_hz: int) -> None:
    def packet(samples: int) -> bytes:
        wave = Wave(
            stream_id=1,
            first_index=0,
            captured_us=0,
            samples=np.zeros((leads, samples), np.int16),
            marks=(Mark(0, MarkKind.RESUME),),
        )
        return LivePacketizer(rate_hz).packet(wave)

    assert highest_rate_hz(leads) == rate_hz
    assert len(packet(rate_hz // 50)) <= 1100
    with pytest.raises(WireError):
        packet(rate_hz // 50 + 1)


def test_a_piece_that_alone_is_too_large_is_refused() -> None:
    samples = np.zeros((12, 100), np.int16)
    with pytest.raises(WireError, match="do not fit 1100 bytes; at most 44"):
        LivePacketizer(500).packet(Wave(stream_id=1, first_index=0, captured_us=0, samples=samples))


def test_on_a_line_that_carries_next_to_nothing_nothing_is_repeated_until_it_is_again() -> None:
    ecg = SyntheticEcg(500)
    live = LivePacketizer(ecg.rate_hz)
    sent = []
    for number in range(12):
        live.repeat(not 4 <= number < 8)
        wave = decode(live.packet(piece(ecg, number)))
        assert isinstance(wave, Wave)
        sent.append(wave)
    assert [wave.sample_count for wave in sent] == [10, 20, 30, 30, 10, 10, 10, 10, 20, 30, 30, 30]
    assert [wave.end_index for wave in sent] == [10 * (number + 1) for number in range(12)]
    for wave in sent:
        assert (wave.samples == ecg.samples(wave.first_index, wave.sample_count)).all()
