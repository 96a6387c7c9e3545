"""Blocks become pieces of 20 ms: every sample once, every loss a told gap, nothing joined over it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.leads import MISSING, Electrode, Lead
from ecg.live import LivePacketizer
from ecg.packets import Flag, Mark, MarkKind, Wave
from station.ecg_devices.device import DeviceDescription, SampleBlock
from station.ecg_devices.device_stream import DeviceStream, Piece
from station.errors import DeviceFailed
from tests.station.ecg_devices.blocks import START_US, TWO_LEADS, block


def taken(blocks: list[SampleBlock], index: int = 0, about: DeviceDescription = TWO_LEADS) -> list[Piece]:
    stream = DeviceStream(about, 7, index, blocks[0])
    pieces = [piece for one in blocks for piece in stream.take(one)]
    return [*pieces, *stream.finish()]


def joined(pieces: list[Piece]) -> np.ndarray:
    waves = [piece.wave for piece in pieces]
    assert [wave.first_index for wave in waves[1:]] == [wave.end_index for wave in waves[:-1]]
    return np.concatenate([wave.samples for wave in waves], axis=1)


@given(st.lists(st.integers(1, 80), min_size=1, max_size=40), st.integers(0, 10**6), st.integers(0, 2**32))
@settings(deadline=None)
def test_every_sample_comes_once_in_pieces_of_twenty_milliseconds(
    sizes: list[int], index: int, number: int
) -> None:
    number %= 20_000
    starts = np.cumsum([number, *sizes])
    blocks = [block(int(at), size) for at, size in zip(starts, sizes, strict=False)]
    pieces = taken(blocks, index)
    total = sum(sizes)
    np.testing.assert_array_equal(joined(pieces)[0], np.arange(number, number + total).astype(np.int16))
    assert all(piece.live and piece.wave.sample_count <= 10 for piece in pieces)
    assert all(piece.wave.end_index % 10 == 0 for piece in pieces[:-1])


def test_capture_times_are_those_of_the_samples() -> None:
    pieces = taken([block(at, 25) for at in range(0, 500, 25)])
    assert {piece.wave.captured_us - START_US - 2000 * piece.wave.first_index for piece in pieces} == {0}


def test_a_latency_the_maker_states_is_taken_off() -> None:
    about = DeviceDescription(
        rate_hz=500, nv_per_lsb=1000, leads=(Lead.II, Lead.V2), device="x", latency_us=40_000
    )
    assert taken([block(0)], about=about)[0].wave.captured_us == START_US - 40_000


def test_a_loss_is_missing_samples_and_a_gap_at_its_end() -> None:
    pieces = taken([block(0, 25), block(75, 25)])
    samples = joined(pieces)
    assert (samples[:, 25:75] == MISSING).all() and (samples[:, :25] != MISSING).all()
    np.testing.assert_array_equal(samples[0, 75:], np.arange(75, 100))
    lost = [piece for piece in pieces if not piece.live]
    assert [(piece.wave.first_index, piece.wave.end_index) for piece in lost] == [(25, 75)]
    after = next(piece.wave for piece in pieces if piece.wave.first_index == 75)
    assert after.flags & Flag.GAP and after.marks[0] == Mark(0, MarkKind.RESUME)
    assert after.captured_us == START_US + 75 * 2000


def test_live_packets_repeat_nothing_over_a_loss() -> None:
    packetizer = LivePacketizer(500)
    for piece in taken([block(0, 20), block(45, 15)]):
        if piece.live:
            packetizer.packet(piece.wave)  # raises where samples would be joined


def test_a_connection_after_another_begins_with_a_gap() -> None:
    first = taken([block(3, 20)], index=500)[0].wave
    assert first.first_index == 500 and first.flags & Flag.GAP


def test_an_electrode_that_came_off_takes_its_lead_from_that_block_on() -> None:
    pieces = taken([block(0, 15), block(15, 15, electrodes_off=Electrode.V2), block(30, 15)])
    samples = joined(pieces)
    assert (samples[1, 15:30] == MISSING).all() and (samples[1, :15] != MISSING).all()
    assert (samples[0] != MISSING).all()
    bits = {piece.wave.first_index: (piece.wave.electrodes_off, piece.wave.unusable) for piece in pieces}
    assert bits[10] == (0, 0) and bits[15] == (Electrode.V2, 0b10) and bits[30] == (0, 0)


def test_a_row_the_device_calls_unusable_is_missing_and_one_that_clips_is_told() -> None:
    wave = taken([block(0, 10, unusable=1, clipped=3)])[0].wave
    assert (wave.samples[0] == MISSING).all()
    assert (wave.unusable, wave.clipped) == (1, 2)


def test_marks_stand_at_their_samples() -> None:
    marks = (Mark(3, MarkKind.PACE, 2), Mark(24, MarkKind.PATIENT_EVENT))
    pieces = taken([block(100, 25, marks=marks)])
    found = [(p.wave.first_index + m.offset, m.kind, m.value) for p in pieces for m in p.wave.marks]
    assert found == [(3, MarkKind.PACE, 2), (24, MarkKind.PATIENT_EVENT, 0)]


def wider(one: SampleBlock) -> SampleBlock:
    return SampleBlock(one.number, np.zeros((3, 10), np.int16), one.arrived_us)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (block(5), "its count went back by 5 samples"),
        (block(2**31, late_us=-(2**31) * 2000), "its count jumped by 2147483638 samples"),
        (wider(block(10)), "a block of (3, 10); 2 rows were said"),
        (block(10, 0), "a block of (2, 0)"),
    ],
)
def test_a_block_that_cannot_belong_here_is_refused(bad: SampleBlock, told: str) -> None:
    with pytest.raises(DeviceFailed) as refused:
        taken([block(0), bad])
    assert str(refused.value).startswith("ecg: ") and told in str(refused.value)


def test_a_description_that_cannot_be_a_stream_is_refused() -> None:
    for wrong in ({"rate_hz": 50}, {"rate_hz": 30_000}, {"nv_per_lsb": 0}, {"leads": ()}, {"latency_us": -1}):
        fields: dict[str, object] = {"rate_hz": 500, "nv_per_lsb": 1000, "leads": (Lead.I,), "device": "x"}
        with pytest.raises(ValueError):
            DeviceDescription(**fields | wrong)  # type: ignore[arg-type]


def test_a_lead_that_is_none_of_the_twelve_is_a_row_of_its_own() -> None:
    about = DeviceDescription(rate_hz=130, nv_per_lsb=1000, leads=(), other=("strap",), device="x")
    one = SampleBlock(0, np.ones((1, 73), np.int16), START_US)
    waves: list[Wave] = [piece.wave for piece in taken([one], about=about)]
    assert sum(wave.sample_count for wave in waves) == 73
    assert about.as_stream("b", 0, None).rows == ("strap",)
