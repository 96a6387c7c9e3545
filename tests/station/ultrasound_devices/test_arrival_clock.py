"""Stamps of an unknown clock become times of the station's: even, rising, and following a drift."""

import itertools

from station.ultrasound_devices.arrival_clock import ArrivalClock

FRAME_US = 40_000
START_US = 1_790_000_000_000_000


def test_frames_that_are_held_up_are_of_when_they_were_taken() -> None:
    clock = ArrivalClock()
    late_us = [0, 9_000, 2_000, 35_000, 1_000]
    found = [
        clock.captured_us(number * FRAME_US, START_US + number * FRAME_US + late)
        for number, late in enumerate(late_us)
    ]
    assert found == [START_US + number * FRAME_US for number in range(5)]


def test_a_source_that_runs_slower_is_followed_within_ten_seconds() -> None:
    clock = ArrivalClock()
    step_us = FRAME_US + 8  # 200 ppm
    for number in range(3000):
        arrived_us = START_US + number * step_us
        captured_us = clock.captured_us(number * FRAME_US, arrived_us)
        assert 0 <= arrived_us - captured_us <= 10_000_000 * 200e-6 + 1


def test_a_source_that_began_anew_or_has_no_stamps_is_of_its_arrival() -> None:
    clock = ArrivalClock()
    assert clock.captured_us(900_000_000, START_US) == START_US
    assert clock.captured_us(0, START_US + 50_000) == START_US + 50_000
    assert clock.captured_us(None, START_US + 90_000) == START_US + 90_000
    assert clock.captured_us(60_000_000, START_US + 99_000) == START_US + 99_000


def test_times_always_rise() -> None:
    clock = ArrivalClock()
    arrivals = [0, 40_000, 5_000_000, 5_000_001, 5_000_002, 5_000_002]
    found = [clock.captured_us(number * FRAME_US, START_US + at) for number, at in enumerate(arrivals)]
    assert all(after > before for before, after in itertools.pairwise(found))
