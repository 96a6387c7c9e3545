"""Packets from a key frame on, each needing those before it: any frame of them can be decoded again."""

from collections.abc import Callable

import av

from ultrasound.captured import Packet
from ultrasound.decoded import pixels_of
from ultrasound.errors import SourceUnreadable
from ultrasound.pixels import Pixels

LONGEST_US = 10_000_000
"""A frame may need packets of so long before it: each of them costs time when it is asked for."""


class PacketGroup:
    """Added to by one thread; decoded by any."""

    def __init__(self, since_us: int, key: Packet) -> None:
        self.since_us = self.until_us = since_us
        self._codec, self._header = key.codec, key.header
        self._data: list[bytes] = []

    def add(self, packet: Packet, capture_us: int) -> Callable[[], Pixels]:
        """Take in the next packet; gives what decodes its frame."""
        self.until_us = capture_us
        self._data.append(packet.data)
        place = len(self._data) - 1
        return lambda: self._decode(place)

    def _decode(self, place: int) -> Pixels:
        decoder = av.CodecContext.create(self._codec.value, "r")
        decoder.thread_count = 1
        if self._header:
            decoder.extradata = self._header
        try:
            for number, data in enumerate(self._data[: place + 1]):
                packet = av.Packet(data)
                packet.pts = number
                for frame in decoder.decode(packet):
                    if frame.pts == place:
                        return pixels_of(frame)
            for frame in decoder.decode(None):
                if frame.pts == place:
                    return pixels_of(frame)
        except av.FFmpegError as fault:
            raise SourceUnreadable(f"a {self._codec} packet is damaged ({type(fault).__name__})") from fault
        raise SourceUnreadable(f"a {self._codec} packet gives no picture")
