"""The outline of a flow, traced along its envelope: velocity-time integral, mean velocity, mean gradient."""

from collections.abc import Callable, Sequence

from ultrasound.measuring.doppler import gradient_mm_hg, measure_spectral
from ultrasound.measuring.frame import Frame
from ultrasound.measuring.interval import check_columns_apart
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.placed import MS_PER_S, Shape
from ultrasound.measuring.points import MAX_POINTS, Point, check_points
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.unit import Unit

_OFF_CM_PER_S = 10.0
"""So far a trace may stray beyond the baseline where it begins and ends."""


def velocity_time_integral(frame: Frame, trace: Sequence[Point], angle_deg: float | None = None) -> Measured:
    """Centimetres that the blood goes: the area under the trace (Quinones 2002, J. Am. Soc. Echo. 15:167)."""
    return _of_trace(frame, trace, lambda placed: _under(placed, abs) / MS_PER_S, Unit.CM, angle_deg)


def mean_velocity(frame: Frame, trace: Sequence[Point], angle_deg: float | None = None) -> Measured:
    """Centimetres a second, mean over the time of the trace, without its sign."""
    return _of_trace(frame, trace, lambda placed: mean_of(placed, abs), Unit.CM_PER_S, angle_deg)


def mean_gradient(frame: Frame, trace: Sequence[Point], angle_deg: float | None = None) -> Measured:
    """Millimetres of mercury: the mean of 4 v^2, not 4 v^2 of the mean (Baumgartner 2009, ASE and EAE)."""
    return _of_trace(frame, trace, lambda placed: mean_of(placed, gradient_mm_hg), Unit.MM_HG, angle_deg)


def _of_trace(
    frame: Frame, trace: Sequence[Point], shape: Shape, unit: Unit, angle_deg: float | None
) -> Measured:
    check_trace(frame, trace)

    def of_one_way(placed: Sequence[Point]) -> float:
        _check_one_way(placed)
        return shape(placed)

    return measure_spectral(frame, trace, of_one_way, unit, angle_deg)


def check_trace(frame: Frame, trace: Sequence[Point]) -> None:
    """Refuse a trace that is too short, or does not go one way in time."""
    check_points(frame, trace, 3, MAX_POINTS)
    for one, two in zip(trace, trace[1:], strict=False):
        check_columns_apart(one, two)
        if (two[0] - one[0]) * (trace[-1][0] - trace[0][0]) <= 0:
            raise Refusal(
                RefusalCode.NOT_IN_ORDER,
                f"the trace turns back at column {two[0]:g}; it goes one way in time",
            )


def _check_one_way(placed: Sequence[Point]) -> None:
    """Refuse flow in both directions: their sum would be neither's."""
    velocities = [cm_per_s for _, cm_per_s in placed]
    back, forth = -min(velocities), max(velocities)
    if min(back, forth) > _OFF_CM_PER_S:
        raise Refusal(
            RefusalCode.ACROSS_BASELINE,
            f"the trace reaches from {-back:.0f} to {forth:.0f} cm/s; trace each direction by itself",
        )


def _under(placed: Sequence[Point], of: Callable[[float], float]) -> float:
    """By trapezoids, over time without its sign; milliseconds times what `of` makes of the velocity."""
    pairs = zip(placed, placed[1:], strict=False)
    return sum(abs(two[0] - one[0]) * (of(one[1]) + of(two[1])) / 2 for one, two in pairs)


def mean_of(placed: Sequence[Point], of: Callable[[float], float]) -> float:
    """The mean over time of what `of` makes of the velocity."""
    return _under(placed, of) / abs(placed[-1][0] - placed[0][0])
