"""When a frame was captured, for a source whose clock nobody knows: its stamps, on the station's clock."""

from collections import deque

KEPT_US = 10_000_000
MOST_JUMP_US = 5_000_000


class ArrivalClock:
    """Maps a source's stamps by the frames that came soonest: what came later was held up on the way.

    Over ten seconds, so that a clock that runs a little faster or slower is followed. What every frame takes
    on its way is not known and not taken off.
    """

    def __init__(self) -> None:
        self._ways: deque[tuple[int, int]] = deque()
        self._last_stamp_us: int | None = None
        self._last_us: int | None = None

    def captured_us(self, stamp_us: int | None, arrived_us: int) -> int:
        """The station's time of a frame with that stamp, or none; later than every one before."""
        mapped = arrived_us if stamp_us is None else self._mapped(stamp_us, arrived_us)
        if self._last_us is not None:
            mapped = max(mapped, self._last_us + 1)
        self._last_us = mapped
        return mapped

    def _mapped(self, stamp_us: int, arrived_us: int) -> int:
        last = self._last_stamp_us
        if last is not None and not 0 <= stamp_us - last <= MOST_JUMP_US:
            self._ways.clear()  # the source began anew, or jumped
        self._last_stamp_us = stamp_us
        way = arrived_us - stamp_us
        while self._ways and self._ways[-1][1] >= way:
            self._ways.pop()
        self._ways.append((arrived_us, way))
        while self._ways[0][0] < arrived_us - KEPT_US:
            self._ways.popleft()
        return stamp_us + self._ways[0][1]
