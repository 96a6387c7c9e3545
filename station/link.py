"""Keeps a line to the server: connects, reads, and connects again for ever."""

import asyncio
import contextlib
import logging
import random
import ssl
from typing import Protocol

import aiohttp
import msgspec

from ecg import wire
from ecg.errors import WireError
from signaling.messages import Message
from signaling.station_messages import StationCloseCode, decode_to_station
from station.line import Line
from station.settings import StationSettings

log = logging.getLogger(__name__)

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 15.0
HEARTBEAT_S = 5.0
CONNECT_LIMIT_S = 10.0
MESSAGE_LIMIT_BYTES = 256 << 10  # an SDP offer of 64 kB with room


class LineUser(Protocol):
    """Who speaks over the line."""

    async def opened(self, line: Line) -> None: ...
    def took_message(self, line: Line, message: Message) -> None: ...
    def took_packet(self, packet: wire.Packet) -> None: ...
    async def closed(self) -> None: ...


class Link:
    """The station's way to its server. TLS is checked by the pinned certificate or the authority, always."""

    def __init__(
        self, settings: StationSettings, user: LineUser, jitter: random.Random | None = None
    ) -> None:
        self._settings = settings
        self._user = user
        self._jitter = jitter or random.Random()
        self._failures = 0
        self._line: Line | None = None
        self._cut_until_s = 0.0

    def succeeded(self) -> None:
        """The server has welcomed the station: the next loss begins with a short wait again."""
        self._failures = 0

    def cut(self, seconds: float) -> None:
        """Behave as if the cable was pulled for so long (demo)."""
        self._cut_until_s = asyncio.get_running_loop().time() + seconds
        if self._line is not None:
            self._line.lost.set()

    def next_wait_s(self) -> float:
        """How long to wait before the next try: full jitter up to 0.5 s, then 1, 2 … 15 s."""
        longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(self._failures, 10))
        self._failures += 1
        return self._jitter.uniform(0, longest)

    async def run(self) -> None:
        """Connect again and again until cancelled."""
        loop = asyncio.get_running_loop()
        check = await asyncio.to_thread(ssl_check, self._settings)
        async with aiohttp.ClientSession() as session:
            while True:
                await asyncio.sleep(max(0.0, self._cut_until_s - loop.time()))
                try:
                    await self._hold(session, check)
                except (aiohttp.ClientError, OSError, TimeoutError) as error:
                    log.warning("server not reached: %s", error)
                await asyncio.sleep(self.next_wait_s())

    async def _hold(
        self, session: aiohttp.ClientSession, check: ssl.SSLContext | aiohttp.Fingerprint | bool
    ) -> None:
        async with asyncio.timeout(CONNECT_LIMIT_S):
            socket = await session.ws_connect(
                self._settings.socket_url,
                headers={"Authorization": f"Bearer {self._settings.token}"},
                heartbeat=HEARTBEAT_S,
                max_msg_size=MESSAGE_LIMIT_BYTES,
                ssl=check,
            )
        line = self._line = Line(socket)
        tasks = [
            asyncio.create_task(task) for task in (line.write(), self._read(socket, line), line.lost.wait())
        ]
        try:
            await self._user.opened(line)
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._line = None
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            await self._user.closed()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await socket.close()
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _read(self, socket: aiohttp.ClientWebSocketResponse, line: Line) -> None:
        while True:
            frame = await socket.receive()
            if frame.type is aiohttp.WSMsgType.TEXT:
                self._take_text(line, frame.data)
            elif frame.type is aiohttp.WSMsgType.BINARY:
                self._take_packet(frame.data)
            else:
                self._note_close(frame)
                return

    def _take_text(self, line: Line, text: str) -> None:
        try:
            message = decode_to_station(text)
        except (msgspec.DecodeError, RecursionError):
            log.warning("the server said something this version does not know; left aside")
            return
        self._user.took_message(line, message)

    def _take_packet(self, data: bytes) -> None:
        try:
            self._user.took_packet(wire.decode(data))
        except WireError as error:
            log.warning("the server sent what is not E1: %s", error)

    def _note_close(self, frame: aiohttp.WSMessage) -> None:
        reason = str(frame.extra or "")
        log.warning("line lost %s", reason)
        if reason in (StationCloseCode.REPLACED, StationCloseCode.REVOKED):
            self._failures = 10  # another station has this token, or nobody: come back slowly


def ssl_check(settings: StationSettings) -> ssl.SSLContext | aiohttp.Fingerprint | bool:
    """How the server's certificate is checked: by the pinned one, or by the authority."""
    if settings.fingerprint is not None:
        return aiohttp.Fingerprint(settings.fingerprint)
    if settings.ca_file is not None:
        return ssl.create_default_context(cafile=str(settings.ca_file))
    return True
