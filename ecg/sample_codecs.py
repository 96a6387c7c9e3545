"""How the samples of a WAVE lie in its payload: raw, or packed about three times smaller (`docs/e1.md`)."""

import zlib
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ecg.errors import WireError

_RAW_DEFLATE = -15


class Codec(IntEnum):
    """Byte 15 of the header."""

    RAW = 0
    DELTA_DEFLATE = 2


def pack_samples(samples: NDArray[np.int16], codec: Codec) -> bytes:
    """int16 (leads, n) as the payload of a WAVE, of even length."""
    if codec is Codec.RAW:
        return samples.astype("<i2").tobytes()
    packer = zlib.compressobj(level=6, wbits=_RAW_DEFLATE)
    packed: bytes = packer.compress(_planes(samples)) + packer.flush()
    return packed + b"\0" * (len(packed) % 2)


def unpack_samples(payload: bytes, lead_count: int, sample_count: int, codec: Codec) -> NDArray[np.int16]:
    """The inverse of `pack_samples`; raises WireError unless the payload holds exactly that many samples."""
    if codec is Codec.DELTA_DEFLATE:
        return _from_planes(_inflate(payload, lead_count * sample_count), lead_count, sample_count)
    if len(payload) != 2 * lead_count * sample_count:
        raise WireError(
            f"{sample_count} samples of {lead_count} leads are {2 * lead_count * sample_count} bytes,"
            f" not {len(payload)}"
        )
    return np.frombuffer(payload, dtype="<i2").astype(np.int16).reshape(lead_count, sample_count)


def _planes(samples: NDArray[np.int16]) -> bytes:
    """Differences along each lead (17 bits after zigzag): all low bytes, all high bytes, all bits 16."""
    wide = np.zeros((samples.shape[0], samples.shape[1] + 1), np.int32)
    wide[:, 1:] = samples
    delta = wide[:, 1:] - wide[:, :-1]
    zigzag = ((delta << 1) ^ (delta >> 31)).ravel()
    low, high = (zigzag & 0xFF).astype(np.uint8), (zigzag >> 8 & 0xFF).astype(np.uint8)
    top = np.packbits((zigzag >> 16).astype(np.uint8), bitorder="little")
    planes: bytes = low.tobytes() + high.tobytes() + top.tobytes()
    return planes


def _inflate(payload: bytes, count: int) -> bytes:
    expected = 2 * count + (count + 7) // 8
    unpacker = zlib.decompressobj(wbits=_RAW_DEFLATE)
    try:
        planes = unpacker.decompress(payload, expected + 1)  # never unfolds further than that
    except zlib.error as fault:
        raise WireError(f"the payload is not raw deflate: {fault}") from None
    padding = unpacker.unused_data
    if len(planes) != expected or not unpacker.eof or len(payload) % 2 or padding not in (b"", b"\0"):
        raise WireError(f"the payload does not unfold to the {expected} bytes of {count} samples")
    return planes


def _from_planes(planes: bytes, lead_count: int, sample_count: int) -> NDArray[np.int16]:
    count = lead_count * sample_count
    octets = np.frombuffer(planes, dtype=np.uint8)
    top = np.unpackbits(octets[2 * count :], count=count, bitorder="little")
    zigzag = octets[:count].astype(np.int32) | octets[count : 2 * count].astype(np.int32) << 8
    zigzag |= top.astype(np.int32) << 16
    delta = ((zigzag >> 1) ^ -(zigzag & 1)).reshape(lead_count, sample_count)
    samples = np.cumsum(delta, axis=1, dtype=np.int64)
    if samples.min() < -32768 or samples.max() > 32767:
        raise WireError("the payload unfolds to values beyond 16 bits")
    return samples.astype(np.int16)
