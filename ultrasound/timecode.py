"""Capture time written into the picture itself, to be read back from what a screen shows.

26 squares of 16x16 pixels, side by side from the left end of the topmost row of pixels: square k covers
columns 16k to 16k+15 of rows 0 to 15. White (255) is 1, black (0) is 0.

- Squares 0 to 23: the capture time in milliseconds since 1970, modulo 2**24 (4 h 39 min), highest bit first.
- Square 24: even parity of squares 0, 2, 4 .. 22 (1 when an odd number of them is white).
- Square 25: odd parity of squares 1, 3, 5 .. 23 (1 when an even number of them is white).

So a wholly black and a wholly white strip are both refused, and so is any single wrong square.

To read, in any language: average (R+G+B)/3 over the inner 8x8 pixels of each square (columns 16k+4 to 16k+11,
rows 4 to 11). Above 160: 1; below 96: 0; between: the picture carries no readable time. Then check the
two parities. Squares this large, read with a margin, pass H.264 at 2 Mbit/s and the way to limited range
and back. A picture scaled by the browser is read at its own size (`drawImage` to a canvas of `videoWidth` by
`videoHeight`). Only the upper left 416x16 pixels are needed.
"""

import numpy as np
from numpy.typing import NDArray

from ultrasound.errors import PictureError

BLOCK_PX = 16
DATA_BITS = 24
BLOCKS = DATA_BITS + 2
MIN_WIDTH_PX = BLOCK_PX * BLOCKS
MODULUS_MS = 1 << DATA_BITS
_WHITE_ABOVE = 160
_BLACK_BELOW = 96
_WEIGHTS = 1 << np.arange(DATA_BITS - 1, -1, -1, dtype=np.int64)


def burn(picture: NDArray[np.uint8], capture_ms: int) -> None:
    """Write the time into the top 16 rows of (h, w, 3) or (h, w), in place; PictureError if too small."""
    _require_room(picture)
    bits = (capture_ms % MODULUS_MS >> np.arange(DATA_BITS - 1, -1, -1)) & 1
    row = np.repeat(np.concatenate([bits, _parities(bits)]).astype(np.uint8) * 255, BLOCK_PX)
    strip = picture[:BLOCK_PX, :MIN_WIDTH_PX]
    strip[:] = row[:, None] if picture.ndim == 3 else row


def read(picture: NDArray[np.uint8]) -> int | None:
    """The time modulo 2**24 ms from RGB (h, w, 3) or luma (h, w); None when absent or damaged."""
    _require_room(picture)
    strip = picture[4 : BLOCK_PX - 4, :MIN_WIDTH_PX].astype(np.float64)
    luma = strip.mean(axis=2) if picture.ndim == 3 else strip
    level = luma.reshape(BLOCK_PX - 8, BLOCKS, BLOCK_PX)[:, :, 4 : BLOCK_PX - 4].mean(axis=(0, 2))
    if np.any((level >= _BLACK_BELOW) & (level <= _WHITE_ABOVE)):
        return None
    bits = (level > _WHITE_ABOVE).astype(np.int64)
    if not np.array_equal(bits[DATA_BITS:], _parities(bits[:DATA_BITS])):
        return None
    return int(bits[:DATA_BITS] @ _WEIGHTS)


def unwrap(code_ms: int, near_ms: int) -> int:
    """The full capture time in ms for a code read from a picture captured within 2 h of `near_ms`."""
    half = MODULUS_MS // 2
    return near_ms + (code_ms - near_ms + half) % MODULUS_MS - half


def _parities(bits: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.array([bits[0::2].sum() & 1, 1 - (bits[1::2].sum() & 1)])


def _require_room(picture: NDArray[np.uint8]) -> None:
    if picture.ndim not in (2, 3) or picture.shape[0] < BLOCK_PX or picture.shape[1] < MIN_WIDTH_PX:
        raise PictureError(
            f"a picture of shape {picture.shape}; the time needs {MIN_WIDTH_PX}x{BLOCK_PX} pixels"
        )
