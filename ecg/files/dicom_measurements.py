"""Measurements as coded annotations of a DICOM waveform object: a number, its unit, and what it is of."""

from collections.abc import Iterator, Sequence

from pydicom.dataset import Dataset

from ecg.files.decimal_strings import decimal_string, exact
from ecg.files.dicom_codes import LEAD_MEASURES, MEASURES, P_AND_T, QT_CORRECTIONS, UNITS, Term
from ecg.measurements import LeadMeasure, Measure, Measured, Measurements
from ecg.tracing import Channel


def measurement_items(measurements: Measurements, channels: Sequence[Channel]) -> Iterator[Dataset]:
    """Every value that has a code, on the first group; those of a lead on its channel.

    An absent one is not written: the object has no place for why.
    """
    for measure, found in measurements.values.items():
        if isinstance(found, Measured) and measure in MEASURES:
            yield _item(MEASURES[measure], found, 0, QT_CORRECTIONS.get(measure))
    numbers = {channel.lead: number for number, channel in enumerate(channels, 1)}
    for lead, values in measurements.leads.items():
        for of_lead, found in values.items():
            if isinstance(found, Measured) and lead in numbers:
                yield _item(_lead_term(of_lead, found), found, numbers[lead])


def measures_without_code(measurements: Measurements) -> list[Measure]:
    """The values that no standard code stands for."""
    return [
        measure
        for measure, found in measurements.values.items()
        if isinstance(found, Measured) and measure not in MEASURES
    ]


def _lead_term(measure: LeadMeasure, found: Measured) -> Term:
    if measure in P_AND_T:
        upright, inverted = P_AND_T[measure]
        return upright if found.value >= 0 else inverted
    return LEAD_MEASURES[measure]


def _item(term: Term, found: Measured, channel: int, modifier: Term | None = None) -> Dataset:
    item = Dataset()
    item.ConceptNameCodeSequence = term.sequence()
    if modifier is not None:
        item.ConceptNameCodeSequence[0].ModifierCodeSequence = modifier.sequence()
    item.NumericValue = decimal_string(exact(found.value))
    item.MeasurementUnitsCodeSequence = UNITS[found.unit].sequence()
    item.ReferencedWaveformChannels = [1, channel]
    return item
