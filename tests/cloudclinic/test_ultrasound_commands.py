"""`cloudclinic ultrasound`: each file is answered for itself; exit statuses tell refusals apart."""

import argparse
import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image

from cloudclinic.answers import Answer
from cloudclinic.cli import main
from cloudclinic.ultrasound_commands.files import for_each
from tests.ultrasound.cines import (
    DEMO_CINE,
    TWO_PALETTE_FRAMES,
    colour_bars,
    encapsulated,
    jpeg,
    native,
    saved,
)
from tests.ultrasound.files.coding import noise
from ultrasound.errors import MeasurementRefused, SourceUnreadable, UltrasoundError


def test_a_file_that_is_no_ultrasound_is_one_line_and_exit_2_and_the_others_are_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes.dcm"
    notes.write_text("not DICOM, but long enough to be looked at " * 20)
    assert main(["ultrasound", "info", "--json", str(notes), str(DEMO_CINE)]) == 2
    printed = capsys.readouterr()
    assert printed.err == f"cloudclinic ultrasound info: {notes}: not a DICOM file\n"
    assert json.loads(printed.out)["frames"] == 120


@pytest.mark.parametrize(
    ("refusals", "status"),
    [
        ([None], 0),
        ([None, MeasurementRefused("in two regions")], 3),
        ([MeasurementRefused("in two regions"), SourceUnreadable("damaged")], 2),
        ([OSError(2, "No such file or directory")], 2),
    ],
)
def test_a_refused_measurement_is_exit_3_unless_a_file_was_unreadable(
    refusals: list[UltrasoundError | None], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(file: str) -> Answer:
        refusal = refusals[int(file)]
        if refusal is not None:
            raise refusal
        return Answer({}, [])

    files = [str(number) for number in range(len(refusals))]
    options = argparse.Namespace(files=files, json=False, ultrasound_command="measure")
    assert for_each(options, answer) == status
    refused = [number for number in files if refusals[int(number)] is not None]
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(refused)
    assert all(
        line.startswith(f"cloudclinic ultrasound measure: {number}: ")
        for line, number in zip(lines, refused, strict=True)
    )


def test_info_tells_the_scanner_the_frames_and_the_regions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ultrasound", "info", "--json", str(DEMO_CINE)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["maker"], told["model"], told["software"]) == ("SonoSite, Inc.", "Turbo", "51.80.108.010")
    assert (told["width"], told["height"], told["frames"]) == (640, 480, 120)
    assert told["frame_times_ms"][:2] == [0.0, 33.333]
    assert len(told["frame_times_ms"]) == 120
    assert (told["colour_space"], told["grey"]) == ("YBR_FULL_422", False)
    assert told["transfer_syntax_uid"] == "1.2.840.10008.1.2.4.50"
    (region,) = told["regions"]
    assert (region["spatial_format"], region["data_type"]) == ("2D", "tissue")
    assert (region["unit_x"], region["unit_y"]) == ("cm", "cm")
    assert region["delta_x"] == region["delta_y"] == pytest.approx(0.05105, abs=1e-5)


def test_info_for_people_tells_what_is_not_stated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ultrasound", "info", str(TWO_PALETTE_FRAMES)]) == 0
    out = capsys.readouterr().out
    assert "800x600, 2 frames, their times not stated" in out
    assert "Philips Medical Systems CX50" in out
    assert "waveform  ECG     176,522  743,576  0.00964274 s" in out


def test_info_says_nothing_of_the_patient(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = pydicom.dcmread(TWO_PALETTE_FRAMES)
    dataset.PatientName, dataset.PatientID = "Zhang^San", "ID4711"
    dataset.PatientBirthDate, dataset.InstitutionName = "19500102", "Hospital of Zhang"
    dataset.AccessionNumber = "ACC4711"
    path = saved(dataset, tmp_path / "x.dcm")
    for options in ([], ["--json"]):
        assert main(["ultrasound", "info", *options, str(path)]) == 0
        out = capsys.readouterr().out
        assert [word for word in ("Zhang", "4711", "1950", "Hospital") if word in out] == []


@pytest.mark.parametrize("grey", [True, False])
def test_a_still_is_a_png_without_loss(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], grey: bool
) -> None:
    frames = noise(3, 33, 47) if grey else noise(3, 33, 47, 3)
    path = saved(native(tmp_path, frames, "MONOCHROME2" if grey else "RGB"), tmp_path / "x.dcm")
    png = tmp_path / "out.png"
    assert main(["ultrasound", "still", str(path), "--frame", "2", "-o", str(png), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["frame"], told["written"], told["grey"]) == (2, str(png), grey)
    with Image.open(png) as written:
        assert written.mode == ("L" if grey else "RGB")
        assert np.array_equal(np.asarray(written), frames[1])


def test_a_still_of_no_frame_is_refused_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    png = tmp_path / "out.png"
    assert main(["ultrasound", "still", str(DEMO_CINE), "--frame", "121", "-o", str(png)]) == 2
    err = capsys.readouterr().err
    assert err == f"cloudclinic ultrasound still: {DEMO_CINE}: no frame 121; 1 to 120 exist\n"
    assert not png.exists()


def test_a_still_is_not_written_over_its_own_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(native(tmp_path, noise(1, 33, 47)[..., None].repeat(3, axis=3)), tmp_path / "x.dcm")
    before = path.read_bytes()
    assert main(["ultrasound", "still", str(path), "-o", str(path)]) == 2
    assert "would be written over the file itself" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_damaged_frame_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(encapsulated([jpeg(colour_bars())[:-20]] * 2, 96, 64), tmp_path / "x.dcm")
    assert main(["ultrasound", "still", str(path), "-o", str(tmp_path / "out.png")]) == 2
    err = capsys.readouterr().err
    assert err == f"cloudclinic ultrasound still: {path}: frame 1 of 2: the JPEG data are cut off\n"
