"""What a JPEG 2000 code stream says of itself, read before it is decoded (ITU-T T.800 annex A)."""

from dataclasses import dataclass

_START, _SIZE, _CODING, _TILE = 0xFF4F, 0xFF51, 0xFF52, 0xFF90


@dataclass(frozen=True, slots=True)
class Jpeg2000Stream:
    """Size and samples; `transformed`: a decoder undoes a colour transform of the first three components."""

    width: int
    height: int
    components: int
    bits: int
    signed: bool
    subsampled: bool
    transformed: bool


def read_jpeg_2000_stream(data: bytes) -> Jpeg2000Stream:
    """Read the main header; raises ValueError when it is not one."""
    if int.from_bytes(data[:2], "big") != _START:
        raise ValueError("does not begin as a JPEG 2000 code stream")
    at, size, coding = 2, b"", b""
    while at + 4 <= len(data):
        marker = int.from_bytes(data[at : at + 2], "big")
        if marker == _TILE:
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker < 0xFF00 or length < 2:
            raise ValueError(f"no marker at byte {at}")
        body = data[at + 4 : at + 2 + length]
        size = body if marker == _SIZE else size
        coding = body if marker == _CODING else coding
        at += 2 + length
    components = int.from_bytes(size[34:36], "big")
    if len(size) < 36 or not components or len(size) != 36 + 3 * components or len(coding) < 5:
        raise ValueError("has no whole main header")
    return _stream(size, coding, components)


def _stream(size: bytes, coding: bytes, components: int) -> Jpeg2000Stream:
    right, bottom, left, top = (int.from_bytes(size[k : k + 4], "big") for k in (2, 6, 10, 14))
    depths, steps = size[36::3], size[37::3] + size[38::3]
    if len(set(depths)) > 1:
        raise ValueError("has components of different bits")
    return Jpeg2000Stream(
        width=right - left,
        height=bottom - top,
        components=components,
        bits=(depths[0] & 0x7F) + 1,
        signed=bool(depths[0] & 0x80),
        subsampled=any(step != 1 for step in steps),
        transformed=bool(coding[4]),
    )
