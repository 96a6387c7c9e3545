"""What can be asked of `cloudclinic bench`."""

import importlib.util
from pathlib import Path

import pytest

from benchmarks.index import MODULES
from cloudclinic.cli import BENCHMARKS, parser


def test_every_benchmark_that_can_be_asked_for_exists_and_no_other() -> None:
    assert sorted(BENCHMARKS) == sorted(MODULES)
    assert [name for name in MODULES.values() if importlib.util.find_spec(name) is None] == []


def test_the_help_of_make_names_every_benchmark() -> None:
    makefile = (Path(__file__).parents[2] / "Makefile").read_text()
    (line,) = [line for line in makefile.splitlines() if line.startswith("bench:")]
    named = line.partition("WHAT=")[2].replace(" or ", ", ").split(", ")
    assert sorted(named) == sorted(BENCHMARKS)


def test_a_soak_lasts_half_an_hour_unless_told() -> None:
    asked = parser().parse_args(["bench", "soak"])
    assert (asked.minutes, asked.peer, asked.json, asked.keep) == (30, "janus", False, False)


def test_seconds_rounds_and_peer_are_taken() -> None:
    line = ["bench", "relay", "--seconds", "5", "--rounds", "2", "--peer", "none", "--json"]
    asked = parser().parse_args(line)
    assert (asked.seconds, asked.rounds, asked.peer, asked.json) == (5, 2, "none", True)


@pytest.mark.parametrize("option", ["--seconds", "--rounds", "--minutes"])
@pytest.mark.parametrize("value", ["0", "-1", "long"])
def test_no_time_at_all_is_refused(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["bench", "relay", option, value])
    assert option in capsys.readouterr().err


def test_an_unknown_peer_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["bench", "relay", "--peer", "another"])
    assert "janus" in capsys.readouterr().err
