"""`cloudclinic turn check`: prove on the running relay that it reaches the workers and nobody else."""

import asyncio
import contextlib
import ipaddress
import secrets
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

from cloudclinic.doctor import Finding
from cloudclinic.errors import CommandFailed
from cloudclinic.settings import Settings
from cloudclinic.turn_config import turn_urls, workers
from cloudclinic.turn_probe import Probe
from cloudclinic.turn_ranges import DENIED, EVERYTHING
from cloudclinic.turn_secret import read_secret
from media.errors import RelayRefused, RelayUnreachable
from media.turn_client import TCP, UDP, UNAUTHORIZED, TurnClient
from media.turn_messages import Address, Credentials
from media.turn_url import Transport, TurnUrl
from signaling.relays import credential

FORBIDDEN = 403
NO_SUCH_FAMILY, NO_SUCH_TRANSPORT = 440, 442
CLI_PORT = 5766
_ANSWER_TRIES, _ANSWER_S = 4, 0.5
_LOOK_S = 2.0

WRITE_ANEW = "write the file anew with `cloudclinic turn config` and restart coturn"
STOP_IT = f"stop coturn at once, then {WRITE_ANEW}"


class TurnCheck:
    """All that is asked of one relay. `probes`: of the running server; none when it does not run."""

    def __init__(self, settings: Settings, probes: Sequence[Probe], ca_file: Path | None) -> None:
        self._urls = turn_urls(settings)
        self._workers = workers(settings)
        self._secret = read_secret(settings).encode()
        self._lifetime_s = settings.turn_lifetime_s
        self._probes = probes
        self._tls = _trust(ca_file)

    async def findings(self) -> AsyncIterator[Finding]:
        """Everything, one finding at a time."""
        if not self._probes:
            cure = "start `cloudclinic serve`, then check again: its workers must answer through the relay"
            yield Finding(what="workers", well=False, said="no server runs on this data directory", cure=cure)
        for url in self._urls:
            try:
                async for finding in self._of_url(url):
                    yield finding
            except RelayUnreachable as error:
                yield Finding(what=str(url), well=False, said=str(error), cure=_reach_cure(url, str(error)))
        for host in dict.fromkeys(url.host for url in self._urls):
            yield await _cli_closed(host)

    async def _of_url(self, url: TurnUrl) -> AsyncIterator[Finding]:
        began = time.monotonic()
        try:
            async with self._allocated(url, self._family) as (_, _, relayed):
                took_ms = (time.monotonic() - began) * 1000
                yield Finding(
                    what=str(url), well=True, said=f"allocated {_text(relayed)} in {took_ms:.0f} ms"
                )
        except RelayRefused as error:
            yield Finding(what=str(url), well=False, said=str(error), cure=_allocate_cure(error))
            return
        for probe in self._probes:
            for address in probe.addresses:
                yield await self._reaches(url, probe, address)
        for family in (4, 6):
            yield await self._refuses_others(url, family)
        async for finding in self._refuses_strangers(url):
            yield finding

    # --- who may be reached -----------------------------------------------------------------------------

    async def _reaches(self, url: TurnUrl, probe: Probe, address: Address) -> Finding:
        what = f"worker {_text(address)}"
        try:
            async with self._allocated(url, _family(address[0])) as (client, inbox, _):
                took_ms = await _ask_worker(client, inbox, probe, address)
        except RelayRefused as error:
            cure = WRITE_ANEW
            if error.status == NO_SUCH_FAMILY:
                cure = "give coturn an address of this kind in turn_addresses, or do not announce this one"
            return Finding(what=what, well=False, said=str(error), cure=cure)
        except RelayUnreachable as error:
            cure = f"let the relay send UDP to {_text(address)}, and the answers back: a firewall is between"
            return Finding(what=what, well=False, said=str(error), cure=cure)
        return Finding(what=what, well=True, said=f"answered through the relay in {took_ms:.0f} ms")

    async def _refuses_others(self, url: TurnUrl, family: int) -> Finding:
        what = f"other IPv{family} hosts"
        hosts = [host for host in denied_hosts(self._workers) if _family(host) == family]
        try:
            async with self._allocated(url, family) as (client, _, _):
                open_hosts = [host for host in hosts if not await _is_refused(client, host)]
        except RelayRefused as error:
            well = error.status == NO_SUCH_FAMILY
            said = f"none can be named: no IPv{family} relay" if well else str(error)
            return Finding(what=what, well=well, said=said, cure="" if well else WRITE_ANEW)
        if open_hosts:
            said = f"{len(open_hosts)} of {len(hosts)} are NOT refused: {', '.join(open_hosts)}"
            return Finding(what=what, well=False, said=said, cure=STOP_IT)
        return Finding(what=what, well=True, said=f"{len(hosts)} of {len(hosts)} asked for are refused (403)")

    # --- who may ask ------------------------------------------------------------------------------------

    async def _refuses_strangers(self, url: TurnUrl) -> AsyncIterator[Finding]:
        good = self._good()
        wrong = credential(secrets.token_bytes(32), good.username)
        later = self._made_for(86_400).username
        yield await self._refused(url, "no credentials", None)
        yield await self._refused(url, "a wrong password", Credentials(good.username, wrong))
        yield await self._refused(url, "a changed expiry", Credentials(later, good.password))
        yield await self._refused(url, "expired credentials", self._made_for(-60))
        yield await self._refused(url, "a TCP relay", good, TCP, NO_SUCH_TRANSPORT)

    async def _refused(
        self,
        url: TurnUrl,
        what: str,
        credentials: Credentials | None,
        protocol: int = UDP,
        status: int = UNAUTHORIZED,
    ) -> Finding:
        client = await self._client(url, credentials)
        try:
            await client.allocate(self._family, protocol)
        except RelayRefused as error:
            if error.status in (status, FORBIDDEN):
                return Finding(what=what, well=True, said=f"refused ({error.status})")
            return Finding(what=what, well=False, said=f"not proved: {error}", cure="check again later")
        finally:
            await client.leave()
        return Finding(what=what, well=False, said="NOT refused", cure=STOP_IT)

    # --- what it asks with ------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def _allocated(
        self, url: TurnUrl, family: int
    ) -> AsyncIterator[tuple[TurnClient, "_Inbox", Address]]:
        """An allocation of our own, given back afterwards. Raises RelayRefused, RelayUnreachable."""
        inbox = _Inbox()
        client = await self._client(url, self._good(), inbox)
        try:
            yield client, inbox, await client.allocate(family)
        finally:
            await client.leave()

    @property
    def _family(self) -> int:
        return _family(self._workers[0])

    def _good(self) -> Credentials:
        return self._made_for(self._lifetime_s)

    def _made_for(self, seconds: int) -> Credentials:
        username = f"{int(time.time()) + seconds}:check-{secrets.token_hex(4)}"
        return Credentials(username, credential(self._secret, username))

    async def _client(
        self, url: TurnUrl, credentials: Credentials | None, inbox: "_Inbox | None" = None
    ) -> TurnClient:
        return await TurnClient.connect(url, credentials, self._tls, (inbox or _Inbox()).put)


