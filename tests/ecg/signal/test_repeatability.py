"""Confidence as a probability."""

from math import sqrt

import numpy as np
import pytest

from ecg.signal.repeatability import confidence


def test_groups_that_agree_are_sure_and_others_are_not() -> None:
    assert confidence([100.0, 100.0, 100.0, 100.0], 10) == 1.0
    assert confidence([98.0, 102.0, 99.0, 101.0], 10) > 0.99
    assert confidence([60.0, 140.0, 80.0, 120.0], 10) < 0.5


def test_a_group_without_the_wave_counts_against_it() -> None:
    assert confidence([100.0, 100.0, 100.0, None], 10) == 0.75
    assert confidence([100.0, None, None, None], 10) == 0.0
    assert confidence([], 10) == 0.0


def test_what_groups_have_in_common_is_added() -> None:
    assert confidence([100.0, 100.0, 100.0, 100.0], 10, further_sd=10) < 0.7


@pytest.mark.parametrize("count", [2, 3, 4])
def test_it_is_the_probability_it_says(count: int) -> None:
    """Where the mean of the groups is off by Student's t times its own deviation."""
    random = np.random.default_rng(count)
    groups = random.normal(0, 1, (100_000, count))
    t = np.abs(groups.mean(axis=1)) / (groups.std(axis=1, ddof=1) / sqrt(count))
    for tolerance in (0.5, 1.0, 3.0):
        said = confidence([-sqrt(count / 2), sqrt(count / 2), *[0.0] * (count - 2)], tolerance)
        sd_of_mean = np.std([-sqrt(count / 2), sqrt(count / 2), *[0.0] * (count - 2)], ddof=1) / sqrt(count)
        assert said == pytest.approx(float((t <= tolerance / sd_of_mean).mean()), abs=0.01)
