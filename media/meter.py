"""A rate over the last moments, from a counter of bytes that only grows. Pure."""

from collections import deque


class Meter:
    """Bits a second over the last `window_s`, of a counter that is looked at again and again."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._samples: deque[tuple[float, int]] = deque()

    def look(self, now: float, counted_bytes: int) -> None:
        """Note the counter."""
        samples = self._samples
        samples.append((now, counted_bytes))
        while len(samples) > 2 and now - samples[1][0] >= self._window_s:
            samples.popleft()

    @property
    def bits_per_second(self) -> float:
        """0 until there were two looks."""
        if len(self._samples) < 2:
            return 0.0
        (begin, before), (end, after) = self._samples[0], self._samples[-1]
        return 8 * (after - before) / (end - begin) if end > begin else 0.0
