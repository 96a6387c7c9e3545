"""The synthetic ECG keeps the rate and the intervals it was asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.errors import SignalError
from ecg.leads import MISSING, STANDARD_LEADS, Electrode, Lead
from ecg.synthetic import PULSE_UV, Intervals, SyntheticEcg, with_electrode_off

RATES = st.sampled_from([250, 360, 500, 1000])
V2 = STANDARD_LEADS.index(Lead.V2)
II = STANDARD_LEADS.index(Lead.II)


@given(RATES, st.integers(30, 90), st.integers(0, 10**9), st.integers(1, 400))
def test_the_limb_leads_agree_exactly(rate_hz: int, beats: int, first: int, count: int) -> None:
    one, two, three, avr, avl, avf = SyntheticEcg(rate_hz, beats).samples(first, count)[:6].astype(int)
    assert np.array_equal(one + three, two)
    assert np.array_equal(-2 * avr, one + two)
    assert np.array_equal(2 * avl, 2 * one - two)
    assert np.array_equal(2 * avf, 2 * two - one)


@given(st.integers(0, 10**12), st.integers(1, 50), st.integers(1, 50))
def test_pieces_are_the_whole(first: int, left: int, right: int) -> None:
    ecg = SyntheticEcg(500, 71, started_us=1_790_000_000_123_456)
    pieces = [ecg.samples(first, left), ecg.samples(first + left, right)]
    assert np.array_equal(np.concatenate(pieces, axis=1), ecg.samples(first, left + right))


@pytest.mark.parametrize("beats", [30, 72, 150])
def test_there_are_as_many_r_waves_as_the_rate_says(beats: int) -> None:
    intervals = Intervals(p_ms=60, pr_ms=100, qrs_ms=80, qt_ms=260, t_ms=120)
    lead = SyntheticEcg(500, beats, intervals).samples(0, 500 * 60)[II].astype(int)
    peaks = (lead[1:-1] > 700) & (lead[1:-1] >= lead[:-2]) & (lead[1:-1] > lead[2:])
    assert int(peaks.sum()) == beats


def test_the_intervals_can_be_measured_on_the_trace() -> None:
    asked = Intervals(p_ms=110, pr_ms=170, qrs_ms=96, qt_ms=410, t_ms=200)
    lead = SyntheticEcg(1000, 50, asked).samples(0, 1200)[II]
    active = np.flatnonzero(np.abs(lead) > 0)
    waves = np.split(active, np.flatnonzero(np.diff(active) > 20) + 1)  # QRS crosses zero only for an instant
    p, qrs, t = ((int(wave[0]), int(wave[-1])) for wave in waves)
    assert p == pytest.approx((0, asked.p_ms), abs=6)  # 6 ms: the hump begins below one step
    assert qrs == pytest.approx((asked.pr_ms, asked.pr_ms + asked.qrs_ms), abs=2)
    assert t == pytest.approx((asked.pr_ms + asked.qt_ms - asked.t_ms, asked.pr_ms + asked.qt_ms), abs=6)


def test_the_pulse_begins_at_the_first_sample_of_each_second_and_tells_which() -> None:
    started_us = 1_790_000_000_250_000
    ecg = SyntheticEcg(500, started_us=started_us)
    lead = ecg.samples(0, 500 * 5)[V2]
    edges = np.flatnonzero(lead == PULSE_UV)
    assert [started_us + int(edge) * 2000 for edge in edges] == [
        1_790_000_001_000_000 + k * 1_000_000 for k in range(5)
    ]
    assert [int(lead[edge + 1]) // 2 for edge in edges] == [1, 2, 3, 4, 5]


def test_between_samples_the_pulse_comes_at_the_next_one() -> None:
    started_us = 1_790_000_000_999_999
    lead = SyntheticEcg(500, started_us=started_us).samples(0, 10)[V2]
    assert np.flatnonzero(lead == PULSE_UV).tolist() == [1]


def test_without_a_start_there_is_no_pulse() -> None:
    assert np.abs(SyntheticEcg(500).samples(0, 5000).astype(int)).max() < 2000


def test_a_chest_electrode_off_leaves_its_lead_missing_and_the_others_untouched() -> None:
    samples = SyntheticEcg(500).samples(0, 50)
    taken, electrodes, bits = with_electrode_off(samples, Electrode.V2)
    assert (taken[V2] == MISSING).all()
    assert np.array_equal(np.delete(taken, V2, axis=0), np.delete(samples, V2, axis=0))
    assert (electrodes, bits) == (Electrode.V2, 1 << V2)
    assert (samples[V2] != MISSING).all()


def test_a_limb_electrode_off_leaves_nothing() -> None:
    taken, _, bits = with_electrode_off(SyntheticEcg(500).samples(0, 5), Electrode.LA)
    assert (taken == MISSING).all()
    assert bits == 0xFFF


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Intervals(p_ms=200, pr_ms=160),
        lambda: Intervals(qrs_ms=0),
        lambda: Intervals(qrs_ms=250, t_ms=180, qt_ms=400),
        lambda: SyntheticEcg(500, 150),
        lambda: SyntheticEcg(50),
        lambda: SyntheticEcg(500, 0),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong: object) -> None:
    with pytest.raises(SignalError):
        wrong()  # type: ignore[operator]
