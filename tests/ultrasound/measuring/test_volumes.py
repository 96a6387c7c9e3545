"""Volumes of known bodies, and the ejection fraction of two of them."""

import math

import pytest

from tests.ultrasound.measuring.frames import BY_HAND, frame, plane, refused
from ultrasound.measuring.chamber import chamber_area, chamber_length
from ultrasound.measuring.frame import Frame
from ultrasound.measuring.length import distance
from ultrasound.measuring.measured import CalibrationSource, Measured, Uncalibrated
from ultrasound.measuring.outline import area
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import RefusalCode
from ultrasound.measuring.simpson import Contour, biplane_volume
from ultrasound.measuring.unit import Unit
from ultrasound.measuring.volume import area_length, ejection_fraction, ellipsoid

PLANE = frame(plane(0, 0, 799, 599))  # 0.2 mm a pixel


def of(value: float, unit: Unit = Unit.MM, off: float = 0.0) -> Measured:
    return Measured(value, unit, off, CalibrationSource.FILE, 0)


def half_ellipse(long_px: float, wide_px: float, points: int = 61) -> list[Point]:
    """From one side of the ring past the apex to the other: half an ellipse, its apex upwards."""
    turns = [math.pi * k / (points - 1) for k in range(points)]
    return [(400 - wide_px / 2 * math.cos(t), 500 - long_px * math.sin(t)) for t in turns]


def test_an_ellipsoid_of_three_diameters() -> None:
    measured = ellipsoid(of(50), of(40), of(30))
    assert (measured.value, measured.unit) == (pytest.approx(math.pi / 6 * 60), Unit.ML)


def test_a_volumes_doubt_is_the_sum_of_its_diameters_doubts() -> None:
    measured = ellipsoid(of(50, off=0.5), of(40, off=0.4), of(30, off=0.3))
    assert measured.uncertainty / measured.value == pytest.approx(0.03)


def test_a_spheroid_by_its_area_and_length() -> None:
    long, across = 80.0, 50.0
    measured = area_length(of(math.pi * long * across / 4, Unit.MM2), of(long))
    assert measured.value == pytest.approx(math.pi / 6 * long * across**2 / 1000)


def test_a_half_ellipsoid_by_discs_is_its_volume() -> None:
    # Semi-axes 80, 25 and 20 mm: half of 4/3 pi a b c.
    four, two = half_ellipse(400, 250), half_ellipse(400, 200)
    measured = biplane_volume(Contour(PLANE, four), Contour(PLANE, two))
    assert measured.value == pytest.approx(2 / 3 * math.pi * 80 * 25 * 20 / 1000, rel=0.005)
    assert (measured.unit, measured.region) == (Unit.ML, 0)
    assert 0.02 < measured.uncertainty / measured.value < 0.2


def test_discs_do_not_mind_which_way_the_heart_lies() -> None:
    def turned(points: list[Point], deg: float) -> list[Point]:
        c, s = math.cos(math.radians(deg)), math.sin(math.radians(deg))
        return [(400 + (x - 400) * c - (y - 300) * s, 300 + (x - 400) * s + (y - 300) * c) for x, y in points]

    four, two = half_ellipse(400, 250), half_ellipse(400, 200)
    straight = biplane_volume(Contour(PLANE, four), Contour(PLANE, two))
    aslant = biplane_volume(Contour(PLANE, turned(four, 20)), Contour(PLANE, turned(two[::-1], -35)))
    assert aslant.value == pytest.approx(straight.value, rel=0.001)


def test_a_scale_by_hand_in_one_view_adds_its_doubt() -> None:
    by_hand = frame(plane(0, 0, 799, 599), source=BY_HAND, scale_uncertainty=0.01)
    four, two = half_ellipse(410, 250), half_ellipse(400, 200)
    sure = biplane_volume(Contour(PLANE, four), Contour(PLANE, two))
    doubted = biplane_volume(Contour(by_hand, four), Contour(PLANE, two))
    assert doubted.calibration is BY_HAND
    assert doubted.uncertainty - sure.uncertainty == pytest.approx(0.02 * sure.value, rel=0.01)


