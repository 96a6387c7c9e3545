"""Stills: every pixel, every name and every millimetre comes back; what was lost is said; or a refusal."""

import dataclasses
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray

from tests.ultrasound.cines import DEMO_CINE, TWO_PALETTE_FRAMES
from tests.ultrasound.files.coding import noise
from tests.ultrasound.writing.objects import DOPPLER, IDENTITY, PLACE, PLANE, acquisition, complaints
from ultrasound.dicom import DicomCine, open_dicom
from ultrasound.errors import PictureError, WritingRefused
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.regions import Region, RegionFault
from ultrasound.writing.acquisition import Scanner
from ultrasound.writing.frame_coding import Lossless
from ultrasound.writing.identity import Identity
from ultrasound.writing.loss import Loss, LossMethod
from ultrasound.writing.still import write_still

COLOURED, GREY = noise(63, 95, 3), noise(63, 95)
CODINGS = tuple(Lossless)


def written(picture: NDArray[np.uint8], folder: Path, coding: Lossless, **fields: Any) -> Path:
    path = folder / "still.dcm"
    path.write_bytes(write_still(picture, IDENTITY, PLACE, acquisition(**fields), coding))
    return path


def header_of(picture: NDArray[np.uint8] = GREY, **fields: Any) -> pydicom.Dataset:
    return pydicom.dcmread(io.BytesIO(write_still(picture, IDENTITY, PLACE, acquisition(**fields))))


def opened(path: Path) -> DicomCine:
    return open_dicom(path, paced=False)


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("picture", [COLOURED, GREY], ids=["coloured", "grey"])
def test_every_pixel_comes_back_by_two_readers(
    coding: Lossless, picture: NDArray[np.uint8], tmp_path: Path
) -> None:
    path = written(picture, tmp_path, coding)
    still = opened(path)
    own = still.grey_frame(0) if picture.ndim == 2 else still.frame(0)
    assert np.array_equal(own, picture)
    assert np.array_equal(pydicom.dcmread(path).pixel_array, picture)


@pytest.mark.dicom3tools
@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("picture", [COLOURED, GREY], ids=["coloured", "grey"])
def test_dciodvfy_finds_no_error(coding: Lossless, picture: NDArray[np.uint8], tmp_path: Path) -> None:
    path = written(
        picture,
        tmp_path,
        coding,
        regions=(PLANE, DOPPLER, dataclasses.replace(PLANE, fault=RegionFault.ABSURD_SCALE)),
        calibration=CalibrationSource.USER,
        losses=(Loss(LossMethod.JPEG, 8.5), Loss(LossMethod.H264, 40)),
        derivation="a rectangle over the name was made black",
    )
    assert complaints(path) == []


@pytest.mark.dicom3tools
def test_dciodvfy_finds_no_error_where_nothing_is_known(tmp_path: Path) -> None:
    bare = Identity(study_instance_uid="1.2.3")
    path = tmp_path / "bare.dcm"
    path.write_bytes(write_still(GREY, bare, PLACE, acquisition(burned_in=True, scanner=Scanner())))
    assert complaints(path) == []


@pytest.mark.dicom3tools
def test_dciodvfy_does_find_errors(tmp_path: Path) -> None:
    dataset = header_of()
    del dataset.PatientOrientation
    dataset.save_as(tmp_path / "spoilt.dcm")
    assert complaints(tmp_path / "spoilt.dcm") != []


def test_a_grey_picture_in_three_planes_is_written_as_one(tmp_path: Path) -> None:
    path = written(np.repeat(GREY[:, :, None], 3, axis=2), tmp_path, Lossless.JPEG_LS)
    assert pydicom.dcmread(path).PhotometricInterpretation == "MONOCHROME2"
    assert np.array_equal(opened(path).grey_frame(0), GREY)


def test_names_come_back_in_both_scripts() -> None:
    header = header_of()
    assert header.SpecificCharacterSet == "ISO_IR 192"
    assert header.PatientName.ideographic == "张^三"
    assert header.PatientName.alphabetic == "Zhang^San"
    assert header.InstitutionName == "社区卫生服务中心"
    assert (header.PatientID, header.AccessionNumber) == ("4711", "A1")
    assert (header.StudyInstanceUID, header.SeriesInstanceUID, header.SOPInstanceUID) == (
        "1.2.826.0.1.1",
        "1.2.826.0.1.2",
        "1.2.826.0.1.3",
    )


def test_the_moment_is_told_with_its_zone() -> None:
    header = header_of()
    assert header.AcquisitionDateTime == "20261128090000.250000+0800"
    assert header.TimezoneOffsetFromUTC == "+0800"


def test_what_was_lost_before_is_said_in_its_order() -> None:
    header = header_of(losses=(Loss(LossMethod.JPEG, 8.5), Loss(LossMethod.H264, 40)))
    assert header.LossyImageCompression == "01"
    assert list(header.LossyImageCompressionMethod) == ["ISO_10918_1", "ISO_14496_10"]
    assert [float(ratio) for ratio in header.LossyImageCompressionRatio] == [8.5, 40]


