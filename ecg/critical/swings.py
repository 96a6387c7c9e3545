"""Where a signal swings without complexes: nothing rests, nothing stands out."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.critical.oscillation import Oscillation
from ecg.critical.strip import Strip
from ecg.ranges import SampleRange

USUAL_LIMITS: Mapping[str, float] = {
    "away_percent": 48.0,
    "leakage_percent": 62.5,
    "slowest_per_min": 150.0,
    "fastest_per_min": 540.0,
    "least_mv": 0.15,
}
"""Arafat et al. 2011: more than 48 % of the time away from the baseline. Kuo and Dillman 1978: leakage below
0.625. Flutter begins at 150 a minute, fibrillation ends at 9 Hz; below 0.15 mV IEC 60601-2-27 lets a monitor
see nothing."""


@dataclass(frozen=True, slots=True)
class Swings:
    """A part of the signal that swings; the medians of the windows and leads that meet the limits."""

    where: SampleRange
    per_min: float
    away_percent: float
    even_percent: float


def find_swings(strip: Strip, limits: Mapping[str, float] = USUAL_LIMITS) -> tuple[Swings, ...] | None:
    """Where most of the leads that can be read swing for a window of 4 s or more (of two: both); None when
    nothing can be read for so long."""
    seen = strip.oscillation
    there = ~np.isnan(seen.away)
    if not there.any():
        return None
    meets = _meets(seen, limits)
    windows = 2 * meets.sum(axis=0) > there.sum(axis=0)
    return tuple(_swings(seen, meets & windows, where) for where in _joined(seen, windows))


def in_swings(strip: Strip, where: SampleRange) -> bool:
    """Whether this part touches swings, or swings itself: what is marked there as beats may be none."""
    found = find_swings(strip) or ()
    touched = any(one.where.first < where.end and where.first < one.where.end for one in found)
    return touched or swings_throughout(strip, where)


def swings_throughout(strip: Strip, where: SampleRange) -> bool:
    """Whether most leads swing, by the usual limits, in this part taken as a whole."""
    seen = strip.oscillation_in(where)
    there = int((~np.isnan(seen.away)).any(axis=1).sum())
    return 2 * int(_meets(seen, USUAL_LIMITS).any(axis=1).sum()) > there > 0


def _meets(seen: Oscillation, limits: Mapping[str, float]) -> NDArray[np.bool_]:
    """(leads, windows); a window that is not there meets nothing."""
    with np.errstate(invalid="ignore"):
        meets: NDArray[np.bool_] = (
            (seen.away * 100 >= limits["away_percent"])
            & (seen.leakage * 100 <= limits["leakage_percent"])
            & (seen.per_min >= limits["slowest_per_min"])
            & (seen.per_min <= limits["fastest_per_min"])
            & (seen.size_uv >= limits["least_mv"] * 1000)
        )
    return meets


def _joined(seen: Oscillation, windows: NDArray[np.bool_]) -> list[SampleRange]:
    joined: list[SampleRange] = []
    for first in seen.firsts[windows].tolist():
        if joined and first <= joined[-1].end:
            joined[-1] = SampleRange(joined[-1].first, first + seen.length - joined[-1].first)
        else:
            joined.append(SampleRange(first, seen.length))
    return joined


def _swings(seen: Oscillation, meets: NDArray[np.bool_], where: SampleRange) -> Swings:
    inside = meets & (seen.firsts >= where.first) & (seen.firsts + seen.length <= where.end)
    return Swings(
        where=where,
        per_min=float(np.median(seen.per_min[inside])),
        away_percent=100 * float(np.median(seen.away[inside])),
        even_percent=100 * float(np.median(seen.evenness[inside])),
    )
