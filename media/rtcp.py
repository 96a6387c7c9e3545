"""RTCP read and written (RFC 3550, RFC 4585, RFC 5104, goog-remb). Pure; any bytes are safe."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from media.transport_feedback import TransportFeedback, read_transport_feedback

SR, RR, SDES, BYE, RTPFB, PSFB = 200, 201, 202, 203, 205, 206
_MOST_NACK_BYTES = 1200  # of one packet that is written: a datagram
_MAX_NACKED = 512  # of one packet; a peer that asks for more has lost the path, not packets


@dataclass(frozen=True)
class ReportBlock:
    """What a receiver says of one stream (RFC 3550 section 6.4.1)."""

    ssrc: int
    fraction_lost: float  # since its last report
    lost: int
    highest_sequence: int
    jitter: int  # in the stream's clock units
    last_sr: int
    delay_since_sr: int  # 1/65536 s


@dataclass(frozen=True)
class SenderReport:
    """A sender's clock pair (RFC 3550 section 6.4.1)."""

    ssrc: int
    ntp: int
    timestamp: int


@dataclass(frozen=True)
class Nack:
    """Sequence numbers a receiver misses (RFC 4585 section 6.2.1)."""

    ssrc: int
    sequences: tuple[int, ...]


@dataclass(frozen=True)
class KeyFrameAsked:
    """PLI or FIR."""

    ssrc: int


@dataclass(frozen=True)
class Remb:
    """A receiver's estimate of what its line carries, or what it wants of the streams it names."""

    bits_per_second: int
    ssrcs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Bye:
    """The sender of these streams stopped."""

    ssrcs: tuple[int, ...]


RtcpPart = ReportBlock | SenderReport | Nack | KeyFrameAsked | Remb | Bye | TransportFeedback


def read_rtcp(data: bytes) -> list[RtcpPart]:
    """All parts of a compound packet that are understood; what is malformed ends the reading."""
    parts: list[RtcpPart] = []
    position = 0
    while position + 4 <= len(data):
        flags, kind, words = struct.unpack_from("!BBH", data, position)
        end = position + 4 + 4 * words
        if flags >> 6 != 2 or end > len(data):
            break
        if flags & 0x20 and end > position + 4:
            end -= min(data[end - 1], end - position - 4)
        parts += _read_one(kind, flags & 31, data[position + 4 : end])
        position += 4 + 4 * words
    return parts


