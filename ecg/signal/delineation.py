"""Where P, QRS and T begin and end, for each shape of beat and from there for each beat.

Beats of one shape are pooled first: the limits of QRS and T do not move within some seconds, noise does. QRS
limits come from all leads, T from the leads in proportion to their T, P only where the beats agree on it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from ecg.measurements import BeatLimits
from ecg.signal.beat_shapes import BeatShape, BeatWindows, sorted_by_shape
from ecg.signal.lead_samples import LeadSamples
from ecg.signal.p_presence import PFinding, find_p
from ecg.signal.p_wave import PWave, Room, p_limits
from ecg.signal.pacing_spikes import Spike, without_spikes
from ecg.signal.pooled_beat import GRID_HZ, STEP_MS, PooledBeat, pooled_beat
from ecg.signal.qrs_limits import Span, lead_qrs_limits, qrs_limits
from ecg.signal.t_wave import TWaves, t_waves

_T_SHARE_OF_RR = 0.62
_BEFORE_NEXT_R_MS = 220.0
"""Before P is known, T has ended by the later of the two: a part of RR, and so long before the next R."""

_AFTER_T_MS = 16.0
_AFTER_QRS_MS = 100.0
"""P is looked for from so long after T, or after QRS where no T stands out."""

_BEFORE_P_MS = 4.0

_CLOSEST_S = 0.19
"""Marks closer to each other lie in swings without complexes (the detector keeps 0.2 s between peaks), and
nothing stands alone between them."""


@dataclass(frozen=True, slots=True, eq=False)
class PooledWaves:
    """A pooled beat, from which spikes are gone, and its waves."""

    pooled: PooledBeat
    qrs: Span
    p: PWave | None
    t: TWaves | None


@dataclass(frozen=True, slots=True, eq=False)
class DelineatedShape:
    """One shape of beat with its waves. `leads_qrs`: limits of QRS in each lead by itself.

    `t_until`: the place up to which T was looked for. `until_next`: places from R to the R of the next beat,
    usually.
    """

    shape: BeatShape
    waves: PooledWaves
    leads_qrs: tuple[Span, ...]
    p: PFinding
    t_until: int
    until_next: float

    @property
    def height_uv(self) -> float:
        """Of the complex from its lowest to its highest, in the lead that shows it highest."""
        first, last = round(self.waves.qrs.onset), round(self.waves.qrs.end)
        return float(np.ptp(self.waves.pooled.uv[:, first : last + 1], axis=1).max())

    @property
    def after_qrs_ms(self) -> float:
        """From the end of QRS to the onset of the next, where the rhythm is even."""
        return self.until_next * STEP_MS - self.waves.qrs.ms


@dataclass(frozen=True, slots=True, eq=False)
class Delineation:
    """The shapes, the commonest first, and the limits of every beat of which QRS is whole, in order."""

    shapes: tuple[DelineatedShape, ...]
    beats: tuple[BeatLimits, ...]


def delineate(leads: LeadSamples, beats: Sequence[int]) -> Delineation:
    """The waves of these beats (R as found, in order)."""
    windows = BeatWindows.of(leads.samples, leads.rate_hz, leads.nv_per_lsb)
    apart = _apart(beats, _CLOSEST_S * leads.rate_hz)
    shapes = sorted_by_shape(windows, [at for at in apart if windows.is_whole(at)])
    found = tuple(delineated_shape(leads, shape, beats) for shape in shapes)
    limits = [one for shape in found for one in _limits(leads, shape, beats)]
    return Delineation(found, tuple(sorted(limits, key=lambda one: one.r)))


def _apart(beats: Sequence[int], closest: float) -> list[int]:
    """The beats with no other so close."""
    bordered = [-inf, *beats, inf]
    return [
        at
        for before, at, after in zip(bordered[:-2], beats, bordered[2:], strict=True)
        if min(at - before, after - at) >= closest
    ]


def delineated_shape(leads: LeadSamples, shape: BeatShape, beats: Sequence[int]) -> DelineatedShape:
    """The waves of the beats of one shape among all."""
    pooled, spikes, qrs = _pooled_qrs(leads, shape.aligned, beats)
    before, after = (rr / leads.rate_hz * GRID_HZ for rr in _usual_rr(shape, beats, leads.rate_hz))
    until = _t_until(pooled, after)
    t = t_waves(pooled.uv, pooled.noise_uv, qrs.end, until)
    p = find_p(leads, shape, pooled, _room_for_p(qrs, t, spikes, before))
    if p.wave is not None:
        until = round(p.wave.onset + after - _BEFORE_P_MS / STEP_MS)
        t = t_waves(pooled.uv, pooled.noise_uv, qrs.end, until)
    waves = PooledWaves(pooled, qrs, p.wave, t)
    return DelineatedShape(shape, waves, lead_qrs_limits(pooled.uv, pooled.r, qrs), p, until, after)


def waves_of_some(
    leads: LeadSamples, found: DelineatedShape, aligned: Sequence[int], beats: Sequence[int]
) -> PooledWaves:
    """The waves of some beats of a shape by themselves; P and T where the whole shape has them."""
    pooled, _, qrs = _pooled_qrs(leads, aligned, beats)
    shift = pooled.r - found.waves.pooled.r
    t = None
    if found.waves.t is not None:
        t = t_waves(pooled.uv, pooled.noise_uv, qrs.end, found.t_until + shift)
    p = None
    if found.p.bump is not None and found.p.bump.room.first + shift >= 0:
        p = p_limits(pooled.uv, found.p.bump.moved(shift))
    return PooledWaves(pooled, qrs, p, t)


def _pooled_qrs(
    leads: LeadSamples, aligned: Sequence[int], beats: Sequence[int]
) -> tuple[PooledBeat, tuple[Spike, ...], Span]:
    raw = pooled_beat(leads.samples, aligned, beats, leads.rate_hz, leads.nv_per_lsb)
    uv, spikes = without_spikes(raw.uv, raw.r)
    qrs = qrs_limits(uv, raw.r)
    # A complex never begins before the spike that made it.
    behind = [float(spike.behind) for spike in spikes if qrs.onset <= spike.behind <= raw.r]
    return replace(raw, uv=uv), spikes, replace(qrs, onset=max([qrs.onset, *behind]))


def _usual_rr(shape: BeatShape, beats: Sequence[int], rate_hz: float) -> tuple[float, float]:
    """Samples from the beat before and to the beat after, usually; a second where there is none."""
    place = np.searchsorted(np.asarray(beats), shape.given)
    steps = np.diff(beats)
    before = steps[place[place > 0] - 1]
    after = steps[place[place < len(steps)]]
    return (
        float(np.median(before)) if before.size else rate_hz,
        float(np.median(after)) if after.size else rate_hz,
    )


def _t_until(pooled: PooledBeat, rr: float) -> int:
    until = pooled.r + max(_T_SHARE_OF_RR * rr, rr - _BEFORE_NEXT_R_MS / STEP_MS)
    return min(round(until), int(pooled.uv.shape[1]))


def _room_for_p(qrs: Span, t: TWaves | None, spikes: Sequence[Spike], rr_before: float) -> Room:
    t_end = t.of_all.end + _AFTER_T_MS / STEP_MS if t is not None else qrs.end + _AFTER_QRS_MS / STEP_MS
    first = max(round(t_end - rr_before), 3)
    before_spikes = [spike.before - 1 for spike in spikes if first < spike.before < qrs.end]
    return Room(first, min([round(qrs.onset) - 2, *before_spikes]))


def _limits(leads: LeadSamples, found: DelineatedShape, beats: Sequence[int]) -> list[BeatLimits]:
    return [
        _limits_of_beat(leads, found, given, aligned, _next_after(beats, given))
        for given, aligned in zip(found.shape.given, found.shape.aligned, strict=True)
    ]


def _next_after(beats: Sequence[int], at: int) -> int | None:
    place = bisect_right(beats, at)
    return beats[place] if place < len(beats) else None


def _limits_of_beat(
    leads: LeadSamples, found: DelineatedShape, given: int, aligned: int, following: int | None
) -> BeatLimits:
    waves = found.waves

    def sample(place: float) -> int:
        return aligned + round((place - waves.pooled.r) * leads.rate_hz / GRID_HZ)

    limits = BeatLimits(r=given, qrs_onset=sample(waves.qrs.onset), qrs_end=sample(waves.qrs.end))
    p = waves.p
    if p is not None and aligned in found.p.beats and sample(p.onset) >= 0:
        limits = replace(limits, p_onset=sample(p.onset), p_peak=sample(p.peak), p_end=sample(p.end))
    t = waves.t.of_all if waves.t is not None else None
    last = int(leads.samples.shape[1]) if following is None else following
    if t is not None and sample(t.end) < last:
        limits = replace(limits, t_onset=sample(t.onset), t_peak=sample(t.peak), t_end=sample(t.end))
    return limits
