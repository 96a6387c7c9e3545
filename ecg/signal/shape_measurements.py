"""The usual shape of beat as measurements: each with its confidence, or why it is absent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from ecg.leads import Lead
from ecg.measurements import UNITS, Absent, LeadMeasure, Measure, Measured, Measurement, Unit, Why
from ecg.signal.amplitudes import OVER_NOISE, ST_60_MS
from ecg.signal.beat_values import (
    after_line_ms,
    amplitudes_uv,
    axes_degrees,
    has_frontal_plane,
    intervals_ms,
    with_hidden_limits,
)
from ecg.signal.delineation import DelineatedShape, PooledWaves
from ecg.signal.pooled_beat import STEP_MS
from ecg.signal.repeatability import confidence

LEAST_BEATS = 3
"""Below it nothing is measured on the shape."""

LEAST_HEIGHT_UV = 150.0
"""A QRS complex lower than this in every lead is none (IEC 60601-2-27)."""

MOST_NOISE = 0.08
"""Of QRS's height: with more noise left in the pooled beat its limits are guessed."""

QRS_MS = (40.0, 260.0)
"""A complex that comes out shorter or longer has no limits: in ventricular flutter nothing ever rests."""

MOST_T_SPREAD_MS = 60.0
"""With the leads' T ends further from each other there is no T end."""

SD_OF_SPREAD = 0.6
"""How far a median of some six leads is off, when half of the leads lie within the spread."""

TOLERANCES: Mapping[Measure, float] = {
    Measure.P: 10.0,
    Measure.PR: 10.0,
    Measure.QRS: 10.0,
    Measure.QT: 25.0,
    Measure.P_AXIS: 15.0,
    Measure.QRS_AXIS: 10.0,
    Measure.T_AXIS: 15.0,
}
"""What the confidence is about: in ms, the mean errors IEC 60601-2-25 allows in real ECGs; in degrees."""

AMPLITUDE_UV = 25.0
AMPLITUDE_SHARE = 0.05
"""Of amplitudes: the larger of the two (IEC 60601-2-25)."""

LEAST_T_MS = 100.0
"""No T wave is over sooner: where the next beat follows closer upon QRS, what was taken for its end lies on
T. In ventricular tachycardia at 205 a minute it came out at the peak of T, 60 ms late."""

ROOM_FOR_T_MS = 140.0
"""T and what there is of rest after it. With less, ST_60 is on T, and a T that is not found is not flat."""

REST_UNSEEN = 0.45
"""The most that P can be sure of when T and P are too close to see that the baseline rests between, and QT
when the next beat comes before a rest after T is seen."""

BORDERLINE = 0.45
"""The most that QRS and PR can be sure of when counting a fifth less as movement moves a limit of QRS by more
than the tolerance: so it is with a last wave that only one lead of eleven shows (paced, without V5)."""

LEAST_REST_AFTER_T_MS = 60.0
"""As long as the rest that the end of T is told by (`t_wave`)."""

_OF_P = (Measure.P, Measure.PR, Measure.P_AXIS)

_WITH_QRS_END = (Measure.QRS, Measure.QT, Measure.QRS_AXIS, Measure.T_AXIS)
"""What rests on the end of QRS: T is looked for from there."""

_OF_HEIGHT = (LeadMeasure.Q, LeadMeasure.R, LeadMeasure.S, LeadMeasure.T)
_CUT_OFF_AXES = (Measure.QRS_AXIS, Measure.T_AXIS)
"""What a complex whose top is cut off does not tell, however well its beats agree."""

_SURE_AGREEMENT = 0.8
_NO_AGREEMENT = 0.5

SHIFTING_HIGH_PASS_HZ = 0.055
"""A high-pass above 0.05 Hz moves ST by hundreds of microvolts (the 300 uVs pulse of IEC 60601-2-25)."""


