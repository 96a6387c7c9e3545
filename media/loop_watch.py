"""How late an event loop comes back: by looks that were due, and by packets that waited. Pure but for stderr.

Nothing in a worker should block for more than 10 ms: while it does, every consult on it stands still. A look
several times a second may miss what blocks between two of them, but a call brings packets every few
milliseconds, and the kernel says since when they have waited. (A beat of a timer's own every 20 ms would see
the same; it was measured at 0.4 % of a core for an idle worker.)
"""

import math
import sys
from collections import deque
from collections.abc import Iterable

STOOD_STILL_S = 0.05
_WINDOW_S, _QUIET_S = 10.0, 10.0


class LoopWatch:
    """The lags of the last 10 s, and a line on standard error when one was long."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, float]] = deque()  # when, and how late
        self._waits: deque[tuple[float, float]] = deque()
        self._quiet_until = float("-inf")
        self._worst_untold_s = 0.0

    def look(self, lag_s: float, now: float) -> None:
        """A look that was due came so late."""
        _keep(self._looks, lag_s, now)
        _forget(self._waits, now)
        self._tell(lag_s, now)

    def waited(self, lag_s: float, now: float) -> None:
        """A packet waited so long until all was done with it; needed only when that was long."""
        _keep(self._waits, lag_s, now)
        self._tell(lag_s, now)

    def _tell(self, lag_s: float, now: float) -> None:
        """Say the worst at most every 10 s."""
        if lag_s > STOOD_STILL_S:
            self._worst_untold_s = max(self._worst_untold_s, lag_s)
        if self._worst_untold_s and now >= self._quiet_until:
            self._quiet_until = now + _QUIET_S
            print(f"media worker: stood still for {1000 * self._worst_untold_s:.0f} ms", file=sys.stderr)
            self._worst_untold_s = 0.0

    @property
    def worst_ms(self) -> float:
        """Of the last 10 s."""
        return 1000 * max((lag_s for lags in (self._looks, self._waits) for _, lag_s in lags), default=0.0)

    def percentile_ms(self, share: float) -> float:
        """The lag that `share` (0 to 1) of the looks of the last 10 s did not exceed, by nearest rank."""
        return 1000 * percentile((lag_s for _, lag_s in self._looks), share)


def _keep(lags: deque[tuple[float, float]], lag_s: float, now: float) -> None:
    lags.append((now, lag_s))
    _forget(lags, now)


def _forget(lags: deque[tuple[float, float]], now: float) -> None:
    while lags and now - lags[0][0] > _WINDOW_S:
        lags.popleft()


def percentile(values: Iterable[float], share: float) -> float:
    """By nearest rank; 0 of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0
