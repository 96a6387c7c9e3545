"""The tap of a room: gives every packet a source sends to the recorder, and never waits for it.

The recorder listens on a Unix SOCK_SEQPACKET socket. What it cannot take at once is counted, and the next
record that gets through tells how many were lost: a gap on the tape, not a delay in the call.
"""

import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from media.errors import RequestRefused
from media.layout import EXTENSION_IDS
from media.rtp import RtpPacket, element, write_packet
from media.source import Source
from records.tape_records import RecordFlag, RecordKind, pack_head
from records.tapes import TapeStream

KEY_INTERVAL_S = 10.0
"""A player goes back to a key frame to show any frame: one is asked for at least this often."""

SEND_BUFFER_BYTES = 1 << 20  # the system gives what it allows (net.core.wmem_max)
_encode = msgspec.msgpack.Encoder().encode


class _Taped:
    """One source on the tape, from one start of its packets to the next."""

    def __init__(self, source: Source, number: int) -> None:
        self.number = number
        self.generation = source.generation
        self._key_at = float("-inf")
        self._key_timestamp: int | None = None

    def follow_keys(self, source: Source, packet: RtpPacket, now: float) -> RecordFlag:
        """Tell where a key frame begins; ask for one when the last one is long ago."""
        if packet.key and packet.timestamp != self._key_timestamp:
            self._key_at, self._key_timestamp = now, packet.timestamp
            return RecordFlag.KEY
        if now - self._key_at >= KEY_INTERVAL_S:
            self._key_at = now
            source.ask_key_frame()
        return RecordFlag.NONE


def _stream_head(source: Source, number: int) -> bytes:
    return _encode(
        TapeStream(
            number=number,
            participant_id=source.participant_id,
            kind=source.kind,
            clock_rate_hz=source.clock_rate_hz,
            codecs={payload_type: codec.value for payload_type, codec in source.codecs.items()},
        )
    )


class Tap:
    """Sends records on a connected socket. `clock_us` gives microseconds since 1970."""

    def __init__(self, connected: socket.socket, clock_us: Callable[[], int]) -> None:
        connected.setblocking(False)
        self._socket = connected
        self._clock_us = clock_us
        self._taped: dict[Source, _Taped] = {}
        # Another tap may have written to the tape before, as when a worker died: its numbers stay its own.
        self._streams = clock_us() // 1000 & 0x7FFF_FFFF
        self._lost = 0
        self.dead = False  # nobody listens any more
        self.lost = 0  # records that were not taken, in all

    @classmethod
    def open(cls, path: Path | str, clock_us: Callable[[], int]) -> "Tap":
        """Connect to the recorder. Raises RequestRefused when nobody listens there."""
        connecting = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        connecting.setblocking(False)
        connecting.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        try:
            connecting.connect(str(path))
        except OSError as error:
            connecting.close()
            raise RequestRefused("no recorder listens on that socket") from error
        return cls(connecting, clock_us)

    def take(self, source: Source, packets: Sequence[RtpPacket], now: float) -> None:
        """Record what a source passes on. Never raises, never waits."""
        at_us = self._clock_us()
        for packet in packets:
            if not self.dead:
                self._take_one(source, packet, at_us, now)

    def _take_one(self, source: Source, packet: RtpPacket, at_us: int, now: float) -> None:
        taped = self._taped.get(source)
        if taped is None or taped.generation != source.generation:
            taped = self._declare(source, at_us)
            if taped is None:
                self._count()
                return
        flags = taped.follow_keys(source, packet, now) if source.is_video else RecordFlag.NONE
        head = pack_head(RecordKind.PACKET, flags, taped.number, self._lost, packet.full, at_us)
        if not self._send(head + _as_bytes(packet)):
            self._count()
            source.ask_key_frame()

    def close(self) -> None:
        """Let the recorder go."""
        self.dead = True
        self._taped.clear()
        self._socket.close()

    def _declare(self, source: Source, at_us: int) -> _Taped | None:
        number = self._streams + 1
        head = pack_head(RecordKind.STREAM, 0, number, self._lost, 0, at_us)
        if not self._send(head + _stream_head(source, number)):
            return None
        self._streams = number
        self._taped[source] = taped = _Taped(source, number)
        source.ask_key_frame()
        return taped

    def _send(self, record: bytes) -> bool:
        try:
            self._socket.send(record)
        except BlockingIOError:
            return False
        except OSError:
            self.dead = True
            return False
        self._lost = 0
        return True

    def _count(self) -> None:
        self._lost += 1
        self.lost += 1


def tape_clock(epoch_us: int) -> Callable[[], int]:
    """The clock a tape's acts are told by, too. Not the event loop's: that may be as old as its last turn."""
    return lambda: epoch_us + time.monotonic_ns() // 1000


def _as_bytes(packet: RtpPacket) -> bytes:
    """The packet as its source sent it, with the capture time and the loudness that went along."""
    kept = b"".join(element(EXTENSION_IDS[extension], value) for extension, value in packet.kept.items())
    return write_packet(
        packet.payload_type,
        bool(packet.marker),
        packet.sequence,
        packet.timestamp,
        packet.ssrc,
        kept,
        packet.payload,
    )