@dataclass(frozen=True, slots=True, eq=False)
class UsualShape:
    """The usual shape, its groups of beats measured by themselves, and which lead each row is.

    `drift_uv_per_ms`: how fast the baseline of each row drifts through these beats. `cut_off`: the rows whose
    QRS complexes met the end of what the device could hold, or follow from such.
    """

    found: DelineatedShape
    groups: tuple[PooledWaves, ...]
    leads: tuple[Lead | None, ...]
    high_pass_hz: tuple[float | None, ...]
    drift_uv_per_ms: NDArray[np.float64]
    cut_off: frozenset[int] = frozenset()


def shape_measurements(usual: UsualShape) -> dict[Measure, Measurement]:
    """Every interval and axis that is measured on the shape itself."""
    why = _why_nothing(usual.found)
    measured = (*TOLERANCES,)
    if why is not None:
        return {measure: Absent(why) for measure in measured}
    values = _values(usual.found.waves, usual.leads)
    groups = [_values(group, usual.leads) for group in usual.groups]
    found = {
        measure: _measured(usual, measure, values[measure], [group.get(measure) for group in groups])
        if measure in values
        else Absent(_why_absent(usual, measure))
        for measure in measured
    }
    plane = {usual.leads.index(lead) for lead in (Lead.I, Lead.AVF, Lead.II) if lead in usual.leads}
    if _is_t_on_qrs(usual.found):
        found |= dict.fromkeys(_WITH_QRS_END, Absent(Why.T_ON_QRS))
    if plane & usual.cut_off:
        found |= dict.fromkeys(_CUT_OFF_AXES, Absent(Why.POOR_SIGNAL))
    return found


def lead_measurements(usual: UsualShape, row: int) -> dict[LeadMeasure, Measurement]:
    """Every amplitude of the lead in this row."""
    why = _why_nothing(usual.found, low_voltage_matters=False)
    if why is not None:
        return {measure: Absent(why) for measure in LeadMeasure}
    values = amplitudes_uv(usual.found.waves, row)
    wider = amplitudes_uv(with_hidden_limits(usual.found.waves), row)
    groups = [amplitudes_uv(group, row) for group in usual.groups]
    least_seen = OVER_NOISE * float(usual.found.waves.pooled.noise_uv[row])
    high_pass_hz = usual.high_pass_hz[row]
    found: dict[LeadMeasure, Measurement] = {}
    for measure in LeadMeasure:
        if measure not in values:
            found[measure] = Absent(usual.found.p.why or Why.NO_P)
        elif _is_on_t(usual.found, measure):
            found[measure] = Absent(Why.T_ON_QRS)
        elif measure in _OF_HEIGHT and row in usual.cut_off:
            found[measure] = Absent(Why.POOR_SIGNAL)
        elif measure in (LeadMeasure.ST_J, LeadMeasure.ST_60) and _shifts_st(high_pass_hz):
            found[measure] = Absent(Why.ST_FILTERED)
        else:
            tolerance = max(AMPLITUDE_UV, AMPLITUDE_SHARE * abs(values[measure]))
            drifted = usual.drift_uv_per_ms[row] * after_line_ms(usual.found.waves, measure)
            off = hypot(wider[measure] - values[measure], drifted)
            sure = confidence([group.get(measure) for group in groups], tolerance, off)
            if values[measure] == 0:
                sure *= tolerance / max(tolerance, least_seen)  # a lower wave would not be seen
            found[measure] = Measured(round(values[measure], 1), Unit.UV, round(sure, 3))
    return found


def _shifts_st(high_pass_hz: float | None) -> bool:
    return high_pass_hz is not None and high_pass_hz > SHIFTING_HIGH_PASS_HZ


def _is_t_on_qrs(found: DelineatedShape) -> bool:
    return found.after_qrs_ms < LEAST_T_MS


def _is_on_t(found: DelineatedShape, measure: LeadMeasure) -> bool:
    """Whether this amplitude would be that of T, or T's that of none."""
    match measure:
        case LeadMeasure.P:
            return False
        case LeadMeasure.ST_60:
            return found.after_qrs_ms < ST_60_MS + ROOM_FOR_T_MS
        case LeadMeasure.T if found.waves.t is None:
            return found.after_qrs_ms < ROOM_FOR_T_MS + ST_60_MS
        case _:
            return _is_t_on_qrs(found)


