"""Measurements as a structured report: TID 1500 in a Comprehensive SR object (PS3.16, PS3.3 A.35.3)."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import numpy as np
from highdicom import sr
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import ExplicitVRLittleEndian

from ultrasound.errors import WritingRefused
from ultrasound.measuring.derived import Derivation
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.points import Point
from ultrasound.measuring.unit import Unit
from ultrasound.quiet_pydicom import quiet_pydicom
from ultrasound.writing.acquisition import UNKNOWN_SCANNER, Scanner, put_scanner
from ultrasound.writing.file_meta import put_file_meta
from ultrasound.writing.identity import Identity, Place, put_identity, put_text
from ultrasound.writing.image_reference import ImageReference
from ultrasound.writing.made import put_made
from ultrasound.writing.report_terms import (
    CALIBRATION_METHOD,
    CALIBRATIONS,
    DERIVED,
    DOPPLER_ANGLE,
    OWN_SCHEME,
    OWN_SCHEME_NAME,
    PROCEDURE,
    UNCERTAINTY,
    UNITS,
    VOLUMES_OF_FRACTION,
    Drawn,
    Method,
    ObserverRole,
    Quantity,
)

_Relation = sr.RelationshipTypeValues


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One measurement: what, how much, on which frame, between which points of it.

    `points`: as measured, columns and rows from the middle of the first pixel. `tracking_uid`: names this
    measurement for good, in every report of it. `label`: what the person called it. `angle_deg`: the Doppler
    angle, where a person set it.

    A value made of others has `parts` in the place of image and points: each is told within it, with its own
    frame, and `method` says how they were put together.
    """

    quantity: Quantity
    measured: Measured
    tracking_uid: str
    image: ImageReference | None = None
    points: tuple[Point, ...] = ()
    label: str = ""
    angle_deg: float | None = None
    method: Method | None = None
    parts: "tuple[Reported, ...]" = ()

    @property
    def images(self) -> tuple[ImageReference, ...]:
        """All it rests on, each once."""
        own = () if self.image is None else (self.image,)
        return tuple(dict.fromkeys((*own, *(image for one in self.parts for image in one.images))))


def derived(
    derivation: Derivation,
    measured: Measured,
    tracking_uid: str,
    parts: Sequence[Reported],
    label: str = "",
) -> Reported:
    """A derived value with its standard code and method; the volumes of a fraction by their phase."""
    quantity, method = DERIVED[derivation]
    told = tuple(parts)
    if derivation is Derivation.EJECTION_FRACTION:
        phases = zip(told, VOLUMES_OF_FRACTION, strict=True)
        told = tuple(dataclasses.replace(one, quantity=phase) for one, phase in phases)
    return Reported(
        quantity=quantity,
        measured=measured,
        tracking_uid=tracking_uid,
        label=label,
        method=method,
        parts=told,
    )


@dataclass(frozen=True, slots=True)
class Observer:
    """Who measured, as the caller knows it: `name` as PN."""

    name: str
    organization: str = ""
    role: ObserverRole | None = None


def write_report(
    reported: Sequence[Reported],
    identity: Identity,
    place: Place,
    made: datetime,
    observer: Observer | None = None,
    scanner: Scanner = UNKNOWN_SCANNER,
) -> bytes:
    """The file of a report. It is complete, and verified by nobody: signing is not done here.

    Raises WritingRefused for a value without a scale, which has no unit to stand in, and for one in
    another unit than its quantity has.
    """
    if not reported:
        raise WritingRefused("no measurement; a report has one at least")
    with quiet_pydicom():
        evidence = [_evidence(image, identity) for one in reported for image in one.images]
        document: Dataset = sr.ComprehensiveSR(
            evidence=_each_once(evidence),
            content=_content(reported, observer),
            series_instance_uid=place.series_instance_uid,
            series_number=place.series_number,
            sop_instance_uid=place.sop_instance_uid,
            instance_number=place.instance_number,
            manufacturer="",
            is_complete=True,
            transfer_syntax_uid=ExplicitVRLittleEndian,
        )
        put_identity(document, identity, place)
        put_scanner(document, scanner)
        put_made(document, made)
        document.CodingSchemeIdentificationSequence = Items([_own_scheme()])
        del document.PreliminaryFlag  # nobody told whether a later one will follow
        del document.ContributingEquipmentSequence  # the library, at the time of its own clock
        put_file_meta(document, ExplicitVRLittleEndian)
        out = BytesIO()
        document.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _evidence(image: ImageReference, identity: Identity) -> Dataset:
    """What the report has to know of an image: no name, which is put in at the end."""
    dataset = Dataset()
    bare = Identity(study_instance_uid=identity.study_instance_uid)
    place = Place(series_instance_uid=image.series_instance_uid, sop_instance_uid=image.sop_instance_uid)
    put_identity(dataset, bare, place)
    dataset.SOPClassUID = image.sop_class_uid
    dataset.Modality = "US"
    return dataset


