"""What each command does. Parts are imported when they are needed: `--help` answers at once."""

import argparse
import asyncio
import datetime as dt
import logging
import signal
import sys
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any

from cloudclinic import control
from cloudclinic.addresses import server_names, server_url
from cloudclinic.certificate import fingerprint, make_certificate
from cloudclinic.directory import DataDirectory
from cloudclinic.errors import CommandFailed
from cloudclinic.first_administrator import FirstAdministratorCode
from cloudclinic.settings import Settings, load
from records.log_lines import open_log

Options = argparse.Namespace


def _settings(options: Options) -> Settings:
    names = ("host", "port", "data")
    given = {name: getattr(options, name, None) for name in names}
    return load(options.config, overrides=given)


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    import uvloop

    return uvloop.run(work)


def serve(options: Options) -> None:
    """Run the server until SIGINT or SIGTERM."""
    open_log(logging.WARNING)
    _run(_serve(_settings(options)))


async def _serve(settings: Settings) -> None:
    from cloudclinic.running import open_server, open_store

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_store(DataDirectory(settings.data)) as store, open_server(settings, store) as server:
        print(f"Cloud Clinic listens on {server_url(settings, server.port)}", flush=True)
        await stop.wait()
        print("stopping", flush=True)


def station(options: Options) -> None:
    """Run a station until it is told to stop, or set its ultrasound up."""
    if options.what == "setup":
        _set_up(options)
    else:
        _station(options)


def _set_up(options: Options) -> None:
    from station.setup.running import run_setup
    from station.source_words import ULTRASOUND_WORDS, fault_of
    from web.parts import STATIC

    if fault := fault_of("ultrasound", options.ultrasound, ULTRASOUND_WORDS):
        raise CommandFailed(fault)
    if options.ultrasound == "none":
        raise CommandFailed("ultrasound: none is set; name what the station is run with")
    open_log(logging.WARNING)

    def say(address: str) -> None:
        print(f"Open this address on this computer:\n{address}\nCtrl+C ends the set-up", flush=True)

    run_setup(options.ultrasound, options.profiles or options.data / "profiles", STATIC, options.port, say)


def _station(options: Options) -> None:
    from station.errors import SettingsWrong
    from station.running import run_station
    from station.settings import StationSettings
    from ultrasound.privacy.grounds import WhenUnsure

    if not options.server or not options.token_file:
        raise CommandFailed("--server and --token-file: a station is run with both")
    token, unread = _token(options.token_file)
    settings = StationSettings(
        server_url=options.server,
        token=token or "-",
        ultrasound=options.ultrasound,
        ecg=options.ecg,
        data_directory=options.data,
        fingerprint_sha256=options.server_fingerprint,
        ca_file=options.ca,
        ultrasound_mbps=options.ultrasound_mbps,
        ring_mb=options.ring_mb,
        profile_directory=options.profiles,
        when_unsure=WhenUnsure(options.when_unsure.replace("-", "_")),
        worklist_port=options.worklist_port,
        worklist_host=options.worklist_host,
        worklist_title=options.worklist_title,
        worklist_scanners=tuple(options.worklist_scanner),
    )
    try:
        settings.check()
    except SettingsWrong as error:
        raise CommandFailed("\n".join([*unread, *error.faults])) from error
    if unread:
        raise CommandFailed("\n".join(unread))
    run_station(settings)


def _token(file: Path) -> tuple[str, list[str]]:
    """A station's token from its file, or what is wrong with the file."""
    try:
        token = file.read_bytes().decode().strip()
    except OSError as error:
        return "", [f"token-file: {file}: {error.strerror}"]
    except UnicodeDecodeError:
        return "", [f"token-file: {file} holds no token; it is not text"]
    return token, [] if token else [f"token-file: {file} is empty"]


def demo(options: Options) -> None:
    """Play a whole clinic on this machine."""
    from cloudclinic.demo import play
    from station.source_words import ECG_WORDS, ULTRASOUND_WORDS, fault_of

    open_log(logging.WARNING)
    port = 8080 if options.port is None else options.port
    given = {"host": options.host, "data": options.data, "port": port}
    settings = load(options.config, environment={}, overrides=given)
    asked = (("ultrasound", options.ultrasound, ULTRASOUND_WORDS), ("ecg", options.ecg, ECG_WORDS))
    for fault in (fault_of(device, word, known) for device, word, known in asked if word):
        if fault:
            raise CommandFailed(fault)
    demo = play(
        settings,
        synthetic=options.synthetic,
        ecg=options.ecg,
        ultrasound=options.ultrasound,
        ready_json=options.ready_json,
    )
    _run(demo)


def init(options: Options) -> None:
    """Make what a server needs before its first start."""
    settings = _settings(options)
    directory = DataDirectory(settings.data)
    now = dt.datetime.now(dt.UTC)
    if directory.master_key.exists():
        _renew_certificate(settings, directory, now)
        return
    directory.make()
    _run(_make_store(directory))
    make_certificate(directory.certificate, directory.certificate_key, server_names(settings), now)
    code = FirstAdministratorCode(directory.path).make(now)
    print(f"data directory      {directory.path}")
    print(f"certificate SHA-256 {fingerprint(directory.certificate)}")
    print(f"one-time code       {code}   (for an hour)")
    print(f"Start `cloudclinic serve`, open {server_url(settings, settings.port)}/first-administrator")
    print(f"Back up {directory.master_key} apart from everything else: without it samples cannot be read.")


