"""The record of a sample segment: a header, a payload, and a checksum over both.

Little-endian: magic `SMP1`, the first 16 bytes of the stream key's SHA-256, u64 first sample index, u32
number of samples, u32 length of the payload, u32 CRC-32 (ISO 3309) of everything before it and of the
payload. A file is a row of records; the first one that is not whole ends it.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"SMP1"
MAX_PAYLOAD_BYTES = 1 << 20

_HEAD = struct.Struct("<4s16sQII")
_CRC = struct.Struct("<I")
HEADER_BYTES = _HEAD.size + _CRC.size


@dataclass(frozen=True, slots=True)
class Record:
    """Where a valid record lies in its file, and which samples it holds; `count` 0: a note, no samples."""

    first: int
    count: int
    payload_at: int
    payload_bytes: int


def key_digest(key: str) -> bytes:
    """What a record carries of its stream's key."""
    return hashlib.sha256(key.encode()).digest()[:16]


def associated_data(digest: bytes, first: int, count: int) -> bytes:
    """What a sealed payload is tied to: it opens at its own place only."""
    return digest + first.to_bytes(8, "little") + count.to_bytes(4, "little")


def pack_record(digest: bytes, first: int, count: int, payload: bytes) -> bytes:
    """One record as bytes; raises ValueError when a field does not fit."""
    if len(payload) > MAX_PAYLOAD_BYTES or not 0 <= first < 1 << 64 or not 0 <= count < 1 << 32:
        raise ValueError(f"{len(payload)} bytes, {count} samples from {first} do not fit a record")
    head = _HEAD.pack(MAGIC, digest, first, count, len(payload))
    return head + _CRC.pack(zlib.crc32(payload, zlib.crc32(head))) + payload


def scan(data: bytes, digest: bytes) -> Iterator[Record]:
    """The valid records from the beginning of a segment on; stops before the first that is not."""
    at = 0
    while (record := _record_at(data, at, digest)) is not None:
        yield record
        at = record.payload_at + record.payload_bytes


def _record_at(data: bytes, at: int, digest: bytes) -> Record | None:
    payload_at = at + HEADER_BYTES
    if payload_at > len(data):
        return None
    magic, owner, first, count, length = _HEAD.unpack_from(data, at)
    if magic != MAGIC or owner != digest or length > MAX_PAYLOAD_BYTES or payload_at + length > len(data):
        return None
    (told,) = _CRC.unpack_from(data, at + _HEAD.size)
    counted = zlib.crc32(data[at : at + _HEAD.size])
    counted = zlib.crc32(data[payload_at : payload_at + length], counted)
    return Record(first, count, payload_at, length) if counted == told else None
