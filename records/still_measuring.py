"""What calipers on an exact still read, reckoned from their points and the still's own calibration."""

from collections.abc import Callable, Sequence

from records.picture_regions import as_region
from records.stills import Calibration, PictureTool
from ultrasound.measuring.angle import angle
from ultrasound.measuring.chamber import chamber_area, chamber_length
from ultrasound.measuring.doppler import acceleration, gradient, velocity
from ultrasound.measuring.ellipse import ellipse_area, ellipse_circumference
from ultrasound.measuring.flow_indices import (
    pulsatility_index,
    resistive_index,
    systolic_diastolic_ratio,
)
from ultrasound.measuring.flow_trace import mean_gradient, mean_velocity, velocity_time_integral
from ultrasound.measuring.frame import Frame, Standing
from ultrasound.measuring.interval import heart_rate, interval
from ultrasound.measuring.length import distance, path
from ultrasound.measuring.m_mode import depth_difference, slope
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.outline import area, circumference
from ultrasound.measuring.points import Point
from ultrasound.measuring.pressure_half_time import pressure_half_time

Plain = Callable[[Frame, Sequence[Point]], Measured]
Doppler = Callable[[Frame, Sequence[Point], float | None], Measured]

_PLAIN: dict[PictureTool, Plain] = {
    PictureTool.DISTANCE: distance,
    PictureTool.PATH: path,
    PictureTool.ANGLE: angle,
    PictureTool.AREA: area,
    PictureTool.CIRCUMFERENCE: circumference,
    PictureTool.ELLIPSE_AREA: ellipse_area,
    PictureTool.ELLIPSE_CIRCUMFERENCE: ellipse_circumference,
    PictureTool.INTERVAL: interval,
    PictureTool.HEART_RATE: lambda frame, points: heart_rate(interval(frame, points)),
    PictureTool.DEPTH_DIFFERENCE: depth_difference,
    PictureTool.SLOPE: slope,
    PictureTool.PRESSURE_HALF_TIME: pressure_half_time,
    PictureTool.RESISTIVE_INDEX: resistive_index,
    PictureTool.SYSTOLIC_DIASTOLIC_RATIO: systolic_diastolic_ratio,
    PictureTool.PULSATILITY_INDEX: pulsatility_index,
    PictureTool.CHAMBER_AREA: chamber_area,
    PictureTool.CHAMBER_LENGTH: chamber_length,
}
_DOPPLER: dict[PictureTool, Doppler] = {
    PictureTool.VELOCITY: velocity,
    PictureTool.GRADIENT: lambda frame, points, angle_deg: gradient(velocity(frame, points, angle_deg)),
    PictureTool.ACCELERATION: acceleration,
    PictureTool.VELOCITY_TIME_INTEGRAL: velocity_time_integral,
    PictureTool.MEAN_VELOCITY: mean_velocity,
    PictureTool.MEAN_GRADIENT: mean_gradient,
}


def measured(
    width: int,
    height: int,
    calibration: Calibration | None,
    tool: PictureTool,
    points: Sequence[Point],
    angle_deg: float | None = None,
) -> Measured:
    """What a tool reads on an exact still of this size; raises `ultrasound.measuring.refusal.Refusal`.

    `angle_deg`: a person's Doppler angle, for a tool that `takes_angle`; None: the file's own.
    """
    frame = frame_of(width, height, calibration)
    if tool in _PLAIN:
        return _PLAIN[tool](frame, points)
    return _DOPPLER[tool](frame, points, angle_deg)


def takes_angle(tool: PictureTool) -> bool:
    """Whether a Doppler angle changes what a tool reads."""
    return tool in _DOPPLER


def frame_of(width: int, height: int, calibration: Calibration | None) -> Frame:
    """An exact still as it is measured on."""
    if calibration is None:
        return Frame(width, height, Standing.EXACT)
    regions = tuple(as_region(region) for region in calibration.regions)
    return Frame(width, height, Standing.EXACT, regions, calibration.source, calibration.scale_uncertainty)