def _renew_certificate(settings: Settings, directory: DataDirectory, now: dt.datetime) -> None:
    """Give a clinic that is there a new certificate, if it has none any more; change nothing else."""
    directory.require()
    if directory.certificate.exists():
        raise CommandFailed(f"{directory.path} holds a clinic already; nothing was changed")
    make_certificate(directory.certificate, directory.certificate_key, server_names(settings), now)
    print(f"certificate SHA-256 {fingerprint(directory.certificate)}")
    print("Nothing else was changed. Start the server again, and tell stations the new fingerprint.")


async def _make_store(directory: DataDirectory) -> None:
    from cloudclinic.running import open_store
    from records.store.vault import Vault

    Vault.create(directory.master_key)
    async with open_store(directory):
        pass


def account(options: Options) -> None:
    """Ask the running server, or open the store, for one of the account operations."""
    given = {
        "name": options.name,
        "role": options.role,
        "institution": options.institution,
        "display_name": options.display_name,
        "specialties": options.specialty,
        "disabled": options.what == "disable",
    }
    needed = {"list": (), "add": ("name", "role", "institution")}.get(options.what, ("name",))
    missing = [name for name in needed if not given[name]]
    if missing:
        raise CommandFailed(f"account {options.what} needs {', '.join(missing)}")
    operation = {"disable": "set_disabled", "enable": "set_disabled"}.get(options.what, options.what)
    done = _run(_operate(_settings(options), f"account.{operation}", given))
    _print_account(options.what, done)


def _print_account(what: str, done: Mapping[str, Any]) -> None:
    if what == "list":
        for one in done["accounts"]:
            mark = "disabled" if one["disabled"] else ""
            print(f"{one['sign_in_name']:<20} {one['role']:<18} {one['display_name']:<16} {mark}".rstrip())
    elif "password" in done:
        print(f"one-time password: {done['password']}")
    elif "token" in done:
        print(done["token"])
    elif what == "add":
        print(f"done; `cloudclinic account token {done['account']['sign_in_name']}` shows its token, once")
    else:
        print("done")


async def _operate(settings: Settings, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    directory = DataDirectory(settings.data)
    directory.require()
    asked = await control.ask(directory.path, name, arguments)
    if asked is not None:
        return asked
    from cloudclinic.operations import OPERATIONS
    from cloudclinic.running import open_store
    from web.passwords import Passwords

    async with open_store(directory) as store:
        now = dt.datetime.now(dt.UTC)
        return await OPERATIONS[name](store.records, Passwords().hash_now, arguments, now)


def migrate(options: Options) -> None:
    """Bring the database to this version."""
    directory = DataDirectory(_settings(options).data)
    directory.require()
    _run(_open_and_close(directory))
    print("the database is at this version")


async def _open_and_close(directory: DataDirectory) -> None:
    from cloudclinic.running import open_store

    async with open_store(directory):
        pass


def audit(options: Options) -> int:
    """Walk the chain; 1 when it is broken."""
    report = _run(_operate(_settings(options), "audit.verify", {}))
    if report["whole"]:
        print(f"the audit trail is whole: {report['entries']} entries")
        return 0
    if report["broken_at"] is not None:
        print(f"the audit trail is BROKEN: entry {report['broken_at']} is changed, moved or missing")
    else:
        print("the audit trail cannot be trusted: the ends noted beside it are missing")
    return 1


def doctor(options: Options) -> int:
    """Look at everything; 1 when something needs a cure."""
    from cloudclinic.doctor import examine

    ill = 0
    for finding in examine(_settings(options), dt.datetime.now(dt.UTC)):
        print(f"{'✓' if finding.well else '✗'} {finding.what:<18} {finding.said}")
        if not finding.well:
            ill = 1
            print(f"  → {finding.cure}")
    return ill


def turn(options: Options) -> int:
    """Write a file for the relay, or prove that it relays to the workers and to nobody else."""
    from cloudclinic import turn_commands

    settings = _settings(options)
    if options.what == "check":
        return int(_run(turn_commands.check(options, settings)))
    turn_commands.write(options, settings)
    return 0


def bench(options: Options) -> int:
    """Run a benchmark of the source tree."""
    root = Path(__file__).resolve().parent.parent
    if not (root / "benchmarks" / "index.py").exists():
        raise CommandFailed("benchmarks are in the source tree only; clone the project to run them")
    sys.path.insert(0, str(root))
    from benchmarks.index import run
    from benchmarks.sitting import Asked

    if options.what == "congestion":
        _check_weak_lines(options)
    if options.data is not None and not options.data.is_dir():
        raise CommandFailed(f"{options.data} is no directory of recordings")
    asked = Asked(
        data=str(options.data or ""),
        seconds=options.seconds,
        rounds=options.rounds,
        minutes=options.minutes,
        peer=options.peer,
        cases=tuple(options.case),
        runs=options.runs,
    )
    return int(run(options.what, asked, as_json=options.json, keep=options.keep))


def _check_weak_lines(options: Options) -> None:
    """Refuse a case there is none of, and a machine that cannot make weak lines, with every reason."""
    from benchmarks.congestion import obstacles
    from benchmarks.lines.cases import CASES

    unknown = [name for name in options.case if name not in CASES]
    if unknown:
        raise CommandFailed(f"no case {', '.join(unknown)}; there are {', '.join(CASES)}")
    if found := obstacles():
        raise CommandFailed("this machine cannot make weak lines: " + "; ".join(found))
