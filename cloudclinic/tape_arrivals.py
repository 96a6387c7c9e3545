"""Where frames stand that no known clock stamped: between the arrivals of the key frames around them. Pure.

So a frame has one place, whatever part of the tape is read; arrivals that jitter do not make it stutter, and
a sender's clock that runs fast or slow does not lead it away from the rest.
"""

from bisect import bisect_right
from collections.abc import Sequence

from records.store.tape_fragments import KeyPlace

ANCHOR_US = 5_000_000
"""Arrivals that are nearer to each other tell more of the network's jitter than of the sender's clock."""


class Arrivals:
    """The arrivals of one stream. `keys`: in the order they came; without them the first frame asked for."""

    def __init__(self, clock_rate_hz: int, keys: Sequence[KeyPlace] = ()) -> None:
        self._rate_hz = clock_rate_hz
        self._ticks: list[int] = []  # timestamps without wrap
        self._at_us: list[int] = []
        for key in keys:
            if key.timestamp is not None and (not self._at_us or key.at_us - self._at_us[-1] >= ANCHOR_US):
                self._add(key.timestamp, key.at_us)

    def place_us(self, timestamp: int, at_us: int) -> int:
        """Where a frame stands; `at_us`: when it arrived."""
        if not self._ticks:
            self._add(timestamp, at_us)
        near = max(0, bisect_right(self._at_us, at_us) - 1)
        ticks = _unwrapped(timestamp, self._ticks[near])
        at = max(0, bisect_right(self._ticks, ticks) - 1)
        since_us = self._duration_us(ticks - self._ticks[at])
        if since_us < 0 or at + 1 == len(self._ticks):
            return self._at_us[at] + since_us
        told_us = self._duration_us(self._ticks[at + 1] - self._ticks[at])
        run_us = self._at_us[at + 1] - self._at_us[at]
        if told_us // 2 < run_us < 2 * told_us:
            return self._at_us[at] + since_us * run_us // told_us
        return self._at_us[at] + min(since_us, run_us)  # the sender's clock was set in between

    def _duration_us(self, ticks: int) -> int:
        return ticks * 1_000_000 // self._rate_hz

    def _add(self, timestamp: int, at_us: int) -> None:
        """A sender's clock is taken to go on, even where it was set back."""
        last = self._ticks[-1] if self._ticks else 0
        self._ticks.append(last + (timestamp - last) % (1 << 32))
        self._at_us.append(at_us)


def _unwrapped(timestamp: int, near: int) -> int:
    """The timestamp without its wrap at 32 bits, next to one that is known."""
    return near + (timestamp - near + (1 << 31)) % (1 << 32) - (1 << 31)
