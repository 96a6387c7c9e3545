"""What a physician signs of an ECG: complete, bound to its samples, and never changed."""

import msgspec
import pytest

from ecg.measurements import Measure
from records.ecg_phrases import DEFAULT_PHRASES, Phrase, check_phrases
from records.ecg_reports import (
    ChosenTerm,
    Conclusion,
    CorrectedValue,
    Correction,
    ReportKind,
    ReportState,
    chosen_terms,
    corrected,
    is_unchanged,
    lacking,
    signed,
)
from records.ecg_terms import TERMS, TermGroup, term_of
from records.errors import RuleBroken
from tests.records.ecgs import DRAFT, report, study
from tests.records.values import later


def test_a_signed_report_shows_every_change_to_it() -> None:
    kept = signed(report(), study(), later())
    assert (kept.state, kept.version, is_unchanged(kept)) == (ReportState.SIGNED, 2, True)
    changes = {
        "text": "正常心电图。",
        "conclusion": Conclusion.NORMAL,
        "terms": (),
        "critical_value": False,
        "samples_sha256": "00" * 32,
        "author_id": "zhao",
        "signed_at": later(2),
        "simulated": True,
        "algorithm": "other",
        "corrections": corrected((Correction(measure=Measure.QT, value=400),), None),
    }
    found = [
        name
        for name, value in changes.items()
        if is_unchanged(msgspec.structs.replace(kept, **{name: value}))
    ]
    assert found == []


def test_a_report_is_signed_once_and_on_its_own_samples() -> None:
    kept = signed(report(), study(), later())
    with pytest.raises(RuleBroken, match="never changes"):
        signed(kept, study(), later())
    with pytest.raises(RuleBroken, match="other samples"):
        signed(report(samples_sha256="00" * 32), study(), later())


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, ()),
        ({"conclusion": None}, ("conclusion",)),
        ({"terms": (), "text": ""}, ("terms",)),
        ({"terms": ()}, ()),
        ({"kind": ReportKind.ADDENDUM, "conclusion": None}, ()),
    ],
)
def test_what_a_report_lacks_is_named(changes: dict[str, object], missing: tuple[str, ...]) -> None:
    assert lacking(report(**changes), study()) == missing


def test_a_possible_critical_value_needs_the_physicians_word() -> None:
    hit = study(critical_rules=("bradycardia",))
    assert lacking(report(), hit) == ("critical_value",)
    assert lacking(report(critical_value=False), hit) == ()
    with pytest.raises(RuleBroken, match="no critical_value"):
        signed(report(), hit, later())


def test_a_correction_stands_beside_what_the_machine_measured() -> None:
    given = (Correction(measure=Measure.RATE, value=52), Correction(measure=Measure.PR, value=None))
    assert corrected(given, DRAFT) == (
        CorrectedValue(measure=Measure.RATE, unit="/min", value=52, machine_value=48.0),
        CorrectedValue(measure=Measure.PR, unit="ms", value=None, machine_value=None),
    )


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (Measure.RATE, 4),
        (Measure.RATE, 401),
        (Measure.QRS, -1),
        (Measure.QRS_AXIS, 181),
        (Measure.QT, float("nan")),
    ],
)
def test_an_impossible_correction_is_refused(measure: Measure, value: float) -> None:
    with pytest.raises(RuleBroken, match="impossible"):
        corrected((Correction(measure=measure, value=value),), None)


def test_a_term_is_kept_with_its_texts_of_the_day() -> None:
    (kept,) = chosen_terms((ChosenTerm(code="AHA-145", leads=("V1", "V2"), note=" 压低 "),))
    assert (kept.zh, kept.en, kept.leads, kept.note) == ("ST 段偏移", "ST deviation", ("V1", "V2"), "压低")


@pytest.mark.parametrize("wrong", [ChosenTerm(code="AHA-999"), ChosenTerm(code="AHA-145", leads=("V9",))])
def test_a_term_that_is_none_is_refused(wrong: ChosenTerm) -> None:
    with pytest.raises(RuleBroken):
        chosen_terms((wrong,))


def test_terms_are_each_there_once_in_both_languages_under_every_heading() -> None:
    assert len({one.code for one in TERMS}) == len(TERMS) == 113
    assert {one.group for one in TERMS} == set(TermGroup)
    for text in ("zh", "en"):
        assert len({getattr(one, text) for one in TERMS}) == len(TERMS)
    assert term_of("AHA-88").zh == "三度房室阻滞"


def test_the_phrases_to_start_from_can_be_used() -> None:
    check_phrases(DEFAULT_PHRASES)
    assert len(DEFAULT_PHRASES) == 13


@pytest.mark.parametrize(
    "wrong",
    [
        Phrase(name_zh="", name_en="x"),
        Phrase(name_zh="字" * 61, name_en="x"),
        Phrase(name_zh="字", name_en="x", text_zh="长" * 4001),
        Phrase(name_zh="字", name_en="x", terms=(ChosenTerm(code="ICD-1"),)),
    ],
)
def test_a_phrase_that_cannot_be_used_is_refused(wrong: Phrase) -> None:
    with pytest.raises(RuleBroken):
        check_phrases((wrong,))
