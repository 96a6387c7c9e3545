"""The newest values stay, in order, however they are appended."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.signal.trail import Trail


def test_before_the_first_value_there_are_noughts() -> None:
    assert Trail(2, 3).last(3).tolist() == [[0, 0, 0]] * 2


@given(st.integers(1, 60), st.lists(st.integers(1, 5000), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_what_was_appended_and_what_is_kept_before_it_is_there(keep: int, sizes: list[int]) -> None:
    trail, whole = Trail(1, keep), np.zeros((1, keep))
    for size in sizes:
        values = whole.shape[1] + np.arange(size, dtype=np.int16)[None].astype(np.float64)
        trail.append(values)
        whole = np.concatenate([whole, values], axis=1)
        assert np.array_equal(trail.last(keep + size), whole[:, -(keep + size) :])
