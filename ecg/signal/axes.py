"""The electrical axis in the frontal plane, from the net areas of I and aVF."""

from dataclasses import dataclass
from math import atan2, degrees, hypot, sqrt

LEAST_UV_MS = 400.0
"""A smaller net area in the plane points nowhere: 10 microvolts in the mean over 40 ms."""


@dataclass(frozen=True, slots=True)
class NetAreas:
    """Areas above less areas below the line, in microvolt milliseconds."""

    lead_i: float
    avf: float

    @property
    def size(self) -> float:
        """How large the net area in the plane is."""
        return hypot(self.lead_i, self.avf * 2 / sqrt(3))


def axis_degrees(areas: NetAreas) -> float | None:
    """-180 to 180 degrees, 0 to the left, 90 down; None where the net area is too small.

    aVF sees the plane's vertical with sqrt(3)/2 of the gain of I (Novosel et al., Croat Med J 1999).
    """
    if areas.size < LEAST_UV_MS:
        return None
    return degrees(atan2(areas.avf * 2 / sqrt(3), areas.lead_i))
