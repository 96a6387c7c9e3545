"""Disturbances of known strength, to be added to a clean ECG; everything in microvolts."""

import numpy as np
from numpy.typing import NDArray

from ecg.leads import STANDARD_LEADS, Electrode, Lead

Signal = NDArray[np.float64]

EMG_HZ = (20.0, 150.0)
"""Where surface muscle noise has nearly all its energy."""


def mains(samples: int, rate_hz: float, peak_to_peak_uv: float, frequency_hz: float) -> Signal:
    """A sine (n,)."""
    return _sine(samples, rate_hz, peak_to_peak_uv, frequency_hz)


def wander(samples: int, rate_hz: float, peak_to_peak_uv: float, frequency_hz: float = 0.3) -> Signal:
    """Breathing, at 18 a minute unless told, (n,)."""
    return _sine(samples, rate_hz, peak_to_peak_uv, frequency_hz)


def _sine(samples: int, rate_hz: float, peak_to_peak_uv: float, frequency_hz: float) -> Signal:
    wave: Signal = peak_to_peak_uv / 2 * np.sin(2 * np.pi * frequency_hz * np.arange(samples) / rate_hz)
    return wave


def muscle(samples: int, rate_hz: float, deviation_uv: float, seed: int) -> Signal:
    """Random noise of 20 to 150 Hz (or what the rate holds) with this standard deviation, (n,)."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=samples))
    frequencies = np.fft.rfftfreq(samples, 1 / rate_hz)
    spectrum[(frequencies < EMG_HZ[0]) | (frequencies > EMG_HZ[1])] = 0
    noise: Signal = np.fft.irfft(spectrum, samples)
    noise *= deviation_uv / noise.std()
    return noise


def at_electrode(noise: Signal, electrode: Electrode) -> Signal:
    """What noise (n,) at one electrode does to the twelve leads, (12, n)."""
    share = dict.fromkeys(STANDARD_LEADS, 0.0)
    if electrode in (Electrode.RA, Electrode.LA, Electrode.LL):
        share |= dict.fromkeys(STANDARD_LEADS[6:], -1 / 3)  # Wilson's terminal
        share |= _AT_LIMB[electrode]
    else:
        share[Lead[str(electrode.name)]] = 1.0
    return np.outer([share[lead] for lead in STANDARD_LEADS], noise)


_AT_LIMB: dict[Electrode, dict[Lead, float]] = {
    Electrode.RA: {Lead.I: -1, Lead.II: -1, Lead.AVR: 1, Lead.AVL: -0.5, Lead.AVF: -0.5},
    Electrode.LA: {Lead.I: 1, Lead.III: -1, Lead.AVR: -0.5, Lead.AVL: 1, Lead.AVF: -0.5},
    Electrode.LL: {Lead.II: 1, Lead.III: 1, Lead.AVR: -0.5, Lead.AVL: -0.5, Lead.AVF: 1},
}
