"""The mean rate: over ten seconds or what there is, and only of intervals that hide no beat."""

import pytest

from benchmarks.ecg_made import Beat, Made, made, regular
from ecg.critical.verdict import NotTested, Quantity, Verdict
from tests.ecg.critical.strips import result_of, strip_of

RULE = "bradycardia"


@pytest.mark.parametrize(("per_min", "verdict"), [(33, Verdict.HIT), (36, Verdict.NO_HIT)])
@pytest.mark.parametrize("seconds", [10, 60])
def test_below_35_is_a_hit_and_above_is_none(per_min: float, verdict: Verdict, seconds: float) -> None:
    answer = result_of(strip_of(made(regular(per_min, seconds), seconds)), RULE).answer
    assert answer.verdict is verdict
    if verdict is Verdict.HIT:
        (evidence,) = answer.evidence
        assert evidence.of(Quantity.RATE_PER_MIN) == pytest.approx(per_min, abs=0.2)
        assert len(evidence.beats) >= 5


def test_a_slow_part_of_a_long_signal_is_found_where_it_is() -> None:
    slow = [Beat(20 + 2.0 * k) for k in range(10)]
    beats = [Beat(0.5 + 0.8 * k) for k in range(24)] + slow + [Beat(40 + 0.8 * k) for k in range(24)]
    (evidence,) = result_of(strip_of(made(beats, 60)), RULE).answer.evidence
    assert 18 * 500 <= evidence.where.first <= 21 * 500 and 36 * 500 <= evidence.where.end <= 42 * 500


def test_beats_that_may_have_been_passed_over_leave_it_untested() -> None:
    whole = made(regular(60, 10), 10)
    half = Made(whole.recording, whole.beats[::2])
    answer = result_of(strip_of(half), RULE).answer
    assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.POOR_SIGNAL)


def test_eight_seconds_without_a_break_are_needed() -> None:
    signal = made(regular(30, 10), 10)
    answer = result_of(strip_of(signal, gaps=[(5.0, 5.5)]), RULE).answer
    assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.TOO_SHORT)


def test_one_beat_has_no_rate() -> None:
    answer = result_of(strip_of(made([Beat(5.0)], 10)), RULE).answer
    assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.FEW_BEATS)
