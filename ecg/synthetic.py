"""A 12-lead ECG whose every interval is known, for tests, measuring and practice.

Times and amplitudes are parameters, not measurements: the waves have exact beginnings and ends (raised
cosines and straight lines, zero outside), so that a program that measures them can be held to account.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.description import Filters
from ecg.errors import SignalError
from ecg.leads import (
    INDEPENDENT_LEADS,
    MISSING,
    STANDARD_LEADS,
    Electrode,
    Lead,
    derive_limb_leads,
    lead_bits,
    unusable_leads,
)
from ecg.source import NO_SIGNS, Signs
from ecg.wave_shapes import RESTING_UV, hump, spike

NV_PER_LSB = 1000
"""One step is one microvolt."""

PULSE_UV = 5000
"""The measuring pulse: above every wave (below 2 mV), so that one comparison finds it."""

PULSE_SECONDS_MODULUS = 1000


@dataclass(frozen=True, slots=True)
class Intervals:
    """Durations in milliseconds as a cardiologist reads them; raises SignalError when they cannot be drawn.

    `pr_ms`: P onset to QRS onset. `qt_ms`: QRS onset to T end.
    """

    p_ms: float = 100
    pr_ms: float = 160
    qrs_ms: float = 90
    qt_ms: float = 400
    t_ms: float = 180

    def __post_init__(self) -> None:
        if min(self.p_ms, self.qrs_ms, self.t_ms) <= 0 or self.p_ms > self.pr_ms:
            raise SignalError(f"waves must last above 0 ms and P ({self.p_ms}) at most PR ({self.pr_ms})")
        if self.qrs_ms + self.t_ms > self.qt_ms:
            raise SignalError(f"QRS ({self.qrs_ms}) and T ({self.t_ms}) do not fit QT ({self.qt_ms})")


class SyntheticEcg:
    """Samples by index: the same index always gives the same value, in whatever pieces they are asked for.

    The P wave of the first beat begins at sample 0. III, aVR, aVL and aVF follow exactly, without rounding.

    With `started_us`, the capture time of sample 0, a measuring pulse is written: at the first sample at or
    after each whole second of capture time, I, II and V1..V6 are exactly 5000 uV; the sample after it
    holds, in the same leads, twice the second's number modulo 1000. So the capture time of a drawn sample can
    be read from the samples alone, to within one sample, as `ultrasound.timecode` reads it from the picture.
    """

    leads = STANDARD_LEADS
    nv_per_lsb = float(NV_PER_LSB)
    filters = Filters()
    device = "synthetic"
    simulated = True

    def __init__(
        self,
        rate_hz: int = 500,
        heart_rate_per_min: int = 60,
        intervals: Intervals | None = None,
        started_us: int | None = None,
    ) -> None:
        if not 100 <= rate_hz <= 8000 or not 20 <= heart_rate_per_min <= 250:
            raise SignalError(
                f"{rate_hz} Hz and {heart_rate_per_min} a minute; possible are 100 to 8000 and 20 to 250"
            )
        self.rate_hz = rate_hz
        self.heart_rate_per_min = heart_rate_per_min
        self.intervals = intervals or Intervals()
        self._started_us = started_us
        if self.intervals.pr_ms + self.intervals.qt_ms > 60_000 / heart_rate_per_min:
            raise SignalError(f"PR and QT do not fit a beat at {heart_rate_per_min} a minute")

    def samples(self, first: int, count: int) -> NDArray[np.int16]:
        """int16 (12, count) microvolts from index `first` on, in the order of STANDARD_LEADS."""
        index = np.arange(first, first + count, dtype=np.int64)
        independent = self._beats(index)
        if self._started_us is not None:
            self._write_pulse(independent, first, count, self._started_us)
        limb = derive_limb_leads(independent[0], independent[1])
        return np.concatenate([independent[:2], limb, independent[2:]])

    def breaks(self, first: int, count: int) -> tuple[int, ...]:
        """None: the signal never breaks off."""
        return ()

    def signs(self, first: int, count: int) -> Signs:
        """None: nothing comes off by itself."""
        return NO_SIGNS

    def _beats(self, index: NDArray[np.int64]) -> NDArray[np.int16]:
        # In whole numbers: the phase neither drifts nor jitters, however large the index grows.
        rate = self.rate_hz * 60
        phase_ms = (
            (index * self.heart_rate_per_min % rate) * (1000.0 / self.heart_rate_per_min) / self.rate_hz
        )
        shapes = self._shapes(phase_ms)
        amplitudes = np.array([RESTING_UV[lead] for lead in INDEPENDENT_LEADS], dtype=np.float64)
        # Even steps: the halves in the augmented leads come out exact.
        return (2 * np.rint(amplitudes @ shapes / 2)).astype(np.int16)

    def _shapes(self, phase_ms: NDArray[np.float64]) -> NDArray[np.float64]:
        """P, Q, R, S, T of height 1 at these times after P onset, as (5, n)."""
        of = self.intervals
        quarter = of.qrs_ms / 4
        return np.stack(
            [
                hump(phase_ms, 0, of.p_ms),
                spike(phase_ms, of.pr_ms, quarter),
                spike(phase_ms, of.pr_ms + quarter, 2 * quarter),
                spike(phase_ms, of.pr_ms + 3 * quarter, quarter),
                hump(phase_ms, of.pr_ms + of.qt_ms - of.t_ms, of.t_ms),
            ]
        )

    def _write_pulse(self, rows: NDArray[np.int16], first: int, count: int, started_us: int) -> None:
        second = (started_us + first * 1_000_000 // self.rate_hz) // 1_000_000 - 1
        while True:
            edge = -((started_us - second * 1_000_000) * self.rate_hz // 1_000_000)
            if edge >= first + count:
                return
            for at, value in ((edge, PULSE_UV), (edge + 1, 2 * (second % PULSE_SECONDS_MODULUS))):
                if first <= at < first + count:
                    rows[:, at - first] = value
            second += 1


def with_electrode_off(
    samples: NDArray[np.int16], electrode: Electrode, order: Sequence[Lead] = STANDARD_LEADS
) -> tuple[NDArray[np.int16], Electrode, int]:
    """Leads as a device gives them with electrodes off: a copy, the electrode bits, the unusable bits.

    `order`: the rows. The leads the electrode makes unusable are missing (-32768): nothing that could be
    taken for a flat line.
    """
    bits = lead_bits(unusable_leads(electrode) & set(order), order)
    taken = samples.copy()
    taken[[k for k in range(len(order)) if bits >> k & 1]] = MISSING
    return taken, electrode, bits
