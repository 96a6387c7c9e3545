"""The process that lays one track of a tape into a file: `python -m cloudclinic.tape_export`.

H.264 goes into fragmented MP4, VP8 and Opus into WebM, as they are: nothing is decoded or encoded. The
resident's data key comes over standard input, 64 hexadecimal digits; the file goes to standard output, so
that no readable copy ever lies on the disk. A picture cannot be marked without being encoded anew: the file's
metadata carries SIMULATED where it is.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import av

from cloudclinic.tape_clocks import Clocks, clocks_of
from cloudclinic.tape_tracks import PlacedFrame, Track, frames_of, tracks_of
from media.layout import Codec
from records.store.tape_files import TapeFile
from records.store.vault import Cipher

CHUNK_US = 20_000_000
_TIME_BASE = Fraction(1, 1_000_000)
_MP4 = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
_WEBM = {"live": "1"}  # written front to back


class Out(Protocol):
    """Where the file goes."""

    def write(self, data: bytes, /) -> int: ...


def ending_of(codec: Codec) -> str:
    """The container a codec goes into, which is also the file's ending."""
    return "mp4" if codec in (Codec.H264_CB, Codec.H264_B) else "webm"


def export(file: TapeFile, number: int, out: Out, simulated: bool) -> int:
    """Write one track; how many frames. Of a track with two codecs, what fits its first one's container."""
    begins = [place.head.begin_us for place in file.places]
    summaries = list(zip(begins, file.summaries(), strict=True))
    track = next(one for one in tracks_of(summaries) if one.number == number)
    placed = _in_pieces(file, track, clocks_of(summaries))
    first = next(placed, None)
    if first is None:
        return 0
    kind = ending_of(first.frame.codec)
    with av.open(out, "w", format=kind, options=_MP4 if kind == "mp4" else _WEBM) as container:
        container.metadata["title"] = "SIMULATED" if simulated else "consult"
        stream = _stream(container, first)
        count, since_us = 0, -1
        for one in _chain(first, placed):
            if _same_kind(one, first):
                since_us = max(since_us + 1, one.at_us - first.at_us)  # a file's times only grow
                container.mux(_packet(one, since_us, stream))
                count += 1
    return count


def _in_pieces(file: TapeFile, track: Track, clocks: Clocks) -> Iterator[PlacedFrame]:
    """Every frame once, in order, without the whole tape in memory."""
    begin_us = track.begin_us
    last: dict[int, int] = {}  # of each stream: the sequence number of the last frame
    while begin_us <= track.end_us:
        for one in frames_of(file, track, clocks, begin_us, begin_us + CHUNK_US):
            if one.frame.sequence > last.get(one.stream, -1):
                last[one.stream] = one.frame.sequence
                yield one
        begin_us += CHUNK_US


def _chain(first: PlacedFrame, rest: Iterator[PlacedFrame]) -> Iterator[PlacedFrame]:
    yield first
    yield from rest


def _same_kind(one: PlacedFrame, first: PlacedFrame) -> bool:
    h264 = (Codec.H264_CB, Codec.H264_B)
    return one.frame.codec is first.frame.codec or (one.frame.codec in h264 and first.frame.codec in h264)


def _stream(container: Any, first: PlacedFrame) -> Any:
    frame = first.frame
    if frame.codec is Codec.OPUS:
        stream = container.add_stream("libopus", rate=48_000)  # for its head alone: nothing is encoded
        stream.codec_context.layout = "stereo"
        return stream
    width, height = size_of(frame.codec, frame.data)
    name = "vp8" if frame.codec is Codec.VP8 else "h264"
    return container.add_mux_stream(name, width=width, height=height, time_base=_TIME_BASE)


def size_of(codec: Codec, key_frame: bytes) -> tuple[int, int]:
    """The size of the picture a key frame begins."""
    if codec is Codec.VP8:  # RFC 6386 section 9.1: 14 bits each, after tag and start code
        return (
            int.from_bytes(key_frame[6:8], "little") & 0x3FFF,
            int.from_bytes(key_frame[8:10], "little") & 0x3FFF,
        )
    with av.open(io.BytesIO(key_frame), format="h264") as read:
        stream = read.streams.video[0]
        return stream.width, stream.height


def _packet(one: PlacedFrame, since_us: int, stream: Any) -> Any:
    packet = av.Packet(one.frame.data)
    packet.pts = packet.dts = since_us
    packet.time_base = _TIME_BASE
    packet.is_keyframe = one.frame.is_key
    packet.stream = stream
    return packet


class _StandardOut:
    """Standard output without a place to go back to."""

    def write(self, data: bytes) -> int:
        return sys.stdout.buffer.write(data)


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(prog="python -m cloudclinic.tape_export", description=__doc__)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--tape", required=True)
    parser.add_argument("--track", type=int, required=True)
    parser.add_argument("--simulated", action="store_true")
    arguments = parser.parse_args()
    key = bytes.fromhex(sys.stdin.readline().strip())
    file = TapeFile(arguments.file, arguments.tape, Cipher(key))
    export(file, arguments.track, _StandardOut(), arguments.simulated)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
