"""The SHA-256 that END carries: proof that a recording is complete and unchanged."""

import hashlib

import numpy as np
from numpy.typing import NDArray


class StreamDigest:
    """Hashes a stream as its samples come, in index order, each index once.

    Hashed are, for each index from 0 on, the samples of all leads in META's order as little-endian int16;
    missing values as -32768. How the samples were cut into packets does not matter.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._total = 0

    @property
    def total(self) -> int:
        """Samples per lead so far."""
        return self._total

    def add(self, samples: NDArray[np.int16]) -> None:
        """The next samples, int16 (leads, n)."""
        self._hash.update(np.ascontiguousarray(samples.T).astype("<i2").tobytes())
        self._total += int(samples.shape[1])

    def sha256(self) -> bytes:
        """32 bytes over everything added so far."""
        return self._hash.digest()
