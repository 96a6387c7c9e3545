"""The part of FHIR's Observation that carries an ECG, as structs: the same for R4 and R5 but for SampledData.

HL7 FHIR R4 (4.0.1) and R5 (5.0.0), Observation, SampledData, Bundle. Numbers are decimals, so that what is
written is what is read.
"""

from decimal import Decimal

import msgspec


class Resource(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """What all of them share: names as FHIR spells them, what is not known is absent."""


class Coding(Resource, frozen=True, kw_only=True):
    """A code of a system."""

    system: str = ""
    code: str = ""
    display: str = ""


class Concept(Resource, frozen=True, kw_only=True):
    """CodeableConcept: codes that mean the same, and words."""

    coding: tuple[Coding, ...] = ()
    text: str = ""


class Quantity(Resource, frozen=True, kw_only=True):
    """A number in a unit."""

    value: Decimal | None = None
    unit: str = ""
    system: str = ""
    code: str = ""


class SampledData(Resource, frozen=True, kw_only=True):
    """Samples as text: whole steps and E for none; (sample * factor + origin) in the origin's unit.

    R4 has `period` in milliseconds, R5 `interval` in `interval_unit`.
    """

    origin: Quantity
    period: Decimal | None = None
    interval: Decimal | None = None
    interval_unit: str = ""
    factor: Decimal | None = None
    dimensions: int
    data: str = ""


class Period(Resource, frozen=True, kw_only=True):
    """From and to."""

    start: str = ""
    end: str = ""


class Reference(Resource, frozen=True, kw_only=True):
    """To another resource, or words where there is none."""

    reference: str = ""
    display: str = ""


class Component(Resource, frozen=True, kw_only=True):
    """One lead, or one measurement."""

    code: Concept
    value_sampled_data: SampledData | None = None
    value_quantity: Quantity | None = None
    data_absent_reason: Concept | None = None


class Note(Resource, frozen=True, kw_only=True):
    """Annotation: a remark in words."""

    text: str


class Observation(Resource, frozen=True, kw_only=True, tag_field="resourceType", tag="Observation"):
    """An ECG's tracing, or what was measured on it."""

    id: str = ""
    status: str
    category: tuple[Concept, ...] = ()
    code: Concept
    subject: Reference | None = None
    effective_date_time: str = ""
    effective_period: Period | None = None
    note: tuple[Note, ...] = ()
    device: Reference | None = None
    derived_from: tuple[Reference, ...] = ()
    component: tuple[Component, ...] = ()


class Entry(Resource, frozen=True, kw_only=True):
    """A resource of a bundle under its address."""

    full_url: str = ""
    resource: Observation


class Bundle(Resource, frozen=True, kw_only=True, tag_field="resourceType", tag="Bundle"):
    """Resources that go together."""

    type: str
    entry: tuple[Entry, ...] = ()
