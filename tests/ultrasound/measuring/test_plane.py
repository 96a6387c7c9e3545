"""Lengths, areas and angles: against what a scanner printed, against known figures, or refused."""

import dataclasses
import itertools
import math
from typing import Any

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ultrasound.cines import DEMO_CINE, TWO_PALETTE_FRAMES
from tests.ultrasound.measuring.frames import BY_HAND, DOPPLER, frame, plane, refused
from ultrasound.dicom import open_dicom
from ultrasound.measuring.angle import angle
from ultrasound.measuring.ellipse import ellipse_area, ellipse_circumference
from ultrasound.measuring.frame import Frame, Standing
from ultrasound.measuring.length import distance, path
from ultrasound.measuring.measured import CalibrationSource, Uncalibrated
from ultrasound.measuring.outline import area, circumference
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import RefusalCode
from ultrasound.measuring.unit import Unit
from ultrasound.regions import PhysicalUnit, read_regions

PLANE = frame(plane(0, 0, 799, 599))  # 0.2 mm a pixel
STRETCHED = frame(plane(0, 0, 799, 599, delta_x=0.01, delta_y=0.03))
BARE = frame()
SQUARE: list[Point] = [(100, 100), (200, 100), (200, 200), (100, 200)]
BOW_TIE: list[Point] = [(100, 100), (200, 200), (200, 100), (100, 200)]


def philips() -> Frame:
    header = pydicom.dcmread(TWO_PALETTE_FRAMES, stop_before_pixels=True)
    return Frame(header.Columns, header.Rows, Standing.STORED, read_regions(header))


def test_a_caliper_of_the_scanner_measures_what_the_scanner_printed() -> None:
    # "+ Cist Mag 1.06 cm", its crosses at these points of the picture.
    measured = distance(philips(), [(460, 290.5), (499, 301.5)])
    assert measured.value == pytest.approx(10.6, rel=0.005)
    assert (measured.unit, measured.calibration, measured.region) == (Unit.MM, CalibrationSource.FILE, 0)
    assert measured.uncertainty == pytest.approx(2 * 0.262, rel=0.01)  # a pixel at each end


def test_ticks_of_a_scanners_ruler_are_as_far_apart_as_they_say() -> None:
    # Of the CX50 picture, ticks 1 cm apart: the first in row 97, the eleventh centimetre in row 516.
    assert distance(philips(), [(790, 97), (790, 516)]).value == pytest.approx(110, rel=0.005)
    # Of the SonoSite loop, dots 1 cm apart: rows 41.5 and 335.5 are 15 cm.
    cine = open_dicom(DEMO_CINE)
    shown = Frame(cine.width, cine.height, Standing.STORED, cine.regions)
    assert distance(shown, [(590, 42), (590, 336)]).value == pytest.approx(150, rel=0.005)


def test_each_direction_has_its_own_delta() -> None:
    assert distance(STRETCHED, [(100, 100), (400, 100)]).value == pytest.approx(30)
    assert distance(STRETCHED, [(100, 100), (100, 400)]).value == pytest.approx(90)
    assert distance(STRETCHED, [(100, 100), (400, 200)]).value == pytest.approx(math.hypot(30, 30))
    assert angle(STRETCHED, [(400, 100), (100, 100), (400, 200)]).value == pytest.approx(45)
    assert area(STRETCHED, SQUARE).value == pytest.approx(10 * 30)


def test_a_path_is_the_sum_of_its_parts() -> None:
    assert path(PLANE, [(0, 0), (30, 40), (30, 140)]).value == pytest.approx(30)


def test_an_outline_has_area_and_circumference_whichever_way_it_goes() -> None:
    assert area(PLANE, SQUARE).value == pytest.approx(400)
    assert area(PLANE, SQUARE[::-1]).value == pytest.approx(400)
    assert circumference(PLANE, SQUARE).value == pytest.approx(80)


def test_a_circle_by_its_axes_is_a_circle() -> None:
    axes: list[Point] = [(100, 200), (300, 200), (200, 100), (200, 300)]
    assert ellipse_area(PLANE, axes).value == pytest.approx(math.pi * 20**2)
    assert ellipse_circumference(PLANE, axes).value == pytest.approx(math.pi * 40)


def test_an_ellipses_circumference_is_the_elliptic_integral() -> None:
    axes: list[Point] = [(100, 200), (500, 200), (300, 150), (300, 250)]
    a, b = 40.0, 10.0
    turns = [2 * math.pi * (k + 0.5) / 100_000 for k in range(100_000)]
    exact = sum(math.hypot(a * math.sin(t), b * math.cos(t)) for t in turns) * 2 * math.pi / 100_000
    assert ellipse_circumference(PLANE, axes).value == pytest.approx(exact, rel=0.005)


