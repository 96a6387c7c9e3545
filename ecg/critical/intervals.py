"""The time between beats: RR intervals, and what is at least one where the readable signal begins or ends.

A gap in the signal is never an interval: what lies in it was not seen.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ecg.critical.strip import Strip
from ecg.ranges import SampleRange
from ecg.signal.qrs_band import QrsBand

MISSED = 0.4
"""Of the usual complex in the QRS band, in half of the leads: what stands so high between two beats may be a
complex that the detector passed over. P, T and U waves stay below (they have little in this band)."""

_AFTER_R_S = 0.20
_BEFORE_R_S = 0.10


@dataclass(frozen=True, slots=True)
class Interval:
    """From one beat to the next, or between a beat and the border of a stretch."""

    where: SampleRange
    from_beat: bool
    to_beat: bool

    @property
    def is_rr(self) -> bool:
        """Whether a beat stands at both ends."""
        return self.from_beat and self.to_beat

    @property
    def beats(self) -> tuple[int, ...]:
        """The R at its ends."""
        first = (self.where.first,) if self.from_beat else ()
        return first + ((self.where.end,) if self.to_beat else ())


def intervals(strip: Strip) -> tuple[Interval, ...]:
    """Every interval of the readable stretches, in order; one without a beat is a stretch as a whole."""
    found = []
    for stretch in strip.stretches:
        beats = strip.beats_in(stretch)
        marks = [stretch.first, *beats, stretch.end]
        for k, (first, end) in enumerate(pairwise(marks)):
            if end > first:
                found.append(Interval(SampleRange(first, end - first), k > 0, k < len(beats)))
    return tuple(found)


class PassedOver:
    """Whether something between two beats may have been a complex, too; computed when first asked."""

    def __init__(self, strip: Strip) -> None:
        self._strip = strip

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        return _shares(self._strip)

    def may_hide_a_beat(self, interval: Interval) -> bool:
        """Whether half of the leads show something like a complex inside."""
        rate = self._strip.rate_hz
        first = interval.where.first + (round(_AFTER_R_S * rate) if interval.from_beat else 0)
        end = interval.where.end - (round(_BEFORE_R_S * rate) if interval.to_beat else 0)
        inside = self._shares[max(first, 0) : max(end, 0)]
        return bool(inside.size and inside.max() >= MISSED)


def _shares(strip: Strip) -> NDArray[np.float64]:
    """(n,): the height in the QRS band in parts of the usual complex, the median of leads."""
    if not strip.beats or not strip.sample_count:
        return np.zeros(strip.sample_count)
    band = QrsBand(strip.rate_hz, len(strip.leads), strip.nv_per_lsb / 1000)
    tail = np.repeat(strip.samples[:, -1:], band.delay, axis=1)
    out = band.feed(np.concatenate([strip.samples, tail], axis=1))
    heights = np.sqrt(out.energy[:, band.delay :])
    if out.seen is not None:
        heights[~out.seen[:, band.delay :]] = np.nan
    reach = round(0.06 * strip.rate_hz)
    tops = [heights[:, max(r - reach, 0) : r + reach + 1] for r in strip.beats]
    usual = np.array([_median([top[lead] for top in tops]) for lead in range(len(strip.leads))])
    clear = usual > 2 * np.nan_to_num(np.nanmedian(np.nan_to_num(heights), axis=1))
    if not clear.any():
        return np.zeros(strip.sample_count)
    shares = np.nan_to_num(heights[clear] / usual[clear, None])
    middle: NDArray[np.float64] = np.median(shares, axis=0)
    return middle


def _median(tops: list[NDArray[np.float64]]) -> float:
    peaks = [float(np.nanmax(top)) for top in tops if top.size and not np.isnan(top).all()]
    return float(np.median(peaks)) if peaks else 0.0
