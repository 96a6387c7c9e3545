"""The golden vectors of the filters are what this code gives; the browser's tests read the same files."""

import json

import numpy as np
import pytest

from tests.ecg.signal.golden import FOLDER, VECTORS, describe


@pytest.mark.parametrize("name", VECTORS)
def test_a_golden_vector_is_what_the_filter_gives(name: str) -> None:
    told = json.loads((FOLDER / f"{name}.json").read_text())
    now = json.loads(json.dumps(describe(VECTORS[name])))
    inexact = ("sections", "filtered_uv")  # sine and tangent differ in their last bit between libraries
    assert {key: value for key, value in now.items() if key not in inexact} == {
        key: value for key, value in told.items() if key not in inexact
    }
    np.testing.assert_allclose(now["sections"], told["sections"], rtol=1e-14)
    was, is_now = [np.array(one["filtered_uv"], np.float64) for one in (told, now)]
    np.testing.assert_allclose(is_now, was, atol=1e-7)


def test_the_vectors_hold_values_and_holes() -> None:
    values = np.array(
        json.loads((FOLDER / "long_hole_begins_anew.json").read_text())["filtered_uv"], np.float64
    )
    assert np.isnan(values).sum() == 2 * 101
    assert np.nanmax(values) - np.nanmin(values) > 500  # a real QRS, in microvolts


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(VECTORS)
