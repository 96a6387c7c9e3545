"""`cloudclinic bench capacity`: how many consults a core carries, from 1, 2 and 4 of them beside a real one.

One specialist's page in Chromium sits in a room of its own and checks the delay all the while.
"""

import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.async_api import Page

from benchmarks import live, process
from benchmarks.crowd import Crowd
from benchmarks.report import Row
from benchmarks.seats import browser_or_none, prepare_consult, seat, seat_page
from benchmarks.sitting import Sitting
from benchmarks.spread import Spread
from benchmarks.worker_socket import socket_of, worker_at
from media.messages import WorkerFigures
from tests.journeys.clinic import Clinic

CONSULTS = (0, 1, 2, 4)
OF_A_CORE = 0.8  # what is planned with: a core that is full is late
STATIONS, ROOMS = 40, 20
EXTRA_STATIONS = 4
SETTLE_S = 3.0
STATION_UP_S = 30.0


@dataclass(frozen=True)
class Step:
    """What was measured with so many consults beside the real one. CPU is a share of one core."""

    consults: int
    worker_cpu: float
    worker_mb: float
    packets_a_second: float
    delay_p95_ms: float | None


@dataclass(frozen=True)
class Server:
    """What the web process takes: alone, for each station that is signed on, and with a consult."""

    idle_cpu: float
    station_cpu: float
    station_mb: float
    consult_cpu: float
    consult_mb: float
    mb: float


async def measure(sitting: Sitting) -> None:
    """Bring up the consults one after the other and measure between."""
    with tempfile.TemporaryDirectory(prefix="cloudclinic-bench-", ignore_cleanup_errors=True) as directory:
        async with Clinic.open(Path(directory), "--synthetic") as clinic, browser_or_none() as browser:
            if browser is None:
                sitting.rows += rows([], None, "no Chromium on this machine")
                return
            sitting.more["chromium"] = browser.version
            alone, why = await sitting.taken("stations signed on", _stations(sitting, clinic))
            async with seat(clinic, "doctor") as doctor, seat(clinic, "specialist") as specialist:
                page = await seat_page(browser, clinic, "specialist")
                residents = await doctor.residents()
                consult_id = await prepare_consult(doctor, specialist, residents[0]["id"])
                await page.evaluate("(at) => __bench.join(at)", f"/consults/{consult_id}/room")
                await asyncio.sleep(SETTLE_S)
                server = None
                if alone:
                    cpu = await _cpu_share(clinic.pids["server"], sitting.asked.seconds)
                    grown = process.rss_mb(clinic.pids["server"]) - alone.mb
                    server = Server(alone.idle_cpu, alone.station_cpu, alone.station_mb, cpu, grown, alone.mb)
                steps, why = await sitting.taken(
                    "1, 2 and 4 consults", _steps(sitting, clinic, page, consult_id)
                )
    sitting.rows += rows(steps or [], server, why)


async def _with_consult(sitting: Sitting, clinic: Clinic, alone: Server) -> Server:
    pid = clinic.pids["server"]
    cpu = await _cpu_share(pid, sitting.asked.seconds)
    return replace(alone, consult_cpu=cpu, consult_mb=max(0.0, process.rss_mb(pid) - alone.mb))


async def _cpu_share(pid: int, seconds: float) -> float:
    before = process.cpu_s(pid)
    await asyncio.sleep(seconds)
    return (process.cpu_s(pid) - before) / seconds


async def _stations(sitting: Sitting, clinic: Clinic) -> Server:
    """The demo's own station is signed on already; four more come."""
    pid, seconds = clinic.pids["server"], sitting.asked.seconds
    before_cpu, before_mb = await _cpu_share(pid, seconds), process.rss_mb(pid)
    async with contextlib.AsyncExitStack() as stack:
        for number in range(EXTRA_STATIONS):
            await stack.enter_async_context(_station(clinic, number))
        cpu, mb = await _cpu_share(pid, seconds), process.rss_mb(pid)
    station_cpu = max(0.0, (cpu - before_cpu) / EXTRA_STATIONS)
    return Server(
        before_cpu, station_cpu, max(0.0, (mb - before_mb) / EXTRA_STATIONS), 0, 0, process.rss_mb(pid)
    )


