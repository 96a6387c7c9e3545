"""What a JPEG says of its colours, read as libjpeg reads it."""

import pytest

from tests.ultrasound.cines import colour_bars, jpeg
from ultrasound.jpeg_stream import JpegStream, read_jpeg_stream

SOI, JFIF = b"\xff\xd8", b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
QUANTISATION = b"\xff\xdb\x00\x04\x00\x01"


def adobe(transform: int) -> bytes:
    return b"\xff\xee\x00\x0eAdobe\0\x64\0\0\0\0" + bytes([transform])


def frame(names: bytes) -> bytes:
    components = b"".join(bytes([name, 0x11, 0]) for name in names)
    return (
        b"\xff\xc0"
        + (8 + len(components)).to_bytes(2, "big")
        + b"\x08\x00\x40\x00\x60"
        + bytes([len(names)])
        + components
    )


@pytest.mark.parametrize(
    ("markers", "names", "ybr", "stated"),
    [
        (JFIF, b"\x01\x02\x03", True, True),
        (JFIF, b"RGB", True, True),
        (JFIF + adobe(0), b"\x01\x02\x03", True, True),
        (adobe(0), b"\x01\x02\x03", False, True),
        (adobe(1), b"RGB", True, True),
        (QUANTISATION, b"\x01\x02\x03", True, False),
        (QUANTISATION, b"\x00\x01\x02", True, False),
        (QUANTISATION, b"RGB", False, True),
        (JFIF, b"\x01", False, True),
    ],
)
def test_the_colours_are_told_by_marker_then_by_name(
    markers: bytes, names: bytes, ybr: bool, stated: bool
) -> None:
    stream = read_jpeg_stream(SOI + markers + frame(names))
    assert stream == JpegStream(width=96, height=64, bits=8, components=len(names), ybr=ybr, stated=stated)


def test_a_real_frame_is_read() -> None:
    assert read_jpeg_stream(jpeg(colour_bars())) == JpegStream(
        width=96, height=64, bits=8, components=3, ybr=True, subsampled=True, chroma_apart=True
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"GIF89a", SOI, SOI + JFIF, SOI + frame(b"RGB")[:12], SOI + b"\0" * 9, SOI + b"\xff" * 50],
)
def test_what_has_no_frame_header_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="has no|has a|does not begin|no marker"):
        read_jpeg_stream(data)
