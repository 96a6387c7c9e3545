"""The last minute of pictures as they were captured: nothing is lost of them, and memory has an end.

A picture that came in a packet is kept as that packet; any other as its pixels, which are packed without loss
when somebody comes to it (`to_pack`). So adding costs nothing, and a machine that cannot pack as fast as
pictures come keeps fewer seconds, and says so, instead of a worse picture.
"""

import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ultrasound.captured import CapturedFrame, Packet, PacketCodec
from ultrasound.errors import FrameNotKept
from ultrasound.jpeg_pixels import decode_jpeg
from ultrasound.packed_pixels import PackedPixels
from ultrasound.packet_group import LONGEST_US, PacketGroup
from ultrasound.pixels import Pixels
from ultrasound.regions import Region

KEPT_US = 60_000_000
BUDGET_BYTES = 400_000_000
TOLERANCE_US = 1_000
"""A capture time that went to a viewer and back differs by the rounding of NTP's fractions, no more."""

_FRAME_BYTES = 500  # of Python's own, beside the picture


@dataclass(frozen=True, eq=False)
class ExactFrame:
    """A frame without loss. `packet` is its own where it came in one that holds it wholly.

    `regions`: its calibration by the source itself, where it has one. `layout`: the signed one by which it
    was masked. `came_in`: how the source compressed its pixels; None: not with loss, or nobody knows.
    """

    number: int
    capture_us: int
    pixels: Pixels
    packet: Packet | None = None
    regions: tuple[Region, ...] = ()
    layout: str | None = None
    came_in: PacketCodec | None = None

    @cached_property
    def shown(self) -> NDArray[np.uint8]:
        """uint8 (height, width) where every pixel is grey, else (height, width, 3) RGB."""
        return self.pixels.shown()

    @cached_property
    def sha256(self) -> str:
        """Of the bytes of `shown`, row by row: what everybody gets who decodes a lossless picture of it."""
        return hashlib.sha256(np.ascontiguousarray(self.shown).data).hexdigest()


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last kept frame, both included."""

    first_number: int
    last_number: int
    first_us: int
    last_us: int

    @property
    def seconds(self) -> float:
        """Between the two."""
        return (self.last_us - self.first_us) / 1_000_000


@dataclass(frozen=True, slots=True)
class Holding:
    """What a ring holds now. `shortened`: frames younger than it should keep had to go for want of memory."""

    frames: int
    seconds: float
    bytes: int
    unpacked: int
    shortened: bool


class KeptFrame:
    """A frame in the ring, or taken out of it: it stays whole for as long as somebody holds it."""

    __slots__ = (
        "_decode",
        "_pixels",
        "came_in",
        "capture_us",
        "group",
        "held",
        "layout",
        "number",
        "packet",
        "regions",
        "size",
    )

    def __init__(
        self,
        frame: CapturedFrame,
        size: int,
        pixels: Pixels | PackedPixels | None,
        decode: Callable[[], Pixels] | None,
        group: PacketGroup | None = None,
    ) -> None:
        self.number, self.capture_us = frame.number, frame.capture_us
        self.packet = frame.packet if pixels is None else None
        self.regions, self.layout, self.came_in = frame.regions, frame.layout, frame.came_in
        self.size = size
        self.held = True
        self.group = group
        self._pixels = pixels
        self._decode = decode

    @property
    def unpacked(self) -> Pixels | None:
        """The pixels, while they are as they came."""
        return self._pixels if isinstance(self._pixels, Pixels) else None

    def replace(self, packed: PackedPixels) -> None:
        """From now on kept in fewer bytes."""
        self._pixels, self.size = packed, packed.size + _FRAME_BYTES

    def exact(self) -> ExactFrame:
        """The frame itself; raises SourceUnreadable when the packet it came in was damaged."""
        pixels = self._pixels
        if pixels is None:
            assert self._decode is not None
            pixels = self._decode()
        elif isinstance(pixels, PackedPixels):
            pixels = pixels.unpack()
        whole = self.packet if self.group is None else None
        return ExactFrame(
            self.number, self.capture_us, pixels, whole, self.regions, self.layout, self.came_in
        )


class Ring:
    """Frames in the order of their capture. Used from one thread at a time."""

    def __init__(self, kept_us: int = KEPT_US, budget_bytes: int = BUDGET_BYTES) -> None:
        self._kept_us = kept_us
        self._budget = budget_bytes
        self._frames: deque[KeptFrame] = deque()
        self._to_pack: deque[KeptFrame] = deque()
        self._group: PacketGroup | None = None
        self._bytes = 0
        self._newest_lost_us: int | None = None

    def add(self, frame: CapturedFrame) -> None:
        """Keep the next frame; raises SourceUnreadable when it has no pixels and its packet is no help."""
        kept = self._kept(frame)
        self._frames.append(kept)
        self._bytes += kept.size
        if kept.unpacked is not None:
            self._to_pack.append(kept)
        self._forget(frame.capture_us)

    def to_pack(self) -> KeptFrame | None:
        """The oldest frame that is not packed, for whoever packs it: asked for once; None: all are."""
        return self._to_pack.popleft() if self._to_pack else None

    def packed(self, kept: KeptFrame, pixels: PackedPixels) -> None:
        """A frame was packed; it may have been let go meanwhile."""
        before = kept.size
        kept.replace(pixels)
        if kept.held:
            self._bytes += kept.size - before

    def frame(self, number: int) -> KeptFrame:
        """The frame of that number; raises FrameNotKept."""
        at = _first_from(self._frames, number, lambda kept: kept.number)
        if at == len(self._frames) or self._frames[at].number != number:
            raise FrameNotKept(f"frame {number}; {self._told('number')}")
        return self._frames[at]

    def at(self, capture_us: int, tolerance_us: int = TOLERANCE_US) -> KeptFrame:
        """The frame that was captured at that time; raises FrameNotKept rather than give a neighbour."""
        if self._frames:
            kept = self.nearest(capture_us)
            if abs(kept.capture_us - capture_us) <= tolerance_us:
                return kept
        raise FrameNotKept(f"no frame of {capture_us} us; {self._told('capture_us')}")

    def nearest(self, capture_us: int) -> KeptFrame:
        """The frame captured nearest to that time, which it tells; raises FrameNotKept of an empty ring."""
        if not self._frames:
            raise FrameNotKept("none is kept")
        at = _first_from(self._frames, capture_us, lambda kept: kept.capture_us)
        around = [self._frames[one] for one in (at - 1, at) if 0 <= one < len(self._frames)]
        return min(around, key=lambda kept: abs(kept.capture_us - capture_us))

    def clip(self, from_us: int, until_us: int) -> tuple[KeptFrame, ...]:
        """The frames captured from the one time to the other, both included; they stay, whatever follows."""
        begin = _first_from(self._frames, from_us, lambda kept: kept.capture_us)
        end = _first_from(self._frames, until_us + 1, lambda kept: kept.capture_us)
        return tuple(self._frames[at] for at in range(begin, end))

    @property
    def span(self) -> Span | None:
        """What is kept; None: nothing."""
        if not self._frames:
            return None
        first, last = self._frames[0], self._frames[-1]
        return Span(first.number, last.number, first.capture_us, last.capture_us)

    @property
    def holding(self) -> Holding:
        """How much is kept."""
        span, lost_us = self.span, self._newest_lost_us
        if span is None:
            return Holding(0, 0.0, 0, 0, False)
        shortened = lost_us is not None and span.last_us - lost_us < self._kept_us
        return Holding(len(self._frames), span.seconds, self._bytes, len(self._to_pack), shortened)

    def clear(self) -> None:
        """Keep nothing of what was added."""
        for kept in self._frames:
            kept.held = False
        self._frames.clear()
        self._to_pack.clear()
        self._group, self._bytes, self._newest_lost_us = None, 0, None

    def _kept(self, frame: CapturedFrame) -> KeptFrame:
        group = self._group = self._group_of(frame)
        if frame.packet is not None and (frame.is_intra or group is not None):
            size = len(frame.packet.data) + _FRAME_BYTES
            return KeptFrame(
                frame, size, None, group.add(frame.packet, frame.capture_us) if group else _jpeg(frame), group
            )
        pixels = frame.pixels
        return KeptFrame(frame, pixels.samples.nbytes + _FRAME_BYTES, pixels, None)

    def _group_of(self, frame: CapturedFrame) -> PacketGroup | None:
        """The packets without which this one cannot be decoded; None: there are none, or not all of them."""
        packet, group = frame.packet, self._group
        if packet is None or frame.is_intra:
            return None
        if packet.is_key:
            return PacketGroup(frame.capture_us, packet)
        if group is None or frame.capture_us - group.since_us > LONGEST_US:
            return None
        return group

    def _forget(self, now_us: int) -> None:
        while self._bytes > self._budget and len(self._frames) > 1:
            lost = self._pop_group()
            self._newest_lost_us = lost.capture_us
        while len(self._frames) > 1 and self._oldest_until_us() < now_us - self._kept_us:
            self._pop_group()

    def _oldest_until_us(self) -> int:
        """When the youngest of the frames that go together with the oldest was captured."""
        oldest = self._frames[0]
        return oldest.capture_us if oldest.group is None else oldest.group.until_us

    def _pop_group(self) -> KeptFrame:
        """Let go of the oldest frame and those that are decoded from its packets; the youngest of them."""
        lost = self._pop()
        while lost.group is not None and len(self._frames) > 1 and self._frames[0].group is lost.group:
            lost = self._pop()
        if lost.group is not None and lost.group is self._group:
            self._group = None  # what follows would need packets that are let go
        return lost

    def _pop(self) -> KeptFrame:
        kept = self._frames.popleft()
        self._bytes -= kept.size
        kept.held = False
        if self._to_pack and self._to_pack[0] is kept:
            self._to_pack.popleft()
        return kept

    def _told(self, what: str) -> str:
        if not self._frames:
            return "none is kept"
        return f"{getattr(self._frames[0], what)} to {getattr(self._frames[-1], what)} are kept"


def _jpeg(frame: CapturedFrame) -> Callable[[], Pixels]:
    assert frame.packet is not None
    name, data = f"frame {frame.number}", frame.packet.data
    return lambda: decode_jpeg(name, data)


def _first_from(frames: deque[KeptFrame], wanted: int, key: Callable[[KeptFrame], int]) -> int:
    """The place of the first frame that is not before the wanted one."""
    low, high = 0, len(frames)
    while low < high:
        middle = (low + high) // 2
        if key(frames[middle]) < wanted:
            low = middle + 1
        else:
            high = middle
    return low
