"""What is made of other measurements: their units checked, their doubt carried on."""

from collections.abc import Callable, Sequence

from ultrasound.measuring.measured import CalibrationSource, Measured
from ultrasound.measuring.placed import uncalibrated
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.spread import of_values
from ultrasound.measuring.unit import Unit

_WEAKEST_LAST = (CalibrationSource.FILE, CalibrationSource.RULER, CalibrationSource.USER)


def made_of(value_of: Callable[..., float], unit: Unit, parts: Sequence[Measured]) -> Measured:
    """A value of some measurements, as sure as they are together.

    Its scale is called by the origin a person relies on most: user before ruler before file.
    """
    values = [one.value for one in parts]
    off = of_values(value_of, values, [one.uncertainty for one in parts])
    return Measured(value_of(*values), unit, off, weakest(parts), one_region(parts))


def weakest(parts: Sequence[Measured]) -> CalibrationSource:
    """The origin that is relied on most."""
    return max((one.calibration for one in parts), key=_WEAKEST_LAST.index)


def one_region(parts: Sequence[Measured]) -> int | None:
    """The region of all, if it is one."""
    regions = {one.region for one in parts}
    return regions.pop() if len(regions) == 1 else None


def check_unit(unit: Unit, *parts: Measured) -> None:
    """Refuse measurements without a scale or of another unit."""
    for one in parts:
        if one.uncalibrated:
            raise uncalibrated(one.uncalibrated)
        if one.unit is not unit:
            raise Refusal(RefusalCode.WRONG_UNIT, f"a measurement in {one.unit}; {unit} is needed")


def check_positive(*parts: Measured) -> None:
    """Refuse a value that must be above zero and is not."""
    for one in parts:
        if not one.value > 0:
            raise Refusal(RefusalCode.NOT_POSITIVE, f"{one.value:g} {one.unit}; more than 0 is needed")
