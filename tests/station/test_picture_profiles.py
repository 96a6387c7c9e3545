"""Profiles in the station's folder: found by their source, trusted all or none."""

from pathlib import Path

import msgspec
import pytest

from station.picture_profiles import keep_profile, marks, read_profiles, source_name
from tests.ultrasound.privacy.profiles import box, profile, signed
from ultrasound.privacy.profile import write_profile


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("v4l2:/dev/video0?size=1280x720&rate=30", "v4l2:/dev/video0"),
        ("rtsp://doctor:secret@scanner:554/live?key=1", "rtsp://scanner:554/live"),
        ("rtsp://scanner/live", "rtsp://scanner/live"),
        ("igtl:scanner", "igtl:scanner:18944"),
        ("ndi:ROOM 1 (Scan)", "ndi:ROOM 1 (Scan)"),
        ("dicom:/data/one/cine.dcm", "dicom:cine.dcm"),
        ("video:loop.mp4", "video:loop.mp4"),
        ("simulator:depth=12", "simulator"),
    ],
)
def test_a_source_is_called_by_its_place_without_login_or_size(word: str, name: str) -> None:
    assert source_name(word) == name


def test_profiles_are_found_by_their_source_and_only_signed_ones_are_signed(tmp_path: Path) -> None:
    one, other = signed(profile()), profile(layout="Doppler")
    elsewhere = signed(profile(source="another"))
    for kept in (one, other, elsewhere):
        keep_profile(tmp_path, kept)
    found = read_profiles(tmp_path, "scanner")
    assert set(found.of_source) == {one, other} and found.signed == (one,) and not found.broken


def test_a_profile_of_the_same_layout_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    file = keep_profile(tmp_path, profile())
    before = marks(tmp_path)
    assert keep_profile(tmp_path, signed(profile())) == file
    assert len(list(tmp_path.iterdir())) == 1 and marks(tmp_path) != before
    copied = tmp_path / "by hand.json"
    file.rename(copied)
    assert keep_profile(tmp_path, signed(profile(black=(box(0, 0, 4, 4),)))) == copied


def test_a_damaged_file_leaves_none_to_be_trusted(tmp_path: Path) -> None:
    keep_profile(tmp_path, signed(profile()))
    (tmp_path / "x.json").write_text("{")
    found = read_profiles(tmp_path, "scanner")
    assert found.of_source == () and found.broken.startswith("x.json: not a device profile")


def test_a_profile_changed_since_it_was_signed_leaves_none_to_be_trusted(tmp_path: Path) -> None:
    changed = msgspec.structs.replace(signed(profile()), allowed=(box(0, 0, 9, 9),))
    (tmp_path / "x.json").write_bytes(write_profile(changed))
    found = read_profiles(tmp_path, "scanner")
    assert found.of_source == () and found.broken == "x.json: was changed since Li signed it"


def test_two_profiles_of_one_layout_are_not_trusted(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(write_profile(signed(profile())))
    assert read_profiles(tmp_path, "scanner").broken.startswith("two profiles of one source")


def test_no_folder_holds_no_profile(tmp_path: Path) -> None:
    assert read_profiles(tmp_path / "none", "scanner").signed == ()
    assert marks(tmp_path / "none") == frozenset()
