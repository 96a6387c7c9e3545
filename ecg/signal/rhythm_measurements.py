"""Rate, RR statistics and the QT intervals corrected by them, as measurements."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from ecg.measurements import UNITS, Absent, Measure, Measured, Measurement, Why
from ecg.signal.delineation import DelineatedShape, Delineation
from ecg.signal.intervals import (
    BAZETT_PER_MIN,
    RATES_PER_MIN,
    corrected_qt_ms,
    rr_intervals_ms,
    rr_statistics,
)
from ecg.signal.shape_measurements import LEAST_HEIGHT_UV, TOLERANCES

RR_MEASURES = (
    Measure.RATE,
    Measure.RR_MEAN,
    Measure.RR_MIN,
    Measure.RR_MAX,
    Measure.RR_SD,
    Measure.RR_RMSSD,
)
QTC_MEASURES = (
    Measure.QTC_BAZETT,
    Measure.QTC_FRIDERICIA,
    Measure.QTC_FRAMINGHAM,
    Measure.QTC_HODGES,
)

BAZETT_MISLEADS = 0.45
"""The most that Bazett's QTc can be sure of outside 60 to 100 a minute, where it corrects too much."""

ONE_MISLEADS = 0.45
"""The most that what rests on single intervals can be sure of where a faint wave was taken for a complex."""

_ON_SINGLE_INTERVALS = (Measure.RR_MIN, Measure.RR_MAX, Measure.RR_SD, Measure.RR_RMSSD)
_ENOUGH_INTERVALS = 3

QRS_SIDE_S = 0.1
"""A complex so near to either end may be there in part only, and its R not at all."""


def rhythm_measurements(
    samples: NDArray[np.int16], beats: Sequence[int], found: Delineation, rate_hz: float
) -> dict[Measure, Measurement]:
    """From these beats, where they lie in line with others of their shape.

    As sure as large the share of beats is that look like another one, and are no lower than a complex is: in
    noise every beat is a shape of its own, and P waves look like each other.
    """
    side, count = QRS_SIDE_S * rate_hz, samples.shape[1]
    whole = [at for at in beats if side <= at < count - side]
    rr_ms, known = rr_intervals_ms(samples, _in_line(whole, found), rate_hz)
    values = rr_statistics(rr_ms, known)
    sure = _share_alike(found) * min(1.0, int(known.sum()) / _ENOUGH_INTERVALS)
    single = min(sure, ONE_MISLEADS) if any(map(_is_faint, found.shapes)) else sure
    return {
        measure: Measured(
            round(values[measure], 1),
            UNITS[measure],
            round(single if measure in _ON_SINGLE_INTERVALS else sure, 3),
        )
        if measure in values
        else Absent(Why.FEW_BEATS)
        for measure in RR_MEASURES
    }


def _in_line(beats: Sequence[int], found: Delineation) -> list[int]:
    """These beats in line, in order. One without a shape, because T is cut off, is moved as its neighbour is:
    R may be found at S for many beats on end."""
    moved = {
        given: aligned - given
        for shape in found.shapes
        for given, aligned in zip(shape.shape.given, shape.shape.aligned, strict=True)
    }
    whole = sorted(moved)
    return sorted(at + moved.get(at, moved[_nearest(whole, at)] if whole else 0) for at in beats)


def _nearest(places: Sequence[int], to: int) -> int:
    after = bisect_left(places, to)
    return min(places[max(after - 1, 0) : after + 1], key=lambda place: abs(place - to))


def _share_alike(found: Delineation) -> float:
    sizes = [len(shape.shape.given) for shape in found.shapes]
    alike = sum(
        size for size, shape in zip(sizes, found.shapes, strict=True) if size > 1 and not _is_faint(shape)
    )
    return alike / sum(sizes) if sizes else 0.0


def _is_faint(shape: DelineatedShape) -> bool:
    return shape.height_uv < LEAST_HEIGHT_UV


def qtc_measurements(values: Mapping[Measure, Measurement]) -> dict[Measure, Measurement]:
    """QTc by every formula from the QT and RR among these measurements."""
    qt, rr, rate = values[Measure.QT], values[Measure.RR_MEAN], values[Measure.RATE]
    for needed in (qt, rr, rate):
        if isinstance(needed, Absent):
            return {measure: needed for measure in QTC_MEASURES}
    assert isinstance(qt, Measured) and isinstance(rr, Measured) and isinstance(rate, Measured)
    if not RATES_PER_MIN[0] <= rate.value <= RATES_PER_MIN[1]:
        return {measure: Absent(Why.RATE_OUT_OF_RANGE) for measure in QTC_MEASURES}
    sure = min(qt.confidence, rr.confidence) * _rr_is_usual(qt.value, rr.value, values[Measure.RR_SD])
    bazett = 1.0 if BAZETT_PER_MIN[0] <= rate.value <= BAZETT_PER_MIN[1] else BAZETT_MISLEADS
    return {
        measure: Measured(
            round(value, 1),
            UNITS[measure],
            round(min(sure, bazett) if measure is Measure.QTC_BAZETT else sure, 3),
        )
        for measure, value in corrected_qt_ms(qt.value, rr.value).items()
    }


def _rr_is_usual(qt_ms: float, rr_ms: float, rr_sd: Measurement) -> float:
    """The probability that one RR in place of the mean one would not change QTc by more than the tolerance.

    QT follows RR over minutes, not from beat to beat: the more RR changes, the less one mean says of it.
    """
    if not isinstance(rr_sd, Measured) or rr_sd.value == 0:
        return 1.0
    off_ms = 0.5 * qt_ms * rr_sd.value / rr_ms
    return erf(TOLERANCES[Measure.QT] / (off_ms * sqrt(2)))
