"""What forwarding costs the server: a worker process between a sender and a viewer that are no browsers."""

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.report import Row
from media.api import MediaWorker, WorkerProcess
from media.publisher import Publisher
from records.accounts import Role
from records.rooms import GRANTS
from tests.fakes.media_viewer import Viewer

RATE_HZ = 30
BITS_PER_S = 2_500_000
FRAME_BYTES = BITS_PER_S // 8 // RATE_HZ
KEY_FRAME = b"\0\0\0\1\x67\x42\xe0\x1f\0\0\0\1\x68\xce\x3c\x80\0\0\1\x65"
INTER_FRAME = b"\0\0\0\1\x41"
FILL = bytes(range(1, 251))


class Forwarded:
    """What passed through the worker, and its processor time."""

    def __init__(self, sent: int, arrived: int, cpu_s: float, took_s: float) -> None:
        self.sent, self.arrived = sent, arrived
        self.cpu_s_a_minute = 60 * cpu_s / took_s


async def measure(seconds: int) -> Forwarded:
    """Forward 720p30 at 2.5 Mbit/s to one viewer for so long. Only the worker's processor time counts."""
    with tempfile.TemporaryDirectory() as directory:
        process = await WorkerProcess.start(Path(directory))
        try:
            return await _forward(process.worker, seconds)
        finally:
            await process.stop()


async def _forward(worker: MediaWorker, seconds: int) -> Forwarded:
    publisher = await _publisher(worker)
    viewer = await _viewer(worker)
    keys = asyncio.Event()
    publisher.key_frame_wanted = keys.set
    await _send(publisher, keys, 1)
    before, sent, arrived = await worker.figures(), _packets(publisher), len(viewer.packets)
    began = time.monotonic()
    await _send(publisher, keys, seconds)
    await asyncio.sleep(0.2)
    after, took_s = await worker.figures(), time.monotonic() - began
    done = Forwarded(
        _packets(publisher) - sent, len(viewer.packets) - arrived, after.cpu_s - before.cpu_s, took_s
    )
    await viewer.path.close()
    await publisher.close()
    return done


async def _publisher(worker: MediaWorker) -> Publisher:
    offered = await worker.open_peer("room", "station", GRANTS[Role.STATION], True)
    publisher = await Publisher.answer(offered.sdp, offered.publish, clock_us=lambda: time.time_ns() // 1000)
    await worker.take_answer(offered.peer_id, publisher.answer_sdp)
    await publisher.connected()
    return publisher


async def _viewer(worker: MediaWorker) -> Viewer:
    offered = await worker.open_peer("room", "specialist", GRANTS[Role.SPECIALIST], False)
    viewer = await Viewer.answer(offered.sdp)
    await worker.take_answer(offered.peer_id, viewer.path.answer_sdp)
    assert await viewer.path.connected()
    return viewer


async def _send(publisher: Publisher, keys: asyncio.Event, seconds: int) -> None:
    began = time.monotonic()
    for number in range(seconds * RATE_HZ):
        await asyncio.sleep(max(0.0, began + number / RATE_HZ - time.monotonic()))
        head = KEY_FRAME if keys.is_set() or number == 0 else INTER_FRAME
        keys.clear()
        body = FILL * (FRAME_BYTES // len(FILL)) + FILL[: FRAME_BYTES % len(FILL)]
        publisher.send_frame(head + body, time.time_ns() // 1000)


def _packets(publisher: Publisher) -> int:
    return sum(publisher.figures().packets.values())


def row(done: Forwarded | None, why: str) -> Row:
    """The figure with its bound; none when not everything was forwarded."""
    return Row(
        what="server CPU to forward 720p30 2.5 Mbit/s to one viewer",
        value=done.cpu_s_a_minute if done and done.arrived >= done.sent > 0 else None,
        unit="CPU-s/min",
        must=2.5,
        aim=1.0,
        why=f"{done.arrived} of {done.sent} packets arrived" if done else why,
    )