@given(
    st.floats(-180, 180),
    st.floats(62, 118),
    st.tuples(st.floats(20, 120), st.floats(20, 120)),
    st.tuples(st.floats(0.01, 0.03), st.sampled_from([0.01, -0.01, 0.02])),
)
def test_an_ellipse_is_told_as_it_is_drawn(
    turned_deg: float, open_deg: float, half: tuple[float, float], delta: tuple[float, float]
) -> None:
    """Whatever angle its axes meet at, and whatever a pixel is worth each way: the curve that is seen."""
    one, two = (
        (length * math.cos(math.radians(deg)), length * math.sin(math.radians(deg)))
        for length, deg in zip(half, (turned_deg, turned_deg + open_deg), strict=True)
    )
    axes = [(400 + way * x, 300 + way * y) for x, y in (one, two) for way in (-1, 1)]
    on = frame(plane(0, 0, 799, 599, delta_x=delta[0], delta_y=delta[1]))
    turns = [2 * math.pi * k / 2000 for k in range(2001)]
    seen = [
        (
            10 * delta[0] * (one[0] * math.cos(t) + two[0] * math.sin(t)),
            10 * delta[1] * (one[1] * math.cos(t) + two[1] * math.sin(t)),
        )
        for t in turns
    ]
    wedges = (a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(seen))
    assert ellipse_area(on, axes).value == pytest.approx(abs(sum(wedges)) / 2, rel=1e-4)
    around_mm = sum(math.dist(a, b) for a, b in itertools.pairwise(seen))
    assert ellipse_circumference(on, axes).value == pytest.approx(around_mm, rel=0.005)


def test_an_ellipse_that_bulges_out_of_its_region_has_no_millimetres() -> None:
    axes: list[Point] = [(110, 110), (290, 290), (140, 260), (260, 140)]
    assert ellipse_area(PLANE, axes).unit is Unit.MM2
    inside = frame(plane(110, 110, 290, 290))
    assert ellipse_area(inside, axes).uncalibrated is Uncalibrated.OUTSIDE_REGIONS


@given(st.floats(0, 360), st.floats(20, 150))
def test_an_angle_is_the_same_whichever_way_it_is_turned(turned_deg: float, open_deg: float) -> None:
    def at(deg: float) -> Point:
        return (400 + 100 * math.cos(math.radians(deg)), 300 + 100 * math.sin(math.radians(deg)))

    points = [at(turned_deg), (400, 300), at(turned_deg + open_deg)]
    assert angle(PLANE, points).value == pytest.approx(open_deg)


@pytest.mark.parametrize(
    ("measuring", "points", "unit", "value"),
    [
        (distance, [(0, 0), (30, 40)], Unit.PX, 50),
        (path, [(0, 0), (30, 40), (30, 50)], Unit.PX, 60),
        (area, SQUARE, Unit.PX2, 10_000),
        (circumference, SQUARE, Unit.PX, 400),
        (ellipse_area, [(100, 200), (300, 200), (200, 100), (200, 300)], Unit.PX2, math.pi * 100**2),
        (angle, [(100, 0), (0, 0), (100, 100)], Unit.DEG, 45),
    ],
)
def test_without_a_scale_a_value_stands_in_pixels_and_says_why(
    measuring: Any, points: list[Point], unit: Unit, value: float
) -> None:
    measured = measuring(BARE, points)
    assert (measured.value, measured.unit) == (pytest.approx(value), unit)
    assert measured.calibration is CalibrationSource.NONE
    assert measured.uncalibrated is Uncalibrated.NO_REGIONS
    assert measured.uncertainty > 0


def test_a_length_across_a_doppler_strip_has_no_millimetres() -> None:
    assert distance(DOPPLER, [(0, 0), (100, 100)]).uncalibrated is Uncalibrated.UNITS_DO_NOT_FIT
    not_cm = frame(dataclasses.replace(plane(0, 0, 799, 599), unit_y=PhysicalUnit.PERCENT))
    assert distance(not_cm, [(0, 0), (100, 100)]).unit is Unit.PX


