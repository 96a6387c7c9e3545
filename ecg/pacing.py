"""Where a pacemaker paced: the device's marks first; a test for spikes only where they can be seen.

A pacing pulse lasts 0.1 to 2 ms (IEC 60601-2-27). At 500 Hz most fall between two samples, so below 1 kHz
there is no test but a reason. An empty answer of the test means that no spike was seen, not that nobody
paced: on the skin more than half of all pulses are shorter than 0.5 ms or lower than 2 mV (140 paced patients
recorded at 32 kHz, J Electrocardiol 2012).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ecg.annotations import AnnotationCode
from ecg.errors import SignalError
from ecg.leads import MISSING
from ecg.measurements import Absent, Why
from ecg.packets import MarkKind, Wave
from ecg.recording import Recording
from ecg.tracing import Tracing

LEAST_RATE_HZ = 1000.0

LEAST_PASSED_HZ = 200.0
"""Of a pulse of 0.5 ms and 2 mV a low-pass of 150 Hz leaves 0.37 mV, one of 200 Hz 0.49 mV (measured)."""

LEAST_HEIGHT_UV = 400.0
"""A pulse of 0.5 ms and 2 mV shared by two samples of 1 ms leaves 0.5 mV in each. At 1 kHz what stands out of
level flanks is 0.22 mV at most, in QRS complexes (measured, two recordings)."""

LEVEL_SHARE = 0.4
"""Of the spike's height: how level the line is before and after. Beside the peak of a QRS complex it falls
away by as much as the peak is high."""

HALF_WIDTH_S = 0.003
FLANK_S = 0.010
"""The line is looked at from 3 to 10 ms to either side."""

APART_S = 0.005
"""Two chambers may be paced so soon after each other; what is closer is one pulse."""

_BLOCK = 1 << 12


class PacingSource(StrEnum):
    """Who says so."""

    DEVICE = "device"
    SPIKE_TEST = "spike_test"


@dataclass(frozen=True, slots=True)
class PacingMarks:
    """The samples at which a pacemaker paced, in order. From the spike test, none means: none was seen."""

    samples: tuple[int, ...]
    source: PacingSource


def marks_of_packets(waves: Iterable[Wave]) -> tuple[int, ...]:
    """The device's pacing marks in E1 packets as sample indices of the stream; repeats count once."""
    return tuple(
        sorted(
            {
                wave.first_index + mark.offset
                for wave in waves
                for mark in wave.marks
                if mark.kind is MarkKind.PACE
            }
        )
    )


def marks_of_annotations(tracing: Tracing) -> tuple[int, ...]:
    """The pacing marks that a file holds as annotations; a paced beat is a beat, not a mark."""
    return tuple(
        sorted({one.sample for one in tracing.annotations if one.code is AnnotationCode.PACING_SPIKE})
    )


def pacing_marks(recording: Recording, device_marks: Iterable[int] = ()) -> PacingMarks | Absent:
    """The device's marks where there are any, else those of the spike test, else why it was not made."""
    marks = tuple(sorted(set(device_marks)))
    if marks:
        if marks[0] < 0 or marks[-1] >= recording.sample_count:
            raise SignalError(
                f"pacing marks from {marks[0]} to {marks[-1]}; 0 to {recording.sample_count - 1} is right"
            )
        return PacingMarks(marks, PacingSource.DEVICE)
    if recording.rate_hz < LEAST_RATE_HZ:
        return Absent(Why.RATE_TOO_LOW_HZ)
    if recording.filters.high_hz is not None and recording.filters.high_hz < LEAST_PASSED_HZ:
        return Absent(Why.SPIKES_FILTERED)
    return PacingMarks(_spikes(recording), PacingSource.SPIKE_TEST)


def _spikes(recording: Recording) -> tuple[int, ...]:
    """Where any lead shows a spike, each at its highest sample."""
    heights = np.zeros(recording.sample_count)
    test = _SpikeTest(recording.rate_hz)
    for row in recording.samples:
        uv = row * (recording.nv_per_lsb / 1000)
        np.maximum(heights, test.heights_uv(uv, row == MISSING), out=heights)
    apart = round(APART_S * recording.rate_hz)
    found: list[int] = []
    for at in np.flatnonzero(heights).tolist():
        if found and at - found[-1] < apart:
            found[-1] = max(found[-1], at, key=lambda one: heights[one])
        else:
            found.append(at)
    return tuple(found)


class _SpikeTest:
    """How far each sample stands out of a straight line through what lies before and after it."""

    def __init__(self, rate_hz: float) -> None:
        near, far = round(HALF_WIDTH_S * rate_hz), round(FLANK_S * rate_hz)
        self._far = far
        self._flanks = np.concatenate([np.arange(-far, -near + 1), np.arange(near, far + 1)])
        self._line = np.stack([np.ones(self._flanks.size), self._flanks / far], axis=1)
        self._fit = np.linalg.pinv(self._line)

    def heights_uv(self, uv: NDArray[np.float64], missing: NDArray[np.bool_]) -> NDArray[np.float64]:
        """The height of each spike of a lead (n,) at its samples, 0 elsewhere and beside missing samples."""
        heights = np.zeros(len(uv))
        for first in range(self._far, len(uv) - self._far, _BLOCK):
            at = np.arange(first, min(first + _BLOCK, len(uv) - self._far))
            heights[at] = self._block(uv, missing, at)
        return heights

    def _block(
        self, uv: NDArray[np.float64], missing: NDArray[np.bool_], at: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        around = at[:, None] + self._flanks
        flanks = uv[around]
        lines = flanks @ self._fit.T
        uneven = np.abs(flanks - lines @ self._line.T).max(axis=1)
        height = np.abs(uv[at] - lines[:, 0])
        whole = ~(missing[around].any(axis=1) | missing[at])
        is_spike = whole & (height >= LEAST_HEIGHT_UV) & (uneven <= LEVEL_SHARE * height)
        return np.where(is_spike, height, 0.0)
