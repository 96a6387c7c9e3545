"""The rules of the house, as tests."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("cloudclinic", "web", "station", "signaling", "media", "records", "ecg", "ultrasound")


def tracked(*patterns: str) -> list[Path]:
    """Files of the tree that the project keeps (or would: new ones that are not ignored)."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_imports_go_downstairs_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_what_two_rooms_of_one_floor_have_to_write_twice_is_the_same_to_the_letter() -> None:
    # They never import each other, and no room lies below them.
    ecg, ultrasound = (ROOT / room / "quiet_pydicom.py" for room in ("ecg", "ultrasound"))
    assert ecg.read_bytes() == ultrasound.read_bytes()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_imported_from_this_tree(room: str) -> None:
    # Packages by such plain names exist publicly and must never stand in for ours.
    module = importlib.import_module(room)
    assert module.__file__ and Path(module.__file__).is_relative_to(ROOT / room)


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in tracked("tests/*.py", "tests/**/*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_room_says_what_it_is_for() -> None:
    for room in ROOMS:
        assert (importlib.import_module(room).__doc__ or "").strip(), f"{room}/__init__.py says nothing"


def test_no_grab_bags() -> None:
    names = {"utils", "helpers", "manager", "common", "core", "misc"}
    assert [str(p) for p in tracked("*.py", "*.ts", "*.svelte") if p.stem in names] == []


def test_no_secret_words_left_for_later() -> None:
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("*.py", "*.ts", "*.svelte", "*.md")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []


def test_no_registry_host_in_any_lock_file() -> None:
    hosts = re.compile(r"https?://[^\s\"]*(registry|pythonhosted|pypi|debian)", re.IGNORECASE)
    locks = [ROOT / "requirements.lock", ROOT / "web" / "client" / "package-lock.json"]
    assert [path.name for path in locks if hosts.search(path.read_text())] == []
