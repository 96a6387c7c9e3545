"""What libavcodec decoded, as pixels in the layout it came in; always the same way, so the same bytes."""

from typing import Any

import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from ultrasound.pixels import Layout, Matrix, Pixels

_HD_FROM_ROWS = 720
_FULL_RANGE = frozenset({"yuvj420p"})


def pixels_of(frame: Any) -> Pixels:
    """Grey and 4:2:0 as they are, all else as RGB. `frame` is an `av.VideoFrame`."""
    name, even = frame.format.name, frame.width % 2 == 0 and frame.height % 2 == 0
    if name == "gray":
        return Pixels(Layout.GREY, np.ascontiguousarray(frame.to_ndarray()))
    if name in ("yuv420p", "yuvj420p") and even:
        return Pixels(Layout.YUV420, np.ascontiguousarray(frame.to_ndarray()), matrix_of(frame))
    if name == "nv12" and even:
        return Pixels(Layout.YUV420, _planar(frame), matrix_of(frame))
    return Pixels(Layout.RGB, np.ascontiguousarray(frame.to_ndarray(format="rgb24")))


def matrix_of(frame: Any) -> Matrix:
    """What the stream says of its colours; where it says nothing, BT.709 from 720 rows on, else BT.601."""
    full = frame.color_range == ColorRange.JPEG or frame.format.name in _FULL_RANGE
    said = frame.colorspace
    if said == Colorspace.ITU709:
        hd = True
    elif said in (Colorspace.ITU601, Colorspace.SMPTE170M):
        hd = False
    else:
        hd = frame.height >= _HD_FROM_ROWS and not full
    if full:
        return Matrix.BT709_FULL if hd else Matrix.BT601_FULL
    return Matrix.BT709 if hd else Matrix.BT601


def _planar(frame: Any) -> Any:
    """NV12 with its chroma apart: Y, U, V."""
    samples, height = frame.to_ndarray(), frame.height
    chroma = samples[height:].reshape(-1, 2)
    planar = np.empty_like(samples)
    planar[:height] = samples[:height]
    planar[height:].reshape(-1)[:] = chroma.T.reshape(-1)
    return planar
