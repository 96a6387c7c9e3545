"""Stored frames as samples: uint8 or, of a colour table with 16 bits, uint16; (height, width) or
(height, width, 3).

Every decoder is given only frames whose own header was checked. OpenCV decodes JPEG 2000 and lossy JPEG, this
twenty times faster than `pixel_array` and equal to it (measured, 640x480); CharLS JPEG-LS; FFmpeg JPEG
Lossless, of which it notices most damage. GDCM knows all of them, but ends the process on some damaged
frames.
"""

from typing import Any

import av
import cv2
import jpeg_ls
import numpy as np
from numpy.typing import NDArray

from ultrasound.errors import SourceUnreadable
from ultrasound.files.pixel_form import Coding, Colour, PixelForm
from ultrasound.files.run_lengths import decode_run_lengths
from ultrasound.files.stream_checks import check_jpeg, check_jpeg_2000

Samples = NDArray[Any]

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_FATAL)  # else it remarks on every JPEG 2000 frame

_NOT_TRANSFORMED = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
"""Adobe's marker with transform 0: without it a decoder takes three components for Y Cb Cr."""


def decode(data: bytes, form: PixelForm) -> tuple[Samples, Colour]:
    """The frame's samples, and as which colour they are to be taken now; raises SourceUnreadable."""
    match form.coding:
        case Coding.NONE:
            return _uncompressed(data, form)
        case Coding.RUN_LENGTHS:
            return decode_run_lengths(data, form), form.colour
        case Coding.JPEG:
            return _lossy_jpeg(data, form)
        case Coding.JPEG_LOSSLESS:
            return _lossless_jpeg(data, form), form.colour
        case Coding.JPEG_LS:
            return _jpeg_ls(data, form), form.colour
        case Coding.JPEG_2000:
            return _jpeg_2000(data, form)


def _uncompressed(data: bytes, form: PixelForm) -> tuple[Samples, Colour]:
    if form.colour is Colour.YBR_FULL_422:
        return _upsampled(data, form), Colour.YBR_FULL
    order = ">" if form.big_endian else "<"
    samples = np.frombuffer(data, f"{order}u{form.bits // 8}")
    if form.by_plane:
        return samples.reshape(3, form.height, form.width).transpose(1, 2, 0), form.colour
    return samples.reshape(form.shape), form.colour


def _upsampled(data: bytes, form: PixelForm) -> Samples:
    """Y Y Cb Cr for each two pixels, PS3.3 C.7.6.3.1.2; both get the one Cb and Cr there is."""
    pairs = np.frombuffer(data, np.uint8).reshape(form.height, form.width // 2, 4)
    samples = np.empty((form.height, form.width // 2, 2, 3), np.uint8)
    samples[..., 0] = pairs[..., :2]
    samples[..., 1] = pairs[..., 2:3]
    samples[..., 2] = pairs[..., 3:4]
    return samples.reshape(form.height, form.width, 3)


def _lossy_jpeg(data: bytes, form: PixelForm) -> tuple[Samples, Colour]:
    ybr = check_jpeg(data, form)
    if form.colour is Colour.MONOCHROME2:
        return _by_opencv(data, form, cv2.IMREAD_GRAYSCALE), form.colour
    told = data if ybr else data[:2] + _NOT_TRANSFORMED + data[2:]
    return _by_opencv(told, form, cv2.IMREAD_COLOR_RGB), Colour.RGB


def _lossless_jpeg(data: bytes, form: PixelForm) -> Samples:
    check_jpeg(data, form)
    codec = av.CodecContext.create("mjpeg", "r")
    codec.thread_count = 1
    codec.options = {"err_detect": "explode"}
    try:
        (frame,) = codec.decode(av.Packet(data))
    except (av.FFmpegError, ValueError):
        raise _damaged(form) from None
    if form.colour.samples == 1:
        return _in_shape(frame.to_ndarray(), form, frame.format.name == "gray")
    return _in_shape(frame.to_ndarray()[:, :, ::-1], form, frame.format.name == "bgr24")


def _jpeg_ls(data: bytes, form: PixelForm) -> Samples:
    check_jpeg(data, form)
    try:
        decoded, told = jpeg_ls.decode_pixel_data(data)
    except (RuntimeError, ValueError):
        raise _damaged(form) from None
    samples = np.frombuffer(decoded, np.uint8)
    if samples.size != form.decoded_bytes:
        raise _damaged(form)
    if form.colour.samples == 3 and told["interleave_mode"] == 0:  # all of one component before the next
        return samples.reshape(3, form.height, form.width).transpose(1, 2, 0)
    return samples.reshape(form.shape)


def _jpeg_2000(data: bytes, form: PixelForm) -> tuple[Samples, Colour]:
    check_jpeg_2000(data, form)
    undone = form.colour in (Colour.YBR_RCT, Colour.YBR_ICT)
    flags = cv2.IMREAD_GRAYSCALE if form.colour.samples == 1 else cv2.IMREAD_COLOR_RGB
    return _by_opencv(data, form, flags), Colour.RGB if undone else form.colour


def _by_opencv(data: bytes, form: PixelForm, flags: int) -> Samples:
    decoded: Any = cv2.imdecode(np.frombuffer(data, np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
    if decoded is None:
        raise _damaged(form)
    return _in_shape(decoded, form, decoded.dtype == np.uint8)


def _in_shape(samples: Samples, form: PixelForm, right: bool) -> Samples:
    if not right or samples.shape != form.shape:
        raise _damaged(form)
    return samples


def _damaged(form: PixelForm) -> SourceUnreadable:
    return SourceUnreadable(f"the {form.coding} data are damaged")
