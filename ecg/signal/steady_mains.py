"""Mains in a whole recording, told between the complexes and taken out before anything is measured.

A median of beats takes out only what differs from beat to beat. The period of mains fits a whole number of
times into one beat at 60 a minute and into three at 72: what is left then looks like QRS, P and ST, and beats
of one phase look like a shape of their own. But mains goes on evenly through everything, and windows of
100 ms in which nothing else moves fast show its size and phase.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import floor

import numpy as np
from numpy.typing import NDArray

from ecg.leads import MISSING
from ecg.signal.lead_samples import LeadSamples

MAINS_HZ = (50.0, 60.0)

HIGHEST_OF_RATE = 0.45
"""Nearer to half of the sample rate a sine's size and phase cannot both be told."""

WINDOW_S = 0.1
"""5 periods of 50 Hz and 6 of 60, so that the two do not disturb each other."""

STEP_S = 0.02
QUIETEST = 0.5
"""Of the windows around a moment so many are asked, those in which least moves beside mains: not QRS."""

AROUND_S = 1.0
EVERY_S = 0.25
"""Mains at a moment is what the windows so far to either side agree on; between moments it goes on evenly."""

PART_S = 60.0
"""The frequency is told anew for each: on islands it drifts. And a day does not fit into memory at once."""

LEAST_WINDOWS = 10
"""Of fewer it cannot be said that they agree."""

DETUNED_HZ = 1.0
DETUNED_STEP_HZ = 0.25
"""How far mains may be from its nominal frequency (EN 50160 allows 1 % of 50 Hz on a grid, islands more)."""

LEAST_UV = 5.0
"""A lower sine is left: it changes no measurement, and may be something else."""

LEAST_BESIDE_SPREAD = 1.5
LEAST_BESIDE_NOISE = 0.5
"""Mains is so many times as large as the windows' difference from each other (in noise no phase is shared),
and as what else moves in them (a sine of another frequency leaks into all)."""


def without_steady_mains(leads: LeadSamples) -> LeadSamples:
    """The same samples less the mains that each lead has; untouched where it has none, or none that is told.

    For recordings: it looks a second ahead.
    """
    count, rate_hz = leads.samples.shape[1], leads.rate_hz
    part, beside = round(PART_S * rate_hz), round(2 * AROUND_S * rate_hz)
    cleaned = leads.samples.copy()
    for first in range(0, count, part):
        low, end = max(first - beside, 0), min(first + part, count)
        around = replace(leads, samples=leads.samples[:, low : min(end + beside, count)])
        cleaned[:, first:end] = _without_mains(around)[:, first - low : end - low]
    return replace(leads, samples=cleaned)


def _without_mains(leads: LeadSamples) -> NDArray[np.int16]:
    windows = _Windows(leads)
    if windows.too_few or not len(leads.samples):
        return leads.samples
    mains_uv = sum((windows.mains_uv(hz) for hz in windows.told_hz), np.zeros(leads.samples.shape))
    steps = np.rint(leads.samples - mains_uv / (leads.nv_per_lsb / 1000))
    cleaned = np.clip(steps, MISSING + 1, -(MISSING + 1)).astype(np.int16)
    return np.where(leads.samples == MISSING, leads.samples, cleaned)


