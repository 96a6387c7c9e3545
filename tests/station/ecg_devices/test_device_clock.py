"""A device's count on the station's clock: late arrivals do not move it, drift is found, lies are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.ecg_devices.device_clock import ClockUnfit, DeviceClock

START_US = 1_790_000_000_000_000
PER_BLOCK = 10


def run(
    clock: DeviceClock, seconds: float, *, ppm: float = 0, jitter_us: int = 0, seed: int = 1
) -> list[float]:
    """Feed arrivals of a 500 Hz device that is off by `ppm`; the error of each block's capture time."""
    rng = np.random.default_rng(seed)
    errors = []
    for end in range(PER_BLOCK, int(seconds * 500), PER_BLOCK):
        taken_us = START_US + (end - 1) * 2000 * (1 + ppm / 1e6)
        clock.observe(end, round(taken_us + rng.exponential(jitter_us)) if jitter_us else round(taken_us))
        errors.append(clock.captured_us(end - 1) - taken_us)
    return errors


def test_arrivals_that_come_late_do_not_move_it() -> None:
    errors = run(DeviceClock(500), 60, jitter_us=5000)
    settled = np.array(errors[500:])
    assert np.abs(settled).max() < 1000


@pytest.mark.parametrize("ppm", [-2000, -100, 0, 40, 100, 2000])
def test_a_quartz_that_is_off_is_found_and_followed(ppm: float) -> None:
    clock = DeviceClock(500)
    errors = run(clock, 300, ppm=ppm, jitter_us=3000)
    assert clock.drift_ppm == pytest.approx(ppm, abs=10)
    assert np.abs(errors[-5000:]).max() < 1000


def test_nothing_is_said_of_a_drift_in_the_first_seconds() -> None:
    clock = DeviceClock(500)
    run(clock, 15, ppm=100)
    assert clock.drift_ppm is None


@given(st.integers(0, 1000), st.floats(-1000, 1000))
@settings(max_examples=20, deadline=None)
def test_capture_times_go_forward_without_a_jump_once_it_has_settled(seed: int, ppm: float) -> None:
    clock, rng = DeviceClock(500), np.random.default_rng(seed)
    before = None
    for end in range(PER_BLOCK, 60 * 500, PER_BLOCK):
        clock.observe(end, round(START_US + (end - 1) * 2000 * (1 + ppm / 1e6) + rng.exponential(2000)))
        at = clock.captured_us(end)
        if before is not None and end > 10 * 500:
            assert abs(at - before - PER_BLOCK * 2000) <= 6000  # a step only where the line was surely late
            assert at > before
        before = at


def test_a_sample_is_never_said_to_be_taken_well_after_it_arrived() -> None:
    clock = DeviceClock(500)
    clock.observe(10, START_US + 1_000_000)  # held up at first by a second
    clock.observe(20, START_US + 20 * 2000)
    assert clock.captured_us(19) <= START_US + 20 * 2000


@pytest.mark.parametrize("real_hz", [100, 250, 480, 510, 1000])
def test_another_rate_than_was_said_is_refused(real_hz: float) -> None:
    clock = DeviceClock(500)
    with pytest.raises(ClockUnfit, match=r"samples a second come, not the 500 it said|were not counted"):
        for end in range(PER_BLOCK, 500 * 60, PER_BLOCK):
            clock.observe(end, round(START_US + end * 1e6 / real_hz))


def test_samples_left_out_without_being_counted_are_noticed() -> None:
    clock = DeviceClock(500)
    run(clock, 30)
    with pytest.raises(ClockUnfit, match=r"about 1\.0 s of samples are missing and were not counted"):
        for end in range(30 * 500, 60 * 500, PER_BLOCK):
            clock.observe(end, START_US + end * 2000 + 1_000_000)


def test_a_line_that_is_held_up_for_seconds_is_no_loss() -> None:
    clock = DeviceClock(500)
    run(clock, 30)
    for end in range(30 * 500, 33 * 500, PER_BLOCK):
        clock.observe(end, START_US + 33 * 1_000_000)
    for end in range(33 * 500, 60 * 500, PER_BLOCK):
        clock.observe(end, START_US + (end - 1) * 2000)
    assert abs(clock.captured_us(60 * 500) - START_US - 60_000_000) < 1000
