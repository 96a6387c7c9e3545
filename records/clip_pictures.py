"""The pictures of a clip, one after the other, whatever its frames came in."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from records.clip_file import ClipCodec, ClipFrame, ClipHead
from ultrasound.decoded import pixels_of
from ultrasound.errors import SourceUnreadable
from ultrasound.jpeg_pixels import decode_jpeg

Shown = NDArray[np.uint8]
"""uint8 (height, width) where every pixel is grey, else (height, width, 3) RGB."""

_ALONE = frozenset({ClipCodec.MJPEG, ClipCodec.PNG})


def clip_pictures(head: ClipHead, frames: Sequence[bytes], first: int = 1) -> Iterator[Shown]:
    """Each frame of the clip itself from `first` on, from 1; what comes before is decoded where it has to be.

    Raises `SourceUnreadable` with the frame's place in the file, from 1.
    """
    places = zip(head.frames, frames, range(1, len(frames) + 1), strict=True)
    left_out = first - 1
    for alone, some in groupby(places, key=lambda one: one[0].codec in _ALONE):
        row = list(some)
        if alone:
            own = [place for place in row if not place[0].before]
            yield from (_picture(place)[1] for place in own[left_out:])
            left_out = max(0, left_out - len(own))
            continue
        for about, picture in _decoded(row):
            if not about.before and left_out:
                left_out -= 1
            elif not about.before:
                yield picture


_Place = tuple[ClipFrame, bytes, int]


def _picture(place: _Place) -> tuple[ClipFrame, Shown]:
    about, data, number = place
    name = f"frame {number}"
    if about.codec is ClipCodec.MJPEG:
        return about, decode_jpeg(name, data).shown()
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if read is None or read.dtype != np.uint8 or read.ndim == 3 and read.shape[2] != 3:
        raise SourceUnreadable(f"{name} is damaged")
    return about, np.ascontiguousarray(read if read.ndim == 2 else read[:, :, ::-1])


def _decoded(places: list[_Place]) -> Iterator[tuple[ClipFrame, Shown]]:
    """Packets that need those before them; a decoder gives their pictures in order, some packets later."""
    begins = [n for n, (about, _, _) in enumerate(places) if n == 0 or about.is_key and about.header]
    for begin, end in zip(begins, [*begins[1:], len(places)], strict=True):
        yield from _of_one_stream(places[begin:end])


def _of_one_stream(places: list[_Place]) -> Iterator[tuple[ClipFrame, Shown]]:
    first = places[0][0]
    decoder = av.CodecContext.create(first.codec.value, "r")
    decoder.thread_count = 1
    if first.header:
        decoder.extradata = first.header
    given = 0
    for at in range(len(places) + 1):
        number = places[min(at, len(places) - 1)][2]
        try:
            for frame in decoder.decode(_packet(places, at)):
                if given >= len(places) or frame.pts != given:
                    raise SourceUnreadable(f"frame {number}: the stream's pictures are out of order")
                yield places[given][0], pixels_of(frame).shown()
                given += 1
        except av.FFmpegError as fault:
            raise SourceUnreadable(f"frame {number} is damaged ({type(fault).__name__})") from None
    if given != len(places):
        raise SourceUnreadable(f"{len(places)} packets give {given} pictures")


def _packet(places: list[_Place], at: int) -> Any:
    """None after the last: what the decoder still holds comes out then."""
    if at == len(places):
        return None
    packet = av.Packet(places[at][1])
    packet.pts = at
    return packet
