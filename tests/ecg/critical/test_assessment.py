"""The whole table on a signal: an answer of every rule, and the conclusion that never says normal."""

from dataclasses import replace

import pytest

from benchmarks.ecg_made import Beat, made, regular
from ecg.critical.assessment import Conclusion, EarlierEcg, assess
from ecg.critical.kinds import KINDS
from ecg.critical.rule import CriticalTable, RuleKind
from ecg.critical.strip import Strip
from ecg.critical.verdict import NotTested, Quantity, Verdict
from ecg.critical.words import (
    CONCLUSIONS,
    LIVE_IS_NO_MONITOR,
    NOT_TESTED,
    VALUES,
    VERDICTS,
    evidence_said,
    why_said,
)
from ecg.errors import SignalError
from ecg.leads import MISSING
from ecg.subject import Subject
from ecg.words import Language
from tests.ecg.critical.strips import TABLE, assessed, result_of, strip_of

SINUS = made(regular(70, 10), 10)


def only(*ids: str, **needs: object) -> CriticalTable:
    """The shipped table with some rules, their needs changed."""
    rules = [rule for rule in TABLE.rules if rule.id in ids]
    return replace(
        TABLE,
        rules=tuple(
            replace(rule, needs=replace(rule.needs, **needs))
            for rule in rules  # type: ignore[arg-type]
        ),
    )


def test_every_rule_answers_once_in_the_tables_order() -> None:
    results = assessed(strip_of(SINUS)).results
    assert [one.rule for one in results] == list(TABLE.rules)


def test_ten_seconds_of_sinus_rhythm_hit_nothing_and_say_what_was_not_tested() -> None:
    assessment = assessed(strip_of(SINUS))
    answers = {one.rule.id: one.answer for one in assessment.results}
    assert assessment.conclusion is Conclusion.NO_HIT
    assert answers["reinfarction"].verdict is Verdict.BY_PERSON
    assert answers["ventricular_tachycardia"].why is NotTested.TOO_SHORT
    rest = set(answers) - {"reinfarction", "ventricular_tachycardia"}
    assert {answers[id].verdict for id in rest} == {Verdict.NO_HIT}


def test_thirty_seconds_test_every_rule_that_is_not_a_persons() -> None:
    verdicts = {one.answer.verdict for one in assessed(strip_of(made(regular(70, 31), 31))).results}
    assert verdicts == {Verdict.NO_HIT, Verdict.BY_PERSON}


def test_a_hit_makes_the_conclusion_whatever_else_was_not_tested() -> None:
    strip = strip_of(
        made([Beat(0.5), Beat(1.3), Beat(4.8), Beat(5.6), Beat(6.4), Beat(7.2)], 8), measured=False
    )
    assessment = assessed(strip)
    assert assessment.conclusion is Conclusion.POSSIBLE
    assert [one.rule.id for one in assessment.hits] == ["pause"]


def test_nothing_tested_is_not_no_hit() -> None:
    strip = strip_of(SINUS)
    strip.samples[:] = MISSING
    empty = Strip(leads=strip.leads, rate_hz=500, nv_per_lsb=1000, samples=strip.samples, beats=())
    assessment = assessed(empty)
    assert assessment.conclusion is Conclusion.NOTHING_TESTED
    tested = [one for one in assessment.results if one.rule.test is not RuleKind.BY_PERSON]
    assert {one.answer.why for one in tested} == {NotTested.POOR_SIGNAL}


def test_a_child_is_tested_by_no_rule_of_adults() -> None:
    assessment = assessed(strip_of(SINUS), Subject(10))
    assert assessment.conclusion is Conclusion.NOTHING_TESTED
    whys = {one.answer.why for one in assessment.results if one.rule.test is not RuleKind.BY_PERSON}
    assert whys == {NotTested.OTHER_AGE} and not assessment.adult_assumed


def test_an_unknown_age_counts_as_an_adults_and_says_so() -> None:
    assessment = assessed(strip_of(SINUS), Subject())
    assert assessment.adult_assumed and assessment.conclusion is Conclusion.NO_HIT


