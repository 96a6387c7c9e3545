"""Limits printed beside a measurement: those of adults, for the eye, not a judgement.

AHA/ACC/HRS recommendations for the standardization and interpretation of the ECG, parts III and IV (2009):
QRS below 120 ms, QRS axis -30 to 90 degrees, QTc to 450 ms in men and 460 in women. A rate of 60 to 100 a
minute and PR of 120 to 200 ms are the usual limits of sinus rhythm at rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ecg.measurements import Measure
from ecg.statements.rules import (
    AXIS_LEFT_DEG,
    AXIS_RIGHT_DEG,
    PR_LONG_MS,
    QRS_WIDE_MS,
    QTC_LONG_MS,
    RATE_HIGH_PER_MIN,
    RATE_LOW_PER_MIN,
)
from ecg.subject import ADULT_FROM_YEARS, Sex

PR_SHORT_MS = 120.0


@dataclass(frozen=True, slots=True)
class Limits:
    """From `least` to `most`; None: no such limit. `open_above`: `most` itself is beyond it."""

    least: float | None
    most: float | None
    open_above: bool = False

    def printed(self) -> str:
        """60–100, or < 120."""
        if self.least is None:
            return f"{'<' if self.open_above else '≤'} {_signed(self.most or 0)}"
        return f"{_signed(self.least)}–{_signed(self.most or 0)}"

    def is_below(self, value: float) -> bool:
        """Whether a value is under the least."""
        return self.least is not None and value < self.least

    def is_above(self, value: float) -> bool:
        """Whether a value is over the most."""
        return self.most is not None and (value >= self.most if self.open_above else value > self.most)


_ADULT: Mapping[Measure, Limits] = {
    Measure.RATE: Limits(RATE_LOW_PER_MIN, RATE_HIGH_PER_MIN),
    Measure.PR: Limits(PR_SHORT_MS, PR_LONG_MS),
    Measure.QRS: Limits(None, QRS_WIDE_MS, open_above=True),
    Measure.QRS_AXIS: Limits(AXIS_LEFT_DEG, AXIS_RIGHT_DEG),
}
_QTC = {sex: Limits(None, most) for sex, most in QTC_LONG_MS.items()}
"""Long is above these: the same limits as a statement's."""


def limits_of(measure: Measure, age_years: int | None, sex: Sex | None) -> Limits | None:
    """The limits of a measure; None where there are none, for a child, and where they need an unknown sex."""
    if age_years is not None and age_years < ADULT_FROM_YEARS:
        return None
    if measure in (Measure.QTC_FRIDERICIA, Measure.QTC_BAZETT):
        return _QTC[sex] if sex is not None else None
    return _ADULT.get(measure)


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", "−")
