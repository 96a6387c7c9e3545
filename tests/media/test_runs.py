"""Packets that came together and go on with one picture are taken as if each had been looked at."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from media.aiortc_seams import PacketBuffer
from media.layout import EXTENSION_IDS, STATION, Extension
from media.rtp import RtpPacket, abs_send_time, element, read_packet, write_packet
from media.source import Source
from tests.media.test_forwarding import agreed

SEGMENT = 120
MID = element(EXTENSION_IDS[Extension.MID], b"0")
SENT = EXTENSION_IDS[Extension.ABS_SEND_TIME]
CAPTURED = element(EXTENSION_IDS[Extension.ABS_CAPTURE_TIME], bytes(range(8)))


@dataclass
class Opener:
    """Decrypts nothing; some packets are not authentic."""

    forged: frozenset[int]  # where they begin

    def open_rtp(self, buffer: PacketBuffer, at: int, size: int) -> int:
        return -1 if at in self.forged else size


def datagram(
    sequence: int,
    timestamp: int = 9000,
    ssrc: int = 77,
    payload_type: int = 102,
    captured: bool = False,
    mark: int = 1,
    size: int = SEGMENT,
) -> bytes:
    elements = element(SENT, abs_send_time(sequence / 100)) + MID + (CAPTURED if captured else b"")
    head = write_packet(payload_type, False, sequence & 0xFFFF, timestamp, ssrc, elements, b"")
    body = bytes((0x41 if mark else 0x67,)) + sequence.to_bytes(4, "big")
    return head + body.ljust(size - len(head), b"x")


def source() -> Source:
    made = Source("station", agreed(STATION[0]))
    made.restart(77, 0.0)
    return made


def taken(one: Source) -> list[tuple[int, int, int, bool, bytes, dict[Extension, bytes]]]:
    return [(p.full, p.timestamp, p.marker, p.key, p.payload, p.kept) for p in one._pending]


def counters(one: Source) -> tuple[object, ...]:
    return (one.packets, one.bytes, one.frames, one.key_frames, one.lost, one._highest, bool(one.gaps))


def read_together(one: Source, datagrams: list[bytes], forged: frozenset[int]) -> int:
    """As a peer does: one by one where it must; how many were taken in runs."""
    data = b"".join(datagrams)
    buffer, opener, at, in_runs = PacketBuffer(1 << 16), Opener(forged), 0, 0
    buffer.view[: len(data)] = data
    while at < len(data):
        size = min(SEGMENT, len(data) - at)
        packet = None if at in forged else read_packet(buffer.view[at : at + size])
        at += SEGMENT
        if packet is not None and accept(one, packet) and at < len(data):
            before = one.packets
            at = one.take_run(buffer, opener, at, len(data), SEGMENT).end
            in_runs += one.packets - before
    return in_runs


def accept(one: Source, packet: RtpPacket) -> bool:
    if packet.ssrc != one.ssrc:
        one.restart(packet.ssrc, 1.0)
    return one.take(packet, 1.0)


CHANGES = st.sampled_from(
    ["none"] * 6 + ["gap", "late", "again", "picture", "captured", "key", "other", "type"]
)


@given(st.lists(CHANGES, min_size=1, max_size=40), st.sets(st.integers(0, 39)), st.integers(0, 65_535))
def test_together_or_one_by_one_the_same_is_taken(changes: list[str], forged: set[int], first: int) -> None:
    datagrams, sequence, timestamp, ssrc = [], first, 9000, 77
    for change in changes:
        sequence += {"gap": 3, "late": -2, "again": 0}.get(change, 1)
        timestamp += 3000 if change == "picture" else 0
        ssrc += change == "other"
        datagrams.append(
            datagram(
                max(0, sequence),
                timestamp,
                ssrc,
                payload_type=104 if change == "type" else 102,
                captured=change == "captured",
                mark=int(change != "key"),
            )
        )
    wrong = frozenset(SEGMENT * at for at in forged)
    together, alone = source(), source()
    read_together(together, datagrams, wrong)
    for at, one in enumerate(datagrams):
        packet = None if SEGMENT * at in wrong else read_packet(memoryview(bytearray(one)))
        if packet is not None:
            accept(alone, packet)
    assert taken(together) == taken(alone)
    assert counters(together) == counters(alone)


def test_most_of_a_picture_is_taken_in_one_run_and_its_send_time_is_the_last_ones() -> None:
    one = source()
    datagrams = [datagram(number) for number in range(23)]
    datagrams[-1] = datagrams[-1][:80]
    accept(one, read_packet(memoryview(bytearray(datagrams[0]))) or RtpPacket(0, 0, 0, 0, 0, 0, b"", b""))
    data = b"".join(datagrams)
    buffer = PacketBuffer(1 << 16)
    buffer.view[: len(data)] = data
    run = one.take_run(buffer, Opener(frozenset()), SEGMENT, len(data), SEGMENT)
    assert run.end >= len(data) and one.packets == 23
    assert run.arrived_bytes == len(data) - SEGMENT
    assert run.send_time == int.from_bytes(abs_send_time(22 / 100), "big")
