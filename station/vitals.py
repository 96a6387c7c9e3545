"""A simulated monitor: pulse rate and oxygen saturation, marked as simulated wherever they are shown."""

import math
from typing import NamedTuple

from records.residents import ReadingKind

INTERVAL_S = 5.0


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
