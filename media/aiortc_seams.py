"""The only place that touches private names of aiortc and pylibsrtp: DTLS over our own port, SRTP in place.

aiortc's DTLS transport is given a small object in place of its ICE transport (`role`, `_recv`, `_send`).
Importing this module checks that each private name is there and that the versions are the ones it was
written for, and raises `SeamBroken` otherwise.
"""

import asyncio
import importlib.metadata
from collections.abc import Callable, Sequence
from typing import Any

from aiortc import RTCCertificate
from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib

from media.errors import SeamBroken

WRITTEN_FOR = {"aiortc": (1, 16), "pylibsrtp": (1, 0)}
BUFFER_BYTES = 2048
_MAX_WAITING_DATAGRAMS = 64  # DTLS flights before the answer came; more is not a handshake


def check_seams() -> None:
    """Raise SeamBroken unless the libraries are the ones this module was written for."""
    for name, version in WRITTEN_FOR.items():
        installed = importlib.metadata.version(name)
        if tuple(int(part) for part in installed.split(".")[:2]) != version:
            raise SeamBroken(f"{name} {installed} is installed; {'.'.join(map(str, version))} is right")
    needed: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (RTCDtlsTransport, ("_set_role", "_recv_next", "_write_ssl", "_setup_srtp")),
        (lib, ("srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp")),
        (Session(Policy(key=bytes(30), ssrc_type=Policy.SSRC_ANY_INBOUND)), ("_srtp",)),
    )
    for owner, names in needed:
        for name in names:
            if not hasattr(owner, name):
                raise SeamBroken(f"{owner!r} has no {name}: the seams must be looked at again")


check_seams()
_protect, _unprotect, _OK = lib.srtp_protect, lib.srtp_unprotect, lib.srtp_err_status_ok


class Certificate:
    """A self-signed certificate of one peer connection."""

    def __init__(self) -> None:
        self.inner = RTCCertificate.generateCertificate()
        self.fingerprint = next(
            found.value.upper() for found in self.inner.getFingerprints() if found.algorithm == "sha-256"
        )


class PacketBuffer:
    """Memory in which datagrams are received, opened, closed and sent without being copied."""

    def __init__(self, size: int = BUFFER_BYTES) -> None:
        self.address = ffi.new("char[]", size)
        self.length = ffi.new("int *")
        self.view = memoryview(ffi.buffer(self.address)).cast("B")


class Srtp:
    """The SRTP sessions of one connected peer, working on a packet that begins at `at` in a `PacketBuffer`.

    Each returns the packet's new size, or -1 when it is not authentic or a repeat.
    """

    __slots__ = ("_keep", "_incoming", "_outgoing", "trailer_bytes")

    def __init__(self, incoming: Session, outgoing: Session) -> None:
        self._keep = (incoming, outgoing)
        self._incoming, self._outgoing = incoming._srtp[0], outgoing._srtp[0]
        self.trailer_bytes: int | None = None  # what encryption adds to a packet; known after the first

    def open_rtp(self, buffer: PacketBuffer, at: int, size: int) -> int:
        """Decrypt in place."""
        length = buffer.length
        length[0] = size
        return length[0] if _unprotect(self._incoming, buffer.address + at, length) == _OK else -1

    def open_rtcp(self, buffer: PacketBuffer, at: int, size: int) -> int:
        """Decrypt in place."""
        length = buffer.length
        length[0] = size
        status = lib.srtp_unprotect_rtcp(self._incoming, buffer.address + at, length)
        return length[0] if status == _OK else -1

    def close_rtp(self, buffer: PacketBuffer, at: int, size: int) -> int:
        """Encrypt in place."""
        length = buffer.length
        length[0] = size
        if _protect(self._outgoing, buffer.address + at, length) != _OK:
            return -1
        closed: int = length[0]
        self.trailer_bytes = closed - size
        return closed

    def close_each(self, buffer: PacketBuffer, places: Sequence[tuple[int, int]]) -> Sequence[int]:
        """Encrypt every packet in place, given where each begins and its size; which of them failed."""
        failed: list[int] = []
        length, address, session = buffer.length, buffer.address, self._outgoing
        for index, (at, size) in enumerate(places):
            length[0] = size
            if _protect(session, address + at, length) != _OK:
                failed.append(index)
        return failed

    def close_rtcp(self, buffer: PacketBuffer, at: int, size: int) -> int:
        """Encrypt in place."""
        length = buffer.length
        length[0] = size
        status = lib.srtp_protect_rtcp(self._outgoing, buffer.address + at, length)
        return length[0] if status == _OK else -1


class _Pipe:
    """What aiortc's DTLS transport needs of an ICE transport."""

    role = "controlled"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._out = send
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(_MAX_WAITING_DATAGRAMS)
        self._closed = False

    def feed(self, datagram: bytes) -> None:
        if not self._queue.full():
            self._queue.put_nowait(datagram)

    def close(self) -> None:
        self._closed = True
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def _recv(self) -> bytes:
        datagram = None if self._closed else await self._queue.get()
        if datagram is None:
            raise ConnectionError("closed")
        return datagram

    async def _send(self, datagram: bytes) -> None:
        self._out(datagram)


class Dtls:
    """One DTLS association: feed it datagrams, then take its SRTP keys."""

    def __init__(self, certificate: Certificate, send: Callable[[bytes], None]) -> None:
        self._pipe = _Pipe(send)
        self._transport = RTCDtlsTransport(self._pipe, [certificate.inner])  # type: ignore[arg-type]

    def feed(self, datagram: bytes) -> None:
        """Hand over a received DTLS record; the oldest are kept when there are too many."""
        self._pipe.feed(datagram)

    async def handshake(self, fingerprint: str, as_client: bool) -> Srtp | None:
        """Shake hands with the owner of this sha-256 fingerprint; None: it failed."""
        self._transport._set_role("client" if as_client else "server")
        parameters = RTCDtlsParameters([RTCDtlsFingerprint("sha-256", fingerprint)])
        await self._transport.start(parameters)
        if self._transport.state != "connected":
            return None
        return Srtp(self._transport._rx_srtp, self._transport._tx_srtp)

    def on_closed(self, told: Callable[[], None]) -> None:
        """Call `told` when the other side closes the association."""
        self._transport.on("statechange", lambda: told() if self._transport.state == "closed" else None)

    async def close(self) -> None:
        """Say goodbye and stop."""
        self._transport.remove_all_listeners()
        self._pipe.close()
        await self._transport.stop()
