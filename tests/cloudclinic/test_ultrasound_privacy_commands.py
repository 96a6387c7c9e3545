"""`cloudclinic ultrasound mask` and `export`: from a loop to a signed profile to files that name nobody."""

import json
import stat
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
import pytest

from cloudclinic.cli import main
from tests.ultrasound.cines import DEMO_CINE, colour_bars, encapsulated, jpeg, saved
from tests.ultrasound.privacy.exports import LOGIQ, patient_file
from ultrasound.dicom import open_dicom
from ultrasound.privacy.profile import read_profile
from ultrasound.privacy.visible import visible_by_profile

SIDE = ["--source", "SonoSite", "--layout", "cardiac"]
Capture = pytest.CaptureFixture[str]


def asked(capsys: Capture, *arguments: str | Path) -> tuple[int, list[dict[str, Any]], str]:
    status = main(["ultrasound", arguments[0], "--json", *map(str, arguments[1:])])  # type: ignore[list-item]
    said = capsys.readouterr()
    return status, [json.loads(line) for line in said.out.splitlines()], said.err


def proposed(capsys: Capture, folder: Path) -> Path:
    path = folder / "p.json"
    places = ["--allow", "595,125,45,70", "--black", "300,200,20,10", "--anchor", "2,4,20,18"]
    status, (told,), _ = asked(capsys, "mask", DEMO_CINE, "--propose", "-o", path, *SIDE, *places)
    assert (status, told["profile"], told["signed_off"]) == (0, str(path), False)
    return path


def test_a_loop_proposes_a_fan_and_says_where_text_is(capsys: Capture) -> None:
    status, (told,), err = asked(capsys, "mask", DEMO_CINE, "--propose")
    assert (status, err, told["profile"]) == (0, "", None)
    assert (told["keep"]["shape"], told["width"], told["height"]) == ("fan", 640, 480)
    assert told["agreement"] > 0.96
    assert any(left < 30 and top < 15 and width > 40 for left, top, width, _ in told["text"])


def test_a_still_has_text_but_no_shape_and_no_profile_is_written_of_it(
    capsys: Capture, tmp_path: Path
) -> None:
    status, (told,), _ = asked(capsys, "mask", LOGIQ, "--propose")
    assert (status, told["keep"]) == (0, None)
    assert len(told["text"]) >= 10
    status, told_nothing, err = asked(capsys, "mask", LOGIQ, "--propose", "-o", tmp_path / "p.json", *SIDE)
    assert (status, told_nothing) == (2, []) and "moving" in err
    assert not (tmp_path / "p.json").exists()


def test_a_proposal_is_written_unsigned_with_the_places_a_person_chose(
    capsys: Capture, tmp_path: Path
) -> None:
    profile = read_profile(proposed(capsys, tmp_path).read_bytes())
    assert (profile.source, profile.layout, profile.signed_off) == ("SonoSite", "cardiac", None)
    assert (len(profile.allowed), len(profile.black), len(profile.anchors)) == (1, 1, 1)


def test_it_is_tried_on_a_frame_and_on_all_before_a_person_signs(capsys: Capture, tmp_path: Path) -> None:
    path = proposed(capsys, tmp_path)
    status, (told,), _ = asked(
        capsys, "mask", DEMO_CINE, "--profile", path, "-o", tmp_path / "m.png", "--frame", "60"
    )
    assert (status, told["signed_off"], told["written"]) == (0, False, [str(tmp_path / "m.png")])
    assert told["masked"] == [{"seen": "by_profile", "layout": "cardiac", "unsure": None}]
    seen = visible_by_profile(read_profile(path.read_bytes()))
    picture = cv2.imread(str(tmp_path / "m.png"))[:, :, ::-1]  # type: ignore[index]
    assert not picture[~seen].any()
    assert (picture[seen] == open_dicom(DEMO_CINE).frame(59)[seen]).all()
    (tmp_path / "all").mkdir()
    status, (told,), _ = asked(capsys, "mask", DEMO_CINE, "--profile", path, "-o", tmp_path / "all")
    assert len(told["written"]) == len(list((tmp_path / "all").iterdir())) == 120


def test_another_screen_is_black_outside_the_shape_and_it_says_so(capsys: Capture, tmp_path: Path) -> None:
    path = proposed(capsys, tmp_path)
    status, (told,), _ = asked(capsys, "mask", LOGIQ, "--profile", path, "-o", tmp_path / "m.png")
    assert told["masked"] == [{"seen": "largest_shape", "layout": None, "unsure": "unknown_layout"}]
    picture = np.asarray(cv2.imread(str(tmp_path / "m.png")))
    assert not picture[:, 605:].any() and not picture[:25].any()


def test_a_signature_is_written_into_the_profile_and_only_then_exports_go(
    capsys: Capture, tmp_path: Path
) -> None:
    path, out = proposed(capsys, tmp_path), tmp_path / "out"
    out.mkdir()
    status, _, err = asked(capsys, "export", DEMO_CINE, "-o", out, "--profile", path)
    assert status == 2 and "not signed off" in err and list(out.iterdir()) == []
    status, (told,), _ = asked(capsys, "mask", DEMO_CINE, "--profile", path, "--sign-off", "Li Si")
    assert (status, told["signed_off"]) == (0, True)
    signature = read_profile(path.read_bytes()).signed_off
    assert signature is not None and signature.by == "Li Si"
    status, (told,), _ = asked(
        capsys, "export", DEMO_CINE, "-o", out, "--profile", path, "--looked-at", "Li Si"
    )
    assert (status, told["record"]["masked_by"], told["record"]["frames"]) == (0, "profile", 120)
    assert pydicom.dcmread(told["written"]).BurnedInAnnotation == "NO"


