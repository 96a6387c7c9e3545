"""The golden measurements are what this code measures; the browser's tests read the same file."""

import json
from collections import Counter
from typing import Any

from tests.ultrasound.measuring.golden import ANGLED, FILE, TOOLS, golden
from ultrasound.measuring.derived import Derivation

TOLD: dict[str, Any] = json.loads(FILE.read_text())


def test_the_golden_file_is_what_is_measured() -> None:
    now = json.loads(json.dumps(golden()))
    assert now["frames"] == TOLD["frames"]
    assert len(now["cases"]) == len(TOLD["cases"])
    for one, other in zip(now["cases"], TOLD["cases"], strict=True):
        assert {**one, "result": None} == {**other, "result": None}
        assert _rounded(one["result"]) == _rounded(other["result"])
    assert len(now["derivations"]) == len(TOLD["derivations"])
    for one, other in zip(now["derivations"], TOLD["derivations"], strict=True):
        assert {**one, "result": None} == {**other, "result": None}
        assert _rounded(one["result"]) == _rounded(other["result"])


def _rounded(result: dict[str, Any]) -> dict[str, Any]:
    return {key: float(f"{one:.6g}") if isinstance(one, float) else one for key, one in result.items()}


def test_the_golden_file_holds_values_and_refusals_of_every_kind() -> None:
    kinds = Counter(one["result"].get("refused", "measured") for one in TOLD["cases"])
    assert kinds["measured"] > 300
    assert set(kinds) - {"measured"} >= {
        "live_picture",
        "across_regions",
        "equal_regions",
        "self_crossing",
        "flat_outline",
        "axes_not_across",
        "uncalibrated",
        "point_outside_picture",
        "wrong_number_of_points",
        "points_coincide",
        "no_time_between",
        "doppler_contradicts",
        "no_baseline",
        "no_transducer_frequency",
        "no_doppler_angle",
        "doppler_angle_too_wide",
        "scanner_angle_unknown",
        "not_in_order",
        "across_baseline",
        "not_decelerating",
        "diastole_above_systole",
        "not_positive",
        "contour_folded",
    }
    assert {one["tool"] for one in TOLD["cases"] if "value" in one["result"]} == {*TOOLS, *ANGLED}
    by_hand = [one for one in TOLD["cases"] if "angle_deg" in one and "value" in one["result"]]
    assert len(by_hand) > 30 and {one["result"]["calibration"] for one in by_hand} == {"user"}


def test_it_holds_every_derivation_and_every_way_to_refuse_one() -> None:
    made = Counter(one["derivation"] for one in TOLD["derivations"] if "value" in one["result"])
    assert set(made) == set(Derivation)
    assert {one["result"]["refused"] for one in TOLD["derivations"] if "refused" in one["result"]} == {
        "wrong_part",
        "parts_repeat",
        "one_plane",
        "not_one_frame",
        "methods_differ",
        "one_instant",
        "lengths_differ",
        "systole_above_diastole",
        "uncalibrated",
    }
    differ = {one["result"]["scales_differ"] for one in TOLD["derivations"] if "value" in one["result"]}
    assert differ == {True, False}