def _read_one(kind: int, count: int, body: bytes) -> list[RtcpPart]:
    if kind == SR and len(body) >= 24:
        ssrc, ntp, timestamp = struct.unpack_from("!LQL", body)
        return [SenderReport(ssrc, ntp, timestamp), *_blocks(body[24:], count)]
    if kind == RR and len(body) >= 4:
        return list(_blocks(body[4:], count))
    if kind == BYE:
        size = min(count, len(body) // 4)
        return [Bye(struct.unpack_from(f"!{size}L", body))]
    if kind == RTPFB and count == 1 and len(body) >= 8:
        return [_nack(body)]
    if kind == RTPFB and count == 15:
        feedback = read_transport_feedback(body)
        return [] if feedback is None else [feedback]
    if kind == PSFB and len(body) >= 8:
        return _payload_feedback(count, body)
    return []


def _blocks(body: bytes, count: int) -> Iterable[ReportBlock]:
    for index in range(min(count, len(body) // 24)):
        ssrc, fraction, lost, highest, jitter, last_sr, delay = struct.unpack_from(
            "!LB3sLLLL", body, 24 * index
        )
        signed = int.from_bytes(lost, "big", signed=True)
        yield ReportBlock(ssrc, fraction / 256, signed, highest, jitter, last_sr, delay)


def _nack(body: bytes) -> Nack:
    (ssrc,) = struct.unpack_from("!L", body, 4)
    sequences: list[int] = []
    for position in range(8, len(body) - 3, 4):
        first, mask = struct.unpack_from("!HH", body, position)
        sequences.append(first)
        sequences += [(first + bit + 1) & 0xFFFF for bit in range(16) if mask >> bit & 1]
        if len(sequences) >= _MAX_NACKED:
            break
    return Nack(ssrc, tuple(sequences[:_MAX_NACKED]))


def _payload_feedback(form: int, body: bytes) -> list[RtcpPart]:
    if form == 1:
        return [KeyFrameAsked(struct.unpack_from("!L", body, 4)[0])]
    if form == 4:
        return [KeyFrameAsked(struct.unpack_from("!L", body, at)[0]) for at in range(8, len(body) - 7, 8)]
    if form == 15 and len(body) >= 16 and body[8:12] == b"REMB":
        exponent, mantissa = body[13] >> 2, (body[13] & 3) << 16 | body[14] << 8 | body[15]
        size = min(body[12], len(body) // 4 - 4)
        return [Remb(min(mantissa << exponent, 1 << 40), struct.unpack_from(f"!{size}L", body, 16))]
    return []


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def write_receiver_report(own_ssrc: int, blocks: Sequence[ReportBlock]) -> bytes:
    """An RR with at most 31 blocks."""
    body = struct.pack("!L", own_ssrc)
    for block in blocks[:31]:
        lost = max(-(1 << 23), min(block.lost, (1 << 23) - 1)).to_bytes(3, "big", signed=True)
        body += struct.pack(
            "!LB3sLLLL",
            block.ssrc,
            max(0, min(255, int(block.fraction_lost * 256))),
            lost,
            block.highest_sequence & 0xFFFF_FFFF,
            min(block.jitter, 0xFFFF_FFFF),
            block.last_sr,
            min(block.delay_since_sr, 0xFFFF_FFFF),
        )
    return _packet(RR, min(len(blocks), 31), body)


def write_sender_report(report: SenderReport, packets: int, payload_bytes: int) -> bytes:
    """An SR without report blocks."""
    body = struct.pack(
        "!LQLLL",
        report.ssrc,
        report.ntp,
        report.timestamp & 0xFFFF_FFFF,
        packets & 0xFFFF_FFFF,
        payload_bytes & 0xFFFF_FFFF,
    )
    return _packet(SR, 0, body)


def write_cname(ssrc: int, cname: str) -> bytes:
    """An SDES with the CNAME of one stream."""
    item = struct.pack("!LBB", ssrc, 1, len(cname)) + cname.encode() + b"\0"
    return _packet(SDES, 1, item + bytes(-len(item) % 4))


def write_nack(own_ssrc: int, ssrc: int, sequences: Iterable[int]) -> bytes:
    """A generic NACK; the sequence numbers as they were sent, and as many of them as fit one datagram."""
    body = struct.pack("!LL", own_ssrc, ssrc)
    first, mask = -1, 0
    for sequence in sequences:
        distance = (sequence - first) & 0xFFFF
        if first >= 0 and 1 <= distance <= 16:
            mask |= 1 << (distance - 1)
            continue
        if len(body) >= _MOST_NACK_BYTES - 8:
            break
        if first >= 0:
            body += struct.pack("!HH", first, mask)
        first, mask = sequence, 0
    if first >= 0:
        body += struct.pack("!HH", first, mask)
    return _packet(RTPFB, 1, body)


def write_pli(own_ssrc: int, ssrc: int) -> bytes:
    """A picture loss indication: asks for a key frame."""
    return _packet(PSFB, 1, struct.pack("!LL", own_ssrc, ssrc))


def write_remb(own_ssrc: int, ssrcs: Sequence[int], bits_per_second: int) -> bytes:
    """The budget of a peer connection, or of the streams it names; browsers ignore which those are."""
    exponent = max(0, bits_per_second.bit_length() - 18)
    mantissa = bits_per_second >> exponent
    head = struct.pack("!LL", own_ssrc, 0) + b"REMB"
    rate = bytes((len(ssrcs), exponent << 2 | mantissa >> 16, mantissa >> 8 & 255, mantissa & 255))
    return _packet(PSFB, 15, head + rate + struct.pack(f"!{len(ssrcs)}L", *ssrcs))
