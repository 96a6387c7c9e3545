"""What the station puts to the server, or asks it, by HTTP, so that the socket never waits behind a picture.

The server ends a connection that is idle for 5 s: a light question goes over one every 3 s while pictures are
taken, and the first still needs no handshake.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Self

import aiohttp
import msgspec

from records.values import Value
from station.link import ssl_check
from station.settings import StationSettings

log = logging.getLogger(__name__)

WARM_EVERY_S = 3.0
PUT_LIMIT_S = 60.0
ASK_LIMIT_S = 8.0  # a scanner is answered within 10 s
_LATER = ("too_slow", "rate_limited", "clock_unknown")
"""Refusals of what is right, only too early or over too bad a line."""

_PIECE_BYTES = 64 << 10
_SLOW_PIECE_BYTES = 8 << 10


class UploadRefused(Exception):
    """The server does not want it (any more); the text is its code."""


class UploadBroken(Exception):
    """The line broke, or the server failed: it may be tried again."""


class Uploads:
    """Use as a context; `put` from within."""

    def __init__(self, settings: StationSettings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        check = await asyncio.to_thread(ssl_check, self._settings)
        connector = aiohttp.TCPConnector(ssl=check, limit=4, keepalive_timeout=15)
        headers = {"Authorization": f"Bearer {self._settings.token}"}
        self._session = aiohttp.ClientSession(connector=connector, headers=headers)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()
        self._session = None

    async def keep_warm(self, wanted: Callable[[], bool]) -> None:
        """Keep a connection open for as long as it may be wanted at once; until cancelled."""
        while True:
            if wanted():
                with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
                    await self._keep_open()
            await asyncio.sleep(WARM_EVERY_S)

    async def ask(self, path: str, question: Value) -> bytes:
        """What the server answers to a question; raise `UploadRefused`, `UploadBroken`."""
        headers = {"Content-Type": "application/json"}
        return await self._sent("POST", path, msgspec.json.encode(question), headers, ASK_LIMIT_S)

    async def _keep_open(self) -> None:
        assert self._session is not None
        limit = aiohttp.ClientTimeout(total=WARM_EVERY_S)
        async with self._session.get(self._url("/healthz"), timeout=limit) as answer:
            await answer.read()

    async def put(self, path: str, about: Value, file: bytes, bits_per_s: float | None = None) -> None:
        """Put a file and what is said of it, no faster than told; raise `UploadRefused`, `UploadBroken`."""
        edge = secrets.token_hex(16)
        head, tail = _around(about, edge)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Content-Length": str(len(head) + len(file) + len(tail)),
        }
        body = _pieces(head, file, tail, bits_per_s)
        longest_s = PUT_LIMIT_S + (2 * 8 * len(file) / bits_per_s if bits_per_s else 0.0)
        await self._sent("PUT", path, body, headers, longest_s)

    async def _sent(
        self,
        method: str,
        path: str,
        body: bytes | AsyncIterator[bytes],
        headers: dict[str, str],
        longest_s: float,
    ) -> bytes:
        assert self._session is not None
        limit = aiohttp.ClientTimeout(total=longest_s)
        try:
            async with self._session.request(
                method, self._url(path), data=body, headers=headers, timeout=limit
            ) as answer:
                said = await answer.read()
                if answer.status < 300:
                    return said
                raise _refused(answer.status, said.decode(errors="replace"))
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise UploadBroken(type(error).__name__) from error

    def _url(self, path: str) -> str:
        return self._settings.server_url.rstrip("/") + path


def _refused(status: int, text: str) -> UploadBroken | UploadRefused:
    code = _code(text) or str(status)
    if status >= 500 or code in _LATER:
        return UploadBroken(f"answered {status} {code}")
    return UploadRefused(code)


def _around(about: Value, edge: str) -> tuple[bytes, bytes]:
    """What stands before and behind the file in a form (RFC 7578)."""
    disposition = "Content-Disposition: form-data; name="
    head = (
        f'--{edge}\r\n{disposition}"about"\r\nContent-Type: application/json\r\n\r\n'.encode()
        + msgspec.json.encode(about)
        + f'\r\n--{edge}\r\n{disposition}"file"; filename="still.png"\r\n'.encode()
        + b"Content-Type: image/png\r\n\r\n"
    )
    return head, f"\r\n--{edge}--\r\n".encode()


async def _pieces(head: bytes, file: bytes, tail: bytes, bits_per_s: float | None) -> AsyncIterator[bytes]:
    """The body piece by piece: nothing else on the loop waits for it, nor, at a rate, on the line."""
    yield head
    view = memoryview(file)
    piece = _PIECE_BYTES if bits_per_s is None else _SLOW_PIECE_BYTES
    for at in range(0, len(file), piece):
        yield bytes(view[at : at + piece])
        if bits_per_s:
            await asyncio.sleep(piece * 8 / bits_per_s)
    yield tail


def _code(problem: str) -> str:
    with contextlib.suppress(msgspec.DecodeError):
        return str(msgspec.json.decode(problem).get("code", ""))
    return ""
