"""The pace where detail goes first: fewer pictures, evenly, and back with room to spare."""

import pytest

from station.pace import DETAIL_BITS_PER_PIXEL, Pace

PIXELS, RATE_HZ = 640 * 480, 30.0
FULL_BPS = DETAIL_BITS_PER_PIXEL * PIXELS * RATE_HZ
FRAME_US = 33_333


def settled(pace: Pace, bits_per_s: float, now_us: int = 0) -> int:
    for step in range(100):
        pace.decide(bits_per_s, now_us + step * FRAME_US)
    return pace.every


@pytest.mark.parametrize(("share", "every"), [(1.0, 1), (0.9, 2), (0.5, 2), (0.4, 3), (0.3, 4), (0.01, 4)])
def test_as_many_are_sent_as_leave_each_its_bits(share: float, every: int) -> None:
    assert settled(Pace(PIXELS, RATE_HZ), share * FULL_BPS) == every


def test_a_slow_source_is_not_slowed_below_seven_a_second() -> None:
    assert settled(Pace(PIXELS, 15.0), 1.0) == 2
    assert settled(Pace(PIXELS, 10.0), 1.0) == 1


def test_a_dip_of_less_than_half_a_second_changes_nothing_and_more_takes_two() -> None:
    pace = Pace(PIXELS, RATE_HZ)
    assert [pace.decide(0.5 * FULL_BPS, us) for us in (0, 400_000)] == [1, 1]
    assert pace.decide(FULL_BPS, 450_000) == 1
    assert settled(pace, 0.5 * FULL_BPS, 1_000_000) == 2
    begin_us = 10_000_000
    assert pace.decide(1.2 * FULL_BPS, begin_us) == pace.decide(1.2 * FULL_BPS, begin_us + 9_000_000) == 2
    begin_us += 10_000_000
    assert pace.decide(2 * FULL_BPS, begin_us) == pace.decide(2 * FULL_BPS, begin_us + 1_900_000) == 2
    assert pace.decide(2 * FULL_BPS, begin_us + 2_000_000) == 1


def test_pictures_are_left_out_evenly_by_their_times() -> None:
    pace = Pace(PIXELS, RATE_HZ)
    settled(pace, 0.4 * FULL_BPS)
    jitter = [0, 4_000, -3_000, 2_000, 0, -4_000]
    due = [pace.is_due(number * FRAME_US + jitter[number % 6]) for number in range(18)]
    assert due == [number % 3 == 0 for number in range(18)]
