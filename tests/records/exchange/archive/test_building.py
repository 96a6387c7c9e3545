"""What was kept in a consult becomes objects that say whose they are by the consult, and nothing untrue."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pydicom
import pytest
from pydicom.uid import JPEGBaseline8Bit, JPEGLSLossless

from ecg.files.dicom import read_dicom as read_ecg
from records.archive_outbox import ArchiveObject
from records.archive_uids import study_uid
from records.clip_file import ClipCodec
from records.ecg_samples import pack_tracing
from records.errors import SealBroken
from records.exchange.archive.building import build
from records.exchange.archive.kept_objects import ClipEcg, KeptObject
from records.stills import LossyCodec, PictureTool
from tests.ecg.files.samples import record
from tests.fakes.clips import STEP_US, clip_of, jpeg, jpeg_clip, picture, png, png_clip
from tests.fakes.records import NOW, WANG_XIUYING
from tests.records.exchange.archive.kept import (
    CALIPERS,
    FRAMES,
    MARKS,
    SCALE,
    fraction,
    kept_clip,
    kept_object,
    kept_still,
    measurements,
    still_picture,
)
from tests.records.test_clip_pictures import h264
from tests.records.values import consult
from tests.ultrasound.writing.objects import complaints
from ultrasound.dicom import open_dicom
from ultrasound.errors import UltrasoundError, WritingRefused

NOW_US = int(NOW.timestamp() * 1_000_000)


def ecg_of_clip() -> ClipEcg:
    """A real 12-lead, which began two seconds before the clip."""
    return ClipEcg(samples=pack_tracing(record("ludb/1")), first_us=NOW_US - 2_000_000)


def built(tmp_path: Path, kept: KeptObject) -> pydicom.Dataset:
    path = tmp_path / f"{kept.kind}.dcm"
    # As it comes to the process that writes it.
    build(msgspec.msgpack.decode(msgspec.msgpack.encode(kept), type=KeptObject), path)
    return pydicom.dcmread(path)


EVERY: dict[str, Any] = {
    "still": lambda: kept_object(ArchiveObject.STILL),
    "still_in_colour": lambda: kept_object(ArchiveObject.STILL, kept=kept_still(True)),
    "masked_still": lambda: kept_object(ArchiveObject.STILL, kept=kept_still(masked=True, mask_signed=True)),
    "still_masked_unsure": lambda: kept_object(ArchiveObject.STILL, kept=kept_still(masked=True)),
    "still_without_scale": lambda: kept_object(
        ArchiveObject.STILL, kept=kept_still(calibration=None, measurements=())
    ),
    "still_of_a_jpeg": lambda: kept_object(
        ArchiveObject.STILL, kept=kept_still(True, masked=True, came_in=LossyCodec.MJPEG)
    ),
    "marks": lambda: kept_object(ArchiveObject.MARKS),
    "marks_in_colour": lambda: kept_object(ArchiveObject.MARKS, kept=kept_still(True)),
    "measurements": lambda: kept_object(ArchiveObject.MEASUREMENTS),
    "derived": fraction,
    "clip_of_packets": lambda: kept_object(ArchiveObject.CLIP),
    "clip_of_pngs": lambda: kept_object(
        ArchiveObject.CLIP, kept=kept_clip(png_clip(FRAMES, coloured=True, calibration=SCALE))
    ),
    "clip_of_h264": lambda: kept_object(ArchiveObject.CLIP, kept=kept_clip(h264_clip())),
    "clip_of_pngs_of_jpegs": lambda: kept_object(
        ArchiveObject.CLIP, kept=kept_clip(png_clip(FRAMES, came_in=LossyCodec.MJPEG))
    ),
    "clip_with_ecg": lambda: kept_object(ArchiveObject.CLIP, ecg_of_clip()),
    "ecg": lambda: kept_object(ArchiveObject.ECG, ecg_of_clip()),
}


def h264_clip() -> bytes:
    packets = h264(6)
    return clip_of(*((ClipCodec.H264, one) for one in packets), before=1, keys=frozenset({0}))


@pytest.mark.dicom3tools
@pytest.mark.parametrize("name", EVERY)
def test_dciodvfy_finds_no_error(name: str, tmp_path: Path) -> None:
    kept = EVERY[name]()
    built(tmp_path, kept)
    assert complaints(tmp_path / f"{kept.kind}.dcm") == []


@pytest.mark.parametrize("name", EVERY)
def test_identity_is_the_consults(name: str, tmp_path: Path) -> None:
    one = built(tmp_path, EVERY[name]())
    assert str(one.PatientName) == "Wang^Xiuying=王^秀英"
    assert one.PatientID == WANG_XIUYING.record_number
    assert one.PatientBirthDate == WANG_XIUYING.birth_date.strftime("%Y%m%d")
    assert one.PatientSex == "F"
    assert one.AccessionNumber == one.StudyID == consult().number
    assert one.StudyInstanceUID == study_uid(consult().id, WANG_XIUYING.id)
    assert (one.StudyDate, one.StudyTime) == ("20261123", "093000")


def test_written_again_it_is_the_same_object(tmp_path: Path) -> None:
    for name in EVERY:
        first, again = built(tmp_path, EVERY[name]()), built(tmp_path, EVERY[name]())
        assert first.SOPInstanceUID == again.SOPInstanceUID
        assert first == again


def test_every_kind_is_another_object_and_another_residents_is_another(tmp_path: Path) -> None:
    kinds = ("still", "marks", "measurements", "clip_with_ecg", "ecg")
    uids = [str(built(tmp_path, EVERY[name]()).SOPInstanceUID) for name in kinds]
    moved = kept_still(resident_id="somebody else")
    uids.append(str(built(tmp_path, kept_object(ArchiveObject.STILL, kept=moved)).SOPInstanceUID))
    assert len(set(uids)) == len(uids)


@pytest.mark.parametrize("coloured", [False, True])
def test_a_still_has_the_captured_pixels_and_claims_no_freedom_from_loss(
    coloured: bool, tmp_path: Path
) -> None:
    kept = kept_object(ArchiveObject.STILL, kept=kept_still(coloured))
    one = built(tmp_path, kept)
    assert one.file_meta.TransferSyntaxUID == JPEGLSLossless
    assert np.array_equal(one.pixel_array, still_picture(coloured))
    assert "LossyImageCompression" not in one
    assert one.BurnedInAnnotation == "YES"
    assert "set by a person" in one.ImageComments
    assert len(one.SequenceOfUltrasoundRegions) == 3


def test_a_masked_one_is_derived_and_says_how(tmp_path: Path) -> None:
    one = built(tmp_path, EVERY["masked_still"]())
    assert (one.BurnedInAnnotation, one.ImageType[0]) == ("NO", "DERIVED")
    assert "black" in one.DerivationDescription and "of the device profile" in one.DerivationDescription


def test_that_no_name_is_burned_in_is_said_only_of_a_mask_that_a_person_signed(tmp_path: Path) -> None:
    """A screen that no profile knows shows the largest shape: a list of patients may lie over it."""
    one = built(tmp_path, EVERY["still_masked_unsure"]())
    assert (one.BurnedInAnnotation, one.ImageType[0]) == ("YES", "DERIVED")
    assert "no device profile" in one.DerivationDescription
    signed = kept_clip(masked=True, mask_signed=True)
    assert built(tmp_path, kept_object(ArchiveObject.CLIP, kept=signed)).BurnedInAnnotation == "NO"
    unsure = kept_clip(masked=True)
    assert built(tmp_path, kept_object(ArchiveObject.CLIP, kept=unsure)).BurnedInAnnotation == "YES"


def test_a_simulated_one_is_called_so(tmp_path: Path) -> None:
    kept = kept_object(ArchiveObject.STILL, kept=kept_still(simulated=True))
    assert built(tmp_path, kept).SeriesDescription.startswith("SIMULATED")


def test_pixels_that_are_not_those_that_were_kept_are_not_written(tmp_path: Path) -> None:
    still, _ = kept_still()
    other = still_picture().copy()
    other[10, 10] ^= 1
    with pytest.raises(WritingRefused, match="not those"):
        built(tmp_path, kept_object(ArchiveObject.STILL, kept=(still, png(other))))
    assert list(tmp_path.iterdir()) == []


def test_marks_and_measurements_are_about_the_stills_own_instance(tmp_path: Path) -> None:
    still = built(tmp_path, EVERY["still"]())
    marks = built(tmp_path, EVERY["marks"]())
    (series,) = marks.ReferencedSeriesSequence
    assert series.SeriesInstanceUID == still.SeriesInstanceUID
    assert series.ReferencedImageSequence[0].ReferencedSOPInstanceUID == still.SOPInstanceUID
    assert len(marks.GraphicAnnotationSequence[0].GraphicObjectSequence) == len(MARKS)
    report = built(tmp_path, EVERY["measurements"]())
    evidence = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert evidence.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == still.SOPInstanceUID


def numbers(item: Any) -> list[tuple[str, float]]:
    """Every number of a report with its concept."""
    found = []
    if item.get("ValueType") == "NUM":
        value = item.MeasuredValueSequence[0]
        found.append((item.ConceptNameCodeSequence[0].CodeMeaning, float(value.NumericValue)))
    for inner in item.get("ContentSequence", []):
        found += numbers(inner)
    return found


def test_every_tool_reaches_the_report_with_its_value(tmp_path: Path) -> None:
    told = [one for one in numbers(built(tmp_path, EVERY["measurements"]())) if "+/-" not in one[0]]
    assert len(told) == len(CALIPERS)
    assert [tool for tool, _ in CALIPERS] == list(PictureTool)  # none is kept that cannot be sent
    for (_, value), one in zip(told, measurements(), strict=True):
        assert value == pytest.approx(one.value, rel=1e-6)


def test_a_derived_value_tells_all_it_is_made_of(tmp_path: Path) -> None:
    told = [name for name, _ in numbers(built(tmp_path, fraction())) if "+/-" not in name]
    assert told[0] == "Left Ventricular Ejection Fraction by US"
    assert [one for one in told if "Volume" in one] == [
        "Left Ventricular End Diastolic Volume",
        "Left Ventricular End Systolic Volume",
    ]
    assert told.count("Distance") == 6


def test_there_is_a_term_for_every_tool() -> None:
    assert {tool for tool, _ in CALIPERS} == set(PictureTool)


def test_what_is_in_pixels_does_not_stand_in_the_report(tmp_path: Path) -> None:
    in_pixels = measurements(None, 1)
    kept = kept_still(measurements=(*in_pixels, *measurements(SCALE, 1)))
    told = numbers(built(tmp_path, kept_object(ArchiveObject.MEASUREMENTS, kept=kept)))
    assert len([one for one in told if "+/-" not in one[0]]) == 1


def test_a_grabbers_packets_are_passed_on_byte_by_byte(tmp_path: Path) -> None:
    one = built(tmp_path, EVERY["clip_of_packets"]())
    assert one.file_meta.TransferSyntaxUID == JPEGBaseline8Bit
    assert (one.NumberOfFrames, float(one.FrameTime)) == (FRAMES, STEP_US / 1000)
    assert one.LossyImageCompression == "01"
    cine = open_dicom(tmp_path / "clip.dcm")
    for number in range(FRAMES):
        assert cine.stored(number).rstrip(b"\0") == jpeg(picture(number)).rstrip(b"\0")


def test_pictures_without_a_packet_are_written_without_a_further_loss(tmp_path: Path) -> None:
    one = built(tmp_path, EVERY["clip_of_pngs"]())
    assert one.file_meta.TransferSyntaxUID == JPEGLSLossless
    assert "LossyImageCompression" not in one
    expected = [picture(number, True) for number in range(FRAMES)]
    assert np.array_equal(one.pixel_array, expected)


@pytest.mark.parametrize("name", ["still_of_a_jpeg", "clip_of_pngs_of_jpegs"])
def test_what_came_with_loss_stays_called_so_when_it_is_written_without(name: str, tmp_path: Path) -> None:
    one = built(tmp_path, EVERY[name]())
    assert one.file_meta.TransferSyntaxUID == JPEGLSLossless
    assert (one.LossyImageCompression, one.LossyImageCompressionMethod) == ("01", "ISO_10918_1")
    assert "LossyImageCompressionRatio" not in one  # the packets are not here any more


def test_of_a_video_the_clips_own_frames_are_written_and_its_loss_is_told(tmp_path: Path) -> None:
    one = built(tmp_path, EVERY["clip_of_h264"]())
    assert one.NumberOfFrames == 5
    assert (one.LossyImageCompression, one.LossyImageCompressionMethod) == ("01", "ISO_14496_10")
    assert one.file_meta.TransferSyntaxUID == JPEGLSLossless


def test_frames_of_grey_among_coloured_ones_are_written_in_colours(tmp_path: Path) -> None:
    frames = [(ClipCodec.PNG, png(picture(0))), (ClipCodec.PNG, png(picture(1, True)))]
    one = built(tmp_path, kept_object(ArchiveObject.CLIP, kept=kept_clip(clip_of(*frames))))
    assert one.PhotometricInterpretation == "RGB"
    assert np.array_equal(one.pixel_array[0], np.dstack([picture(0)] * 3))


def test_a_clip_and_its_ecg_lie_on_one_clock(tmp_path: Path) -> None:
    clip, ecg = built(tmp_path, EVERY["clip_with_ecg"]()), built(tmp_path, EVERY["ecg"]())
    for keyword in ("SynchronizationFrameOfReferenceUID", "SynchronizationTrigger", "StudyInstanceUID"):
        assert clip[keyword].value == ecg[keyword].value
    assert clip.AcquisitionDateTime == "20261123093000.000000+0800"
    assert ecg.AcquisitionDateTime == "20261123092958+0800"
    kept = read_ecg((tmp_path / "ecg.dcm").read_bytes(), "ecg")
    original = record("ludb/1")
    for channel in original.channels:
        assert np.array_equal(kept.channel(channel.lead).samples, channel.samples)
    (peaks,) = [one for one in ecg.WaveformAnnotationSequence if one.get("ReferencedSamplePositions")]
    assert len(peaks.ReferencedSamplePositions) > 5
    assert 40 < clip.HeartRate < 150


def test_without_an_ecg_nothing_of_a_heart_is_said(tmp_path: Path) -> None:
    one = built(tmp_path, EVERY["clip_of_packets"]())
    assert not {"HeartRate", "RWaveTimeVector", "SynchronizationFrameOfReferenceUID"} & set(one.dir())


@pytest.mark.parametrize(
    "content",
    [b"no clip", jpeg_clip(2)[:-5], clip_of((ClipCodec.MJPEG, b"x")), clip_of((ClipCodec.PNG, b"x"))],
    ids="nothing cut no_jpeg no_png".split(),
)
def test_a_damaged_clip_is_refused_and_leaves_nothing(content: bytes, tmp_path: Path) -> None:
    with pytest.raises((UltrasoundError, SealBroken)):
        built(tmp_path, kept_object(ArchiveObject.CLIP, kept=kept_clip(content)))
    assert list(tmp_path.iterdir()) == []
