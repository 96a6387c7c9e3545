"""16-bit samples written as base64 text."""

import base64
import binascii

import numpy as np
from numpy.typing import NDArray

from ecg.vendor_files.refusal import refuse


def decode_base64(place: str, text: str) -> bytes:
    """The bytes of a base64 text with any white space; refuses other letters and missing ends."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        refuse(place, "not base64")


def int16_samples(place: str, data: bytes, count: int) -> NDArray[np.int64]:
    """Exactly `count` little-endian samples; refuses more and fewer."""
    if len(data) != 2 * count:
        refuse(place, f"{len(data)} bytes of samples where {2 * count} are announced")
    return np.frombuffer(data, "<i2").astype(np.int64)
