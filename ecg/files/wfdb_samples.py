"""The sample formats of WFDB signal files (`signal(5)`): 16, 24, 80 and 212, to whole numbers and back."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ecg.tracing import Samples


class SignalFormat(IntEnum):
    """How a signal file stores its samples, by the number WFDB headers give it."""

    TWELVE_BITS_IN_PAIRS = 212
    SIXTEEN_BITS = 16
    TWENTY_FOUR_BITS = 24
    OFFSET_BYTES = 80


MISSING_VALUE = {
    SignalFormat.OFFSET_BYTES: -128,
    SignalFormat.TWELVE_BITS_IN_PAIRS: -2048,
    SignalFormat.SIXTEEN_BITS: -32768,
    SignalFormat.TWENTY_FOUR_BITS: -(1 << 23),
}
"""The lowest value of each format says that there is no value."""


def bytes_of(form: SignalFormat, count: int) -> int:
    """How many bytes `count` samples take."""
    match form:
        case SignalFormat.OFFSET_BYTES:
            return count
        case SignalFormat.SIXTEEN_BITS:
            return 2 * count
        case SignalFormat.TWENTY_FOUR_BITS:
            return 3 * count
        case SignalFormat.TWELVE_BITS_IN_PAIRS:
            return (3 * count + 1) // 2


def samples_in(form: SignalFormat, size: int) -> int:
    """How many whole samples `size` bytes hold."""
    match form:
        case SignalFormat.OFFSET_BYTES:
            return size
        case SignalFormat.SIXTEEN_BITS:
            return size // 2
        case SignalFormat.TWENTY_FOUR_BITS:
            return size // 3
        case SignalFormat.TWELVE_BITS_IN_PAIRS:
            return 2 * size // 3


def decode(form: SignalFormat, data: memoryview, count: int) -> Samples:
    """The first `count` samples, as stored; int32 for 24 bits, else int16."""
    stored = np.frombuffer(data[: bytes_of(form, count)], np.uint8)
    match form:
        case SignalFormat.OFFSET_BYTES:
            return stored.astype(np.int16) - np.int16(128)
        case SignalFormat.SIXTEEN_BITS:
            return stored.view("<i2").astype(np.int16, copy=False)
        case SignalFormat.TWENTY_FOUR_BITS:
            return _of_24_bits(stored)
        case SignalFormat.TWELVE_BITS_IN_PAIRS:
            return _of_12_bits(stored, count)


def encode(form: SignalFormat, samples: Samples) -> bytes:
    """Samples as a signal file stores them; they must fit the format."""
    match form:
        case SignalFormat.OFFSET_BYTES:
            return (samples + 128).astype(np.uint8).tobytes()
        case SignalFormat.SIXTEEN_BITS:
            return samples.astype("<i2").tobytes()
        case SignalFormat.TWENTY_FOUR_BITS:
            return samples.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
        case SignalFormat.TWELVE_BITS_IN_PAIRS:
            return _to_12_bits(samples)


def _of_24_bits(stored: NDArray[np.uint8]) -> NDArray[np.int32]:
    # In the upper three bytes, so that the shift back carries the sign.
    wide = np.zeros((stored.size // 3, 4), np.uint8)
    wide[:, 1:] = stored.reshape(-1, 3)
    values = wide.reshape(-1).view("<i4").astype(np.int32, copy=False)
    values >>= 8
    return values


def _of_12_bits(stored: NDArray[np.uint8], count: int) -> NDArray[np.int16]:
    triples = np.zeros(3 * ((count + 1) // 2), np.uint8)
    triples[: stored.size] = stored
    low, both, high = triples[0::3], triples[1::3], triples[2::3]
    pairs = np.empty((low.size, 2), np.int16)
    # Twelve bits at the top of sixteen, so that the shift back carries the sign.
    pairs[:, 0] = (low.astype(np.uint16) << 4 | both.astype(np.uint16) << 12).view(np.int16) >> 4
    pairs[:, 1] = (high.astype(np.uint16) << 4 | (both & 0xF0).astype(np.uint16) << 8).view(np.int16) >> 4
    return pairs.reshape(-1)[:count]


def _to_12_bits(samples: Samples) -> bytes:
    pairs = np.zeros(samples.size + samples.size % 2, np.uint16)
    pairs[: samples.size] = samples.astype(np.int16).view(np.uint16) & 0xFFF
    first, second = pairs[0::2], pairs[1::2]
    triples = np.stack([first & 0xFF, first >> 8 | second >> 8 << 4, second & 0xFF], axis=1)
    return triples.astype(np.uint8).tobytes()[: (3 * samples.size + 1) // 2]
