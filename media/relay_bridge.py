"""Local addresses that lead through a relay (TURN): to the path, a relay is one more address to ask.

For a station whose line carries no UDP to the workers. The path sends to an address of this machine; the
bridge carries each datagram through a channel of the relay and the answers back. It waits for a moment first,
so that whoever gets through directly does, and takes no relay at all.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from media.errors import MediaError
from media.rtp import MAX_DATAGRAM
from media.turn_client import TurnClient
from media.turn_messages import Address, Credentials
from media.turn_url import TurnUrl

log = logging.getLogger(__name__)

HEAD_START_S = 1.0  # of the direct path
KEEP_INTERVAL_S = 200.0  # a permission holds 300 s (RFC 8656 section 9), an allocation 600 s
_LEAVE_LIMIT_S = 1.0
_BURST = 64


@dataclass(frozen=True)
class RelayLogin:
    """One way to a relay, and what opens it."""

    url: TurnUrl
    credentials: Credentials
    tls: ssl.SSLContext  # whom to trust on the way there


@dataclass
class _Door:
    """A local socket that stands for one address of a worker."""

    socket: socket.socket
    worker: Address
    path: Any = None  # where the path sends from: whoever knocks first, it alone is served


class RelayBridge:
    """Opens by itself; `close` at the end."""

    def __init__(self, workers: Sequence[Address], logins: Sequence[RelayLogin]) -> None:
        self._logins = tuple(logins)
        self._loop = asyncio.get_running_loop()
        self._family = 6 if all(":" in host for host, _ in workers) else 4
        of_family = [one for one in workers if (":" in one[0]) is (self._family == 6)] if logins else []
        self._doors = {worker: self._open_door(worker) for worker in of_family}
        self._client: TurnClient | None = None
        self._running = self._loop.create_task(self._run())

    def _open_door(self, worker: Address) -> _Door:
        is_v6 = self._family == 6
        each = socket.socket(socket.AF_INET6 if is_v6 else socket.AF_INET, socket.SOCK_DGRAM)
        each.setblocking(False)
        each.bind(("::1" if is_v6 else "127.0.0.1", 0))
        door = _Door(each, worker)
        self._loop.add_reader(each.fileno(), self._readable, door)
        return door

    @property
    def addresses(self) -> tuple[Address, ...]:
        """What the path may ask besides the workers' own addresses."""
        return tuple(door.socket.getsockname()[:2] for door in self._doors.values())

    async def close(self) -> None:
        """Give the relay back and close; safe to call twice."""
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        for door in self._doors.values():
            self._readable(door)  # the path's goodbye
            self._loop.remove_reader(door.socket.fileno())
            door.socket.close()
        self._doors = {}
        client, self._client = self._client, None
        if client is not None:
            await _leave(client)

    # --- the relay --------------------------------------------------------------------------------------

    async def _run(self) -> None:
        if not self._doors:
            return
        await asyncio.sleep(HEAD_START_S)
        self._client = await self._first_open()
        while self._client is not None:
            await asyncio.sleep(KEEP_INTERVAL_S)
            try:
                await self._client.refresh()
                await self._bind(self._client)
            except MediaError as error:
                log.warning("the relay is lost: %s", error)
                return  # the path notices the silence

    async def _first_open(self) -> TurnClient | None:
        """Try every way at once and take the first that lets a worker be reached."""
        tries = [asyncio.create_task(self._open(login)) for login in self._logins]
        found = None
        try:
            for each in asyncio.as_completed(tries):
                with contextlib.suppress(MediaError):
                    found = await each
                    return found
            return None
        finally:
            for task in tries:
                task.cancel()
            for opened in await asyncio.gather(*tries, return_exceptions=True):
                if isinstance(opened, TurnClient) and opened is not found:
                    await _leave(opened)

    async def _open(self, login: RelayLogin) -> TurnClient:
        client = None
        try:
            client = await TurnClient.connect(login.url, login.credentials, login.tls, self._came_back)
            await client.allocate(self._family)
            await self._bind(client)
        except BaseException as error:
            if isinstance(error, MediaError):
                log.warning("%s: %s", login.url, error)
            if client is not None:
                client.close()
            raise
        log.info("live media takes the relay %s", login.url)
        return client

    async def _bind(self, client: TurnClient) -> None:
        """Let every worker address be reached; raises the last refusal when none may."""
        refused: MediaError | None = None
        bound = 0
        for worker in self._doors:
            try:
                await client.bind(worker)
                bound += 1
            except MediaError as error:
                refused = error
        if refused is not None and not bound:
            raise refused

    # --- packets ----------------------------------------------------------------------------------------

    def _readable(self, door: _Door) -> None:
        for _ in range(_BURST):
            try:
                data, sender = door.socket.recvfrom(MAX_DATAGRAM + 1)
            except OSError:
                return
            if door.path is None:
                door.path = sender
            if sender == door.path and len(data) <= MAX_DATAGRAM and self._client is not None:
                self._client.send(data, door.worker)

    def _came_back(self, data: bytes, worker: Address) -> None:
        door = self._doors.get(worker)
        if door is not None and door.path is not None:
            with contextlib.suppress(OSError):
                door.socket.sendto(data, door.path)


async def _leave(client: TurnClient) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LEAVE_LIMIT_S):
            await client.leave()
    client.close()
