"""The record of a tape: one packet, act or stream head, as it goes to the recorder and as it lies on disk.

Little-endian: u8 kind, u8 flags, u16 zero, u32 stream number, u32 records lost just before this one, u64
sequence, u64 microseconds since 1970 on the server's clock; then the payload. On disk each stands behind its
length, u32.
"""

import enum
import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from records.errors import StoreError

_HEAD = struct.Struct("<BBxxIIQQ")
_LENGTH = struct.Struct("<I")
HEAD_BYTES = _HEAD.size
MAX_RECORD_BYTES = 64 * 1024


class RecordKind(enum.IntEnum):
    """What a record holds."""

    STREAM = 1  # a `records.tapes.TapeStream` in msgpack; stands before its first packet
    PACKET = 2  # one RTP packet (RFC 3550), decrypted, a retransmission unwrapped
    ACT = 3  # one message of the room as JSON
    LOSS = 4  # nothing but `lost`, where no other record could carry it


class RecordFlag(enum.IntFlag):
    """What the recorder must know without reading the payload."""

    NONE = 0
    KEY = 1  # a key frame begins


class TapeRecord(NamedTuple):
    """One record. `sequence`: the packet's own without wrap; 0 where there is none."""

    kind: int
    flags: int
    stream: int
    lost: int
    sequence: int
    at_us: int
    payload: bytes

    def pack(self) -> bytes:
        """As bytes, without the length."""
        kind, flags, stream, lost, sequence, at_us, payload = self
        return _HEAD.pack(kind, flags, stream, lost, sequence, at_us) + payload


pack_head = _HEAD.pack
"""The head alone, for who sends the payload beside it: kind, flags, stream, lost, sequence, at_us."""


def read_record(data: bytes) -> TapeRecord | None:
    """Read one record; None when it is none."""
    if not HEAD_BYTES <= len(data) <= MAX_RECORD_BYTES:
        return None
    kind, flags, stream, lost, sequence, at_us = _HEAD.unpack_from(data)
    record = TapeRecord(kind, flags, stream, lost, sequence, at_us, data[HEAD_BYTES:])
    return record if 1 <= record.kind <= max(RecordKind) else None


def with_loss(data: bytes, more: int) -> bytes:
    """The same record, telling of so many more lost before it."""
    if not more:
        return data
    kind, flags, stream, lost, sequence, at_us = _HEAD.unpack_from(data)
    head = _HEAD.pack(kind, flags, stream, min(lost + more, 0xFFFF_FFFF), sequence, at_us)
    return head + data[HEAD_BYTES:]


def join_records(records: Iterable[bytes]) -> bytes:
    """Records one after the other, each behind its length."""
    return b"".join(part for record in records for part in (_LENGTH.pack(len(record)), record))


def split_records(data: bytes) -> Iterator[TapeRecord]:
    """The records again; raise `StoreError` for bytes that are none."""
    at = 0
    while at < len(data):
        if at + 4 > len(data):
            raise StoreError("a tape's fragment ends within a length")
        (size,) = _LENGTH.unpack_from(data, at)
        record = read_record(data[at + 4 : at + 4 + size])
        if record is None or at + 4 + size > len(data):
            raise StoreError("a tape's fragment holds what is no record")
        yield record
        at += 4 + size
