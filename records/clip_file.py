"""A clip of captured ultrasound as a file: packets as the source gave them, else pictures without loss.

`USC1`, u32 little-endian length of a JSON head (`ClipHead`), the head, then each frame's bytes one after the
other, in the head's order. What is MJPEG or PNG stands alone; a frame of H.264 or HEVC is decoded after those
from its key frame on, which the file holds too (`before`).
"""

import enum
import struct
from collections.abc import Sequence

import msgspec

from records.errors import SealBroken
from records.stills import Calibration, LossyCodec
from records.values import Value

MAGIC = b"USC1"
_LENGTH = struct.Struct("<I")


class ClipCodec(enum.StrEnum):
    """How a frame's bytes are to be read."""

    MJPEG = "mjpeg"
    H264 = "h264"
    HEVC = "hevc"
    PNG = "png"  # its pixels without loss: it came in no packet, or was masked


class ClipFrame(Value):
    """One frame of a clip."""

    number: int  # as the station counted under the binding
    capture_us: int  # on the station's clock
    codec: ClipCodec
    size_bytes: int
    is_key: bool = True
    before: bool = False  # from before the clip: only needed to decode what follows
    came_in: LossyCodec | None = None  # of a PNG: with what loss its pixels came; None: none, or not known
    header: bytes = b""  # what a decoder is told first, where a key frame comes with it


class ClipHead(Value):
    """What a clip holds."""

    masked: bool
    simulated: bool
    calibration: Calibration | None  # of every one of its frames; None: it has none, or they differ
    frames: tuple[ClipFrame, ...]


def write_clip(head: ClipHead, frames: Sequence[bytes]) -> bytes:
    """A clip as a file; as many frames as the head tells of."""
    told = msgspec.json.encode(head)
    return b"".join((MAGIC, _LENGTH.pack(len(told)), told, *frames))


def read_clip(content: bytes) -> tuple[ClipHead, tuple[bytes, ...]]:
    """The head and each frame's bytes; raises `SealBroken` for anything that is no whole clip."""
    begin = len(MAGIC) + _LENGTH.size
    if not content.startswith(MAGIC) or len(content) < begin:
        raise SealBroken(f"{len(content)} bytes are no clip")
    end = begin + _LENGTH.unpack_from(content, len(MAGIC))[0]
    try:
        head = msgspec.json.decode(content[begin:end], type=ClipHead)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SealBroken("the head of a clip cannot be read") from error
    frames = []
    for frame in head.frames:
        frames.append(content[end : end + frame.size_bytes])
        end += frame.size_bytes
    if end != len(content):
        raise SealBroken(f"a clip of {end} bytes has {len(content)}")
    return head, tuple(frames)