class _Windows:
    """A recording in overlapping windows, each fitted with a cubic and a sine of every mains frequency."""

    def __init__(self, leads: LeadSamples) -> None:
        self._rate_hz, self._count = leads.rate_hz, leads.samples.shape[1]
        self.told_hz = [hz for hz in MAINS_HZ if hz <= HIGHEST_OF_RATE * leads.rate_hz]
        self._size = round(WINDOW_S * leads.rate_hz)
        self._starts = np.arange(0, self._count - self._size + 1, round(STEP_S * leads.rate_hz))
        self._basis = _basis(self._size, leads.rate_hz, self.told_hz)
        if not self.too_few:
            self._phasors, self._rough = self._fitted(leads)

    @property
    def too_few(self) -> bool:
        """Whether nothing can be told: too short, or too low a rate."""
        return len(self._starts) < LEAST_WINDOWS or not self.told_hz

    def _fitted(self, leads: LeadSamples) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
        """Per frequency and lead the phasor in the middle of each window; per lead what no fit explains."""
        cut = leads.samples[:, self._starts[:, None] + np.arange(self._size)]
        uv = cut * (leads.nv_per_lsb / 1000)
        fitted = uv @ np.linalg.pinv(self._basis).T
        rough = np.sqrt(((uv - fitted @ self._basis.T) ** 2).mean(axis=2))
        rough[(cut == MISSING).any(axis=2)] = np.inf
        sines = fitted[:, :, _SMOOTH:]
        return np.moveaxis(sines[:, :, ::2] - 1j * sines[:, :, 1::2], 2, 0), rough

    def mains_uv(self, nominal_hz: float) -> NDArray[np.float64]:
        """The mains of this frequency in each lead, (leads, n) microvolts; 0 where there is none."""
        hz = self._frequency(nominal_hz)
        at_s, shared = self._shared(nominal_hz, hz, EVERY_S, AROUND_S)
        time_s = np.arange(self._count) / self._rate_hz
        turn = np.exp(2j * np.pi * hz * time_s)
        return np.stack(
            [(np.interp(time_s, at_s, row) * turn).real if row.any() else 0 * time_s for row in shared]
        )

    def _frequency(self, nominal_hz: float) -> float:
        """That at which most is shared over all leads, made exact by how far the phase goes in a second."""
        detuned = np.arange(-DETUNED_HZ, DETUNED_HZ + DETUNED_STEP_HZ, DETUNED_STEP_HZ) + nominal_hz
        found = [self._shared(nominal_hz, hz, 1.0, 0.5)[1] for hz in detuned.tolist()]
        best = int(np.argmax([np.abs(shared).sum() for shared in found]))
        further = (found[best][:, 1:] * found[best][:, :-1].conj()).sum()
        return float(detuned[best] + np.angle(further) / (2 * np.pi))

    def _shared(
        self, nominal_hz: float, hz: float, every_s: float, around_s: float
    ) -> tuple[NDArray[np.float64], NDArray[np.complex128]]:
        """Moments in seconds, and per lead the phasor at time 0 that the quietest windows there share."""
        middle_s = (self._starts + (self._size - 1) / 2) / self._rate_hz
        turned = self._phasors[self.told_hz.index(nominal_hz)] * np.exp(-2j * np.pi * hz * middle_s)
        at_s = np.arange(min(around_s, middle_s[-1] / 2), max(middle_s[-1] - around_s / 2, around_s), every_s)
        shared = np.stack([self._shared_at(turned, middle_s, moment, around_s) for moment in at_s], axis=1)
        return at_s, shared

    def _shared_at(
        self, turned: NDArray[np.complex128], middle_s: NDArray[np.float64], at_s: float, around_s: float
    ) -> NDArray[np.complex128]:
        first, end = np.searchsorted(middle_s, [at_s - around_s, at_s + around_s])
        count = max(LEAST_WINDOWS, floor(QUIETEST * (end - first)))
        rough, near = self._rough[:, first:end], turned[:, first:end]
        if near.shape[1] < LEAST_WINDOWS:
            return np.zeros(len(near), dtype=np.complex128)
        quiet = np.argsort(rough, axis=1, kind="stable")[:, :count]
        near = np.take_along_axis(near, quiet, axis=1)
        shared = np.median(near.real, axis=1) + 1j * np.median(near.imag, axis=1)
        spread = np.median(np.abs(near - shared[:, None]), axis=1)
        least = np.take_along_axis(rough, quiet, axis=1)  # infinite where a value is missing
        clear = np.maximum(LEAST_BESIDE_SPREAD * spread, LEAST_BESIDE_NOISE * np.median(least, axis=1))
        size = np.where(np.isfinite(least).all(axis=1), np.abs(shared), 0.0)
        return np.where(size >= np.maximum(clear, LEAST_UV), shared, 0)


_SMOOTH = 4


def _basis(size: int, rate_hz: float, told_hz: Sequence[float]) -> NDArray[np.float64]:
    """Columns (size, 4 + 2 per frequency): a cubic, then cosine and sine of each, 0 in the middle."""
    middle = np.arange(size) - (size - 1) / 2
    columns = [(2 * middle / size) ** power for power in range(_SMOOTH)]
    for hz in told_hz:
        turn = 2 * np.pi * hz * middle / rate_hz
        columns += [np.cos(turn), np.sin(turn)]
    return np.stack(columns, axis=1)
