"""Limits of QRS in pooled beats that are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.leads import STANDARD_LEADS, Lead
from ecg.signal.qrs_limits import Span, first_rest_after, last_rest_before, lead_qrs_limits, qrs_limits
from ecg.synthetic import Intervals, SyntheticEcg

ONSET, R = 200, 224
"""On the grid of 500 Hz."""


def beat(qrs_ms: float = 90, noise_uv: float = 0.0) -> np.ndarray:
    intervals = Intervals(p_ms=0.001, pr_ms=2 * (ONSET - 100), qrs_ms=qrs_ms, qt_ms=qrs_ms + 330)
    rows = SyntheticEcg(500, 50, intervals).samples(0, 450).astype(float)
    rows = np.concatenate([np.zeros((12, 100)), rows], axis=1)
    return rows + np.random.default_rng(1).normal(0, noise_uv, rows.shape)


@settings(max_examples=30, deadline=None)
@given(qrs_ms=st.integers(60, 180))
def test_any_duration(qrs_ms: int) -> None:
    span = qrs_limits(beat(qrs_ms), R)
    assert span.onset == pytest.approx(ONSET, abs=2.5)
    assert span.end == pytest.approx(ONSET + qrs_ms / 2, abs=2.5)
    assert span.clarity == 1.0


def test_the_scale_of_the_complex_does_not_matter() -> None:
    low, high = qrs_limits(beat() * 0.4, R), qrs_limits(beat() * 2, R)
    assert low.onset == pytest.approx(high.onset, abs=2)
    assert low.end == pytest.approx(high.end, abs=2)


def test_noise_lowers_clarity_before_it_moves_the_limits() -> None:
    some, much = qrs_limits(beat(noise_uv=15), R), qrs_limits(beat(noise_uv=40), R)
    assert some.onset == pytest.approx(ONSET, abs=4)
    assert some.end == pytest.approx(ONSET + 45, abs=4)
    assert much.clarity < some.clarity <= 1


def test_a_sloping_st_segment_is_not_part_of_qrs() -> None:
    rows = beat()
    end = ONSET + 45
    rows[:, end:] += 2.0 * np.minimum(np.arange(rows.shape[1] - end), 60)  # 1 uV/ms, up to 120 uV
    assert qrs_limits(rows, R).end == pytest.approx(end, abs=4)


def test_a_lead_that_shows_less_of_qrs_has_limits_within_those_of_all() -> None:
    rows = beat()
    of_all = qrs_limits(rows, R)
    leads = lead_qrs_limits(rows, R, of_all)
    assert len(leads) == 12
    for span in leads:
        assert of_all.onset <= span.onset < span.end <= of_all.end
    v1 = leads[STANDARD_LEADS.index(Lead.V1)]  # without a Q
    assert v1.onset - of_all.onset > 5


def test_rest_is_as_long_as_asked_for() -> None:
    rests = np.array([True] * 10 + [False] * 5 + [True] * 3 + [False] * 5 + [True] * 10)
    assert last_rest_before(rests, 20, 100.0, 14.0) == 9
    assert last_rest_before(rests, 20, 100.0, 6.0) == 17
    assert first_rest_after(rests, 12, 100.0, 14.0) == 23
    assert first_rest_after(rests, 12, 100.0, 6.0) == 15


def test_without_any_rest_the_search_ends_where_it_may() -> None:
    moves = np.zeros(100, dtype=np.bool_)
    assert last_rest_before(moves, 60, 40.0) == 40
    assert first_rest_after(moves, 60, 40.0) == 80


def with_last_wave(height: float) -> Span:
    """Eight leads with a complex of 40 ms, one of them with a last wave of 40 ms."""
    at = np.arange(600.0)
    uv = np.tile(1000 * np.clip(1 - np.abs(at - 300) / 20, 0, None), (8, 1))
    uv[3] += height * np.clip(1 - np.abs(at - 330) / 10, 0, None)
    return qrs_limits(uv, 300)


def test_where_a_last_wave_is_nearly_told_the_end_is_on_the_border() -> None:
    heights = range(20, 600, 10)
    told = next(height for height in heights if with_last_wave(height).end >= 336)
    for height in heights:
        found = with_last_wave(height)
        assert found.earlier_ms <= 4
        if 0.85 * told <= height < told:
            assert found.end <= 330 and found.later_ms > 10
        if height <= 0.5 * told or height >= told:
            assert found.later_ms <= 10
