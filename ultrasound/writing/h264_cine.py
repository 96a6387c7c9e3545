"""A cine in H.264, for archives that are configured for it: the encoder's own packets in MP4 (PS3.5 8.2.7).

Many viewers do not play it; JPEG frames are what all show.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from pydicom.dataset import Dataset
from pydicom.uid import MPEG4HP41

from ultrasound.cine import check_sides
from ultrasound.errors import SourceUnreadable, WritingRefused
from ultrasound.files.pixel_form import Colour
from ultrasound.writing.acquisition import Acquisition
from ultrasound.writing.cine import WrittenCine, cine_header
from ultrasound.writing.cine_times import check_times
from ultrasound.writing.file_meta import put_file_meta
from ultrasound.writing.frame_stream import put_pixel_form
from ultrasound.writing.identity import Identity, Place
from ultrasound.writing.loss import Loss, LossMethod, put_losses
from ultrasound.writing.pixel_file import put_video, write_pixel_file

_PARTIAL_420 = "YBR_PARTIAL_420"
_PROFILES = ("Constrained Baseline", "Main", "High")
_MOST_LEVEL = 41
_MICROSECOND = Fraction(1, 1_000_000)


def write_h264_cine(
    path: str | os.PathLike[str],
    packets: Iterable[bytes],
    capture_us: Sequence[int],
    identity: Identity,
    place: Place,
    acquisition: Acquisition,
) -> WrittenCine:
    """Write Annex B packets, from a key frame on, as MPEG-4 AVC High Profile / Level 4.1 without decoding.

    One packet, in the order of their times, for each of `capture_us`. Raises WritingRefused for a stream
    that a decoder of that level need not play, or whose frames are reordered; then leaves nothing behind.
    """
    check_times(capture_us)
    target = Path(path)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as place_of_video:
        video = Path(place_of_video) / "cine.mp4"
        size = _remux(packets, video, capture_us)
        header = cine_header(capture_us, identity, place, acquisition, size.width, size.height)
        _put_form(header, size)
        decoded_bytes = size.width * size.height * 3 * len(capture_us)

        def put_loss(coded_bytes: int) -> None:
            put_losses(
                header, (*(acquisition.losses or ()), Loss(LossMethod.H264, decoded_bytes / coded_bytes))
            )

        write_pixel_file(target, header, lambda file: put_video(file, video), decoded_bytes, put_loss)
    return WrittenCine(len(capture_us), os.path.getsize(target), ())


@dataclass(frozen=True, slots=True)
class _Size:
    width: int
    height: int


def _put_form(header: Dataset, size: _Size) -> None:
    put_pixel_form(header, Colour.RGB, size.width, size.height)
    header.PhotometricInterpretation = _PARTIAL_420
    header.UltrasoundColorDataPresent = 1
    put_file_meta(header, MPEG4HP41)


class _Joined:
    """Packets as one stream of bytes, read as they are needed."""

    def __init__(self, packets: Iterator[bytes]) -> None:
        self._packets = packets
        self._left = b""

    def read(self, size: int) -> bytes:
        """Up to so many bytes; none at the end."""
        while not self._left:
            packet = next(self._packets, None)
            if packet is None:
                return b""
            self._left = packet
        piece, self._left = self._left[:size], self._left[size:]
        return piece


def _remux(packets: Iterable[bytes], video: Path, capture_us: Sequence[int]) -> _Size:
    try:
        with av.open(_Joined(iter(packets)), "r", format="h264") as source, av.open(str(video), "w") as out:
            stream = source.streams.video[0]
            _check(stream.codec_context)
            track = out.add_stream_from_template(stream)
            track.time_base = _MICROSECOND
            count = 0
            for packet in source.demux(stream):
                if packet.size and count < len(capture_us):
                    packet.stream, packet.time_base = track, _MICROSECOND
                    packet.pts = packet.dts = capture_us[count] - capture_us[0]
                    out.mux(packet)
                count += bool(packet.size)
    except (av.FFmpegError, IndexError) as fault:
        raise WritingRefused(
            f"no H.264 stream that begins with a key frame ({type(fault).__name__})"
        ) from None
    if count != len(capture_us):
        raise WritingRefused(f"{count} frames where {len(capture_us)} times are told")
    return _Size(stream.codec_context.width, stream.codec_context.height)


def _check(codec: Any) -> None:
    try:
        check_sides("the stream", codec.width, codec.height)
    except SourceUnreadable as fault:
        raise WritingRefused(str(fault)) from None
    if codec.profile not in _PROFILES or codec.level > _MOST_LEVEL:
        raise WritingRefused(
            f"H.264 {codec.profile} at level {codec.level / 10:g}; {', '.join(_PROFILES)} up to"
            f" {_MOST_LEVEL / 10:g} may be written"
        )
    if codec.has_b_frames:
        raise WritingRefused("the stream's frames are reordered; each has to come in the order of its time")
