"""`cloudclinic bench relay`: what forwarding costs, beside Janus in the same minutes.

Both servers run all the time with the same sender and as many viewers; the sender streams to one, then to the
other, in turns, so that whatever else the machine does falls on both. Only the server's processor time
counts. The figure is the median of the turns.
"""

import asyncio
import contextlib
import statistics
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from benchmarks import janus_server, process
from benchmarks.endpoint import Endpoint
from benchmarks.janus_server import JanusServer
from benchmarks.picture_stream import RATE_HZ, Picture, PictureStream
from benchmarks.relay_server import RelayServer, ServerFailed
from benchmarks.report import Row
from benchmarks.sink import Sink
from benchmarks.sitting import Sitting
from benchmarks.worker_server import WorkerServer
from records.values import Value

VIEWERS = (1, 3, 12)
RATIO_MUST = {1: 0.9, 3: 0.6, 12: 0.5}
RATIO_AIM = {1: 0.5, 3: 0.3, 12: 0.2}
SETTLE_S = 1
EMPTY_S = 0.3  # until what was sent has arrived
MOST_LOST = 0.001


@dataclass
class Lane:
    """One server with its sender and its viewers, and what its turns cost."""

    server: RelayServer
    endpoint: Endpoint
    stream: PictureStream
    sink: Sink
    cpu_s_a_minute: list[float] = field(default_factory=list)
    us_a_packet: list[float] = field(default_factory=list)

    async def turn(self, seconds: int) -> None:
        """Stream for so long. Raises ServerFailed when packets did not arrive."""
        await self._send(SETTLE_S)
        await asyncio.sleep(EMPTY_S)
        before, spent = await self.sink.counted(), process.cpu_s(self.server.pid)
        sent = await self._send(seconds)
        await asyncio.sleep(EMPTY_S)
        spent = process.cpu_s(self.server.pid) - spent
        after = await self.sink.counted()
        arrived = [new - old for new, old in zip(after, before, strict=True)]
        if min(arrived) < sent * (1 - MOST_LOST):
            raise ServerFailed(f"{self.server.name} forwarded {min(arrived)} of {sent} packets to a viewer")
        self.cpu_s_a_minute.append(60 * spent / seconds)
        self.us_a_packet.append(1e6 * spent / sum(arrived))

    async def _send(self, seconds: int) -> int:
        clock = asyncio.get_running_loop().time
        began, sent = clock(), 0
        for number in range(seconds * RATE_HZ):
            await asyncio.sleep(max(0.0, began + number / RATE_HZ - clock()))
            sent += self.endpoint.send(self.stream.frame())
        return sent


class Case(Value):
    """What is forwarded to whom. `together`: the sender hands a frame to the kernel in one call, as our
    station does; otherwise packet by packet, as browsers do."""

    picture: Picture
    viewers: int
    together: bool = True

    @property
    def words(self) -> str:
        apart = "" if self.together else ", sent one by one"
        return f"{self.picture.words}, {self.viewers} viewer{'s' if self.viewers > 1 else ''}{apart}"

    @property
    def busiest(self) -> bool:
        return self.together and self.viewers == max(VIEWERS) and self.picture is Picture.P1080


CASES = (
    *(
        Case(picture=picture, viewers=viewers)
        for picture in (Picture.P720, Picture.P1080)
        for viewers in VIEWERS
    ),
    *(Case(picture=Picture.P1080, viewers=viewers, together=False) for viewers in VIEWERS),
)


async def measure(sitting: Sitting) -> None:
    """Every case in one sitting."""
    why = "not asked for" if sitting.asked.peer == "none" else janus_server.missing()
    sitting.more["janus"] = janus_server.version()
    for case in CASES:
        lanes, fault = await sitting.taken(case.words, _turns(sitting, case, with_janus=not why))
        if lanes is None:  # thirteen handshakes on a busy machine may take too long: once more
            lanes, fault = await sitting.taken(case.words, _turns(sitting, case, with_janus=not why))
        sitting.rows += rows(case, lanes or [], fault or why)


async def _turns(sitting: Sitting, case: Case, with_janus: bool) -> list[Lane]:
    async with contextlib.AsyncExitStack() as stack:
        servers: list[RelayServer] = [await stack.enter_async_context(WorkerServer.open())]
        if with_janus:
            servers.append(await stack.enter_async_context(JanusServer.open()))
        lanes = [await stack.enter_async_context(_lane(one, case)) for one in servers]
        for number in range(sitting.asked.rounds):
            for lane in lanes if number % 2 == 0 else reversed(lanes):
                await lane.turn(sitting.asked.seconds)
        return lanes


@contextlib.asynccontextmanager
async def _lane(server: RelayServer, case: Case) -> AsyncIterator[Lane]:
    async with Sink() as sink:
        endpoint = Endpoint(server.host, case.together)
        try:
            stream = await server.publish(endpoint, case.picture)
            for _ in range(case.viewers):
                await server.view(sink)
            yield Lane(server, endpoint, stream, sink)
        finally:
            await endpoint.close()


def rows(case: Case, lanes: Sequence[Lane], why: str) -> list[Row]:
    """The ratio with its bound, and both servers' cost."""
    ours, peers = (lanes[0] if lanes else None), (lanes[1] if len(lanes) > 1 else None)
    ratios = ratios_of(ours, peers) if ours and peers else []
    must, aim = (10, 5) if case.busiest else (None, None)
    return [
        Row(
            what=f"CPU per forwarded packet against Janus, {case.words}",
            value=statistics.median(ratios) if ratios else None,
            unit="times",
            must=RATIO_MUST[case.viewers],
            aim=RATIO_AIM[case.viewers],
            why=_spread(ratios) if ratios else why,
        ),
        _cost_row(f"cost per outgoing packet, {case.words}", ours, why, must, aim),
        _cost_row(f"Janus' cost per outgoing packet, {case.words}", peers, why, None, None),
    ]


def ratios_of(ours: Lane, peers: Lane) -> list[float]:
    """Turn by turn: both of a pair ran within the same seconds."""
    return [a / b for a, b in zip(ours.us_a_packet, peers.us_a_packet, strict=True)]


def _cost_row(what: str, lane: Lane | None, why: str, must: float | None, aim: float | None) -> Row:
    if lane is None:
        return Row(what=what, value=None, unit="µs", must=must, aim=aim, why=why)
    a_minute = statistics.median(lane.cpu_s_a_minute)
    return Row(
        what=what,
        value=statistics.median(lane.us_a_packet),
        unit="µs",
        must=must,
        aim=aim,
        why=f"{a_minute:.2f} CPU-s/min; {_spread(lane.us_a_packet)}",
    )


def _spread(values: Sequence[float]) -> str:
    return f"n={len(values)}, {min(values):.2f} to {max(values):.2f}"
