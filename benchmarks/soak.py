"""`cloudclinic bench soak`: people join and leave a running consult for half an hour; nothing may grow.

A real server, worker and station; the doctor stays in the room, the specialist comes and goes, and a crowd
of five (`benchmarks.crowd`) does beside them. Both are no browsers.
"""

import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import process
from benchmarks.crowd import Crowd
from benchmarks.endpoint import Endpoint
from benchmarks.report import Row
from benchmarks.seat import Seat
from benchmarks.seats import prepare_consult, seat
from benchmarks.sitting import Sitting
from benchmarks.worker_server import answer_to, credentials_of
from benchmarks.worker_socket import socket_of, worker_at
from media.api import MediaWorker
from media.layout import lines_for
from media.offer import read_offer
from tests.journeys.clinic import Clinic

HOST = "127.0.0.1"
WARM_S = 20.0
STAY_S = 1.5
AWAY_S = 0.5
CALM_S = 12.0  # a peer that went silently is noticed after 8 s
SAMPLE_S = 2.0
CROWD_EVERY = 10  # joins of the specialist
GROWTH_MUST, GROWTH_AIM = 5.0, 1.0  # per cent: malloc's own breathing is below it


@dataclass(frozen=True)
class Left:
    """What a process holds open, and the worker's peers and tasks."""

    descriptors: dict[str, int]
    peers: int
    tasks: int


@dataclass
class Soaked:
    """Memory by process over time, what was open before and after, and how often somebody came in."""

    before: Left
    after: Left | None = None
    memory_mb: dict[str, list[float]] = field(default_factory=dict)
    joins: int = 0
    packets: int = 0
    minutes: float = 0.0


async def measure(sitting: Sitting) -> None:
    """Soak for so many minutes."""
    soaked, why = await sitting.taken(
        f"soak for {sitting.asked.minutes} minutes", _soak(sitting.asked.minutes)
    )
    sitting.rows += rows(soaked, why)


async def _soak(minutes: float) -> Soaked:
    with tempfile.TemporaryDirectory(prefix="cloudclinic-bench-", ignore_cleanup_errors=True) as directory:
        async with (
            Clinic.open(Path(directory), "--synthetic") as clinic,
            worker_at(socket_of(clinic.pids["worker"])) as worker,
            seat(clinic, "doctor") as doctor,
            seat(clinic, "specialist") as specialist,
        ):
            residents = await doctor.residents()
            consult_id = await prepare_consult(doctor, specialist, residents[0]["id"])
            async with _in_room(doctor, consult_id):
                warming = Soaked(await _left(clinic, worker))
                await _come_and_go(clinic, specialist, consult_id, warming, time.monotonic() + WARM_S)
                await asyncio.sleep(CALM_S)
                soaked = Soaked(await _left(clinic, worker), minutes=minutes)
                sampling = asyncio.create_task(_sample(clinic, soaked))
                end = time.monotonic() + 60 * minutes
                await _come_and_go(clinic, specialist, consult_id, soaked, end)
                sampling.cancel()
                await asyncio.gather(sampling, return_exceptions=True)
                await asyncio.sleep(CALM_S)
                soaked.after = await _left(clinic, worker)
            return soaked


async def _come_and_go(clinic: Clinic, specialist: Seat, consult_id: str, soaked: Soaked, end: float) -> None:
    socket = socket_of(clinic.pids["worker"])
    while time.monotonic() < end:
        async with _in_room(specialist, consult_id) as endpoint:
            await asyncio.sleep(STAY_S)
            soaked.packets += endpoint.rtp_packets
        soaked.joins += 1
        if soaked.joins % CROWD_EVERY == 0:
            async with Crowd(socket, f"bench-{soaked.joins}"):
                await asyncio.sleep(STAY_S)
        await asyncio.sleep(AWAY_S)


@contextlib.asynccontextmanager
async def _in_room(who: Seat, consult_id: str) -> AsyncIterator[Endpoint]:
    """Join, answer the offer of media, receive; then leave."""
    while not who.offers.empty():
        who.offers.get_nowait()
    await who.do("join_room", consult_id=consult_id, microphone_on=False, camera_on=False)
    async with asyncio.timeout(15):
        offered = await who.offers.get()
    offer, endpoint = read_offer(offered["sdp"], lines_for(False)), Endpoint(HOST)
    try:
        answer = answer_to(offer, endpoint, {})
        await who.do("answer_media", peer_id=offered["peer_id"], sdp=answer)
        await endpoint.connect(credentials_of(offer))
        yield endpoint
    finally:
        await endpoint.close()
        await who.do("leave_room", consult_id=consult_id)


async def _sample(clinic: Clinic, soaked: Soaked) -> None:
    while True:
        for name, pid in clinic.pids.items():
            soaked.memory_mb.setdefault(name, []).append(process.rss_mb(pid))
        await asyncio.sleep(SAMPLE_S)


async def _left(clinic: Clinic, worker: MediaWorker) -> Left:
    figures = await worker.figures()
    return Left(
        descriptors={name: process.descriptors(pid) for name, pid in clinic.pids.items()},
        peers=len(figures.peers),
        tasks=figures.tasks,
    )


def growth_percent(values: Sequence[float]) -> float | None:
    """Median of the last third against that of the first; None of too few values."""
    third = len(values) // 3
    if third < 3:
        return None
    first, last = statistics.median(values[:third]), statistics.median(values[-third:])
    return 100 * (last - first) / first


def rows(soaked: Soaked | None, why: str) -> list[Row]:
    """Memory, descriptors, peers and tasks, each with its bound."""
    if soaked is None or soaked.after is None:
        return [Row(what="soak", value=None, unit="%", must=GROWTH_MUST, aim=GROWTH_AIM, why=why)]
    beside = f"{soaked.minutes:g} minutes, {soaked.joins} joins, {soaked.packets} packets to the joiner"
    found = [_memory_row(name, values) for name, values in soaked.memory_mb.items()]
    for name, count in soaked.after.descriptors.items():
        more = count - soaked.before.descriptors[name]
        found.append(_left_row(f"file descriptors left, {name}", more, f"{count} open"))
    peers, tasks = soaked.after.peers - soaked.before.peers, soaked.after.tasks - soaked.before.tasks
    found.append(_left_row("peer connections left in the worker", peers, f"{soaked.after.peers} open"))
    found.append(_left_row("tasks left in the worker", tasks, f"{soaked.after.tasks} running; {beside}"))
    return found


def _memory_row(name: str, values: Sequence[float]) -> Row:
    return Row(
        what=f"memory of the {name}: last third against the first",
        value=growth_percent(values),
        unit="%",
        must=GROWTH_MUST,
        aim=GROWTH_AIM,
        why=f"{values[0]:.1f} MB at first, {values[-1]:.1f} at last, n={len(values)}",
    )


def _left_row(what: str, count: int, why: str) -> Row:
    return Row(what=what, value=count, unit="", must=0, aim=0, why=why)
