"""A running server: every part opened in order and closed in reverse. Here the rooms are plugged together."""

import asyncio
import contextlib
import errno
import functools
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from aiohttp.web import Application

from cloudclinic import control, media_processes
from cloudclinic.certificate import server_context
from cloudclinic.demo_lines import DemoLines
from cloudclinic.directory import DataDirectory
from cloudclinic.errors import CommandFailed
from cloudclinic.operations import OPERATIONS
from cloudclinic.room_settings import desk_settings, media_limits, relays_of, web_settings
from cloudclinic.scanners import scanners_of
from cloudclinic.settings import Settings
from cloudclinic.tape_recorders import TapeRecorderProcesses
from cloudclinic.tape_retention import delete_daily
from cloudclinic.turn_probe import PROBING
from cloudclinic.web_parts import web_parts
from cloudclinic.worklist_server import WorklistServer
from records.errors import StoreError
from records.exchange.archive.worklist_answers import Listen
from records.ids import AccountId, BindingId
from records.names import name_initials
from records.store.database import Database
from records.store.segments import SampleFiles
from records.store.vault import Cipher, Vault
from signaling.desk import Desk
from signaling.figures import ServerFacts
from signaling.ports import MediaEvent, WebhookFailed
from web.app import make_app
from web.guard import Listening, listen
from web.media_plane import MediaWorkers
from web.parts import WebParts, utc_now
from web.routes.session import DemoAccount
from web.samples import StoredSamples

log = logging.getLogger(__name__)

TICK_S = 1.0
FACTS_EVERY_TICKS = 30
WEBHOOK_LIMIT_S = 5.0


class Demo:
    """What makes a server the demo; without one of these it is never the demo."""

    def __init__(self, accounts_at: Callable[[int], tuple[DemoAccount, ...]]) -> None:
        self.accounts_at = accounts_at


class Store:
    """Records and samples of one data directory, open."""

    def __init__(self, records: Database, samples: StoredSamples) -> None:
        self.records = records
        self.samples = samples


class Server:
    """A server that listens."""

    def __init__(
        self, port: int, desk: Desk, media: MediaWorkers, processes: media_processes.MediaProcesses
    ) -> None:
        self.port = port
        self.desk = desk
        self.media = media
        self.processes = processes


@contextlib.asynccontextmanager
async def open_store(directory: DataDirectory) -> AsyncIterator[Store]:
    """Open records and sample files; the directory is locked meanwhile."""
    directory.require()
    async with contextlib.AsyncExitStack() as stack:
        records = await Database.open(directory.path, Vault.open(directory.master_key))
        stack.push_async_callback(records.close)
        files = await SampleFiles.open(directory.samples, functools.partial(_cipher_of, records))
        stack.push_async_callback(files.close)
        yield Store(records, StoredSamples(files))


def _cipher_of(records: Database, key: str) -> Cipher:
    """The cipher a binding's samples are sealed under: of the resident it was first taken for."""
    binding = records.read_blocking(lambda ledger: ledger.bindings.get(BindingId(key)))
    return records.cipher_blocking(binding.moved_from_resident_id or binding.resident_id)


@contextlib.asynccontextmanager
async def open_server(settings: Settings, store: Store, demo: Demo | None = None) -> AsyncIterator[Server]:
    """Start everything on an open store: media workers, desk, pages; the control socket last."""
    directory = DataDirectory(settings.data)
    async with contextlib.AsyncExitStack() as stack:
        await asyncio.to_thread(name_initials, "王")  # reads pypinyin's tables, 0.3 s, before anybody waits
        client = await stack.enter_async_context(ClientSession(timeout=ClientTimeout(total=WEBHOOK_LIMIT_S)))
        processes = media_processes.MediaProcesses(settings, directory)
        events: asyncio.Queue[MediaEvent] = asyncio.Queue()
        media = MediaWorkers(processes.start, settings.media_workers, events.put, media_limits(settings))
        lines = DemoLines(media)
        recorders = TapeRecorderProcesses(directory.tapes, directory.path, store.records.data_key)
        stack.push_async_callback(recorders.close)
        desk = Desk(
            store.records,
            lines if demo else media,
            store.samples,
            utc_now,
            desk_settings(settings, demo is not None),
            functools.partial(_post_webhook, client, settings.webhook_url) if settings.webhook_url else None,
            relays_of(settings),
            lines.spoil if demo else None,
            recorders,
        )
        stack.push_async_callback(lines.close)
        await media.start()
        stack.push_async_callback(media.close)
        await desk.start()
        stack.push_async_callback(desk.stop)
        stack.push_async_callback(desk.end_tapes)
        await stack.enter_async_context(_running(_take_events(events, desk), "media events"))
        told = web_settings(settings, () if demo else None)
        parts = web_parts(settings, directory, store.records, store.samples, desk, media, told)
        stack.push_async_callback(parts.exams.close)
        tls = _tls(settings, directory)
        listening = await _listen(make_app(parts), settings, tls)
        stack.push_async_callback(listening.close)
        if demo:
            parts.settings = web_settings(settings, demo.accounts_at(listening.port))
        await stack.enter_async_context(_running(_tick(desk, media, parts), "clock"))
        job = delete_daily(store.records, parts.tapes, parts.clock)
        await stack.enter_async_context(_running(job, "tape retention"))
        await stack.enter_async_context(_running(parts.archive.run(), "archive outbox"))
        if settings.worklist_port:
            scanners = scanners_of(settings.worklist_scanners)
            listen = Listen(
                host=settings.worklist_host,
                port=settings.worklist_port,
                title=settings.worklist_title,
                scanners=tuple(scanners),
            )
            worklist = WorklistServer(store.records, parts.scanner_worklist, parts.clock, listen, scanners)
            await stack.enter_async_context(_running(worklist.run(), "worklist"))
        commands = await control.listen(
            directory.path, functools.partial(_command, store, desk, parts, media)
        )
        stack.callback(commands.close)
        yield Server(listening.port, desk, media, processes)


