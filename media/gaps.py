"""Which packets of a source are missing, and when to ask for them (again). Pure."""

ASK_AGAIN_S = 0.05
GIVE_UP_S = 1.0
MAX_TRIES = 10
MAX_MISSING = 256  # more at once is not loss but a new start


class Gaps:
    """Missing sequence numbers, full (not wrapped)."""

    def __init__(self) -> None:
        self._missing: dict[int, tuple[float, float, int]] = {}  # first missed, last asked, times asked

    def __bool__(self) -> bool:
        return bool(self._missing)

    def jumped(self, after: int, to: int, now: float) -> None:
        """A packet arrived that is not the next one: everything between is missing."""
        if to - after - 1 > MAX_MISSING:
            self._missing.clear()
            return
        for sequence in range(after + 1, to):
            self._missing[sequence] = (now, float("-inf"), 0)

    def filled(self, sequence: int) -> None:
        """A late packet arrived."""
        self._missing.pop(sequence, None)

    def due(self, now: float) -> list[int]:
        """What to ask for now; what is too old is given up."""
        asked = []
        for sequence, (missed, last, tries) in list(self._missing.items()):
            if now - missed >= GIVE_UP_S or tries >= MAX_TRIES:
                del self._missing[sequence]
            elif now - last >= ASK_AGAIN_S:
                self._missing[sequence] = (missed, now, tries + 1)
                asked.append(sequence)
        return asked
