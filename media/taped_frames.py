"""Frames out of taped packets, to be decoded by a player or laid into a file as they are. Pure.

A frame that is not whole, and every frame that was encoded on top of it, is left out until the next key
frame: a picture that is wrong is worse than none. What is left out is told by `gap_before`.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from media.layout import EXTENSION_IDS, Codec, Extension
from media.parameter_sets import ParameterSets, is_idr, with_sets
from media.rtp import UNIX_TO_NTP_S, RtpPacket, read_packet

_STAP_A, _FU_A = 24, 28
_H264 = (Codec.H264_CB, Codec.H264_B)
_START = b"\0\0\0\1"


class TapedPacket(NamedTuple):
    """One packet off a tape."""

    sequence: int  # without wrap
    at_us: int  # when it arrived, on the server's clock
    rtp: bytes


class TapedFrame(NamedTuple):
    """One frame: H.264 as an Annex B byte stream, VP8 and Opus as they are."""

    codec: Codec
    is_key: bool
    gap_before: bool  # frames before it were lost, or could not be decoded
    at_us: int  # when its last packet arrived, on the server's clock
    capture_us: int | None  # on its sender's clock; None: it stamped none
    timestamp: int  # RTP, 32 bits
    data: bytes
    sequence: int  # of its first packet, without wrap


class _Read(NamedTuple):
    sequence: int
    place: int  # the sequence without the padding before it: that holds a place and no content
    at_us: int
    packet: RtpPacket


def frames(
    packets: Iterable[TapedPacket],
    codecs: dict[int, Codec],
    sets_before: Callable[[], ParameterSets] = ParameterSets,
) -> Iterator[TapedFrame]:
    """The frames of one stream, in the order they were sent. Packets may come late or twice.

    A key frame of H.264 that came without parameter sets gets those sent last; `sets_before` is asked once,
    if they are needed, for those sent before these packets.
    """
    capture = _CaptureClock()
    sets = _Sets(sets_before)
    begun = broken = lost = False
    expected: int | None = None
    for group in _by_timestamp(_in_order(packets)):
        follows = expected is None or group[0].place == expected
        expected = group[-1].place + 1
        frame = _assemble(group, codecs, capture, sets)
        broken = broken or frame is None or not follows
        if frame is None or not (frame.is_key or (begun and not broken)):
            lost = begun  # what lies before the first key frame was never to be shown
            continue
        yield frame._replace(gap_before=lost or (begun and not follows))
        begun, broken, lost = True, False, False


def parameter_sets(packets: Iterable[TapedPacket], codecs: dict[int, Codec]) -> ParameterSets:
    """The H.264 parameter sets that hold behind these packets of one stream."""
    sets = ParameterSets()
    for one in _in_order(packets):
        if codecs.get(one.packet.payload_type) in _H264:
            sets = sets.after(_whole_units(bytes(one.packet.payload)))
    return sets


def _in_order(packets: Iterable[TapedPacket]) -> list[_Read]:
    by_sequence: dict[int, _Read] = {}
    for sequence, at_us, rtp in packets:
        packet = read_packet(memoryview(rtp))
        if packet is not None:
            by_sequence.setdefault(sequence, _Read(sequence, sequence, at_us, packet))
    ordered: list[_Read] = []
    padding = 0
    for sequence in sorted(by_sequence):
        one = by_sequence[sequence]
        if one.packet.payload:
            ordered.append(one._replace(place=sequence - padding))
        else:
            padding += 1
    return ordered


def _by_timestamp(ordered: list[_Read]) -> Iterator[list[_Read]]:
    group: list[_Read] = []
    for one in ordered:
        if group and one.packet.timestamp != group[0].packet.timestamp:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


class _CaptureClock:
    """A sender may stamp the capture time on some packets only: between them the RTP timestamp tells it."""

    def __init__(self) -> None:
        self._last: tuple[int, int] | None = None  # RTP timestamp, capture in µs

    def of(self, group: list[_Read], rate_hz: int) -> int | None:
        timestamp = group[0].packet.timestamp
        for one in group:
            stamp = one.packet.extensions.get(EXTENSION_IDS[Extension.ABS_CAPTURE_TIME])
            if stamp is not None and len(stamp) >= 8:
                capture_us = _unix_us(int.from_bytes(stamp[:8], "big"))
                self._last = (timestamp, capture_us)
                return capture_us
        if self._last is None:
            return None
        ticks = (timestamp - self._last[0] + (1 << 31)) % (1 << 32) - (1 << 31)
        return self._last[1] + ticks * 1_000_000 // rate_hz


def _unix_us(ntp: int) -> int:
    """A 64-bit NTP timestamp (RFC 5905 section 6) in microseconds since 1970, rounded."""
    return ((ntp >> 32) - UNIX_TO_NTP_S) * 1_000_000 + ((ntp & 0xFFFF_FFFF) * 1_000_000 + (1 << 31) >> 32)


class _Sets:
    """The parameter sets at a place of a stream."""

    def __init__(self, before: Callable[[], ParameterSets]) -> None:
        self._before = before
        self._asked = False
        self._sent = ParameterSets()

    def note(self, payloads: Iterable[bytes]) -> None:
        """Also of a frame that is not whole."""
        for payload in payloads:
            self._sent = self._sent.after(_whole_units(payload))

    def of(self, units: list[bytes]) -> ParameterSets:
        """What a key frame is decoded by."""
        if not self._sent.after(units).complete and not self._asked:
            self._asked = True
            before = self._before()
            self._sent = before.after((*self._sent.sequence, *self._sent.picture))
        return self._sent.after(units)


def _assemble(
    group: list[_Read], codecs: dict[int, Codec], capture: _CaptureClock, sets: _Sets
) -> TapedFrame | None:
    codec = codecs.get(group[0].packet.payload_type)
    if codec is None:
        return None
    capture_us = capture.of(group, 48_000 if codec is Codec.OPUS else 90_000)
    payloads = [bytes(one.packet.payload) for one in group]
    if codec is Codec.OPUS:
        data: bytes | None = payloads[0]
        is_key = True
    else:
        if codec in _H264:
            sets.note(payloads)
        whole = all(b.place == a.place + 1 for a, b in zip(group, group[1:], strict=False))
        if not whole or not group[-1].packet.marker:
            return None
        data, is_key = _vp8_frame(payloads) if codec is Codec.VP8 else _h264_frame(payloads, sets)
    if not data:
        return None
    at_us = max(one.at_us for one in group)
    return TapedFrame(
        codec, is_key, False, at_us, capture_us, group[0].packet.timestamp, data, group[0].sequence
    )


# H.264 (RFC 6184 section 5)


def _h264_frame(payloads: list[bytes], sets: _Sets) -> tuple[bytes | None, bool]:
    """The access unit as a byte stream, and whether a decoder can begin with it."""
    units = _h264(payloads)
    if units is None:
        return None, False
    is_key = is_idr(units) and sets.of(units).complete
    whole = with_sets(units, sets.of(units)) if is_key else units
    return b"".join(_START + unit for unit in whole), is_key


def _h264(payloads: list[bytes]) -> list[bytes] | None:
    units: list[bytes] = []
    for payload in payloads:
        kind = payload[0] & 31
        if kind == _STAP_A:
            units += _aggregated(payload)
        elif kind == _FU_A:
            if len(payload) < 3:
                return None
            if payload[1] & 0x80:
                units.append(bytes((payload[0] & 0xE0 | payload[1] & 31,)))
            if not units:
                return None  # its beginning is missing
            units[-1] += payload[2:]
        elif 1 <= kind <= 23:
            units.append(payload)
        else:
            return None
    return units


def _aggregated(payload: bytes) -> list[bytes]:
    units, at = [], 1
    while at + 2 < len(payload):
        size = payload[at] << 8 | payload[at + 1]
        units.append(payload[at + 2 : at + 2 + size])
        at += 2 + size
    return [unit for unit in units if unit]


def _whole_units(payload: bytes) -> list[bytes]:
    """The NAL units that are whole within one payload."""
    kind = payload[0] & 31 if payload else 0
    return _aggregated(payload) if kind == _STAP_A else [payload] if 1 <= kind <= 23 else []


# VP8 (RFC 7741 section 4.2, RFC 6386 section 9.1)


def _vp8_frame(payloads: list[bytes]) -> tuple[bytes | None, bool]:
    data = _vp8(payloads)
    return data, bool(data) and _vp8_is_key(data or b"")


def _vp8(payloads: list[bytes]) -> bytes | None:
    parts = [_without_descriptor(payload) for payload in payloads]
    if any(part is None for part in parts) or payloads[0][0] & 0x17 != 0x10:
        return None
    return b"".join(part for part in parts if part)


def _without_descriptor(payload: bytes) -> bytes | None:
    at = 1
    if payload[0] & 0x80:
        if len(payload) < 2:
            return None
        flags, at = payload[1], 2
        if flags & 0x80 and at < len(payload):
            at += 2 if payload[at] & 0x80 else 1
        at += (flags >> 6 & 1) + (1 if flags & 0x30 else 0)
    return payload[at:] if at < len(payload) else None


def _vp8_is_key(frame: bytes) -> bool:
    return frame[0] & 1 == 0
