"""What the rules are tested on: a signal, its beats, what was measured on it, and where it can be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ecg.critical.oscillation import Oscillation, oscillation
from ecg.errors import SignalError
from ecg.leads import INDEPENDENT_LEADS, MISSING, Lead
from ecg.measurements import BeatLimits, Measurements
from ecg.ranges import SampleRange

HOLE_S = 0.04
"""A hole up to this long hides no QRS complex (70 ms and more); a longer one parts the signal."""

LEAST_STRETCH_S = 0.5

LEAST_QRS_MS = 40.0
"""No ventricles are through sooner: limits so close were found where there is no complex."""


@dataclass(frozen=True, slots=True)
class Block:
    """What was measured on a part of the strip that begins at `first`; its samples count from there."""

    first: int
    measurements: Measurements

    @property
    def where(self) -> SampleRange:
        """The part of the strip."""
        return SampleRange(self.first, self.measurements.sample_count)


@dataclass(frozen=True, kw_only=True, eq=False)
class Strip:
    """Samples int16 (leads, n), -32768 = missing; raises SignalError when its parts do not fit together.

    `beats`: R of every beat, in order. `blocks`: measurements, each of some seconds of the strip.
    `unreadable`: where the signal is there and must not be believed (noise, an electrode off).
    """

    leads: tuple[Lead, ...]
    rate_hz: float
    nv_per_lsb: float
    samples: NDArray[np.int16]
    beats: tuple[int, ...]
    blocks: tuple[Block, ...] = ()
    unreadable: tuple[SampleRange, ...] = ()

    def __post_init__(self) -> None:
        if self.samples.dtype != np.int16 or self.samples.ndim != 2 or not len(self.leads):
            raise SignalError(f"samples are {self.samples.dtype} {self.samples.shape}; int16 (leads, n)")
        if self.samples.shape[0] != len(self.leads) or self.rate_hz <= 0 or self.nv_per_lsb <= 0:
            raise SignalError(
                f"{self.samples.shape[0]} rows for {len(self.leads)} leads, {self.rate_hz} Hz,"
                f" {self.nv_per_lsb} nV a step"
            )
        if any(later <= earlier for earlier, later in zip(self.beats, self.beats[1:], strict=False)):
            raise SignalError("the beats are not in order; ascending R is right")
        if self.beats and not 0 <= self.beats[0] <= self.beats[-1] < self.sample_count:
            raise SignalError(f"a beat beyond the {self.sample_count} samples")

    @property
    def sample_count(self) -> int:
        """Samples per lead."""
        return int(self.samples.shape[1])

    def seconds(self, count: int) -> float:
        """How long so many samples last."""
        return count / self.rate_hz

    @cached_property
    def limits(self) -> Mapping[int, BeatLimits]:
        """The limits of each beat that has them, by its R in the strip, in samples of the strip."""
        found: dict[int, BeatLimits] = {}
        for block in self.blocks:
            for beat in block.measurements.limits:
                found[beat.r + block.first] = _shifted(beat, block.first)
        return _nearest(found, self.beats, round(0.05 * self.rate_hz))

    @cached_property
    def stretches(self) -> tuple[SampleRange, ...]:
        """Where at least one lead has a value that may be believed, without a hole that could hide a beat."""
        seen = ~(self.samples == MISSING).all(axis=0)
        for bad in self.unreadable:
            seen[max(bad.first, 0) : max(bad.end, 0)] = False
        runs = _without_holes(list(_runs_of(seen)), round(HOLE_S * self.rate_hz))
        return tuple(run for run in runs if self.seconds(run.count) >= LEAST_STRETCH_S)

    @cached_property
    def oscillation(self) -> Oscillation:
        """How the leads swing, in windows of 4 s."""
        return oscillation(self._readable_uv, self.rate_hz)

    def oscillation_in(self, where: SampleRange) -> Oscillation:
        """How the leads swing in this part, as one window."""
        part = self._readable_uv[:, where.first : where.end]
        return oscillation(part, self.rate_hz, int(part.shape[1] / self.rate_hz * 100) / 100)

    @cached_property
    def _readable_uv(self) -> NDArray[np.float64]:
        """Microvolts, NaN where not to be read; III, aVR, aVL and aVF only where nothing else is there."""
        rows = [row for row, lead in enumerate(self.leads) if lead in INDEPENDENT_LEADS]
        taken = self.samples[rows] if rows else self.samples
        uv = taken.astype(np.float64) * (self.nv_per_lsb / 1000)
        uv[taken == MISSING] = np.nan
        for bad in self.unreadable:
            uv[:, max(bad.first, 0) : max(bad.end, 0)] = np.nan
        return uv

    @property
    def readable_s(self) -> float:
        """The longest time without a break."""
        return max((self.seconds(one.count) for one in self.stretches), default=0.0)

    def beats_in(self, where: SampleRange) -> tuple[int, ...]:
        """The beats with R inside."""
        low, high = np.searchsorted(self.beats, [where.first, where.end])
        return self.beats[int(low) : int(high)]

    def qrs_ms(self, r: int) -> float | None:
        """The width of the complex at R; None when its limits are not known, or no complex's."""
        limits = self.limits.get(r)
        if limits is None:
            return None
        width_ms = 1000 * (limits.qrs_end - limits.qrs_onset) / self.rate_hz
        return width_ms if width_ms >= LEAST_QRS_MS else None


def _shifted(beat: BeatLimits, by: int) -> BeatLimits:
    def moved(at: int | None) -> int | None:
        return None if at is None else at + by

    return BeatLimits(
        beat.r + by,
        beat.qrs_onset + by,
        beat.qrs_end + by,
        moved(beat.p_onset),
        moved(beat.p_peak),
        moved(beat.p_end),
        moved(beat.t_onset),
        moved(beat.t_peak),
        moved(beat.t_end),
    )


def _nearest(found: Mapping[int, BeatLimits], beats: tuple[int, ...], reach: int) -> dict[int, BeatLimits]:
    """The limits under the R of the strip's own beats: a block measured by itself may place R differently."""
    marks = sorted(found)
    named: dict[int, BeatLimits] = {}
    for r in beats:
        k = int(np.searchsorted(marks, r))
        near = min(marks[max(k - 1, 0) : k + 1], key=lambda at: abs(at - r), default=None)
        if near is not None and abs(near - r) <= reach:
            named[r] = found[near]
    return named


def _runs_of(seen: NDArray[np.bool_]) -> Iterator[SampleRange]:
    edges = np.flatnonzero(np.diff(seen, prepend=False, append=False)).tolist()
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        yield SampleRange(first, end - first)


def _without_holes(runs: list[SampleRange], hole: int) -> list[SampleRange]:
    joined: list[SampleRange] = []
    for run in runs:
        if joined and run.first - joined[-1].end <= hole:
            joined[-1] = SampleRange(joined[-1].first, run.end - joined[-1].first)
        else:
            joined.append(run)
    return joined
