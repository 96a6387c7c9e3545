"""A long QT and an early complex that begins before the T wave has ended."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from ecg.critical.strip import Strip
from ecg.critical.verdict import (
    Answer,
    Evidence,
    NotTested,
    Quantity,
    Value,
    hit_or_not,
    not_tested,
)
from ecg.measurements import Absent, Measure, Measured, Why
from ecg.ranges import SampleRange

LEAST_CONFIDENCE = 0.5

WIDE_QRS_MS = 120.0
"""Where the usual QRS is so wide, QT is long because QRS is (AHA/ACC/HRS 2009)."""

QRS_ERROR_MS = 30.0
"""So near to it a QRS that is not sure may be as wide: three of the standard deviations that IEC 60601-2-25
allows of QRS."""

T_END_ERROR_MS = 30.0
"""An early beat so close to the measured end of T may lie behind it (IEC 60601-2-25 allows QT that error)."""

LEAST_INTERVALS = 2

_EARLY = 0.85
"""Of the usual interval: a beat that comes sooner is early."""


def find_r_on_t(strip: Strip, limits: Mapping[str, float]) -> Answer:
    """Where QTc (Fridericia) is at least `qtc_ms` and a wide or unmeasured early QRS begins within QT; not
    where the usual QRS is wide, or not surely narrow, nor behind a wide beat, whose own QT was not measured.

    The rate it is corrected by is that of the intervals which neither end with an early beat nor follow one:
    the mean would hold the early beats themselves. Where there is none, as in bigeminy, nothing is said.
    """
    found: list[Evidence] = []
    absent: list[Why] = []
    wide = 0
    for block in strip.blocks:
        qt, qrs = (block.measurements.values[measure] for measure in (Measure.QT, Measure.QRS))
        beats = strip.beats_in(block.where)
        if isinstance(qt, Absent):
            absent.append(qt.why)
        elif qt.confidence < LEAST_CONFIDENCE:
            absent.append(Why.POOR_SIGNAL)
        elif not isinstance(qrs, Measured) or qrs.value >= WIDE_QRS_MS:
            wide += 1
        elif qrs.confidence < LEAST_CONFIDENCE and qrs.value >= WIDE_QRS_MS - QRS_ERROR_MS:
            absent.append(Why.POOR_SIGNAL)
        elif (usual := _usual_rr(beats)) is None:
            absent.append(Why.FEW_BEATS)
        else:
            found += _early_beats(strip, beats, usual, qt.value, limits)
    if len(absent) + wide == len(strip.blocks):
        return not_tested(NotTested.NOT_MEASURED, absent[0] if absent else None)
    return hit_or_not(found)


def _usual_rr(beats: tuple[int, ...]) -> float | None:
    """The usual interval without early beats; None with fewer than two of them."""
    rr = np.diff(beats)
    early = rr < _EARLY * np.percentile(rr, 75) if len(rr) else np.zeros(0, dtype=np.bool_)
    after = np.concatenate([[False], early[:-1]])
    usual = rr[~early & ~after]
    return float(np.median(usual)) if len(usual) >= LEAST_INTERVALS else None


def _early_beats(
    strip: Strip, beats: tuple[int, ...], usual: float, qt_ms: float, limits: Mapping[str, float]
) -> list[Evidence]:
    qtc_ms = qt_ms / strip.seconds(round(usual)) ** (1 / 3)
    if qtc_ms < limits["qtc_ms"]:
        return []
    values = (Value(Quantity.QTC_MS, qtc_ms, limits["qtc_ms"]), Value(Quantity.QT_MS, qt_ms))
    found = []
    for before, early in pairwise(beats):
        coupling_ms = 1000 * strip.seconds(_onset(strip, early) - _onset(strip, before))
        if _is_wide(strip, before) or _is_narrow(strip, early, limits):
            continue
        if early - before < _EARLY * usual and coupling_ms <= qt_ms - T_END_ERROR_MS:
            coupling = Value(Quantity.COUPLING_MS, coupling_ms, qt_ms)
            found.append(Evidence(SampleRange(before, early - before), (*values, coupling), (before, early)))
    return found


def _is_wide(strip: Strip, r: int) -> bool:
    width = strip.qrs_ms(r)
    return width is not None and width >= WIDE_QRS_MS


def _is_narrow(strip: Strip, r: int, limits: Mapping[str, float]) -> bool:
    width = strip.qrs_ms(r)
    return width is not None and width < limits["qrs_ms"]


def _onset(strip: Strip, r: int) -> int:
    limits = strip.limits.get(r)
    return r if limits is None else limits.qrs_onset
