"""A coder of JPEG Lossless with every predictor, for the tests (ITU-T T.81 annex H)."""

import numpy as np
from numpy.typing import NDArray

NINE_CODES_OF_FOUR_BITS = bytes([0, 0, 0, 0, 9, *[0] * 12, *range(9)])


def predicted(left: int, above: int, corner: int, predictor: int) -> int:
    """Table H.1."""
    return (
        0,
        left,
        above,
        corner,
        left + above - corner,
        left + (above - corner >> 1),
        above + (left - corner >> 1),
        left + above >> 1,
    )[predictor]


def lossless_jpeg(pixels: NDArray[np.uint8], predictor: int, markers: bytes = b"") -> bytes:
    """(height, width[, 3]) as one scan; no pixel differs by 256 from what is predicted."""
    height, width = pixels.shape[:2]
    planes = pixels.reshape(height, width, -1).astype(int)
    bits: list[str] = []
    for row in range(height):
        for column in range(width):
            for values in np.moveaxis(planes, 2, 0):
                bits.append(_coded(values[row, column] - _expected(values, row, column, predictor)))
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    body = int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\x00")
    names = range(1, planes.shape[2] + 1)
    frame = b"\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + bytes([len(names)])
    frame += b"".join(bytes([name, 0x11, 0]) for name in names)
    scan = bytes([len(names)]) + b"".join(bytes([name, 0]) for name in names) + bytes([predictor, 0, 0])
    segments = [(0xC4, NINE_CODES_OF_FOUR_BITS), (0xC3, frame), (0xDA, scan)]
    head = b"".join(b"\xff" + bytes([m]) + (len(d) + 2).to_bytes(2, "big") + d for m, d in segments)
    return b"\xff\xd8" + markers + head + body + b"\xff\xd9"


def _expected(values: NDArray[np.int_], row: int, column: int, predictor: int) -> int:
    if row == 0:
        return int(values[0, column - 1]) if column else 128
    if column == 0:
        return int(values[row - 1, 0])
    left, above, corner = values[row, column - 1], values[row - 1, column], values[row - 1, column - 1]
    return predicted(int(left), int(above), int(corner), predictor)


def _coded(difference: int) -> str:
    size = abs(int(difference)).bit_length()
    rest = int(difference) if difference > 0 else int(difference) + (1 << size) - 1
    return format(size, "04b") + (format(rest, f"0{size}b") if size else "")


def smooth(*shape: int) -> NDArray[np.uint8]:
    """Pixels that differ little from their neighbours."""
    steps = np.random.default_rng(3).integers(-3, 4, shape)
    return np.clip(steps.cumsum(axis=0).cumsum(axis=1) // 4 + 100, 0, 255).astype(np.uint8)
