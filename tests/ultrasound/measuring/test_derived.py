"""Derived measurements: of the parts they take, in their order, and of nothing else."""

import math

import pytest

from tests.ultrasound.measuring.frames import BY_HAND, DOPPLER, frame, plane, refused
from ultrasound.measuring.chamber import chamber_area, chamber_length
from ultrasound.measuring.derived import (
    TAKES,
    Derivation,
    Part,
    PartKind,
    derive,
    part_of,
    scales_differ,
    volume_of,
)
from ultrasound.measuring.frame import Frame
from ultrasound.measuring.length import distance
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.measuring.outline import area
from ultrasound.measuring.points import Point
from ultrasound.measuring.pressure_half_time import pressure_half_time
from ultrasound.measuring.refusal import RefusalCode
from ultrasound.measuring.unit import Unit

PLANE = frame(plane(0, 0, 799, 599))  # 0.2 mm a pixel
DEEPER = frame(plane(0, 0, 799, 599, 0.03))
HAND = frame(plane(0, 0, 799, 599), source=BY_HAND, scale_uncertainty=0.01)
DUAL = frame(plane(0, 0, 399, 599), plane(400, 0, 799, 599))


def ventricle(long_px: float, wide_px: float) -> list[Point]:
    turns = [math.pi * k / 30 for k in range(31)]
    return [(400 - wide_px / 2 * math.cos(t), 500 - long_px * math.sin(t)) for t in turns]


def length(px: float, key: str, still: str = "s1", on: Frame = PLANE, left: float = 10) -> Part:
    points: list[Point] = [(left, 10), (left + px, 10)]
    return part_of(key, PartKind.LENGTH, distance(on, points), still, on, points)


def contour(long_px: float, wide_px: float, key: str, on: Frame = PLANE) -> Part:
    points = ventricle(long_px, wide_px)
    return part_of(key, PartKind.CONTOUR, chamber_area(on, points), f"of {key}", on, points)


def volume(key: str, four: Part, two: Part) -> Part:
    return volume_of(key, Derivation.BIPLANE, derive(Derivation.BIPLANE, [four, two]), [four, two])


FULL = volume("full", contour(400, 250, "a"), contour(400, 200, "b"))
EMPTIED = volume("emptied", contour(350, 180, "c"), contour(350, 150, "d"))


def test_an_ellipsoid_of_two_planes() -> None:
    diameters = [length(250, "a"), length(200, "b"), length(150, "c", "s2")]
    measured = derive(Derivation.ELLIPSOID, diameters)
    assert (measured.value, measured.unit) == (pytest.approx(math.pi / 6 * 50 * 40 * 30 / 1000), Unit.ML)
    assert not scales_differ(diameters)


def test_three_diameters_of_one_plane_are_no_volume() -> None:
    flat = [length(250, "a"), length(200, "b"), length(150, "c")]
    refused(RefusalCode.ONE_PLANE, derive, Derivation.ELLIPSOID, flat)
    # Two planes side by side in one frame are two.
    beside = [length(250, "a", on=DUAL), length(200, "b", on=DUAL), length(150, "c", on=DUAL, left=450)]
    assert derive(Derivation.ELLIPSOID, beside).unit is Unit.ML


def test_parts_of_two_scales_are_told_and_the_weakest_word_is_the_whole_s() -> None:
    mixed = [length(250, "a"), length(200, "b", "s2", DEEPER), length(150, "c", "s3")]
    assert scales_differ(mixed)
    assert derive(Derivation.ELLIPSOID, mixed).calibration is CalibrationSource.FILE
    by_hand = [length(250, "a"), length(200, "b"), length(150, "c", "s3", HAND)]
    assert scales_differ(by_hand)
    assert derive(Derivation.ELLIPSOID, by_hand).calibration is BY_HAND


def test_area_and_length_are_of_one_view() -> None:
    points = ventricle(400, 250)
    outline = part_of("a", PartKind.AREA, area(PLANE, points), "s1", PLANE, points)
    axis = part_of("b", PartKind.LENGTH, chamber_length(PLANE, points), "s1", PLANE, points)
    a_mm2, l_mm = outline.measured.value, axis.measured.value
    measured = derive(Derivation.AREA_LENGTH, [outline, axis])
    assert measured.value == pytest.approx(8 * a_mm2**2 / (3 * math.pi * l_mm) / 1000)
    other = part_of("b", PartKind.LENGTH, axis.measured, "s2", PLANE, points)
    refused(RefusalCode.NOT_ONE_FRAME, derive, Derivation.AREA_LENGTH, [outline, other])


def test_the_ejection_fraction_of_four_contours() -> None:
    measured = derive(Derivation.EJECTION_FRACTION, [FULL, EMPTIED])
    assert measured.value == pytest.approx(100 * (1 - 350 * 180 * 150 / (400 * 250 * 200)), rel=0.001)
    assert measured.uncertainty > 0
    assert not scales_differ([FULL, EMPTIED])
    assert FULL.leaves == {"a", "b"}


