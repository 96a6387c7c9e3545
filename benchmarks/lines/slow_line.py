"""A line with delay, jitter and losses, one way. Pure and seeded: time is passed in."""

import random
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Slowness:
    """`jitter_ms` is added to the delay or taken from it, evenly spread; packets keep their order."""

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    loss_percent: float = 0.0
    seed: int = 1


class SlowLine:
    """Give it packets as they come; take those that are due."""

    def __init__(self, slowness: Slowness) -> None:
        self._slowness = slowness
        self._random = random.Random(slowness.seed)
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._last_due = float("-inf")
        self.taken = self.lost = self.passed = 0

    def put(self, packet: bytes, now: float) -> None:
        """A packet enters the line."""
        self.taken += 1
        if self._random.random() * 100 < self._slowness.loss_percent:
            self.lost += 1
            return
        spread = self._random.uniform(-1, 1) * self._slowness.jitter_ms
        due = now + max(0.0, self._slowness.delay_ms + spread) / 1000
        self._last_due = max(due, self._last_due)
        self._waiting.append((self._last_due, packet))

    def due(self, now: float) -> list[bytes]:
        """The packets that leave it by now."""
        leaving = []
        while self._waiting and self._waiting[0][0] <= now:
            leaving.append(self._waiting.popleft()[1])
        self.passed += len(leaving)
        return leaving

    @property
    def next_due(self) -> float | None:
        """When the next one leaves; None while it is empty."""
        return self._waiting[0][0] if self._waiting else None
