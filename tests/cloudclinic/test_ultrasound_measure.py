"""`cloudclinic ultrasound measure`: millimetres with their doubt, pixels, or a refusal programs can read."""

import json
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset

from cloudclinic.cli import main
from tests.ultrasound.cines import DEMO_CINE, TWO_PALETTE_FRAMES, native, saved
from tests.ultrasound.ruler.drawn import Drawn


@pytest.fixture
def philips(tmp_path: Path) -> str:
    dataset = pydicom.dcmread(TWO_PALETTE_FRAMES)
    dataset.FrameTime = "50"
    return str(saved(dataset, tmp_path / "philips.dcm"))


@pytest.fixture
def grabbed(tmp_path: Path) -> str:
    """A picture without a scale, with a ruler: a tick every 30 px."""
    dataset: Dataset = native(tmp_path, Drawn(spacing_px=30, ticks=12).picture()[None])
    return str(saved(dataset, tmp_path / "grabbed.dcm"))


def measure(capsys: pytest.CaptureFixture[str], *given: str, status: int = 0) -> dict[str, Any]:
    assert main(["ultrasound", "measure", "--json", *given]) == status
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_the_scanners_own_caliper(philips: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = measure(capsys, philips, "--frame", "2", "--line", "460,290.5,499,301.5")
    assert told["value"] == pytest.approx(10.6, rel=0.005)  # "1.06 cm" in the picture
    assert (told["unit"], told["region"], told["calibration"]) == ("mm", 0, "file")
    assert told["uncertainty"] == pytest.approx(0.52, abs=0.01)
    assert told["frame"] == 2 and "uncalibrated" not in told


@pytest.mark.parametrize(
    ("caliper", "points", "unit"),
    [
        ("--path", "200,100,300,100,300,200", "mm"),
        ("--ellipse", "200,200,300,200,250,150,250,250", "mm2"),
        ("--polygon", "200,200,300,200,250,150", "mm2"),
        ("--angle", "200,200,300,200,250,150", "deg"),
    ],
)
def test_every_caliper_of_a_plane(
    caliper: str, points: str, unit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = measure(capsys, str(DEMO_CINE), caliper, points)
    assert (told["unit"], told["calibration"], told["measured"]) == (unit, "file", caliper[2:])


def test_time_on_the_drawn_ecg(philips: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = measure(capsys, philips, "--time", "460,540,500,540")
    assert (told["value"], told["unit"], told["region"]) == (pytest.approx(385.7, abs=0.1), "ms", 1)


def test_without_a_scale_in_pixels_and_uncalibrated(grabbed: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = measure(capsys, grabbed, "--line", "100,100,200,100")
    assert (told["value"], told["unit"], told["region"]) == (100, "px", None)
    assert (told["calibration"], told["uncalibrated"]) == ("none", "no_regions")
    main(["ultrasound", "measure", grabbed, "--line", "100,100,200,100"])
    printed = capsys.readouterr().out
    assert "100.00 px" in printed and "uncalibrated" in printed and "mm" not in printed


def test_by_the_ruler_in_the_picture_and_by_two_known_points(
    grabbed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["--line", "200,100,200,160"]
    told = measure(capsys, grabbed, "--tick-mm", "10", *line)
    assert (told["value"], told["calibration"]) == (pytest.approx(20, rel=0.005), "ruler")
    told = measure(capsys, grabbed, "--known", "592,41,592,341,100", *line)
    assert (told["value"], told["calibration"]) == (pytest.approx(20, rel=0.005), "user")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (["--line", "460,290,400,540"], "across_regions"),
        (["--line", "460,290,900,290"], "point_outside_picture"),
        (["--line", "nan,290,400,290"], "point_not_a_number"),
        (["--line", "460,290"], "wrong_number_of_points"),
        (["--polygon", "200,200,300,300,300,200,200,300"], "self_crossing"),
        (["--velocity", "460,290"], "uncalibrated"),
        (["--line", "460,290,470,290", "--tick-mm", "0"], "scale_absurd"),
        (["--line", "460,290,470,290", "--known", "0,0,9,9,10"], "clicks_too_close"),
    ],
)
def test_a_refusal_is_an_answer_and_exit_3(
    given: list[str], code: str, philips: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = measure(capsys, philips, *given, status=3)
    assert told["refused"] == code
    assert len(told["why"]) > 20
    assert main(["ultrasound", "measure", philips, *given]) == 3
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1


def test_a_frame_that_is_not_there_is_exit_2(philips: str, capsys: pytest.CaptureFixture[str]) -> None:
    for frame in ("0", "3"):
        assert main(["ultrasound", "measure", philips, "--frame", frame, "--line", "1,1,9,9"]) == 2
        assert capsys.readouterr().err.endswith(f"no frame {frame}; 1 to 2 exist\n")


def test_a_file_that_is_no_ultrasound_is_one_line_and_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.dcm").write_text("not DICOM, but long enough to be looked at " * 20)
    assert main(["ultrasound", "measure", str(tmp_path / "notes.dcm"), "--json", "--line", "1,1,9,9"]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1


@pytest.mark.parametrize("given", [["--line", "1,2,3"], ["--line", "a,b"], [], ["--known", "1,2,3,4"]])
def test_what_is_no_points_is_told_before_anything_is_read(given: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["ultrasound", "measure", str(DEMO_CINE), *given])
    assert left.value.code == 2


@pytest.mark.parametrize("points", ["-5,200,300,200", "-.5,200,300,200"])
def test_points_left_of_the_picture_are_refused_as_any_outside_it(
    points: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measure(capsys, str(DEMO_CINE), "--line", points, status=3)["refused"] == "point_outside_picture"


def test_what_are_no_numbers_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["ultrasound", "measure", str(DEMO_CINE), "--line", "1,2,a,4"])
    assert ended.value.code == 2 and "numbers with commas between them" in capsys.readouterr().err
