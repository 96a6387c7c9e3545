"""One UDP port for all peers of a worker: whose a datagram is, and what is dropped before anybody looks.

A remote address is looked up; an unknown one is heard only when its first datagram is a STUN check that
carries a known ufrag and its password's MESSAGE-INTEGRITY. Everything else is counted and dropped, never
logged per packet: strangers' handshakes, garbage and empty datagrams reach neither DTLS nor a call.

Datagrams of one sender that came together are read together (UDP_GRO, Linux 5.0) where the kernel does it.
"""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from media.aiortc_seams import PacketBuffer
from media.delays import Delays
from media.egress import Path, SendBuffer, send
from media.faults import FaultLog
from media.rtp import MAX_DATAGRAM
from media.stun import REQUEST, is_authentic, read_check, write_response

_BURST = 64  # reads per wake-up before others get their turn
_SOCKET_BUFFER_BYTES = 4 << 20  # a key frame of 1080p for twelve viewers fits
_UDP_GRO = 104  # <linux/udp.h>; not in the socket module
_SO_TIMESTAMPNS = 35  # <asm-generic/socket.h>
_ANCILLARY_BYTES = socket.CMSG_SPACE(16) + socket.CMSG_SPACE(4)
_RECEIVE_BYTES = 65_536 + 64
_LONG_NS = 20_000_000  # twice what anything in a worker may take
_SET_NS = 20_000_000  # a process may be held up between two looks at clocks, but hardly for so long


class Receiver(Protocol):
    """Who lives behind a ufrag."""

    password: str

    def knows(self, username: str) -> bool: ...
    def checked(self, path: Path, nominated: bool, now: float) -> None: ...
    def received(self, buffer: PacketBuffer, at: int, size: int, segment: int, path: Path, now: float) -> int:
        """A datagram begins at `at`, others may follow each `segment` bytes; how many bytes were taken."""

    def arrived(self, stamp_s: float) -> None:
        """When the kernel took the datagrams that are handed over next, in seconds of a clock of its own."""

    def failed(self, error: Exception, now: float) -> None:
        """One of these raised: a fault of ours that the others must not feel."""

    def pass_on(self, now: float) -> bool:
        """Every datagram of this wake-up was handed over; whether something is due soon."""


class ArrivalClock:
    """The kernel's receive stamps, which are of the machine's clock, on one that nobody sets."""

    def __init__(self, wall_ns: Callable[[], int], steady_ns: Callable[[], int]) -> None:
        self._wall_ns, self._steady_ns = wall_ns, steady_ns
        self._behind_ns = wall_ns() - steady_ns()

    def look(self) -> int:
        """By how much stamps are ahead, in ns; it is another when the machine's clock was set, and only then.

        Both clocks are slewed alike.
        """
        behind_ns = self._wall_ns() - self._steady_ns()
        if abs(behind_ns - self._behind_ns) > _SET_NS:
            self._behind_ns = behind_ns
        return self._behind_ns

    def seconds(self, stamp_ns: int) -> float:
        """When the kernel stamped it."""
        return (stamp_ns - self._behind_ns) / 1e9


