"""Median and percentiles of raw values."""

from collections.abc import Sequence


class Spread:
    """Of all the values that were measured; None for each figure when there are too few to speak of."""

    def __init__(self, values: Sequence[float], least: int = 5) -> None:
        self._sorted = sorted(values)
        self._enough = len(values) >= least

    def __len__(self) -> int:
        return len(self._sorted)

    def at(self, share: float) -> float | None:
        """The value that `share` of all are at or below (nearest rank)."""
        if not self._enough:
            return None
        return self._sorted[min(len(self._sorted) - 1, int(share * len(self._sorted)))]

    @property
    def median(self) -> float | None:
        return self.at(0.5)

    @property
    def p95(self) -> float | None:
        return self.at(0.95)

    @property
    def most(self) -> float | None:
        return self.at(1.0)

    def why(self, reason: str) -> str:
        """How many values there are, or the reason why there are none."""
        return f"n={len(self)}" if self._enough else f"{reason} (n={len(self)})"
