"""A line of bad quality in user space: datagrams wait, get lost, or find the line dead. On loopback only."""

import asyncio
import random
import socket
from typing import Any, Self

SOCKET_BUFFER_BYTES = 1 << 20
MOST_BYTES = 2048
_BURST = 64
Address = tuple[str, int]


class UdpLine:
    """Carries datagrams between clients that send to `port` and one server. Open with `async with`.

    `loss_there` and `loss_back` are shares from 0 to 1, `delay_s` is one way; all may be changed meanwhile.
    """

    def __init__(self, server: Address, seed: int = 1) -> None:
        self.loss_there = self.loss_back = self.delay_s = 0.0
        self.dead = False
        self._server = server
        self._random = random.Random(seed)
        self._loop = asyncio.get_running_loop()
        self._front = self._open()
        self._front.bind(("127.0.0.1", 0))
        self.port: int = self._front.getsockname()[1]
        self._backs: dict[Address, socket.socket] = {}

    async def __aenter__(self) -> Self:
        self._loop.add_reader(self._front.fileno(), self._from_client)
        return self

    async def __aexit__(self, *_: object) -> None:
        for each in (self._front, *self._backs.values()):
            self._loop.remove_reader(each.fileno())
            each.close()

    @staticmethod
    def _open() -> socket.socket:
        each = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        each.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            each.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER_BYTES)
        return each

    def _from_client(self) -> None:
        for data, client in _waiting(self._front):
            self._carry(data, self._back_of(client), self._server, self.loss_there)

    def _back_of(self, client: Address) -> socket.socket:
        back = self._backs.get(client)
        if back is None:
            back = self._backs[client] = self._open()
            back.bind(("127.0.0.1", 0))
            self._loop.add_reader(back.fileno(), self._from_server, back, client)
        return back

    def _from_server(self, back: socket.socket, client: Address) -> None:
        for data, _ in _waiting(back):
            self._carry(data, self._front, client, self.loss_back)

    def _carry(self, data: bytes, out: socket.socket, to: Address, loss: float) -> None:
        if self.dead or self._random.random() < loss:
            return
        if self.delay_s:
            self._loop.call_later(self.delay_s, _send, out, data, to)
        else:
            _send(out, data, to)


def _waiting(each: socket.socket) -> list[tuple[bytes, Any]]:
    found = []
    for _ in range(_BURST):
        try:
            found.append(each.recvfrom(MOST_BYTES))
        except OSError:
            break
    return found


def _send(out: socket.socket, data: bytes, to: Address) -> None:
    try:
        out.sendto(data, to)
    except OSError:
        return  # the socket is full or was closed meanwhile: lost, as on any line
