"""What strangers send to the port, and peers that are not who they should be."""

import asyncio
import os
import random
import signal
import socket
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.api import MediaWorker, SdpRefused, UnknownPeer, WorkerGone, WorkerProcess
from media.errors import AnswerRepeated
from media.messages import PeerConnected, PeerLost, WorkerMessage
from media.port import UdpPort
from media.stun import write_request
from media.switchboard import Switchboard
from records.accounts import Role
from records.rooms import GRANTS
from tests.fakes.media_viewer import Viewer
from tests.media.test_call import ECG, publish, view

CLIENT_HELLO = bytes.fromhex("16feff000000000000000000360100002a000000000000002afefd") + bytes(42)


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[WorkerProcess]:
    process = await WorkerProcess.start(tmp_path)
    yield process
    await process.stop()


def nasty_datagrams() -> list[bytes]:
    chance = random.Random(1)
    malformed = bytearray(write_request(bytes(12), "nobody:x", "wrong", 1))
    malformed[22:24] = b"\xff\xff"
    return [
        b"",
        CLIENT_HELLO,
        bytes(1600),
        bytes(malformed),
        struct.pack("!HHI12s", 1, 4, 0x2112A442, bytes(12)) + b"\0\x06\0\xff",
        b"\x80\xc8\0\x06" + bytes(24),
        *(chance.randbytes(chance.randrange(1, 1400)) for _ in range(400)),
    ]


def attack(port: int, *more: bytes) -> int:
    """Send everything nasty from an unrelated socket; how many datagrams that were."""
    datagrams = [*nasty_datagrams(), *more]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for datagram in datagrams:
            stranger.sendto(datagram, ("127.0.0.1", port))
    return len(datagrams)


async def test_strangers_do_not_disturb_a_call_before_or_after_it_is_up(process: WorkerProcess) -> None:
    worker, port = process.worker, process.worker.ready.udp_port
    offered = await worker.open_peer("room", "doctor", GRANTS[Role.SPECIALIST], False)
    ufrag = next(line[12:] for line in offered.sdp.splitlines() if line.startswith("a=ice-ufrag:"))
    wrong = write_request(bytes(12), f"{ufrag}:guessed", "not the password", 1)
    viewer = await Viewer.answer(offered.sdp)
    sent = attack(port, wrong)
    await worker.take_answer(offered.peer_id, viewer.path.answer_sdp)
    sent += attack(port, wrong)
    assert await viewer.path.connected()
    publisher, _ = await publish(worker)
    sent += attack(port, wrong)
    for number in range(20):
        publisher.send_ecg(bytes((number,)) * 100, 1_000_000 + number)
    assert [packet.payload[0] for packet in await viewer.until(ECG, 20)] == list(range(20))
    figures = await worker.figures()
    assert 0 < figures.stray_datagrams <= sent
    assert all(peer.connected for peer in figures.peers) and viewer.lost == []
    await viewer.path.close()
    await publisher.close()


async def test_a_stranger_with_the_ufrag_but_not_the_password_gets_no_answer(process: WorkerProcess) -> None:
    offered = await process.worker.open_peer("room", "doctor", GRANTS[Role.SPECIALIST], False)
    ufrag = next(line[12:] for line in offered.sdp.splitlines() if line.startswith("a=ice-ufrag:"))
    password = next(line[10:] for line in offered.sdp.splitlines() if line.startswith("a=ice-pwd:"))
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.setblocking(False)
        stranger.connect(("127.0.0.1", process.worker.ready.udp_port))
        stranger.send(write_request(b"1" * 12, f"{ufrag}:x", "wrong password", 1))
        stranger.send(write_request(b"2" * 12, f"{ufrag}:x", password, 1))
        # Answers come in order: the first one that comes is to the second question.
        assert (await loop.sock_recv(stranger, 1500))[8:20] == b"2" * 12


async def test_another_certificate_than_the_answers_gets_no_media(process: WorkerProcess) -> None:
    worker = process.worker
    offered = await worker.open_peer("room", "doctor", GRANTS[Role.SPECIALIST], False)
    viewer = await Viewer.answer(offered.sdp)
    begin = viewer.path.answer_sdp.index("sha-256 ") + 8
    theirs = viewer.path.answer_sdp[begin : begin + 95]
    forged = viewer.path.answer_sdp.replace(theirs, ":".join(["AB"] * 32))
    await worker.take_answer(offered.peer_id, forged)
    connecting = asyncio.create_task(viewer.path.connected())
    event = await anext(worker.events())
    assert isinstance(event, PeerLost) and event.peer_id == offered.peer_id
    assert viewer.packets == [] and (await worker.figures()).peers == ()
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    await viewer.path.close()


