"""Volumes of lengths and areas, and the ejection fraction."""

import math

from ultrasound.measuring.made_of import check_positive, check_unit, made_of
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.unit import Unit

MM3_PER_ML = 1000.0


def ellipsoid(length: Measured, width: Measured, height: Measured) -> Measured:
    """Millilitres of three diameters at right angles: pi/6 L W H, as of a bladder or a thyroid lobe."""
    check_unit(Unit.MM, length, width, height)
    check_positive(length, width, height)
    return made_of(lambda a, b, c: math.pi / 6 * a * b * c / MM3_PER_ML, Unit.ML, (length, width, height))


def area_length(area: Measured, length: Measured) -> Measured:
    """Millilitres of a ventricle in one plane: 8 A^2 / (3 pi L) (Dodge 1960, Am. Heart J. 60:762)."""
    check_unit(Unit.MM2, area)
    check_unit(Unit.MM, length)
    check_positive(area, length)
    return made_of(lambda a, b: 8 * a * a / (3 * math.pi * b) / MM3_PER_ML, Unit.ML, (area, length))


def ejection_fraction(end_diastolic: Measured, end_systolic: Measured) -> Measured:
    """Per cent of the end-diastolic volume that is ejected (Lang 2015, J. Am. Soc. Echocardiogr. 28:1)."""
    check_unit(Unit.ML, end_diastolic, end_systolic)
    check_positive(end_diastolic, end_systolic)
    if end_systolic.value > end_diastolic.value:
        raise Refusal(
            RefusalCode.SYSTOLE_ABOVE_DIASTOLE,
            f"end-systolic {end_systolic.value:.0f} mL is above end-diastolic {end_diastolic.value:.0f} mL;"
            " are they changed over?",
        )
    return made_of(lambda ed, es: 100 * (ed - es) / ed, Unit.PERCENT, (end_diastolic, end_systolic))
