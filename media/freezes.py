"""Freezes of a picture, by the times of its frames (W3C webrtc-stats, `freezeCount`). Pure."""

_AVERAGED = 30
_AT_LEAST_S = 0.15


class Freezes:
    """Counts pauses longer than three times, or 150 ms more than, what the last thirty frames took."""

    def __init__(self) -> None:
        self.count = 0
        self.total_s = 0.0
        self._last_at: float | None = None
        self._average_s: float | None = None

    def frame(self, now: float) -> None:
        """A frame began."""
        last, self._last_at = self._last_at, now
        if last is None:
            return
        apart_s = now - last
        average_s = self._average_s
        if average_s is not None and apart_s > max(3 * average_s, average_s + _AT_LEAST_S):
            self.count += 1
            self.total_s += apart_s
            return  # a freeze is no measure of what is usual
        self._average_s = apart_s if average_s is None else average_s + (apart_s - average_s) / _AVERAGED

    def pause(self) -> None:
        """Nothing is meant to come for a while: the next frame ends no freeze."""
        self._last_at = None
