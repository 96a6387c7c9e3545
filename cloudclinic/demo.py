"""`cloudclinic demo`: a whole clinic on this machine, with everything in it simulated."""

import asyncio
import contextlib
import datetime as dt
import json
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from cloudclinic import demo_people as people
from cloudclinic.demo_history import DemoSecrets, open_clinic
from cloudclinic.demo_station import DemoStation, bundled_ecg
from cloudclinic.directory import DataDirectory
from cloudclinic.errors import CommandFailed
from cloudclinic.running import Demo, Server, Store, open_server, open_store
from cloudclinic.settings import Settings
from ecg.dicom import open_dicom
from records.store.vault import Vault
from web.passwords import Passwords
from web.routes.session import DemoAccount
from web.sessions import new_token, token_hash

STATION_LIMIT_S = 20.0
STATION_LOOK_S = 0.1
MARK = "demo"
"""A file in the data directory: the demo opens only what the demo made."""


async def play(
    settings: Settings, *, synthetic: bool, ecg: str | None, ultrasound: str | None, ready_json: bool
) -> None:
    """Run the demo until it is told to stop; `ecg` and `ultrasound` name other sources of the station."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with open_demo(settings, synthetic=synthetic, ecg=ecg, ultrasound=ultrasound) as (server, station):
        if ready_json:
            print(json.dumps(_ready(server, station)), flush=True)
        else:
            print(_invitation(server.port), flush=True)
        await stop.wait()
        if not ready_json:
            print("stopping", flush=True)


@contextlib.asynccontextmanager
async def open_demo(
    settings: Settings, *, synthetic: bool, ecg: str | None = None, ultrasound: str | None = None
) -> AsyncIterator[tuple[Server, DemoStation]]:
    """The server with its demo people, and the station beside it."""
    if not settings.on_loopback:
        raise CommandFailed(
            f"the demo has known passwords: it listens on this machine only, not on {settings.host}"
        )
    with contextlib.ExitStack() as kept:
        if settings.data == Settings().data:
            settings = msgspec.structs.replace(settings, data=Path(kept.enter_context(_thrown_away())))
        directory = DataDirectory(settings.data)
        fresh = _prepare(directory)
        async with open_store(directory) as store:
            token_file = directory.path / "station-token"
            if fresh:
                await _fill(store, token_file)
            async with open_server(settings, store, Demo(demo_accounts)) as server:
                url = f"http://127.0.0.1:{server.port}"
                station = DemoStation(
                    url,
                    token_file,
                    directory.path / "station",
                    synthetic=synthetic,
                    ecg=ecg,
                    ultrasound=ultrasound,
                )
                async with station:
                    await _connected(store, server)
                    yield server, station


async def _connected(store: Store, server: Server) -> None:
    """Wait until the station is there: a demo that rings without one would not be whole."""
    for _ in range(round(STATION_LIMIT_S / STATION_LOOK_S)):
        cards = await store.records.read(server.desk.station_cards)
        if any(card.connected for card in cards):
            return
        await asyncio.sleep(STATION_LOOK_S)
    print("The station has not connected yet; it goes on trying.", flush=True)


def _thrown_away() -> contextlib.AbstractContextManager[str]:
    return tempfile.TemporaryDirectory(prefix="cloudclinic-demo-", ignore_cleanup_errors=True)


def _prepare(directory: DataDirectory) -> bool:
    """Make the data directory; tell whether it is new. One that is not the demo's is refused."""
    mark = directory.path / MARK
    if directory.master_key.exists():
        if not mark.exists():
            raise CommandFailed(f"{directory.path} holds a real clinic; the demo does not open it")
        return False
    directory.make()
    mark.touch()
    Vault.create(directory.master_key)
    return True


async def _fill(store: Store, token_file: Path) -> None:
    token = new_token()
    descriptor = os.open(token_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(token + "\n")
    passwords = Passwords()
    secrets = DemoSecrets(
        password_hash=await passwords.hash(people.PASSWORD), station_token_hash=token_hash(token)
    )
    ecg = await asyncio.to_thread(open_dicom, bundled_ecg())
    await open_clinic(store.records, store.samples.append, ecg, secrets, dt.datetime.now(dt.UTC))


def demo_accounts(port: int) -> tuple[DemoAccount, ...]:
    """Who can sign in where: one host a role, so that all run side by side in one browser."""
    return tuple(
        DemoAccount(
            sign_in_name=seat.account.sign_in_name,
            password=people.PASSWORD,
            display_name=seat.account.display_name,
            role=seat.account.role.value,
            address=f"http://{seat.host}:{port}",
        )
        for seat in people.ROLES
    )


def _ready(server: Server, station: DemoStation) -> dict[str, object]:
    return {
        "port": server.port,
        "addresses": {
            seat.host.removesuffix(".localhost"): f"http://{seat.host}:{server.port}" for seat in people.ROLES
        },
        "accounts": {
            seat.host.removesuffix(".localhost"): seat.account.sign_in_name for seat in people.ROLES
        },
        "password": people.PASSWORD,
        "pids": {"server": os.getpid(), "station": station.pid, "worker": server.processes.pids[0]},
    }


def _invitation(port: int) -> str:
    lines = ["", "Cloud Clinic is open. Everything in it is simulated. Open these side by side:", ""]
    for seat in people.ROLES:
        role = seat.account.role.value.replace("_", " ")
        lines.append(f"  http://{seat.host}:{port:<6}  {seat.account.display_name}, {role}")
    lines += [
        "",
        f"Sign in by the button on the page (password of all: {people.PASSWORD}). Ctrl+C stops it.",
        "",
    ]
    return "\n".join(lines)
