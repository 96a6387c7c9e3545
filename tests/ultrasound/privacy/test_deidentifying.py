"""Exported files: the regions' or the profile's pixels as they were, everything else black, or a refusal."""

import hashlib
from pathlib import Path

import msgspec
import numpy as np
import pydicom
import pytest
from pydicom.sequence import Sequence
from pydicom.uid import JPEG2000Lossless, JPEGLosslessSV1, JPEGLSLossless, RLELossless

from tests.ultrasound.cines import DEMO_CINE, TWO_PALETTE_FRAMES, of_pydicom, saved
from tests.ultrasound.files.coding import transcoded
from tests.ultrasound.privacy.exports import (
    LOGIQ,
    dataset_of,
    exported,
    frames_of,
    patient_dataset,
    patient_file,
    region,
)
from tests.ultrasound.privacy.profiles import LOGO, box, logiq, screen, screen_profile, signed
from ultrasound.dicom import open_dicom
from ultrasound.errors import ExportRefused, SourceUnreadable
from ultrasound.privacy.anchors import anchor_at
from ultrasound.privacy.export_record import Encoding, ExportRecord, MaskedBy
from ultrasound.privacy.found_text import find_text
from ultrasound.privacy.profile import DeviceProfile

SMALL_CINE = Path(of_pydicom("examples_ybr_color.dcm"))
LOGIQ_PROFILE = DeviceProfile(
    source="LOGIQ 700",
    layout="dual, power Doppler",
    width_px=640,
    height_px=480,
    keep=(box(14, 108, 610, 230),),
)


def test_the_hospitals_name_on_a_ge_screen_is_gone_and_the_tissue_is_untouched(tmp_path: Path) -> None:
    done = exported(LOGIQ, profile=signed(LOGIQ_PROFILE))
    (picture,) = frames_of(done, tmp_path)
    before = logiq()
    assert (picture[108:338, 14:624] == before[108:338, 14:624]).all()
    outside = np.ones((480, 640), np.bool_)
    outside[108:338, 14:624] = False
    assert not picture[outside].any()
    assert len(find_text(before, outside)) >= 15 and find_text(picture, outside) == ()
    assert (done.record.masked_by, done.record.text_boxes_hidden) == (
        MaskedBy.PROFILE,
        len(find_text(before, outside)),
    )
    assert done.record.profile_digest == LOGIQ_PROFILE.digest


def test_a_philips_still_keeps_its_2d_region_and_loses_name_and_ecg_strip(tmp_path: Path) -> None:
    done = exported(TWO_PALETTE_FRAMES)
    source = open_dicom(TWO_PALETTE_FRAMES, paced=False)
    for index, picture in enumerate(frames_of(done, tmp_path)):
        assert (picture[60:519, 120:800] == source.frame(index)[60:519, 120:800]).all()
        assert not picture[:60].any() and not picture[:, :120].any() and not picture[519:].any()
    assert done.record.frames == 2 and done.record.masked_by is MaskedBy.REGIONS
    assert b"11-05-25-142825" not in done.data and b"Philips Healthcare" not in done.data


def test_every_frame_of_a_cine_is_masked_and_says_it_was_lossy_before(tmp_path: Path) -> None:
    dataset = pydicom.dcmread(SMALL_CINE)
    dataset.SequenceOfUltrasoundRegions = Sequence([region(42, 15, 297, 206)])
    path = saved(dataset, tmp_path / "cine.dcm")
    done = exported(path)
    source = open_dicom(path)
    pictures = frames_of(done, tmp_path)
    assert len(pictures) == source.frame_count == 30
    for index, picture in enumerate(pictures):
        assert (picture[15:207, 42:298] == source.frame(index)[15:207, 42:298]).all()
        picture[15:207, 42:298] = 0
        assert not picture.any()
    clean = dataset_of(done)
    assert clean.LossyImageCompression == "01" and clean.LossyImageCompressionMethod == "ISO_10918_1"
    assert float(clean.LossyImageCompressionRatio) > 1
    assert clean.NumberOfFrames == 30 and clean.FrameIncrementPointer == 0x00181063