class _Inbox:
    """What came back through a relay."""

    def __init__(self) -> None:
        self._packets: asyncio.Queue[tuple[bytes, Address]] = asyncio.Queue(64)

    def put(self, data: bytes, peer: Address) -> None:
        if not self._packets.full():
            self._packets.put_nowait((data, peer))

    async def next(self) -> tuple[bytes, Address]:
        return await self._packets.get()


async def _ask_worker(client: TurnClient, inbox: _Inbox, probe: Probe, address: Address) -> float:
    """Milliseconds until the worker's own answer came. Raises RelayRefused, RelayUnreachable."""
    await client.bind(address)
    transaction = secrets.token_bytes(12)
    began = time.monotonic()
    for _ in range(_ANSWER_TRIES):
        client.send(probe.question(transaction), address)
        try:
            async with asyncio.timeout(_ANSWER_S):
                while True:
                    data, peer = await inbox.next()
                    if peer == address and probe.is_answer(data, transaction):
                        return (time.monotonic() - began) * 1000
        except TimeoutError:
            continue
    raise RelayUnreachable(f"allowed, but no answer within {_ANSWER_TRIES * _ANSWER_S:.0f} s")


async def _is_refused(client: TurnClient, host: str) -> bool:
    """Whether the relay refuses a peer, asked for both ways there are."""
    asked: tuple[Callable[[], Awaitable[None]], ...] = (
        lambda: client.permit(host),
        lambda: client.bind((host, 9)),
    )
    for ask in asked:
        try:
            await ask()
        except RelayRefused as error:
            if error.status == FORBIDDEN:
                continue
        return False
    return True


def denied_hosts(allowed: Sequence[str]) -> tuple[str, ...]:
    """One host of each denied range, public ones, and the neighbours of each worker."""
    workers = {ipaddress.ip_address(host) for host in allowed}
    asked: dict[str, None] = {}
    for denied in (*DENIED, *EVERYTHING):
        host = ipaddress.ip_address(denied.sample)
        while host in workers:
            host += 1 if host + 1 in denied.network else -1
        asked[str(host)] = None
    for worker in workers:
        near = (int(worker) - 1, int(worker) + 1)
        asked |= {str(host): None for at in near if (host := type(worker)(at)) not in workers}
        if isinstance(worker, ipaddress.IPv4Address):
            asked |= {
                f"::ffff:{worker}": None,
                str(ipaddress.IPv6Address(0x64FF9B << 96 | int(worker))): None,
            }
    return tuple(asked)


def _family(host: str) -> int:
    return ipaddress.ip_address(host).version


def _text(address: Address) -> str:
    return f"[{address[0]}]:{address[1]}" if ":" in address[0] else f"{address[0]}:{address[1]}"


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    """The system's authorities, as browsers have them, and the site's own."""
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            raise CommandFailed(f"{ca_file}: {error.strerror or error}") from error
    return context


def _reach_cure(url: TurnUrl, said: str) -> str:
    if "certificate" in said:
        return "browsers refuse it as well: a certificate they trust, with this name; `--ca` for a site's own"
    protocol = "UDP" if url.transport is Transport.UDP else "TCP"
    return f"start coturn with the file of `cloudclinic turn config`; open {protocol} port {url.port} to it"


def _allocate_cure(error: RelayRefused) -> str:
    if error.status == UNAUTHORIZED:
        return f"coturn has another secret, realm or time of day: {WRITE_ANEW}; keep both clocks by NTP"
    if error.status == 486:
        return "its quota is used up"
    return WRITE_ANEW


async def _cli_closed(host: str) -> Finding:
    """coturn's telnet console must not listen; a firewall that drops is as good."""
    what = f"console {host}:{CLI_PORT}"
    try:
        async with asyncio.timeout(_LOOK_S):
            _, writer = await asyncio.open_connection(host, CLI_PORT)
    except (OSError, TimeoutError):
        return Finding(what=what, well=True, said="closed")
    writer.close()
    return Finding(what=what, well=False, said="OPEN", cure=WRITE_ANEW)
