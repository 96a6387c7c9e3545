"""The filter over a stored channel: no false baseline at its beginning or after a hole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.signal.filters import FilterSetting, HighPass, LowPass, Mains, filtered
from ecg.signal.settled import settled
from ecg.tracing import Channel

RATE_HZ = 500
DIAGNOSTIC = FilterSetting()
NONE = FilterSetting(HighPass.NONE, LowPass.NONE)


def channel(samples: np.ndarray, zero: float = 0.0, nv_per_step: float = 1000) -> Channel:
    return Channel(name="II", lead=None, samples=samples, nv_per_step=nv_per_step, zero=zero)


def beats(seconds: int) -> np.ndarray:
    """1 mV for 100 ms once a second, beginning inside such a complex."""
    second = np.zeros(RATE_HZ, np.int16)
    second[:50] = 1000
    return np.tile(second, seconds)


def test_a_recording_that_begins_inside_a_complex_does_not_sink() -> None:
    rest = np.arange(10 * RATE_HZ) % RATE_HZ == 300
    live = filtered(beats(10)[None], DIAGNOSTIC, RATE_HZ, 1000)[0][rest]
    stored = settled(channel(beats(10)), DIAGNOSTIC, RATE_HZ)[rest]
    assert live[0] < -700  # the baseline that the live filter has to take from its first value
    assert np.ptp(stored) < 60 and np.abs(stored).max() < 200


def test_after_a_long_hole_the_baseline_is_found_anew() -> None:
    samples = beats(20)
    samples[4000:4990] = np.iinfo(np.int16).min
    samples[4990:] += 3000
    found = settled(channel(samples), DIAGNOSTIC, RATE_HZ)
    assert np.isnan(found[4000:4990]).all() and not np.isnan(found[4990:]).any()
    at_rest = found[4990:][np.arange(len(found) - 4990) % RATE_HZ == 310]
    assert np.abs(at_rest).max() < 200


def test_what_came_long_before_makes_no_difference_between_the_two() -> None:
    samples = beats(60)
    live = filtered(samples[None], DIAGNOSTIC, RATE_HZ, 1000)[0]
    stored = settled(channel(samples), DIAGNOSTIC, RATE_HZ)
    assert np.abs(live - stored)[40 * RATE_HZ :].max() < 1


@settings(max_examples=25)
@given(st.integers(-2000, 2000), st.floats(-1000, 1000), st.sampled_from([np.int16, np.int32]))
def test_without_a_filter_the_stored_voltages_come_out(level: int, zero: float, kind: type) -> None:
    samples = (np.arange(400) % 50 + level).astype(kind)
    samples[100:110] = np.iinfo(kind).min
    stored = channel(samples, zero)
    found = settled(stored, NONE, RATE_HZ)
    np.testing.assert_allclose(found, stored.nanovolts() / 1000, atol=1e-6)


def test_where_zero_lies_goes_with_the_high_pass() -> None:
    samples = beats(5)
    plain = settled(channel(samples), DIAGNOSTIC, RATE_HZ)
    moved = settled(channel(samples + np.int16(1024), zero=1024), DIAGNOSTIC, RATE_HZ)
    np.testing.assert_allclose(moved, plain, atol=1e-6)


def test_a_channel_without_a_sample_is_nothing_but_missing() -> None:
    empty = np.full(100, np.iinfo(np.int16).min, np.int16)
    assert np.isnan(settled(channel(empty), FilterSetting(mains=Mains.HZ_50), RATE_HZ)).all()


def test_one_sample_alone_is_at_rest() -> None:
    lone = np.full(500, np.iinfo(np.int16).min, np.int16)
    lone[250] = 700
    assert settled(channel(lone), DIAGNOSTIC, RATE_HZ)[250] == pytest.approx(0, abs=1e-9)
