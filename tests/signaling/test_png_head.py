"""The head of a PNG is read without decoding it, and nothing else is taken for one."""

import struct

import cv2
import numpy as np
import pytest

from signaling.png_head import PngHead, read_png_head
from tests.signaling.stills import chunk, grey_png

RGB = np.zeros((5, 6, 3), np.uint8)


def written(pixels: np.ndarray) -> bytes:
    return bytes(cv2.imencode(".png", pixels)[1])


def test_grey_and_colour_are_told_apart() -> None:
    assert read_png_head(grey_png()) == PngHead(4, 3, True)
    assert read_png_head(written(RGB)) == PngHead(6, 5, False)
    assert read_png_head(written(RGB[:, :, 0])) == PngHead(6, 5, True)


def with_head(*fields: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", *fields)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "png",
    [
        b"",
        b"GIF89a",
        grey_png()[:-1],
        grey_png()[:20],
        grey_png().replace(b"IHDR\0\0\0\4", b"IHDR\0\0\0\5"),
        written(np.zeros((5, 6), np.uint16)),
        written(np.zeros((5, 6, 4), np.uint8)),
        with_head(4, 3, 8, 0, 0, 0, 1),
        with_head(0, 3, 8, 0, 0, 0, 0),
        with_head(4, 3, 1, 0, 0, 0, 0),
    ],
    ids="empty gif cut headless wrong_crc 16_bits alpha interlaced no_width 1_bit".split(),
)
def test_anything_else_is_none(png: bytes) -> None:
    assert read_png_head(png) is None
