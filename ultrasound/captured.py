"""A captured frame: its number and time, its pixels when they are asked for, and the packet it came in."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from ultrasound.cine import Picture
from ultrasound.pixels import Pixels
from ultrasound.regions import Region


class PacketCodec(enum.StrEnum):
    """How a source encoded what it gave."""

    MJPEG = "mjpeg"  # every packet a picture by itself (ITU-T T.81)
    H264 = "h264"
    HEVC = "hevc"


@dataclass(frozen=True, slots=True)
class Packet:
    """What a source gave, byte by byte. `is_key`: what follows can be decoded from here.

    `header`: what the decoder was told before the first packet (libavcodec's extradata), where it was.
    """

    codec: PacketCodec
    data: bytes
    is_key: bool = True
    header: bytes = b""


class CapturedFrame:
    """A picture of a source. `number` counts the frames of one binding, over every reopening of a device; a
    later frame has a later time.

    `regions`: its calibration by the source itself, where it has one. `layout`: the signed one by which it
    was masked, or None. `packet`: the one it came in, where there is one for each frame and they come in the
    frames' order. `came_in`: how the source compressed its pixels, also where that packet is left; None: not
    with loss, or nobody knows. Decoded when first asked for; two threads that ask at once decode the same
    twice.
    """

    __slots__ = (
        "_decode",
        "_picture",
        "_pixels",
        "came_in",
        "capture_us",
        "height",
        "layout",
        "number",
        "packet",
        "regions",
        "width",
    )

    def __init__(
        self,
        number: int,
        capture_us: int,
        width: int,
        height: int,
        decode: Callable[[], Pixels],
        packet: Packet | None = None,
        regions: tuple[Region, ...] = (),
        came_in: PacketCodec | None = None,
    ) -> None:
        self.layout: str | None = None
        self.number = number
        self.capture_us = capture_us
        self.width, self.height = width, height
        self.packet = packet
        self.came_in = packet.codec if packet is not None else came_in
        self.regions = regions
        self._decode = decode
        self._pixels: Pixels | None = None
        self._picture: Picture | None = None

    @classmethod
    def of(
        cls,
        number: int,
        capture_us: int,
        pixels: Pixels,
        packet: Packet | None = None,
        regions: tuple[Region, ...] = (),
        came_in: PacketCodec | None = None,
    ) -> "CapturedFrame":
        """A frame whose pixels are there already."""
        width, height = pixels.width, pixels.height
        return cls(number, capture_us, width, height, lambda: pixels, packet, regions, came_in)

    def with_pixels(self, pixels: Pixels, layout: str | None = None) -> "CapturedFrame":
        """The same moment with other pixels, as a mask leaves them: the packet, which holds all, is left."""
        masked = CapturedFrame.of(
            self.number, self.capture_us, pixels, regions=self.regions, came_in=self.came_in
        )
        masked.layout = layout
        return masked

    @property
    def is_intra(self) -> bool:
        """Whether the packet alone is the whole picture."""
        return self.packet is not None and self.packet.codec is PacketCodec.MJPEG

    @property
    def pixels(self) -> Pixels:
        """In the layout of the source; raises `SourceUnreadable` when the packet is damaged."""
        if self._pixels is None:
            self._pixels = self._decode()
        return self._pixels

    @property
    def picture(self) -> Picture:
        """As uint8 (height, width, 3) RGB; raises `SourceUnreadable` when the packet is damaged."""
        if self._picture is None:
            self._picture = self.pixels.rgb()
        return self._picture
