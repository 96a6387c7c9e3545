"""Reports: each value with unit, doubt, points, frame and the origin of its scale; or a refusal."""

import dataclasses
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sr import _concepts_dict

from tests.ultrasound.measuring.frames import frame, plane
from tests.ultrasound.writing.objects import IDENTITY, NINE, SCANNER, complaints
from ultrasound.errors import WritingRefused
from ultrasound.measuring.chamber import chamber_area
from ultrasound.measuring.derived import Derivation
from ultrasound.measuring.ellipse import ellipse_area
from ultrasound.measuring.length import distance
from ultrasound.measuring.measured import CalibrationSource, Measured, Uncalibrated
from ultrasound.measuring.outline import area
from ultrasound.measuring.simpson import Contour, biplane_volume
from ultrasound.measuring.unit import Unit
from ultrasound.measuring.volume import ejection_fraction, ellipsoid
from ultrasound.writing.identity import Identity, Place
from ultrasound.writing.image_reference import ImageReference
from ultrasound.writing.report import Observer, Reported, derived, write_report
from ultrasound.writing.report_terms import (
    CALIBRATION_METHOD,
    CALIBRATIONS,
    DERIVED,
    DOPPLER_ANGLE,
    OWN_SCHEME,
    PROCEDURE,
    UNCERTAINTY,
    UNITS,
    Drawn,
    Method,
    ObserverRole,
    Quantity,
)

PLACE = Place(series_instance_uid="1.2.826.0.1.40", sop_instance_uid="1.2.826.0.1.50", series_number=90)
CINE = ImageReference(
    "1.2.840.10008.5.1.4.1.1.3.1", "1.2.826.0.1.3", "1.2.826.0.1.2", 800, 600, True, 120, frame=59
)
STILL = ImageReference("1.2.840.10008.5.1.4.1.1.6.1", "1.2.826.0.1.4", "1.2.826.0.1.2", 800, 600, False)
SCALED = frame(plane(0, 0, 799, 599, 0.02))
ENDS = ((10.0, 20.0), (110.0, 20.0))
CALIPER = Reported(
    quantity=Quantity.DISTANCE,
    measured=distance(SCALED, ENDS),
    image=CINE,
    tracking_uid="1.2.826.0.1.60",
    points=ENDS,
    label="左室",
)


def written(*reported: Reported, **fields: Any) -> Dataset:
    return pydicom.dcmread(io.BytesIO(write_report(reported, IDENTITY, PLACE, NINE, **fields)))


def items(dataset: Dataset, value_type: str) -> list[Dataset]:
    """All content items of a kind, in the order of the tree."""
    found = [dataset] if dataset.get("ValueType") == value_type else []
    for item in dataset.get("ContentSequence") or ():
        found += items(item, value_type)
    return found


def name_of(item: Dataset) -> str:
    return str(item.ConceptNameCodeSequence[0].CodeValue)


def measured(dataset: Dataset) -> list[Dataset]:
    return [item for item in items(dataset, "NUM") if name_of(item) != UNCERTAINTY.value]


def test_a_caliper_is_told_whole() -> None:
    dataset = written(CALIPER)
    (caliper,) = measured(dataset)
    assert name_of(caliper) == "121206"
    value = caliper.MeasuredValueSequence[0]
    assert float(value.NumericValue) == pytest.approx(20.0)
    unit = value.MeasurementUnitsCodeSequence[0]
    assert (unit.CodeValue, unit.CodingSchemeDesignator) == ("mm", "UCUM")
    (doubt,) = [item for item in items(caliper, "NUM") if item is not caliper]
    assert float(doubt.MeasuredValueSequence[0].NumericValue) == pytest.approx(CALIPER.measured.uncertainty)
    assert doubt.RelationshipType == "HAS PROPERTIES"
    (scale,) = [item for item in items(caliper, "CODE") if name_of(item) == CALIBRATION_METHOD.value]
    assert scale.ConceptCodeSequence[0].CodeValue == "scale-file"


def test_points_count_from_the_corner_and_frames_from_one() -> None:
    (where,) = items(written(CALIPER), "SCOORD")
    assert list(where.GraphicData) == [10.5, 20.5, 110.5, 20.5]
    assert where.GraphicType == "POLYLINE"
    (image,) = items(where, "IMAGE")
    reference = image.ReferencedSOPSequence[0]
    assert reference.ReferencedSOPInstanceUID == "1.2.826.0.1.3"
    assert reference.ReferencedFrameNumber == 60


def test_a_still_has_no_frame_number() -> None:
    (image,) = items(written(dataclasses.replace(CALIPER, image=STILL)), "IMAGE")
    assert "ReferencedFrameNumber" not in image.ReferencedSOPSequence[0]


