"""Compares found limits of P, QRS and T with those of readers: one to one, within 150 ms.

Readers mark lead by lead (LUDB: Kalyakulina et al., IEEE Access 2020); QRS and T as they are measured here
hold for all leads. Two references are of use. Over all leads: the median of the leads' marks of one beat, in
which the scatter of single marks is gone. In one lead: its marks as they are, comparable with published
figures; they differ from limits of all leads by what that lead does not show.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from ecg.annotations import Annotation, AnnotationCode
from ecg.measurements import BeatLimits
from ecg.ranges import SampleRange
from ecg.signal.scoring import BeatScore, score_beats

_SAME_BEAT_S = 0.15
_LONGEST_P_BEFORE_S = 0.45
_LONGEST_T_AFTER_S = 0.80
_LEAST_SHARE = 0.5
"""A mark over all leads is one that at least this part of the leads have."""


class Limit(StrEnum):
    """A place in a beat that is compared."""

    P_ONSET = "p_onset"
    P_PEAK = "p_peak"
    P_END = "p_end"
    QRS_ONSET = "qrs_onset"
    QRS_END = "qrs_end"
    T_ONSET = "t_onset"
    T_PEAK = "t_peak"
    T_END = "t_end"


class WaveKind(StrEnum):
    """A wave that readers mark."""

    P = "p"
    QRS = "qrs"
    T = "t"


_KINDS = {
    AnnotationCode.P_PEAK: WaveKind.P,
    AnnotationCode.NORMAL: WaveKind.QRS,
    AnnotationCode.T_PEAK: WaveKind.T,
}

_LIMITS: Mapping[WaveKind, tuple[Limit | None, Limit | None, Limit | None]] = {
    WaveKind.P: (Limit.P_ONSET, Limit.P_PEAK, Limit.P_END),
    WaveKind.QRS: (Limit.QRS_ONSET, None, Limit.QRS_END),
    WaveKind.T: (Limit.T_ONSET, Limit.T_PEAK, Limit.T_END),
}


@dataclass(frozen=True, slots=True)
class MarkedWave:
    """A wave as a reader marked it; None where the mark is missing."""

    kind: WaveKind
    onset: int | None
    peak: int
    end: int | None


def marked_waves(annotations: Iterable[Annotation]) -> tuple[MarkedWave, ...]:
    """The waves of one lead, from marks in the order onset, peak, end, of which the peak is always there."""
    waves: list[MarkedWave] = []
    onset: int | None = None
    for mark in annotations:
        if mark.code is AnnotationCode.WAVE_ONSET:
            onset = mark.sample
        elif mark.code in _KINDS:
            waves.append(MarkedWave(_KINDS[mark.code], onset, mark.sample, None))
            onset = None
        elif mark.code is AnnotationCode.WAVE_END and waves and waves[-1].end is None:
            last = waves.pop()
            waves.append(MarkedWave(last.kind, last.onset, last.peak, mark.sample))
    return tuple(waves)


Reference = Mapping[Limit, Sequence[int]]
"""Where each limit is, in the order of the beats."""


def reference_of_lead(waves: Sequence[MarkedWave]) -> Reference:
    """The marks of one lead."""
    found: dict[Limit, list[int]] = {limit: [] for limit in Limit}
    for wave in waves:
        for limit, place in zip(_LIMITS[wave.kind], (wave.onset, wave.peak, wave.end), strict=True):
            if limit is not None and place is not None:
                found[limit].append(place)
    return found


def reference_over_leads(leads: Sequence[Sequence[MarkedWave]], rate_hz: float) -> Reference:
    """The median, over the leads, of the marks of each beat that at least half of the leads have."""
    found: dict[Limit, list[int]] = {limit: [] for limit in Limit}
    for beat in _beats(leads, rate_hz):
        for limit, places in _of_beat(leads, beat, rate_hz).items():
            if len(places) >= _LEAST_SHARE * len(leads):
                found[limit].append(round(median(places)))
    return found


def _beats(leads: Sequence[Sequence[MarkedWave]], rate_hz: float) -> list[float]:
    """Where the leads' QRS complexes lie together."""
    peaks = sorted(wave.peak for lead in leads for wave in lead if wave.kind is WaveKind.QRS)
    groups: list[list[int]] = []
    for peak in peaks:
        if groups and peak - groups[-1][0] <= _SAME_BEAT_S * rate_hz:
            groups[-1].append(peak)
        else:
            groups.append([peak])
    return [median(group) for group in groups]


def _of_beat(leads: Sequence[Sequence[MarkedWave]], beat: float, rate_hz: float) -> dict[Limit, list[int]]:
    places: dict[Limit, list[int]] = {limit: [] for limit in Limit}
    for lead in leads:
        for kind, before_s, after_s in (
            (WaveKind.P, _LONGEST_P_BEFORE_S, 0.0),
            (WaveKind.QRS, _SAME_BEAT_S, _SAME_BEAT_S),
            (WaveKind.T, 0.0, _LONGEST_T_AFTER_S),
        ):
            near = [
                wave
                for wave in lead
                if wave.kind is kind and -before_s * rate_hz <= wave.peak - beat <= after_s * rate_hz
            ]
            if near:
                wave = min(near, key=lambda one: abs(one.peak - beat))
                for limit, places_of in reference_of_lead([wave]).items():
                    places[limit] += places_of
    return places


def score_limits(found: Iterable[BeatLimits], reference: Reference, rate_hz: float) -> dict[Limit, BeatScore]:
    """Each limit by itself, from the first to the last marked QRS: readers leave out beats at the ends.

    Presence of P is the sensitivity and positive predictivity of `P_PEAK`.
    """
    found = list(found)
    within = _marked(reference)
    return {
        limit: score_beats(
            [place for beat in found if (place := getattr(beat, limit)) is not None],
            reference[limit],
            rate_hz,
            scored=within,
        )
        for limit in Limit
    }


def _marked(reference: Reference) -> SampleRange:
    starts, ends = reference[Limit.QRS_ONSET], reference[Limit.QRS_END]
    if not starts or not ends:
        return SampleRange(0, 0)
    first, last = min(starts), max(ends)
    return SampleRange(first, max(last - first + 1, 0))
