"""The head of a PNG: its size and kind, without decoding a pixel (PNG, third edition, W3C, 11.2.2)."""

import struct
import zlib
from typing import NamedTuple

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">I4sIIBBBBBI")  # length, type, width, height, depth, colour, 3 methods, CRC
_END = struct.pack(">I4sI", 0, b"IEND", zlib.crc32(b"IEND"))
_GREY, _RGB = 0, 2


class PngHead(NamedTuple):
    """What a PNG is."""

    width: int
    height: int
    grey: bool


def read_png_head(png: bytes) -> PngHead | None:
    """The head of a whole PNG of 8 bits, grey or RGB, not interlaced; None for anything else."""
    if not png.startswith(_SIGNATURE) or not png.endswith(_END):
        return None
    if len(png) < len(_SIGNATURE) + _HEAD.size + len(_END):
        return None
    length, kind, width, height, depth, colour, *methods, crc = _HEAD.unpack_from(png, len(_SIGNATURE))
    checked = png[len(_SIGNATURE) + 4 : len(_SIGNATURE) + _HEAD.size - 4]
    if (length, kind, crc) != (13, b"IHDR", zlib.crc32(checked)):
        return None
    if depth != 8 or colour not in (_GREY, _RGB) or any(methods) or not (width and height):
        return None
    return PngHead(width, height, colour == _GREY)
