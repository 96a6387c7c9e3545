"""A leaky bucket in media time: how long what was sent takes to leave, at what the line drains. Pure."""

DRAIN = 0.9
"""Of what the line is said to carry (facts of congestion: the rest absorbs what the estimate is off)."""


class LineBucket:
    """Filled with every sent picture; empties at 0.9 of the line. Without a line it is always empty."""

    def __init__(self) -> None:
        self._bits = 0.0
        self._at_us: int | None = None
        self._drain: float | None = None

    def set_line(self, bits_per_s: int) -> None:
        """The line carries so much from now on."""
        self._drain = max(1.0, DRAIN * bits_per_s)

    def add(self, bits: int, at_us: int) -> None:
        """A picture was sent."""
        self._leak(at_us)
        self._bits += bits

    def waits_ms(self, at_us: int) -> float:
        """How long the last bit in it waits."""
        self._leak(at_us)
        return 0.0 if self._drain is None else 1000 * self._bits / self._drain

    def _leak(self, at_us: int) -> None:
        if self._drain is None:
            self._bits = 0.0
        elif self._at_us is not None and at_us > self._at_us:
            self._bits = max(0.0, self._bits - self._drain * (at_us - self._at_us) / 1_000_000)
        self._at_us = at_us