def _why_nothing(found: DelineatedShape, low_voltage_matters: bool = True) -> Why | None:
    if len(found.shape.given) < LEAST_BEATS:
        return Why.FEW_BEATS
    waves = found.waves
    height = found.height_uv
    if low_voltage_matters and height < LEAST_HEIGHT_UV:
        return Why.LOW_VOLTAGE
    guessed = float(np.median(waves.pooled.noise_uv)) > MOST_NOISE * height
    if guessed or not QRS_MS[0] <= waves.qrs.ms <= QRS_MS[1]:
        return Why.POOR_SIGNAL
    return None


def _values(waves: PooledWaves, leads: Sequence[Lead | None]) -> dict[Measure, float]:
    return intervals_ms(waves) | axes_degrees(waves, leads)


def _measured(
    usual: UsualShape, measure: Measure, value: float, groups: Sequence[float | None]
) -> Measurement:
    limit = _most_sure(usual.found, measure)
    spread_ms = _t_spread_ms(usual.found)
    if measure is Measure.QT and spread_ms > MOST_T_SPREAD_MS:
        return Absent(Why.NO_T_END)
    if UNITS[measure] is Unit.DEGREE:
        groups = [None if one is None else value + (one - value + 180) % 360 - 180 for one in groups]
    further = SD_OF_SPREAD * spread_ms if measure is Measure.QT else 0.0
    sure = limit * confidence(groups, TOLERANCES[measure], further)
    return Measured(round(value, 1), UNITS[measure], round(sure, 3))


def _t_spread_ms(found: DelineatedShape) -> float:
    return found.waves.t.spread_ms if found.waves.t is not None else 0.0


def _most_sure(found: DelineatedShape, measure: Measure) -> float:
    """What the groups of beats cannot show, because they have it in common."""
    clarity = found.waves.qrs.clarity
    match measure:
        case Measure.PR:
            steady = found.waves.qrs.earlier_ms <= TOLERANCES[measure]
            return min(clarity * _p_limit(found), 1.0 if steady else BORDERLINE)
        case Measure.P | Measure.P_AXIS:
            return _p_limit(found)
        case Measure.QRS:
            steady = max(found.waves.qrs.earlier_ms, found.waves.qrs.later_ms) <= TOLERANCES[measure]
            return min(clarity, 1.0 if steady else BORDERLINE)
        case Measure.QT:
            # a small wave that is missed matters less to QT's tolerance
            return min(sqrt(clarity), 1.0 if _rest_after_t_seen(found) else REST_UNSEEN)
        case _:
            return 1.0


def _rest_after_t_seen(found: DelineatedShape) -> bool:
    """Whether T had time to end: before a P wave that stands alone, or else before the search for it ended.

    In a fast rhythm without P the search ends by the rate alone, which may be on T.
    """
    t = found.waves.t
    if t is None:
        return True
    if found.waves.p is not None:
        return found.p.rest_seen
    return (found.t_until - t.of_all.end) * STEP_MS >= LEAST_REST_AFTER_T_MS


def _p_limit(found: DelineatedShape) -> float:
    """How far the beats agree that there is a P wave, how many have it, and whether it may be one of many."""
    agreed = (found.p.agreement - _NO_AGREEMENT) / (_SURE_AGREEMENT - _NO_AGREEMENT)
    return min(max(agreed, 0.0), 1.0 if found.p.rest_seen else REST_UNSEEN, found.p.share)


def _why_absent(usual: UsualShape, measure: Measure) -> Why:
    found = usual.found
    if measure in _OF_P and found.waves.p is None:
        return found.p.why or Why.NO_P
    if measure in (Measure.QT, Measure.T_AXIS) and found.waves.t is None:
        return Why.NO_T_END
    return Why.LOW_VOLTAGE if has_frontal_plane(usual.leads) else Why.LEADS_MISSING
