"""Measurements as a measuring program would give them, made by hand."""

from collections.abc import Iterable, Mapping

from ecg.leads import STANDARD_LEADS, Lead
from ecg.measurements import (
    UNITS,
    Absent,
    BeatLimits,
    LeadMeasure,
    Measure,
    Measured,
    Measurement,
    Measurements,
    Unit,
    Why,
)

ORDINARY = {
    Measure.RATE: 72.0,
    Measure.RR_MEAN: 833.0,
    Measure.RR_MIN: 820.0,
    Measure.RR_MAX: 850.0,
    Measure.RR_SD: 9.0,
    Measure.RR_RMSSD: 8.0,
    Measure.P: 104.0,
    Measure.PR: 160.0,
    Measure.QRS: 92.0,
    Measure.QT: 384.0,
    Measure.QTC_BAZETT: 421.0,
    Measure.QTC_FRIDERICIA: 408.0,
    Measure.QTC_FRAMINGHAM: 410.0,
    Measure.QTC_HODGES: 405.0,
    Measure.P_AXIS: 50.0,
    Measure.QRS_AXIS: 45.0,
    Measure.T_AXIS: 40.0,
}
ORDINARY_LEAD = {
    LeadMeasure.P: 80.0,
    LeadMeasure.Q: -40.0,
    LeadMeasure.R: 900.0,
    LeadMeasure.S: -200.0,
    LeadMeasure.T: 250.0,
    LeadMeasure.ST_J: 0.0,
    LeadMeasure.ST_60: 10.0,
}


def measurements(
    values: Mapping[Measure, float | Why] | None = None,
    *,
    leads: Mapping[Lead, Mapping[LeadMeasure, float | Why]] | None = None,
    without: Iterable[Lead] = (),
    beats: tuple[int, ...] = tuple(range(100, 5000, 417)),
    usual_beats: int | None = None,
    limits: tuple[BeatLimits, ...] = (),
    confidence: float = 0.9,
    rate_hz: float = 500,
    sample_count: int = 5000,
) -> Measurements:
    """Ordinary ones with some changed; a `Why` makes a measurement absent."""

    def measured(value: float | Why, unit: Unit) -> Measurement:
        return Absent(value) if isinstance(value, Why) else Measured(value, unit, confidence)

    every = ORDINARY | dict(values or {})
    changed = leads or {}
    return Measurements(
        rate_hz=rate_hz,
        sample_count=sample_count,
        values={measure: measured(value, UNITS[measure]) for measure, value in every.items()},
        leads={
            lead: {
                wave: measured(value, Unit.UV)
                for wave, value in (ORDINARY_LEAD | dict(changed.get(lead, {}))).items()
            }
            for lead in STANDARD_LEADS
            if lead not in set(without)
        },
        beats=beats,
        usual_beats=len(beats) if usual_beats is None else usual_beats,
        limits=limits,
    )