async def test_a_bad_request_is_refused_and_nothing_changes(process: WorkerProcess) -> None:
    worker = process.worker
    with pytest.raises(UnknownPeer):
        await worker.take_answer("nobody", "v=0")
    offered = await worker.open_peer("room", "doctor", GRANTS[Role.SPECIALIST], False)
    with pytest.raises(SdpRefused):
        await worker.take_answer(offered.peer_id, "nonsense")
    viewer = await Viewer.answer(offered.sdp)
    await worker.take_answer(offered.peer_id, viewer.path.answer_sdp)
    with pytest.raises(AnswerRepeated):
        await worker.take_answer(offered.peer_id, viewer.path.answer_sdp)
    assert await viewer.path.connected()
    await viewer.path.close()


async def test_a_killed_worker_is_noticed_by_everybody_who_asks(tmp_path: Path) -> None:
    process = await WorkerProcess.start(tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    assert await process.exited() == -signal.SIGKILL
    with pytest.raises(WorkerGone):
        async for _ in process.worker.events():
            pass
    with pytest.raises(WorkerGone):
        await process.worker.figures()
    await process.stop()


async def test_a_viewer_that_leaves_and_comes_back_is_bound_again(process: WorkerProcess) -> None:
    worker: MediaWorker = process.worker
    publisher, _ = await publish(worker)
    first, _ = await view(worker, GRANTS[Role.SPECIALIST])
    second, second_id = await view(worker, GRANTS[Role.SPECIALIST])
    publisher.send_ecg(b"after the reload", 1)
    assert (await second.until(ECG, 1))[0].payload == b"after the reload"
    assert first.packets == []
    assert {
        peer.peer_id for peer in (await worker.figures()).peers if not peer.participant_id == "station"
    } == {second_id}
    for each in (first.path, second.path, publisher):
        await each.close()


class Clock:
    """Time that moves when told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def port() -> AsyncIterator[UdpPort]:
    port = UdpPort.open(0, ["127.0.0.1"], ["127.0.0.1"])
    yield port
    port.close()


async def test_a_peer_that_is_not_up_after_15_s_is_closed(port: UdpPort) -> None:
    events: list[WorkerMessage] = []
    clock = Clock()
    board = Switchboard(port, events.append, clock)
    offered = board.open_peer(1, "room", "doctor", GRANTS[Role.SPECIALIST], False)
    board.tick(clock.now + 14.9)
    assert events == []
    board.tick(clock.now + 15.0)
    assert [event.peer_id for event in events if isinstance(event, PeerLost)] == [offered.peer_id]
    with pytest.raises(UnknownPeer):
        board.take_answer(offered.peer_id, "v=0")
    await board.close()


async def test_a_silent_peer_is_lost(port: UdpPort) -> None:
    events: list[WorkerMessage] = []
    up = asyncio.Event()

    def tell(event: WorkerMessage) -> None:
        events.append(event)
        if isinstance(event, PeerConnected):
            up.set()

    loop = asyncio.get_running_loop()
    board = Switchboard(port, tell, loop.time)
    offered = board.open_peer(1, "room", "doctor", GRANTS[Role.SPECIALIST], False)
    viewer = await Viewer.answer(offered.sdp)
    board.take_answer(offered.peer_id, viewer.path.answer_sdp)
    assert await viewer.path.connected()
    await up.wait()
    board.tick(loop.time() + 7.0)
    assert board.figures()[0].connected
    board.tick(loop.time() + 8.1)
    assert isinstance(events[-1], PeerLost) and board.figures() == ()
    await viewer.path.close()
    await board.close()


async def test_a_nominated_check_from_another_address_is_followed(process: WorkerProcess) -> None:
    worker, loop = process.worker, asyncio.get_running_loop()
    offered = await worker.open_peer("room", "doctor", GRANTS[Role.SPECIALIST], False)
    viewer = await Viewer.answer(offered.sdp)
    await worker.take_answer(offered.peer_id, viewer.path.answer_sdp)
    assert await viewer.path.connected()
    publisher, _ = await publish(worker)
    given = dict(
        line[2:].split(":", 1) for line in offered.sdp.splitlines() if line.startswith(("a=ice-u", "a=ice-p"))
    )
    theirs = viewer.path.answer_sdp.split("a=ice-ufrag:")[1].split("\r\n")[0]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as moved:
        moved.setblocking(False)
        moved.connect(("127.0.0.1", worker.ready.udp_port))
        moved.send(write_request(bytes(12), f"{given['ice-ufrag']}:{theirs}", given["ice-pwd"], 1))
        assert (await loop.sock_recv(moved, 1500))[0] == 1  # the check's answer
        publisher.send_ecg(b"to the new address", 1_000_000)
        assert 128 <= (await loop.sock_recv(moved, 1500))[0] <= 191
    await viewer.path.close()
    await publisher.close()
