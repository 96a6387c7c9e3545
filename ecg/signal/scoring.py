"""Compares found beats with reference beats, as AAMI EC57 does: one to one, within 150 ms."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev

from ecg.ranges import SampleRange
from ecg.signal.beats import BeatEvent

WINDOW_S = 0.150
"""ANSI/AAMI EC57: a beat within 150 ms of the reference is the same beat."""


@dataclass(frozen=True, slots=True)
class BeatScore:
    """Counts, and for each true positive found minus reference in ms. Add scores to pool records (gross)."""

    true_positives: int
    false_positives: int
    false_negatives: int
    offsets_ms: tuple[float, ...]

    def __add__(self, other: "BeatScore") -> "BeatScore":
        return BeatScore(
            self.true_positives + other.true_positives,
            self.false_positives + other.false_positives,
            self.false_negatives + other.false_negatives,
            self.offsets_ms + other.offsets_ms,
        )

    @property
    def sensitivity(self) -> float | None:
        """Found of the reference beats, 0 to 1; None without a reference beat."""
        return _ratio(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def positive_predictivity(self) -> float | None:
        """True of the found beats, 0 to 1; None when none was found."""
        return _ratio(self.true_positives, self.true_positives + self.false_positives)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where there is nothing to compare."""
        twice = 2 * self.true_positives
        return _ratio(twice, twice + self.false_positives + self.false_negatives)

    @property
    def timing_mean_ms(self) -> float | None:
        """How much later than the reference a beat is marked, on average."""
        return fmean(self.offsets_ms) if self.offsets_ms else None

    @property
    def timing_sd_ms(self) -> float | None:
        """The standard deviation of the same."""
        return pstdev(self.offsets_ms) if self.offsets_ms else None


def score_beats(
    found: Iterable[int],
    reference: Iterable[int],
    rate_hz: float,
    scored: SampleRange | None = None,
    excluded: Sequence[SampleRange] = (),
) -> BeatScore:
    """Score the R indices `found` against `reference`.

    Only `scored` counts (EC57 lets a detector learn for the first five minutes; the default is everything),
    and nothing within `excluded`, such as ventricular flutter, where no beats are labelled. A beat beside
    such a border is no error when its partner lies on the other side.
    """
    window = WINDOW_S * rate_hz
    found, reference = sorted(found), sorted(reference)
    pairs = _pairs(found, reference, window)
    matched_found = {f for f, _ in pairs}
    matched_reference = {r for _, r in pairs}
    counts = _Counted(scored, excluded)
    offsets = tuple((found[f] - reference[r]) * 1000 / rate_hz for f, r in pairs if counts(reference[r]))
    return BeatScore(
        len(offsets),
        sum(counts(at) for f, at in enumerate(found) if f not in matched_found),
        sum(counts(at) for r, at in enumerate(reference) if r not in matched_reference),
        offsets,
    )


@dataclass(frozen=True, slots=True)
class DelayScore:
    """Decision delays in ms of the beats decided live, and how many were marked late instead."""

    median_ms: float | None
    p95_ms: float | None
    late: int
    live: int


def score_delays(beats: Iterable[BeatEvent], rate_hz: float) -> DelayScore:
    """How long after R the beats that stand were known; late ones are counted, not averaged away."""
    beats = list(beats)
    delays = sorted(beat.delay * 1000 / rate_hz for beat in beats if not beat.late)
    late = len(beats) - len(delays)
    if not delays:
        return DelayScore(None, None, late, 0)
    return DelayScore(
        median(delays), delays[min(len(delays) - 1, len(delays) * 95 // 100)], late, len(delays)
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    scored: SampleRange | None
    excluded: Sequence[SampleRange]

    def __call__(self, at: int) -> bool:
        if self.scored is not None and not self.scored.first <= at < self.scored.end:
            return False
        return not any(one.first <= at < one.end for one in self.excluded)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _pairs(found: Sequence[int], reference: Sequence[int], window: float) -> list[tuple[int, int]]:
    """(found, reference) numbers, nearest first, each used once, never crossing."""
    near = [
        (abs(found[f] - at), f, r)
        for r, at in enumerate(reference)
        for f in range(bisect_left(found, at - window), bisect_left(found, at + window + 1e-9))
    ]
    used_found: set[int] = set()
    used_reference: set[int] = set()
    pairs = []
    for _, f, r in sorted(near):
        if f not in used_found and r not in used_reference:
            used_found.add(f)
            used_reference.add(r)
            pairs.append((f, r))
    return sorted(pairs)
