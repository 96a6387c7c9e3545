"""The table of measurements: values with units, reasons in place of values, limits of adults only."""

import pytest

from ecg.drawing import words
from ecg.drawing.measured import TableRow, key_values, other_corrections, said, table_rows
from ecg.drawing.references import limits_of
from ecg.drawing.report import EarlierEcg, EcgReport, Person, Reading
from ecg.measurements import Absent, Measure, Measurements, Why
from ecg.subject import Sex
from ecg.words import Language
from tests.ecg.drawing.reports import SOFTWARE, measured, synthetic

TRACING = synthetic(3)


def rows(
    measurements: Measurements, earlier: Measurements | None = None, person: Person | None = None
) -> dict[str, TableRow]:
    report = EcgReport(
        tracing=TRACING,
        software=SOFTWARE,
        measurements=measurements,
        earlier=EarlierEcg("20260518", earlier) if earlier else None,
        person=person or Person(sex=Sex.FEMALE, age_years=71),
    )
    return {row.name: row for row in table_rows(report, Language.EN)}


def test_values_have_their_units() -> None:
    found = rows(measured({Measure.QRS_AXIS: -12.4}))
    assert found["Ventricular rate"].value == "54 /min"
    assert found["RR (shortest–longest)"].value == "1111 (1098–1122) ms"
    assert found["PR interval"].value == "216 ms"
    assert found["QRS axis"].value == "−12°"
    assert found["P and T axis"].value == "56, 44°"


def test_every_qtc_names_its_formula() -> None:
    for language in Language:
        for measure in (Measure.QTC_BAZETT, Measure.QTC_FRIDERICIA):
            formula = measure.value.removeprefix("qtc_").capitalize()
            assert formula in words.MEASURE[measure].said(language)


@pytest.mark.parametrize("why", list(Why))
@pytest.mark.parametrize("language", list(Language))
def test_an_absent_value_says_why(why: Why, language: Language) -> None:
    printed = said(Absent(why), language)
    assert len(printed) > 3 and printed != why.value
    assert printed.isascii() is (language is Language.EN)


def test_without_a_p_wave_the_reason_stands_in_place_of_pr_and_p_axis() -> None:
    found = rows(measured({Measure.PR: Why.NO_P, Measure.P_AXIS: Why.NO_P}))
    assert found["PR interval"].value == "no P wave before QRS" and found["PR interval"].absent
    assert found["PR interval"].flag == ""
    assert found["P and T axis"].value == "P: no P wave before QRS, T: 44°"


def test_values_beyond_the_limits_are_flagged_by_word_and_arrow() -> None:
    found = rows(measured({Measure.QTC_FRIDERICIA: 471.0, Measure.QRS: 120.0, Measure.QRS_AXIS: -45.0}))
    flags = {name: row.flag for name, row in found.items()}
    assert flags["Ventricular rate"] == "↓ low"
    assert flags["PR interval"] == flags["QRS duration"] == flags["QTc (Fridericia)"] == "↑ long"
    assert flags["QRS axis"] == "left" and flags["QT interval"] == ""


def test_a_printed_value_and_its_flag_agree() -> None:
    assert rows(measured({Measure.PR: 200.4}))["PR interval"].flag == ""
    assert rows(measured({Measure.QRS: 119.6}))["QRS duration"].flag == "↑ long"  # printed as 120


def test_an_uncertain_value_is_marked() -> None:
    assert rows(measured(confidence=0.3))["QT interval"].flag == "uncertain"


def test_bazett_is_not_flagged_where_it_misleads() -> None:
    assert rows(measured({Measure.QTC_BAZETT: 480.0}))["QTc (Bazett)"].flag == "* see note"
    calm = measured({Measure.QTC_BAZETT: 480.0, Measure.RATE: 75.0})
    assert rows(calm)["QTc (Bazett)"].flag == "↑ long"


def test_an_earlier_ecg_stands_beside_with_the_difference() -> None:
    found = rows(measured(), measured({Measure.RATE: 66.0, Measure.PR: Why.NO_P}))
    assert (found["Ventricular rate"].earlier, found["Ventricular rate"].change) == ("66", "−12")
    assert (found["PR interval"].earlier, found["PR interval"].change) == ("absent", "")
    assert found["QT interval"].change == "0"


def test_an_axis_changes_the_shorter_way_round() -> None:
    found = rows(measured({Measure.QRS_AXIS: -170.0}), measured({Measure.QRS_AXIS: 170.0}))
    assert found["QRS axis"].change == "+20"


def test_limits_are_those_of_adults_and_of_a_known_sex() -> None:
    child = rows(measured(), person=Person(age_years=9, sex=Sex.MALE))
    assert {row.reference for row in child.values()} == {""} and child["PR interval"].flag == ""
    unknown = rows(measured({Measure.QTC_FRIDERICIA: 471.0}), person=Person())
    assert unknown["QTc (Fridericia)"].reference == "" and unknown["PR interval"].reference == "120–200"
    male, female = (limits_of(Measure.QTC_FRIDERICIA, 40, sex) for sex in (Sex.MALE, Sex.FEMALE))
    assert male and female and (male.printed(), female.printed()) == ("≤ 450", "≤ 460")


def test_the_first_values_are_named_where_there_is_no_table() -> None:
    report = EcgReport(tracing=TRACING, software=SOFTWARE, measurements=measured({Measure.PR: Why.NO_P}))
    assert list(key_values(report, Language.EN))[:2] == [
        "Ventricular rate 54 /min",
        "PR interval no P wave before QRS",
    ]


def corrected(corrections: dict[Measure, float | None], earlier: Measurements | None = None) -> EcgReport:
    return EcgReport(
        tracing=TRACING,
        software=SOFTWARE,
        measurements=measured(),
        earlier=EarlierEcg("20260518", earlier) if earlier else None,
        reading=Reading(interpretation="Sinus rhythm", corrections=corrections),
    )


def test_a_physicians_value_stands_in_place_of_the_machines_which_is_named() -> None:
    report = corrected({Measure.PR: 180.0, Measure.QT: None}, measured({Measure.PR: 170.0}))
    found = {row.name: row for row in table_rows(report, Language.EN)}
    pr, qt = found["PR interval"], found["QT interval"]
    assert (pr.value, pr.flag, pr.change) == ("180 ms", "corrected, was 216", "+10")
    assert (qt.value, qt.flag, qt.change) == ("cannot be measured", "corrected, was 436", "")
    assert list(key_values(report, Language.EN))[1] == "PR interval 180 ms"


def test_a_correction_without_a_row_is_a_sentence() -> None:
    report = corrected({Measure.P_AXIS: -20.0, Measure.P: None, Measure.PR: 180.0})
    assert list(other_corrections(report, Language.EN)) == [
        "P axis corrected by the physician: −20°",
        "P duration corrected by the physician: cannot be measured",
    ]


@pytest.mark.parametrize("measure", list(Measure))
def test_every_measure_that_can_be_corrected_has_a_name(measure: Measure) -> None:
    report = corrected({measure: 50.0})
    rows_changed = [row for row in table_rows(report, Language.ZH) if "更正" in row.flag]
    assert len(rows_changed) + len(list(other_corrections(report, Language.ZH))) == 1
