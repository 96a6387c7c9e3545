"""A line whose width is known."""

from media.estimate import Estimate
from media.narrow_line import SHARE


class KnownEstimate(Estimate):
    """`known_bps`: what the line carries; None: everything."""

    def __init__(self, known_bps: float | None) -> None:
        super().__init__()
        self.known_bps = known_bps

    @property
    def is_narrow(self) -> bool:
        return self.known_bps is not None

    @property
    def is_probing(self) -> bool:
        return False

    @property
    def bps(self) -> float:
        return self.known_bps or 0.0

    @property
    def usable_bps(self) -> float:
        return SHARE * self.bps

    @property
    def rate_bps(self) -> float:
        return SHARE * self.bps
