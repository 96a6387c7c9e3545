"""Writing a tracing as a FHIR Observation, each lead a component of SampledData, sample for sample.

HL7 FHIR R4 (period in milliseconds) and R5 (interval with its unit). A sample is a whole number, `E` where
there is none; that a value lay beyond the device's limits (`L`, `U`) is never made up.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction

import msgspec

from ecg.errors import SignalError
from ecg.files import fhir_codes
from ecg.files.decimal_strings import exact
from ecg.files.fhir import MAX_FILE_BYTES
from ecg.files.fhir_dates import fhir_period
from ecg.files.fhir_resources import (
    Bundle,
    Component,
    Concept,
    Entry,
    Note,
    Observation,
    Period,
    Quantity,
    Reference,
    SampledData,
)
from ecg.files.findings import Findings
from ecg.measurements import Measured, Measurement, Measurements, Unit
from ecg.tracing import Channel, Tracing

_DIGITS = Context(prec=18)
"""As many as FHIR asks of every decimal."""

_ENCODE = msgspec.json.Encoder(decimal_format="number").encode


class FhirRelease(StrEnum):
    """A release of the standard."""

    R4 = "R4"
    R5 = "R5"


@dataclass(frozen=True, slots=True, kw_only=True)
class FhirContext:
    """What a resource says that no tracing knows.

    `subject`: a reference such as "Patient/17", absent when empty. `zone`: of the start where it names none,
    e.g. "+08:00". `signed`: a physician stands for it; without that it is preliminary.
    """

    subject: str = ""
    zone: str = ""
    signed: bool = False


def write_fhir(
    tracing: Tracing,
    release: FhirRelease = FhirRelease.R4,
    context: FhirContext | None = None,
    findings: Findings | None = None,
) -> bytes:
    """The tracing as an Observation in JSON; with measurements or statements a Bundle of two Observations.

    Raises SignalError for a tracing that is too long for a resource.
    """
    context, findings = context or FhirContext(), findings or Findings()
    observation = _observation(tracing, release, context)
    document: Observation | Bundle = observation
    if findings.measurements is not None or findings.statements:
        address = f"urn:uuid:{uuid.uuid4()}"
        measured = _measured(observation, address, findings)
        entries = (
            Entry(full_url=address, resource=observation),
            Entry(full_url=f"urn:uuid:{uuid.uuid4()}", resource=measured),
        )
        document = Bundle(type="collection", entry=entries)
    data = _ENCODE(document)
    if len(data) > MAX_FILE_BYTES:
        raise SignalError(f"an Observation of {len(data)} bytes; at most {MAX_FILE_BYTES} are right")
    return data


def _observation(tracing: Tracing, release: FhirRelease, context: FhirContext) -> Observation:
    duration_s = tracing.sample_count / Fraction(repr(tracing.rate_hz))
    start, end = fhir_period(tracing.acquired, context.zone, duration_s)
    return Observation(
        status="final" if context.signed else "preliminary",
        category=(fhir_codes.PROCEDURE,),
        code=fhir_codes.TRACING,
        subject=Reference(reference=context.subject) if context.subject else None,
        effective_date_time="" if end else start,
        effective_period=Period(start=start, end=end) if end else None,
        note=tuple(Note(text=text) for text in _notes(tracing)),
        device=Reference(display=tracing.device) if tracing.device else None,
        component=tuple(_lead(channel, tracing.rate_hz, release) for channel in tracing.channels),
    )


def _notes(tracing: Tracing) -> Iterator[str]:
    """What SampledData has no place for and a reader of the tracing must know."""
    for channel in tracing.channels:
        if channel.derivation:
            yield f"{channel.name} was derived: {channel.derivation}"
    for channel in tracing.channels:
        stated = {
            "high-pass": channel.filters.low_hz,
            "low-pass": channel.filters.high_hz,
            "notch": channel.filters.notch_hz,
        }
        words = [f"{kind} {hz:g} Hz" for kind, hz in stated.items() if hz is not None]
        if words:
            yield f"{channel.name} was filtered by the device: {', '.join(words)}"


def _lead(channel: Channel, rate_hz: float, release: FhirRelease) -> Component:
    spacing_ms = _DIGITS.divide(Decimal(1000), exact(rate_hz))
    step_uv = exact(channel.nv_per_step) / 1000
    origin_uv = _DIGITS.multiply(-exact(channel.zero), step_uv) + 0
    sampled = SampledData(
        origin=_quantity(origin_uv, Unit.UV),
        period=spacing_ms if release is FhirRelease.R4 else None,
        interval=spacing_ms if release is FhirRelease.R5 else None,
        interval_unit="ms" if release is FhirRelease.R5 else "",
        factor=step_uv,
        dimensions=1,
        data=_text(channel),
    )
    return Component(code=fhir_codes.lead_concept(channel), value_sampled_data=sampled)


def _quantity(value: Decimal, unit: Unit) -> Quantity:
    return Quantity(value=value, unit=unit, system=fhir_codes.UCUM, code=unit)


def _text(channel: Channel) -> str:
    lowest = channel.missing_value
    return " ".join("E" if value == lowest else str(value) for value in channel.samples.tolist())


def _measured(tracing: Observation, address: str, findings: Findings) -> Observation:
    """What was measured on the tracing, each with its code, or with why it is absent."""
    return Observation(
        status=tracing.status,
        category=tracing.category,
        code=fhir_codes.PANEL,
        subject=tracing.subject,
        effective_date_time=tracing.effective_date_time,
        effective_period=tracing.effective_period,
        note=tuple(Note(text=statement) for statement in findings.statements),
        derived_from=(Reference(reference=address),),
        component=tuple(_measurements(findings.measurements)) if findings.measurements else (),
    )


def _measurements(measurements: Measurements) -> Iterator[Component]:
    for measure, found in measurements.values.items():
        yield _measurement(fhir_codes.measure_concept(measure), found)
    for lead, values in measurements.leads.items():
        for of_lead, found in values.items():
            yield _measurement(Concept(text=f"{fhir_codes.LEAD_MEASURES[of_lead]} in lead {lead}"), found)


def _measurement(code: Concept, found: Measurement) -> Component:
    if isinstance(found, Measured):
        return Component(code=code, value_quantity=_quantity(exact(found.value), found.unit))
    reason = Concept(coding=(fhir_codes.NOT_MEASURED,), text=found.why)
    return Component(code=code, data_absent_reason=reason)
