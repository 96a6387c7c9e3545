"""One UDP port for all peers of a worker: whose a datagram is, and what is dropped before anybody looks.

A remote address is looked up; an unknown one is heard only when its first datagram is a STUN check that
carries a known ufrag and its password's MESSAGE-INTEGRITY. Everything else is counted and dropped, never
logged per packet: strangers' handshakes, garbage and empty datagrams reach neither DTLS nor a call.
"""

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from media.aiortc_seams import PacketBuffer
from media.rtp import MAX_DATAGRAM
from media.stun import REQUEST, is_authentic, read_check, write_response

_BURST = 64  # datagrams read per wake-up before others get their turn
_SOCKET_BUFFER_BYTES = 4 << 20  # a key frame of 1080p for twelve viewers fits


@dataclass(frozen=True)
class Path:
    """One of our sockets and one remote address."""

    socket: socket.socket
    address: Any  # as the socket gave it


class Receiver(Protocol):
    """Who lives behind a ufrag."""

    password: str

    def knows(self, username: str) -> bool: ...
    def checked(self, path: Path, nominated: bool, now: float) -> None: ...
    def received(self, buffer: PacketBuffer, size: int, path: Path, now: float) -> None: ...


class UdpPort:
    """Sockets on one port number, shared by all peers."""

    def __init__(self, sockets: Sequence[socket.socket], announced: Sequence[str]) -> None:
        self._sockets = tuple(sockets)
        self.number: int = sockets[0].getsockname()[1]
        self.announced = tuple(announced)
        self.stray_datagrams = 0
        self._by_address: dict[tuple[int, Any], tuple[Receiver, Path]] = {}
        self._by_ufrag: dict[str, Receiver] = {}
        self._buffer = PacketBuffer()
        self._loop = asyncio.get_running_loop()
        for each in self._sockets:
            self._loop.add_reader(each.fileno(), self._readable, each)

    @classmethod
    def open(cls, number: int, bind: Sequence[str], announced: Sequence[str]) -> "UdpPort":
        """Bind one socket per address, all on the same port (0: the first one picks). Raises OSError."""
        with contextlib.ExitStack() as stack:
            sockets: list[socket.socket] = []
            for host in bind:
                family = socket.AF_INET6 if ":" in host else socket.AF_INET
                each = stack.enter_context(socket.socket(family, socket.SOCK_DGRAM))
                each.setblocking(False)
                each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SOCKET_BUFFER_BYTES)
                each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SOCKET_BUFFER_BYTES)
                each.bind((host, number))
                number = each.getsockname()[1]
                sockets.append(each)
            stack.pop_all()
        return cls(sockets, announced)

    @property
    def candidates(self) -> tuple[tuple[str, int], ...]:
        """What offers announce."""
        return tuple((host, self.number) for host in self.announced)

    def close(self) -> None:
        for each in self._sockets:
            self._loop.remove_reader(each.fileno())
            each.close()

    def register(self, ufrag: str, receiver: Receiver) -> None:
        self._by_ufrag[ufrag] = receiver

    def bind(self, path: Path, receiver: Receiver) -> None:
        """Datagrams from this address are this peer's from now on: it proved to have the password."""
        self._by_address[path.socket.fileno(), path.address] = (receiver, path)

    def unbind(self, path: Path) -> None:
        self._by_address.pop((path.socket.fileno(), path.address), None)

    def forget(self, ufrag: str, receiver: Receiver) -> None:
        """Drop a peer and all its addresses."""
        self._by_ufrag.pop(ufrag, None)
        for key in [key for key, (owner, _) in self._by_address.items() if owner is receiver]:
            del self._by_address[key]

    def _readable(self, each: socket.socket) -> None:
        now, buffer, number = self._loop.time(), self._buffer, each.fileno()
        for _ in range(_BURST):
            try:
                size, address = each.recvfrom_into(buffer.view)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue  # an ICMP error of an earlier send
            self._sort(each, number, address, size, now)

    def _sort(self, each: socket.socket, number: int, address: Any, size: int, now: float) -> None:
        if size == 0 or size > MAX_DATAGRAM:
            self.stray_datagrams += 1
            return
        buffer = self._buffer
        if buffer.view[0] <= 3:  # STUN (RFC 7983 section 7)
            self._check(each, address, bytes(buffer.view[:size]), now)
            return
        found = self._by_address.get((number, address))
        if found is None:
            self.stray_datagrams += 1
            return
        found[0].received(buffer, size, found[1], now)

    def _check(self, each: socket.socket, address: Any, data: bytes, now: float) -> None:
        check = read_check(data)
        receiver = None
        if check is not None and check.kind == REQUEST:
            receiver = self._by_ufrag.get(check.username.partition(":")[0])
        if (
            check is None
            or receiver is None
            or not receiver.knows(check.username)
            or not is_authentic(check, receiver.password)
        ):
            self.stray_datagrams += 1
            return
        path = Path(each, address)
        send(path, write_response(check.transaction, (address[0], address[1]), receiver.password))
        receiver.checked(path, check.use_candidate, now)


def send(path: Path, data: bytes | memoryview) -> None:
    """Send one datagram; a full socket buffer or an unreachable address loses it, as any network may."""
    try:
        path.socket.sendto(data, path.address)
    except OSError:
        return
