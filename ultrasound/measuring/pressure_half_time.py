"""How long a pressure gradient takes to halve, and the mitral valve area it means."""

import math
from collections.abc import Sequence

from ultrasound.measuring.doppler import measure_ratio
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


def pressure_half_time(frame: Frame, points: Sequence[Point]) -> Measured:
    """Milliseconds from the peak until the gradient is halved, along the line from the peak down the slope.

    The first point is the peak, the second lies further down (Hatle 1979, Circulation 60:1096).
    Only how much slower it became counts, so the angle does not.
    """
    check_points(frame, points, 2, 2)
    check_columns_apart(*points)
    return measure_ratio(frame, points, _half_time_ms, Unit.MS)


def _half_time_ms(placed: Sequence[Point]) -> float:
    (from_ms, peak), (to_ms, later) = placed
    if abs(later) >= abs(peak) or later * peak < 0 or to_ms <= from_ms:
        raise Refusal(
            RefusalCode.NOT_DECELERATING,
            f"to {later / peak if peak else 0:.0%} of the first velocity in {to_ms - from_ms:.0f} ms;"
            " the first point is the peak, the second later and slower",
        )
    per_ms = (peak - later) / (to_ms - from_ms)
    return _HALVED * peak / per_ms


def mitral_valve_area(half_time: Measured) -> Measured:
    """Square centimetres of a native mitral valve: 220 / PHT (Hatle 1979; Baumgartner 2009, ASE and EAE)."""
    check_unit(Unit.MS, half_time)
    check_positive(half_time)
    return made_of(lambda ms: _MVA_CM2_MS / ms, Unit.CM2, (half_time,))