def test_regions_of_a_picture_that_was_scaled_after_are_not_believed(tmp_path: Path) -> None:
    # A real case: 320 x 240 pixels, with the region of the 640 x 480 they were made from.
    with pytest.raises(ExportRefused, match="far beyond the picture"):
        exported(SMALL_CINE)
    two = Sequence([region(10, 8, 49, 39), region(0, 0, 700, 400)])
    with pytest.raises(ExportRefused, match="far beyond the picture"):
        exported(patient_file(tmp_path, SequenceOfUltrasoundRegions=two))


@pytest.mark.parametrize("photometric", ["RGB", "MONOCHROME2"])
@pytest.mark.parametrize("encoding", Encoding)
def test_pixels_are_written_without_loss_in_either_coding(
    photometric: str, encoding: Encoding, tmp_path: Path
) -> None:
    dataset = patient_dataset(frames=3, photometric=photometric)
    path = saved(dataset, tmp_path / "a.dcm")
    done = exported(path, encoding=encoding)
    expected = dataset.pixel_array.copy()
    hidden = np.ones((48, 64), np.bool_)
    hidden[8:40, 10:50] = False
    expected[:, hidden] = 0
    clean = dataset_of(done)
    assert clean.PhotometricInterpretation == photometric
    assert np.array_equal(clean.pixel_array, expected)
    assert (clean.file_meta.TransferSyntaxUID == JPEGLSLossless) == (encoding is Encoding.JPEG_LS)
    assert clean.LossyImageCompression == "00"


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLosslessSV1, JPEG2000Lossless, JPEGLSLossless])
def test_whatever_coding_the_source_has(syntax: str, tmp_path: Path) -> None:
    plain = patient_dataset(frames=2)
    source = transcoded(plain.pixel_array, "RGB", syntax, tmp_path)
    source.SequenceOfUltrasoundRegions = plain.SequenceOfUltrasoundRegions
    pictures = frames_of(exported(saved(source, tmp_path / "coded.dcm")), tmp_path)
    assert len(pictures) == 2
    for before, after in zip(plain.pixel_array, pictures, strict=True):
        assert (after[8:40, 10:50] == before[8:40, 10:50]).all()
        after[8:40, 10:50] = 0
        assert not after.any()


def test_without_regions_or_profile_it_is_refused_or_all_black_when_asked(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match="no regions of picture.*profile"):
        exported(LOGIQ)
    done = exported(LOGIQ, all_black_outside=True)
    assert not frames_of(done, tmp_path)[0].any()
    assert (done.record.masked_by, done.record.hidden_share) == (MaskedBy.NOTHING_STAYED, 1.0)


@pytest.mark.parametrize("data_type", [0, 5, 9, 10, 13, 14, 15])
def test_regions_of_traces_bars_and_text_count_for_nothing(data_type: int, tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match="no regions of picture"):
        exported(
            patient_file(tmp_path, SequenceOfUltrasoundRegions=Sequence([region(10, 8, 49, 39, data_type)]))
        )


@pytest.mark.parametrize("data_type", [1, 2, 3, 4])
def test_regions_of_tissue_colour_and_doppler_stay(data_type: int, tmp_path: Path) -> None:
    path = patient_file(tmp_path, SequenceOfUltrasoundRegions=Sequence([region(10, 8, 49, 39, data_type)]))
    (picture,) = frames_of(exported(path), tmp_path)
    assert picture[8:40, 10:50].all() and int((picture != 0).any(axis=2).sum()) == 32 * 40


