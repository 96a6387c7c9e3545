"""Figures of a focused echo at every boundary (Lang et al. 2015, J Am Soc Echocardiogr 28:1)."""

import pytest

from records.echo_scores import Echo, EfGrade, score
from records.errors import RuleBroken
from records.residents import Sex

MALE, FEMALE = Sex.MALE, Sex.FEMALE


def with_ejection(percent: float, sex: Sex) -> Echo:
    return Echo(sex=sex, end_diastolic_ml=200.0, end_systolic_ml=200.0 - 2 * percent)


@pytest.mark.parametrize(
    ("sex", "percent", "grade"),
    [
        (MALE, 73, EfGrade.ABOVE),
        (MALE, 72, EfGrade.NORMAL),
        (MALE, 52, EfGrade.NORMAL),
        (MALE, 51.5, EfGrade.NORMAL),
        (MALE, 51.4, EfGrade.MILD),
        (MALE, 51, EfGrade.MILD),
        (MALE, 41, EfGrade.MILD),
        (MALE, 40, EfGrade.MODERATE),
        (MALE, 30, EfGrade.MODERATE),
        (MALE, 29, EfGrade.SEVERE),
        (FEMALE, 75, EfGrade.ABOVE),
        (FEMALE, 74, EfGrade.NORMAL),
        (FEMALE, 54, EfGrade.NORMAL),
        (FEMALE, 53, EfGrade.MILD),
        (FEMALE, 41, EfGrade.MILD),
        (FEMALE, 40, EfGrade.MODERATE),
        (FEMALE, 30, EfGrade.MODERATE),
        (FEMALE, 29, EfGrade.SEVERE),
    ],
)
def test_grades_of_the_ejection_fraction(sex: Sex, percent: float, grade: EfGrade) -> None:
    scored = score(with_ejection(percent, sex))
    assert (scored.ejection_percent, scored.ejection_grade) == (pytest.approx(percent), grade)


def test_a_figure_is_graded_before_it_is_rounded_for_print() -> None:
    scored = score(Echo(sex=MALE, end_diastolic_ml=1e2, end_systolic_ml=48.54))
    assert (scored.ejection_percent, scored.ejection_grade) == (51.5, EfGrade.MILD)


def test_a_sex_the_tables_do_not_have_gets_the_figure_and_no_grade() -> None:
    scored = score(with_ejection(60, Sex.UNSTATED))
    assert (scored.ejection_percent, scored.ejection_grade) == (60.0, None)


@pytest.mark.parametrize(
    ("width_mm", "collapse", "mmhg"),
    [
        (21.0, 50.1, 3),
        (21.1, 50.1, 8),
        (21.0, 50.0, 8),
        (21.0, 20.0, 8),
        (21.1, 50.0, 8),
        (21.1, 49.9, 15),
        (30.0, 0.0, 15),
    ],
)
def test_right_atrial_pressure(width_mm: float, collapse: float, mmhg: int) -> None:
    measured = Echo(sex=MALE, ivc_mm=width_mm, ivc_collapse_percent=collapse)
    assert score(measured).ra_pressure_mmhg == mmhg


def test_what_was_not_measured_is_not_made_up() -> None:
    scored = score(Echo(sex=MALE))
    assert (scored.ejection_percent, scored.ejection_grade, scored.ra_pressure_mmhg) == (None, None, None)


@pytest.mark.parametrize(
    "echo",
    [
        Echo(sex=MALE, end_diastolic_ml=120.0),
        Echo(sex=MALE, end_diastolic_ml=50.0, end_systolic_ml=50.0),
        Echo(sex=MALE, end_diastolic_ml=50.0, end_systolic_ml=60.0),
        Echo(sex=MALE, end_diastolic_ml=801.0, end_systolic_ml=60.0),
        Echo(sex=MALE, end_diastolic_ml=100.0, end_systolic_ml=0.0),
        Echo(sex=MALE, ivc_mm=20.0),
        Echo(sex=MALE, ivc_mm=61.0, ivc_collapse_percent=50.0),
        Echo(sex=MALE, ivc_mm=20.0, ivc_collapse_percent=101.0),
    ],
)
def test_half_a_measurement_and_figures_no_heart_has_are_refused(echo: Echo) -> None:
    with pytest.raises(RuleBroken):
        score(echo)
