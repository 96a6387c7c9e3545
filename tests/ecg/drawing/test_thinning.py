"""Thinning keeps the picture: no peak, no end and no order is lost."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecg.drawing.thinning import thinned

VALUES = st.lists(st.integers(-5000, 5000), min_size=1, max_size=300).map(lambda v: np.array(v, np.float64))


@given(VALUES, st.integers(1, 40))
def test_every_column_keeps_its_ends_and_its_extremes(uv: np.ndarray, per_column: int) -> None:
    kept = thinned(uv, per_column)
    assert np.all(np.diff(kept) > 0)
    for first in range(0, len(uv), per_column):
        column = uv[first : first + per_column]
        inside = uv[kept[(kept >= first) & (kept < first + per_column)]]
        assert inside.max() == column.max() and inside.min() == column.min()
        assert inside[0] == column[0] and inside[-1] == column[-1]


@given(VALUES, st.integers(5, 40))
def test_no_column_keeps_more_than_four(uv: np.ndarray, per_column: int) -> None:
    assert len(thinned(uv, per_column)) <= 4 * -(-len(uv) // per_column)


def test_a_spike_of_one_sample_stays_wherever_it_is() -> None:
    for at in range(100):
        uv = np.zeros(100)
        uv[at] = 3000.0
        assert at in thinned(uv, 20)


def test_narrow_columns_keep_every_sample() -> None:
    assert thinned(np.zeros(9), 4).tolist() == list(range(9))