def test_regions_that_cover_everything_hide_nothing_and_are_refused(tmp_path: Path) -> None:
    all_but_a_column = Sequence([region(1, 0, 63, 47)])
    with pytest.raises(ExportRefused, match="hide nothing"):
        exported(patient_file(tmp_path, SequenceOfUltrasoundRegions=all_but_a_column))
    whole = Sequence([region(0, 0, 31, 47), region(32, 0, 64, 48)])
    with pytest.raises(ExportRefused, match="hide nothing"):
        exported(patient_file(tmp_path, SequenceOfUltrasoundRegions=whole))
    with pytest.raises(ExportRefused, match="hide nothing"):
        exported(patient_file(tmp_path, SequenceOfUltrasoundRegions=whole), all_black_outside=True)


def test_a_profile_that_nobody_signed_or_of_another_size_is_refused() -> None:
    with pytest.raises(ExportRefused, match="not signed off"):
        exported(LOGIQ, profile=LOGIQ_PROFILE)
    with pytest.raises(ExportRefused, match="not signed off"):
        exported(LOGIQ, profile=msgspec.structs.replace(signed(LOGIQ_PROFILE), keep=(box(0, 0, 640, 480),)))
    with pytest.raises(ExportRefused, match="640x480 pixels, the picture of 800x600"):
        exported(TWO_PALETTE_FRAMES, profile=signed(LOGIQ_PROFILE))


def test_a_frame_in_another_layout_refuses_the_whole_file(tmp_path: Path) -> None:
    pictures = np.stack([screen(), screen(seed=2), screen(seed=3)])
    pictures[2, 4:32, 4:44] = 0  # the logo is not there: another page of the screen
    dataset = patient_dataset(frames=3)
    dataset.Rows, dataset.Columns = 480, 640
    dataset.PixelData = pictures.tobytes()
    one = screen_profile(screen())
    assert one.anchors == (anchor_at(pictures[0], LOGO),)
    with pytest.raises(ExportRefused, match="frame 3 is not in the profile's layout"):
        exported(saved(dataset, tmp_path / "a.dcm"), profile=one)
    dataset.NumberOfFrames, dataset.PixelData = 2, pictures[:2].tobytes()
    assert exported(saved(dataset, tmp_path / "b.dcm"), profile=one).record.frames == 2


def test_the_record_says_what_was_done_and_names_nobody(tmp_path: Path) -> None:
    done = exported(patient_file(tmp_path), looked_at=True)
    record = done.record
    assert record.sha256 == hashlib.sha256(done.data).hexdigest()
    assert record.sop_instance_uid == dataset_of(done).SOPInstanceUID
    assert (record.frames, record.width_px, record.height_px) == (1, 64, 48)
    assert record.hidden_share == round(1 - 40 * 32 / (64 * 48), 4)
    assert record.looked_at and record.attributes_kept > 5 and record.attributes_removed > 5
    told = msgspec.json.encode(record)
    assert msgspec.json.decode(told, type=ExportRecord) == record
    assert not any(word in told for word in (b"Zhang", b"4711", b"1970", b"Anhua", b"1.2.3."))


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    path = patient_file(tmp_path)
    assert exported(path).data == exported(path).data


def test_what_is_no_ultrasound_is_refused_as_everywhere(tmp_path: Path) -> None:
    (tmp_path / "x.dcm").write_bytes(b"no DICOM" * 100)
    with pytest.raises(SourceUnreadable):
        exported(tmp_path / "x.dcm")


def test_the_demo_cine_loses_its_label(tmp_path: Path) -> None:
    cine = open_dicom(DEMO_CINE)
    dataset = pydicom.dcmread(DEMO_CINE)
    assert "PLA" in str(dataset.PatientName) and cine.frame(0)[:25, :60].any()
    done = exported(DEMO_CINE)
    assert done.record.frames == 120
    first = dataset_of(done)
    assert "PLA" not in str(first.PatientName)
    path = tmp_path / "exported.dcm"
    path.write_bytes(done.data)
    assert not open_dicom(path).frame(119)[:31].any()
