"""The band in which QRS complexes stand out: a complex wavelet per lead, computed exactly.

Coefficients are whole numbers and samples are int16, so every sum is exact in a double: the output does not
depend on how the signal was cut into chunks, nor on how a library orders its additions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.leads import MISSING
from ecg.signal.trail import Trail

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

    Where a lead has a missing value within the wavelet's reach, `seen` is false and the others are 0. `seen`
    is None where nothing is missing in any lead.
    """

    even: NDArray[np.float64]
    energy: NDArray[np.float64]
    seen: NDArray[np.bool_] | None


class QrsBand:
    """Feeds samples through the wavelet; output k belongs to input k - delay, counted over all chunks."""

    def __init__(self, rate_hz: float, leads: int, uv_per_lsb: float) -> None:
        self._wavelet = qrs_wavelet(rate_hz)
        self._even, self._odd = (part[::-1].copy() for part in (self._wavelet.even, self._wavelet.odd))
        self._gain = self._wavelet.gain * uv_per_lsb
        self._leads = leads
        self._reach = len(self._wavelet.even) - 1
        self._values = Trail(leads, self._reach)
        self._holes = Trail(leads, self._reach)
        self._whole_for = 0  # samples of all leads in a row of which none was missing
        self._begun = False

    @property
    def delay(self) -> int:
        """Samples between a complex and the output that shows it."""
        return self._wavelet.delay

    def feed(self, samples: NDArray[np.int16]) -> Band:
        """The band, as long as `samples` (one or more a lead); the first outputs belong before the first
        input."""
        is_whole = np.minimum.reduce(samples, axis=None) != MISSING
        missing = None if is_whole else samples == MISSING
        values = samples if missing is None else np.where(missing, 0, samples)  # no hole's reach is seen
        if not self._begun:  # as if the first value had stood for ever: no step at the start
            self._values.append(np.repeat(values[:, :1], self._reach, axis=1))
            self._whole_for, self._begun = self._reach, True
        self._values.append(values)
        count = samples.shape[1]
        if missing is None and self._whole_for >= self._reach:
            return self._band(count)
        return self._band_with_holes(samples == MISSING if missing is None else missing)

    def _band(self, count: int) -> Band:
        values = self._values.last(count + self._reach)
        even, odd = np.empty((self._leads, count)), np.empty((self._leads, count))
        for lead in range(self._leads):
            even[lead] = np.correlate(values[lead], self._even, "valid")
            odd[lead] = np.correlate(values[lead], self._odd, "valid")
        even *= self._gain
        odd *= self._gain
        return Band(even, even * even + odd * odd, None)

    def _band_with_holes(self, missing: NDArray[np.bool_]) -> Band:
        count = missing.shape[1]
        if self._whole_for >= self._reach:  # not kept up while nothing was missing
            self._holes.append(np.zeros((self._leads, self._reach)))
        self._holes.append(missing)
        self._whole_for = _whole_at_end(missing, self._whole_for)
        holes = self._holes.last(count + self._reach)
        seen = np.ones((self._leads, count), dtype=np.bool_)
        for lead in range(self._leads):
            if holes[lead].any():
                seen[lead] = np.correlate(holes[lead], np.ones(self._reach + 1), "valid") < 0.5
        band = self._band(count)
        band.even[~seen] = 0.0
        return Band(band.even, np.where(seen, band.energy, 0.0), seen)


def _whole_at_end(missing: NDArray[np.bool_], before: int) -> int:
    """How many samples at the end have no missing value in any lead; `before`: of those before these."""
    at = np.flatnonzero(missing.any(axis=0)).tolist()
    count = int(missing.shape[1])
    return count - 1 - int(at[-1]) if at else before + count
