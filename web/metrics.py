"""`/healthz`, `/readyz`, `/metrics`, `/version`: whether it lives, whether it can work, and its figures."""

import asyncio
import contextlib
import hmac
import ipaddress
import shutil
from collections.abc import AsyncIterator, Iterable

from aiohttp.web import AppKey, Application, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from records.ledger import Records
from records.permissions import Permission, Scope
from records.values import Value
from web.call import Call
from web.errors import ProblemCode, Refused
from web.measured import Egress
from web.parts import OPEN_SOCKETS
from web.routing import RouteTable

table = RouteTable()
PROBE_EVERY_S = 0.5
LEAST_FREE_BYTES = 2 * 1024**3
LEAST_FREE_SHARE = 0.05
PROBE_LIMIT_S = 5.0
WRITE_PROBE_KEPT_S = 1.0


class LoopLag:
    """How late the event loop is: the latest and the worst of the last minute, in seconds."""

    def __init__(self) -> None:
        self._lags_s: list[float] = []

    def add(self, lag_s: float) -> None:
        """One more measurement."""
        self._lags_s = [*self._lags_s[-119:], max(0.0, lag_s)]

    @property
    def worst_s(self) -> float:
        """Of the last 120 measurements."""
        return max(self._lags_s, default=0.0)


LOOP_LAG = AppKey("loop_lag", LoopLag)


async def watch_loop(app: Application) -> AsyncIterator[None]:
    """Measure the event loop's lag while the application runs."""
    app[LOOP_LAG] = LoopLag()
    app[WRITE_PROBE] = WriteProbe()
    task = asyncio.create_task(_watch(app[LOOP_LAG]), name="watch loop")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _watch(lag: LoopLag) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + PROBE_EVERY_S
        await asyncio.sleep(PROBE_EVERY_S)
        lag.add(loop.time() - due)


class Version(Value):
    """Which program this is."""

    version: str


class Readiness(Value):
    """What is not ready; everything is when `faults` is empty."""

    ready: bool
    faults: tuple[str, ...]


@table.route("GET", "/healthz", permission=Permission.ANYONE, scope=Scope.NONE)
async def show_health(call: Call[None]) -> Response:
    """Answers while the event loop turns."""
    return Response(text="ok\n")


@table.route("GET", "/version", permission=Permission.SIGNED_IN, scope=Scope.NONE)
async def show_version(call: Call[None]) -> Version:
    """The program's version, for those who are signed in."""
    return Version(version=call.parts.settings.version)


@table.route("GET", "/readyz", permission=Permission.ANYONE, scope=Scope.NONE)
async def show_readiness(call: Call[None]) -> Response:
    """200 when the database takes writes, a media worker is ready and the disk has room; 503 and why."""
    faults = await find_faults(call)
    body = Readiness(ready=not faults, faults=tuple(faults))
    return Response(
        status=503 if faults else 200, text="".join(f"{one}\n" for one in body.faults) or "ready\n"
    )


class WriteProbe:
    """Whether the database takes writes; asked for by strangers, so tried at most once a second."""

    def __init__(self) -> None:
        self._tried_at = float("-inf")
        self._well = False
        self._one_at_a_time = asyncio.Lock()

    async def well(self, records: Records) -> bool:
        """Try a transaction without content, unless that was just done."""
        async with self._one_at_a_time:
            now = asyncio.get_running_loop().time()
            if now - self._tried_at >= WRITE_PROBE_KEPT_S:
                self._well = await self._write(records)
                self._tried_at = asyncio.get_running_loop().time()
            return self._well

    @staticmethod
    async def _write(records: Records) -> bool:
        try:
            async with asyncio.timeout(PROBE_LIMIT_S):
                await records.write(lambda ledger: None)
        except Exception:
            return False
        return True


WRITE_PROBE = AppKey("write_probe", WriteProbe)


async def find_faults(call: Call[None]) -> list[str]:
    """What keeps the server from working, as words without detail: strangers may read them."""
    faults = []
    if not await call.request.app[WRITE_PROBE].well(call.parts.records):
        faults.append("database")
    if call.parts.workers()[0] < 1:
        faults.append("media")
    if call.parts.data is not None:
        usage = shutil.disk_usage(call.parts.data)
        if usage.free < min(LEAST_FREE_BYTES, LEAST_FREE_SHARE * usage.total):
            faults.append("disk")
    return faults


