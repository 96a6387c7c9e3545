"""What the page's mask is held to is what this code gives."""

import json

from tests.ultrasound.privacy.card_golden import FILE, describe


def test_the_golden_values_of_the_pages_mask_are_what_the_station_gives() -> None:
    assert json.loads(json.dumps(describe())) == json.loads(FILE.read_text())


def test_they_find_and_they_ring() -> None:
    told = json.loads(FILE.read_text())
    assert all(len(one["found"]) >= 2 for one in told["text"])
    assert [len(one) for one in told["watch"]["rings"]] == [0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]
    assert len(set(told["planes"].values())) == len(told["planes"]) == 6
