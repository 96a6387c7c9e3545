"""Indices of a flow that need no angle: resistance, pulsatility, systole to diastole."""

import dataclasses

from ultrasound.measuring.made_of import check_positive, check_unit, made_of
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.unit import Unit


def resistive_index(systolic: Measured, diastolic: Measured) -> Measured:
    """(S - D) / S (Pourcelot 1974); above 1 where the flow turns back in diastole."""
    systolic, diastolic = _one_way(systolic, diastolic)
    return made_of(lambda s, d: (s - d) / s, Unit.RATIO, (systolic, diastolic))


def pulsatility_index(systolic: Measured, diastolic: Measured, mean: Measured) -> Measured:
    """(S - D) / mean (Gosling and King 1974); the mean over the whole beat, without its sign."""
    systolic, diastolic = _one_way(systolic, diastolic)
    check_unit(Unit.CM_PER_S, mean)
    check_positive(mean)
    return made_of(lambda s, d, m: (s - d) / m, Unit.RATIO, (systolic, diastolic, mean))


def systolic_diastolic_ratio(systolic: Measured, diastolic: Measured) -> Measured:
    """S / D (Stuart 1980); refused where there is no flow in diastole, or where it turns back."""
    systolic, diastolic = _one_way(systolic, diastolic)
    check_positive(diastolic)
    return made_of(lambda s, d: s / d, Unit.RATIO, (systolic, diastolic))


def _one_way(systolic: Measured, diastolic: Measured) -> tuple[Measured, Measured]:
    """Both with the systolic flow counted as positive, whichever way the probe sees it."""
    check_unit(Unit.CM_PER_S, systolic, diastolic)
    if systolic.value < 0:
        systolic = dataclasses.replace(systolic, value=-systolic.value)
        diastolic = dataclasses.replace(diastolic, value=-diastolic.value)
    check_positive(systolic)
    return systolic, diastolic