def _each_once(evidence: Sequence[Dataset]) -> list[Dataset]:
    return list({str(dataset.SOPInstanceUID): dataset for dataset in evidence}.values())


def _own_scheme() -> Dataset:
    item = Dataset()
    item.CodingSchemeDesignator, item.CodingSchemeName = OWN_SCHEME, OWN_SCHEME_NAME
    return item


def _content(reported: Sequence[Reported], observer: Observer | None) -> sr.MeasurementReport:
    return sr.MeasurementReport(
        observation_context=sr.ObservationContext(
            observer_person_context=_person(observer) if observer is not None else None
        ),
        procedure_reported=PROCEDURE,
        imaging_measurements=[_group(number, one) for number, one in enumerate(reported, 1)],
    )


def _person(observer: Observer) -> sr.ObserverContext:
    put_text(Dataset(), "PersonName", observer.name, "observer.name")
    attributes = sr.PersonObserverIdentifyingAttributes(
        name=observer.name,
        organization_name=observer.organization or None,
        role_in_organization=observer.role.value if observer.role is not None else None,
    )
    return sr.ObserverContext(sr.CodedConcept("121006", "DCM", "Person"), attributes)


def _group(number: int, one: Reported) -> sr.MeasurementsAndQualitativeEvaluations:
    return sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(str(number), one), measurements=[_measurement(str(number), one)]
    )


def _tracking(number: str, one: Reported) -> sr.TrackingIdentifier:
    label = one.label or f"{one.quantity.code.meaning} {number}"
    return sr.TrackingIdentifier(uid=one.tracking_uid, identifier=label)


def _measurement(number: str, one: Reported, tracking: sr.TrackingIdentifier | None = None) -> sr.Measurement:
    unit = _unit(number, one)
    coordinates = [_coordinates(one, one.image)] if one.points and one.image is not None else None
    measurement = sr.Measurement(
        name=one.quantity.code,
        value=_rounded(one.measured.value),
        unit=unit,
        tracking_identifier=tracking,
        method=None if one.method is None else one.method.value,
        referenced_images=None if coordinates else [_source(image) for image in _images(number, one)],
        referenced_coordinates=coordinates,
    )
    said = measurement[0].ContentSequence
    said.append(
        sr.CodeContentItem(
            CALIBRATION_METHOD, CALIBRATIONS[one.measured.calibration], _Relation.HAS_CONCEPT_MOD
        )
    )
    off = _rounded(one.measured.uncertainty)
    said.append(sr.NumContentItem(UNCERTAINTY, off, unit, relationship_type=_Relation.HAS_PROPERTIES))
    if one.angle_deg is not None:
        angle, degrees = _rounded(one.angle_deg), sr.CodedConcept.from_code(UNITS[Unit.DEG])
        context = _Relation.HAS_ACQ_CONTEXT
        said.append(sr.NumContentItem(DOPPLER_ANGLE, angle, degrees, relationship_type=context))
    for place, part in enumerate(one.parts, 1):
        said.append(_part(f"{number}.{place}", part))
    return measurement


def _part(number: str, one: Reported) -> Dataset:
    """What a value is inferred from, told whole: its own value, frame and points."""
    (item,) = _measurement(number, one, _tracking(number, one))
    item.RelationshipType = _Relation.INFERRED_FROM.value
    return item


def _images(number: str, one: Reported) -> tuple[ImageReference, ...]:
    if not one.images:
        raise WritingRefused(f"measurement {number} is on no image and made of nothing; it has one or parts")
    return one.images


def _source(image: ImageReference) -> sr.SourceImageForMeasurement:
    return sr.SourceImageForMeasurement(image.sop_class_uid, image.sop_instance_uid, image.frame_numbers)


def _unit(number: str, one: Reported) -> sr.CodedConcept:
    measured = one.measured
    if measured.uncalibrated or measured.calibration not in CALIBRATIONS or measured.unit not in UNITS:
        raise WritingRefused(f"measurement {number} is uncalibrated; only what has a scale is reported")
    if measured.unit is not one.quantity.unit:
        raise WritingRefused(
            f"measurement {number}: {one.quantity.name} in {measured.unit}; it is in {one.quantity.unit}"
        )
    return sr.CodedConcept.from_code(UNITS[measured.unit])


def _coordinates(one: Reported, image: ImageReference) -> sr.CoordinatesForMeasurement:
    points = [image.placed(point) for point in one.points]
    drawn = one.quantity.drawn
    if drawn is Drawn.OUTLINE:
        points.append(points[0])
    graphic = sr.GraphicTypeValues.POLYLINE if drawn is Drawn.OUTLINE else sr.GraphicTypeValues(drawn.value)
    source = sr.SourceImageForRegion(image.sop_class_uid, image.sop_instance_uid, image.frame_numbers)
    return sr.CoordinatesForMeasurement(graphic, np.array(points), source)


def _rounded(value: float) -> float:
    """Seven digits: more are none of a picture's, and DICOM's decimal string holds sixteen characters."""
    return float(f"{value:.7g}")