@contextlib.asynccontextmanager
async def _station(clinic: Clinic, number: int) -> AsyncIterator[None]:
    """One more station with nothing to send, signed on."""
    name = f"bench-station-{number}"
    await clinic.command(
        "account", "add", name, "--role", "station", "--institution", await _institution(clinic)
    )
    token = clinic.directory / f"{name}.token"
    token.write_text((await clinic.command("account", "token", name)).strip().splitlines()[-1])
    station = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cloudclinic", "station", "--server", f"http://127.0.0.1:{clinic.port}"),
        *("--token-file", str(token), "--data", str(clinic.directory / name)),
        *("--ultrasound", "none", "--ecg", "synthetic"),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with seat(clinic, "doctor") as doctor, asyncio.timeout(STATION_UP_S):
            while not any(one["name"] == name and one["connected"] for one in doctor.stations.values()):
                doctor.changed.clear()
                await doctor.changed.wait()
        yield
    finally:
        station.terminate()
        await station.wait()


async def _institution(clinic: Clinic) -> str:
    async with seat(clinic, "doctor") as doctor:
        return str(next(iter(doctor.stations.values()))["institution_name_en"])


async def _steps(sitting: Sitting, clinic: Clinic, page: Page, consult_id: str) -> list[Step]:
    pid, steps = clinic.pids["worker"], []
    socket = socket_of(pid)
    async with contextlib.AsyncExitStack() as stack, worker_at(socket) as worker:
        up = 0
        for consults in CONSULTS:
            while up < consults:
                up += 1
                await stack.enter_async_context(Crowd(socket, f"bench-{up}"))
            await asyncio.sleep(SETTLE_S)
            before = _sent(await worker.figures())
            cpu, room = await asyncio.gather(
                _cpu_share(pid, sitting.asked.seconds), live.watch(page, consult_id, sitting.asked.seconds)
            )
            sent = _sent(await worker.figures()) - before
            delay = Spread(room.told_ms()).p95
            steps.append(Step(consults, cpu, process.rss_mb(pid), sent / sitting.asked.seconds, delay))
            print(json.dumps(vars(steps[-1])), file=sys.stderr, flush=True)
    return steps


def _sent(figures: WorkerFigures) -> int:
    return sum(track.packets for peer in figures.peers for track in peer.tracks if not track.incoming)


def per_consult(points: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Of a line through the points (least squares): what one consult more takes, and what none takes."""
    line = statistics.linear_regression([x for x, _ in points], [y for _, y in points])
    return line.slope, line.intercept


def rows(steps: Sequence[Step], server: Server | None, why: str) -> list[Row]:
    """Consults a core, the whole site, and what they were computed from."""
    share, base = per_consult([(one.consults, one.worker_cpu) for one in steps]) if steps else (0.0, 0.0)
    grown, base_mb = per_consult([(one.consults, one.worker_mb) for one in steps]) if steps else (0.0, 0.0)
    cores = site_cores(share, server) if steps and server else None
    memory = ""
    if steps and server:
        mb = server.mb + STATIONS * server.station_mb + ROOMS * (server.consult_mb + grown) + base_mb
        memory = (
            f"{mb:.0f} MB: server {server.mb:.0f} and {server.station_mb:.1f} a station,"
            f" {server.consult_mb:.1f} a room; workers {base_mb:.0f} and {grown:.1f} a room"
        )
    found = [
        Row(
            what="consults per core, from worker CPU at 1, 2 and 4",
            value=OF_A_CORE / share if share > 0 else None,
            unit="consults",
            must=8,
            aim=20,
            why=f"{100 * share:.1f} % of a core each, {100 * OF_A_CORE:.0f} % of it planned"
            if steps
            else why,
            at_least=True,
        ),
        Row(
            what=f"{STATIONS} stations signed on, {ROOMS} rooms: computed cores",
            value=cores,
            unit="cores",
            must=4,
            aim=2,
            why=memory or why or "the server was not measured",
        ),
    ]
    return found + [row for one in steps for row in _step_rows(one)]


def site_cores(consult_share: float, server: Server) -> float:
    """Of everything on one server, at 80 % of each core."""
    web = (
        server.idle_cpu
        + STATIONS * server.station_cpu
        + ROOMS * max(0.0, server.consult_cpu - server.idle_cpu)
    )
    return (web + ROOMS * consult_share) / OF_A_CORE


def _step_rows(step: Step) -> list[Row]:
    beside = f"one room in Chromium and {step.consults} consults beside it"
    said = f"{step.packets_a_second:.0f} packets/s out, {step.worker_mb:.0f} MB"
    return [
        Row(
            what=f"{beside}: worker",
            value=100 * step.worker_cpu,
            unit="% of a core",
            must=None,
            aim=None,
            why=said,
        ),
        Row(what=f"{beside}: delay p95", value=step.delay_p95_ms, unit="ms", must=None, aim=None),
    ]


def _plain(what: str, value: float | None, unit: str, why: str) -> Row:
    return Row(what=what, value=value, unit=unit, must=None, aim=None, why=why)