def test_an_outline_is_closed_and_an_ellipse_is_its_axes() -> None:
    corners = ((10.0, 10.0), (60.0, 10.0), (60.0, 60.0))
    ends = ((10.0, 50.0), (90.0, 50.0), (50.0, 30.0), (50.0, 70.0))
    outline = dataclasses.replace(
        CALIPER, quantity=Quantity.AREA, measured=area(SCALED, corners), points=corners
    )
    ellipse = dataclasses.replace(
        CALIPER, quantity=Quantity.ELLIPSE_AREA, measured=ellipse_area(SCALED, ends), points=ends
    )
    of_outline, of_ellipse = items(written(outline, ellipse), "SCOORD")
    assert (of_outline.GraphicType, of_ellipse.GraphicType) == ("POLYLINE", "MULTIPOINT")
    assert list(of_outline.GraphicData[:2]) == list(of_outline.GraphicData[-2:])
    assert len(of_ellipse.GraphicData) == 8


OTHER = dataclasses.replace(STILL, sop_instance_uid="1.2.826.0.1.5")
VIEWS = (STILL, OTHER)


def contour(uid: str, image: ImageReference, size: float = 1.0) -> Reported:
    """A ventricle in one view."""
    shape = ((250, 500), (230, 400), (300, 150), (400, 100), (500, 160), (570, 410), (550, 500))
    points = tuple((x * size, y * size) for x, y in shape)
    return Reported(
        quantity=Quantity.CHAMBER_AREA,
        measured=chamber_area(SCALED, points),
        image=image,
        tracking_uid=uid,
        points=points,
    )


def volume(uid: str, size: float = 1.0) -> Reported:
    """Biplane, of a contour in each of two stills."""
    parts = [contour(f"{uid}.{k}", image, size) for k, image in enumerate(VIEWS)]
    measured = biplane_volume(*(Contour(SCALED, one.points) for one in parts))
    return derived(Derivation.BIPLANE, measured, uid, parts)


def inferred(item: Dataset) -> list[Dataset]:
    """The values that one is made of, one level down."""
    below = item.get("ContentSequence") or ()
    return [one for one in below if one.ValueType == "NUM" and one.RelationshipType == "INFERRED FROM"]


def method_of(item: Dataset) -> str | None:
    """How it was put together."""
    for one in item.ContentSequence:
        if one.ValueType == "CODE" and name_of(one) == "370129005":
            return str(one.ConceptCodeSequence[0].CodeValue)
    return None


def test_an_ejection_fraction_tells_its_volumes_their_phase_method_contours_and_frames() -> None:
    full, emptied = volume("1.2.826.0.1.61"), volume("1.2.826.0.1.62", 0.7)
    measured_fraction = ejection_fraction(full.measured, emptied.measured)
    fraction = derived(
        Derivation.EJECTION_FRACTION, measured_fraction, "1.2.826.0.1.63", [full, emptied], "EF"
    )
    dataset = written(fraction)
    (whole,) = [item for item in measured(dataset) if name_of(item) == "18043-0"]
    volumes = inferred(whole)
    assert [name_of(one) for one in volumes] == ["18026-5", "18148-7"]
    assert [method_of(one) for one in volumes] == ["125207", "125207"]
    values = [float(one.MeasuredValueSequence[0].NumericValue) for one in volumes]
    assert values == pytest.approx([full.measured.value, emptied.measured.value], rel=1e-6)
    for one in volumes:
        assert [name_of(part) for part in inferred(one)] == ["42798000", "42798000"]
        for part, image in zip(inferred(one), VIEWS, strict=True):
            (where,) = items(part, "SCOORD")
            assert len(where.GraphicData) == 16  # seven points, closed
            (shown,) = items(where, "IMAGE")
            assert shown.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == image.sop_instance_uid
    evidence = dataset.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert {one.ReferencedSOPInstanceUID for one in evidence.ReferencedSOPSequence} == {
        image.sop_instance_uid for image in VIEWS
    }
    uids = [item.UID for item in items(dataset, "UIDREF")]
    assert len(uids) == len(set(uids)) == 7


def test_a_derived_value_has_the_code_and_the_method_of_its_derivation() -> None:
    parts = [dataclasses.replace(CALIPER, tracking_uid=f"1.2.826.0.1.60.{k}") for k in range(3)]
    made = ellipsoid(*(one.measured for one in parts))
    (whole, *_) = measured(written(derived(Derivation.ELLIPSOID, made, "1.2.826.0.1.64", parts)))
    assert (name_of(whole), method_of(whole)) == ("121221", "126029")
    assert [name_of(one) for one in inferred(whole)] == ["121206"] * 3
    assert set(DERIVED) == set(Derivation)


