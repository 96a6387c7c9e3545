"""How much a signal swings and how little it rests: what tells fibrillation and flutter from complexes.

Per lead and window, in the band of 1 to 30 Hz: the share of time away from the baseline (threshold crossing
sample count, Arafat et al. 2011), how unlike a sine of its own period it is (VF-filter leakage, Kuo and
Dillman 1978), and the rate and size of its swings. A heart with complexes rests between them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WINDOW_S = 4.0
LEAST_WINDOW_S = 2.0
STEP_S = 1.0
_BAND_HZ = (1.0, 30.0)
_LEAST_HZ = 100.0
"""Samples are averaged down to this rate or a little above: three times the band, a quarter of the work."""

_QUANTITIES = 5
_AWAY = 0.2
"""Of the usual peak: beyond it the signal is away from its baseline."""


@dataclass(frozen=True, slots=True)
class Oscillation:
    """Each (leads, windows), NaN where the window has a missing value; `firsts`: where each window begins."""

    firsts: NDArray[np.int64]
    length: int
    away: NDArray[np.float64]
    leakage: NDArray[np.float64]
    per_min: NDArray[np.float64]
    size_uv: NDArray[np.float64]
    evenness: NDArray[np.float64]
    """The small swings of the window to its large ones: near 1 where all are alike."""


def oscillation(uv: NDArray[np.float64], rate_hz: float, window_s: float = WINDOW_S) -> Oscillation:
    """Of a signal in microvolts (leads, n), NaN where missing; no window when it is shorter than one, or a
    window shorter than 2 s, in which nothing is usual."""
    factor = max(1, int(rate_hz // _LEAST_HZ))
    fewer = uv[:, : uv.shape[1] // factor * factor].reshape(len(uv), -1, factor).mean(axis=2)
    reduced_hz = rate_hz / factor
    length, step = round(window_s * reduced_hz), round(STEP_S * reduced_hz)
    firsts = np.arange(0, max(fewer.shape[1] - length + 1, 0) if window_s >= LEAST_WINDOW_S else 0, step)
    windows = fewer[:, firsts[:, None] + np.arange(length)].reshape(-1, length)
    table = np.full((len(windows), _QUANTITIES), np.nan)
    whole = ~np.isnan(windows).any(axis=1)
    if whole.any():
        table[whole] = _of_windows(windows[whole], reduced_hz)
    quantities = np.moveaxis(table.reshape(len(uv), len(firsts), _QUANTITIES), 2, 0)
    return Oscillation(firsts * factor, length * factor, *quantities)


def _of_windows(uv: NDArray[np.float64], rate_hz: float) -> NDArray[np.float64]:
    """(windows, quantities) of (windows, n)."""
    swing, per_min = _in_band(uv, rate_hz)
    usual = np.sort(_tops(swing, 1.0, rate_hz), axis=1)[:, -2:-1]
    away = np.mean(np.abs(swing) > _AWAY * usual, axis=1)
    away[usual[:, 0] == 0] = 0.0
    return np.stack([away, _leakage(swing), per_min, 2 * usual[:, 0], _evenness(swing, rate_hz)], axis=1)


def _tops(swing: NDArray[np.float64], piece_s: float, rate_hz: float) -> NDArray[np.float64]:
    """(windows, pieces): how far the signal goes in each piece of so many seconds."""
    piece = round(piece_s * rate_hz)
    pieces = swing.shape[1] // piece
    tops: NDArray[np.float64] = (
        np.abs(swing[:, : pieces * piece]).reshape(len(swing), pieces, piece).max(axis=2)
    )
    return tops


def _in_band(uv: NDArray[np.float64], rate_hz: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The signals from 1 to 30 Hz, and the rate per minute at which each swings most."""
    count = uv.shape[1]
    edge = max(1, count // 20)
    first, last = (part.mean(axis=1, keepdims=True) for part in (uv[:, :edge], uv[:, -edge:]))
    level = uv - first - (last - first) * np.linspace(0, 1, count)
    spectrum = np.fft.rfft(level * _tapered(count, rate_hz), axis=1)
    hz = np.fft.rfftfreq(count, 1 / rate_hz)
    spectrum[:, (hz < _BAND_HZ[0]) | (hz > _BAND_HZ[1])] = 0
    swing = np.fft.irfft(spectrum, count, axis=1)
    return swing, 60 * hz[np.argmax(np.abs(spectrum), axis=1)]


def _tapered(count: int, rate_hz: float) -> NDArray[np.float64]:
    """Ones with a quarter of a second of cosine at either end (Arafat et al.)."""
    edge = min(round(0.25 * rate_hz), count // 2)
    slope = 0.5 - 0.5 * np.cos(np.pi * np.arange(edge) / edge)
    return np.concatenate([slope, np.ones(count - 2 * edge), slope[::-1]])


def _leakage(swing: NDArray[np.float64]) -> NDArray[np.float64]:
    """0 for a sine: what is left when the signal meets itself half a period later; 1 when it has none."""
    count = swing.shape[1]
    travel = np.abs(np.diff(swing, axis=1)).sum(axis=1)
    far = np.abs(swing).sum(axis=1)
    half = np.where(travel > 0, np.pi * far / np.maximum(travel, 1e-12) + 0.5, 0).astype(np.int64)
    place = np.arange(count) + half[:, None]
    later = np.where(place < count, np.take_along_axis(swing, np.minimum(place, count - 1), axis=1), np.nan)
    left = np.nansum(np.abs(swing + later), axis=1)
    both = np.nansum(np.where(np.isnan(later), np.nan, np.abs(swing)) + np.abs(later), axis=1)
    possible = (half > 0) & (half < count) & (both > 0)
    return np.where(possible, left / np.where(possible, both, 1.0), 1.0)


def _evenness(swing: NDArray[np.float64], rate_hz: float) -> NDArray[np.float64]:
    """Over pieces of 0.4 s, each with one swing or more; those at the tapered ends do not count."""
    tops = np.sort(_tops(swing, 0.4, rate_hz)[:, 1:-1], axis=1)
    tenth = round(0.1 * (tops.shape[1] - 1))
    low, high = tops[:, tenth], tops[:, -1 - tenth]
    return np.where(high > 0, low / np.where(high > 0, high, 1.0), 1.0)
