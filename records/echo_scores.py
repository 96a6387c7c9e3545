"""Figures of a focused echo: ejection fraction of two volumes, right atrial pressure by the vena cava.

Lang et al. 2015, J Am Soc Echocardiogr 28:1 (ASE/EACVI chamber quantification): the grades of a biplane
ejection fraction; right atrial pressure in the section on the inferior vena cava, of adults breathing
spontaneously. Whole per cent are graded, as the tables give them.
"""

import enum
from collections.abc import Mapping

from records.errors import RuleBroken
from records.residents import Sex
from records.rules import Rule
from records.values import Value

LARGEST_ML = 800.0
LARGEST_MM = 60.0
WIDE_FROM_MM = 21.0  # above it
COLLAPSES_FROM_PERCENT = 50.0  # above it


class EfGrade(enum.StrEnum):
    """How far the ejection fraction is from the normal range."""

    ABOVE = "above"  # above the normal range
    NORMAL = "normal"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


GRADES: Mapping[Sex, tuple[tuple[int, EfGrade], ...]] = {
    Sex.MALE: ((73, EfGrade.ABOVE), (52, EfGrade.NORMAL), (41, EfGrade.MILD), (30, EfGrade.MODERATE)),
    Sex.FEMALE: ((75, EfGrade.ABOVE), (54, EfGrade.NORMAL), (41, EfGrade.MILD), (30, EfGrade.MODERATE)),
}
"""From which whole per cent on each grade holds; below the last it is severe. Normal: 52–72, 54–74."""


class Echo(Value):
    """What was measured; what was not is None."""

    sex: Sex
    end_diastolic_ml: float | None = None
    end_systolic_ml: float | None = None
    ivc_mm: float | None = None  # the largest diameter, at rest
    ivc_collapse_percent: float | None = None  # on a sniff


class EchoScore(Value):
    """What follows of it."""

    ejection_percent: float | None
    ejection_grade: EfGrade | None  # None: no volumes, or a sex the tables do not have
    ra_pressure_mmhg: int | None  # 3, 8 or 15: the middle of 0–5, 5–10, 10–20


def score(echo: Echo) -> EchoScore:
    """Compute what the measurements allow.

    Raises
    ------
    RuleBroken : one of a pair without the other, or a figure no heart has
    """
    ejection = _ejection_percent(echo)
    return EchoScore(
        ejection_percent=None if ejection is None else round(ejection, 1),
        ejection_grade=_grade(ejection, echo.sex),
        ra_pressure_mmhg=_ra_pressure_mmhg(echo),
    )


def _ejection_percent(echo: Echo) -> float | None:
    full, emptied = echo.end_diastolic_ml, echo.end_systolic_ml
    if full is None and emptied is None:
        return None
    if full is None or emptied is None:
        raise RuleBroken(Rule.OUT_OF_RANGE, "one volume without the other; both or none is right")
    if not 0 < emptied < full <= LARGEST_ML:
        raise RuleBroken(
            Rule.OUT_OF_RANGE,
            f"{emptied:g} of {full:g} ml; 0 < end-systolic < end-diastolic <= {LARGEST_ML:g}",
        )
    return (full - emptied) / full * 100


def _grade(ejection_percent: float | None, sex: Sex) -> EfGrade | None:
    if ejection_percent is None or sex not in GRADES:
        return None
    whole = int(ejection_percent + 0.5)
    return next((grade for start, grade in GRADES[sex] if whole >= start), EfGrade.SEVERE)


def _ra_pressure_mmhg(echo: Echo) -> int | None:
    width_mm, collapse = echo.ivc_mm, echo.ivc_collapse_percent
    if width_mm is None and collapse is None:
        return None
    if width_mm is None or collapse is None:
        raise RuleBroken(
            Rule.OUT_OF_RANGE, "diameter without collapse, or the reverse; both or none is right"
        )
    if not 0 < width_mm <= LARGEST_MM or not 0 <= collapse <= 100:
        raise RuleBroken(
            Rule.OUT_OF_RANGE,
            f"{width_mm:g} mm, {collapse:g} %; to {LARGEST_MM:g} mm, 0 to 100 % is right",
        )
    wide, collapses = width_mm > WIDE_FROM_MM, collapse > COLLAPSES_FROM_PERCENT
    if not wide and collapses:
        return 3
    return 15 if wide and collapse < COLLAPSES_FROM_PERCENT else 8
