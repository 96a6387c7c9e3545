"""A tap on a real worker: what is recorded equals what was sent, byte for byte."""

import time
from pathlib import Path

import pytest

from media.api import MediaWorker, WorkerProcess
from media.errors import MediaError
from media.packetizer import packetize
from media.rtp import read_packet
from records.accounts import Role
from records.rooms import GRANTS, NO_GRANTS
from records.tape_records import RecordKind, TapeRecord
from tests.fakes.tapes import FakeRecorder
from tests.media.test_call import IDR, INTER, process, publish, view

__all__ = ["process"]

EPOCH_US = 123_000_000_000  # far from the wall clock: what is timed by that one is seen


async def settled(worker: MediaWorker, packets: int) -> None:
    """Wait until the worker has counted so many packets of the ultrasound."""
    while True:
        figures = await worker.figures()
        counted = [one for peer in figures.peers for one in peer.tracks if one.incoming]
        if sum(one.packets + one.refused_packets for one in counted) >= packets:
            return


def payloads(records: list[TapeRecord]) -> list[bytes]:
    packets = [read_packet(memoryview(one.payload)) for one in records if one.kind == RecordKind.PACKET]
    return [bytes(packet.payload) for packet in packets if packet is not None]


async def test_the_recorder_gets_what_was_sent_and_nothing_once_the_tap_is_closed(
    process: WorkerProcess, tmp_path: Path
) -> None:
    worker, recorder = process.worker, FakeRecorder(tmp_path / "tap.sock")
    publisher, station_id = await publish(worker)
    began_us = EPOCH_US + time.monotonic_ns() // 1000
    await worker.open_tap("room", recorder.path, EPOCH_US)
    frames = [IDR, INTER, INTER, IDR]
    sent = [payload for frame in frames for payload in packetize(frame)]
    for number, frame in enumerate(frames):
        publisher.send_frame(frame, 1_000_000 + 40_000 * number)
        publisher.send_ecg(b"E1 is kept elsewhere", 1_000_000)
    await settled(worker, len(sent) + 4)
    records = recorder.read()
    assert payloads(records) == sent
    assert all(began_us <= one.at_us <= EPOCH_US + time.monotonic_ns() // 1000 for one in records)
    assert [one.kind for one in records].count(RecordKind.STREAM) == 1
    assert sum(one.flags for one in records) == 2  # two key frames begin
    await worker.close_tap("room")
    publisher.send_frame(IDR, 2_000_000)
    await settled(worker, 2 * len(sent) - len(packetize(IDR)))
    await worker.close_tap("room")
    assert recorder.read() == []
    await worker.open_tap("room", recorder.path, EPOCH_US)
    await worker.set_grants(station_id, NO_GRANTS)
    for _ in range(5):
        publisher.send_frame(IDR, 3_000_000)
    await settled(worker, len(sent) + 5)
    assert payloads(recorder.read()) == []
    recorder.close()
    await publisher.close()


async def test_a_recorder_that_reads_nothing_delays_no_viewer(process: WorkerProcess, tmp_path: Path) -> None:
    worker, recorder = process.worker, FakeRecorder(tmp_path / "tap.sock")
    publisher, _ = await publish(worker)
    viewer, _ = await view(worker, GRANTS[Role.SPECIALIST])
    await worker.open_tap("room", recorder.path, EPOCH_US)
    frames = 400
    for number in range(frames):
        publisher.send_frame(IDR, 1_000_000 + 40_000 * number)
        await viewer.until("8", (number + 1) * len(packetize(IDR)))
    kept = payloads(recorder.read())
    assert 0 < len(kept) < frames * len(packetize(IDR))
    assert kept == (packetize(IDR) * frames)[: len(kept)]  # whole up to the gap
    recorder.close()
    await viewer.path.close()
    await publisher.close()


async def test_a_tap_without_a_recorder_is_refused(process: WorkerProcess, tmp_path: Path) -> None:
    with pytest.raises(MediaError):
        await process.worker.open_tap("room", tmp_path / "nobody.sock", EPOCH_US)


async def test_a_room_that_is_closed_gives_its_recorder_nothing_of_its_next_life(
    process: WorkerProcess, tmp_path: Path
) -> None:
    worker, recorder = process.worker, FakeRecorder(tmp_path / "tap.sock")
    publisher, _ = await publish(worker)
    await worker.open_tap("room", recorder.path, EPOCH_US)
    await worker.close_room("room")
    await publisher.close()
    recorder.read()
    publisher, _ = await publish(worker)
    publisher.send_frame(IDR, 1_000_000)
    await settled(worker, len(packetize(IDR)))
    assert payloads(recorder.read()) == []
    recorder.close()
    await publisher.close()
