"""Columns of numbers: only with a layout, exactly, and refused by the line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.errors import SignalError, SourceUnreadable
from ecg.files.csv import CsvLayout, read_csv, read_declared_csv, write_csv
from ecg.leads import Lead
from ecg.tracing import Tracing
from tests.ecg.files.samples import RECORDS, record, same_samples, tracing, tracings, with_gap

MILLIVOLTS = CsvLayout(rate_hz=500, columns=("I", "II"), nv_per_unit=1e6)
HEAD = "# ECG CSV 1\n# rate_hz: 500\n# nv_per_step: 1000,2500\n# zero: 0,0\nI,II\n"


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_survives(name: str) -> None:
    before = record(name)
    after = read_declared_csv(write_csv(before), "again.csv")
    assert same_samples(before, after)
    assert [(c.name, c.nv_per_step, c.zero) for c in after.channels] == [
        (c.name, c.nv_per_step, c.zero) for c in before.channels
    ]


@given(tracings())
def test_any_tracing_survives(before: Tracing) -> None:
    after = read_declared_csv(write_csv(before), "again.csv")
    assert same_samples(before, after)
    assert (after.rate_hz, after.acquired) == (before.rate_hz, before.acquired)


def test_a_gap_is_an_empty_field_and_survives() -> None:
    before = with_gap(tracing(np.ones((1, 9), np.int16)), 3, 5)
    assert b"\n1\n\n\n1\n" in write_csv(before)
    assert same_samples(read_declared_csv(write_csv(before), "gap.csv"), before)


def test_decimals_are_whole_steps_of_a_power_of_ten() -> None:
    found = read_csv(b"0.005,-1.25\n0.01,0\n", "x.csv", MILLIVOLTS)
    assert [channel.samples.tolist() for channel in found.channels] == [[5, 10], [-125, 0]]
    assert [channel.nv_per_step for channel in found.channels] == [1000, 10_000]
    assert found.notes == ()


def test_finer_than_a_nanovolt_is_rounded_and_said() -> None:
    found = read_csv(b"0.12345678,1\n", "x.csv", MILLIVOLTS)
    assert found.channels[0].samples.tolist() == [123457]
    assert found.notes == ("I rounded to steps of 1 nV",)


def test_a_clock_is_left_aside_and_a_comma_may_be_decimal() -> None:
    layout = CsvLayout(
        rate_hz=250,
        columns=(None, "ECG V1"),
        nv_per_unit=1000,
        delimiter=";",
        skip_lines=1,
        decimal_comma=True,
    )
    found = read_csv(b"time;V1\n0,004;12,5\n0,008;\n", "x.csv", layout)
    assert [channel.lead for channel in found.channels] == [Lead.V1]
    assert found.channels[0].nanovolts()[0] == 12_500
    assert found.channels[0].missing.tolist() == [False, True]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "line 1: no line of numbers"),
        (b"1,2\n3\n", "line 2: 1 fields; 2 numbers are right"),
        (b"1,2\n3,4,5\n", "line 2: 3 fields"),
        (b"I,II\n1,2\n", "line 1: not only numbers"),
        (b"1,nan\n", "line 1: not only numbers"),
        (b"1,1_000\n", "line 1: not only numbers"),
        (b"1,\xef\xbc\x91\n", "line 1: not only numbers"),
        (b"1,2\n1,2-3\n", "line 2: a field is no number"),
        (b"1,1e999\n", "II: not whole steps of 32 bits"),
        (b"1,3000000000\n", "II: not whole steps of 32 bits"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(body: bytes, sentence: str) -> None:
    with pytest.raises(SourceUnreadable, match=sentence):
        read_csv(body, "x.csv", MILLIVOLTS)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("# zero: 0,0\n", ""), "declares no zero"),
        (("1000,2500", "1000"), "1 values of nv_per_step; 2 are right"),
        (("1000,2500", "1000,0"), "nv_per_step is '0'"),
        (("500", "0"), "rate_hz is '0'"),
        (("I,II\n", "I,I\n"), "lead I is there twice"),
        (("# zero", "# acquired: Zhang San\n# zero"), "acquired is no date and time"),
        (("1,2\n", "1.5,2\n"), "I: not whole steps"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(SourceUnreadable, match=sentence):
        read_declared_csv((HEAD + "1,2\n").replace(*change).encode(), "x.csv")


@pytest.mark.parametrize(
    "wrong",
    [{"rate_hz": 0}, {"columns": ()}, {"columns": (None,)}, {"delimiter": "|"}, {"decimal_comma": True}],
)
def test_a_layout_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SignalError):
        CsvLayout(**({"rate_hz": 500, "columns": ("I",), "nv_per_unit": 1e6} | wrong))  # type: ignore[arg-type]


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=30), st.integers(0, 6))
def test_any_decimals_are_exact(values: list[int], digits: int) -> None:
    text = "".join(f"{value / 10**digits:.{digits}f}\n" for value in values).encode()
    layout = CsvLayout(rate_hz=500, columns=("I",), nv_per_unit=1e6)
    found = read_csv(text, "x.csv", layout)
    nanovolts = np.array(values, np.float64) * 10.0 ** (6 - digits)
    assert np.allclose(found.channels[0].nanovolts(), nanovolts, rtol=1e-12, atol=1e-6)
    assert found.notes == ()


def test_a_name_with_a_comma_is_not_written() -> None:
    whole = tracing(np.ones((1, 2), np.int16))
    with pytest.raises(SignalError, match="a name without a comma"):
        object.__setattr__(whole.channels[0], "name", "a,b")
        write_csv(whole)


@pytest.mark.parametrize(("key", "value"), [("nv_per_step", "2e9"), ("nv_per_step", "0.0"), ("zero", "2e12")])
def test_a_declared_scale_that_no_ecg_has_is_refused_by_its_column(key: str, value: str) -> None:
    declared = {"nv_per_step": "1000.0", "zero": "0.0"} | {key: value}
    lines = [
        "# ECG CSV 1",
        "# rate_hz: 500.0",
        *(f"# {name}: {text}" for name, text in declared.items()),
        "II",
        "7",
    ]
    with pytest.raises(SourceUnreadable, match=f"x.csv(, II)?: (a step of 2000000000.0 nV|{key} is)"):
        read_declared_csv("\n".join(lines).encode(), "x.csv")
