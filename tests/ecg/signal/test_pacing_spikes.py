"""Spikes out of the way, heart beats left alone."""

import numpy as np
import pytest

from ecg.signal.pacing_spikes import without_spikes
from ecg.synthetic import Intervals, SyntheticEcg

R = 200


def beat() -> np.ndarray:
    """A beat whose R is at 200, onset of QRS 22 samples before."""
    rows = SyntheticEcg(500, 60, Intervals(p_ms=0.001, pr_ms=20)).samples(0, 500).astype(float)
    return np.concatenate([np.zeros((12, R - 32)), rows], axis=1)[:, :500]


@pytest.mark.parametrize("before_qrs", [2, 10, 40])
@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_spike_before_qrs_becomes_a_straight_line(before_qrs: int, length: int) -> None:
    rows = beat()
    at = R - 22 - before_qrs - length
    spiked = rows.copy()
    spiked[:, at : at + length] += np.linspace(-900, 900, 12)[:, None]
    flat, spikes = without_spikes(spiked, R)
    assert len(spikes) == 1
    assert spikes[0].before < at < spikes[0].behind <= at + length + 2
    # The line ends where the spike is over, which may be the first samples of QRS.
    assert np.abs(flat - rows)[:, : R - 22].max() < 100


def test_a_beat_without_a_spike_is_returned_as_it_is() -> None:
    rows = beat() * 1.8
    flat, spikes = without_spikes(rows, R)
    assert spikes == ()
    assert flat is rows


def test_what_only_one_of_many_leads_shows_is_no_spike() -> None:
    rows = beat()
    rows[4, R - 60] += 800
    assert without_spikes(rows, R)[1] == ()
    assert len(without_spikes(rows[4:5], R)[1]) == 1
