"""The view's filters: what they pass, what they say of themselves, and that chunks change nothing."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.errors import SignalError
from ecg.leads import MISSING
from ecg.signal.biquads import first_order_high_pass, notch, second_order_low_pass
from ecg.signal.filters import FilterSetting, HighPass, LiveFilter, LowPass, Mains, filtered

RATE_HZ = 500
LIVE = FilterSetting(HighPass.DIAGNOSTIC_0_05, LowPass.DIAGNOSTIC_150, Mains.HZ_50)
ALL_SETTINGS = [FilterSetting(high, low, mains) for high in HighPass for low in LowPass for mains in Mains]


def cut(samples: np.ndarray, sizes: list[int]) -> list[np.ndarray]:
    """`samples` in pieces of these sizes, the rest at the end."""
    borders = np.minimum(np.cumsum(sizes), samples.shape[1])
    return np.split(samples, borders, axis=1)


def impulse_test(high_pass: HighPass) -> np.ndarray:
    """The response to 3 mV for 100 ms, the 300 uV.s of IEC 60601-2-25, at 1 uV a step."""
    samples = np.zeros((1, 10 * RATE_HZ), dtype=np.int16)
    samples[0, RATE_HZ : RATE_HZ + RATE_HZ // 10] = 3000
    return filtered(samples, FilterSetting(high_pass, LowPass.NONE), RATE_HZ, 1000)[0]


def test_the_diagnostic_high_pass_passes_the_impulse_test() -> None:
    response = impulse_test(HighPass.DIAGNOSTIC_0_05)
    after = response[RATE_HZ + RATE_HZ // 10 :]
    assert 90 <= -after.min() <= 100  # displacement, uV
    per_second = np.diff(after)[:: RATE_HZ // 10] * RATE_HZ
    assert np.abs(per_second).max() <= 300


@pytest.mark.parametrize("monitor", [HighPass.MONITOR_0_5, HighPass.MONITOR_0_67])
def test_a_monitor_filter_fails_it_and_says_so(monitor: HighPass) -> None:
    assert -impulse_test(monitor).min() > 500
    assert "ST not valid" in monitor
    assert not FilterSetting(monitor).st_valid
    assert not FilterSetting(monitor).diagnostic


def test_only_the_full_band_is_called_diagnostic() -> None:
    assert [s for s in ALL_SETTINGS if s.diagnostic] == [
        FilterSetting(high, low, mains)
        for high in (HighPass.NONE, HighPass.DIAGNOSTIC_0_05)
        for low in (LowPass.NONE, LowPass.DIAGNOSTIC_150)
        for mains in Mains
    ]


@pytest.mark.parametrize("rate_hz", [360, 500, 1000])
def test_corners_lie_where_they_are_named(rate_hz: int) -> None:
    half_power = 1 / math.sqrt(2)
    assert abs(first_order_high_pass(0.05, rate_hz).response(0.05, rate_hz)) == pytest.approx(half_power)
    assert abs(second_order_low_pass(150, rate_hz).response(150, rate_hz)) == pytest.approx(half_power)
    assert abs(second_order_low_pass(40, rate_hz).response(40, rate_hz)) == pytest.approx(half_power)
    for mains in (50.0, 60.0):
        assert abs(notch(mains, rate_hz, 10).response(mains, rate_hz)) < 1e-9
        assert abs(notch(mains, rate_hz, 10).response(10, rate_hz)) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("mains", [Mains.HZ_50, Mains.HZ_60])
def test_mains_vanish_and_the_rest_stays(mains: Mains) -> None:
    t = np.arange(4 * RATE_HZ) / RATE_HZ
    slow, hum = 500 * np.sin(2 * np.pi * 10 * t), 300 * np.sin(2 * np.pi * mains * t)
    samples = np.rint(slow + hum).astype(np.int16)[None]
    out = filtered(samples, FilterSetting(HighPass.NONE, LowPass.NONE, mains), RATE_HZ, 1000)[0]
    settled = slice(2 * RATE_HZ, None)
    assert np.abs(out[settled] - slow[settled]).max() < 30  # what remains is the notch's phase at 10 Hz
    other = Mains.HZ_60 if mains is Mains.HZ_50 else Mains.HZ_50
    wrong = filtered(samples, FilterSetting(HighPass.NONE, LowPass.NONE, other), RATE_HZ, 1000)[0]
    assert np.abs(wrong[settled] - slow[settled]).max() > 150


def test_the_diagnostic_band_is_flat_to_0_9_db_at_0_67_hz() -> None:
    gain = abs(first_order_high_pass(0.05, RATE_HZ).response(0.67, RATE_HZ))
    assert abs(20 * math.log10(gain)) < 0.9


def test_an_offset_of_the_electrodes_is_gone_from_the_first_sample() -> None:
    samples = np.full((2, 100), 30_000, dtype=np.int16)
    assert np.abs(filtered(samples, LIVE, RATE_HZ, 1000)).max() < 1e-6


def test_output_is_microvolts_whatever_the_step() -> None:
    samples = np.zeros((1, 10), dtype=np.int16)
    samples[0, 5] = 100
    unfiltered = FilterSetting(HighPass.NONE, LowPass.NONE)
    assert filtered(samples, unfiltered, RATE_HZ, 4880)[0, 5] == pytest.approx(488.0)


@st.composite
def signals(draw: st.DrawFn) -> np.ndarray:
    """Two leads of noise with holes of every length."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    samples = generator.integers(-32767, 32768, (2, draw(st.integers(1, 700)))).astype(np.int16)
    for lead, first, length in draw(
        st.lists(st.tuples(st.integers(0, 1), st.integers(0, 699), st.integers(1, 300)), max_size=4)
    ):
        samples[lead, first : first + length] = MISSING
    return samples


