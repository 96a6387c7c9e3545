"""A frame without a known clock stands between the arrivals of the key frames around it."""

import random

from cloudclinic.tape_arrivals import Arrivals
from records.store.tape_fragments import KeyPlace

S = 1_000_000
HZ = 90_000
WRAP = 1 << 32


def key(at_us: int, ticks: int) -> KeyPlace:
    return KeyPlace(1, at_us, ticks % WRAP)


def test_a_frame_stands_at_one_place_whatever_of_the_tape_is_read() -> None:
    keys = [key(10 * S * number, 900_000 * number + WRAP - 1_000_000) for number in range(4)]  # it wraps
    whole = Arrivals(HZ, keys)
    for number in range(120):
        ticks, at_us = WRAP - 1_000_000 + 22_500 * number, 250_000 * number
        arrived_us = at_us + random.Random(number).randrange(80_000)
        assert whole.place_us(ticks % WRAP, arrived_us) == at_us


def test_a_senders_clock_that_runs_fast_leads_no_frame_away() -> None:
    keys = [key(10 * S * number, 900_900 * number) for number in range(100)]  # 1000 ppm
    assert Arrivals(HZ, keys).place_us(900_900 * 50 + 450_450, 505 * S) == 505 * S
    assert Arrivals(HZ, keys[:51]).place_us(900_900 * 50 + 45_000, 500 * S + S // 2) == 500 * S + S // 2


def test_key_frames_that_come_often_and_jitter_make_no_frame_stutter() -> None:
    jitter = random.Random(5)
    keys = [key(S * number + jitter.randrange(100_000), 90_000 * number) for number in range(60)]
    arrivals = Arrivals(HZ, keys)
    places = [arrivals.place_us(3_000 * number, S * number // 30) for number in range(1_800)]
    steps = [b - a for a, b in zip(places, places[1:], strict=False)]
    assert max(abs(step - S // 30) for step in steps) < 1_000


def test_a_senders_clock_that_was_set_moves_no_frame_behind_the_next_key_frame() -> None:
    back = Arrivals(HZ, [key(0, 900_000), key(10 * S, 0), key(20 * S, 900_000)])
    assert back.place_us(900_000 + 450_000, 5 * S) == 5 * S
    assert back.place_us(900_000 + 990_000, 9 * S) == 10 * S
    assert back.place_us(450_000, 15 * S) == 15 * S


def test_without_key_frames_the_first_frame_asked_for_counts() -> None:
    voice = Arrivals(48_000)
    assert [voice.place_us(960 * number, 7 * S + 30_000 * number) for number in range(3)] == [
        7 * S,
        7 * S + 20_000,
        7 * S + 40_000,
    ]
    old = Arrivals(HZ, [KeyPlace(1, 3 * S)])  # a tape from before the timestamps were kept
    assert old.place_us(5, 4 * S) == 4 * S
