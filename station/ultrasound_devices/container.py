"""Frames from a stream that libavformat reads (a capture card, a network camera), with their packets."""

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import av

from station.ultrasound_devices.arrival_clock import ArrivalClock
from station.ultrasound_devices.device import OPENS_IN_S, SILENT_S, failed
from ultrasound.captured import CapturedFrame, Packet, PacketCodec
from ultrasound.cine import check_sides
from ultrasound.decoded import pixels_of
from ultrasound.errors import SourceUnreadable
from ultrasound.jpeg_pixels import decode_jpeg, jpeg_size
from ultrasound.pixels import Pixels

USUAL_RATE_HZ = 30.0
DAMAGED_IN_A_ROW = 30
"""So many packets that cannot be decoded, one after the other, are a device that is not understood."""

_RATES_HZ = (1.0, 240.0)
_PACKETS_WAITING = 32
_CODECS = {"mjpeg": PacketCodec.MJPEG, "h264": PacketCodec.H264, "hevc": PacketCodec.HEVC}


class ContainerDevice:
    """An open stream's frames. `name` stands in what is told; it holds no password."""

    def __init__(self, name: str, clock_us: Callable[[], int]) -> None:
        self.rate_hz = USUAL_RATE_HZ
        self._name = name
        self._clock_us = clock_us
        self._container: Any = None

    def open_url(self, url: str, form: str, options: Mapping[str, str]) -> None:
        """Open `url` as `form`; raises `DeviceFailed`."""
        try:
            self._container = av.open(
                url,
                format=form,
                options=dict(options),
                timeout=(OPENS_IN_S, SILENT_S),
                metadata_errors="ignore",
            )
        except av.error.ExitError:
            raise failed(f"{self._name}: did not answer within {OPENS_IN_S:g} s") from None
        except (av.FFmpegError, OSError, ValueError) as fault:
            raise failed(f"{self._name}: cannot be opened ({told(fault)})") from None
        if not self._container.streams.video or self._container.streams.video[0].codec_context is None:
            raise failed(f"{self._name}: gives no picture that can be decoded")
        self.rate_hz = _rate_of(self._container.streams.video[0])

    def frames(self) -> Iterator[CapturedFrame]:
        """Frames as they come; see `UltrasoundDevice`."""
        stream = self._container.streams.video[0]
        stream.thread_type = "NONE"  # a thread for each frame would hold back as many
        read = _JpegReader if stream.codec_context.name == "mjpeg" else _StreamReader
        reader = read(self._name, stream, self._clock_us)
        try:
            for packet in self._container.demux(stream):
                yield from reader.take(packet)
        except av.error.ExitError:
            raise failed(f"{self._name}: gave nothing for {SILENT_S:g} s") from None
        except SourceUnreadable as fault:
            raise failed(str(fault)) from None
        except (av.FFmpegError, OSError) as fault:
            raise failed(f"{self._name}: broke off ({told(fault)})") from None
        raise failed(f"{self._name}: has ended")

    def close(self) -> None:
        """Give back the device."""
        container, self._container = self._container, None
        if container is not None:
            with contextlib.suppress(Exception):
                container.close()


def told(fault: Exception) -> str:
    """What libavformat said, without the address, which may hold a password."""
    return str(getattr(fault, "strerror", None) or type(fault).__name__)


class _JpegReader:
    """Each packet is a picture; it is decoded only if somebody looks."""

    def __init__(self, name: str, stream: Any, clock_us: Callable[[], int]) -> None:
        self._name = name
        self._clock_us = clock_us
        self._clock = ArrivalClock()
        self._base = stream.time_base
        self._damaged = 0
        self._number = 0

    def take(self, packet: Any) -> Iterator[CapturedFrame]:
        data = bytes(packet)
        if not data:
            return  # the end
        try:
            width, height = jpeg_size(self._name, data)
            check_sides(self._name, width, height)
        except SourceUnreadable:
            self._damaged += 1
            if self._damaged >= DAMAGED_IN_A_ROW:
                raise
            return
        self._damaged = 0
        capture_us = self._clock.captured_us(_stamp_us(packet.pts, self._base), self._clock_us())
        name = self._name
        yield CapturedFrame(
            self._number,
            capture_us,
            width,
            height,
            lambda: decode_jpeg(name, data),
            Packet(PacketCodec.MJPEG, data),
        )
        self._number += 1


class _StreamReader:
    """Packets that need each other are decoded at once, all of them; a frame has its packet by its stamp."""

    def __init__(self, name: str, stream: Any, clock_us: Callable[[], int]) -> None:
        self._name = name
        self._stream = stream
        self._clock_us = clock_us
        self._clock = ArrivalClock()
        self._codec = _CODECS.get(stream.codec_context.name)
        self._waiting: OrderedDict[int, Packet] = OrderedDict()
        self._in_order = False
        self._last_pts: int | None = None
        self._damaged = 0
        self._number = 0

    def take(self, packet: Any) -> Iterator[CapturedFrame]:
        arrived_us = self._clock_us()
        self._note(packet)
        try:
            decoded = self._stream.decode(packet)
            self._damaged = 0
        except av.FFmpegError as fault:
            self._damaged += 1
            self._in_order = False
            if self._damaged >= DAMAGED_IN_A_ROW:
                raise SourceUnreadable(f"{self._name}: its packets cannot be decoded") from fault
            return
        for frame in decoded:
            check_sides(self._name, frame.width, frame.height)
            pixels: Pixels = pixels_of(frame)
            capture_us = self._clock.captured_us(_stamp_us(frame.pts, self._stream.time_base), arrived_us)
            packet = self._packet_of(frame.pts)
            yield CapturedFrame.of(self._number, capture_us, pixels, packet, came_in=self._codec)
            self._number += 1

    def _note(self, packet: Any) -> None:
        """Remember a packet for its frame, while they come in the order of their frames and none is lost."""
        if not packet.size:
            return
        if packet.is_keyframe and not self._in_order:
            self._in_order = True
            self._waiting.clear()
        later = packet.pts is not None and (self._last_pts is None or packet.pts > self._last_pts)
        self._last_pts = packet.pts
        if not later or packet.is_corrupt:
            self._in_order = False
        if self._codec is None or not self._in_order:
            return
        header = self._stream.codec_context.extradata or b""
        self._waiting[packet.pts] = Packet(self._codec, bytes(packet), packet.is_keyframe, header)
        if len(self._waiting) > _PACKETS_WAITING:
            self._in_order = False

    def _packet_of(self, pts: int | None) -> Packet | None:
        if pts is None or not self._in_order or not self._waiting:
            return None
        first, packet = next(iter(self._waiting.items()))
        if pts < first:
            return None  # of before the key frame
        if first != pts:  # a packet gave no frame, or not in its turn: what follows needs it all the same
            self._in_order = False
            return None
        del self._waiting[first]
        return packet


def _stamp_us(pts: int | None, base: Any) -> int | None:
    return None if pts is None or base is None else round(pts * base * 1_000_000)


def _rate_of(stream: Any) -> float:
    for said in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if said and _RATES_HZ[0] <= float(said) <= _RATES_HZ[1]:
            return float(said)
    return USUAL_RATE_HZ
