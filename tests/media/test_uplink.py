"""What a publisher's line carries, by how its packets arrive."""

import random

import pytest

from media.uplink import Uplink

MOST = 6_000_000.0


class Queue:
    """A line with a queue of 300 ms before it: what does not fit is lost."""

    def __init__(self) -> None:
        self.uplink = Uplink(MOST)
        self.carries_bps = 20e6
        self.free_at = self.now = 0.0
        self._ticked = self._reported = 0.0
        self._sent = self._lost = 0
        self.waited_s: list[float] = []
        self._chance = random.Random(3)

    def go(self, seconds: float, obedient: bool = True) -> None:
        """Thirty frames a second at no more than 4 Mbit/s, at 0.75 of what is allowed."""
        end = self.now + seconds
        while self.now < end:
            self.now += 1 / 30
            bps = min(4e6, 0.75 * self.uplink.bps) if obedient else 4e6
            for _ in range(max(1, round(bps / 30 / 8 / 1100))):
                self._send(1100)
            if self.now - self._ticked >= 0.05:
                self._ticked = self.now
                self.uplink.tick(self.now + 0.01)
            if self.now - self._reported >= 1.0:
                self._reported = self.now
                self.uplink.lost(self._lost / max(1, self._sent), self.now)
                self._sent = self._lost = 0

    def _send(self, size: int) -> None:
        self._sent += 1
        self.waited_s.append(max(0.0, self.free_at - self.now))
        if self.waited_s[-1] > 0.3:
            self._lost += 1
            return
        self.free_at = max(self.free_at, self.now) + 8 * size / self.carries_bps
        arrives = self.free_at + 0.01 + self._chance.uniform(0, 0.002)
        self.uplink.add(int(self.now * 262_144) & 0xFFFFFF, size, arrives)


def test_a_wide_line_is_not_limited() -> None:
    line = Queue()
    line.go(30)
    assert not line.uplink.is_limited


def test_a_line_that_becomes_narrow_is_found_before_its_queue_is_long_and_found_again_when_it_is_wide() -> (
    None
):
    line = Queue()
    line.go(5)
    line.carries_bps = 1e6
    line.go(3)
    assert 400_000 < line.uplink.bps < 1_400_000
    line.waited_s.clear()
    line.go(20)
    assert 500_000 < line.uplink.bps < 1_600_000 and sorted(line.waited_s)[len(line.waited_s) // 2] < 0.1
    line.carries_bps = 20e6
    line.go(8)
    assert line.uplink.bps > 3_000_000
    line.go(22)
    assert not line.uplink.is_limited


def test_many_losses_lower_the_estimate_and_few_do_not() -> None:
    line = Queue()
    line.go(2)
    line.uplink.lost(0.05, line.now)
    assert not line.uplink.is_limited
    line.uplink.lost(0.4, line.now)
    assert line.uplink.bps < 4e6


def test_packets_without_a_send_time_and_a_pause_say_nothing() -> None:
    uplink = Uplink(MOST)
    for step in range(200):
        uplink.add(None, 1200, step * 0.02)
        uplink.add(
            int((step * 0.02 + (step > 100) * 10) * 262_144) & 0xFFFFFF, 1200, step * 0.02 + (step > 100) * 20
        )
        uplink.tick(step * 0.02)
    assert not uplink.is_limited


def narrowing(uplink: Uplink, sent: float, arrived: float) -> float | None:
    """From now on a queue grows by a fifth of the time; when that is seen."""
    for number in range(5000):
        apart = 0.004 * number
        uplink.add(int((sent + apart) * 262_144) & 0xFFFFFF, 1200, arrived + 1.2 * apart)
        if number % 12 == 0:
            uplink.tick(sent + apart)
            if uplink.is_limited:
                return apart
    return None


def steady(uplink: Uplink, begin: float) -> None:
    for number in range(1000):
        at = 0.004 * number
        uplink.add(int(at * 262_144) & 0xFFFFFF, 1200, begin + at)
        uplink.tick(at)


@pytest.mark.parametrize("pause_s", [0.0, 2.0, 20.0, 33.0, 40.0, 63.0, 64.0, 90.0])
def test_after_a_pause_of_any_length_a_queue_is_seen_as_soon_as_before(pause_s: float) -> None:
    uplink = Uplink(MOST)
    steady(uplink, 500.0)
    seen = narrowing(uplink, 4.0 + pause_s, 504.0 + pause_s)
    assert seen is not None and seen < 1.0


@pytest.mark.parametrize("back_s", [0.05, 1.0, 60.0, 3600.0])
def test_a_clock_of_the_arrivals_that_is_set_back_hides_no_queue(back_s: float) -> None:
    uplink = Uplink(MOST)
    steady(uplink, 5000.0)
    seen = narrowing(uplink, 4.0, 5004.0 - back_s)
    assert seen is not None and seen < 1.0


def test_whatever_send_times_are_claimed_what_is_kept_is_bounded() -> None:
    uplink, chance = Uplink(MOST), random.Random(4)
    for number in range(20_000):
        uplink.add(262 * 6 * number & 0xFFFFFF, 1200, 100.0 + chance.random() * 0.05)
        uplink.tick(number / 1000)
    assert len(uplink._lately) <= 256 and len(uplink._least) <= 16


def test_a_busy_machine_at_either_end_is_no_queue() -> None:
    uplink, chance = Uplink(MOST), random.Random(9)
    looked_at = 0.0
    for number in range(30 * 60):
        sent = number / 30
        if sent + 0.01 > looked_at:  # it looks now, or as late as in 300 ms
            looked_at = sent + 0.01 + chance.choice((0.0, 0.0, 0.0, 0.05, 0.1, 0.2, 0.3))
        for _ in range(8):
            uplink.add(int(sent * 262_144) & 0xFFFFFF, 1100, max(looked_at, sent + 0.01))
        uplink.tick(sent + 0.02)
    assert not uplink.is_limited
