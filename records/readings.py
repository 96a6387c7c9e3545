"""Which readings are possible. Outside of these a value was mistyped or a device is broken.

The limits are of what a living person or the method can show, not of what is healthy: a frightening value
must get through.
"""

import datetime as dt

from records.errors import RuleBroken
from records.residents import UNITS, Reading, ReadingKind
from records.rules import Rule

# Blood pressure and pulse: what automated cuffs and oximeters are specified to show (ISO 81060-2 and
# ISO 80601-2-61 devices), widened; temperature: survived accidental hypothermia is lower, but no
# thermometer at a health station reads it (ISO 80601-2-56 asks for 34 to 43); glucose: meters show
# 0.6 to 33.3 and laboratories have reported survivors near 100.
POSSIBLE: dict[ReadingKind, tuple[float, float]] = {
    ReadingKind.SYSTOLIC_PRESSURE: (30, 350),
    ReadingKind.DIASTOLIC_PRESSURE: (10, 250),
    ReadingKind.PULSE_RATE: (10, 350),
    ReadingKind.OXYGEN_SATURATION: (20, 100),
    ReadingKind.BODY_TEMPERATURE: (20, 46),
    ReadingKind.BLOOD_GLUCOSE: (0.2, 110),
    ReadingKind.RESPIRATORY_RATE: (0, 120),
}
# A station's clock may run before the server's by this much.
CLOCK_TOLERANCE = dt.timedelta(minutes=5)


def check_reading(reading: Reading, now: dt.datetime) -> None:
    """Raise `RuleBroken` for an impossible value or one measured in the future."""
    low, high = POSSIBLE[reading.kind]
    # Written so that NaN, of which every comparison is false, is refused too.
    if not low <= reading.value <= high:
        raise RuleBroken(
            Rule.OUT_OF_RANGE,
            f"{reading.kind} {reading.value:g} {UNITS[reading.kind]} is impossible: {low:g} to {high:g}",
        )
    if reading.measured_at > now + CLOCK_TOLERANCE:
        raise RuleBroken(Rule.MEASURED_LATER, "the reading was measured in the future: check the clock")


def check_pressures(systolic_mmhg: float, diastolic_mmhg: float) -> None:
    """Raise `RuleBroken` when the two values of one blood pressure are the wrong way round."""
    if not systolic_mmhg > diastolic_mmhg:
        raise RuleBroken(
            Rule.OUT_OF_RANGE,
            f"the systolic pressure {systolic_mmhg:g} must exceed the diastolic {diastolic_mmhg:g} mm[Hg]",
        )
