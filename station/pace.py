"""How many of the captured pictures are sent where detail goes before motion. Pure.

Every one, every second, third or fourth, evenly: as few as leave each the bits that fineness wants. Below
seven a second nothing more is left out; then the picture has to grow coarser after all.
"""

DETAIL_BITS_PER_PIXEL = 0.10
LEAST_RATE_HZ = 7.0
FASTER_BY = 1.5
SLOWER_AFTER_US = 500_000
FASTER_AFTER_US = 2_000_000
_MOST = 4


class Pace:
    """Decides with hysteresis, as `Reduction` does."""

    def __init__(self, pixels: int, rate_hz: float) -> None:
        self.every = 1
        self._pixels_per_s = pixels * rate_hz
        self._step_us = 1_000_000 / rate_hz
        self._most = max([1, *(every for every in range(2, _MOST + 1) if rate_hz / every >= LEAST_RATE_HZ)])
        self._towards = 0
        self._since_us = 0
        self._sent_us: int | None = None

    def decide(self, bits_per_s: float, now_us: int) -> int:
        """Of how many captured pictures one is sent, for what the line leaves for pictures."""
        wanted = self._wanted(bits_per_s)
        towards = (wanted > self.every) - (wanted < self.every)
        if towards != self._towards:
            self._towards, self._since_us = towards, now_us
        wait_us = SLOWER_AFTER_US if towards > 0 else FASTER_AFTER_US
        if towards and now_us - self._since_us >= wait_us:
            self.every, self._towards = wanted, 0
        return self.every

    def is_due(self, capture_us: int) -> bool:
        """Whether this picture is one of those that are sent."""
        if self.every > 1 and self._sent_us is not None:
            if 0 <= capture_us - self._sent_us < (self.every - 0.5) * self._step_us:
                return False
        self._sent_us = capture_us
        return True

    def _wanted(self, bits_per_s: float) -> int:
        for every in range(1, self._most + 1):
            spare = FASTER_BY if every < self.every else 1.0
            if bits_per_s * every >= DETAIL_BITS_PER_PIXEL * self._pixels_per_s * spare:
                return every
        return self._most
