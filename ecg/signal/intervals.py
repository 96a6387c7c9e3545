"""RR statistics and the QT interval corrected for rate."""

from collections.abc import Mapping, Sequence
from math import cbrt, sqrt

import numpy as np
from numpy.typing import NDArray

from ecg.leads import MISSING
from ecg.measurements import Measure

HIDDEN_S = 0.08
"""A hole in all leads as long as this may hide a complex: the interval across it is no RR."""


def rr_intervals_ms(
    samples: NDArray[np.int16], beats: Sequence[int], rate_hz: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The time between neighbouring beats, and for each whether nothing can be hidden in it."""
    absent = np.concatenate([[0], np.cumsum((samples == MISSING).all(axis=0))])
    at = np.asarray(beats, dtype=np.int64)
    lost = np.diff(absent[at])
    return np.diff(at) * 1000.0 / rate_hz, lost <= HIDDEN_S * rate_hz


def rr_statistics(rr_ms: NDArray[np.float64], known: NDArray[np.bool_]) -> dict[Measure, float]:
    """Of the known intervals, ectopic ones too: rate from their mean, extremes, standard deviation, RMSSD.

    What needs more intervals than there are is left out: a rate one, RR_SD two, RMSSD two in a row.
    """
    rr = rr_ms[known]
    if not rr.size:
        return {}
    found = {
        Measure.RATE: 60_000 / float(rr.mean()),
        Measure.RR_MEAN: float(rr.mean()),
        Measure.RR_MIN: float(rr.min()),
        Measure.RR_MAX: float(rr.max()),
    }
    if rr.size > 1:
        found[Measure.RR_SD] = float(rr.std(ddof=1))
    steps = np.diff(rr_ms)[known[:-1] & known[1:]]
    if steps.size:
        found[Measure.RR_RMSSD] = float(np.sqrt((steps**2).mean()))
    return found


RATES_PER_MIN = (30.0, 150.0)
"""Outside these no formula is fit to correct QT by; Bazett's is off already outside 60 to 100."""

BAZETT_PER_MIN = (60.0, 100.0)


def corrected_qt_ms(qt_ms: float, rr_ms: float) -> Mapping[Measure, float]:
    """QTc by the four formulae (AHA/ACCF/HRS 2009, part IV), from the mean RR.

    Bazett 1920: QT / RR^(1/2); Fridericia 1920: QT / RR^(1/3); Framingham (Sagie 1992):
    QT + 154 (1 - RR) ms; Hodges 1983: QT + 1.75 (rate - 60) ms; RR in seconds, rate a minute.
    """
    rr_s = rr_ms / 1000
    return {
        Measure.QTC_BAZETT: qt_ms / sqrt(rr_s),
        Measure.QTC_FRIDERICIA: qt_ms / cbrt(rr_s),
        Measure.QTC_FRAMINGHAM: qt_ms + 154 * (1 - rr_s),
        Measure.QTC_HODGES: qt_ms + 1.75 * (60 / rr_s - 60),
    }
