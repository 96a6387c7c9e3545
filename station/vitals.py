"""A simulated monitor: pulse rate and oxygen saturation, marked as simulated wherever they are shown."""

import math
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from records.residents import ReadingKind
from signaling.station_messages import StationReading

INTERVAL_S = 2.0
"""A live number that is older than 3 s is not shown as live."""

KEPT_US = 600_000_000
SENT_AT_ONCE = 20
"""Readings of before that are sent in one turn, so that those of now are never held up."""


class Vital(NamedTuple):
    """One simulated value, in the unit of its kind."""

    kind: ReadingKind
    value: float


def simulated_vitals(measured_us: int) -> tuple[Vital, Vital]:
    """What the monitor shows at this instant: a resting adult, breathing quietly."""
    breath = math.sin(measured_us / 1e6 * 2 * math.pi / 17)
    return (
        Vital(ReadingKind.PULSE_RATE, float(round(72 + 3 * breath))),
        Vital(ReadingKind.OXYGEN_SATURATION, float(round(97 + breath))),
    )


class UnsentReadings:
    """Readings that were taken while the line was cut: the last ten minutes of them, oldest first."""

    def __init__(self) -> None:
        self._readings: deque[StationReading] = deque()

    def keep(self, readings: Iterable[StationReading], now_us: int) -> None:
        """Keep some, and forget what is too old."""
        self._readings.extend(readings)
        while self._readings and now_us - self._readings[0].measured_us > KEPT_US:
            self._readings.popleft()

    def take(self) -> list[StationReading]:
        """The oldest ones, as many as are sent in one turn; they are not kept any more."""
        return [self._readings.popleft() for _ in range(min(SENT_AT_ONCE, len(self._readings)))]
