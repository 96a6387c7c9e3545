"""The one clock of a tape: acts, packets and the moment of a withdrawal are told by it.

It shows the wall clock's time when the tape began and goes on by the machine's monotonic clock: a step of
NTP in the middle of a consult moves nothing on the tape against anything else on it.
"""

import datetime as dt
import time
from collections.abc import Callable

from signaling import moments


def monotonic_us() -> int:
    """The machine's monotonic clock, the same for every process on it."""
    return time.monotonic_ns() // 1000


class TapeClock:
    """Begins now. `epoch_us`: what this clock showed when the monotonic one stood at zero."""

    def __init__(self, wall: Callable[[], dt.datetime], monotonic: Callable[[], int] = monotonic_us) -> None:
        self._wall, self._monotonic = wall, monotonic
        self.epoch_us = moments.to_us(wall()) - monotonic()

    def now_us(self) -> int:
        """Microseconds since 1970."""
        return self.epoch_us + self._monotonic()

    def of(self, moment: dt.datetime) -> int:
        """A moment just now, taken from the wall clock, as this clock showed it."""
        return moments.to_us(moment) - self.stepped_us()

    def stepped_us(self) -> int:
        """By how much the wall clock was set on since the tape began."""
        return moments.to_us(self._wall()) - self.now_us()
