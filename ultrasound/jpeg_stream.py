"""What a JPEG or JPEG-LS frame says of itself, read before it is decoded (ITU-T T.81 annex B, T.87 C)."""

import enum
from dataclasses import dataclass


class Process(enum.IntEnum):
    """How a frame is coded: the marker that begins its frame header; other ones are plain numbers."""

    BASELINE = 0xC0
    EXTENDED = 0xC1
    PROGRESSIVE = 0xC2
    LOSSLESS = 0xC3
    JPEG_LS = 0xF7


_START_OF_FRAME = (frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}) | {Process.JPEG_LS}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class JpegStream:
    """Size, bits and colours of a JPEG frame.

    `ybr`: a decoder takes the three components for Y Cb Cr and converts them. libjpeg decides so: JFIF says
    yes, else Adobe's marker says, else components named R, G, B say no, else yes. `stated`: it is not that
    last else. `subsampled`: some component has fewer samples. `chroma_apart`: the second and third component
    are quantised by another table than the first, as only chroma is.
    """

    width: int
    height: int
    bits: int
    components: int
    ybr: bool
    stated: bool = True
    subsampled: bool = False
    chroma_apart: bool = False
    process: int = Process.BASELINE
    transformed: bool = False
    """JPEG-LS: another colour transform than none, by an application marker ("mrfx")."""


def read_jpeg_stream(data: bytes) -> JpegStream:
    """Read the markers up to the frame header; raises ValueError when there is none."""
    if data[:2] != b"\xff\xd8":
        raise ValueError("does not begin with a JPEG marker")
    at, jfif, adobe, transformed = 2, False, None, False
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise ValueError(f"no marker at byte {at}")
        marker = data[at + 1]
        if marker == 0xFF or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        body = data[at + 4 : at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")]
        if marker in _START_OF_FRAME:
            return _frame_header(marker, body, jfif, adobe, transformed)
        if marker == 0xE0 and body[:5] == b"JFIF\0":
            jfif = True
        if marker == 0xEE and body[:5] == b"Adobe" and len(body) >= 12:
            adobe = body[11]
        if marker == 0xE8 and body[:4] == b"mrfx":
            transformed = body[4:5] != b"\0"
        at += 4 + len(body) if body else 4
    raise ValueError("has no frame header")


def _frame_header(process: int, body: bytes, jfif: bool, adobe: int | None, transformed: bool) -> JpegStream:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        raise ValueError("has a frame header that is cut off")
    names, sampling, tables = (body[6 + k : 6 + 3 * body[5] : 3] for k in range(3))
    ybr = jfif or (adobe == 1 if adobe is not None else names != b"RGB")
    return JpegStream(
        bits=body[0],
        height=int.from_bytes(body[1:3], "big"),
        width=int.from_bytes(body[3:5], "big"),
        components=body[5],
        ybr=body[5] == 3 and ybr,
        stated=jfif or adobe is not None or names == b"RGB",
        subsampled=len(set(sampling)) > 1,
        chroma_apart=any(table != tables[0] for table in tables[1:]),
        process=process,
        transformed=transformed,
    )
