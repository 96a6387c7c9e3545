"""Mains and muscle noise between the complexes, in one pass.

Windows of 100 ms, each fitted with a cubic (P and T, ST and the baseline are smoother than that) and with
sines of 50 and 60 Hz. What the sines hold in all windows with one phase is mains. What no fit explains in
the quietest windows is muscle: a complex spoils the windows it lies in and leaves the others as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.signal.filters import Mains

WINDOW_S = 0.1
"""5 cycles at 50 Hz and 6 at 60, so that the two do not disturb each other."""

HOP_S = 0.05

HIGHEST_MAINS = 0.45
"""Of the sample rate; nearer to half of it a sine's phase and size cannot both be told."""

DETUNED_HZ = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""How far mains may be from its nominal frequency (EN 50160 allows 1 % of 50 Hz on a grid, islands more)."""

QUIET_SHARE = 0.2
"""At 200 beats a minute one window in three lies clear of the complexes; at ordinary rates three in four."""

MAINS_BESIDE_NOISE = 0.5
"""Mains must be this part of the noise beside it, or it may be the noise itself: a random signal of 1 mV has
a sine of 0.2 mV in it (measured)."""

MUSCLE_BESIDE_MAINS = 0.3
"""What is left of mains that drifts or has overtones; less than this part of it is not called muscle."""

_LEAST_WINDOWS = 7
"""A third of a second's windows; with fewer whole ones nothing is said."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Of one lead in one second. `mains_uv`: peak to peak per frequency; `muscle_uv`: standard deviation."""

    mains_uv: dict[Mains, float]
    muscle_uv: float


NOT_TOLD = Noise({}, 0.0)


class NoiseGauge:
    """Measures noise in seconds of signal at one rate."""

    def __init__(self, rate_hz: float) -> None:
        self._size = round(WINDOW_S * rate_hz)
        self._starts = np.arange(0, round(rate_hz) - self._size + 1, max(1, round(HOP_S * rate_hz)))
        self._times_s = self._starts / rate_hz
        self.mains = tuple(mains for mains in (Mains.HZ_50, Mains.HZ_60) if mains <= HIGHEST_MAINS * rate_hz)
        """The frequencies that can be told at this rate."""
        self._basis = _basis(self._size, rate_hz, self.mains)
        self._fit = np.linalg.pinv(self._basis)

    def measure(self, uv: NDArray[np.float64], missing: NDArray[np.bool_]) -> list[Noise]:
        """The noise of each lead of (leads, one second); windows with a missing value are left out."""
        at = self._starts[:, None] + np.arange(self._size)
        windows = uv[:, at]
        fitted = windows @ self._fit.T
        rest = windows - fitted @ self._basis.T
        freedom = self._size - self._basis.shape[1]
        rough = np.sqrt(np.einsum("lwn,lwn->lw", rest, rest) / freedom)
        found = [NOT_TOLD] * len(uv)
        complete: NDArray[np.bool_] = ~np.asarray(missing[:, at].any(axis=2))
        for leads, whole in _alike(complete):
            if whole.sum() >= _LEAST_WINDOWS:
                noises = self._noises(
                    fitted[leads][:, whole], np.sort(rough[leads][:, whole]), self._times_s[whole]
                )
                for lead, noise in zip(leads, noises, strict=True):
                    found[lead] = noise
        return found

    def _noises(
        self, fitted: NDArray[np.float64], rough: NDArray[np.float64], times_s: NDArray[np.float64]
    ) -> list[Noise]:
        """Of leads that share their windows: `rough` is in ascending order."""
        quiet = rough[:, int(QUIET_SHARE * rough.shape[1])]
        usual = rough[:, rough.shape[1] // 2]
        amplitudes = np.zeros((len(self.mains), len(fitted)))
        for k in range(len(self.mains)):
            amplitudes[k] = self._amplitudes(fitted, times_s, k)
        strongest = amplitudes.max(axis=0, initial=0.0)
        muscle = np.where(quiet >= MUSCLE_BESIDE_MAINS * strongest, quiet, 0.0)
        sizes = np.where(amplitudes >= MAINS_BESIDE_NOISE * usual, 2 * amplitudes, 0.0)
        return [
            Noise(dict(zip(self.mains, mains.tolist(), strict=True)), float(noise))
            for mains, noise in zip(sizes.T, muscle, strict=True)
        ]

    def _amplitudes(
        self, fitted: NDArray[np.float64], times_s: NDArray[np.float64], k: int
    ) -> NDArray[np.float64]:
        """The sine that most windows share, each turned back to the start: complexes are outvoted."""
        column = _SMOOTH + 2 * k
        phasors = fitted[..., column] - 1j * fitted[..., column + 1]
        back = np.exp(-2j * np.pi * np.outer(np.add(self.mains[k], DETUNED_HZ), times_s))
        turned = phasors * back[:, None, :]
        shared = np.hypot(np.median(turned.real, axis=2), np.median(turned.imag, axis=2))
        largest: NDArray[np.float64] = shared.max(axis=0)
        return largest


def _alike(whole: NDArray[np.bool_]) -> list[tuple[list[int], NDArray[np.bool_]]]:
    """Leads by which of their windows are whole; nearly always all are."""
    groups: dict[bytes, list[int]] = {}
    for lead, windows in enumerate(whole):
        groups.setdefault(windows.tobytes(), []).append(lead)
    return [(leads, whole[leads[0]]) for leads in groups.values()]


_SMOOTH = 4


def _basis(size: int, rate_hz: float, mains: Sequence[Mains]) -> NDArray[np.float64]:
    """Columns (size, 4 + 2 per frequency): a cubic, then cosine and sine of each."""
    middle = np.linspace(-1, 1, size)
    columns = [middle**power for power in range(_SMOOTH)]
    for frequency in mains:
        turn = 2 * np.pi * frequency * np.arange(size) / rate_hz
        columns += [np.cos(turn), np.sin(turn)]
    return np.stack(columns, axis=1)