def test_a_part_without_a_scale_is_refused_with_the_whole() -> None:
    bare = dataclasses.replace(CALIPER, measured=BARE)
    made = Measured(1.0, Unit.ML, 0.1, CalibrationSource.FILE)
    with pytest.raises(WritingRefused, match=r"measurement 1\.2 is uncalibrated"):
        written(derived(Derivation.ELLIPSOID, made, "1.2.826.0.1.64", [CALIPER, bare, CALIPER]))


def test_what_is_on_no_image_and_made_of_nothing_is_refused() -> None:
    with pytest.raises(WritingRefused, match="made of nothing"):
        written(dataclasses.replace(CALIPER, image=None, points=()))


def test_a_doppler_angle_by_hand_is_told() -> None:
    by_hand = Measured(123.0, Unit.CM_PER_S, 20.0, CalibrationSource.USER, 0)
    velocity = dataclasses.replace(
        CALIPER, quantity=Quantity.VELOCITY, measured=by_hand, points=ENDS[:1], angle_deg=45.0
    )
    (angle,) = [item for item in items(written(velocity), "NUM") if name_of(item) == DOPPLER_ANGLE.value]
    assert (angle.MeasuredValueSequence[0].NumericValue, angle.RelationshipType) == (45, "HAS ACQ CONTEXT")


@pytest.mark.dicom3tools
def test_dciodvfy_finds_no_error_in_what_is_made_of_others(tmp_path: Path) -> None:
    full, emptied = volume("1.2.826.0.1.61"), volume("1.2.826.0.1.62", 0.7)
    fraction = derived(
        Derivation.EJECTION_FRACTION,
        ejection_fraction(full.measured, emptied.measured),
        "1.2.826.0.1.63",
        [full, emptied],
    )
    parts = [dataclasses.replace(CALIPER, tracking_uid=f"1.2.826.0.1.60.{k}") for k in range(3)]
    bladder = derived(
        Derivation.ELLIPSOID, ellipsoid(*(one.measured for one in parts)), "1.2.826.0.1.64", parts
    )
    by_hand = Measured(123.0, Unit.CM_PER_S, 20.0, CalibrationSource.USER, 0)
    velocity = dataclasses.replace(
        CALIPER, quantity=Quantity.VELOCITY, measured=by_hand, points=ENDS[:1], angle_deg=45.0
    )
    data = write_report([fraction, bladder, velocity], IDENTITY, PLACE, NINE)
    (tmp_path / "r.dcm").write_bytes(data)
    assert complaints(tmp_path / "r.dcm") == []


def test_whose_it_is_stands_in_both_scripts_and_the_study_is_the_image_s() -> None:
    dataset = written(CALIPER)
    assert dataset.PatientName.ideographic == "张^三"
    assert dataset.StudyInstanceUID == IDENTITY.study_instance_uid
    evidence = dataset.CurrentRequestedProcedureEvidenceSequence[0]
    assert evidence.ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID == (
        CINE.sop_instance_uid
    )
    assert (dataset.CompletionFlag, dataset.VerificationFlag) == ("COMPLETE", "UNVERIFIED")


def test_the_time_is_the_caller_s() -> None:
    dataset = written(CALIPER)
    assert (dataset.ContentDate, dataset.ContentTime) == ("20261128", "090000")
    assert write_report([CALIPER], IDENTITY, PLACE, NINE) == write_report([CALIPER], IDENTITY, PLACE, NINE)
    with pytest.raises(WritingRefused, match="no zone"):
        write_report([CALIPER], IDENTITY, PLACE, datetime(2026, 11, 28))


def test_the_label_and_the_uid_follow_a_measurement() -> None:
    dataset = written(CALIPER)
    texts = [item.TextValue for item in items(dataset, "TEXT")]
    assert texts == ["左室"]
    assert [item.UID for item in items(dataset, "UIDREF")] == ["1.2.826.0.1.60"]


def test_who_measured_is_told_only_where_it_was_given() -> None:
    assert items(written(CALIPER), "PNAME") == []
    observer = Observer("Li^Si=李^四", "社区卫生服务中心", ObserverRole.SONOGRAPHER)
    dataset = written(CALIPER, observer=observer)
    (person,) = items(dataset, "PNAME")
    assert person.PersonName.ideographic == "李^四"
    codes = [item.ConceptCodeSequence[0].CodeValue for item in items(dataset, "CODE")]
    assert "C1954848" in codes


def test_an_unusual_name_is_written_without_a_remark_on_it(caplog: pytest.LogCaptureFixture) -> None:
    unusual = dataclasses.replace(IDENTITY, patient_name="张三")
    data = write_report([CALIPER], unusual, PLACE, NINE, Observer("李四"))
    assert pydicom.dcmread(io.BytesIO(data)).PatientName == "张三"
    assert caplog.text == ""


