"""The fragment of a tape file: a head, a sealed summary, a sealed body, and a SHA-256 over all of it.

Little-endian head: magic `TAP1`, u32 number from 0, u64 and u64 first and last microsecond on it, u32 and
u32 lengths of the two sealed parts, the SHA-256 of the fragment before it. After the parts stands the
fragment's own SHA-256. So a torn or changed end is found without the key, and nothing can be taken out, put
in or moved.

The summary tells what a player must know before it reads bodies: streams, where key frames begin, what was
lost, and the acts. Both parts are sealed with AES-256-GCM under the resident's key, tied to the tape's id and
to the head.
"""

import hashlib
import struct
from collections.abc import Iterable
from typing import NamedTuple, Protocol

import msgspec

from records.errors import StoreError
from records.tape_records import RecordFlag, RecordKind, TapeRecord, join_records, read_record
from records.tapes import TapeStream
from records.values import Value

MAGIC = b"TAP1"
FIRST = bytes(32)  # what the first fragment has in place of a digest before it
MAX_PART_BYTES = 64 << 20
_HEAD = struct.Struct("<4sIQQII32s")
HEAD_BYTES = _HEAD.size
DIGEST_BYTES = 32
SEAL_BYTES = 12 + 16  # nonce and tag of AES-256-GCM, as `records.store.vault.Cipher` lays them


class Cipher(Protocol):
    """Seals what is written; `records.store.vault.Cipher` is one."""

    def seal(self, plaintext: bytes, aad: bytes) -> bytes: ...
    def open(self, sealed: bytes, aad: bytes) -> bytes: ...


class FragmentHead(NamedTuple):
    """The head of one fragment."""

    number: int
    begin_us: int
    end_us: int
    summary_bytes: int
    body_bytes: int
    previous: bytes

    @property
    def size(self) -> int:
        """Bytes of the whole fragment."""
        return HEAD_BYTES + self.summary_bytes + self.body_bytes + DIGEST_BYTES

    def pack(self) -> bytes:
        """As bytes."""
        return _HEAD.pack(MAGIC, *self)


class KeyPlace(NamedTuple):
    """Where a key frame begins."""

    stream: int
    at_us: int
    timestamp: int | None = None  # RTP, 32 bits; older tapes do not tell it


class Loss(NamedTuple):
    """Records that did not get onto the tape, before this moment."""

    at_us: int
    records: int


class Act(NamedTuple):
    """One act of the room: the message, as JSON, that everybody was sent."""

    at_us: int
    message: bytes


class Summary(Value):
    """What stands on a fragment."""

    streams: tuple[TapeStream, ...] = ()
    keys: tuple[KeyPlace, ...] = ()
    losses: tuple[Loss, ...] = ()
    acts: tuple[Act, ...] = ()
    packets: dict[int, int] = {}  # stream -> how many
    last_us: dict[int, int] = {}  # stream -> when its last packet came


_encoder = msgspec.msgpack.Encoder()
_summaries = msgspec.msgpack.Decoder(Summary)
_streams = msgspec.msgpack.Decoder(TapeStream)


def encode_stream(stream: TapeStream) -> bytes:
    """The payload of a STREAM record."""
    return _encoder.encode(stream)


def read_head(data: bytes) -> FragmentHead | None:
    """Read a head; None when it is none."""
    if len(data) < HEAD_BYTES:
        return None
    magic, *fields = _HEAD.unpack_from(data)
    head = FragmentHead(*fields)
    if magic != MAGIC or max(head.summary_bytes, head.body_bytes) > MAX_PART_BYTES:
        return None
    return head


def write_fragment(
    tape_id: str, number: int, previous: bytes, records: Iterable[bytes], cipher: Cipher
) -> tuple[bytes, FragmentHead]:
    """One fragment of at least one record, and its head. What is no record is left out."""
    read = [(data, record) for data in records if (record := read_record(data)) is not None]
    times = [record.at_us for _, record in read]
    summary = _encoder.encode(_summary([record for _, record in read]))
    body = join_records(data for data, record in read if record.kind != RecordKind.ACT)
    sizes = (len(summary) + SEAL_BYTES, len(body) + SEAL_BYTES)
    head = FragmentHead(number, min(times, default=0), max(times, default=0), *sizes, previous)
    parts = (
        head.pack(),
        cipher.seal(summary, _aad(tape_id, head, b"summary")),
        cipher.seal(body, _aad(tape_id, head, b"body")),
    )
    whole = b"".join(parts)
    return whole + hashlib.sha256(whole).digest(), head


def open_summary(tape_id: str, head: FragmentHead, sealed: bytes, cipher: Cipher) -> Summary:
    """The summary of a fragment; raise `SealBroken` when it is not what was sealed."""
    try:
        return _summaries.decode(cipher.open(sealed, _aad(tape_id, head, b"summary")))
    except msgspec.DecodeError as error:
        raise StoreError(f"fragment {head.number} of a tape has no readable summary") from error


def open_body(tape_id: str, head: FragmentHead, sealed: bytes, cipher: Cipher) -> bytes:
    """The records of a fragment, as `split_records` reads them; raise `SealBroken`."""
    return cipher.open(sealed, _aad(tape_id, head, b"body"))


def _aad(tape_id: str, head: FragmentHead, part: bytes) -> bytes:
    return tape_id.encode() + b"\0" + part + b"\0" + head.pack()


def _summary(records: list[TapeRecord]) -> Summary:
    streams, keys, losses, acts = [], [], [], []
    packets: dict[int, int] = {}
    last_us: dict[int, int] = {}
    for record in records:
        if record.lost:
            losses.append(Loss(record.at_us, record.lost))
        if record.kind == RecordKind.STREAM:
            streams.append(_streams.decode(record.payload))
        elif record.kind == RecordKind.ACT:
            acts.append(Act(record.at_us, record.payload))
        elif record.kind == RecordKind.PACKET:
            packets[record.stream] = packets.get(record.stream, 0) + 1
            last_us[record.stream] = record.at_us
            if record.flags & RecordFlag.KEY:
                keys.append(KeyPlace(record.stream, record.at_us, _timestamp(record.payload)))
    return Summary(
        streams=tuple(streams),
        keys=tuple(keys),
        losses=tuple(losses),
        acts=tuple(acts),
        packets=packets,
        last_us=last_us,
    )


def _timestamp(rtp: bytes) -> int | None:
    """The timestamp in an RTP header (RFC 3550 section 5.1)."""
    return int.from_bytes(rtp[4:8], "big") if len(rtp) >= 8 else None
