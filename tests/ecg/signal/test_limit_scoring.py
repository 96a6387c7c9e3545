"""Found limits against marks, as LUDB's readers set them."""

from pathlib import Path

import pytest

from ecg.annotations import Annotation, AnnotationCode
from ecg.files.wfdb_annotations import read_wfdb_annotations
from ecg.measurements import BeatLimits
from ecg.signal.limit_scoring import (
    Limit,
    MarkedWave,
    WaveKind,
    marked_waves,
    reference_of_lead,
    reference_over_leads,
    score_limits,
)

DATA = Path(__file__).parents[2] / "data" / "ecg" / "ludb"
C = AnnotationCode


def marks(*places: tuple[int, AnnotationCode]) -> tuple[Annotation, ...]:
    return tuple(Annotation(sample=sample, code=code) for sample, code in places)


def beat(at: int, **changes: int | None) -> BeatLimits:
    limits: dict[str, int | None] = {
        "p_onset": at - 80,
        "p_peak": at - 55,
        "p_end": at - 30,
        "qrs_onset": at - 20,
        "qrs_end": at + 25,
        "t_onset": at + 80,
        "t_peak": at + 120,
        "t_end": at + 160,
    } | changes
    return BeatLimits(r=at, **limits)  # type: ignore[arg-type]


def lead(*beats: int, later: int = 0) -> list[MarkedWave]:
    return [
        MarkedWave(kind, at + first + later, at + peak + later, at + last + later)
        for at in beats
        for kind, first, peak, last in (
            (WaveKind.P, -80, -55, -30),
            (WaveKind.QRS, -20, 0, 25),
            (WaveKind.T, 80, 120, 160),
        )
    ]


def test_waves_are_read_with_what_is_marked_of_them() -> None:
    found = marked_waves(
        marks(
            (10, C.WAVE_ONSET),
            (20, C.NORMAL),
            (30, C.WAVE_END),
            (50, C.T_PEAK),
            (60, C.WAVE_END),
            (70, C.WAVE_ONSET),
            (75, C.P_PEAK),
            (90, C.WAVE_ONSET),
            (95, C.NORMAL),
            (99, C.WAVE_END),
        )
    )
    assert found == (
        MarkedWave(WaveKind.QRS, 10, 20, 30),
        MarkedWave(WaveKind.T, None, 50, 60),
        MarkedWave(WaveKind.P, 70, 75, None),
        MarkedWave(WaveKind.QRS, 90, 95, 99),
    )


def test_a_real_record_has_its_waves() -> None:
    found = marked_waves(read_wfdb_annotations((DATA / "1.ii").read_bytes(), "1.ii"))
    kinds = [wave.kind for wave in found]
    assert (kinds.count(WaveKind.P), kinds.count(WaveKind.QRS), kinds.count(WaveKind.T)) == (5, 6, 5)
    assert all(wave.onset is not None and wave.end is not None for wave in found)


def test_differences_and_counts() -> None:
    reference = reference_of_lead(lead(1000, 1500, 2000))
    found = [beat(1000, qrs_onset=985), beat(1500, p_peak=None, t_end=1680), beat(2000)]
    score = score_limits(found, reference, 500)
    assert score[Limit.QRS_ONSET].timing_mean_ms == pytest.approx(10 / 3)
    assert score[Limit.T_END].timing_sd_ms == 20  # that of the last marked beat is not compared
    assert score[Limit.P_PEAK].sensitivity == 0.5  # nor that before the first
    assert score[Limit.P_PEAK].positive_predictivity == 1.0


def test_beats_the_reader_left_out_at_the_ends_are_no_errors() -> None:
    score = score_limits(
        [beat(500), beat(1000), beat(1500), beat(2000)], reference_of_lead(lead(1000, 1500)), 500
    )
    assert score[Limit.QRS_END].false_positives == 0
    assert score[Limit.P_PEAK].false_positives == 0


def test_a_p_wave_too_many_counts() -> None:
    waves = [wave for wave in lead(1000, 1500, 2000) if wave.kind is not WaveKind.P]
    score = score_limits([beat(1000), beat(1500), beat(2000)], reference_of_lead(waves), 500)
    assert score[Limit.P_PEAK].false_positives == 2  # the first lies before the first marked complex


def test_over_leads_the_median_counts_and_what_few_leads_have_does_not() -> None:
    leads = [lead(1000, 1500, later=late) for late in (-6, 0, 40)]
    found = reference_over_leads(leads, 500)
    assert found[Limit.QRS_ONSET] == [980, 1480]
    assert found[Limit.T_END] == [1160, 1660]
    lonely = [lead(1000, 1500), *[[w for w in lead(1000, 1500) if w.kind is WaveKind.QRS]] * 2]
    assert reference_over_leads(lonely, 500)[Limit.P_PEAK] == []


def test_nothing_marked_is_nothing_compared() -> None:
    score = score_limits([beat(1000)], reference_of_lead([]), 500)
    assert all(one.true_positives + one.false_positives + one.false_negatives == 0 for one in score.values())