def of_every_quantity() -> list[Reported]:
    points = ((1.0, 2.0), (3.0, 40.0), (50.0, 9.0), (20.0, 3.0))
    return [
        Reported(
            quantity=quantity,
            measured=Measured(12.3456789123, quantity.unit, 0.5, source, 0),
            image=image,
            tracking_uid=f"1.2.826.0.1.60.{k}",
            points=points[:1] if quantity.drawn is Drawn.POINT else points,
        )
        for k, (quantity, source, image) in enumerate(
            (quantity, source, image)
            for quantity in Quantity
            for source, image in zip(CALIBRATIONS, (CINE, STILL, CINE), strict=True)
        )
    ]


@pytest.mark.dicom3tools
def test_dciodvfy_finds_no_error_in_any_quantity(tmp_path: Path) -> None:
    observer = Observer("Li^Si=李^四", "社区", ObserverRole.PHYSICIAN)
    data = write_report(of_every_quantity(), IDENTITY, PLACE, NINE, observer, SCANNER)
    (tmp_path / "r.dcm").write_bytes(data)
    assert complaints(tmp_path / "r.dcm") == []
    bare = write_report([CALIPER], Identity(study_instance_uid="1.2.3"), PLACE, NINE)
    (tmp_path / "r.dcm").write_bytes(bare)
    assert complaints(tmp_path / "r.dcm") == []


def test_every_quantity_comes_back() -> None:
    reported = of_every_quantity()
    found = measured(written(*reported))
    assert [name_of(item) for item in found] == [one.quantity.code.value for one in reported]
    assert {float(item.MeasuredValueSequence[0].NumericValue) for item in found} == {12.34568}


STANDARD = [
    code
    for code in (
        *(quantity.code for quantity in Quantity),
        *(role.value for role in ObserverRole),
        PROCEDURE,
        UNCERTAINTY,
        CALIBRATION_METHOD,
        DOPPLER_ANGLE,
        *(method.value for method in Method),
    )
    if code.scheme_designator != OWN_SCHEME
]


@pytest.mark.parametrize("code", STANDARD, ids=lambda code: code.meaning)
def test_every_standard_term_is_one_of_the_standard(code: Any) -> None:
    meanings = {
        meaning
        for known in _concepts_dict.concepts[code.scheme_designator].values()
        for value, (meaning, _) in known.items()
        if value == code.value
    }
    assert any(meaning == code.meaning or meaning.startswith(f"{code.meaning} (") for meaning in meanings)


def test_units_are_their_own_ucum_codes() -> None:
    assert {unit.value: code.value for unit, code in UNITS.items()} == {
        unit.value: unit.value for unit in Unit if unit not in (Unit.PX, Unit.PX2)
    }


BARE = Measured(55.0, Unit.PX, 1.4, CalibrationSource.NONE, None, Uncalibrated.NO_REGIONS)
BARE_ANGLE = Measured(55.0, Unit.DEG, 1.4, CalibrationSource.NONE, None, Uncalibrated.NO_REGIONS)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"measured": BARE}, "uncalibrated"),
        ({"measured": BARE_ANGLE, "quantity": Quantity.ANGLE}, "uncalibrated"),
        ({"quantity": Quantity.AREA}, "AREA in mm; it is in mm2"),
        ({"points": ((799.6, 20.0), (1.0, 1.0))}, "outside the picture"),
    ],
)
def test_what_would_be_wrong_elsewhere_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(WritingRefused, match=words):
        written(dataclasses.replace(CALIPER, **fields))


def test_no_measurement_is_no_report() -> None:
    with pytest.raises(WritingRefused, match="no measurement"):
        written()


def test_a_name_that_dicom_does_not_allow_is_not_quoted() -> None:
    with pytest.raises(WritingRefused) as refusal:
        written(CALIPER, observer=Observer("Secret=" * 5))
    assert "observer.name" in str(refusal.value)
    assert "Secret" not in str(refusal.value)


def test_an_image_is_referred_to_by_its_data_set() -> None:
    header = Dataset()
    header.SOPClassUID, header.SOPInstanceUID = CINE.sop_class_uid, CINE.sop_instance_uid
    header.SeriesInstanceUID, header.NumberOfFrames = CINE.series_instance_uid, 120
    header.Columns, header.Rows, header.PhotometricInterpretation = 800, 600, "YBR_FULL_422"
    assert ImageReference.of(header, 59) == CINE
    with pytest.raises(WritingRefused, match="frame 120 of 120"):
        ImageReference.of(header, 120)
