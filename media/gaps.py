"""Which packets of a source are missing, and when to ask for them (again). Pure.

A packet that is only late is not asked for: first it must be three places behind (as TCP counts it, RFC 5681
section 3.2) or missed for a little while.
"""

LATE_PACKETS = 3
LATE_S = 0.01
ASK_AGAIN_S = 0.05
GIVE_UP_S = 1.0
MAX_TRIES = 10
MAX_MISSING = 256  # in all; more is not loss but a new start, and all of them fit into one NACK
_NEVER = float("inf")


class Gaps:
    """Missing sequence numbers, full (not wrapped)."""

    def __init__(self) -> None:
        self._missing: dict[int, tuple[float, float, int]] = {}  # first missed, next asked, times asked
        self._due_at = self._due_from = _NEVER  # before this time and this sequence number nothing is due

    def __bool__(self) -> bool:
        return bool(self._missing)

    @property
    def due_at(self) -> float:
        """When to ask next, if no more packets come."""
        return self._due_at

    def jumped(self, after: int, to: int, now: float) -> bool:
        """A packet arrived that is not the next one: everything between is missing.

        False: that is too much to be asked for, and nothing is missed any more.
        """
        if len(self._missing) + to - after - 1 > MAX_MISSING:
            self._missing.clear()
            self._due_at = self._due_from = _NEVER
            return False
        for sequence in range(after + 1, to):
            self._missing[sequence] = (now, now + LATE_S, 0)
        self._due_at = min(self._due_at, now + LATE_S)
        self._due_from = min(self._due_from, after + 1 + LATE_PACKETS)
        return True

    def filled(self, sequence: int) -> None:
        """A late packet arrived."""
        self._missing.pop(sequence, None)

    def due(self, now: float, highest: int) -> list[int]:
        """What to ask for now, when `highest` is the newest that came; what is too old is given up."""
        if now < self._due_at and highest < self._due_from:
            return []
        asked = []
        self._due_at = self._due_from = _NEVER
        for sequence, (missed, next_at, tries) in list(self._missing.items()):
            if now - missed >= GIVE_UP_S or tries >= MAX_TRIES:
                del self._missing[sequence]
                continue
            if now >= next_at or (not tries and highest - sequence >= LATE_PACKETS):
                asked.append(sequence)
                tries, next_at = tries + 1, now + ASK_AGAIN_S
                self._missing[sequence] = (missed, next_at, tries)
            if not tries:
                self._due_from = min(self._due_from, sequence + LATE_PACKETS)
            self._due_at = min(self._due_at, next_at)
        return asked
