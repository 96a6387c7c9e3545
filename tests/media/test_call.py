"""A station and a viewer through a real worker process, over its control socket."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.api import MediaWorker, WorkerProcess
from media.layout import EXTENSION_IDS, Extension
from media.messages import TrackFigures
from media.publisher import Publisher
from media.rtp import ntp64
from records.accounts import Role
from records.rooms import GRANTS, NO_GRANTS, Grants
from tests.fakes.media_viewer import Viewer

IDR = b"\0\0\0\1\x67\x42\xe0\x1f\0\0\0\1\x68\xce\x3c\x80\0\0\1\x65" + bytes(range(1, 251)) * 12
INTER = b"\0\0\0\1\x41" + bytes(range(1, 251)) * 3
ULTRASOUND, ECG = "8", "9"


def clock_us() -> int:
    return time.time_ns() // 1000


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[WorkerProcess]:
    process = await WorkerProcess.start(tmp_path)
    yield process
    await process.stop()


async def publish(
    worker: MediaWorker, room: str = "room", role: Role = Role.STATION
) -> tuple[Publisher, str]:
    offered = await worker.open_peer(room, role.value, GRANTS[role], True)
    publisher = await Publisher.answer(offered.sdp, offered.publish, clock_us=clock_us)
    await worker.take_answer(offered.peer_id, publisher.answer_sdp)
    await publisher.connected()
    return publisher, offered.peer_id


async def view(worker: MediaWorker, grants: Grants, who: str = "doctor") -> tuple[Viewer, str]:
    offered = await worker.open_peer("room", who, grants, False)
    viewer = await Viewer.answer(offered.sdp)
    await worker.take_answer(offered.peer_id, viewer.path.answer_sdp)
    assert await viewer.path.connected()
    return viewer, offered.peer_id


async def test_an_ecg_arrives_byte_for_byte(process: WorkerProcess) -> None:
    publisher, _ = await publish(process.worker)
    viewer, _ = await view(process.worker, GRANTS[Role.SPECIALIST])
    sent = [bytes((number,)) * (700 + number) for number in range(50)]
    captured_us = clock_us()
    for number, packet in enumerate(sent):
        assert publisher.send_ecg(packet, captured_us + 20_000 * number)
    arrived = await viewer.until(ECG, 50)
    assert [packet.payload for packet in arrived] == sent
    assert [packet.timestamp - arrived[0].timestamp for packet in arrived[:3]] == [0, 960, 1920]
    capture = EXTENSION_IDS[Extension.ABS_CAPTURE_TIME]
    assert arrived[0].extensions[capture] == ntp64(captured_us).to_bytes(8, "big")
    await viewer.path.close()
    await publisher.close()


async def test_ultrasound_begins_with_a_key_frame_that_is_asked_for(process: WorkerProcess) -> None:
    publisher, _ = await publish(process.worker)
    wanted = asyncio.Event()
    publisher.key_frame_wanted = wanted.set
    publisher.send_frame(IDR, 1_000_000)
    viewer, _ = await view(process.worker, GRANTS[Role.SPECIALIST])
    publisher.send_frame(INTER, 1_040_000)
    await wanted.wait()
    assert viewer.of(ULTRASOUND) == []
    publisher.send_frame(IDR, 1_080_000)
    publisher.send_frame(INTER, 1_120_000)
    arrived = await viewer.until(ULTRASOUND, 5)
    assert arrived[0].payload[0] & 31 == 24  # the parameter sets, aggregated
    assert [packet.sequence for packet in arrived] == list(range(1, len(arrived) + 1))
    assert all(packet.extensions[EXTENSION_IDS[Extension.PLAYOUT_DELAY]] == b"\0\0\0" for packet in arrived)
    assert all(packet.extensions[EXTENSION_IDS[Extension.MID]] == b"8" for packet in arrived)
    await viewer.path.close()
    await publisher.close()


async def test_a_packet_that_is_missed_is_sent_again(process: WorkerProcess) -> None:
    publisher, _ = await publish(process.worker)
    viewer, _ = await view(process.worker, GRANTS[Role.SPECIALIST])
    publisher.send_frame(IDR, 1_000_000)
    second = (await viewer.until(ULTRASOUND, 3))[1]
    viewer.ask_again(second.ssrc, second.sequence)
    (again,) = await viewer.until("rtx", 1)
    assert again.payload == second.sequence.to_bytes(2, "big") + second.payload
    await viewer.path.close()
    await publisher.close()


async def test_not_one_packet_is_taken_from_an_observer_who_sends_all_the_same(
    process: WorkerProcess,
) -> None:
    worker = process.worker
    publisher, observer_id = await publish(worker, role=Role.OBSERVER)
    viewer, viewer_id = await view(worker, GRANTS[Role.SPECIALIST])
    for number in range(20):
        publisher.send_ecg(b"E1" + bytes((number,)), 1_000_000 + number)
        publisher.send_frame(IDR, 1_000_000 + number)
    peers: dict[str, tuple[TrackFigures, ...]] = {}
    while sum(track.refused_packets for track in peers.get(observer_id, ())) < 40:
        peers = {one.peer_id: one.tracks for one in (await worker.figures()).peers}
    assert sum(track.packets for track in peers[observer_id] if track.incoming) == 0
    assert sum(track.packets for track in peers[viewer_id]) == 0 and viewer.packets == []
    await viewer.path.close()
    await publisher.close()


async def test_without_the_right_not_one_packet(process: WorkerProcess) -> None:
    worker = process.worker
    publisher, station_id = await publish(worker)
    denied, denied_id = await view(worker, NO_GRANTS, "administrator")
    viewer, viewer_id = await view(worker, GRANTS[Role.SPECIALIST])
    for number in range(20):
        publisher.send_ecg(b"E1" + bytes((number,)), 1_000_000 + number)
    await viewer.until(ECG, 20)
    await worker.set_grants(viewer_id, NO_GRANTS)
    await worker.set_grants(station_id, NO_GRANTS)
    for _ in range(20):
        publisher.send_ecg(b"E1 afterwards", 2_000_000)
    while (figures := await worker.figures()).peers[0].tracks[1].refused_packets < 20:
        pass
    assert denied.packets == [] and len(viewer.packets) == 20
    egress = {peer.peer_id: sum(t.packets for t in peer.tracks if not t.incoming) for peer in figures.peers}
    assert egress[denied_id] == 0 and egress[viewer_id] == 20
    for each in (viewer.path, denied.path, publisher):
        await each.close()
