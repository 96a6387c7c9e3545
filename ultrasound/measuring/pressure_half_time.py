"""How long a pressure gradient takes to halve, and the mitral valve area it means."""

import math
from collections.abc import Sequence

from ultrasound.measuring.doppler import measure_spectral
from ultrasound.measuring.frame import Frame
from ultrasound.measuring.interval import check_columns_apart
from ultrasound.measuring.made_of import check_positive, check_unit, made_of
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.points import Point, check_points
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.unit import Unit

_HALVED = 1 - 1 / math.sqrt(2)
"""The gradient goes with v^2: it is halved when the velocity has lost so much of its peak."""
_MVA_CM2_MS = 220.0


def pressure_half_time(frame: Frame, points: Sequence[Point], angle_deg: float | None = None) -> Measured:
    """Milliseconds from the peak until the gradient is halved, along the line from the peak down the slope.

    The first point is the peak, the second lies further down (Hatle 1979, Circulation 60:1096).
    """
    check_points(frame, points, 2, 2)
    check_columns_apart(*points)
    return measure_spectral(frame, points, _half_time_ms, Unit.MS, angle_deg)


def _half_time_ms(placed: Sequence[Point]) -> float:
    (from_ms, peak_cm_per_s), (to_ms, later_cm_per_s) = placed
    if abs(later_cm_per_s) >= abs(peak_cm_per_s) or later_cm_per_s * peak_cm_per_s < 0 or to_ms <= from_ms:
        raise Refusal(
            RefusalCode.NOT_DECELERATING,
            f"from {peak_cm_per_s:.0f} to {later_cm_per_s:.0f} cm/s in {to_ms - from_ms:.0f} ms;"
            " the first point is the peak, the second later and slower",
        )
    per_ms = (peak_cm_per_s - later_cm_per_s) / (to_ms - from_ms)
    return _HALVED * peak_cm_per_s / per_ms


def mitral_valve_area(half_time: Measured) -> Measured:
    """Square centimetres of a native mitral valve: 220 / PHT (Hatle 1979; Baumgartner 2009, ASE and EAE)."""
    check_unit(Unit.MS, half_time)
    check_positive(half_time)
    return made_of(lambda ms: _MVA_CM2_MS / ms, Unit.CM2, (half_time,))
