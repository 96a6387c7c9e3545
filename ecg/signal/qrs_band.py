"""The band in which QRS complexes stand out: a complex wavelet per lead, computed exactly.

Coefficients are whole numbers and samples are int16, so every sum is exact in a double: the output does not
depend on how the signal was cut into chunks, nor on how a library orders its additions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.leads import MISSING

CENTRE_HZ = 14.0
"""Narrow and wide complexes have energy here, T waves (2 to 5 Hz) and muscle (above 30 Hz) little."""

ORDER = 3.0
"""The response rises with the third power of the frequency: T waves of 4 Hz are 25 dB down."""

HALF_SUPPORT_S = 0.060
"""Half the wavelet's length, which is its delay."""

_COEFFICIENT_STEPS = 4096
_GRID = 1 << 14


@dataclass(frozen=True, slots=True)
class Wavelet:
    """Even and odd part, of odd length; `gain` turns their output into the unit of the input."""

    even: NDArray[np.float64]
    odd: NDArray[np.float64]
    gain: float

    @property
    def delay(self) -> int:
        """Samples by which the output lags."""
        return len(self.even) // 2


def qrs_wavelet(rate_hz: float) -> Wavelet:
    """The wavelet at this rate: |H(f)| = (f/f0)^3 exp(3/2 (1 - (f/f0)^2)), analytic, cut to +-60 ms."""
    relative = np.fft.fftfreq(_GRID, 1 / rate_hz) / CENTRE_HZ
    one_sided = np.maximum(relative, 0.0)
    response = one_sided**ORDER * np.exp(ORDER / 2 * (1 - one_sided**2))
    impulse = np.roll(np.fft.ifft(2 * response), _GRID // 2)
    half = round(HALF_SUPPORT_S * rate_hz)
    cut = impulse[_GRID // 2 - half : _GRID // 2 + half + 1] * np.hanning(2 * half + 3)[1:-1] ** 0.25
    scale = _COEFFICIENT_STEPS / float(np.max(np.abs(cut)))
    even = _without_mean(np.rint(cut.real * scale))
    return Wavelet(even, np.rint(cut.imag * scale), 1 / scale)


def _without_mean(coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole numbers that sum to nought: an offset of the amplifier leaves no trace, not even of rounding."""
    surplus = int(coefficients.sum())
    share, rest = divmod(abs(surplus), len(coefficients))
    sign = 1 if surplus > 0 else -1
    changed = coefficients - sign * share
    start = (len(coefficients) - rest) // 2
    changed[start : start + rest] -= sign
    return changed


@dataclass(frozen=True, slots=True)
class Band:
    """Per lead and sample: `even` (signed; its extreme lies on R), `energy` (the envelope, squared), `seen`.

    Where a lead has a missing value within the wavelet's reach, `seen` is false and the others are 0.
    """

    even: NDArray[np.float64]
    energy: NDArray[np.float64]
    seen: NDArray[np.bool_]


class QrsBand:
    """Feeds samples through the wavelet; output k belongs to input k - delay, counted over all chunks."""

    def __init__(self, rate_hz: float, leads: int, uv_per_lsb: float) -> None:
        self._wavelet = qrs_wavelet(rate_hz)
        self._gain = self._wavelet.gain * uv_per_lsb
        self._leads = leads
        self._reach = len(self._wavelet.even) - 1
        self._tail = np.zeros((leads, 0), dtype=np.float64)
        self._tail_missing = np.zeros((leads, 0), dtype=np.float64)

    @property
    def delay(self) -> int:
        """Samples between a complex and the output that shows it."""
        return self._wavelet.delay

    def feed(self, samples: NDArray[np.int16]) -> Band:
        """The band, as long as `samples`; the very first outputs belong before the first input."""
        missing = samples == MISSING
        values = np.where(missing, 0.0, samples)  # nothing in reach of a hole is seen
        if self._tail.shape[1] == 0:  # as if the first value had stood for ever: no step at the start
            self._tail = np.repeat(values[:, :1], self._reach, axis=1)
            self._tail_missing = np.zeros((self._leads, self._reach))
        values = np.concatenate([self._tail, values], axis=1)
        holes = np.concatenate([self._tail_missing, missing], axis=1)
        self._tail, self._tail_missing = values[:, -self._reach :], holes[:, -self._reach :]
        return self._band(values, holes)

    def _band(self, values: NDArray[np.float64], holes: NDArray[np.float64]) -> Band:
        count = values.shape[1] - self._reach
        even, odd = np.empty((self._leads, count)), np.empty((self._leads, count))
        seen = np.ones((self._leads, count), dtype=np.bool_)
        for lead in range(self._leads):
            even[lead] = np.convolve(values[lead], self._wavelet.even, "valid") * self._gain
            odd[lead] = np.convolve(values[lead], self._wavelet.odd, "valid") * self._gain
            if holes[lead].any():
                seen[lead] = np.convolve(holes[lead], np.ones(self._reach + 1), "valid") < 0.5
        even[~seen] = 0.0
        energy = np.where(seen, even * even + odd * odd, 0.0)
        return Band(even, energy, seen)