def test_nobody_signs_on_a_file_of_another_layout(capsys: Capture, tmp_path: Path) -> None:
    path = proposed(capsys, tmp_path)
    status, told, err = asked(capsys, "mask", LOGIQ, "--profile", path, "--sign-off", "Li Si")
    assert (status, told) == (2, []) and "not signed" in err
    assert read_profile(path.read_bytes()).signed_off is None


def test_exports_bear_new_names_and_are_remembered_without_the_patient(
    capsys: Capture, tmp_path: Path
) -> None:
    out, key = tmp_path / "out", tmp_path / "key"
    out.mkdir()
    files = [patient_file(tmp_path, "zhang-san.dcm"), patient_file(tmp_path, "b.dcm", SOPInstanceUID="1.9")]
    status, told, _ = asked(capsys, "export", *files, "-o", out, "--key-file", key, "--dates", "shifted")
    assert status == 0
    lines = (out / "export.jsonl").read_text().splitlines()
    assert [json.loads(line)["sop_instance_uid"] for line in lines] == [
        one["record"]["sop_instance_uid"] for one in told
    ]
    assert not any(word in line.lower() for line in lines for word in ("zhang", "4711", "anhua", "1.2.3."))
    names = {path.name for path in out.iterdir()} - {"export.jsonl"}
    assert names == {f"{one['record']['sop_instance_uid']}.dcm" for one in told}
    assert len({pydicom.dcmread(out / name).StudyInstanceUID for name in names}) == 1
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 and len(key.read_bytes()) == 32
    status, told, err = asked(capsys, "export", files[0], "-o", out, "--key-file", key)
    assert (status, told) == (2, []) and "is there already" in err
    assert len((out / "export.jsonl").read_text().splitlines()) == 2


def test_nothing_is_exported_that_no_record_tells_of(capsys: Capture, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "export.jsonl").mkdir(parents=True)
    status, told, err = asked(capsys, "export", patient_file(tmp_path), "-o", out)
    assert (status, told, len(err.splitlines())) == (2, [], 1)
    assert list(out.glob("*.dcm")) == []


def test_without_a_key_file_every_export_has_a_key_of_its_own(capsys: Capture, tmp_path: Path) -> None:
    file = patient_file(tmp_path)
    uids = [
        asked(capsys, "export", file, "-o", tmp_path)[1][0]["record"]["sop_instance_uid"] for _ in range(2)
    ]
    assert uids[0] != uids[1]


def test_without_profile_or_regions_it_is_refused_unless_all_black_is_asked_for(
    capsys: Capture, tmp_path: Path
) -> None:
    status, told, err = asked(capsys, "export", LOGIQ, "-o", tmp_path)
    assert (status, told) == (2, []) and "give a profile" in err
    status, (black,), _ = asked(capsys, "export", LOGIQ, "-o", tmp_path, "--all-black-outside")
    assert (status, black["record"]["hidden_share"]) == (0, 1.0)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["mask", DEMO_CINE, "--propose", "-o", "p.json"], "--source and --layout"),
        (
            ["mask", DEMO_CINE, "--propose", "-o", "p.json", *SIDE, "--allow", "1,2,3"],
            "LEFT,TOP,WIDTH,HEIGHT",
        ),
        (["mask", DEMO_CINE, "--propose", "-o", "p.json", *SIDE, "--black", "600,0,99,9"], "does not lie in"),
        (["mask", DEMO_CINE, "--propose", "-o", "p.json", *SIDE, "--anchor", "0,200,30,30"], "too plain"),
        (["mask", DEMO_CINE, "--propose", "--sign-off", "Li"], "--profile"),
        (["export", DEMO_CINE, "-o", "no-such-directory"], "no directory"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    arguments: list[str | Path], says: str, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, told, err = asked(capsys, *arguments)
    assert (status, told) == (2, []) and says in err
    assert list(tmp_path.iterdir()) == []


def test_for_people_it_says_what_to_do_next(capsys: Capture, tmp_path: Path) -> None:
    assert main(["ultrasound", "export", str(patient_file(tmp_path)), "-o", str(tmp_path)]) == 0
    assert "export with --looked-at NAME" in capsys.readouterr().out
    path = proposed(capsys, tmp_path)
    assert main(["ultrasound", "mask", str(DEMO_CINE), "--profile", str(path)]) == 0
    assert "not signed off: counts for nothing" in capsys.readouterr().out


def test_info_tells_where_text_is_outside_of_the_regions(capsys: Capture, tmp_path: Path) -> None:
    status, (told,), _ = asked(capsys, "info", DEMO_CINE)
    assert status == 0
    assert any(left < 30 and top < 15 and width > 40 for left, top, width, _ in told["text_outside_mask"])
    assert 10 <= len(told["text_outside_mask"]) <= 25
    cut = saved(encapsulated([jpeg(colour_bars())[:-20]], 96, 64), tmp_path / "cut.dcm")
    status, (told,), _ = asked(capsys, "info", cut)
    assert (status, told["text_outside_mask"], told["width"]) == (0, None, 96)


@pytest.mark.parametrize("how", [["--propose", *SIDE], ["--profile", "p.json"]])
def test_nothing_is_written_over_the_file_that_is_masked(
    how: list[str], capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    proposed(capsys, tmp_path)
    Path("cine.dcm").write_bytes(DEMO_CINE.read_bytes())
    status, _, err = asked(capsys, "mask", "cine.dcm", *how, "-o", "cine.dcm")
    assert status == 2 and "over the file itself" in err
    assert Path("cine.dcm").read_bytes() == DEMO_CINE.read_bytes()
