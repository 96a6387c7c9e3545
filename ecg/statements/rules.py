"""The rules: measurements in, statements out; only of a good signal and five beats or more that agree.

Limits: AHA/ACC/HRS recommendations for the standardization and interpretation of the ECG, parts III and IV
(2009): QRS 120 ms, axis -30 and 90 degrees, QTc 450 ms in men, 460 in women, 500 marked. Low voltage: QRS
below 0.5 mV in every limb lead, 1.0 mV in every chest lead. Automatic rhythm statements were wrong in a third
of patients (Bogun 2004), so an irregular rhythm is called irregular and nothing else.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from ecg.leads import STANDARD_LEADS, Lead
from ecg.measurements import (
    UNITS,
    Absent,
    LeadMeasure,
    Measure,
    Measured,
    Measurement,
    Measurements,
    Unit,
)
from ecg.statements.statement import (
    Evidence,
    Made,
    Statement,
    StatementCode,
    Statements,
    Withheld,
    WithheldWhy,
)
from ecg.subject import UNKNOWN, Sex, Subject

LEAST_BEATS = 5
LEAST_CONFIDENCE = 0.5

RATE_LOW_PER_MIN = 60.0
RATE_HIGH_PER_MIN = 100.0
PR_LONG_MS = 200.0
QRS_WIDE_MS = 120.0
QTC_LONG_MS = {Sex.MALE: 450.0, Sex.FEMALE: 460.0}
QTC_VERY_LONG_MS = 500.0
QTC_OF_STATEMENTS = Measure.QTC_FRIDERICIA
"""Bazett is wrong beyond 60 to 100 a minute, where a statement would be made of the rate instead."""
AXIS_LEFT_DEG = -30.0
AXIS_RIGHT_DEG = 90.0
AXIS_EXTREME_DEG = -90.0
RR_IRREGULAR_SHARE = 0.10
RR_IRREGULAR_MS = 160.0
"""The standard deviation against the mean, and longest minus shortest: both, so that neither one early beat
in many nor the breathing of a calm heart is called irregular."""
LOW_VOLTAGE_LIMB_UV = 500.0
LOW_VOLTAGE_CHEST_UV = 1000.0
P_INVERTED_UV = -30.0
"""Below it a negative P stands out of what noise a median beat still holds."""

_LIMB = STANDARD_LEADS[:6]
_CHEST = STANDARD_LEADS[6:]
_QRS_WAVES = (LeadMeasure.Q, LeadMeasure.R, LeadMeasure.S)


@dataclass(frozen=True, slots=True)
class _Rule:
    code: StatementCode
    states: Callable[[Measurements, Subject], tuple[Evidence, ...]]
    measures: tuple[Measure, ...] = ()
    leads: tuple[Lead, ...] = ()
    waves: tuple[LeadMeasure, ...] = ()
    ruled_out: Callable[[Measurements], bool] | None = None
    """Whether what is sure already says no, whatever the rest may be."""
    adults_only: bool = True


def statements_of(
    measurements: Measurements,
    subject: Subject = UNKNOWN,
    *,
    poor: bool = False,
    poor_leads: Collection[Lead] = (),
    pacing_marks: int = 0,
) -> Statements:
    """What may be stated of these measurements.

    `poor`: the signal as a whole is not fit to be read; then nothing else is stated. `poor_leads`: leads that
    are not; statements that need one are withheld. `pacing_marks`: pulses the device marked (never guessed
    from the signal). Sex unknown: the higher QTc limit holds. Age unknown: the limits of adults.
    """
    made: list[Statement] = []
    withheld: list[Withheld] = []
    if pacing_marks:
        found = Evidence(Made.PACING_MARKS, pacing_marks, Unit.RATIO, 1, len(measurements.beats))
        made.append(Statement(StatementCode.PACING_MARKS, (found,)))
    if poor or poor_leads:
        found = Evidence(Made.POOR_LEADS, len(poor_leads), Unit.RATIO, 1, 0, _in_order(poor_leads))
        made.append(Statement(StatementCode.POOR_QUALITY, (found,)))
    for rule in _RULES:
        why = Withheld(rule.code, WithheldWhy.POOR_QUALITY) if poor else None
        why = why or _withheld(rule, measurements, subject, poor_leads)
        if why is not None:
            withheld.append(why)
        elif evidence := _stated(rule, measurements, subject):
            made.append(Statement(rule.code, evidence))
    return Statements(tuple(made), tuple(withheld))


def _stated(rule: _Rule, measurements: Measurements, subject: Subject) -> tuple[Evidence, ...]:
    if rule.ruled_out is not None and rule.ruled_out(measurements):
        return ()
    return rule.states(measurements, subject)


def _withheld(
    rule: _Rule, measurements: Measurements, subject: Subject, poor_leads: Collection[Lead]
) -> Withheld | None:
    if rule.adults_only and subject.is_child:
        return Withheld(rule.code, WithheldWhy.CHILD)
    if measurements.usual_beats < LEAST_BEATS:
        return Withheld(rule.code, WithheldWhy.FEW_BEATS)
    if rule.ruled_out is not None and rule.ruled_out(measurements):
        return None
    if any(lead in poor_leads or lead not in measurements.leads for lead in rule.leads):
        return Withheld(rule.code, WithheldWhy.LEADS_MISSING)
    needed = [measurements.values[measure] for measure in rule.measures]
    needed += [measurements.leads[lead][wave] for lead in rule.leads for wave in rule.waves]
    return next((why for one in needed if (why := _not_sure(rule.code, one)) is not None), None)


def _not_sure(code: StatementCode, measurement: Measurement) -> Withheld | None:
    if isinstance(measurement, Absent):
        return Withheld(code, WithheldWhy.ABSENT, measurement.why)
    if measurement.confidence < LEAST_CONFIDENCE:
        return Withheld(code, WithheldWhy.UNSURE)
    return None


def _in_order(leads: Collection[Lead]) -> tuple[Lead, ...]:
    return tuple(lead for lead in STANDARD_LEADS if lead in leads)


# --- the rules -----------------------------------------------------------------------------------------


def _value(of: Measurements, measure: Measure) -> float:
    value = of.of(measure)
    assert value is not None  # a rule is asked only when what it needs is there
    return value


def _wave(of: Measurements, lead: Lead, wave: LeadMeasure) -> float:
    value = of.of_lead(lead, wave)
    assert value is not None
    return value


def _evidence(
    of: Measurements, measure: Measure, limit: float, leads: tuple[Lead, ...] = ()
) -> tuple[Evidence, ...]:
    return (Evidence(measure, _value(of, measure), UNITS[measure], limit, of.usual_beats, leads),)


def _rate_low(of: Measurements, _: Subject) -> tuple[Evidence, ...]:
    low = _value(of, Measure.RATE) < RATE_LOW_PER_MIN
    return _evidence(of, Measure.RATE, RATE_LOW_PER_MIN) if low else ()


def _rate_high(of: Measurements, _: Subject) -> tuple[Evidence, ...]:
    high = _value(of, Measure.RATE) > RATE_HIGH_PER_MIN
    return _evidence(of, Measure.RATE, RATE_HIGH_PER_MIN) if high else ()


def _rr_irregular(of: Measurements, _: Subject) -> tuple[Evidence, ...]:
    shortest, longest = _value(of, Measure.RR_MIN), _value(of, Measure.RR_MAX)
    mean, beats = _value(of, Measure.RR_MEAN), len(of.beats)
    if longest - shortest <= RR_IRREGULAR_MS or _value(of, Measure.RR_SD) <= RR_IRREGULAR_SHARE * mean:
        return ()
    return (
        Evidence(
            Measure.RR_SD, _value(of, Measure.RR_SD), UNITS[Measure.RR_SD], RR_IRREGULAR_SHARE * mean, beats
        ),
        Evidence(Measure.RR_MIN, shortest, UNITS[Measure.RR_MIN], longest - RR_IRREGULAR_MS, beats),
        Evidence(Measure.RR_MAX, longest, UNITS[Measure.RR_MAX], shortest + RR_IRREGULAR_MS, beats),
    )


def _pr_long(of: Measurements, _: Subject) -> tuple[Evidence, ...]:
    return _evidence(of, Measure.PR, PR_LONG_MS) if _value(of, Measure.PR) > PR_LONG_MS else ()


def _qrs_wide(of: Measurements, _: Subject) -> tuple[Evidence, ...]:
    return _evidence(of, Measure.QRS, QRS_WIDE_MS) if _value(of, Measure.QRS) >= QRS_WIDE_MS else ()


def _qtc_long(of: Measurements, subject: Subject) -> tuple[Evidence, ...]:
    limit = QTC_LONG_MS[subject.sex or Sex.FEMALE]
    long = limit < _value(of, QTC_OF_STATEMENTS) <= QTC_VERY_LONG_MS
    return _evidence(of, QTC_OF_STATEMENTS, limit) if long else ()


def _qtc_very_long(of: Measurements, _: Subject) -> tuple[Evidence, ...]:
    very = _value(of, QTC_OF_STATEMENTS) > QTC_VERY_LONG_MS
    return _evidence(of, QTC_OF_STATEMENTS, QTC_VERY_LONG_MS) if very else ()


def _axis(low: float, high: float, limit: float) -> Callable[[Measurements, Subject], tuple[Evidence, ...]]:
    def states(of: Measurements, _: Subject) -> tuple[Evidence, ...]:
        inside = low <= _value(of, Measure.QRS_AXIS) < high
        return _evidence(of, Measure.QRS_AXIS, limit, (Lead.I, Lead.AVF)) if inside else ()

    return states


def _arm_leads_swapped(of: Measurements, _: Subject) -> tuple[Evidence, ...]:
    p = _wave(of, Lead.I, LeadMeasure.P)
    net = _wave(of, Lead.I, LeadMeasure.R) + _deepest(of, Lead.I)
    if p > P_INVERTED_UV or net >= 0:
        return ()
    return (
        Evidence(LeadMeasure.P, p, Unit.UV, P_INVERTED_UV, of.usual_beats, (Lead.I,)),
        Evidence(Made.QRS_NET, net, Unit.UV, 0.0, of.usual_beats, (Lead.I,)),
    )


def _deepest(of: Measurements, lead: Lead) -> float:
    return min(_wave(of, lead, LeadMeasure.Q), _wave(of, lead, LeadMeasure.S), 0.0)


def _low_voltage(
    leads: tuple[Lead, ...], limit_uv: float
) -> Callable[[Measurements, Subject], tuple[Evidence, ...]]:
    def states(of: Measurements, _: Subject) -> tuple[Evidence, ...]:
        largest = max(max(_wave(of, lead, LeadMeasure.R), 0.0) - _deepest(of, lead) for lead in leads)
        found = Evidence(Made.QRS_PEAK_TO_PEAK, largest, Unit.UV, limit_uv, of.usual_beats, leads)
        return (found,) if largest < limit_uv else ()

    return states


def _some_lead_is_high(leads: tuple[Lead, ...], limit_uv: float) -> Callable[[Measurements], bool]:
    """Whether one lead surely reaches the limit: then the others need not be sure."""

    def ruled_out(of: Measurements) -> bool:
        return any(_sure_height(of, lead) >= limit_uv for lead in leads)

    return ruled_out


def _sure_height(of: Measurements, lead: Lead) -> float:
    """From the deepest to the highest of the waves that are sure, and the line between them."""
    waves = [of.leads.get(lead, {}).get(wave) for wave in _QRS_WAVES]
    sure = [
        wave.value for wave in waves if isinstance(wave, Measured) and wave.confidence >= LEAST_CONFIDENCE
    ]
    return max([0.0, *sure]) - min([0.0, *sure])


_RR = (Measure.RR_MEAN, Measure.RR_MIN, Measure.RR_MAX, Measure.RR_SD)
_AXIS = (Measure.QRS_AXIS,)
_QTC = (QTC_OF_STATEMENTS,)

_RULES = (
    _Rule(
        StatementCode.ARM_LEADS_SWAPPED,
        _arm_leads_swapped,
        leads=(Lead.I,),
        waves=(LeadMeasure.P, *_QRS_WAVES),
        adults_only=False,
    ),
    _Rule(StatementCode.RATE_LOW, _rate_low, (Measure.RATE,)),
    _Rule(StatementCode.RATE_HIGH, _rate_high, (Measure.RATE,)),
    _Rule(StatementCode.RR_IRREGULAR, _rr_irregular, _RR, adults_only=False),
    _Rule(StatementCode.PR_LONG, _pr_long, (Measure.PR,)),
    _Rule(StatementCode.QRS_WIDE, _qrs_wide, (Measure.QRS,)),
    _Rule(StatementCode.QTC_LONG, _qtc_long, _QTC),
    _Rule(StatementCode.QTC_VERY_LONG, _qtc_very_long, _QTC),
    _Rule(StatementCode.AXIS_LEFT, _axis(AXIS_EXTREME_DEG, AXIS_LEFT_DEG, AXIS_LEFT_DEG), _AXIS),
    _Rule(StatementCode.AXIS_RIGHT, _axis(AXIS_RIGHT_DEG + 1e-9, 180.0 + 1e-9, AXIS_RIGHT_DEG), _AXIS),
    _Rule(StatementCode.AXIS_EXTREME, _axis(-180.0, AXIS_EXTREME_DEG, AXIS_EXTREME_DEG), _AXIS),
    _Rule(
        StatementCode.LOW_VOLTAGE_LIMB,
        _low_voltage(_LIMB, LOW_VOLTAGE_LIMB_UV),
        leads=_LIMB,
        waves=_QRS_WAVES,
        ruled_out=_some_lead_is_high(_LIMB, LOW_VOLTAGE_LIMB_UV),
    ),
    _Rule(
        StatementCode.LOW_VOLTAGE_CHEST,
        _low_voltage(_CHEST, LOW_VOLTAGE_CHEST_UV),
        leads=_CHEST,
        waves=_QRS_WAVES,
        ruled_out=_some_lead_is_high(_CHEST, LOW_VOLTAGE_CHEST_UV),
    ),
)