@given(signals(), st.lists(st.integers(0, 200), max_size=20), st.sampled_from(ALL_SETTINGS))
@settings(max_examples=150, deadline=None)
def test_chunks_change_no_bit(samples: np.ndarray, sizes: list[int], setting: FilterSetting) -> None:
    live = LiveFilter(setting, RATE_HZ, 2, 2500)
    in_chunks = np.concatenate([live.feed(chunk) for chunk in cut(samples, sizes)], axis=1)
    whole = filtered(samples, setting, RATE_HZ, 2500)
    assert in_chunks.tobytes() == whole.tobytes()
    assert np.array_equal(np.isnan(whole), samples == MISSING)


def with_hole(length: int) -> np.ndarray:
    samples = np.full((1, 3 * RATE_HZ), 1000, dtype=np.int16)
    samples[0, : RATE_HZ // 2] = 0
    samples[0, RATE_HZ : RATE_HZ + length] = MISSING
    return samples


def test_a_short_hole_keeps_the_baseline_and_a_long_one_finds_it_anew() -> None:
    short = filtered(with_hole(RATE_HZ // 5), LIVE, RATE_HZ, 1000)[0]
    assert short[RATE_HZ + RATE_HZ // 5] > 800
    long = filtered(with_hole(RATE_HZ // 5 + 1), LIVE, RATE_HZ, 1000)[0]
    assert abs(long[RATE_HZ + RATE_HZ // 5 + 1]) < 1e-6


def test_a_hole_is_as_long_when_it_comes_in_pieces() -> None:
    samples, live = with_hole(RATE_HZ // 5 + 1), LiveFilter(LIVE, RATE_HZ, 1, 1000)
    single = np.concatenate([live.feed(samples[:, k : k + 1]) for k in range(samples.shape[1])], axis=1)
    assert single.tobytes() == filtered(samples, LIVE, RATE_HZ, 1000).tobytes()


def test_a_restart_forgets_everything() -> None:
    used = LiveFilter(LIVE, RATE_HZ, 1, 1000)
    used.feed(np.full((1, 300), 5000, dtype=np.int16))
    used.feed(np.zeros((1, 50), dtype=np.int16))
    samples = np.arange(100, dtype=np.int16)[None] * 20
    assert used.feed(samples).tobytes() != filtered(samples, LIVE, RATE_HZ, 1000).tobytes()
    used.restart()
    assert used.feed(samples).tobytes() == filtered(samples, LIVE, RATE_HZ, 1000).tobytes()


def test_a_filter_the_rate_cannot_carry_is_refused_with_the_rate_it_needs() -> None:
    with pytest.raises(SignalError, match="150 Hz filter at 250 Hz; it needs at least 333 Hz"):
        LiveFilter(FilterSetting(), 250, 1, 1000)
    with pytest.raises(SignalError, match=r"int16 \(2, n\) is right"):
        LiveFilter(LIVE, RATE_HZ, 2, 1000).feed(np.zeros((3, 5), dtype=np.int16))
