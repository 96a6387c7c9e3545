"""A real relay: coturn on the loopback, with what `cloudclinic turn config` wrote."""

import asyncio
import contextlib
import datetime as dt
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from cloudclinic.certificate import make_certificate
from cloudclinic.settings import Settings, load
from cloudclinic.turn_config import write_config
from cloudclinic.turn_secret import ensure_secret
from media.turn_messages import Credentials
from signaling.relays import credential
from tests.fakes.ports import free_port

START_LIMIT_S = 15
NAME = "localhost"


def relay_settings(directory: Path, address: str = "127.0.0.1", **overrides: Any) -> Settings:
    """Settings of a clinic in `directory/data` with a relay over UDP, TCP and TLS on free ports."""
    is_here = address == "127.0.0.1"
    name = NAME if is_here else address
    certificate, key = directory / "relay.pem", directory / "relay-key.pem"
    make_certificate(certificate, key, (name, address), dt.datetime.now(dt.UTC))
    plain, tls = free_port(), free_port()
    given = {
        "data": directory / "data",
        "turn_urls": (
            f"turn:{address}:{plain}?transport=udp",
            f"turn:{address}:{plain}?transport=tcp",
            f"turns:{name}:{tls}",
        ),
        "turn_secret_file": directory / "turn-secret",
        "turn_addresses": (address, "::1") if is_here else (address,),
        "turn_certificate": certificate,
        "turn_certificate_key": key,
    }
    return load(environment={}, overrides={**given, **overrides})


class Relay:
    """coturn, running. `log`: everything it has said."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.settings = settings
        self._log = log

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls, directory: Path, settings: Settings, changed: Mapping[str, str] | None = None
    ) -> AsyncIterator["Relay"]:
        """Start it and stop it. `changed`: texts of the configuration that are put in place of others."""
        text = write_config(settings, ensure_secret(settings))
        for old, new in (changed or {}).items():
            assert old in text, old
            text = text.replace(old, new)
        (directory / "turnserver.conf").write_text(text)
        log = directory / "turnserver.log"
        with log.open("w") as file:
            process = await asyncio.create_subprocess_exec(
                *("turnserver", "-c", str(directory / "turnserver.conf"), "--verbose"),
                *("--pidfile", str(directory / "turnserver.pid"), "--userdb", str(directory / "turndb")),
                stdout=file,
                stderr=file,
            )
        try:
            await _listens(text, process, log)
            yield cls(settings, log)
        finally:
            if process.returncode is None:
                process.terminate()
            await asyncio.wait_for(process.wait(), 10)


async def _listens(text: str, process: asyncio.subprocess.Process, log: Path) -> None:
    """Wait until every TCP port of the configuration is taken."""
    words = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and line[0] != "#")
    host = next(line.split("=", 1)[1] for line in text.splitlines() if line.startswith("listening-ip="))
    ports = [int(words["listening-port"])]
    if "no-tls" not in text.splitlines():
        ports.append(int(words["tls-listening-port"]))
    end = time.monotonic() + START_LIMIT_S
    while ports:
        if process.returncode is not None or time.monotonic() > end:
            raise AssertionError(await asyncio.to_thread(log.read_text, errors="replace"))
        try:
            _, writer = await asyncio.open_connection(host, ports[-1])
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        ports.pop()


def credentials(settings: Settings, lasts_s: float = 60) -> Credentials:
    """As the server makes them."""
    username = f"{int(time.time() + lasts_s)}:test"
    secret = ensure_secret(settings).encode()
    return Credentials(username, credential(secret, username))