@table.route("GET", "/metrics", permission=Permission.ANYONE, scope=Scope.NONE)
async def show_metrics(call: Call[None]) -> Response:
    """Figures for Prometheus: from this machine, or with the token. No label carries patient data."""
    _check_reader(call)
    figures = await _figures(call)
    registry = CollectorRegistry()
    registry.register(_Taken(figures))
    text = generate_latest(registry)
    return Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


def _check_reader(call: Call[None]) -> None:
    wanted = call.parts.settings.metrics_token
    scheme, _, given = call.request.headers.get("Authorization", "").partition(" ")
    told = scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), wanted.encode())
    if wanted and told:
        return
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(call.address).is_loopback:
            return
    raise Refused(ProblemCode.NOT_FOUND)


class _Taken:
    """Figures that were taken a moment ago, as a collector."""

    def __init__(self, families: list[GaugeMetricFamily | CounterMetricFamily]) -> None:
        self._families = families

    def collect(self) -> list[GaugeMetricFamily | CounterMetricFamily]:
        """What was taken."""
        return self._families


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"cloudclinic_{name.removeprefix('cloudclinic_')}", says, value=value)


async def _figures(call: Call[None]) -> list[GaugeMetricFamily | CounterMetricFamily]:
    parts, sockets = call.parts, call.request.app[OPEN_SOCKETS]
    ready, total = parts.workers()
    families: list[GaugeMetricFamily | CounterMetricFamily] = [
        _gauge("websockets", "Open WebSockets, stations included", len(sockets)),
        _gauge(
            "websockets_waiting_for_hello", "Of these, without a first message", sockets.waiting_for_hello
        ),
        _gauge(
            "loop_lag_seconds",
            "Worst lag of the event loop in the last minute",
            call.request.app[LOOP_LAG].worst_s,
        ),
        _gauge("media_workers_ready", "Media workers that listen", ready),
        _gauge("media_workers", "Media workers there should be", total),
    ]
    families += await _desk_figures(call)
    families.append(_sent(await parts.egress()))
    days = parts.certificate_days_left()
    if days is not None:
        families.append(_gauge("certificate_days_left", "Until the TLS certificate runs out", days))
    for gauge in parts.gauges:
        value = gauge.read()
        if value is not None:
            families.append(_gauge(gauge.name, gauge.says, value))
    return families


def _sent(egress: Iterable[Egress]) -> CounterMetricFamily:
    """A participant's id is made for one consult and means nothing elsewhere."""
    says = "RTP packets media workers have sent to connected participants, by kind"
    family = CounterMetricFamily("cloudclinic_media_sent_packets", says, labels=["participant", "kind"])
    for one in egress:
        family.add_metric([one.participant_id, one.kind.value], one.packets)
    return family


async def _desk_figures(call: Call[None]) -> list[GaugeMetricFamily | CounterMetricFamily]:
    board = await call.parts.desk.dashboard()
    waiting = GaugeMetricFamily(
        "cloudclinic_waiting_consults", "Requests that wait", labels=["specialty", "urgency"]
    )
    for queue in board.queues:
        for urgency in ("emergency", "expedited", "routine"):
            waiting.add_metric([queue.specialty, urgency], getattr(queue, urgency))
    missing = [one.ecg_missing_samples for one in board.live if one.ecg_missing_samples is not None]
    families: list[GaugeMetricFamily | CounterMetricFamily] = [
        waiting,
        _gauge("live_consults", "Consults that run", len(board.live)),
        _gauge(
            "consults_giving_way",
            "Running consults in which a weak line makes somebody do without something",
            sum(bool(one.given_up) for one in board.live),
        ),
        _gauge(
            "stations_connected", "Stations that are connected", sum(one.connected for one in board.stations)
        ),
        _gauge("emergency_accesses_to_review", "Nobody has looked at", board.emergency_accesses_to_review),
    ]
    if missing:
        families.append(_gauge("ecg_missing_samples", "In running consults, as viewers report", sum(missing)))
    if board.audit_chain_ok is not None:
        families.append(_gauge("audit_chain_ok", "1: the audit trail is whole", float(board.audit_chain_ok)))
    return families
