"""Spectral Doppler: velocity at a point, the pressure gradient it means, and how fast it changes."""

import dataclasses
import math
from collections.abc import Sequence

from ultrasound.measuring.choice import choose
from ultrasound.measuring.frame import Frame
from ultrasound.measuring.interval import check_columns_apart
from ultrasound.measuring.made_of import check_unit, made_of
from ultrasound.measuring.measured import CalibrationSource, Measured
from ultrasound.measuring.placed import MS_PER_S, Shape, Tool, measure, uncalibrated
from ultrasound.measuring.points import Point, check_points
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.unit import Unit
from ultrasound.regions import PhysicalUnit, Region, RegionFlag, SpatialFormat

SOUND_CM_PER_S = 154_000.0
"""In soft tissue, 1540 m/s, as scanners assume."""
MOST_ANGLE_DEG = 60.0
"""Above it an error of the angle counts for more than the flow (Gill 1985, Ultrasound Med. Biol. 11:625)."""
OFF_ANGLE_DEG = 5.0
"""How far an angle that was set by hand may be off; our own choice: 18 % of a velocity at 60."""
_HZ_PER_KHZ = 1000.0
_CM_PER_M = 100.0


def is_spectral(region: Region) -> bool:
    """Whether columns are time and rows velocity, or the frequency it shifts."""
    rows = region.unit_y in (PhysicalUnit.CM_PER_SECOND, PhysicalUnit.HERTZ)
    return region.spatial_format is SpatialFormat.SPECTRAL and region.unit_x is PhysicalUnit.SECONDS and rows


def measure_spectral(
    frame: Frame, points: Sequence[Point], shape: Shape, unit: Unit, angle_deg: float | None
) -> Measured:
    """A value of points as (milliseconds, cm/s); frequencies become velocities first.

    `angle_deg`: by hand, in place of the file's. Then a person is relied on, and the angle may be off by
    `OFF_ANGLE_DEG` to the wider side, where the error is larger.
    """
    per_unit = cm_per_s_per_unit(_spectrum(frame, points), angle_deg)
    measured = _of_rows(frame, points, shape, unit, per_unit)
    if angle_deg is None:
        return measured
    theta = math.radians(abs(angle_deg))
    wider = per_unit * math.cos(theta) / math.cos(theta + math.radians(OFF_ANGLE_DEG))
    off = abs(_of_rows(frame, points, shape, unit, wider).value - measured.value)
    return dataclasses.replace(
        measured, uncertainty=measured.uncertainty + off, calibration=CalibrationSource.USER
    )


def measure_ratio(frame: Frame, points: Sequence[Point], shape: Shape, unit: Unit) -> Measured:
    """A value in which velocities stand only against each other: any angle gives the same, none is needed."""
    _check_rows(_spectrum(frame, points))
    return _of_rows(frame, points, shape, unit, 1.0)


def _spectrum(frame: Frame, points: Sequence[Point]) -> Region:
    choice = choose(frame, points, is_spectral)
    if choice.region is None:
        raise uncalibrated(choice.uncalibrated)
    return choice.region


def _of_rows(frame: Frame, points: Sequence[Point], shape: Shape, unit: Unit, per_unit: float) -> Measured:
    def of_velocities(placed: Sequence[Point]) -> float:
        return shape([(ms, rows * per_unit) for ms, rows in placed])

    return measure(Tool(of_velocities, unit, is_spectral), frame, points)


def cm_per_s_per_unit(region: Region, angle_deg: float | None) -> float:
    """Centimetres a second for each unit of a spectral region's rows; `angle_deg` stands in for the file's.

    1 for rows in cm/s, which the scanner has corrected; by hand cos(scanner's angle) / cos(angle), which
    needs the scanner's to be told. For hertz c / (2 f0 cos(theta)), the Doppler equation.
    """
    _check_rows(region)
    if region.unit_y is PhysicalUnit.CM_PER_SECOND:
        return 1.0 if angle_deg is None else _recorrected(region, angle_deg)
    if not region.transducer_khz or region.transducer_khz < 0:
        raise Refusal(
            RefusalCode.NO_TRANSDUCER_FREQUENCY,
            "the rows are frequencies and the file names no transducer frequency; velocities need it",
        )
    theta_deg = region.doppler_angle_deg if angle_deg is None else angle_deg
    if theta_deg is None or not math.isfinite(theta_deg):
        raise Refusal(
            RefusalCode.NO_DOPPLER_ANGLE,
            "the rows are frequencies and the file names no Doppler angle; say which angle the beam had",
        )
    _check_angle(theta_deg)
    return SOUND_CM_PER_S / (2 * region.transducer_khz * _HZ_PER_KHZ * math.cos(math.radians(theta_deg)))


def _check_rows(region: Region) -> None:
    """Refuse rows that say two things, or whose zero nobody told: every velocity would be wrong."""
    if region.unit_y is PhysicalUnit.CM_PER_SECOND and RegionFlag.DOPPLER_FREQUENCY in region.flags:
        raise Refusal(
            RefusalCode.DOPPLER_CONTRADICTS,
            "the region's unit says cm/s and its flags say frequency; one of them must be wrong",
        )
    if not region.has_baseline:
        raise Refusal(
            RefusalCode.NO_BASELINE,
            "the file does not say in which row the baseline is; without it no row is a velocity",
        )


def _recorrected(region: Region, angle_deg: float) -> float:
    """What the scanner's own correction becomes with another angle."""
    _check_angle(angle_deg)
    scanner_deg = region.doppler_angle_deg
    if scanner_deg is None or not abs(scanner_deg) < 90:
        raise Refusal(
            RefusalCode.SCANNER_ANGLE_UNKNOWN,
            "the rows are velocities and the file does not say for which angle; they cannot be corrected",
        )
    return math.cos(math.radians(scanner_deg)) / math.cos(math.radians(angle_deg))


def _check_angle(theta_deg: float) -> None:
    if not abs(theta_deg) <= MOST_ANGLE_DEG:
        raise Refusal(
            RefusalCode.DOPPLER_ANGLE_TOO_WIDE,
            f"a Doppler angle of {theta_deg:g} degrees; up to {MOST_ANGLE_DEG:g} a velocity can be trusted",
        )


def velocity(frame: Frame, points: Sequence[Point], angle_deg: float | None = None) -> Measured:
    """Centimetres a second at one point; positive is towards the probe."""
    check_points(frame, points, 1, 1)
    return measure_spectral(frame, points, lambda placed: placed[0][1], Unit.CM_PER_S, angle_deg)


def acceleration(frame: Frame, points: Sequence[Point], angle_deg: float | None = None) -> Measured:
    """Centimetres a second in each second, from the first point to the second; falling is negative."""
    check_points(frame, points, 2, 2)
    check_columns_apart(*points)

    def rise(placed: Sequence[Point]) -> float:
        (from_ms, from_cm_per_s), (to_ms, to_cm_per_s) = placed
        return (to_cm_per_s - from_cm_per_s) / (to_ms - from_ms) * MS_PER_S

    return measure_spectral(frame, points, rise, Unit.CM_PER_S2, angle_deg)


def gradient(peak: Measured) -> Measured:
    """Millimetres of mercury by the short Bernoulli equation, 4 v^2 (Hatle 1978, Br. Heart J. 40:131)."""
    check_unit(Unit.CM_PER_S, peak)
    return made_of(gradient_mm_hg, Unit.MM_HG, (dataclasses.replace(peak, value=abs(peak.value)),))


def gradient_mm_hg(cm_per_s: float) -> float:
    """4 v^2, v in m/s."""
    return 4 * (cm_per_s / _CM_PER_M) ** 2
