"""Requests nobody means well with."""

import asyncio
import logging
from pathlib import Path

import pytest
from aiohttp import WSServerHandshakeError

from tests.fakes.records import WANG_XIUYING, ZHOU
from tests.fakes.served import Served, open_doors
from web.guard import UnsafeParser, listen
from web.settings import GuardSettings, WebSettings

HURRIED = GuardSettings(head_s=0.3, body_grace_s=0.2)


async def raw(served: Served, request: bytes) -> bytes:
    """Send bytes as they are; everything that comes back until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.listening.port)
    writer.write(request)
    try:
        return await reader.read(-1)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_a_head_that_never_ends_is_cut_off(tmp_path: Path) -> None:
    async with open_doors(tmp_path, guard=HURRIED) as served:
        assert await raw(served, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: ") == b""
        assert await raw(served, b"") == b""
        assert served.listening.sweeper.closed == 2


async def test_a_head_that_drips_is_cut_off_too(tmp_path: Path) -> None:
    async with open_doors(tmp_path, guard=HURRIED) as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.listening.port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: ")
        with pytest.raises(ConnectionError):
            while True:
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(0.02)
        writer.close()


async def test_a_body_that_drips_is_refused(tmp_path: Path) -> None:
    async with open_doors(tmp_path, guard=HURRIED) as served:
        head = (
            "POST /api/session HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
            "Content-Type: application/json\r\nContent-Length: 2000\r\nConnection: close\r\n\r\n{"
        )
        answer = await raw(served, head.encode())
        assert answer.startswith(b"HTTP/1.1 408")


async def test_a_quiet_socket_with_a_hello_survives_the_sweeper(tmp_path: Path) -> None:
    async with open_doors(tmp_path, guard=HURRIED) as served:
        socket = await (await served.signed_in(ZHOU)).greeted()
        for _ in range(3):  # others, who came later and say nothing, are cut off meanwhile
            assert await raw(served, b"") == b""
        assert not socket.closed
        await socket.send_str('{"type":"probe_clock","sent_us":1}')
        assert (await socket.receive()).json()["type"] == "clock_probed"


async def test_a_body_over_its_limit_is_refused_before_it_is_read(served: Served) -> None:
    head = (
        "POST /api/session HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
        "Content-Type: application/json\r\nContent-Length: 999999999\r\n\r\n{"
    )
    assert (await raw(served, head.encode())).startswith(b"HTTP/1.1 413")


async def test_a_compressed_body_is_not_unpacked(served: Served) -> None:
    answer = await served.browser().ask("POST", "/api/session", {}, Content_Encoding="gzip")
    assert answer.status in (400, 415)


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
    ],
    ids=["CL and TE", "two hosts", "no host", "two lengths"],
)
async def test_a_smuggled_request_is_400_and_closes(served: Served, request_: bytes) -> None:
    answer = await raw(served, request_)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    assert answer.count(b"HTTP/1.") == 1


async def test_another_host_name_is_not_answered(served: Served) -> None:
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:evil"):
        answer = await served.browser().get("/healthz", Host=host)
        assert answer.status == 421, host


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://doctor.localhost"])
async def test_a_write_from_another_origin_is_refused(served: Served, origin: str) -> None:
    browser = await served.signed_in(ZHOU)
    answer = await browser.post("/api/residents/search", {"query": ""}, Origin=origin)
    assert answer.code == "wrong_origin"


async def test_a_neighbouring_host_is_another_origin(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    neighbour = browser.origin.replace("doctor", "admin")
    assert (await browser.post("/api/residents/search", {"query": ""}, Origin=neighbour)).status == 403
    site = await browser.post("/api/residents/search", {"query": ""}, Sec_Fetch_Site="same-site")
    assert site.code == "wrong_origin"


async def test_a_form_cannot_write(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"):
        answer = await browser.post("/api/residents/search", {"query": ""}, Content_Type=kind)
        assert answer.code == "not_json"


async def handshake_status(served: Served, signed_in: bool, **headers: str) -> int:
    browser = await served.signed_in(ZHOU) if signed_in else served.browser()
    try:
        await (await browser.socket(**headers)).close()
    except WSServerHandshakeError as refused:
        return refused.status
    return 101


async def test_an_upgrade_needs_our_own_origin(served: Served) -> None:
    assert await handshake_status(served, True) == 101
    assert await handshake_status(served, True, Origin="http://evil.example") == 403
    assert await handshake_status(served, True, Sec_Fetch_Site="cross-site") == 403
    assert await handshake_status(served, False) == 401


async def test_an_upgrade_with_a_cookie_and_no_origin_is_refused(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    head = (
        f"GET /socket HTTP/1.1\r\nHost: {browser.host}\r\nCookie: __Host-session={browser.token}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", served.listening.port)
    writer.write(head.encode())
    assert b" 403 " in await reader.readline()
    writer.close()


async def test_an_upgrade_with_a_body_is_refused(served: Served) -> None:
    browser = await served.signed_in(ZHOU)
    head = (
        f"GET /socket HTTP/1.1\r\nHost: {browser.host}\r\nOrigin: {browser.origin}\r\n"
        f"Cookie: __Host-session={browser.token}\r\nContent-Length: 30\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n      "
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", served.listening.port)
    writer.write(head.encode())
    assert b" 400 " in await reader.readline()
    writer.close()


async def test_headers_keep_other_sites_and_scripts_out(served: Served) -> None:
    headers = (await served.browser().get("/api/greeting")).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
    assert {
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "worker-src 'self' blob:",
    } <= set(policy.split("; "))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers and "Server" not in headers


async def test_even_a_refusal_carries_the_headers(served: Served) -> None:
    answer = await served.browser().get("/api/session")
    assert answer.status == 401 and "Content-Security-Policy" in answer.headers


def test_hsts_comes_with_a_trusted_certificate_only() -> None:
    assert WebSettings(tls=True, self_signed=True).scheme == "https"
    assert not WebSettings(names=("clinic.example",), on_loopback=False).answers_to("localhost")
    assert WebSettings(names=("clinic.example",), on_loopback=False).answers_to("Clinic.example:8443")


async def test_nobodys_name_is_in_a_log(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser = await served.signed_in(ZHOU)
    await browser.post("/api/residents/search", {"query": WANG_XIUYING.name})
    await browser.get(f"/api/residents/{WANG_XIUYING.id}")
    await browser.post("/api/residents", {"name": WANG_XIUYING.name})
    await browser.get("/api/residents/王秀英")
    assert WANG_XIUYING.name not in caplog.text and browser.token not in caplog.text


async def test_the_python_parser_is_not_used(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIOHTTP_NO_EXTENSIONS", "1")
    from web.app import make_app

    with pytest.raises(UnsafeParser):
        await listen(make_app(served.parts), "127.0.0.1", 0)