class UdpPort:
    """Sockets on one port number, shared by all peers."""

    def __init__(self, sockets: Sequence[socket.socket], announced: Sequence[str]) -> None:
        self._sockets = tuple(sockets)
        self.number: int = sockets[0].getsockname()[1]
        self.announced = tuple(announced)
        self.stray_datagrams = 0
        self.delays = Delays()  # from the kernel's receive stamp to the last send of a wake-up
        self.faults = FaultLog()
        self.sending = SendBuffer()
        self._clock = ArrivalClock(time.time_ns, time.monotonic_ns)
        # Called with the loop's time, and whether something is due soon.
        self.after_reading: Callable[[float, bool], None] = lambda now, soon: None
        # Called with the seconds when a packet waited long until all was done with it, and the loop's time.
        self.waited: Callable[[float, float], None] = lambda lag_s, now: None
        self._by_address: dict[tuple[int, Any], tuple[Receiver, Path]] = {}
        self._by_ufrag: dict[str, Receiver] = {}
        self._buffer = PacketBuffer(_RECEIVE_BYTES)
        self._heard: dict[int, Receiver] = {}  # by identity: who got media in this wake-up
        self._loop = asyncio.get_running_loop()
        for each in self._sockets:
            _ask_for_offload(each)
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
        now, number, memory = self._loop.time(), each.fileno(), [self._buffer.view]
        stamp_ns, behind_ns = 0, self._clock.look()
        for _ in range(_BURST):
            try:
                size, ancillary, _, address = each.recvmsg_into(memory, _ANCILLARY_BYTES)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                continue  # an ICMP error of an earlier send
            segment, arrived_ns = read_ancillary(ancillary, size)
            stamp_ns = stamp_ns or arrived_ns
            arrived_s = (arrived_ns - behind_ns) / 1e9 if arrived_ns else now
            try:
                self._sort(each, (number, address), size, segment, now, arrived_s)
            except Exception as error:  # one sender's datagrams must not cost the others theirs
                self._failed((number, address), error, now)
            if size > segment:
                break  # what came together was read together: nothing is left, or the loop calls again
        self._pass_on(now, stamp_ns)

    def _pass_on(self, now: float, stamp_ns: int) -> None:
        if not self._heard:
            return
        heard, self._heard = self._heard, {}
        soon = False
        for receiver in heard.values():
            try:
                soon = receiver.pass_on(now) or soon
            except Exception as error:
                receiver.failed(error, now)
        self.after_reading(now, soon)
        if stamp_ns:
            delay_ns = time.time_ns() - stamp_ns
            self.delays.note(delay_ns)
            if delay_ns > _LONG_NS:  # by the other clock, as this one may have been set
                self.waited(time.monotonic() - self._clock.seconds(stamp_ns), now)

    def _failed(self, key: tuple[int, Any], error: Exception, now: float) -> None:
        found = self._by_address.get(key)
        if found is not None:
            found[0].failed(error, now)
        else:
            self.stray_datagrams += 1
            self.faults.note("reading a stranger's datagram", error, now)

    def _sort(
        self,
        each: socket.socket,
        key: tuple[int, Any],
        size: int,
        segment: int,
        now: float,
        stamp_s: float,
    ) -> None:
        """Look at every datagram of one read; all of them came from one address."""
        if size == 0:
            self.stray_datagrams += 1
            return
        buffer, found = self._buffer, self._by_address.get(key)
        if found is not None:
            found[0].arrived(stamp_s)
        at = 0
        while at < size:
            length = min(segment, size - at)
            if length > MAX_DATAGRAM:
                self.stray_datagrams += 1
            elif buffer.view[at] <= 3:  # STUN (RFC 7983 section 7)
                self._check(each, key[1], bytes(buffer.view[at : at + length]), now)
            elif found is None:
                self.stray_datagrams += 1
            else:
                self._heard[id(found[0])] = found[0]
                at += found[0].received(buffer, at, size, segment, found[1], now)
                continue
            at += segment

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


def _ask_for_offload(each: socket.socket) -> None:
    for level, option in ((socket.IPPROTO_UDP, _UDP_GRO), (socket.SOL_SOCKET, _SO_TIMESTAMPNS)):
        with contextlib.suppress(OSError):  # an older kernel: every datagram by itself, no stamps
            each.setsockopt(level, option, 1)


def read_ancillary(ancillary: Sequence[tuple[int, int, bytes]], size: int) -> tuple[int, int]:
    """The size of the datagrams in one read, and when the first came (UTC in ns; 0: not told)."""
    segment, stamp_ns = size, 0
    for level, kind, data in ancillary:
        if kind == _SO_TIMESTAMPNS and level == socket.SOL_SOCKET and len(data) >= 16:
            seconds, rest = _TIMESPEC.unpack_from(data)
            stamp_ns = seconds * 1_000_000_000 + rest
        elif kind == _UDP_GRO and level == socket.IPPROTO_UDP and len(data) >= 4:
            segment = max(1, _INT.unpack_from(data)[0])
    return segment, stamp_ns


_TIMESPEC, _INT = struct.Struct("@qq"), struct.Struct("@i")
