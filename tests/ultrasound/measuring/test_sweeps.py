"""M-mode and spectral Doppler: known slopes, velocities and flows, or a refusal."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ultrasound.measuring.frames import DOPPLER, M_MODE, frame, plane, refused, strip
from ultrasound.measuring.doppler import acceleration, gradient, velocity
from ultrasound.measuring.flow_indices import pulsatility_index, resistive_index, systolic_diastolic_ratio
from ultrasound.measuring.flow_trace import mean_gradient, mean_velocity, velocity_time_integral
from ultrasound.measuring.interval import heart_rate, interval
from ultrasound.measuring.m_mode import depth_difference, slope
from ultrasound.measuring.measured import CalibrationSource, Measured, Uncalibrated
from ultrasound.measuring.points import Point
from ultrasound.measuring.pressure_half_time import mitral_valve_area, pressure_half_time
from ultrasound.measuring.refusal import RefusalCode
from ultrasound.measuring.unit import Unit
from ultrasound.regions import PhysicalUnit, RegionFlag, SpatialFormat


def hertz(**fields: Any) -> Any:
    told = {"reference_y_px": 400, "reference_x_px": 0, "transducer_khz": 2500.0, "doppler_angle_deg": 60.0}
    return frame(strip(SpatialFormat.SPECTRAL, PhysicalUnit.HERTZ, 0.005, -20.0, **(told | fields)))


def at(ms: float, cm_per_s: float) -> Point:
    """A point of `DOPPLER`."""
    return (ms / 5, 400 - cm_per_s / 0.5)


def corrected(**fields: Any) -> Any:
    """`DOPPLER` as a scanner corrected it for a vessel at 40 degrees."""
    told = {"reference_y_px": 400, "reference_x_px": 0, "doppler_angle_deg": 40.0}
    return frame(strip(SpatialFormat.SPECTRAL, PhysicalUnit.CM_PER_SECOND, 0.005, -0.5, **(told | fields)))


def flow(cm_per_s: float, off: float = 0.0) -> Measured:
    return Measured(cm_per_s, Unit.CM_PER_S, off, CalibrationSource.FILE, 0)


def test_time_and_rate_on_m_mode() -> None:
    measured = interval(M_MODE, [(100, 50), (260, 400)])
    assert (measured.value, measured.unit) == (pytest.approx(800), Unit.MS)
    assert measured.uncertainty == pytest.approx(10)
    assert heart_rate(measured).value == pytest.approx(75)
    assert heart_rate(measured, beats=2).value == pytest.approx(150)


def test_depth_and_slope_on_m_mode() -> None:
    points: list[Point] = [(100, 100), (120, 150)]
    assert depth_difference(M_MODE, points).value == pytest.approx(10)
    assert slope(M_MODE, points).value == pytest.approx(100)
    assert slope(M_MODE, points[::-1]).value == pytest.approx(100)


def test_time_is_read_on_a_drawn_ecg_too() -> None:
    ecg = frame(strip(SpatialFormat.WAVEFORM, PhysicalUnit.NONE, 0.01, 0.0))
    assert interval(ecg, [(10, 5), (110, 9)]).value == pytest.approx(1000)


def test_time_off_a_sweep_stands_in_pixels_and_a_slope_is_refused() -> None:
    two_d = frame(plane(0, 0, 799, 599))
    assert interval(two_d, [(10, 5), (110, 5)]).uncalibrated is Uncalibrated.UNITS_DO_NOT_FIT
    assert interval(two_d, [(10, 5), (110, 5)]).unit is Unit.PX
    refused(RefusalCode.UNCALIBRATED, slope, two_d, [(10, 5), (110, 5)])
    refused(RefusalCode.UNCALIBRATED, slope, DOPPLER, [(10, 5), (110, 5)])
    refused(RefusalCode.UNCALIBRATED, heart_rate, interval(two_d, [(10, 5), (110, 5)]))


def test_up_is_towards_the_probe() -> None:
    assert velocity(DOPPLER, [at(500, 120)]).value == pytest.approx(120)
    assert velocity(DOPPLER, [at(500, -60)]).value == pytest.approx(-60)
    assert velocity(DOPPLER, [at(500, 120)]).uncertainty == pytest.approx(0.5)


def test_frequencies_become_velocities_by_the_doppler_equation() -> None:
    # 100 rows of 20 Hz: 154000 * 2000 / (2 * 2.5e6 * 0.5) cm/s.
    assert velocity(hertz(), [(100, 300)]).value == pytest.approx(123.2)
    assert velocity(hertz(), [(100, 300)], angle_deg=0).value == pytest.approx(61.6)


def test_the_gradient_of_a_jet() -> None:
    measured = gradient(velocity(DOPPLER, [at(500, 180)]))
    assert (measured.value, measured.unit) == (pytest.approx(4 * 1.8**2), Unit.MM_HG)
    assert measured.uncertainty == pytest.approx(8 * 1.8 * 0.005)
    assert gradient(flow(-400)).value == pytest.approx(64)


def test_acceleration_keeps_its_sign() -> None:
    assert acceleration(DOPPLER, [at(100, 0), at(200, 100)]).value == pytest.approx(1000)
    assert acceleration(DOPPLER, [at(200, 100), at(400, 0)]).value == pytest.approx(-500)


def half_sine(peak_cm_per_s: float, points: int = 101) -> list[Point]:
    return [
        at(300 * k / (points - 1), peak_cm_per_s * math.sin(math.pi * k / (points - 1)))
        for k in range(points)
    ]


@pytest.mark.parametrize("peak", [90.0, -90.0])
def test_the_integral_of_a_half_sine(peak: float) -> None:
    trace = half_sine(peak)
    assert velocity_time_integral(DOPPLER, trace).value == pytest.approx(90 * 0.3 * 2 / math.pi, rel=0.001)
    assert velocity_time_integral(DOPPLER, trace[::-1]).unit is Unit.CM
    assert mean_velocity(DOPPLER, trace).value == pytest.approx(90 * 2 / math.pi, rel=0.001)
    assert mean_gradient(DOPPLER, trace).value == pytest.approx(4 * 0.9**2 / 2, rel=0.001)


def test_a_scanners_correction_is_done_again_with_another_angle() -> None:
    by_hand = velocity(corrected(), [at(500, 100)], 60.0)
    assert by_hand.value == pytest.approx(100 * math.cos(math.radians(40)) / 0.5)
    assert velocity(corrected(), [at(500, 100)], -60.0).value == pytest.approx(by_hand.value)
    assert velocity(corrected(), [at(500, 100)]).value == pytest.approx(100)
    assert velocity(corrected(), [at(500, 100)], 40.0).value == pytest.approx(100)


def test_an_angle_by_hand_is_a_persons_word_and_five_degrees_in_doubt() -> None:
    of_file, by_hand = velocity(hertz(), [(100, 300)]), velocity(hertz(), [(100, 300)], 60.0)
    assert by_hand.value == pytest.approx(of_file.value)
    assert (of_file.calibration, by_hand.calibration) == (CalibrationSource.FILE, CalibrationSource.USER)
    wider = by_hand.value * (0.5 / math.cos(math.radians(65)) - 1)
    assert by_hand.uncertainty - of_file.uncertainty == pytest.approx(wider)
    squared = gradient(by_hand)
    assert squared.calibration is CalibrationSource.USER
    assert squared.uncertainty > 2 * wider / by_hand.value * squared.value
    traced = velocity_time_integral(hertz(), half_sine(90), 30.0)
    off = math.cos(math.radians(30)) / math.cos(math.radians(35)) - 1
    assert traced.uncertainty > off * traced.value


def test_indices_of_a_flow() -> None:
    def index(systolic: float, diastolic: float) -> float:
        return resistive_index(DOPPLER, [at(100, systolic), at(500, diastolic)]).value

    assert index(80, 20) == pytest.approx(0.75)
    assert index(-80, -20) == pytest.approx(0.75)
    assert index(80, -10) == pytest.approx(1.125)  # reversed in diastole
    assert resistive_index(DOPPLER, [at(500, 80), at(100, 20)]).value == pytest.approx(
        0.75
    )  # the beat before
    ratio = systolic_diastolic_ratio(DOPPLER, [at(100, 80), at(500, 20)])
    assert (ratio.value, ratio.unit) == (pytest.approx(4), Unit.RATIO)
    measured = resistive_index(DOPPLER, [at(100, 80), at(500, 20)])
    assert measured.uncertainty == pytest.approx((20 / 80**2 + 1 / 80) / 2, rel=1e-3)  # half a cm/s a pixel


def test_the_pulsatility_index_of_a_beat() -> None:
    beat = [at(0, 20), at(100, 80), at(200, 40), at(300, 20)]
    mean = (50 * 100 + 60 * 100 + 30 * 100) / 300
    assert pulsatility_index(DOPPLER, beat).value == pytest.approx(60 / mean)
    away = [at(ms * 5, -v) for ms, v in ((0, 20), (20, 80), (40, 40), (60, 20))]
    assert pulsatility_index(DOPPLER, away).value == pytest.approx(60 / mean)
    back = [at(0, 0), at(100, 80), at(200, -20), at(300, 0)]
    assert pulsatility_index(DOPPLER, back).value == pytest.approx(100 / ((40 + 30 - 10) / 3))


def test_indices_and_half_times_need_no_angle_and_no_frequency() -> None:
    unknown = hertz(doppler_angle_deg=None, transducer_khz=None)
    assert resistive_index(unknown, [(100, 300), (150, 375)]).value == pytest.approx(0.75)
    assert pulsatility_index(unknown, [(0, 375), (50, 300), (100, 375)]).value > 0
    assert pressure_half_time(unknown, [(100, 300), (200, 350)]).unit is Unit.MS


def test_pressure_half_time_and_valve_area() -> None:
    # From 200 cm/s to 100 in 400 ms: to 200/sqrt(2) in 234 ms.
    measured = pressure_half_time(DOPPLER, [at(100, 180), at(500, 90)])
    assert measured.value == pytest.approx(800 * (1 - 1 / math.sqrt(2)))
    assert pressure_half_time(DOPPLER, [at(100, -80), at(500, -40)]).value == pytest.approx(measured.value)
    valve = mitral_valve_area(measured)
    assert (valve.value, valve.unit) == (pytest.approx(220 / measured.value), Unit.CM2)


@given(st.floats(60, 190), st.floats(0.1, 0.95), st.floats(50, 900))
def test_at_the_half_time_the_gradient_is_half(peak: float, part: float, ms: float) -> None:
    half_ms = pressure_half_time(DOPPLER, [at(100, peak), at(100 + ms, peak * part)]).value
    then = peak - peak * (1 - part) / ms * half_ms
    assert then**2 == pytest.approx(peak**2 / 2)


@pytest.mark.parametrize(
    ("code", "measuring", "given_"),
    [
        (RefusalCode.NO_TIME_BETWEEN, interval, (M_MODE, [(100, 50), (100, 90)])),
        (RefusalCode.NO_TIME_BETWEEN, slope, (M_MODE, [(100, 50), (100, 90)])),
        (RefusalCode.UNCALIBRATED, velocity, (M_MODE, [(100, 50)])),
        (RefusalCode.UNCALIBRATED, velocity, (frame(), [(100, 50)])),
        (RefusalCode.NOT_IN_ORDER, velocity_time_integral, (DOPPLER, [(100, 300), (120, 250), (110, 300)])),
        (RefusalCode.NO_TIME_BETWEEN, velocity_time_integral, (DOPPLER, [(9, 300), (9, 250), (30, 300)])),
        (RefusalCode.ACROSS_BASELINE, velocity_time_integral, (DOPPLER, [(9, 300), (20, 350), (30, 500)])),
        (RefusalCode.WRONG_NUMBER_OF_POINTS, velocity_time_integral, (DOPPLER, [(9, 300), (20, 350)])),
        (RefusalCode.NOT_DECELERATING, pressure_half_time, (DOPPLER, [at(100, 90), at(500, 180)])),
        (RefusalCode.NOT_DECELERATING, pressure_half_time, (DOPPLER, [at(500, 180), at(100, 90)])),
        (RefusalCode.NOT_DECELERATING, pressure_half_time, (DOPPLER, [at(100, 90), at(500, -10)])),
        (RefusalCode.NO_TRANSDUCER_FREQUENCY, velocity, (hertz(transducer_khz=None), [(9, 9)])),
        (RefusalCode.NO_TRANSDUCER_FREQUENCY, velocity, (hertz(transducer_khz=0.0), [(9, 9)])),
        (RefusalCode.NO_DOPPLER_ANGLE, velocity, (hertz(doppler_angle_deg=None), [(9, 9)])),
        (RefusalCode.DOPPLER_ANGLE_TOO_WIDE, velocity, (hertz(doppler_angle_deg=75.0), [(9, 9)])),
        (RefusalCode.WRONG_UNIT, gradient, (Measured(1, Unit.MM, 0, CalibrationSource.FILE),)),
        (RefusalCode.NO_BASELINE, velocity, (corrected(reference_y_px=None), [(9, 9)])),
        (RefusalCode.NO_BASELINE, resistive_index, (corrected(reference_y_px=None), [(9, 9), (20, 80)])),
        (RefusalCode.NO_BASELINE, velocity, (hertz(reference_y_px=None), [(9, 9)])),
        (RefusalCode.SCANNER_ANGLE_UNKNOWN, velocity, (DOPPLER, [(9, 9)], 30.0)),
        (RefusalCode.SCANNER_ANGLE_UNKNOWN, velocity, (corrected(doppler_angle_deg=90.0), [(9, 9)], 30.0)),
        (RefusalCode.DOPPLER_ANGLE_TOO_WIDE, velocity, (corrected(), [(9, 9)], 60.5)),
        (RefusalCode.DOPPLER_ANGLE_TOO_WIDE, velocity, (corrected(), [(9, 9)], math.nan)),
        (RefusalCode.DOPPLER_ANGLE_TOO_WIDE, velocity, (hertz(), [(9, 9)], -61.0)),
        (RefusalCode.NOT_POSITIVE, systolic_diastolic_ratio, (DOPPLER, [at(100, 80), at(500, 0)])),
        (RefusalCode.NOT_POSITIVE, systolic_diastolic_ratio, (DOPPLER, [at(100, 80), at(500, -5)])),
        (RefusalCode.NOT_POSITIVE, resistive_index, (DOPPLER, [at(100, 0), at(500, 0)])),
        (RefusalCode.DIASTOLE_ABOVE_SYSTOLE, resistive_index, (DOPPLER, [at(100, 20), at(500, 80)])),
        (RefusalCode.DIASTOLE_ABOVE_SYSTOLE, resistive_index, (DOPPLER, [at(100, -20), at(500, -80)])),
        (RefusalCode.NO_TIME_BETWEEN, resistive_index, (DOPPLER, [at(100, 80), at(100, 20)])),
        (RefusalCode.UNCALIBRATED, resistive_index, (M_MODE, [(100, 80), (300, 20)])),
        (RefusalCode.NOT_POSITIVE, pulsatility_index, (DOPPLER, [at(0, 50), at(100, -50), at(200, 50)])),
        (RefusalCode.NOT_IN_ORDER, pulsatility_index, (DOPPLER, [(9, 300), (20, 250), (15, 300)])),
    ],
)
def test_what_means_nothing_is_refused(code: RefusalCode, measuring: Any, given_: tuple[Any, ...]) -> None:
    refused(code, measuring, *given_)


def test_a_region_of_velocities_that_is_flagged_as_frequencies_is_refused() -> None:
    contradicting = frame(
        strip(
            SpatialFormat.SPECTRAL,
            PhysicalUnit.CM_PER_SECOND,
            0.005,
            -0.5,
            flags=RegionFlag.DOPPLER_FREQUENCY,
        )
    )
    refused(RefusalCode.DOPPLER_CONTRADICTS, velocity, contradicting, [(9, 9)])
    refused(RefusalCode.DOPPLER_CONTRADICTS, resistive_index, contradicting, [(9, 9), (20, 80)])
