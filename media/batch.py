"""Packets of one source that leave together: laid out once, copied to every viewer with its own heads. Pure.

What is the same for all viewers (payloads, extensions, where each packet lies, which of them the kernel can
take in one call) is worked out once; for a viewer remain one copy and, for each packet, the four fields that
are its own.
"""

import struct
from collections.abc import Sequence

from media.rtp import RtpPacket

_OWN = struct.Struct("!BHLL")  # marker and payload type, sequence, timestamp, SSRC: all but the first byte
_pack_own = _OWN.pack_into
_HEAD_BYTES = 12
_PLAIN, _EXTENDED = b"\x80" + bytes(11), b"\x90" + bytes(11)
MAX_SEGMENTS = 64  # UDP_MAX_SEGMENTS of kernels before 6.9
MAX_RUN_BYTES = 65_000


class Slab:
    """Packets one behind the other, with room behind each for what encryption adds."""

    __slots__ = ("data", "places", "runs", "_own")

    def __init__(self, packets: Sequence[RtpPacket], blocks: Sequence[bytes], trailer_bytes: int) -> None:
        parts: list[bytes] = []
        self.places: list[tuple[int, int]] = []  # where each packet begins, and its bytes before encryption
        self._own: list[tuple[int, int, int, int]] = []  # where, marker, full sequence number, timestamp
        trailer, at = bytes(trailer_bytes), 0
        for packet, block in zip(packets, blocks, strict=True):
            payload = packet.payload
            parts += (_EXTENDED if block else _PLAIN, block, payload, trailer)
            size = _HEAD_BYTES + len(block) + len(payload)
            self.places.append((at, size))
            self._own.append((at + 1, packet.marker, packet.full, packet.timestamp))
            at += size + trailer_bytes
        self.data = b"".join(parts)
        self.runs = runs([size + trailer_bytes for _, size in self.places])

    def write(
        self, view: memoryview, at: int, payload_type: int, shift: int, timestamp_shift: int, ssrc: int
    ) -> None:
        """Lay the packets down at `at`, as this stream numbers them."""
        view[at : at + len(self.data)] = self.data
        for place, marker, full, timestamp in self._own:
            _pack_own(
                view,
                at + place,
                marker | payload_type,
                full + shift & 0xFFFF,
                timestamp + timestamp_shift & 0xFFFF_FFFF,
                ssrc,
            )


class Batch:
    """What a source took in one wake-up, with the extension blocks of one plan."""

    __slots__ = ("packets", "blocks", "is_plain", "payload_type", "first", "last", "payload_bytes", "_slabs")

    def __init__(self, packets: list[RtpPacket], blocks: list[bytes]) -> None:
        self.packets, self.blocks = packets, blocks
        self.first, self.last = packets[0], packets[-1]
        self.payload_type = self.first.payload_type
        self.is_plain = True  # in order, of one codec, none empty: all can go out alike
        self.payload_bytes = 0
        before = self.first.full - 1
        for packet in packets:
            size = len(packet.payload)
            if packet.full <= before or not size or packet.payload_type != self.payload_type:
                self.is_plain = False
                break
            before = packet.full
            self.payload_bytes += size
        self._slabs: dict[int, Slab] = {}

    def slab(self, trailer_bytes: int) -> Slab:
        """The packets as they lie for every viewer whose encryption adds so much. Only of a plain batch."""
        found = self._slabs.get(trailer_bytes)
        if found is None:
            found = self._slabs[trailer_bytes] = Slab(self.packets, self.blocks, trailer_bytes)
        return found


def runs(sizes: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Which packets can leave in one call: where each run begins, its bytes, its packets, its segment size.

    All of a run have one size; only its last may be shorter.
    """
    found, start, index = [], 0, 0
    while index < len(sizes):
        size = length = sizes[index]
        count = 1
        for following in sizes[index + 1 : index + MAX_SEGMENTS]:
            if following > size or length + following > MAX_RUN_BYTES:
                break
            count, length = count + 1, length + following
            if following < size:
                break
        found.append((start, length, count, size))
        index, start = index + count, start + length
    return found
