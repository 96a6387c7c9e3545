"""Pauses: between beats and at the ends, never over a gap, never where a beat may have been passed over."""

import numpy as np
import pytest

from benchmarks.ecg_made import Beat, Made, made
from ecg.critical.verdict import NotTested, Quantity, Verdict
from ecg.ranges import SampleRange
from tests.ecg.critical.strips import hits, result_of, strip_of


def at(*seconds: float, total: float = 10.0, noise_uv: float = 8.0) -> Made:
    return made([Beat(r) for r in seconds], total, noise_uv=noise_uv)


def test_a_pause_of_three_seconds_is_a_hit_with_its_place_and_beats() -> None:
    strip = strip_of(at(0.5, 1.4, 2.3, 5.3, 6.2, 7.1, 8.0, 8.9, 9.8))
    answer = result_of(strip, "pause").answer
    assert answer.verdict is Verdict.HIT
    (evidence,) = answer.evidence
    assert evidence.where == SampleRange(1150, 1500) and evidence.beats == (1150, 2650)
    assert evidence.of(Quantity.PAUSE_S) == pytest.approx(3.0)


def test_a_pause_just_below_is_none() -> None:
    strip = strip_of(at(0.5, 1.4, 2.3, 5.298, 6.2, 7.1, 8.0, 8.9, 9.8))
    assert result_of(strip, "pause").answer.verdict is Verdict.NO_HIT


def test_time_before_the_first_beat_and_after_the_last_is_at_least_a_pause() -> None:
    early = result_of(strip_of(at(3.1, 4.0, 4.9, 5.8, 6.7, 7.6, 8.5, 9.4)), "pause").answer
    assert [one.where for one in early.evidence] == [SampleRange(0, 1550)]
    late = result_of(strip_of(at(0.5, 1.4, 2.3, 3.2, 4.1, 5.0, 5.9, 6.8)), "pause").answer
    assert [one.where for one in late.evidence] == [SampleRange(3400, 1600)]
    assert late.evidence[0].beats == (3400,)
    short = result_of(strip_of(at(2.9, 3.8, 4.7, 5.6, 6.5, 7.1)), "pause").answer
    assert short.verdict is Verdict.NO_HIT


def test_a_gap_in_the_signal_is_no_pause() -> None:
    regular = at(*np.arange(0.5, 10, 0.9).tolist())
    strip = strip_of(regular, gaps=[(2.0, 6.0)])
    assert result_of(strip, "pause").answer.verdict is Verdict.NO_HIT
    assert result_of(strip_of(regular, unreadable=[(2.0, 6.0)]), "pause").answer.verdict is Verdict.NO_HIT


def test_a_pause_beside_a_gap_counts_only_what_was_seen() -> None:
    beats = at(0.5, 1.4, 2.3, 6.5, 7.4, 8.3, 9.2)
    assert hits(strip_of(beats, gaps=[(3.0, 4.0)])) == set()
    far = result_of(strip_of(beats, gaps=[(2.6, 3.3)]), "pause").answer
    assert [one.of(Quantity.PAUSE_S) for one in far.evidence] == pytest.approx([3.2])
    assert far.evidence[0].beats == (3250,)


def test_single_missing_samples_do_not_part_a_pause() -> None:
    strip = strip_of(at(0.5, 1.4, 5.0, 5.9, 6.8, 7.7, 8.6, 9.5), gaps=[(3.0, 3.02)])
    assert "pause" in hits(strip)


def test_what_may_be_a_beat_that_was_passed_over_makes_a_pause_untested() -> None:
    whole = at(0.5, 1.4, 2.3, 3.2, 4.1, 5.0, 5.9, 6.8, 7.7, 8.6, 9.5)
    passed = Made(whole.recording, tuple(beat for beat in whole.beats if not 2.9 < beat.r_s < 5.5))
    answer = result_of(strip_of(passed), "pause").answer
    assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.POOR_SIGNAL)


def test_p_waves_without_complexes_are_a_pause() -> None:
    beats = [Beat(0.5), Beat(1.3), Beat(2.1), Beat(6.9), Beat(7.7), Beat(8.5), Beat(9.3)]
    signal = made(beats, 10, p_waves_s=[2.75, 3.55, 4.35, 5.15, 5.95])
    assert "pause" in hits(strip_of(signal))


def test_a_standstill_after_beats_is_a_pause_even_when_the_line_is_flat() -> None:
    signal = made([Beat(0.5), Beat(1.3), Beat(2.1)], 10, noise_uv=0.0)
    assert "pause" in hits(strip_of(signal))


def test_a_signal_without_any_beat_is_a_pause_unless_nothing_is_connected() -> None:
    assert "pause" in hits(strip_of(made([], 10, noise_uv=15.0)))
    answer = result_of(strip_of(made([], 10, noise_uv=0.0)), "pause").answer
    assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.POOR_SIGNAL)


def test_less_than_three_seconds_cannot_hold_a_pause() -> None:
    result = result_of(strip_of(at(0.5, total=2.5)), "pause")
    assert (result.answer.verdict, result.answer.why) == (Verdict.NOT_TESTED, NotTested.TOO_SHORT)
    assert result.there_s == pytest.approx(2.5)
