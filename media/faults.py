"""Exceptions of ours while one peer was served: kept from the others, counted, told; its end if they repeat.

Pure but for standard error.
"""

import sys
import traceback
from collections import deque

ENDS_AFTER, WITHIN_S = 3, 10.0
_QUIET_S = 10.0


class FaultLog:
    """All of a process. Told at most once in ten seconds: a packet that does it comes again at once."""

    def __init__(self) -> None:
        self.count = 0
        self._quiet_until = float("-inf")

    def note(self, whose: str, error: Exception, now: float) -> None:
        """Count it, and say whose it was and where; not what its text says, as that may quote what came."""
        self.count += 1
        if now < self._quiet_until:
            return
        self._quiet_until = now + _QUIET_S
        frames = traceback.extract_tb(error.__traceback__)
        where = f" in {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
        told = f"media worker: {whose} failed: {type(error).__name__}{where}; {self.count} in all"
        print(told, file=sys.stderr)


class Faults:
    """Those of one peer."""

    def __init__(self) -> None:
        self._at: deque[float] = deque(maxlen=ENDS_AFTER)

    def repeat(self, now: float) -> bool:
        """Note one; whether there were so many within a short time that it should be closed."""
        self._at.append(now)
        return len(self._at) == ENDS_AFTER and now - self._at[0] <= WITHIN_S
