"""Fast rhythms: each rule just met, just missed, and not to be tested."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.ecg_made import Beat, Made, fluttering, irregular, made, regular
from ecg.critical.assessment import Conclusion
from ecg.critical.verdict import NotTested, Quantity, Verdict
from tests.ecg.critical.strips import assessed, hits, result_of, strip_of

VT, SVT, AF, WPW = (
    "ventricular_tachycardia",
    "supraventricular_tachycardia",
    "fast_atrial_fibrillation",
    "preexcited_atrial_fibrillation",
)


def wide(per_min: float, seconds: float, qrs_ms: float = 150) -> Made:
    beats = regular(per_min, seconds, wide=True, qrs_ms=qrs_ms, pr_ms=None)
    return made(beats, seconds)


# --- wide, 150 a minute, 30 s -----------------------------------------------------------------------------


def test_wide_complexes_at_150_for_30_s_are_a_hit() -> None:
    answer = result_of(strip_of(wide(155, 32)), VT).answer
    (evidence,) = answer.evidence
    assert answer.verdict is Verdict.HIT
    assert evidence.of(Quantity.RATE_PER_MIN) == pytest.approx(155, abs=0.5)
    assert evidence.of(Quantity.LASTED_S) > 30 and evidence.of(Quantity.QRS_MS) == pytest.approx(150, abs=2)


@pytest.mark.parametrize("signal", [wide(148, 40), wide(160, 40, qrs_ms=116)], ids=["slower", "narrower"])
def test_slower_or_narrower_ones_are_none(signal: Made) -> None:
    assert result_of(strip_of(signal), VT).answer.verdict is Verdict.NO_HIT


def test_a_run_of_29_s_in_a_long_signal_is_none_and_one_of_31_is_a_hit() -> None:
    for lasts, expected in ((29, set()), (31, {VT})):
        fast = regular(170, lasts, wide=True, qrs_ms=150, pr_ms=None)
        run = [replace(beat, r_s=beat.r_s + 10) for beat in fast]
        around = [Beat(0.5 + 0.8 * k) for k in range(12)] + [Beat(lasts + 11 + 0.8 * k) for k in range(10)]
        assert (
            hits(strip_of(made(sorted([*around, *run], key=lambda beat: beat.r_s), lasts + 20))) == expected
        )


def test_ten_seconds_of_it_are_not_tested_but_said_to_look_like_it() -> None:
    assessment = assessed(strip_of(wide(170, 10)))
    result = next(one for one in assessment.results if one.rule.id == VT)
    assert (result.answer.verdict, result.answer.why) == (Verdict.NOT_TESTED, NotTested.TOO_SHORT)
    assert result.answer.evidence[0].of(Quantity.RATE_PER_MIN) == pytest.approx(170, abs=0.5)
    assert assessment.hits == () and assessment.conclusion is Conclusion.LOOKS_LIKE


def test_ten_seconds_with_a_short_run_do_not_look_like_it() -> None:
    sinus = [Beat(0.5 + 0.8 * k) for k in range(5)]
    run = [Beat(4.4 + 0.35 * k, 150, None, 300, True) for k in range(8)]
    assessment = assessed(strip_of(made([*sinus, *run, Beat(7.9), Beat(8.7), Beat(9.5)], 10)))
    assert assessment.conclusion is Conclusion.NO_HIT


def test_one_complex_passed_over_does_not_part_a_run() -> None:
    signal = wide(170, 34)
    missed = Made(signal.recording, tuple(beat for k, beat in enumerate(signal.beats) if k != 40))
    assert VT in hits(strip_of(missed))


def test_without_known_widths_wide_and_narrow_are_not_tested() -> None:
    for signal, rule in ((wide(170, 34), VT), (made(regular(240, 10), 10), SVT)):
        answer = result_of(strip_of(signal, limits=False), rule).answer
        assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.NOT_MEASURED)


# --- narrow, 230 a minute ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("per_min", "verdict"), [(232, Verdict.HIT), (227, Verdict.NO_HIT)])
def test_narrow_complexes_from_230_a_minute_are_a_hit(per_min: float, verdict: Verdict) -> None:
    answer = result_of(strip_of(made(regular(per_min, 10), 10)), SVT).answer
    assert answer.verdict is verdict


def test_wide_ones_so_fast_are_not_called_narrow() -> None:
    assert SVT not in hits(strip_of(wide(240, 10, qrs_ms=130)))


def test_swings_without_complexes_are_not_called_narrow_whatever_limits_were_found_in_them() -> None:
    signal = fluttering(10, 260)
    beats = regular(260, 10, qrs_ms=80.0)
    assert hits(strip_of(Made(signal.recording, beats))) == {"ventricular_fibrillation"}
    no_complex = made(regular(240, 10, qrs_ms=12.0), 10)
    assert result_of(strip_of(no_complex), SVT).answer.why is NotTested.NOT_MEASURED


def test_two_seconds_of_it_are_no_hit() -> None:
    run = [Beat(5 + 0.25 * k, 80, None, 200) for k in range(9)]
    beats = [Beat(0.5 + 0.8 * k) for k in range(6)] + run + [Beat(7.9), Beat(8.7), Beat(9.5)]
    assert result_of(strip_of(made(beats, 10)), SVT).answer.verdict is Verdict.NO_HIT


# --- irregular --------------------------------------------------------------------------------------------


def with_rr(rr_ms: Sequence[float], **shape: object) -> Made:
    """Beats with these intervals over and over, for 10 s."""
    beat = replace(Beat(0.0, pr_ms=None, qt_ms=min(rr_ms) - 30), **shape)  # type: ignore[arg-type]
    at = np.concatenate([[0.3], 0.3 + np.cumsum(np.tile(rr_ms, 60)) / 1000])
    return made([replace(beat, r_s=float(one)) for one in at if one < 9.9], 10)


def test_an_irregular_mean_of_180_is_a_hit_and_175_is_none() -> None:
    rr_ms = np.array([300, 370, 290, 350, 320, 280, 360, 310, 340, 330])
    fast = with_rr(rr_ms * (60_000 / 183) / rr_ms.mean())
    slower = with_rr(rr_ms * (60_000 / 175) / rr_ms.mean())
    answer = result_of(strip_of(fast), AF).answer
    assert answer.verdict is Verdict.HIT and answer.evidence[0].of(Quantity.RR_VARIATION_PERCENT) > 8
    assert result_of(strip_of(slower), AF).answer.verdict is Verdict.NO_HIT


def test_a_regular_rhythm_so_fast_is_not_called_irregular() -> None:
    assert hits(strip_of(made(regular(190, 10), 10))) == set()


def test_irregularity_needs_six_seconds() -> None:
    answer = result_of(strip_of(made(irregular(190, 5.5, 0.2, 1), 5.5)), AF).answer
    assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.TOO_SHORT)
    few = result_of(strip_of(made([Beat(1.0), Beat(2.0)], 10)), AF).answer
    assert (few.verdict, few.why) == (Verdict.NOT_TESTED, NotTested.FEW_BEATS)


PREEXCITED = {"wide": True, "qrs_ms": 130.0, "qt_ms": 220.0}


def test_irregular_wide_complexes_with_an_interval_below_250_ms_are_a_hit() -> None:
    answer = result_of(strip_of(with_rr([240, 330, 290, 380, 300, 260, 350], **PREEXCITED)), WPW).answer
    assert answer.verdict is Verdict.HIT
    assert answer.evidence[0].of(Quantity.SHORTEST_RR_MS) == pytest.approx(240, abs=2)


@pytest.mark.parametrize(
    "signal",
    [
        with_rr([252, 330, 290, 380, 300, 262, 350], **PREEXCITED),
        with_rr([240, 330, 290, 380, 300, 260, 350], **(PREEXCITED | {"qrs_ms": 90.0})),
        with_rr([245], **PREEXCITED),
        with_rr([240, *[380, 330, 400, 340, 390, 360, 410, 330] * 4], **PREEXCITED),
    ],
    ids=["252 ms", "narrow", "regular", "one alone"],
)
def test_longer_narrow_or_regular_ones_are_none(signal: Made) -> None:
    assert result_of(strip_of(signal), WPW).answer.verdict is Verdict.NO_HIT


def test_irregular_ones_of_unknown_width_are_not_tested() -> None:
    signal = with_rr([240, 330, 290, 380, 300, 260, 350], **PREEXCITED)
    answer = result_of(strip_of(signal, limits=False), WPW).answer
    assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.NOT_MEASURED)


def test_a_gap_is_never_bridged_by_a_run() -> None:
    signal = wide(170, 40)
    assert result_of(strip_of(signal, gaps=[(20.0, 20.3)]), VT).answer.why is NotTested.TOO_SHORT
