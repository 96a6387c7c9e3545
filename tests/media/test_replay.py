"""A captured Chromium stream through the forwarding core, and the same spoilt in every way."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Iterator

import pytest

from ecg.wire import Wave, decode
from media.ecg_repeats import EcgRepeats
from media.layout import BROWSER, EXTENSION_IDS, STATION, Extension, MediaLine
from media.messages import WorkerMessage
from media.offer import SendingSsrcs
from media.outgoing import Outgoing
from media.peer import Peer
from media.port import UdpPort
from media.rtp import read_packet
from media.source import Source
from media.switchboard import Switchboard
from records.accounts import Role
from records.rooms import GRANTS, MediaKind
from tests.fakes.line import FakeLine
from tests.fakes.media_viewer import Viewer
from tests.media.replay import records, spoiled
from tests.media.test_forwarding import agreed

STREAM = "chromium_publishes.rtp"
VOICE_TYPE, FACE_TYPE, RTX_TYPE = 111, 96, 97
PICTURE_TYPE, PICTURE_RTX_TYPE, ECG_TYPE = 102, 103, 112
CAPTURE_TIME = EXTENSION_IDS[Extension.ABS_CAPTURE_TIME]


class Replay:
    """One m-line of the captured publisher, and one viewer of it."""

    def __init__(self, publishes: MediaLine, receives: MediaLine) -> None:
        self.source = Source("doctor", agreed(publishes))
        self.line = FakeLine()
        self.out = Outgoing(agreed(receives), SendingSsrcs(500, 501), self.line)
        self.out.bind(self.source)
        self.source.viewers = (self.out,)
        self.padding = self.retransmitted = 0

    def run(self, *types: int, stream: str = STREAM) -> None:
        for record in records(stream):
            packet = read_packet(memoryview(record.data))
            assert packet is not None
            if packet.payload_type not in types:
                continue
            again = packet.payload_type in self.source.media_types
            if again:
                if not self.source.unwrap_rtx(packet):
                    self.padding += 1
                    continue
                self.retransmitted += 1
            elif self.source.ssrc is None:
                self.source.restart(packet.ssrc, record.at_s)
            self.source.take(packet, record.at_s, again)
            self.source.pass_on(record.at_s)


def test_a_captured_face_is_whole_after_its_retransmissions() -> None:
    replay = Replay(BROWSER[1], BROWSER[3])
    replay.run(FACE_TYPE, RTX_TYPE)
    sequences = sorted(packet.sequence for packet in replay.line.sent)
    assert (replay.padding, replay.retransmitted) == (13, 13)
    # 202 came, 10 of them again only: three retransmissions repeat what was there, probes hold nothing.
    assert sequences == list(range(1, 213))
    assert replay.source.lost == 0 and replay.out.frames == replay.source.frames
    assert replay.out.key_frames == replay.source.key_frames >= 1
    assert all(packet.ssrc == 500 and packet.payload_type == FACE_TYPE for packet in replay.line.sent)


def test_a_captured_voice_keeps_its_timeline() -> None:
    replay = Replay(BROWSER[0], BROWSER[2])
    replay.run(VOICE_TYPE)
    sent = replay.line.sent
    assert [packet.sequence for packet in sent] == list(range(1, 350))
    steps = {(b.timestamp - a.timestamp) & 0xFFFF_FFFF for a, b in zip(sent, sent[1:], strict=False)}
    assert all(step % 480 == 0 and 0 < step <= 48_000 for step in steps)


def test_a_captured_ultrasound_is_whole_after_its_retransmissions_and_keeps_its_capture_times() -> None:
    replay = Replay(STATION[0], BROWSER[8])
    replay.run(PICTURE_TYPE, PICTURE_RTX_TYPE, stream="station_ultrasound.rtp")
    sent = replay.line.sent
    assert (replay.padding, replay.retransmitted) == (0, 6)
    assert sorted(packet.sequence for packet in sent) == list(range(1, 203))
    assert replay.source.lost == 0 and replay.out.frames == replay.source.frames == 60
    assert replay.out.key_frames == replay.source.key_frames == 1
    captured = [
        (int.from_bytes(packet.extensions[CAPTURE_TIME], "big"), packet.timestamp)
        for packet in sorted(sent, key=lambda one: one.sequence)
        if CAPTURE_TIME in packet.extensions
    ]
    assert len(captured) == 60
    for (before, stamp), (after, following) in itertools.pairwise(captured):
        assert abs(90_000 * (after - before) / (1 << 32) - (following - stamp & 0xFFFF_FFFF)) <= 1


def test_a_captured_ecg_holds_every_sample_and_a_narrow_line_needs_a_third_of_its_packets() -> None:
    replay = Replay(STATION[1], BROWSER[9])
    replay.run(ECG_TYPE, stream="station_ecg.rtp")
    assert [packet.sequence for packet in replay.line.sent] == list(range(1, 51))
    needed, repeats = [], EcgRepeats()
    for packet in replay.line.sent:
        if not repeats.spares(packet.payload):
            wave = decode(packet.payload)
            assert isinstance(wave, Wave)
            needed.append(wave)
    assert 17 <= len(needed) <= 19
    assert all(before.end_index >= after.first_index for before, after in itertools.pairwise(needed))
    assert needed[0].first_index == 0 and needed[-1].end_index >= 490


@pytest.fixture
async def board() -> AsyncIterator[Switchboard]:
    events: list[WorkerMessage] = []
    port = UdpPort.open(0, ["127.0.0.1"], ["127.0.0.1"])
    board = Switchboard(port, events.append, asyncio.get_running_loop().time)
    yield board
    await board.close()
    port.close()


async def connected(board: Switchboard, who: str) -> tuple[Peer, Viewer]:
    offered = board.open_peer(1, "room", who, GRANTS[Role.SPECIALIST], False)
    viewer = await Viewer.answer(offered.sdp)
    board.take_answer(offered.peer_id, viewer.path.answer_sdp)
    assert await viewer.path.connected()
    return board.peer(offered.peer_id), viewer


def pieces(chance: random.Random) -> Iterator[tuple[bool, bytes]]:
    """Packets of the capture and RTCP, whole and spoilt; whether each is RTCP."""
    rtcp = bytes.fromhex("81c9000700000001000001f4000000050000000a000000000000000000000000")
    nack = bytes.fromhex("81cd000300000001000001f400010007")
    remb = bytes.fromhex("8fce00050000000100000000" + "52454d42" + "010fffff" + "000001f4")
    for record in records(STREAM):
        yield False, record.data
        yield False, spoiled(record.data, chance)
        yield True, spoiled(chance.choice((rtcp, nack, remb)), chance)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_spoilt_packets_are_dropped_and_never_raise(board: Switchboard, seed: int) -> None:
    doctor, doctors_end = await connected(board, "doctor")
    specialist, specialists_end = await connected(board, "specialist")
    chance, now = random.Random(seed), asyncio.get_running_loop().time()
    for number, (is_rtcp, data) in enumerate(pieces(chance)):
        now += 0.001
        if is_rtcp:
            specialist.take_rtcp(data, now)
        else:
            doctor.take_rtp(memoryview(data), now)
            doctor.pass_on(now)
        if number % 50 == 0:
            board.tick(now)
    voice = next(one for one in doctor.sources.values() if one.kind is MediaKind.VOICE)
    for end in (doctors_end, specialists_end):
        await end.path.close()
    assert 100 <= voice.packets <= 700  # what was whole went on, though spoilt ones began new streams between
