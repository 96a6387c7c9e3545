"""The golden masks are what this code gives; the browser's tests read the same files."""

import json

import pytest

from tests.ultrasound.privacy.golden import CASES, FOLDER, describe


@pytest.mark.parametrize("name", CASES)
def test_a_golden_mask_is_what_the_masker_gives(name: str) -> None:
    told = json.loads((FOLDER / f"{name}.json").read_text())
    assert json.loads(json.dumps(describe(CASES[name]))) == told


def test_the_masks_show_and_hide() -> None:
    told = {name: json.loads((FOLDER / f"{name}.json").read_text()) for name in CASES}
    shown = {name: sum(past - first for _, first, past in one["stays"]) for name, one in told.items()}
    assert {name for name, pixels in shown.items() if not pixels} == {
        "unknown_layout_all_black",
        "unknown_size",
        "no_profile",
    }
    assert shown["known_layout"] > shown["unknown_layout"] > 500
    assert {one["seen"] for one in told.values()} == {"by_profile", "largest_shape", "nothing"}


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(CASES)
