"""What leaves together is, packet for packet, what would have left one by one."""

import random

import pytest

from media.batch import MAX_RUN_BYTES, MAX_SEGMENTS, Batch, runs
from media.rtp import RtpPacket, element, extension_block, read_packet, write_packet
from tests.media.test_forwarding import DELTA, KEY, Line

BLOCK = extension_block(element(3, b"abc"))


def packet(full: int, size: int = 900, timestamp: int = 0, payload_type: int = 102) -> RtpPacket:
    one = RtpPacket(128, payload_type, full & 0xFFFF, timestamp, 7, 0, b"", bytes([full & 0xFF]) * size)
    one.full = full
    return one


def test_every_packet_of_a_slab_is_whole_and_numbered_as_the_viewer_counts() -> None:
    packets = [packet(65_534 + number, 300 + number, timestamp=2**32 - 1) for number in range(4)]
    batch = Batch(packets, [BLOCK, BLOCK, b"", BLOCK])
    memory = memoryview(bytearray(4096))
    slab = batch.slab(trailer_bytes=16)
    slab.write(memory, 100, 96, -65_530, 5, 99)
    for number, (at, size) in enumerate(slab.places):
        found = read_packet(memory[100 + at : 100 + at + size])
        assert found is not None
        assert (found.sequence, found.timestamp, found.ssrc) == (4 + number, 4, 99)
        assert (found.marker, found.payload_type) == (128, 96)
        assert found.payload == packets[number].payload
        assert found.elements == (b"" if number == 2 else BLOCK[4:])


@pytest.mark.parametrize(
    "packets",
    [
        [packet(5), packet(4)],
        [packet(5), packet(5)],
        [packet(5), packet(6, size=0)],
        [packet(5), packet(6, payload_type=104)],
    ],
    ids=["out of order", "twice", "without a payload", "of two codecs"],
)
def test_what_needs_a_look_at_each_packet_is_not_plain(packets: list[RtpPacket]) -> None:
    assert not Batch(packets, [BLOCK] * 2).is_plain
    assert Batch([packet(5), packet(7)], [BLOCK] * 2).is_plain  # a gap goes on as a gap


def test_runs_hold_equal_sizes_and_end_with_a_shorter_one() -> None:
    chance = random.Random(7)
    for _ in range(200):
        sizes = [chance.choice((1100, 1100, 1100, 900, 40)) for _ in range(chance.randrange(1, 150))]
        found = runs(sizes)
        assert sum(count for _, _, count, _ in found) == len(sizes)
        index = at = 0
        for start, length, count, size in found:
            run = sizes[index : index + count]
            assert (start, length) == (at, sum(run)) and count <= MAX_SEGMENTS and length <= MAX_RUN_BYTES
            assert all(each == size for each in run[:-1]) and run[-1] <= size
            index, at = index + count, at + length


def test_together_and_one_by_one_say_the_same() -> None:
    """A stream with losses, late packets, empty ones and key frames, in wake-ups of any size."""
    seen = []
    for takes_slabs in (True, False):
        line = Line()
        line.way.takes_slabs = takes_slabs
        _stream(line, random.Random(11))
        assert bool(line.way.slabs) is takes_slabs
        out = line.out
        sent = [(p.sequence, p.timestamp, p.marker, p.payload_type, p.payload) for p in line.way.sent]
        figures = (out.packets, out.bytes, out.frames, out.key_frames, out.last_sequence, out.begun)
        seen.append((figures, sent, line.way.sent_bytes))
    assert seen[0] == seen[1] and len(seen[0][1]) > 1000


def _stream(line: Line, chance: random.Random) -> None:
    sequence = 65_000
    for frame in range(300):
        line.now = frame / 30
        numbers = [sequence + number for number in range(chance.randrange(1, 9))]
        sequence += len(numbers)
        if chance.random() < 0.2:
            numbers.pop(chance.randrange(len(numbers)))
        if chance.random() < 0.1:
            chance.shuffle(numbers)
        for number in numbers:
            is_empty = frame > 2 and chance.random() < 0.03
            payload = b"" if is_empty else (KEY if frame % 50 == 0 else DELTA) + bytes([number & 0xFF])
            data = write_packet(96, number % 5 == 0, number & 0xFFFF, 3000 * frame, 77, b"", payload)
            packet = read_packet(memoryview(data))
            assert packet is not None
            line.source.take(packet, line.now)
        line.source.pass_on(line.now)
