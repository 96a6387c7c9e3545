"""dciodvfy of dicom3tools, which knows the standard by itself, finds no error in what is exported."""

import subprocess
from pathlib import Path

import pydicom
import pytest

from tests.ultrasound.cines import TWO_PALETTE_FRAMES, saved
from tests.ultrasound.privacy.exports import LOGIQ, dataset_of, exported, patient_dataset
from tests.ultrasound.privacy.profiles import box, signed
from tests.ultrasound.privacy.test_deidentifying import LOGIQ_PROFILE, SMALL_CINE
from ultrasound.privacy.export_record import Dates, Encoding
from ultrasound.privacy.profile import DeviceProfile

pytestmark = pytest.mark.dicom3tools

SECTOR = DeviceProfile(
    source="Turbo", layout="cardiac", width_px=320, height_px=240, keep=(box(42, 15, 256, 192),)
)
SOURCES = {"SonoSite cine": (SMALL_CINE, SECTOR), "GE LOGIQ": (LOGIQ, LOGIQ_PROFILE)}


def complaints(file: Path) -> list[str]:
    done = subprocess.run(["dciodvfy", file], capture_output=True, text=True)
    said = (done.stdout + done.stderr).splitlines()
    assert said, "dciodvfy said nothing"
    return [line for line in said if "Error" in line]


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("dates", Dates)
@pytest.mark.parametrize("source", SOURCES)
def test_no_error_in_a_real_file(source: str, dates: Dates, encoding: Encoding, tmp_path: Path) -> None:
    path, profile = SOURCES[source]
    done = exported(path, profile=signed(profile), dates=dates, encoding=encoding, looked_at=True)
    (tmp_path / "x.dcm").write_bytes(done.data)
    assert complaints(tmp_path / "x.dcm") == []


def test_no_error_in_a_palette_of_two_frames_that_have_a_time(tmp_path: Path) -> None:
    dataset = pydicom.dcmread(TWO_PALETTE_FRAMES)
    dataset.FrameTime = "50"  # the scanner left it out, which dciodvfy complains of
    (tmp_path / "x.dcm").write_bytes(exported(saved(dataset, tmp_path / "timed.dcm")).data)
    assert complaints(tmp_path / "x.dcm") == []


@pytest.mark.parametrize("photometric", ["RGB", "MONOCHROME2"])
def test_no_error_in_grey_and_colour(photometric: str, tmp_path: Path) -> None:
    path = saved(patient_dataset(2, photometric), tmp_path / "a.dcm")
    (tmp_path / "x.dcm").write_bytes(exported(path).data)
    assert complaints(tmp_path / "x.dcm") == []


@pytest.mark.parametrize(
    ("sop_class", "photometric"), [("7", "RGB"), ("7.4", "RGB"), ("7.2", "MONOCHROME2"), ("7", "MONOCHROME2")]
)
def test_no_error_in_a_captured_screen(sop_class: str, photometric: str, tmp_path: Path) -> None:
    dataset = patient_dataset(1 if sop_class == "7" else 3, photometric)
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = f"1.2.840.10008.5.1.4.1.1.{sop_class}"
    dataset.ConversionType = "WSD"
    if sop_class == "7":
        del dataset.NumberOfFrames, dataset.FrameTime
    done = exported(saved(dataset, tmp_path / "screen.dcm"))
    assert dataset_of(done).SOPClassUID == dataset.SOPClassUID
    (tmp_path / "out.dcm").write_bytes(done.data)
    assert complaints(tmp_path / "out.dcm") == []


def test_an_export_with_a_fault_is_complained_of(tmp_path: Path) -> None:
    clean = dataset_of(exported(saved(patient_dataset(), tmp_path / "a.dcm")))
    del clean.DeidentificationMethodCodeSequence, clean.DeidentificationMethod
    assert complaints(saved(clean, tmp_path / "x.dcm")) != []
