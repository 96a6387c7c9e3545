"""What is measured on one pooled beat: intervals, axes, amplitudes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ecg.leads import Lead
from ecg.measurements import LeadMeasure, Measure
from ecg.signal.amplitudes import LINE_BEFORE_QRS_MS, ST_60_MS, Waves, isoelectric, lead_amplitudes
from ecg.signal.axes import NetAreas, axis_degrees
from ecg.signal.delineation import PooledWaves
from ecg.signal.pooled_beat import STEP_MS

HIDDEN_MS = 40.0
"""The first and last forces of QRS that are slower than noise: under muscle noise of 60 uV (clarity 0.5) the
onset of a complex with a Q came out 22 ms late."""


def intervals_ms(waves: PooledWaves) -> dict[Measure, float]:
    """P, PR, QRS, QT; what rests on a wave that is not there is left out."""
    found = {Measure.QRS: waves.qrs.ms}
    if waves.p is not None:
        found[Measure.P] = (waves.p.end - waves.p.onset) * STEP_MS
        found[Measure.PR] = (waves.qrs.onset - waves.p.onset) * STEP_MS
    if waves.t is not None:
        found[Measure.QT] = (waves.t.of_all.end - waves.qrs.onset) * STEP_MS
    return found


def axes_degrees(waves: PooledWaves, leads: Sequence[Lead | None]) -> dict[Measure, float]:
    """P, QRS and T axis; left out where the wave is not there or points nowhere, all without I and aVF."""
    plane = _frontal_plane(waves.pooled.uv, leads)
    if plane is None:
        return {}
    level = plane - np.array([[isoelectric(row, waves.qrs)] for row in plane])
    areas = {Measure.QRS_AXIS: _areas(level, waves.qrs.onset, waves.qrs.end)}
    if waves.p is not None:
        areas[Measure.P_AXIS] = _areas(_off_line(plane, waves.p.onset, waves.p.end), 0, np.inf)
    if waves.t is not None:
        areas[Measure.T_AXIS] = _areas(level, waves.t.of_all.onset, waves.t.of_all.end)
    axes = {measure: axis_degrees(area) for measure, area in areas.items()}
    return {measure: axis for measure, axis in axes.items() if axis is not None}


def has_frontal_plane(leads: Sequence[Lead | None]) -> bool:
    """Whether the leads allow an axis: I with aVF, or with II, from which aVF follows."""
    return Lead.I in leads and (Lead.AVF in leads or Lead.II in leads)


def _frontal_plane(uv: NDArray[np.float64], leads: Sequence[Lead | None]) -> NDArray[np.float64] | None:
    """I and aVF (2, n); aVF as stored, else II - I/2."""
    if not has_frontal_plane(leads):
        return None
    one = uv[list(leads).index(Lead.I)]
    if Lead.AVF in leads:
        return np.stack([one, uv[list(leads).index(Lead.AVF)]])
    return np.stack([one, uv[list(leads).index(Lead.II)] - one / 2])


def _off_line(plane: NDArray[np.float64], onset: float, end: float) -> NDArray[np.float64]:
    """From onset to end, above the straight line between the two."""
    first, last = round(onset), round(end)
    share = np.linspace(0.0, 1.0, last - first + 1)
    line = plane[:, first, None] * (1 - share) + plane[:, last, None] * share
    off: NDArray[np.float64] = plane[:, first : last + 1] - line
    return off


def _areas(level: NDArray[np.float64], onset: float, end: float) -> NetAreas:
    last = level.shape[1] - 1
    part = level[:, round(onset) : round(min(end, last)) + 1].sum(axis=1) * STEP_MS
    return NetAreas(float(part[0]), float(part[1]))


def with_hidden_limits(waves: PooledWaves) -> PooledWaves:
    """The same with QRS as much wider as noise may hide of it."""
    hidden = (1 - waves.qrs.clarity) * HIDDEN_MS / STEP_MS
    return replace(waves, qrs=replace(waves.qrs, onset=waves.qrs.onset - hidden, end=waves.qrs.end + hidden))


def amplitudes_uv(waves: PooledWaves, row: int) -> Mapping[LeadMeasure, float]:
    """Of the lead in this row."""
    t = waves.t.leads[row] if waves.t is not None else None
    of_lead = Waves(waves.p, waves.qrs, t)
    pooled = waves.pooled
    return lead_amplitudes(pooled.uv[row], float(pooled.noise_uv[row]), of_lead)


def after_line_ms(waves: PooledWaves, measure: LeadMeasure) -> float:
    """How long after the line it is measured against an amplitude lies; P is measured against its own."""
    end = waves.qrs.ms + LINE_BEFORE_QRS_MS
    match measure:
        case LeadMeasure.P:
            return 0.0
        case LeadMeasure.ST_J:
            return end
        case LeadMeasure.ST_60:
            return end + ST_60_MS
        case LeadMeasure.T if waves.t is not None:
            return (waves.t.of_all.peak - waves.qrs.onset) * STEP_MS + LINE_BEFORE_QRS_MS
        case _:
            return end / 2
