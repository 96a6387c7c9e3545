"""Heights of P, Q, R, S, T and levels of ST in one lead of a pooled beat."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.measurements import LeadMeasure
from ecg.signal.p_wave import PWave
from ecg.signal.pooled_beat import STEP_MS
from ecg.signal.qrs_limits import Span
from ecg.signal.t_wave import TWave

_LINE_MS = (20.0, 4.0)
"""The isoelectric line is the mean of so long before the onset of QRS."""

LINE_BEFORE_QRS_MS = 12.0
"""The middle of it."""

LEAST_UV = 20.0
OVER_NOISE = 4.0
_LEAST_MS = 6.0
"""A deflection of QRS is larger than either, and as long (CSE working party, Eur Heart J 1985)."""

ST_60_MS = 60.0
_AROUND_MS = 4.0
"""Levels and rounded peaks are means of so long to either side."""


@dataclass(frozen=True, slots=True)
class Waves:
    """The waves of all leads, on the grid; `t` of the lead itself."""

    p: PWave | None
    qrs: Span
    t: TWave | None


def lead_amplitudes(uv: NDArray[np.float64], noise_uv: float, waves: Waves) -> Mapping[LeadMeasure, float]:
    """In microvolts, of one lead (n,): what is not there is 0; P and T only where all leads together have it.

    Q, R, S, T and ST against the mean of 20 to 4 ms before QRS, P against the line from its onset to its end.
    R is the highest of several. A complex that is negative throughout (QS) is a Q. The level at J is that of
    the first 8 ms after QRS: what is left of a steep S is no depression, that of a last R no elevation.
    """
    level = uv - isoelectric(uv, waves.qrs)
    found = _qrs_amplitudes(level, max(LEAST_UV, OVER_NOISE * noise_uv), waves.qrs)
    end = round(waves.qrs.end)
    found[LeadMeasure.ST_J] = _mean_around(level, end + round(_AROUND_MS / STEP_MS))
    found[LeadMeasure.ST_60] = _mean_around(level, end + round(ST_60_MS / STEP_MS))
    found[LeadMeasure.T] = 0.0 if waves.t is None else _mean_around(level, round(waves.t.peak))
    if waves.p is not None:
        found[LeadMeasure.P] = _p_amplitude(uv, waves.p)
    return found


def isoelectric(uv: NDArray[np.float64], qrs: Span) -> float:
    """The level just before QRS."""
    first, last = (max(round(qrs.onset - ms / STEP_MS), 0) for ms in _LINE_MS)
    return float(uv[first : last + 1].mean())


def _qrs_amplitudes(level: NDArray[np.float64], least: float, qrs: Span) -> dict[LeadMeasure, float]:
    found = {LeadMeasure.Q: 0.0, LeadMeasure.R: 0.0, LeadMeasure.S: 0.0}
    for height in _deflections(level[round(qrs.onset) : round(qrs.end) + 1], least):
        if height > 0:
            found[LeadMeasure.R] = max(found[LeadMeasure.R], height)
        elif found[LeadMeasure.R]:
            found[LeadMeasure.S] = min(found[LeadMeasure.S], height)
        else:
            found[LeadMeasure.Q] = min(found[LeadMeasure.Q], height)
    return found


def _deflections(level: NDArray[np.float64], least: float) -> list[float]:
    """Heights of the waves of a complex in order; what is still away from the line at its end is ST."""
    side = np.where(level >= least, 1, np.where(level <= -least, -1, 0))
    borders = np.flatnonzero(np.diff(side, prepend=0, append=0))
    heights = []
    for first, end in zip(borders[:-1], borders[1:], strict=True):
        if side[first] == 0 or (end - first) * STEP_MS < _LEAST_MS:
            continue
        top = int(first) + int(np.argmax(np.abs(level[first:end])))
        if top < len(level) - 2:
            heights.append(float(level[top]))
    return heights


def _p_amplitude(uv: NDArray[np.float64], p: PWave) -> float:
    first, last = round(p.onset), round(p.end)
    line = np.linspace(uv[first], uv[last], last - first + 1)
    off = uv[first : last + 1] - line
    return _mean_around(off, int(np.argmax(np.abs(off))))


def _mean_around(row: NDArray[np.float64], at: int) -> float:
    side = round(_AROUND_MS / STEP_MS)
    return float(row[max(at - side, 0) : at + side + 1].mean()) if at - side < len(row) else 0.0
