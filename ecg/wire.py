"""The wire format E1: packets of an ECG stream as bytes, and back. Described in `docs/e1.md`.

Little-endian, a header of 40 bytes, the payload from byte 40 on (a browser can lay an Int16Array over it).
`decode` takes nothing that is not exactly a packet: a frame of somebody else must never be drawn as an ECG.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

import msgspec
import numpy as np

from ecg.description import MAX_LEADS, StreamDescription
from ecg.errors import WireError
from ecg.leads import Electrode
from ecg.packets import (
    End,
    EventKind,
    EventPacket,
    Flag,
    Have,
    Header,
    Mark,
    MarkKind,
    Meta,
    Need,
    Packet,
    PacketType,
    Wave,
)
from ecg.ranges import SampleRange
from ecg.sample_codecs import Codec, pack_samples, unpack_samples

__all__ = [
    "Codec",
    "Electrode",
    "End",
    "EventKind",
    "EventPacket",
    "Flag",
    "HEADER_BYTES",
    "Have",
    "Header",
    "MAGIC",
    "MAX_PACKET_BYTES",
    "MAX_SAMPLES",
    "Mark",
    "MarkKind",
    "Meta",
    "Need",
    "Packet",
    "PacketType",
    "Wave",
    "decode",
    "encode",
    "header",
    "set_flag",
]

MAGIC = b"E1"
HEADER_BYTES = 40
MAX_PACKET_BYTES = 32 * 1024
MAX_SAMPLES = 65_536
"""Samples times leads in one WAVE: bounds what a compressed packet can unfold to (128 KiB)."""

_HEADER = struct.Struct("<2sBBIIHBBQQHHHH")
_MARK = struct.Struct("<HBB")
_RANGE = struct.Struct("<QI")
_END = struct.Struct("<Q32s")
_HAVE = struct.Struct("<Q")
_U64 = 1 << 64
_E = TypeVar("_E", bound=IntEnum)
_T = TypeVar("_T")
assert _HEADER.size == HEADER_BYTES


@dataclass(frozen=True, slots=True)
class _EventBody:
    kind: EventKind
    detail: str = ""


def encode(packet: Packet, codec: Codec = Codec.RAW) -> bytes:
    """The packet as bytes; `codec` concerns WAVE only. Raises WireError when E1 cannot carry it."""
    match packet:
        case Wave():
            data = _encode_wave(packet, codec)
        case Meta():
            data = _bare(PacketType.META, packet) + msgspec.json.encode(packet.description)
        case EventPacket():
            data = _encode_event(packet)
        case Need():
            data = _encode_need(packet)
        case Have():
            data = _bare(PacketType.HAVE, packet) + _packed(_HAVE, packet.end)
        case End():
            data = _encode_end(packet)
    if len(data) > MAX_PACKET_BYTES:
        raise WireError(f"the packet has {len(data)} bytes; at most {MAX_PACKET_BYTES}")
    return data


def decode(data: bytes | bytearray | memoryview) -> Packet:
    """Read one packet; raises WireError on anything that is not exactly one."""
    raw = bytes(data)
    head = header(raw)
    if head.type is PacketType.WAVE:
        return _decode_wave(head, raw)
    _require_unused_zero(head)
    return _DECODERS[head.type](head, raw[HEADER_BYTES:])


def header(data: bytes | bytearray | memoryview) -> Header:
    """Read the header alone: cheap, for routing. Raises WireError when it is none of E1."""
    if not HEADER_BYTES <= len(data) <= MAX_PACKET_BYTES:
        raise WireError(f"{len(data)} bytes; an E1 packet has {HEADER_BYTES} to {MAX_PACKET_BYTES}")
    magic, kind, flags, stream, sequence, n, leads, codec, first, captured, off, bad, clip, marks = (
        _HEADER.unpack_from(data)
    )
    if magic != MAGIC:
        raise WireError(f"begins with {magic!r}; an E1 packet begins with {MAGIC!r}")
    if flags > 31 or off > 1023:
        raise WireError(f"unknown bits set: flags {flags:#x} (known 0x1f), electrodes {off:#x} (known 0x3ff)")
    return Header(
        type=_member(PacketType, kind, "packet type"),
        flags=Flag(flags),
        stream_id=stream,
        sequence=sequence,
        sample_count=n,
        lead_count=leads,
        codec=_member(Codec, codec, "codec"),
        first_index=first,
        captured_us=captured,
        electrodes_off=Electrode(off),
        unusable=bad,
        clipped=clip,
        mark_count=marks,
    )


def set_flag(packet: bytearray, flag: Flag) -> None:
    """Set a flag of an encoded packet in place, e.g. BACKFILL on samples delivered from the journal."""
    header(packet)
    packet[3] |= flag


def _member(kind: type[_E], value: int, name: str) -> _E:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(str(int(member)) for member in kind)
        raise WireError(f"{name} {value} is unknown; known are {known}") from None


def _encode_header(head: Header) -> bytes:
    try:
        return _HEADER.pack(
            MAGIC,
            head.type,
            head.flags,
            head.stream_id,
            head.sequence,
            head.sample_count,
            head.lead_count,
            head.codec,
            head.first_index,
            head.captured_us,
            head.electrodes_off,
            head.unusable,
            head.clipped,
            head.mark_count,
        )
    except struct.error as fault:
        raise WireError(f"a header field is out of its range: {fault}") from None


def _bare(kind: PacketType, packet: Meta | Need | Have | End, sample_count: int = 0) -> bytes:
    head = Header(
        type=kind,
        flags=packet.flags,
        stream_id=packet.stream_id,
        sequence=packet.sequence,
        sample_count=sample_count,
    )
    return _encode_header(head)


def _packed(layout: struct.Struct, *values: int | bytes) -> bytes:
    try:
        return layout.pack(*values)
    except struct.error as fault:
        raise WireError(f"a value is out of its range: {fault}") from None


def _wave_header(wave: Wave, codec: Codec) -> Header:
    return Header(
        type=PacketType.WAVE,
        flags=wave.flags,
        stream_id=wave.stream_id,
        sequence=wave.sequence,
        sample_count=wave.samples.shape[1],
        lead_count=wave.samples.shape[0],
        codec=codec,
        first_index=wave.first_index,
        captured_us=wave.captured_us,
        electrodes_off=wave.electrodes_off,
        unusable=wave.unusable,
        clipped=wave.clipped,
        mark_count=len(wave.marks),
    )


def _encode_wave(wave: Wave, codec: Codec) -> bytes:
    if wave.samples.ndim != 2 or wave.samples.dtype != np.int16:
        raise WireError(f"samples are {wave.samples.dtype} {wave.samples.shape}; E1 takes int16 (leads, n)")
    head = _wave_header(wave, codec)
    data = _encode_header(head)
    _check_wave(head, wave.marks)
    payload = pack_samples(wave.samples, codec)
    marks = b"".join(_packed(_MARK, mark.offset, mark.kind, mark.value) for mark in wave.marks)
    return data + payload + marks


def _check_wave(head: Header, marks: tuple[Mark, ...]) -> None:
    n, leads = head.sample_count, head.lead_count
    if not (1 <= leads <= MAX_LEADS and n >= 1 and n * leads <= MAX_SAMPLES):
        raise WireError(f"{n} samples of {leads} leads; 1 to {MAX_LEADS} leads and {MAX_SAMPLES} in all")
    if (head.unusable | head.clipped) >> leads:
        raise WireError(f"lead bits beyond the {leads} leads: {head.unusable:#x}, {head.clipped:#x}")
    if head.first_index + n >= _U64:
        raise WireError(f"index {head.first_index} + {n} does not fit 64 bits")
    for mark in marks:
        if mark.offset >= n:
            raise WireError(f"a mark at offset {mark.offset} of {n} samples")


def _decode_wave(head: Header, raw: bytes) -> Wave:
    marks_at = len(raw) - head.mark_count * _MARK.size
    if marks_at < HEADER_BYTES:
        raise WireError(f"{head.mark_count} marks do not fit {len(raw)} bytes")
    marks = tuple(_decode_mark(*_MARK.unpack_from(raw, at)) for at in range(marks_at, len(raw), _MARK.size))
    _check_wave(head, marks)
    payload = raw[HEADER_BYTES:marks_at]
    return Wave(
        stream_id=head.stream_id,
        first_index=head.first_index,
        captured_us=head.captured_us,
        samples=unpack_samples(payload, head.lead_count, head.sample_count, head.codec),
        sequence=head.sequence,
        flags=head.flags,
        electrodes_off=head.electrodes_off,
        unusable=head.unusable,
        clipped=head.clipped,
        marks=marks,
    )


def _decode_mark(offset: int, kind: int, value: int) -> Mark:
    return Mark(offset, _member(MarkKind, kind, "mark kind"), value)


def _require_unused_zero(head: Header) -> None:
    unused: list[int] = [head.lead_count, head.codec, head.electrodes_off, head.unusable, head.clipped]
    unused.append(head.mark_count)
    if head.type is not PacketType.NEED:
        unused.append(head.sample_count)
    if head.type is not PacketType.EVENT:
        unused += [head.first_index, head.captured_us]
    if any(unused):
        raise WireError(f"a {head.type.name} packet with a field set that must be 0")


def _json(kind: type[_T], body: bytes) -> _T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise WireError(f"not the JSON of this packet type: {fault}") from None


def _decode_meta(head: Header, body: bytes) -> Meta:
    description = _json(StreamDescription, body)
    return Meta(stream_id=head.stream_id, description=description, sequence=head.sequence, flags=head.flags)


def _encode_event(event: EventPacket) -> bytes:
    head = Header(
        type=PacketType.EVENT,
        flags=event.flags,
        stream_id=event.stream_id,
        sequence=event.sequence,
        first_index=event.index,
        captured_us=event.captured_us,
    )
    return _encode_header(head) + msgspec.json.encode(_EventBody(event.kind, event.detail))


def _decode_event(head: Header, body: bytes) -> EventPacket:
    event = _json(_EventBody, body)
    return EventPacket(
        stream_id=head.stream_id,
        index=head.first_index,
        captured_us=head.captured_us,
        kind=event.kind,
        detail=event.detail,
        sequence=head.sequence,
        flags=head.flags,
    )


def _encode_need(need: Need) -> bytes:
    _check_ranges(need.ranges)
    body = b"".join(_packed(_RANGE, wanted.first, wanted.count) for wanted in need.ranges)
    return _bare(PacketType.NEED, need, sample_count=len(need.ranges)) + body


def _check_ranges(ranges: tuple[SampleRange, ...]) -> None:
    if not ranges:
        raise WireError("a NEED without a range; at least one")
    for wanted in ranges:
        if wanted.count < 1 or wanted.end >= _U64:
            raise WireError(f"a NEED for {wanted.count} samples from {wanted.first}")


def _decode_need(head: Header, body: bytes) -> Need:
    if len(body) != head.sample_count * _RANGE.size:
        raise WireError(
            f"{head.sample_count} ranges need {head.sample_count * _RANGE.size} bytes, not {len(body)}"
        )
    ranges = tuple(SampleRange(*values) for values in _RANGE.iter_unpack(body))
    _check_ranges(ranges)
    return Need(stream_id=head.stream_id, ranges=ranges, sequence=head.sequence, flags=head.flags)


def _decode_have(head: Header, body: bytes) -> Have:
    if len(body) != _HAVE.size:
        raise WireError(f"a HAVE has {_HAVE.size} bytes after the header, not {len(body)}")
    (end,) = _HAVE.unpack(body)
    return Have(stream_id=head.stream_id, end=end, sequence=head.sequence, flags=head.flags)


def _encode_end(end: End) -> bytes:
    if len(end.sha256) != 32:
        raise WireError(f"a SHA-256 has 32 bytes, not {len(end.sha256)}")
    return _bare(PacketType.END, end) + _packed(_END, end.total, end.sha256)


def _decode_end(head: Header, body: bytes) -> End:
    if len(body) != _END.size:
        raise WireError(f"an END has {_END.size} bytes after the header, not {len(body)}")
    total, sha256 = _END.unpack(body)
    return End(stream_id=head.stream_id, total=total, sha256=sha256, sequence=head.sequence, flags=head.flags)


_DECODERS: dict[PacketType, Callable[[Header, bytes], Packet]] = {
    PacketType.META: _decode_meta,
    PacketType.EVENT: _decode_event,
    PacketType.NEED: _decode_need,
    PacketType.HAVE: _decode_have,
    PacketType.END: _decode_end,
}