def test_the_ejection_fraction() -> None:
    measured = ejection_fraction(of(120, Unit.ML, 6), of(50, Unit.ML, 3))
    assert (measured.value, measured.unit) == (pytest.approx(58.33, abs=0.01), Unit.PERCENT)
    assert measured.uncertainty == pytest.approx(100 * (3 / 120 + 6 * 50 / 120**2), rel=0.001)


def test_what_makes_no_volume_is_refused() -> None:
    refused(RefusalCode.WRONG_UNIT, ellipsoid, of(50), of(40), of(30, Unit.CM))
    refused(RefusalCode.WRONG_UNIT, area_length, of(50), of(40))
    refused(RefusalCode.NOT_POSITIVE, ellipsoid, of(50), of(40), of(0))
    why = refused(RefusalCode.SYSTOLE_ABOVE_DIASTOLE, ejection_fraction, of(50, Unit.ML), of(60, Unit.ML))
    assert "60 mL" in why and "50 mL" in why


def test_lengths_in_pixels_make_no_volume() -> None:
    bare = frame()
    in_px = distance(bare, [(0, 0), (100, 0)])
    refused(RefusalCode.UNCALIBRATED, ellipsoid, in_px, of(40), of(30))
    assert in_px.uncalibrated is Uncalibrated.NO_REGIONS
    refused(RefusalCode.UNCALIBRATED, area_length, area(bare, half_ellipse(100, 50)), of(30))
    uncalibrated = Contour(bare, half_ellipse(400, 250))
    refused(RefusalCode.UNCALIBRATED, biplane_volume, uncalibrated, uncalibrated)


def _volume(points: list[Point], others: list[Point], on: Frame = PLANE) -> Measured:
    return biplane_volume(Contour(on, points), Contour(on, others))


def test_contours_that_are_no_ventricle_are_refused() -> None:
    good = half_ellipse(400, 250)
    refused(RefusalCode.LENGTHS_DIFFER, _volume, good, half_ellipse(300, 250))
    w: list[Point] = [(200, 500), (300, 100), (390, 320), (405, 321), (500, 140), (600, 500)]
    refused(RefusalCode.CONTOUR_FOLDED, _volume, w, good)
    crossed: list[Point] = [(200, 500), (600, 100), (400, 60), (200, 100), (300, 200), (600, 500)]
    refused(RefusalCode.SELF_CROSSING, _volume, crossed, good)
    refused(RefusalCode.WRONG_NUMBER_OF_POINTS, _volume, good[:2], good)
    refused(RefusalCode.WRONG_NUMBER_OF_POINTS, _volume, good[::15][:5], good)
    refused(RefusalCode.WRONG_NUMBER_OF_POINTS, _volume, half_ellipse(400, 250, 129), good)


def test_a_ventricle_in_one_view_has_an_area_and_a_long_axis() -> None:
    contour = half_ellipse(400, 250)
    area_of, axis = chamber_area(PLANE, contour), chamber_length(PLANE, contour)
    assert area_of.value == pytest.approx(math.pi / 2 * 80 * 25, rel=0.005)
    assert (axis.value, axis.unit) == (pytest.approx(80, rel=0.001), Unit.MM)
    assert chamber_area(frame(), contour).unit is Unit.PX2
    assert chamber_length(frame(), contour).uncalibrated is Uncalibrated.NO_REGIONS
    refused(RefusalCode.WRONG_NUMBER_OF_POINTS, chamber_area, PLANE, contour[::15][:5])
    w: list[Point] = [(200, 500), (300, 100), (390, 320), (405, 321), (500, 140), (600, 500)]
    refused(RefusalCode.CONTOUR_FOLDED, chamber_area, PLANE, w)
    refused(RefusalCode.CONTOUR_FOLDED, chamber_length, PLANE, w)
