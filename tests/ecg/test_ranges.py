"""What has arrived and what is missing, against a plain set of numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.ranges import SampleRange, SampleRanges

PIECES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 15)), max_size=30)


@given(PIECES, st.integers(0, 80), st.integers(0, 80))
def test_ranges_are_a_set_of_indices(pieces: list[tuple[int, int]], low: int, high: int) -> None:
    ranges, plain = SampleRanges(), set[int]()
    for first, count in pieces:
        new = set(range(first, first + count)) - plain
        assert ranges.add(first, count) == len(new)
        plain |= new
    assert {k for k in range(90) if k in ranges} == plain
    assert ranges.total == len(plain)
    assert ranges.contiguous_end == next(k for k in range(100) if k not in plain)
    assert ranges.end == max(plain, default=-1) + 1
    gaps = ranges.missing(low, high)
    assert {k for gap in gaps for k in range(gap.first, gap.end)} == set(range(low, high)) - plain


@given(PIECES)
def test_ranges_are_kept_apart_and_in_order(pieces: list[tuple[int, int]]) -> None:
    ranges = SampleRanges()
    for first, count in pieces:
        ranges.add(first, count)
    kept = list(ranges)
    assert all(before.end < after.first for before, after in zip(kept, kept[1:], strict=False))


def test_nothing_is_contiguous_when_the_first_sample_is_missing() -> None:
    ranges = SampleRanges()
    ranges.add(1, 10)
    assert ranges.contiguous_end == 0
    assert ranges.missing(0, 12) == (SampleRange(0, 1), SampleRange(11, 1))


def test_negative_indices_are_refused() -> None:
    with pytest.raises(ValueError, match="first=-1"):
        SampleRanges().add(-1, 5)
