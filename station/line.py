"""One WebSocket to the server while it holds: what goes out, in order, in a bounded outbox."""

import asyncio
import contextlib

import msgspec
from aiohttp import ClientWebSocketResponse

from signaling.messages import Message

OUTBOX_MESSAGES = 512


class Line:
    """An open socket. When its outbox is full the server takes nothing: the line is given up."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._outbox: asyncio.Queue[bytes | str] = asyncio.Queue(OUTBOX_MESSAGES)
        self.lost = asyncio.Event()

    def send(self, message: Message) -> None:
        """Send a message."""
        self._put(msgspec.json.encode(message).decode())

    def send_packet(self, packet: bytes) -> None:
        """Send an E1 packet."""
        self._put(packet)

    async def write(self) -> None:
        """Carry the outbox to the socket until the line is lost."""
        with contextlib.suppress(ConnectionError, RuntimeError):
            while True:
                item = await self._outbox.get()
                if isinstance(item, bytes):
                    await self._socket.send_bytes(item)
                else:
                    await self._socket.send_str(item)
        self.lost.set()

    def _put(self, item: bytes | str) -> None:
        try:
            self._outbox.put_nowait(item)
        except asyncio.QueueFull:
            self.lost.set()
