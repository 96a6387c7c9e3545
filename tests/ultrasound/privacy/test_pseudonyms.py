"""Replacements are the same under one key, others under another, and valid."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import UID

from ultrasound.errors import ExportRefused
from ultrasound.privacy.pseudonyms import Pseudonyms

MINE, OTHER = Pseudonyms(b"k" * 16), Pseudonyms(b"l" * 16)


@given(st.text(), st.text())
def test_replacements_are_valid_steady_and_apart(one: str, other: str) -> None:
    assert UID(MINE.uid(one)).is_valid and len(MINE.patient(one)) == 20
    assert (MINE.uid(one) == MINE.uid(other)) == (one == other)
    assert (MINE.patient(one) == MINE.patient(other)) == (one == other)
    assert MINE.uid(one) != OTHER.uid(one) and MINE.patient(one) != OTHER.patient(one)


@given(st.dates(dt.date(1900, 1, 1)), st.text())
def test_dates_go_back_by_1_to_3650_days_the_same_for_a_patient(day: dt.date, patient: str) -> None:
    moved = [MINE.shifted((day - dt.timedelta(k)).strftime("%Y%m%d"), patient) for k in (0, 5)]
    first, second = (dt.datetime.strptime(one or "", "%Y%m%d").date() for one in moved)
    assert 1 <= (day - first).days <= 3650 and (first - second).days == 5


@pytest.mark.parametrize("date", ["", "2024", "20240230", "2024-02-29", "00010101", "ZHANGSAN"])
def test_what_is_no_date_is_none(date: str) -> None:
    assert MINE.shifted(date, "4711") is None


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ExportRefused, match="15 bytes; at least 16"):
        Pseudonyms(b"k" * 15)
