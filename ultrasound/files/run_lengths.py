"""RLE frames: a segment for each byte of a pixel, each a row of runs (PS3.5 annex G)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ultrasound.errors import SourceUnreadable
from ultrasound.files.pixel_form import PixelForm

_HEADER_BYTES = 64


def decode_run_lengths(data: bytes, form: PixelForm) -> NDArray[Any]:
    """The frame's samples in the form's shape; raises SourceUnreadable where they are not all there."""
    size = form.width * form.height
    bounds = _segments(data, form)
    planes = [_unpacked(data[begin:end], size) for begin, end in zip(bounds, bounds[1:], strict=False)]
    if form.bits == 16:  # the high byte of all pixels, then the low one
        high, low = planes
        return (high.astype(np.uint16) << 8 | low).reshape(form.shape)
    if form.colour.samples == 1:
        return planes[0].reshape(form.shape)
    return np.stack([plane.reshape(form.height, form.width) for plane in planes], axis=2)


def _segments(data: bytes, form: PixelForm) -> list[int]:
    """Where each segment begins, and where the last one ends."""
    wanted = form.colour.samples * form.bits // 8
    found = int.from_bytes(data[:4], "little")
    if len(data) < _HEADER_BYTES or found != wanted:
        raise SourceUnreadable(f"{found} segments of run lengths where {wanted} are needed")
    offsets = [int.from_bytes(data[4 + 4 * k : 8 + 4 * k], "little") for k in range(wanted)]
    if offsets[0] != _HEADER_BYTES or sorted(offsets) != offsets or offsets[-1] >= len(data):
        raise SourceUnreadable("its segments of run lengths begin nowhere")
    return [*offsets, len(data)]


def _unpacked(segment: bytes, size: int) -> NDArray[np.uint8]:
    """One segment's `size` bytes; runs that go beyond them, or end before, are refused."""
    unpacked, at, end = bytearray(), 0, len(segment)
    while len(unpacked) < size and at < end:
        count = segment[at]
        if count < 128:
            unpacked += segment[at + 1 : at + 2 + count]
            at += 2 + count
        elif count > 128:
            unpacked += segment[at + 1 : at + 2] * (257 - count)
            at += 2
        else:  # 128 stands for nothing
            at += 1
    if len(unpacked) != size:
        raise SourceUnreadable(f"{len(unpacked)} bytes in a segment of run lengths where {size} are needed")
    return np.frombuffer(unpacked, np.uint8)
