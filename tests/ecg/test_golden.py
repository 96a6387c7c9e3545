"""The golden packets are what this code writes and reads; the browser's tests read the same files."""

import json
from pathlib import Path

import pytest

from ecg.errors import WireError
from ecg.wire import decode, encode
from tests.ecg.golden import FOLDER, PACKETS, REFUSED, describe


@pytest.mark.parametrize("name", PACKETS)
def test_a_golden_packet_is_read_as_it_says(name: str) -> None:
    told = json.loads((FOLDER / f"{name}.json").read_text())
    assert describe(decode((FOLDER / f"{name}.bin").read_bytes())) == told


@pytest.mark.parametrize("name", [name for name in PACKETS if "packed" not in name and name != "wave_marked"])
def test_a_golden_packet_is_written_byte_for_byte(name: str) -> None:
    assert encode(*PACKETS[name]) == (FOLDER / f"{name}.bin").read_bytes()


@pytest.mark.parametrize(
    "name", ["wave_packed", "wave_example_packed", "wave_extremes_packed", "wave_marked"]
)
def test_a_packed_golden_packet_means_the_same_whatever_deflate_wrote_it(name: str) -> None:
    assert decode((FOLDER / f"{name}.bin").read_bytes()) == PACKETS[name][0]


@pytest.mark.parametrize("name", REFUSED)
def test_bytes_that_are_no_packet_are_refused(name: str) -> None:
    with pytest.raises(WireError):
        decode((FOLDER / f"{name}.bin").read_bytes())


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in Path(FOLDER).iterdir()} == {*PACKETS, *REFUSED}
