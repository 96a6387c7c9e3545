"""How long packets take from here to a viewer, against the shortest lately. Pure.

The clocks of both ends need not agree; a time may be negative. Only differences of it mean something.
"""

_SHORTEST_S = 30.0  # the best of the last half to one minute


class OneWay:
    """Fed with each report; asked how much longer the way is, and since when it has not become shorter."""

    def __init__(self, step_s: float) -> None:
        self._step_s = step_s  # shorter by less is not shorter
        self._before_s = self._shortest_s = self._last_s = self._least_s = float("inf")
        self._since = self._least_at = self._sent_s = float("-inf")

    def took(self, seconds: float, sent_s: float) -> None:
        """Packets that were sent then, later than all before, took so long."""
        if sent_s - self._since >= _SHORTEST_S:
            self._before_s, self._shortest_s, self._since = self._shortest_s, seconds, sent_s
        self._shortest_s, self._last_s = min(self._shortest_s, seconds), seconds
        if seconds < self._least_s - self._step_s:
            self._least_s, self._least_at = seconds, sent_s
        self._sent_s = sent_s

    def watch(self) -> None:
        """Look from the next packets on whether it becomes shorter."""
        self._least_s = float("inf")

    @property
    def still_s(self) -> float:
        """For how long, of what is sent, it has not become shorter since `watch`."""
        return self._sent_s - self._least_at

    def is_another(self) -> None:
        """It is as long as it is now, for good: the network has changed."""
        self._before_s = self._shortest_s = self._last_s

    @property
    def shortest_s(self) -> float:
        """The time without a queue; infinite before anything is known."""
        return min(self._before_s, self._shortest_s)

    @property
    def longer_s(self) -> float:
        """How much longer than that it takes now; 0 before anything is known."""
        return max(0.0, self._last_s - self.shortest_s) if self._last_s < float("inf") else 0.0
