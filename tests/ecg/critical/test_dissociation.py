"""P waves of their own: found, told from a block of 2:1, and left to a person where they are not seen."""

import numpy as np
import pytest

from benchmarks.ecg_made import Made, made, regular
from ecg.critical.assessment import EarlierEcg
from ecg.critical.verdict import NotTested, Quantity, Verdict
from ecg.measurements import Measure, Why
from tests.ecg.critical.strips import hits, result_of, strip_of

ANY, SLOW = "av_block_3", "av_block_3_slow"
NOT_COUPLED = {Measure.PR: Why.P_NOT_COUPLED}
ESCAPE = {"pr_ms": None, "wide": True, "qrs_ms": 140.0, "qt_ms": 440.0}


def blocked(per_min: float, p_per_min: float, noise_uv: float = 8.0) -> Made:
    p_waves = np.arange(0.2, 10, 60 / p_per_min)
    return made(regular(per_min, 10, **ESCAPE), 10, noise_uv=noise_uv, p_waves_s=p_waves.tolist())


@pytest.mark.parametrize(("per_min", "p_per_min"), [(34, 78), (38, 90), (28, 100), (37, 65)])
@pytest.mark.parametrize("noise_uv", [8.0, 25.0])
def test_independent_p_waves_are_a_hit(per_min: float, p_per_min: float, noise_uv: float) -> None:
    strip = strip_of(blocked(per_min, p_per_min, noise_uv), NOT_COUPLED)
    answer = result_of(strip, SLOW).answer
    assert answer.verdict is Verdict.HIT
    assert answer.evidence[0].of(Quantity.P_RATE_PER_MIN) == pytest.approx(p_per_min, abs=1.5)
    assert answer.evidence[0].of(Quantity.RATE_PER_MIN) == pytest.approx(per_min, abs=0.5)
    assert {ANY, SLOW} <= hits(strip)


def test_at_45_a_minute_only_a_first_found_one_is_critical() -> None:
    strip = strip_of(blocked(45, 78), NOT_COUPLED)
    assert ANY in hits(strip) and SLOW not in hits(strip)


def test_whether_it_is_new_is_unknown_without_an_earlier_ecg_and_a_persons_to_say_when_known() -> None:
    strip = strip_of(blocked(45, 78), NOT_COUPLED)
    assert result_of(strip, ANY).novelty_unknown
    other = result_of(strip, ANY, earlier=EarlierEcg())
    assert other.answer.verdict is Verdict.HIT and not other.novelty_unknown
    known = result_of(strip, ANY, earlier=EarlierEcg(frozenset({ANY})))
    assert known.answer.verdict is Verdict.BY_PERSON and known.answer.evidence


def test_a_known_one_that_is_slow_is_critical_all_the_same() -> None:
    strip = strip_of(blocked(34, 78), NOT_COUPLED)
    known = EarlierEcg(frozenset({ANY}))
    assert result_of(strip, SLOW, earlier=known).answer.verdict is Verdict.HIT


def every_nth_conducted(n: int, per_min: float) -> Made:
    beats = regular(per_min, 10, pr_ms=200.0)
    step = 60 / per_min / n
    extra = [beat.onset_ms / 1000 - 0.15 + k * step for beat in beats for k in range(1, n)]
    return made(beats, 10, p_waves_s=extra)


@pytest.mark.parametrize(("n", "per_min"), [(2, 40), (3, 30)])
def test_p_waves_that_keep_their_distance_are_none(n: int, per_min: float) -> None:
    strip = strip_of(every_nth_conducted(n, per_min))
    assert result_of(strip, ANY).answer.verdict is Verdict.NO_HIT


def test_slow_sinus_beats_are_none() -> None:
    assert result_of(strip_of(made(regular(38, 10), 10)), ANY).answer.verdict is Verdict.NO_HIT


def test_slow_regular_beats_without_p_waves_are_left_to_a_person() -> None:
    strip = strip_of(made(regular(36, 10, **ESCAPE), 10), {Measure.PR: Why.NO_P})
    answer = result_of(strip, ANY).answer
    assert (answer.verdict, answer.evidence) == (Verdict.BY_PERSON, ())


def test_fast_or_irregular_beats_are_none_whatever_p_waves_do() -> None:
    for beats in (regular(75, 10, pr_ms=None), regular(40, 10, pr_ms=None)[::1]):
        moved = [
            beat if k % 2 else type(beat)(beat.r_s + (0.4 if len(beats) < 9 else 0), pr_ms=None)
            for k, beat in enumerate(beats)
        ]
        signal = made(moved, 10, p_waves_s=np.arange(0.2, 10, 0.75).tolist())
        assert result_of(strip_of(signal, NOT_COUPLED), ANY).answer.verdict is Verdict.NO_HIT


def test_three_beats_are_too_few() -> None:
    signal = made(regular(34, 10, **ESCAPE)[:3], 10)
    answer = result_of(strip_of(signal, NOT_COUPLED), ANY).answer
    assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.FEW_BEATS)
