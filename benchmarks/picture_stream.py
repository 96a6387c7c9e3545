"""Made-up H.264 in RTP packets, as many a second as real video of that rate: content does not matter to a
server that never decodes, sizes and key frames do."""

import struct
import time
from collections.abc import Callable
from enum import Enum

from media.layout import EXTENSION_IDS, Extension
from media.rtp import abs_send_time, element, ntp64, write_packet

RATE_HZ = 30
PAYLOAD_BYTES = 1200  # a packet of 1,250 bytes on the wire
_PARAMETER_SETS = b"\x78\0\x04\x67\x42\xe0\x1f\0\x04\x68\xce\x3c\x80"  # STAP-A of SPS and PPS, RFC 6184
_CAPTURE_TIME_BYTES = 8  # what abs-capture-time adds to the first packet's header
_STAMP = struct.Struct("!Q")
_FILL = bytes(range(1, 241)) * 5


class Picture(Enum):
    """Pictures that are sent: packets a second, and the words for it."""

    P720 = (250, "720p30 2.5 Mbit/s")
    P1080 = (775, "1080p30 8 Mbit/s")
    FACE = (110, "a face, 1.1 Mbit/s")

    @property
    def packets_a_second(self) -> int:
        return self.value[0]

    @property
    def words(self) -> str:
        return self.value[1]


class PictureStream:
    """The packets of one stream, frame by frame."""

    def __init__(
        self, picture: Picture, ssrc: int, payload_type: int, mid: str, clock: Callable[[], float]
    ) -> None:
        self._picture, self._ssrc, self._payload_type = picture, ssrc, payload_type
        self._mid = element(EXTENSION_IDS[Extension.MID], mid.encode())
        self._delay = element(EXTENSION_IDS[Extension.PLAYOUT_DELAY], b"\0\0\0")
        self._clock = clock
        self._frames = self._packets = self._sequence = 0
        self._key = True

    def want_key_frame(self) -> None:
        """Make the next frame a key frame."""
        self._key = True

    def frame(self) -> list[bytes]:
        """The packets of the next frame."""
        self._frames += 1
        due = self._frames * self._picture.packets_a_second // RATE_HZ - self._packets
        key, self._key = self._key, False
        capture_us = time.time_ns() // 1000
        payloads = _fragments(due, 5 if key else 1)
        payloads[0] = payloads[0][:-_CAPTURE_TIME_BYTES]  # as a station does: all packets of one size
        if key:
            payloads.insert(0, _PARAMETER_SETS)
        self._packets += due
        last = len(payloads) - 1
        return [
            self._packet(payload, at == last, capture_us if at == 0 else None, capture_us * 9 // 100)
            for at, payload in enumerate(payloads)
        ]

    def _packet(self, payload: bytes, last: bool, capture_us: int | None, timestamp: int) -> bytes:
        self._sequence = (self._sequence + 1) & 0xFFFF
        elements = element(EXTENSION_IDS[Extension.ABS_SEND_TIME], abs_send_time(self._clock())) + self._mid
        if capture_us is not None:
            elements += element(
                EXTENSION_IDS[Extension.ABS_CAPTURE_TIME], ntp64(capture_us).to_bytes(8, "big")
            )
        elements += self._delay
        return write_packet(
            self._payload_type,
            last,
            self._sequence,
            timestamp & 0xFFFF_FFFF,
            self._ssrc,
            elements,
            payload + _STAMP.pack(time.monotonic_ns()),
        )


def age_ms(packet: memoryview) -> float:
    """How long ago a packet of this machine was made, by the stamp at its end."""
    return (time.monotonic_ns() - int(_STAMP.unpack_from(packet, len(packet) - _STAMP.size)[0])) / 1e6


def _fragments(count: int, kind: int) -> list[bytes]:
    """One NAL unit in so many FU-A fragments (RFC 6184 section 5.8)."""
    heads = [bytes((0x7C, (at == 0) << 7 | (at == count - 1) << 6 | kind)) for at in range(count)]
    return [head + _FILL[: PAYLOAD_BYTES - 2 - _STAMP.size] for head in heads]
