"""How often one viewer may have a source asked for key frames: they are dear to all who see it. Pure."""

AT_ONCE = 4
EACH_S = 2.0


class KeyFrameWishes:
    """A few wishes at once, then one in two seconds; what comes too soon waits for its turn."""

    def __init__(self) -> None:
        self._left = float(AT_ONCE)
        self._earned_at: float | None = None
        self._wished_after: int | None = None  # so many key frames were sent when it was

    def wish(self, sent: int) -> None:
        """The viewer cannot go on without a key frame, after so many were sent to it."""
        self._wished_after = sent

    def due(self, now: float, sent: int) -> bool:
        """Whether to ask the source now; a key frame that was sent since has fulfilled the wish."""
        if self._wished_after is None:
            return False
        if sent > self._wished_after:
            self._wished_after = None
            return False
        earned = 0.0 if self._earned_at is None else (now - self._earned_at) / EACH_S
        self._left, self._earned_at = min(float(AT_ONCE), self._left + earned), now
        if self._left < 1:
            return False
        self._left -= 1
        self._wished_after = None
        return True