def test_a_fraction_of_two_methods_or_of_shared_contours_is_none() -> None:
    points = ventricle(300, 150)
    view = part_of("x", PartKind.CONTOUR, chamber_area(PLANE, points), "s9", PLANE, points)
    axis = part_of("y", PartKind.LENGTH, chamber_length(PLANE, points), "s9", PLANE, points)
    by_area = volume_of(
        "z", Derivation.AREA_LENGTH, derive(Derivation.AREA_LENGTH, [view, axis]), [view, axis]
    )
    refused(RefusalCode.METHODS_DIFFER, derive, Derivation.EJECTION_FRACTION, [FULL, by_area])
    diameters = [length(90, "l"), length(80, "m"), length(70, "n", "s2")]
    bladder = volume_of("o", Derivation.ELLIPSOID, derive(Derivation.ELLIPSOID, diameters), diameters)
    other = [length(60, "p"), length(50, "q"), length(40, "r", "s2")]
    emptier = volume_of("s", Derivation.ELLIPSOID, derive(Derivation.ELLIPSOID, other), other)
    refused(RefusalCode.METHODS_DIFFER, derive, Derivation.EJECTION_FRACTION, [bladder, emptier])
    half_shared = volume("again", contour(400, 250, "a"), contour(400, 180, "e"))
    refused(RefusalCode.PARTS_REPEAT, derive, Derivation.EJECTION_FRACTION, [FULL, half_shared])
    refused(RefusalCode.PARTS_REPEAT, derive, Derivation.BIPLANE, [contour(400, 250, "a")] * 2)
    refused(RefusalCode.SYSTOLE_ABOVE_DIASTOLE, derive, Derivation.EJECTION_FRACTION, [EMPTIED, FULL])


def test_what_a_still_that_was_kept_twice_has_on_it_is_there_once() -> None:
    diameters = [length(250, "a"), length(200, "b"), length(150, "c", "s2")]
    assert derive(Derivation.ELLIPSOID, diameters).unit is Unit.ML
    again = [length(250, "a"), length(250, "d"), length(150, "c", "s2")]
    refused(RefusalCode.PARTS_REPEAT, derive, Derivation.ELLIPSOID, again)


def test_two_views_are_of_two_planes() -> None:
    points, other = ventricle(400, 250), ventricle(400, 200)
    views = [
        part_of("a", PartKind.CONTOUR, chamber_area(PLANE, points), "s1", PLANE, points),
        part_of("b", PartKind.CONTOUR, chamber_area(PLANE, other), "s1", PLANE, other),
    ]
    refused(RefusalCode.ONE_PLANE, derive, Derivation.BIPLANE, views)


def test_a_ventricle_is_not_full_and_emptied_at_one_instant() -> None:
    def single(name: str, height: float, on: str) -> Part:
        points = ventricle(height, 200)
        parts = [
            part_of(f"{name}1", PartKind.CONTOUR, chamber_area(PLANE, points), on, PLANE, points),
            part_of(f"{name}2", PartKind.LENGTH, chamber_length(PLANE, points), on, PLANE, points),
        ]
        made = derive(Derivation.AREA_LENGTH, parts)
        return volume_of(name, Derivation.AREA_LENGTH, made, parts)

    full = single("full", 400, "s1")
    assert derive(Derivation.EJECTION_FRACTION, [full, single("emptied", 300, "s2")]).unit is Unit.PERCENT
    at_once = [full, single("emptied", 300, "s1")]
    refused(RefusalCode.ONE_INSTANT, derive, Derivation.EJECTION_FRACTION, at_once)


def test_a_valve_area_of_a_half_time() -> None:
    points: list[Point] = [(100, 240), (300, 330)]
    half_time = pressure_half_time(DOPPLER, points)
    part = part_of("a", PartKind.HALF_TIME, half_time, "s1", DOPPLER, points)
    measured = derive(Derivation.MITRAL_VALVE_AREA, [part])
    assert (measured.value, measured.unit) == (pytest.approx(220 / half_time.value), Unit.CM2)


def test_a_part_without_a_scale_makes_nothing() -> None:
    bare = frame()
    parts = [length(250, "a"), length(200, "b"), length(150, "c", "s2", bare)]
    refused(RefusalCode.UNCALIBRATED, derive, Derivation.ELLIPSOID, parts)
    assert scales_differ(parts)


@pytest.mark.parametrize("derivation", Derivation)
def test_each_takes_its_own_parts_in_their_order(derivation: Derivation) -> None:
    wanted = TAKES[derivation]
    refused(RefusalCode.WRONG_PART, derive, derivation, [])
    wrong = FULL if PartKind.VOLUME not in wanted else length(9, "wrong")
    why = refused(RefusalCode.WRONG_PART, derive, derivation, [wrong] * len(wanted))
    assert all(kind in why for kind in wanted)
