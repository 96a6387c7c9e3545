"""What the server adds to a packet's way, as its worker counts it: the kernel's receive stamp to the send.

Beside it, from outside: the same packets to a viewer's socket with the server between and without, in turns.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from benchmarks.endpoint import Endpoint
from benchmarks.picture_stream import RATE_HZ, Picture, PictureStream
from benchmarks.report import Row
from benchmarks.sink import Sink
from benchmarks.spread import Spread
from benchmarks.worker_server import WorkerServer

HOST = "127.0.0.1"
ROUNDS = 4
Lane = tuple[Endpoint, PictureStream, Sink]


@dataclass
class Added:
    """The worker's own figure, and milliseconds from a packet's making to the viewer's socket."""

    counted_ms_p95: float | None = None
    through_ms: list[float] = field(default_factory=list)
    direct_ms: list[float] = field(default_factory=list)


async def measure(seconds: int) -> Added:
    """Stream in turns through the worker and directly."""
    added = Added()
    async with WorkerServer.open() as server, _through(server) as with_server, _direct() as without:
        for _ in range(ROUNDS):
            added.through_ms += await _turn(with_server, seconds / ROUNDS)
            added.direct_ms += await _turn(without, seconds / ROUNDS)
        added.counted_ms_p95 = (await server.process.worker.figures()).added_ms_p95
    return added


@contextlib.asynccontextmanager
async def _through(server: WorkerServer) -> AsyncIterator[Lane]:
    async with Sink() as sink:
        endpoint = Endpoint(HOST)
        stream = await server.publish(endpoint, Picture.P720)
        await server.view(sink)
        yield endpoint, stream, sink
        await endpoint.close()


@contextlib.asynccontextmanager
async def _direct() -> AsyncIterator[Lane]:
    async with Sink() as sink:
        endpoint = Endpoint(HOST)
        number, there = await sink.make(HOST)
        await asyncio.gather(
            endpoint.connect(there), sink.connect(number, endpoint.credentials, [], as_client=False)
        )
        yield endpoint, PictureStream(Picture.P720, 2, 102, "0", asyncio.get_running_loop().time), sink
        await endpoint.close()


async def _turn(lane: Lane, seconds: float) -> list[float]:
    endpoint, stream, sink = lane
    clock = asyncio.get_running_loop().time
    await sink.ages_ms()
    began = clock()
    for number in range(int(seconds * RATE_HZ)):
        await asyncio.sleep(max(0.0, began + number / RATE_HZ - clock()))
        endpoint.send(stream.frame())
    await asyncio.sleep(0.1)
    return await sink.ages_ms()


def rows(added: Added | None, why: str) -> list[Row]:
    """The worker's own figure with its bound, and both ways from outside."""
    counted = added.counted_ms_p95 if added else None
    said = "of the last 10 to 20 s" if counted is not None else why or "the worker counted nothing"
    through, direct = Spread(added.through_ms if added else ()), Spread(added.direct_ms if added else ())
    return [
        Row(
            what="added by the server: receive stamp to send, inside the worker, p95",
            value=counted,
            unit="ms",
            must=1,
            aim=0.3,
            why=said,
        ),
        _plain("from outside: packet made to the viewer's socket, through the server, p95", through, why),
        _plain("from outside: the same without a server between, p95", direct, why),
    ]


def _plain(what: str, ages: Spread, why: str) -> Row:
    median = "" if ages.median is None else f"median {ages.median:.3f}; "
    why = median + ages.why(why or "no packet came")
    return Row(what=what, value=ages.p95, unit="ms", must=None, aim=None, why=why)
