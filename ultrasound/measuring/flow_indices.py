"""Indices of a flow that need no angle: resistance, pulsatility, systole to diastole.

Two points: the peak of systole, then the end of diastole, before or after it. Or a trace over one beat.
"""

from collections.abc import Callable, Sequence

from ultrasound.measuring.doppler import measure_ratio
from ultrasound.measuring.flow_trace import check_trace, mean_of
from ultrasound.measuring.frame import Frame
from ultrasound.measuring.interval import check_columns_apart
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.points import Point, check_points
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.unit import Unit

_Index = Callable[[float, float], float]


def resistive_index(frame: Frame, points: Sequence[Point]) -> Measured:
    """(S - D) / S (Pourcelot 1974); above 1 where the flow turns back in diastole."""
    return _of_two(frame, points, lambda systolic, diastolic: (systolic - diastolic) / systolic)


def systolic_diastolic_ratio(frame: Frame, points: Sequence[Point]) -> Measured:
    """S / D (Stuart 1980); refused where there is no flow in diastole, or where it turns back."""

    def ratio(systolic: float, diastolic: float) -> float:
        if not diastolic > 0:
            raise Refusal(
                RefusalCode.NOT_POSITIVE, "no flow in diastole, or back; S/D needs one that goes on"
            )
        return systolic / diastolic

    return _of_two(frame, points, ratio)


def pulsatility_index(frame: Frame, trace: Sequence[Point]) -> Measured:
    """From peak to peak over the mean, of a trace over one whole beat (Gosling and King 1974).

    A flow that turns back counts against the mean, as it does in theirs.
    """
    check_trace(frame, trace)
    return measure_ratio(frame, trace, _pulsatility, Unit.RATIO)


def _of_two(frame: Frame, points: Sequence[Point], index: _Index) -> Measured:
    check_points(frame, points, 2, 2)
    check_columns_apart(*points)

    def of_placed(placed: Sequence[Point]) -> float:
        return index(*_one_way(placed[0][1], placed[1][1]))

    return measure_ratio(frame, points, of_placed, Unit.RATIO)


def _one_way(systolic: float, diastolic: float) -> tuple[float, float]:
    """Both with the systolic flow counted as positive, whichever way the probe sees it."""
    if systolic < 0:
        systolic, diastolic = -systolic, -diastolic
    if not systolic > 0:
        raise Refusal(RefusalCode.NOT_POSITIVE, "the systolic peak lies on the baseline; set it on the flow")
    if diastolic > systolic:
        raise Refusal(
            RefusalCode.DIASTOLE_ABOVE_SYSTOLE,
            "the second point is faster than the first; first the peak of systole, then the end of diastole",
        )
    return systolic, diastolic


def _pulsatility(placed: Sequence[Point]) -> float:
    velocities = [velocity for _, velocity in placed]
    way = 1.0 if max(velocities) >= -min(velocities) else -1.0
    mean = mean_of(placed, lambda velocity: way * velocity)
    if not mean > 0:
        raise Refusal(RefusalCode.NOT_POSITIVE, "the flow goes back as much as on; an index needs a mean")
    return (max(velocities) - min(velocities)) / mean
