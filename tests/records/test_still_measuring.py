"""Every tool of the wire is reckoned by the measuring it is named after."""

import dataclasses
import math

import pytest

from records.picture_regions import as_value
from records.still_measuring import measured, takes_angle
from records.stills import Calibration, PictureTool
from tests.records.test_picture_regions import TISSUE
from tests.ultrasound.measuring.frames import strip
from ultrasound.measuring.measured import CalibrationSource, Uncalibrated
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.unit import Unit
from ultrasound.regions import PhysicalUnit, SpatialFormat

PLANE = Calibration(source=CalibrationSource.FILE, regions=(as_value(TISSUE),))
SPECTRUM = strip(
    SpatialFormat.SPECTRAL, PhysicalUnit.CM_PER_SECOND, 0.005, -1.0, reference_x_px=0, reference_y_px=200
)
M_MODE = strip(SpatialFormat.M_MODE, PhysicalUnit.CM, 0.005, 0.05)
FLOW = Calibration(source=CalibrationSource.FILE, regions=(as_value(SPECTRUM),))
MOTION = Calibration(source=CalibrationSource.FILE, regions=(as_value(M_MODE),))
SQUARE = ((50.0, 50.0), (150.0, 50.0), (150.0, 150.0), (50.0, 150.0))
SIDE_MM = 23.1
VENTRICLE = (
    (50.0, 350.0),
    (50.0, 300.0),
    (50.0, 250.0),
    (100.0, 150.0),
    (150.0, 250.0),
    (150.0, 350.0),
)
STEADY = ((10.0, 100.0), (110.0, 100.0), (210.0, 100.0))

CASES = [
    (PictureTool.DISTANCE, SQUARE[:2], PLANE, SIDE_MM, Unit.MM),
    (PictureTool.PATH, SQUARE[:3], PLANE, 2 * SIDE_MM, Unit.MM),
    (PictureTool.ANGLE, SQUARE[:3], PLANE, 90.0, Unit.DEG),
    (PictureTool.AREA, SQUARE, PLANE, SIDE_MM**2, Unit.MM2),
    (PictureTool.CIRCUMFERENCE, SQUARE, PLANE, 4 * SIDE_MM, Unit.MM),
    (
        PictureTool.ELLIPSE_AREA,
        ((50.0, 100.0), (150.0, 100.0), (100.0, 50.0), (100.0, 150.0)),
        PLANE,
        math.pi * (SIDE_MM / 2) ** 2,
        Unit.MM2,
    ),
    (
        PictureTool.ELLIPSE_CIRCUMFERENCE,
        ((50.0, 100.0), (150.0, 100.0), (100.0, 50.0), (100.0, 150.0)),
        PLANE,
        math.pi * SIDE_MM,
        Unit.MM,
    ),
    (PictureTool.INTERVAL, ((10.0, 10.0), (210.0, 10.0)), MOTION, 1000.0, Unit.MS),
    (PictureTool.HEART_RATE, ((10.0, 10.0), (210.0, 10.0)), MOTION, 60.0, Unit.PER_MIN),
    (PictureTool.DEPTH_DIFFERENCE, ((10.0, 10.0), (10.0, 30.0)), MOTION, 10.0, Unit.MM),
    (PictureTool.SLOPE, ((10.0, 10.0), (210.0, 30.0)), MOTION, 10.0, Unit.MM_PER_S),
    (PictureTool.VELOCITY, ((10.0, 100.0),), FLOW, 100.0, Unit.CM_PER_S),
    (PictureTool.GRADIENT, ((10.0, 100.0),), FLOW, 4.0, Unit.MM_HG),
    (PictureTool.ACCELERATION, ((10.0, 200.0), (210.0, 100.0)), FLOW, 100.0, Unit.CM_PER_S2),
    (PictureTool.VELOCITY_TIME_INTEGRAL, STEADY, FLOW, 100.0, Unit.CM),
    (PictureTool.MEAN_VELOCITY, STEADY, FLOW, 100.0, Unit.CM_PER_S),
    (PictureTool.MEAN_GRADIENT, STEADY, FLOW, 4.0, Unit.MM_HG),
    (
        PictureTool.PRESSURE_HALF_TIME,
        ((10.0, 100.0), (210.0, 150.0)),
        FLOW,
        (1 - 1 / math.sqrt(2)) * 2000,
        Unit.MS,
    ),
    (PictureTool.RESISTIVE_INDEX, ((10.0, 100.0), (210.0, 150.0)), FLOW, 0.5, Unit.RATIO),
    (PictureTool.SYSTOLIC_DIASTOLIC_RATIO, ((10.0, 100.0), (210.0, 150.0)), FLOW, 2.0, Unit.RATIO),
    (
        PictureTool.PULSATILITY_INDEX,
        ((10.0, 150.0), (110.0, 100.0), (210.0, 150.0)),
        FLOW,
        50 / 75,
        Unit.RATIO,
    ),
    (PictureTool.CHAMBER_AREA, VENTRICLE, PLANE, 1.5 * SIDE_MM**2, Unit.MM2),
    (PictureTool.CHAMBER_LENGTH, VENTRICLE, PLANE, 2 * SIDE_MM, Unit.MM),
]


NAMES = [str(tool) for tool, *_ in CASES]


@pytest.mark.parametrize(("tool", "points", "calibration", "value", "unit"), CASES, ids=NAMES)
def test_a_tool_reads_what_it_is_named_after(
    tool: PictureTool,
    points: tuple[tuple[float, float], ...],
    calibration: Calibration,
    value: float,
    unit: Unit,
) -> None:
    found = measured(400, 401, calibration, tool, points)
    assert (found.value, found.unit) == (pytest.approx(value, rel=1e-6), unit)
    assert found.calibration is CalibrationSource.FILE


def test_every_tool_is_here() -> None:
    assert [tool for tool, *_ in CASES] == list(PictureTool)


def test_without_a_calibration_a_length_stands_in_pixels_and_a_velocity_is_refused() -> None:
    found = measured(400, 300, None, PictureTool.DISTANCE, SQUARE[:2])
    assert (found.value, found.unit, found.uncalibrated) == (100.0, Unit.PX, Uncalibrated.NO_REGIONS)
    with pytest.raises(Refusal) as refused:
        measured(400, 300, None, PictureTool.VELOCITY, SQUARE[:1])
    assert refused.value.code is RefusalCode.UNCALIBRATED


def test_an_angle_is_for_velocities_and_what_is_made_of_them() -> None:
    assert {tool for tool in PictureTool if takes_angle(tool)} == {
        PictureTool.VELOCITY,
        PictureTool.GRADIENT,
        PictureTool.ACCELERATION,
        PictureTool.VELOCITY_TIME_INTEGRAL,
        PictureTool.MEAN_VELOCITY,
        PictureTool.MEAN_GRADIENT,
    }
    by_hand = Calibration(
        source=CalibrationSource.FILE,
        regions=(as_value(dataclasses.replace(SPECTRUM, doppler_angle_deg=0.0)),),
    )
    found = measured(400, 401, by_hand, PictureTool.VELOCITY, ((10.0, 100.0),), 60.0)
    assert (found.value, found.calibration) == (pytest.approx(200.0), CalibrationSource.USER)
