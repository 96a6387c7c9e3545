"""How a benchmark tells its figures: a table for people, one object for programs."""

import datetime as dt
import json
import socket

import msgspec
import pytest

from benchmarks import forwarding
from benchmarks.forwarding import Forwarded
from benchmarks.index import file_name
from benchmarks.report import Load, Row, as_json, as_table
from cloudclinic.cli import main

LOAD = Load(before=(0.1, 0.2, 0.3), after=(1.0, 0.5, 0.3), others={"ring": "others took 4 % of the cores"})
VERSIONS = {"chromium": "156"}


def row(value: float | None, must: float | None = 40, why: str = "n=12") -> Row:
    return Row(what="delay", value=value, unit="ms", must=must, aim=10 if must else None, why=why)


def told(*rows: Row) -> dict[str, object]:
    document: dict[str, object] = json.loads(as_json(rows, LOAD, VERSIONS))
    return document


def test_the_object_has_machine_versions_load_and_rows_and_nothing_else() -> None:
    document = told(row(24))
    assert list(document) == ["machine", "versions", "load", "rows"]
    assert document["rows"] == [
        {"what": "delay", "value": 24, "unit": "ms", "must": 40, "aim": 10, "met": True}
    ]
    assert document["load"] == {
        "before": [0.1, 0.2, 0.3],
        "after": [1.0, 0.5, 0.3],
        "others": {"ring": "others took 4 % of the cores"},
        "counted": {"delay": "n=12"},
    }


def test_a_figure_that_could_not_be_taken_is_null_with_its_reason_and_not_met() -> None:
    assert told(row(None, why="no Chromium"), row(None, why=""))["rows"] == [
        {**one, "value": None, "unit": "ms", "must": 40, "aim": 10, "met": False}
        for one in ({"what": "delay", "why": "no Chromium"}, {"what": "delay", "why": "not taken"})
    ]


@pytest.mark.parametrize(
    ("value", "must", "met"),
    [(40, 40, True), (40.1, 40, False), (0, 0, True), (9e9, None, True), (None, None, False)],
)
def test_met_is_true_or_false_always(value: float | None, must: float | None, met: bool) -> None:
    assert row(value, must).met is met


def test_the_table_shows_no_number_that_was_not_measured() -> None:
    table = as_table([row(24), row(55), row(None, why="no Chromium")], LOAD, VERSIONS).splitlines()
    assert table[1].split() == ["delay", "24", "40", "10", "ms", "✓", "n=12"]
    assert table[2].split() == ["delay", "55", "40", "10", "ms", "✗", "n=12"]
    assert table[3].split() == ["delay", "–", "40", "10", "ms", "✗", "no", "Chromium"]
    assert "load before 0.10 0.20 0.30, after 1.00 0.50 0.30" in table


def test_nothing_forwarded_is_no_figure() -> None:
    for sent, arrived in ((0, 0), (100, 99)):
        assert forwarding.row(Forwarded(sent, arrived, 0.01, 5.0), "").value is None
    assert forwarding.row(Forwarded(100, 100, 0.1, 6.0), "").value == pytest.approx(1.0)


@pytest.mark.parametrize("seconds", ["0", "4", "-1", "3601", "ten"])
def test_a_time_too_short_to_measure_in_is_refused(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["bench", "consult", "--seconds", seconds])
    assert "is not 5 to 3600" in capsys.readouterr().err


def test_a_bound_can_be_the_least_a_figure_may_be() -> None:
    consults = Row(what="consults", value=8, unit="consults", must=8, aim=20, at_least=True)
    assert [consults.met, msgspec.structs.replace(consults, value=7).met] == [True, False]


def test_a_run_is_kept_by_what_where_and_when_and_without_a_host_name() -> None:
    named = file_name("relay", "Intel(R) Xeon(R) Processor", dt.date(2026, 11, 26))
    assert named == "relay-intel-r-xeon-r-processor-2026-11-26.json"
    assert socket.gethostname() not in as_json([row(24)], LOAD, VERSIONS) + named
