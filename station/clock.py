"""The station's one clock, and how far it is from the server's. See `docs/time.md`."""

import math
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

PROBE_INTERVAL_S = 10.0
BEST_OF = 8
DRIFT_PPM = 100
"""What two quartz clocks that nobody steers drift apart at the most; see also `signaling/binding_end.py`."""


class StationClock:
    """Microseconds since 1970: UTC read once, the monotonic clock from then on.

    It never jumps, whatever is done to the machine's clock; how far it is from the server's is measured.
    """

    def __init__(
        self, utc_ns: Callable[[], int] = time.time_ns, monotonic_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self._monotonic_ns = monotonic_ns
        self._utc_at_zero_ns = utc_ns() - monotonic_ns()

    def now_us(self) -> int:
        """Now."""
        return (self._utc_at_zero_ns + self._monotonic_ns()) // 1000


class Exchange(NamedTuple):
    """One four-stamp exchange (RFC 5905 section 8)."""

    offset_us: int  # station clock minus server clock
    delay_us: int  # there and back, without the server's own time
    returned_us: int

    def error_us(self, now_us: int) -> int:
        """The most the offset can be wrong by: half the way, and what two clocks drift apart since."""
        return math.ceil(self.delay_us / 2 + max(0, now_us - self.returned_us) * DRIFT_PPM / 1e6)

    def agrees(self, other: "Exchange") -> bool:
        """Whether both can be true of two clocks that only drifted between."""
        return abs(self.offset_us - other.offset_us) <= (
            self.error_us(other.returned_us) + other.error_us(self.returned_us) + 1
        )


class ClockOffset:
    """The offset of that exchange of the last eight which can be the least wrong by now.

    The error of an offset is at most half its delay, however unequal the two ways are, and the drift of the
    two clocks since. One that contradicts those before it says that a clock was set: those are forgotten.
    """

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=BEST_OF)

    @property
    def offset_us(self) -> int | None:
        """Station clock minus server clock; None before the first exchange."""
        return self._best.offset_us if self._exchanges else None

    @property
    def uncertainty_us(self) -> int | None:
        """The offset is right to plus or minus this."""
        return self._best.error_us(self._exchanges[-1].returned_us) if self._exchanges else None

    def take(self, sent_us: int, received_us: int, answered_us: int, returned_us: int) -> None:
        """Take in an exchange: first and last stamp by this clock, the two between by the server's.

        One whose way would be shorter than nothing is left aside: one of the clocks was set in between.
        """
        delay_us = (returned_us - sent_us) - (answered_us - received_us)
        if delay_us >= 0:
            offset_us = ((sent_us - received_us) + (returned_us - answered_us)) // 2
            exchange = Exchange(offset_us, delay_us, returned_us)
            if not all(exchange.agrees(before) for before in self._exchanges):
                self._exchanges.clear()
            self._exchanges.append(exchange)

    @property
    def _best(self) -> Exchange:
        now_us = self._exchanges[-1].returned_us
        return min(self._exchanges, key=lambda exchange: exchange.error_us(now_us))
