"""`cloudclinic doctor`: look at everything around the server and say the cure."""

import asyncio
import contextlib
import ctypes
import datetime as dt
import errno
import importlib
import os
import shutil
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from cloudclinic import control
from cloudclinic.archive_trust import archive_trust
from cloudclinic.certificate import days_left, fault_of_pair, names_in
from cloudclinic.directory import DataDirectory
from cloudclinic.settings import Settings
from records.documents.errors import DocumentError
from records.documents.fonts import open_font
from records.documents.usual_font import DEBIAN_PACKAGE
from records.exchange.archive.asking import FINDING, ask
from records.exchange.archive.process_answers import ArchiveFailed, IsThere, Peer
from records.values import Value

ROOMS = ("cloudclinic", "web", "station", "signaling", "media", "records", "ecg", "ultrasound")
LEAST_FREE_BYTES = 2 * 1024**3
TIMEX_BYTES = 256  # struct timex of adjtimex(2) has 208
TIME_ERROR = 5  # what adjtimex returns when the clock is not synchronised
# The WAL-reset fault of 3.7.0 to 3.51.2 needs two writing connections; here there is one.
SQLITE_WITHOUT_WAL_RESET = (3, 51, 3)


class Finding(Value):
    """One thing that was looked at."""

    what: str
    well: bool
    said: str
    cure: str = ""


def examine(settings: Settings, now: dt.datetime) -> Iterator[Finding]:
    """Look at everything, one finding at a time."""
    directory = DataDirectory(settings.data)
    yield _directory(directory)
    yield _certificate(settings, directory, now)
    running = control.is_listening(directory.path)
    yield _port("TCP", settings.host, settings.port, socket.SOCK_STREAM, running)
    for port in _media_ports(settings):
        yield _port("UDP", settings.host, port, socket.SOCK_DGRAM, running)
    yield _disk(settings.data)
    yield _sync(settings.data)
    yield _clock(kernel_keeps_time(), now)
    yield _sqlite()
    yield _browser()
    yield _report_font(settings.report_font)
    for one in settings.archives:
        yield _archive(settings, one)
    if settings.worklist_port:
        yield _port("TCP", settings.worklist_host, settings.worklist_port, socket.SOCK_STREAM, running)
    yield from map(_room, ROOMS)


def _directory(directory: DataDirectory) -> Finding:
    if not directory.master_key.exists():
        cure = f"cloudclinic init --data {directory.path}"
        return Finding(what="data directory", well=False, said=f"none at {directory.path}", cure=cure)
    open_to_others = [p for p in (directory.path, directory.master_key) if p.stat().st_mode & 0o077]
    if open_to_others:
        cure = "; ".join(f"chmod go= {path}" for path in open_to_others)
        return Finding(what="data directory", well=False, said="others can read it", cure=cure)
    return Finding(what="data directory", well=True, said=str(directory.path))


def _certificate(settings: Settings, directory: DataDirectory, now: dt.datetime) -> Finding:
    what = "certificate"
    if settings.on_loopback:
        return Finding(what=what, well=True, said="none needed: plain HTTP on the loopback")
    path = settings.certificate or directory.certificate
    if not path.exists():
        return Finding(what=what, well=False, said=f"none at {path}", cure="cloudclinic init makes one")
    fault = fault_of_pair(path, settings.certificate_key or directory.certificate_key)
    if fault:
        cure = "put both back from a copy, or get new ones: browsers and stations cannot connect"
        return Finding(what=what, well=False, said=fault, cure=cure)
    left = days_left(path, now)
    known = names_in(path)
    unnamed = [name for name in settings.names if not {name, f"*.{name.partition('.')[2]}"} & known]
    said = f"{left} days left" + (f"; not for {', '.join(unnamed)}" if unnamed else "")
    renew = (
        "get another from its authority" if settings.certificate else f"remove {path}, then cloudclinic init"
    )
    well = left >= 30 and not unnamed
    return Finding(what=what, well=well, said=said, cure="" if well else renew)


def _media_ports(settings: Settings) -> range:
    """Worker n takes the first port plus n."""
    first = settings.media_udp_port
    return range(first, first + settings.media_workers) if first else range(1)


