"""HTTPS and TURN over TLS on one port, told apart by name: a real HAProxy before a real coturn."""

import asyncio
import contextlib
import os
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from cloudclinic.settings import Settings
from cloudclinic.turn_front import write_front
from media.turn_client import TurnClient
from media.turn_url import read_turn_url
from tests.fakes.ports import free_port
from tests.relay import Relay, credentials, relay_settings

pytestmark = pytest.mark.relay
RELAY = "relay.localhost"


@contextlib.asynccontextmanager
async def front(directory: Path, settings: Settings, port: int) -> AsyncIterator[None]:
    """HAProxy with what `turn front` wrote."""
    config = directory / "haproxy.cfg"
    text = write_front(settings)
    if os.getuid() != 0:  # nobody to change from
        text = text.replace("    user haproxy\n    group haproxy\n", "")
    config.write_text(text)
    process = await asyncio.create_subprocess_exec("haproxy", "-db", "-f", str(config))
    try:
        while True:
            assert process.returncode is None
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(0.05)
        yield
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 10)


async def test_one_port_serves_the_clinic_and_the_relay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = socket.getaddrinfo  # not every machine knows names below localhost
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: whole("127.0.0.1" if host == RELAY else host, *rest, **more),
    )
    shared, pages = free_port(), free_port()
    settings = relay_settings(tmp_path, turn_tls_port=free_port(), port=pages, host="0.0.0.0")
    plain = settings.turn_urls[:2]
    settings = msgspec.structs.replace(settings, turn_urls=(*plain, f"turns:{RELAY}:{shared}"))

    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"a page")
        writer.close()

    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    assert settings.turn_certificate and settings.turn_certificate_key
    own.load_cert_chain(settings.turn_certificate, settings.turn_certificate_key)
    clinic = await asyncio.start_server(page, "127.0.0.1", pages, ssl=own)
    trusted = ssl.create_default_context(cafile=settings.turn_certificate)
    trusted.check_hostname = False
    async with Relay.open(tmp_path, settings) as relay, front(tmp_path, settings, shared):
        url = read_turn_url(settings.turn_urls[2])
        client = await TurnClient.connect(url, credentials(settings), trusted)
        assert (await client.allocate())[0] == "127.0.0.1", relay.log
        await client.leave()
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", shared, ssl=trusted, server_hostname="clinic.example"
        )
        assert await reader.read() == b"a page"
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", shared)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await reader.read() == b""  # not TLS: no answer
        writer.close()
    clinic.close()
    await clinic.wait_closed()
