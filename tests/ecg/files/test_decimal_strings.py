"""Decimal strings: sixteen characters, as exact as they can be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.files.decimal_strings import decimal_string, exact


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("-0.0", "0"),
        ("1.25", "1.25"),
        ("1.2500", "1.25"),
        ("4.88", "4.88"),
        ("1000", "1000"),
        ("1E15", "1000000000000000"),
        ("1E16", "1E16"),
        ("0.5827505827505828", ".582750582750583"),
        ("-0.5827505827505828", "-.58275058275058"),
        ("123456789.123456789", "123456789.123457"),
        ("1E-20", "1E-20"),
    ],
)
def test_the_string_of_a_number(value: str, text: str) -> None:
    assert decimal_string(Decimal(value)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_has_a_string_that_is_near(value: float) -> None:
    text = decimal_string(exact(value))
    assert len(text) <= 16
    assert Decimal(text) == 0 if not value else abs(Decimal(text) / exact(value) - 1) < Decimal("1e-8")


@given(st.decimals(-(10**6), 10**6, places=6))
def test_what_fits_is_not_rounded(value: Decimal) -> None:
    assert Decimal(decimal_string(value)) == value