def _port(protocol: str, host: str, port: int, kind: socket.SocketKind, running: bool) -> Finding:
    what = f"{protocol} port"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        try:
            if kind is socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
        except OSError as error:
            if running and error.errno == errno.EADDRINUSE:
                said = f"{host}:{port} is in use, and the server of this data directory runs"
                return Finding(what=what, well=True, said=said)
            cure = "stop what holds it, or set another"
            return Finding(what=what, well=False, said=f"{host}:{port}: {error.strerror}", cure=cure)
    return Finding(what=what, well=True, said=f"{host}:{port} is free" if port else "any free one")


def _nearest(path: Path) -> Path:
    return path if path.exists() else _nearest(path.absolute().parent)


def _disk(path: Path) -> Finding:
    free = shutil.disk_usage(_nearest(path)).free
    cure = "" if free >= LEAST_FREE_BYTES else "free at least 2 GiB; new recordings would be refused"
    return Finding(what="disk", well=not cure, said=f"{free / 1024**3:.1f} GiB free", cure=cure)


def _sync(path: Path) -> Finding:
    """Time one fdatasync where samples would be written: they are acknowledged after it."""
    probe = _nearest(path) / f".doctor-{os.getpid()}"
    try:
        descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT, 0o600)
    except OSError as error:
        return Finding(what="disk sync", well=False, said=str(error.strerror), cure=f"make {path} writable")
    try:
        os.write(descriptor, bytes(12_000))
        began = time.monotonic()
        os.fdatasync(descriptor)
        took_ms = (time.monotonic() - began) * 1000
    finally:
        os.close(descriptor)
        probe.unlink()
    cure = "" if took_ms < 100 else "a disk this slow delays every acknowledgement; use another"
    return Finding(what="disk sync", well=not cure, said=f"{took_ms:.1f} ms", cure=cure)


def kernel_keeps_time() -> bool | None:
    """Ask the kernel whether something keeps its clock (adjtimex(2)); None: it does not say."""
    timex = ctypes.create_string_buffer(TIMEX_BYTES)  # modes 0: read only
    state = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    return None if state < 0 else state != TIME_ERROR


def _clock(kept: bool | None, now: dt.datetime) -> Finding:
    said = f"{now:%Y-%m-%d %H:%M:%S} UTC" + {True: "", False: ", kept by nothing", None: ", not known"}[kept]
    cure = "" if kept else "run systemd-timesyncd or chrony; reports carry this machine's time"
    return Finding(what="clock", well=bool(kept), said=said, cure=cure)


def _sqlite() -> Finding:
    version = sqlite3.sqlite_version_info
    said = sqlite3.sqlite_version
    if version < SQLITE_WITHOUT_WAL_RESET:
        said += ": below 3.51.3 two writers could damage the file; here exactly one connection writes"
    return Finding(what="SQLite", well=True, said=said)


def _browser() -> Finding:
    names = (os.environ.get("CHROME_PATH", ""), "chromium", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    cure = "" if found else "only for tests and for sitting at this machine: apt-get install chromium"
    return Finding(what="browser", well=found is not None, said=found or "none found", cure=cure)


def _report_font(path: Path) -> Finding:
    what = "report font"
    try:
        open_font(path)
    except DocumentError as refusal:
        cure = f"only for reports as PDF: apt-get install {DEBIAN_PACKAGE}, or set report_font"
        return Finding(what=what, well=False, said=str(refusal), cure=cure)
    return Finding(what=what, well=True, said=str(path))


def _archive(settings: Settings, destination: str) -> Finding:
    what = f"archive {destination}"
    peer = Peer(destination=destination, calling=settings.archive_calling, trust=archive_trust(settings))
    answer = asyncio.run(ask(IsThere(peer=peer), FINDING))
    if not isinstance(answer, ArchiveFailed):
        return Finding(what=what, well=True, said="answers")
    said = answer.detail or answer.trouble.value.replace("_", " ")
    cure = f"address and firewall; the archive has to know {settings.archive_calling}"
    return Finding(what=what, well=False, said=said, cure=cure)


def _room(name: str) -> Finding:
    here = Path(__file__).resolve().parent.parent
    with contextlib.suppress(ImportError):
        place = importlib.import_module(name).__file__
        if place and Path(place).resolve().is_relative_to(here / name):
            return Finding(what=f"room {name}", well=True, said=str(Path(place).parent))
        cure = f"uninstall the package that brought {place}"
        return Finding(what=f"room {name}", well=False, said=f"imported from {place}", cure=cure)
    return Finding(
        what=f"room {name}", well=False, said="cannot be imported", cure="install cloudclinic again"
    )
