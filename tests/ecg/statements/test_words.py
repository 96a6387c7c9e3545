"""Every statement can be said, in both languages, with its values."""

import pytest

from ecg.leads import STANDARD_LEADS, Lead
from ecg.measurements import LeadMeasure, Measure
from ecg.statements.rules import statements_of
from ecg.statements.statement import StatementCode, WithheldWhy
from ecg.statements.words import FORMULAS, SENTENCES, WITHHELD, sentence, values_of
from ecg.words import Language
from tests.ecg.made_measurements import measurements

EVERY = [
    statements_of(measurements({Measure.RATE: 48.2, Measure.PR: 212.0, Measure.QRS: 131.0})),
    statements_of(measurements({Measure.RATE: 128.0, Measure.QRS_AXIS: -47.0})),
    statements_of(measurements({Measure.QTC_FRIDERICIA: 472.0, Measure.QRS_AXIS: 105.0})),
    statements_of(measurements({Measure.QTC_FRIDERICIA: 533.0, Measure.QRS_AXIS: -120.0})),
    statements_of(measurements({Measure.RR_MIN: 600.0, Measure.RR_MAX: 1100.0, Measure.RR_SD: 140.0})),
    statements_of(measurements(), poor_leads=[Lead.V2, Lead.I], pacing_marks=9),
    statements_of(
        measurements(
            leads={
                lead: {LeadMeasure.R: 100.0, LeadMeasure.S: -50.0, LeadMeasure.Q: 0.0}
                for lead in STANDARD_LEADS
            }
        )
    ),
    statements_of(
        measurements(leads={Lead.I: {LeadMeasure.P: -90.0, LeadMeasure.R: 10.0, LeadMeasure.S: -700.0}})
    ),
]
MADE = {one.code: one for said in EVERY for one in said.made}


def test_the_examples_here_make_every_statement() -> None:
    assert set(MADE) == set(StatementCode) == set(SENTENCES)


@pytest.mark.parametrize("code", StatementCode)
def test_every_statement_is_said_in_both_languages(code: StatementCode) -> None:
    for language in Language:
        said = sentence(MADE[code], language)
        assert said and "{" not in said
    assert values_of(MADE[code]).keys() == SENTENCES[code].places


def test_sentences_hold_the_values_of_the_evidence() -> None:
    assert sentence(MADE[StatementCode.PR_LONG], Language.ZH) == "PR 间期延长：212 ms（>200 ms）"
    assert sentence(MADE[StatementCode.RATE_LOW], Language.EN) == "Ventricular rate low: 48/min (below 60)"
    said = sentence(MADE[StatementCode.RR_IRREGULAR], Language.EN)
    assert said == "RR intervals irregular: 600 to 1100 ms"
    assert sentence(MADE[StatementCode.POOR_QUALITY], Language.ZH) == "信号质量差 (I, V2)"
    assert "0.5 mV" in sentence(MADE[StatementCode.LOW_VOLTAGE_LIMB], Language.EN)


def test_a_qtc_always_names_its_formula() -> None:
    for code in (StatementCode.QTC_LONG, StatementCode.QTC_VERY_LONG):
        for language in Language:
            assert "Fridericia" in sentence(MADE[code], language)
    assert set(FORMULAS) == {measure for measure in Measure if measure.startswith("qtc")}


def test_a_value_just_beyond_is_not_rounded_onto_its_limit() -> None:
    (low,) = statements_of(measurements({Measure.RATE: 59.7})).made
    assert sentence(low, Language.EN) == "Ventricular rate low: 59.7/min (below 60)"


def test_every_reason_for_withholding_has_its_words() -> None:
    assert set(WITHHELD) == set(WithheldWhy)


def test_no_sentence_says_normal_or_names_a_disease() -> None:
    never = ("normal", "正常", "infarct", "梗死", "ischaem", "缺血", "fibrill", "颤", "block", "阻滞", "肥大")
    said = [text for words in SENTENCES.values() for text in (words.zh, words.en.lower())]
    assert [text for text in said if any(word in text for word in never)] == []
