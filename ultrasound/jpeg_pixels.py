"""The pixels of a JPEG picture as a capture device gives it."""

import cv2
import numpy as np

from ultrasound.errors import SourceUnreadable
from ultrasound.jpeg_stream import read_jpeg_stream
from ultrasound.pixels import Pixels, of_array

_END_OF_IMAGE = b"\xff\xd9"


def jpeg_size(name: str, data: bytes) -> tuple[int, int]:
    """Width and height, before anything is decoded; raises SourceUnreadable."""
    try:
        stream = read_jpeg_stream(data)
    except ValueError as fault:
        raise SourceUnreadable(f"{name}: {fault}") from None
    return stream.width, stream.height


def decode_jpeg(name: str, data: bytes) -> Pixels:
    """Grey or RGB; raises SourceUnreadable for what is damaged or cut off."""
    width, height = jpeg_size(name, data)
    if _END_OF_IMAGE not in data[-64:]:  # a decoder would fill the rest with grey
        raise SourceUnreadable(f"{name}: the JPEG data are cut off")
    flags = cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if decoded is None or decoded.shape[:2] != (height, width) or decoded.dtype != np.uint8:
        raise SourceUnreadable(f"{name}: the JPEG data are damaged")
    if decoded.ndim == 2:
        return of_array(np.asarray(decoded, dtype=np.uint8))
    return of_array(np.ascontiguousarray(decoded[:, :, ::-1], dtype=np.uint8))