def test_a_ratio_that_is_not_known_leaves_no_other_in_its_place() -> None:
    header = header_of(losses=(Loss(LossMethod.JPEG, None), Loss(LossMethod.H264, 40)))
    assert list(header.LossyImageCompressionMethod) == ["ISO_10918_1", "ISO_14496_10"]
    assert "LossyImageCompressionRatio" not in header


def test_nothing_lost_is_said_too() -> None:
    header = header_of()
    assert header.LossyImageCompression == "00"
    assert "LossyImageCompressionRatio" not in header
    assert list(header.ImageType) == ["ORIGINAL", "PRIMARY"]


@pytest.mark.parametrize(("may_show_a_name", "told"), [(True, "YES"), (False, "NO")])
def test_burned_in_names_are_told_as_the_caller_says(may_show_a_name: bool, told: str) -> None:
    assert header_of(burned_in=may_show_a_name).BurnedInAnnotation == told


def test_a_masked_picture_is_derived() -> None:
    header = header_of(derivation="masked")
    assert list(header.ImageType) == ["DERIVED", "PRIMARY"]
    assert header.DerivationDescription == "masked"


@pytest.mark.parametrize("source", [CalibrationSource.RULER, CalibrationSource.USER, CalibrationSource.FILE])
def test_a_scale_that_no_scanner_wrote_says_so(source: CalibrationSource) -> None:
    comments = header_of(regions=(PLANE,), calibration=source).get("ImageComments")
    assert (comments is None) == (source is CalibrationSource.FILE)


def test_regions_put_every_pixel_where_it_was(tmp_path: Path) -> None:
    path = written(GREY, tmp_path, Lossless.JPEG_LS, regions=(PLANE, DOPPLER))
    plane, doppler = opened(path).regions
    assert (plane.left_px, plane.top_px, plane.right_px, plane.bottom_px) == (2, 0, 90, 60)
    for x, y in ((0, 0), (17, 3), (94, 62)):
        assert plane.physical_x(x) == PLANE.physical_x(x)
        assert plane.physical_y(y) == PLANE.physical_y(y)
    assert plane.flags == PLANE.flags
    assert dataclasses.replace(doppler, bottom_px=63) == DOPPLER
    assert doppler.bottom_px == 62  # the picture ends there


@pytest.mark.parametrize("source", [DEMO_CINE, TWO_PALETTE_FRAMES])
def test_the_regions_of_a_scanner_come_back(source: Path, tmp_path: Path) -> None:
    with_regions = opened(source)
    blank = np.zeros((with_regions.height, with_regions.width), np.uint8)
    path = written(blank, tmp_path, Lossless.JPEG_LS, regions=with_regions.regions)
    assert opened(path).regions == with_regions.regions


def test_a_faulty_region_still_covers_what_it_covers(tmp_path: Path) -> None:
    faulty = dataclasses.replace(PLANE, delta_x=0.0, delta_y=0.0, fault=RegionFault.ABSURD_SCALE)
    (back,) = opened(written(GREY, tmp_path, Lossless.JPEG_LS, regions=(faulty,))).regions
    assert (back.left_px, back.top_px, back.right_px, back.bottom_px) == (2, 0, 90, 60)
    assert (back.unit_x, back.unit_y) == (0, 0)


def outside() -> Region:
    return dataclasses.replace(PLANE, left_px=95, right_px=99)


@pytest.mark.parametrize(
    ("picture", "fields", "words"),
    [
        (GREY.astype(np.uint16), {}, "uint16"),
        (noise(5, 5, 4), {}, "(5, 5, 4)"),
        (GREY, {"taken": datetime(2026, 11, 28)}, "no zone"),
        (GREY, {"regions": (outside(),)}, "region 1 lies outside"),
        (GREY, {"scanner": Scanner(maker="m" * 65)}, "maker is not"),
        (GREY, {"losses": (Loss(LossMethod.JPEG, 0),)}, "0 to 1"),
    ],
)
def test_what_cannot_be_written_is_refused_in_words(
    picture: NDArray[Any], fields: dict[str, Any], words: str
) -> None:
    with pytest.raises((WritingRefused, PictureError)) as refusal:
        write_still(picture, IDENTITY, PLACE, acquisition(**fields))
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("patient_name", "Secret=" * 5),
        ("patient_birth_date", "3 Feb 1970 Secret"),
        ("patient_sex", "Secret"),
        ("patient_id", "Secret" * 20),
        ("study_instance_uid", "Secret"),
        ("study_instance_uid", ""),
    ],
)
def test_a_field_that_dicom_does_not_allow_is_named_and_not_quoted(field: str, value: str) -> None:
    with pytest.raises(WritingRefused) as refusal:
        write_still(GREY, dataclasses.replace(IDENTITY, **{field: value}), PLACE, acquisition())
    assert field in str(refusal.value)
    assert "Secret" not in str(refusal.value)