def test_the_doubt_of_a_scale_adds_to_that_of_the_points() -> None:
    by_hand = frame(plane(0, 0, 799, 599), source=BY_HAND, scale_uncertainty=0.02)
    points: list[Point] = [(100, 100), (400, 100)]
    sure, doubted = distance(PLANE, points), distance(by_hand, points)
    assert doubted.calibration is BY_HAND
    assert doubted.uncertainty == pytest.approx(sure.uncertainty + 0.02 * doubted.value)
    assert area(by_hand, SQUARE).uncertainty == pytest.approx(area(PLANE, SQUARE).uncertainty + 0.0404 * 400)


@given(st.lists(st.tuples(st.floats(-0.7, 0.7), st.floats(-0.7, 0.7)), min_size=4, max_size=4))
def test_points_off_by_a_pixel_stay_within_the_doubt_that_is_shown(moves: list[Point]) -> None:
    square: list[Point] = [(100, 100), (400, 120), (390, 400), (90, 380)]
    moved = [(x + dx, y + dy) for (x, y), (dx, dy) in zip(square, moves, strict=True)]
    shown = area(PLANE, square)
    assert abs(area(PLANE, moved).value - shown.value) <= shown.uncertainty * 1.01
    shown = path(PLANE, square)
    assert abs(path(PLANE, moved).value - shown.value) <= shown.uncertainty * 1.01


@pytest.mark.parametrize(
    ("code", "measuring", "points"),
    [
        (RefusalCode.POINT_NOT_A_NUMBER, distance, [(0, 0), (math.nan, 0)]),
        (RefusalCode.POINT_NOT_A_NUMBER, distance, [(0, 0), (0, math.inf)]),
        (RefusalCode.POINT_OUTSIDE_PICTURE, distance, [(0, 0), (799.5, 0)]),
        (RefusalCode.POINT_OUTSIDE_PICTURE, distance, [(0, 0), (-1, 0)]),
        (RefusalCode.WRONG_NUMBER_OF_POINTS, distance, [(0, 0)]),
        (RefusalCode.WRONG_NUMBER_OF_POINTS, distance, [(0, 0), (1, 1), (2, 2)]),
        (RefusalCode.WRONG_NUMBER_OF_POINTS, area, [(0, 0), (9, 9)]),
        (RefusalCode.WRONG_NUMBER_OF_POINTS, path, [(k % 800, k % 600) for k in range(513)]),
        (RefusalCode.WRONG_NUMBER_OF_POINTS, angle, [(0, 0), (9, 9)]),
        (RefusalCode.POINTS_COINCIDE, distance, [(5, 5), (5, 5)]),
        (RefusalCode.POINTS_COINCIDE, area, [(0, 0), (9, 0), (9, 9), (0, 0)]),
        (RefusalCode.SELF_CROSSING, area, BOW_TIE),
        (RefusalCode.SELF_CROSSING, circumference, BOW_TIE),
        (RefusalCode.SELF_CROSSING, area, [(0, 0), (100, 0), (50, 0), (50, 50)]),
        (RefusalCode.SELF_CROSSING, area, [(0, 0), (100, 0), (100, 50), (50, 0), (0, 50)]),
        (RefusalCode.FLAT_OUTLINE, area, [(0, 0), (50, 0), (100, 0)]),
        (RefusalCode.AXES_NOT_ACROSS, ellipse_area, [(0, 0), (100, 0), (0, 0), (90, 30)]),
    ],
)
def test_what_is_no_such_figure_is_refused(code: RefusalCode, measuring: Any, points: list[Point]) -> None:
    refused(code, measuring, PLANE, points)


def test_a_picture_of_the_call_is_not_measured_on() -> None:
    sent = frame(plane(0, 0, 799, 599), standing=Standing.SENT)
    assert "exact" in refused(RefusalCode.LIVE_PICTURE, distance, sent, [(0, 0), (9, 9)])
    exact = frame(plane(0, 0, 799, 599), standing=Standing.EXACT)
    assert distance(exact, [(0, 0), (10, 0)]).value == pytest.approx(2)


simple = st.lists(st.floats(5, 95), min_size=3, max_size=40)


@given(simple)
def test_the_area_of_a_star_is_that_of_its_triangles(radii: list[float]) -> None:
    count = len(radii)
    turns = [2 * math.pi * k / count for k in range(count)]
    star = [(200 + r * math.cos(t), 200 + r * math.sin(t)) for r, t in zip(radii, turns, strict=True)]
    wedges = (
        a * b * math.sin(2 * math.pi / count) / 2 for a, b in zip(radii, [*radii[1:], radii[0]], strict=True)
    )
    assert area(PLANE, star).value == pytest.approx(sum(wedges) * 0.2**2)