async def _listen(app: Application, settings: Settings, tls: ssl.SSLContext | None) -> Listening:
    try:
        return await listen(app, settings.host, settings.port, tls)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise CommandFailed(
            f"port {settings.port} of {settings.host} is in use by another program; give another with --port"
        ) from error


@contextlib.asynccontextmanager
async def _running(work: Any, name: str) -> AsyncIterator[None]:
    """Own a task for as long as the block lasts."""
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _take_events(events: "asyncio.Queue[MediaEvent]", desk: Desk) -> None:
    while True:
        event = await events.get()
        try:
            await desk.media_event(event)
        except Exception:
            log.exception("%s was not taken in", type(event).__name__)


async def _tick(desk: Desk, media: MediaWorkers, parts: WebParts) -> None:
    """Once a second: deadlines; now and then: what the dashboard shows of the server itself.

    Nothing may end this task: without it no ring ever goes to a wider circle.
    """
    turn = 0
    chain_ok: bool | None = None
    while True:
        try:
            await desk.tick()
        except Exception:
            log.exception("a tick failed; the next one comes")
        try:
            if turn % FACTS_EVERY_TICKS == 0:
                chain_ok = await _chain_holds(parts)
            desk.set_server_facts(_facts(media, parts, chain_ok))
        except Exception:
            log.exception("the server's own facts could not be told")
        turn += 1
        await asyncio.sleep(TICK_S)


async def _chain_holds(parts: WebParts) -> bool | None:
    """Whether the audit trail is whole; an entry that cannot even be read breaks it. None: not known."""
    try:
        return await parts.chain_check.holds(parts.records, parts.clock())
    except (ValueError, TypeError):
        log.error("the audit trail holds an entry that cannot be read")
        return False
    except StoreError as error:
        log.error("the audit trail cannot be read: %s", error)
        return None


def _facts(media: MediaWorkers, parts: WebParts, chain_ok: bool | None) -> ServerFacts:
    ready, total = media.ready()
    return ServerFacts(
        audit_chain_ok=chain_ok,
        certificate_days_left=parts.certificate_days_left(),
        media_workers_ready=ready,
        media_workers_total=total,
    )


async def _post_webhook(client: ClientSession, url: str, event: str, about: Mapping[str, Any]) -> None:
    """Deliver one webhook; raise `WebhookFailed`, and the desk tries again."""
    try:
        async with client.post(url, json={"event": event, **about}) as answer:
            status = answer.status
    except (ClientError, TimeoutError) as error:
        raise WebhookFailed(f"not reached: {type(error).__name__}") from error
    if status >= 300:
        raise WebhookFailed(f"answered {status}; 200 to 299 is delivered")


def _tls(settings: Settings, directory: DataDirectory) -> ssl.SSLContext | None:
    if settings.on_loopback:
        return None
    if settings.certificate and settings.certificate_key:
        return server_context(settings.certificate, settings.certificate_key)
    if not directory.certificate.exists():
        raise CommandFailed(f"no certificate in {directory.path}; `cloudclinic init` makes one")
    return server_context(directory.certificate, directory.certificate_key)


async def _command(
    store: Store,
    desk: Desk,
    parts: WebParts,
    media: MediaWorkers,
    name: str,
    arguments: Mapping[str, Any],
) -> dict[str, Any]:
    """Carry out a command that came over the control socket; what it ends is ended at once."""
    if name in PROBING:
        return await PROBING[name](media, arguments)
    if name not in OPERATIONS:
        raise CommandFailed(f"the running server has no command {name!r}")
    done = await OPERATIONS[name](store.records, parts.passwords.hash_now, arguments, parts.clock())
    ended = done.get("account", {}).get("id") if name == "account.set_disabled" else done.get("account_id")
    if ended:
        await desk.end_account(AccountId(ended), "changed")
        await desk.announce_account(AccountId(ended))
    return done
