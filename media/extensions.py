"""What header extensions a viewer's packets carry, made once for all viewers that want the same. Pure."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from media.agreed import AgreedLine
from media.layout import Extension
from media.rtp import RtpPacket, abs_send_time, element, extension_block
from records.rooms import MediaKind

KEPT = (Extension.AUDIO_LEVEL, Extension.ABS_CAPTURE_TIME)  # go on from source to viewer unchanged


@dataclass(frozen=True)
class ExtensionPlan:
    """What stands in every packet to a viewer, and under which ids what is kept of the source goes on.

    abs-send-time is always first, so that it can be found again in a packet that is sent a second time.
    """

    send_time_id: int | None
    fixed: bytes  # elements that are the same in every packet
    kept_ids: tuple[tuple[Extension, int], ...]
    sequence_id: int | None = None  # of the transport-wide sequence number; None: the viewer reports none

    def blocks(self, packets: Sequence[RtpPacket], now: float) -> list[bytes]:
        """The extension blocks of packets that go out together; the common one is made once."""
        common = self._elements(now)
        plain = extension_block(common) if common else b""
        return [self._with_kept(common, packet) if packet.kept else plain for packet in packets]

    def block(self, packet: RtpPacket, now: float, sequence: int | None) -> bytes:
        """The extension block of one packet, with its place among all that are sent to this viewer."""
        elements = self._elements(now)
        if sequence is not None and self.sequence_id is not None:
            elements += element(self.sequence_id, (sequence & 0xFFFF).to_bytes(2, "big"))
        return self._with_kept(elements, packet)

    def _elements(self, now: float) -> bytes:
        if self.send_time_id is None:
            return self.fixed
        return element(self.send_time_id, abs_send_time(now)) + self.fixed

    def _with_kept(self, elements: bytes, packet: RtpPacket) -> bytes:
        for extension, identifier in self.kept_ids:
            if (value := packet.kept.get(extension)) is not None:
                elements += element(identifier, value)
        return extension_block(elements) if elements else b""


def plan_for(agreed: AgreedLine) -> ExtensionPlan:
    """The plan of one m-line towards a viewer; viewers that agreed to the same share one object."""
    ids = agreed.extension_ids
    fixed = b""
    if (mid := ids.get(Extension.MID)) is not None:
        fixed += element(mid, agreed.line.mid.encode())
    delay = ids.get(Extension.PLAYOUT_DELAY)
    if delay is not None and agreed.line.kind is MediaKind.ULTRASOUND:
        fixed += element(delay, b"\0\0\0")  # shown as it comes: no render smoothing
    kept = tuple((extension, ids[extension]) for extension in KEPT if extension in ids)
    return _shared(ids.get(Extension.ABS_SEND_TIME), fixed, kept, ids.get(Extension.TRANSPORT_SEQUENCE))


@functools.lru_cache(maxsize=256)
def _shared(
    send_time_id: int | None, fixed: bytes, kept: tuple[tuple[Extension, int], ...], sequence_id: int | None
) -> ExtensionPlan:
    return ExtensionPlan(send_time_id, fixed, kept, sequence_id)


def kept_elements(found: Mapping[int, bytes], ids: Sequence[tuple[Extension, int]]) -> dict[Extension, bytes]:
    """What of a packet's extensions goes on; `ids` are the source's."""
    return {extension: found[number] for extension, number in ids if 1 <= len(found.get(number, b"")) <= 16}