def test_a_rule_for_children_tests_a_child_and_nobody_else() -> None:
    table = only("pause", from_years=1.0, below_years=18.0)
    strip = strip_of(SINUS)
    whys = [assess(strip, table, Subject(age)).results[0].answer.why for age in (0.5, 1, 17.9, 18)]
    assert whys == [NotTested.OTHER_AGE, None, None, NotTested.OTHER_AGE]
    assert assess(strip, table).results[0].answer.why is NotTested.OTHER_AGE


def test_a_rule_that_needs_an_earlier_ecg_is_not_tested_without_one() -> None:
    table = only("st_elevation", earlier_ecg=True)
    strip = strip_of(SINUS)
    assert assess(strip, table, Subject(60)).results[0].answer.why is NotTested.NO_EARLIER_ECG
    given = assess(strip, table, Subject(60), EarlierEcg()).results[0].answer
    assert given.verdict is Verdict.NO_HIT


def test_each_kind_answers_on_any_signal_without_beats_or_measurements() -> None:
    for kind in RuleKind:
        if kind is RuleKind.BY_PERSON:
            continue
        limits = {name: (one.low + one.high) / 2 for name, one in KINDS[kind].limits.items()}
        bare = strip_of(made([], 10), measured=False)
        assert KINDS[kind].test(bare, limits).verdict in (
            Verdict.NOT_TESTED,
            Verdict.NO_HIT,
            Verdict.HIT if kind is RuleKind.PAUSE else Verdict.NO_HIT,
        )


def test_a_strip_whose_parts_do_not_fit_is_refused() -> None:
    def strip(**changed: object) -> Strip:
        whole = strip_of(SINUS)
        given = {
            "leads": whole.leads,
            "rate_hz": 500,
            "nv_per_lsb": 1000,
            "samples": whole.samples,
            "beats": whole.beats,
        }
        return Strip(**(given | changed))  # type: ignore[arg-type]

    for changed in (
        {"beats": (200, 100)},
        {"beats": (5000,)},
        {"beats": (-1,)},
        {"rate_hz": 0},
        {"nv_per_lsb": 0},
        {"samples": SINUS.recording.samples[:3]},
        {"samples": SINUS.recording.samples.astype(float)},
    ):
        with pytest.raises(SignalError):
            strip(**changed)


# --- words ------------------------------------------------------------------------------------------------


def test_everything_that_can_be_answered_has_its_words() -> None:
    assert set(CONCLUSIONS) == set(Conclusion)
    assert set(VERDICTS) == set(Verdict)
    assert set(NOT_TESTED) == set(NotTested)
    assert set(VALUES) == set(Quantity)


def test_a_hit_is_said_to_be_possible_and_to_be_read() -> None:
    assert CONCLUSIONS[Conclusion.POSSIBLE].en == "Possible critical value, please read"
    assert CONCLUSIONS[Conclusion.NO_HIT].en == "No hit among the rules tested"
    english = [words.en.lower() for words in CONCLUSIONS.values()]
    assert [text for text in english if "normal" in text or "diagnos" in text] == []
    assert [words.zh for words in CONCLUSIONS.values() if "正常" in words.zh] == []
    assert "not a monitor" in LIVE_IS_NO_MONITOR.en and "不是监护仪" in LIVE_IS_NO_MONITOR.zh


def test_evidence_and_reasons_are_said_with_their_values() -> None:
    strip = strip_of(made([Beat(0.5), Beat(1.3), Beat(5.5), Beat(6.3), Beat(7.1), Beat(7.9)], 10))
    pause = result_of(strip, "pause")
    said = evidence_said(pause.answer.evidence[0], 500, Language.EN)
    assert said == "at 1.3 s: pause of 4.2 s"
    assert evidence_said(pause.answer.evidence[0], 500, Language.ZH) == "1.3 s 处：间歇 4.2 s"
    short = result_of(strip, "ventricular_tachycardia")
    assert why_said(short, Language.EN) == "10.0 s of readable signal, 30 s are needed"
    assert why_said(short, Language.ZH) == "连续可读信号 10.0 s，需要 30 s"
    assert why_said(pause, Language.EN) == ""
