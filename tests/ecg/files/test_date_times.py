"""The start of a recording: what is known of it, and a later moment."""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.files.date_times import Start, start_of


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("20240229235930", Start("20240229", "235930", "")),
        ("20240229235930.250000+0800", Start("20240229", "235930.25", "+0800")),
        ("20240229235930.000", Start("20240229", "235930", "")),
        ("202402292359", Start("20240229", "2359", "")),
        ("20240229-0330", Start("20240229", "", "-0330")),
    ],
)
def test_the_parts_of_a_start(text: str, start: Start) -> None:
    assert start_of(text) == start


@pytest.mark.parametrize(
    "text",
    ["", "2024", "202402", "20230229", "20241301", "20240229240000", "20240229235960", "2024022923.5",
     "20240229235930.1234567", "20240229235930+9900", "20240229235930 ", "٢٠٢٤٠٢٢٩"],
)  # fmt: skip
def test_what_is_no_day_of_the_calendar_is_not_known(text: str) -> None:
    assert start_of(text) is None


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.integers(0, 10**12))
def test_later_is_what_the_calendar_says(first: datetime, micros: int) -> None:
    start = start_of(f"{first:%Y%m%d%H%M%S.%f}+0800")
    assert start is not None
    assert start.later(Fraction(micros, 1_000_000)) == start_of(
        f"{first + timedelta(microseconds=micros):%Y%m%d%H%M%S.%f}+0800"
    )
