"""A score that can be trusted: every beat counted once, on one side."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.ranges import SampleRange
from ecg.signal.beats import BeatEvent, BeatKind, settled_beats
from ecg.signal.scoring import BeatScore, score_beats, score_delays

RATE_HZ = 1000  # one sample is one millisecond


def counts(score: BeatScore) -> tuple[int, int, int]:
    return score.true_positives, score.false_positives, score.false_negatives


def test_a_beat_within_150_ms_is_the_same_beat_and_beyond_it_two_errors() -> None:
    assert counts(score_beats([1150], [1000], RATE_HZ)) == (1, 0, 0)
    assert counts(score_beats([850], [1000], RATE_HZ)) == (1, 0, 0)
    assert counts(score_beats([1151], [1000], RATE_HZ)) == (0, 1, 1)


def test_two_marks_on_one_beat_are_one_hit_and_one_false_alarm() -> None:
    score = score_beats([990, 1100], [1000], RATE_HZ)
    assert counts(score) == (1, 1, 0)
    assert score.offsets_ms == (-10.0,)


def test_ratios_and_timing_are_those_of_the_counts() -> None:
    score = score_beats([1010, 2030, 5000], [1000, 2000, 3000, 4000], RATE_HZ)
    assert counts(score) == (2, 1, 2)
    assert score.sensitivity == pytest.approx(0.5)
    assert score.positive_predictivity == pytest.approx(2 / 3)
    assert score.f1 == pytest.approx(4 / 7)
    assert score.timing_mean_ms == pytest.approx(20)
    assert score.timing_sd_ms == pytest.approx(10)


def test_scores_of_records_are_pooled_by_their_counts() -> None:
    pooled = score_beats([1000], [1000], RATE_HZ) + score_beats([50], [900, 2000], RATE_HZ)
    assert counts(pooled) == (1, 1, 2)
    assert pooled.offsets_ms == (0.0,)


def test_nothing_to_compare_has_no_ratio() -> None:
    empty = score_beats([], [], RATE_HZ)
    assert (empty.sensitivity, empty.positive_predictivity, empty.f1) == (None, None, None)
    assert (empty.timing_mean_ms, empty.timing_sd_ms) == (None, None)


def test_only_the_scored_part_counts_and_nothing_within_flutter() -> None:
    found, reference = [500, 3000, 7000], [1000, 4000, 8000]
    assert counts(score_beats(found, reference, RATE_HZ)) == (0, 3, 3)
    assert counts(score_beats(found, reference, RATE_HZ, SampleRange(2000, 9000))) == (0, 2, 2)
    flutter = [SampleRange(2000, 3000)]
    assert counts(score_beats(found, reference, RATE_HZ, None, flutter)) == (0, 2, 2)


def test_a_pair_across_a_border_is_no_error() -> None:
    assert counts(score_beats([1990], [2010], RATE_HZ, SampleRange(2000, 1000))) == (1, 0, 0)
    assert counts(score_beats([2010], [1990], RATE_HZ, SampleRange(2000, 1000))) == (0, 0, 0)


beats = st.lists(st.integers(0, 5000), unique=True, max_size=30)


@given(beats, beats)
def test_every_beat_is_counted_once(found: list[int], reference: list[int]) -> None:
    score = score_beats(found, reference, RATE_HZ)
    assert score.true_positives + score.false_positives == len(found)
    assert score.true_positives + score.false_negatives == len(reference)
    assert all(abs(offset) <= 150 for offset in score.offsets_ms)


def event(sample: int, delay: int, late: bool = False, replaces: int | None = None) -> BeatEvent:
    kind = BeatKind.REPLACE if replaces is not None else BeatKind.BEAT
    return BeatEvent(sample, kind, sample + delay, late, replaces)


def test_delays_are_those_of_the_live_beats_and_late_ones_are_counted() -> None:
    delays = score_delays([*(event(k, 100 + k) for k in range(100)), event(200, 2000, late=True)], RATE_HZ)
    assert (delays.live, delays.late) == (100, 1)
    assert (delays.median_ms, delays.p95_ms) == (149.5, 195.0)
    assert score_delays([], RATE_HZ).median_ms is None


def test_a_replaced_beat_is_gone() -> None:
    events = [event(100, 10), event(500, 10), event(620, 10, replaces=500), event(50, 900, late=True)]
    assert [beat.sample for beat in settled_beats(events)] == [50, 100, 620]


def test_what_an_event_takes_back_stands_no_more() -> None:
    events = [event(100, 70), event(300, 70), replace(event(900, 1600, late=True), withdraws=(100, 300, 7))]
    assert [beat.sample for beat in settled_beats(events)] == [900]
    assert replace(event(900, 70, replaces=800), withdraws=(100,)).takes_back == (800, 100)
