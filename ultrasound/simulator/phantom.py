"""A tissue phantom as such things are built for testing scanners: wires and cysts at known places.

Places are millimetres: across from the middle of the probe's face, to the right; deep from the face, down.
"""

import enum
import math
from dataclasses import dataclass


class Probe(enum.Enum):
    """The shape of what is seen: half its face in millimetres, the radius it is curved by, half its angle."""

    LINEAR = (20.0, math.inf, 0.0)
    CURVED = (25.0, 50.0, math.radians(30))
    PHASED = (0.0, 0.0, math.radians(42))


@dataclass(frozen=True, slots=True)
class Wire:
    """A thin bright wire seen end on."""

    across_mm: float
    deep_mm: float


@dataclass(frozen=True, slots=True)
class Cyst:
    """A dark disc with a thin bright wall; `pulse_mm`: how much wider it is at the height of each beat."""

    across_mm: float
    deep_mm: float
    diameter_mm: float
    pulse_mm: float = 0.0


WIRES = (
    *(Wire(0.0, float(deep)) for deep in range(10, 300, 10)),
    *(Wire(float(across), 30.0) for across in (-15, -10, -5, 5, 10, 15)),
)
"""A column every centimetre in the middle, and a row every half centimetre at a depth of 3 cm."""

CYSTS = (
    Cyst(-10.0, 20.0, 4.0),
    Cyst(10.0, 20.0, 6.0, pulse_mm=1.0),
    Cyst(-12.0, 60.0, 10.0),
    Cyst(14.0, 80.0, 16.0, pulse_mm=2.0),
    Cyst(-20.0, 110.0, 20.0),
)
"""Two of them are vessels, and beat once a second."""

BEAT_US = 1_000_000


def diameter_mm(cyst: Cyst, at_us: int) -> float:
    """How wide a cyst is at that time."""
    phase = 2 * math.pi * (at_us % BEAT_US) / BEAT_US
    return cyst.diameter_mm + cyst.pulse_mm * (1 - math.cos(phase)) / 2
