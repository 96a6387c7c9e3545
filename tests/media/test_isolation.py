"""A fault of ours with one peer is not felt by the others, is counted, and ends that peer if it repeats."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from media.aiortc_seams import PacketBuffer
from media.egress import Path
from media.faults import ENDS_AFTER, FaultLog, Faults
from media.layout import BROWSER
from media.messages import PeerLost, WorkerMessage
from media.port import UdpPort
from media.rtcp import write_pli
from media.rtp import write_packet
from media.switchboard import Switchboard
from records.accounts import Role
from records.rooms import MediaKind
from tests.media.fuzz import Clock, FedSocket, address_of, seated


@pytest.fixture
async def port() -> AsyncIterator[UdpPort]:
    port = UdpPort.open(0, ["127.0.0.1"], ["127.0.0.1"])
    yield port
    port.close()


class Heard:
    """A receiver that counts, and fails where it is told to."""

    password = "p"

    def __init__(self, fails_at: str = "") -> None:
        self._fails_at = fails_at
        self.calls: list[str] = []
        self.failures = 0
        self.passed_on = asyncio.Event()

    def knows(self, username: str) -> bool:
        return False

    def checked(self, path: Path, nominated: bool, now: float) -> None: ...

    def arrived(self, stamp_s: float) -> None: ...

    def received(self, buffer: PacketBuffer, at: int, size: int, segment: int, path: Path, now: float) -> int:
        self._call("received")
        return segment

    def pass_on(self, now: float) -> bool:
        self.passed_on.set()
        self._call("pass_on")
        return False

    def failed(self, error: Exception, now: float) -> None:
        self.failures += 1

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if name == self._fails_at:
            raise ValueError(name)


@pytest.mark.parametrize("fails_at", ["received", "pass_on"])
async def test_a_receiver_that_fails_keeps_nothing_from_the_next(port: UdpPort, fails_at: str) -> None:
    failing, other = Heard(fails_at), Heard()
    fed = FedSocket()
    for number, receiver in enumerate((failing, other)):
        port.bind(Path(cast(socket.socket, fed), ("127.0.0.1", number)), receiver)
        fed.fed.append((b"\x80" + bytes(20), [], ("127.0.0.1", number)))
    port._readable(cast(socket.socket, fed))
    assert other.calls == ["received", "pass_on"] and (failing.failures, other.failures) == (1, 0)


async def test_a_peer_that_fails_again_and_again_is_closed_and_the_others_are_served(
    port: UdpPort, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[WorkerMessage] = []
    clock, fed = Clock(), FedSocket()
    board = Switchboard(port, told.append, clock.time)
    failing = seated(board, Role.COMMUNITY_DOCTOR, fed, BROWSER, clock)
    other = seated(board, Role.SPECIALIST, fed, BROWSER, clock)
    ticked: list[float] = []
    cast(Any, failing).tick = lambda now: {}[now]
    cast(Any, other).tick = ticked.append
    for number in range(ENDS_AFTER):
        assert not [event for event in told if isinstance(event, PeerLost)]
        board.tick(clock.now + number)
    lost = [event for event in told if isinstance(event, PeerLost)]
    assert [event.peer_id for event in lost] == [failing.peer_id] and len(ticked) == ENDS_AFTER
    assert port.faults.count == ENDS_AFTER and len(board.figures()) == 1
    told_text = capsys.readouterr().err
    assert told_text.count("\n") == 1 and "KeyError" in told_text
    await board.close()


def test_faults_that_are_far_apart_end_nothing() -> None:
    faults = Faults()
    assert [faults.repeat(at) for at in (0.0, 6.0, 12.0, 18.0, 19.0)] == [False, False, False, False, True]


def test_the_text_of_an_exception_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    log = FaultLog()
    try:
        raise ValueError("what a peer sent")
    except ValueError as error:
        log.note("serving a peer", error, 0.0)
    assert "ValueError" in (text := capsys.readouterr().err) and "what a peer sent" not in text


async def test_a_publisher_that_begins_new_streams_again_and_again_is_still_heard(port: UdpPort) -> None:
    clock, fed = Clock(), FedSocket()
    board = Switchboard(port, lambda event: None, clock.time)
    doctor = seated(board, Role.COMMUNITY_DOCTOR, fed, BROWSER, clock)
    voice = next(source for source in doctor.sources.values() if source.kind is MediaKind.VOICE)
    for number in range(100):
        clock.now += 0.02
        for ssrc in (7, 5000 + number):
            data = write_packet(111, True, number, 960 * number, ssrc, b"", b"voice")
            doctor.take_rtp(memoryview(data), clock.now)
    assert voice.packets == 200 and len(doctor._by_ssrc) <= 32 and 7 in doctor._by_ssrc
    await board.close()


async def test_one_viewers_wishes_do_not_set_how_often_a_source_makes_key_frames(port: UdpPort) -> None:
    clock, fed = Clock(), FedSocket()
    board = Switchboard(port, lambda event: None, clock.time)
    doctor = seated(board, Role.COMMUNITY_DOCTOR, fed, BROWSER, clock)
    specialist = seated(board, Role.SPECIALIST, fed, BROWSER, clock)
    face = next(source for source in doctor.sources.values() if source.kind is MediaKind.FACE)
    out = next(out for out in specialist.outgoing.values() if out.source is face)
    asked = 0
    for number in range(600):
        clock.now += 0.1
        data = write_packet(96, True, number, 3000 * number, 7, b"", b"\x10\x01x" if number else b"\x10\x00x")
        doctor.take_rtp(memoryview(data), clock.now)
        face.pass_on(clock.now)
        specialist.take_rtcp(write_pli(1, out.ssrcs.media), clock.now)
        asked += face.key_frame_due(clock.now)
    assert 4 <= asked <= 34
    await board.close()


async def test_what_is_missing_is_asked_for_soon_though_nothing_more_comes(port: UdpPort) -> None:
    clock, fed = Clock(), FedSocket()
    board = Switchboard(port, lambda event: None, clock.time)
    seated(board, Role.COMMUNITY_DOCTOR, fed, BROWSER, clock)
    port._loop = cast(Any, clock)
    for sequence in (1, 3):
        packet = write_packet(96, True, sequence, 3000 * sequence, 7, b"", b"\x10\x01x")
        fed.fed.append((packet, [], address_of(Role.COMMUNITY_DOCTOR)))
    port._readable(cast(socket.socket, fed))
    before = fed.sent
    clock.go(0.009)
    assert fed.sent == before
    clock.go(0.002)
    assert fed.sent == before + 1  # the NACK
    await board.close()
