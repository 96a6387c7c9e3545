"""Rates over the last seconds, from counters that only grow. Pure."""

from collections import deque

WINDOW_S = 3.0


class Rates:
    """Frames and bits per second of one stream."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int, int]] = deque()

    def sample(self, now: float, frames: int, size_bytes: int) -> None:
        """Note the counters; call about once a second."""
        self._samples.append((now, frames, size_bytes))
        while len(self._samples) > 2 and now - self._samples[0][0] > WINDOW_S:
            self._samples.popleft()

    def rates(self) -> tuple[float | None, float]:
        """Frames a second (None: not known yet) and bits a second."""
        if len(self._samples) < 2 or self._samples[-1][0] <= self._samples[0][0]:
            return None, 0.0
        (begin, frames, size), (end, frames_now, size_now) = self._samples[0], self._samples[-1]
        return (frames_now - frames) / (end - begin), 8 * (size_now - size) / (end - begin)
