"""One socket's way out: bounded, never blocking, in order.

Control messages that pile up (256 kB, or the oldest waits 2 s) close the socket with 1013: the client comes
back and resumes. Waveform packets that pile up lose the oldest: the client sees the hole and asks again.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp.web import WebSocketResponse

from signaling.messages import Message, encode
from web.settings import GuardSettings

TRY_AGAIN_LATER = 1013  # RFC 6455 section 7.4.1 and the IANA registry
POLICY = 1008
GOING_AWAY = 1001
PACKETS_LIMIT_BYTES = 1024 * 1024
LAST_WORDS_S = 1.0
"""How long a closing socket may take to get rid of what was said before."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    data: bytes
    is_packet: bool
    since_s: float


class SocketOutbox:
    """What waits to be sent on one WebSocket; `run` sends it until the socket is closed."""

    def __init__(
        self, socket: WebSocketResponse, guard: GuardSettings, monotonic_s: Callable[[], float]
    ) -> None:
        self._socket = socket
        self._guard = guard
        self._monotonic_s = monotonic_s
        self._waiting: deque[_Waiting] = deque()
        self._control_bytes = 0
        self._packet_bytes = 0
        self._news = asyncio.Event()
        self._closing: tuple[int, str] | None = None
        self.dropped_packets = 0

    @property
    def waiting_bytes(self) -> int:
        """What waits, in bytes."""
        return self._control_bytes + self._packet_bytes

    def put(self, message: Message) -> None:
        """Send a message; an overflow closes the socket."""
        if self._closing is not None:
            return
        data = encode(message)
        if self._overflows(len(data)):
            self._waiting.clear()
            self._end(TRY_AGAIN_LATER, "overflow")
            return
        self._control_bytes += len(data)
        self._add(data, is_packet=False)

    def put_bytes(self, packet: bytes) -> None:
        """Send a waveform packet; the oldest are dropped when too many wait."""
        if self._closing is not None:
            return
        self._packet_bytes += len(packet)
        self._add(packet, is_packet=True)
        while self._packet_bytes > PACKETS_LIMIT_BYTES:
            self._drop_oldest_packet()

    def close(self, code: str) -> None:
        """Close the socket after what was put before; `code` is the close reason."""
        self._end(POLICY, code)

    def go_away(self) -> None:
        """Close the socket because the server stops: the client comes back by itself."""
        self._end(GOING_AWAY, "stopping")

    def _add(self, data: bytes, is_packet: bool) -> None:
        self._waiting.append(_Waiting(data, is_packet, self._monotonic_s()))
        self._news.set()

    def _overflows(self, more_bytes: int) -> bool:
        """A single large message (a snapshot) may go when nothing waits before it."""
        oldest = next((one for one in self._waiting if not one.is_packet), None)
        if oldest is None:
            return False
        too_much = self._control_bytes + more_bytes > self._guard.outbox_bytes
        return too_much or self._monotonic_s() - oldest.since_s > self._guard.outbox_s

    def _drop_oldest_packet(self) -> None:
        oldest = next(one for one in self._waiting if one.is_packet)
        self._waiting.remove(oldest)
        self._packet_bytes -= len(oldest.data)
        self.dropped_packets += 1

    def _end(self, code: int, reason: str) -> None:
        if self._closing is None:
            self._closing = (code, reason)
            self._news.set()

    async def run(self) -> None:
        """Send until the socket is closed from either side."""
        try:
            while self._closing is None:
                await self._news.wait()
                self._news.clear()
                await self._send_waiting()
        except (ConnectionError, RuntimeError):
            return  # the other side is gone; the reader sees it too
        await self._say_goodbye(*self._closing)

    async def _send_waiting(self) -> None:
        while self._waiting:
            one = self._waiting[0]
            try:
                if one.is_packet:
                    await self._socket.send_bytes(one.data)
                else:
                    await self._socket.send_str(one.data.decode())
            finally:
                self._sent(one)

    def _sent(self, one: _Waiting) -> None:
        """It stayed in front while it was being sent, so that its age counts."""
        if not self._waiting or self._waiting[0] is not one:
            return  # dropped meanwhile, and taken off the count then
        self._waiting.popleft()
        if one.is_packet:
            self._packet_bytes -= len(one.data)
        else:
            self._control_bytes -= len(one.data)

    async def _say_goodbye(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                await self._send_waiting()
                await self._socket.close(code=code, message=reason.encode()[:120])
        except (TimeoutError, ConnectionError, RuntimeError):
            transport = self._socket._req.transport if self._socket._req else None
            if transport is not None:
                transport.abort()
