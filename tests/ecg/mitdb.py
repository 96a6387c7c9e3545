"""The smallest reader of the two extracts in `tests/data/ecg/mitdb`: format 212, two signals, beats."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parents[1] / "data" / "ecg" / "mitdb"
RATE_HZ = 360
NV_PER_LSB = 5000

# Annotation codes that are beats (WFDB ecgcodes.h): N L R a V F J A S E j / Q e n f r.
_BEATS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 34, 35, 38, 41}


@dataclass(frozen=True, slots=True)
class Extract:
    """Two signals, int16 (2, n), and the R indices of the reference."""

    samples: NDArray[np.int16]
    beats: tuple[int, ...]


def read_extract(name: str) -> Extract:
    """One of "200_45s", "203_45s"."""
    packed = np.fromfile(FOLDER / f"{name}.dat", np.uint8).reshape(-1, 3).astype(np.int16)
    one = packed[:, 0] | (packed[:, 1] & 0x0F) << 8
    two = packed[:, 2] | (packed[:, 1] & 0xF0) << 4
    samples = np.stack([one, two])
    samples[samples > 2047] -= 4096
    words = np.fromfile(FOLDER / f"{name}.atr", "<u2").astype(np.int64)[:-1]
    at, codes = np.cumsum(words & 1023), words >> 10
    return Extract(samples, tuple(int(t) for t, code in zip(at, codes, strict=True) if int(code) in _BEATS))
