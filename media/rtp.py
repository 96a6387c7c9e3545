"""RTP headers (RFC 3550) and header extensions (RFC 8285), read where they lie. Pure; any bytes are safe."""

import struct

from media.layout import Extension

OVERHEAD_BYTES = 72  # of a line for each packet, beside its payload: IP, UDP, header, extensions, SRTP's tag
HEADER = struct.Struct("!BBHLL")
_EXTENSION = struct.Struct("!HH")
MAX_DATAGRAM = 1500
ONE_BYTE, _TWO_BYTE = 0xBEDE, 0x1000
_NOTHING: dict[Extension, bytes] = {}


class RtpPacket:
    """One packet: header fields, extension elements as they came, and the payload without padding.

    `marker` is 128 or 0, as it lies in the header. The source that takes the packet writes `full` (the
    sequence number with its wraps), `key` (a key frame begins here), `kept` (the extensions that go on) and
    `send_time` (abs-send-time, 24 bits).
    """

    __slots__ = (
        "marker",
        "payload_type",
        "sequence",
        "timestamp",
        "ssrc",
        "profile",
        "elements",
        "payload",
        "full",
        "key",
        "kept",
        "send_time",
    )

    def __init__(
        self,
        marker: int,
        payload_type: int,
        sequence: int,
        timestamp: int,
        ssrc: int,
        profile: int,
        elements: bytes,
        payload: bytes,
    ) -> None:
        self.marker = marker
        self.payload_type = payload_type
        self.sequence = sequence
        self.timestamp = timestamp
        self.ssrc = ssrc
        self.profile = profile
        self.elements = elements
        self.payload = payload
        self.full = sequence
        self.key = False
        self.kept = _NOTHING
        self.send_time: int | None = None

    @property
    def extensions(self) -> dict[int, bytes]:
        """Every extension element by its id."""
        return _all_elements(self.profile, self.elements)


def is_rtcp(second_byte: int) -> bool:
    """Whether a packet on a shared port is RTCP (RFC 5761 section 4)."""
    return 192 <= second_byte <= 223


def read_packet(data: memoryview) -> RtpPacket | None:
    """Read one RTP packet; None when it is not one. What is kept of it is copied."""
    size = len(data)
    if size < 12:
        return None
    flags, kind, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    if flags >> 6 != 2:
        return None
    start, profile, elements = 12 + 4 * (flags & 15), 0, b""
    if flags & 0x10:
        if start + 4 > size:
            return None
        profile, words = _EXTENSION.unpack_from(data, start)
        end = start + 4 + 4 * words
        if end > size:
            return None
        elements = bytes(data[start + 4 : end])
        start = end
    if flags & 0x20:
        size -= data[size - 1] if size > start else 0
    if start > size:
        return None
    return RtpPacket(
        kind & 128, kind & 127, sequence, timestamp, ssrc, profile, elements, bytes(data[start:size])
    )


def _all_elements(profile: int, data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at, end = 0, len(data)
    if profile == ONE_BYTE:
        while at < end:
            head = data[at]
            if head == 0:
                at += 1
                continue
            identifier, size = head >> 4, (head & 15) + 1
            if identifier == 15 or at + 1 + size > end:
                break
            found[identifier] = data[at + 1 : at + 1 + size]
            at += 1 + size
    elif profile & 0xFFF0 == _TWO_BYTE:
        while at + 2 <= end:
            if data[at] == 0:
                at += 1
                continue
            size = data[at + 1]
            if at + 2 + size > end:
                break
            found[data[at]] = data[at + 2 : at + 2 + size]
            at += 2 + size
    return found


def element_heads(elements: bytes) -> tuple[tuple[int, int], ...]:
    """Where in elements of the one-byte form which head bytes stand; what follows them may differ."""
    heads, at = [], 0
    while at < len(elements):
        head = elements[at]
        heads.append((at, head))
        at += 2 + (head & 15) if head else 1
    return tuple(heads)


def element(identifier: int, value: bytes) -> bytes:
    """One extension element in the one-byte form; `value` has 1 to 16 bytes."""
    return bytes((identifier << 4 | len(value) - 1,)) + value


def extension_block(elements: bytes) -> bytes:
    """The extension as it stands behind the header: head, elements in the one-byte form, padding."""
    words = (len(elements) + 3) >> 2
    return _EXTENSION.pack(ONE_BYTE, words) + elements + bytes(4 * words - len(elements))


def write_packet(
    payload_type: int,
    marker: bool,
    sequence: int,
    timestamp: int,
    ssrc: int,
    elements: bytes,
    payload: memoryview | bytes,
) -> bytes:
    """One packet. `elements`: extension elements in the one-byte form, not yet padded."""
    second = payload_type | 128 if marker else payload_type
    if not elements:
        return HEADER.pack(0x80, second, sequence, timestamp, ssrc) + payload
    return b"".join(
        (HEADER.pack(0x90, second, sequence, timestamp, ssrc), extension_block(elements), payload)
    )


def abs_send_time(now_s: float) -> bytes:
    """Seconds as 6.18 fixed point: 3 bytes."""
    return (int(now_s * 262_144) & 0xFFFFFF).to_bytes(3, "big")


def unwrap(value: int, near: int, bits: int = 16) -> int:
    """The full number whose low `bits` are `value` and that lies nearest to `near`."""
    half = 1 << (bits - 1)
    return near + ((value - near + half) & ((1 << bits) - 1)) - half


UNIX_TO_NTP_S = 2_208_988_800


def ntp64(unix_us: int) -> int:
    """A time in UTC microseconds as a 64-bit NTP timestamp (RFC 5905 section 6)."""
    seconds, rest_us = divmod(unix_us, 1_000_000)
    return ((seconds + UNIX_TO_NTP_S) << 32) | (rest_us << 32) // 1_000_000
