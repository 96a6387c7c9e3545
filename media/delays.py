"""How long packets stayed in this process, counted in fixed steps: cheap enough for every wake-up. Pure."""

import math

STEP_NS = 20_000
STEPS = 500  # up to 10 ms; the last step holds all that was longer


class Delays:
    """Counts of delays since the last but one `turn`: the newest ones are always among them."""

    def __init__(self) -> None:
        self._counts = [0] * (STEPS + 1)
        self._earlier = [0] * (STEPS + 1)

    def turn(self) -> None:
        """Forget what was counted before the last turn."""
        self._earlier, self._counts = self._counts, [0] * (STEPS + 1)

    def note(self, delay_ns: int) -> None:
        """Count one delay; one below 0 (the clock was set) is counted as 0."""
        self._counts[min(STEPS, max(0, delay_ns) // STEP_NS)] += 1

    def percentile_ms(self, share: float) -> float | None:
        """The delay that `share` (0 to 1) of all did not exceed, by nearest rank; None: none was counted."""
        counts = [now + before for now, before in zip(self._counts, self._earlier, strict=True)]
        rank, passed = max(1, math.ceil(sum(counts) * share)), 0
        for step, counted in enumerate(counts):
            passed += counted
            if passed >= rank:
                return (step + 1) * STEP_NS / 1e6
        return None
