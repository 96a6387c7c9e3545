"""A narrow line is spared the repeats of the live ECG, and misses no sample for it."""

import random

import numpy as np
import pytest

from ecg.live import LivePacketizer
from ecg.packets import Wave
from ecg.wire import decode
from media.ecg_repeats import EcgRepeats

PIECE = 10  # samples in 20 ms at 500 Hz


def piece(number: int, leads: int = 12, count: int = PIECE, unusable: int = 0) -> Wave:
    return Wave(
        stream_id=5,
        first_index=number * count,
        captured_us=number * 20_000,
        samples=np.full((leads, count), number, np.int16),
        sequence=number,
        unusable=unusable,
    )


def covered(packets: list[bytes]) -> list[int]:
    found: list[int] = []
    for packet in packets:
        wave = decode(packet)
        assert isinstance(wave, Wave)
        found += range(wave.first_index, wave.end_index)
    return found


@pytest.mark.parametrize(("count", "share"), [(10, 3), (20, 2)], ids=["500 Hz", "1000 Hz, less room"])
def test_what_is_sent_holds_every_sample_once(count: int, share: int) -> None:
    live, repeats = LivePacketizer(50.0 * count), EcgRepeats()
    packets = [live.packet(piece(number, count=count)) for number in range(300)]
    sent = [packet for packet in packets if not repeats.spares(packet)]
    assert len(sent) <= len(packets) // share + 3
    samples = covered(sent)
    assert sorted(set(samples)) == list(range(samples[-1] + 1)) and samples[-1] >= 297 * count - 1
    assert len(samples) <= 1.12 * len(set(samples))


def test_what_changed_is_sent_at_once() -> None:
    live, repeats = LivePacketizer(500.0), EcgRepeats()
    spared = [repeats.spares(live.packet(piece(number, unusable=number >= 31))) for number in range(60)]
    assert not spared[31] and sum(spared) > 35


def test_a_packet_lost_before_costs_its_own_samples_only() -> None:
    chance = random.Random(3)
    live, repeats = LivePacketizer(500.0), EcgRepeats()
    packets = [live.packet(piece(number)) for number in range(600)]
    came = [packet for packet in packets if chance.random() > 0.05]
    sent = set(covered([packet for packet in came if not repeats.spares(packet)]))
    missing = sum(index not in sent for index in range(5900))
    assert missing <= (len(packets) - len(came)) * 3 * PIECE


@pytest.mark.parametrize("payload", [b"", b"E1", bytes(60), b"E1\x01" + bytes(60), b"xx" * 40])
def test_what_is_no_wave_is_always_sent(payload: bytes) -> None:
    repeats = EcgRepeats()
    assert not any(repeats.spares(payload) for _ in range(5))
