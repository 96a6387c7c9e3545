"""Which scale holds: priority, then size; never two, never beside a region."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ultrasound.measuring.frames import faulty, frame, plane, refused
from tests.ultrasound.measuring.oracle import wrong_scale
from ultrasound.measuring.choice import crosses
from ultrasound.measuring.length import distance, path
from ultrasound.measuring.measured import CalibrationSource, Uncalibrated
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.unit import Unit
from ultrasound.regions import Region, RegionFlag

LOW = RegionFlag.LOW_PRIORITY


def test_among_regions_around_all_points_high_priority_comes_before_size() -> None:
    under, above = plane(100, 100, 200, 200, 0.01, flags=LOW), plane(50, 50, 300, 300, 0.03)
    assert distance(frame(under, above), [(110, 110), (120, 110)]).region == 1


def test_at_equal_priority_the_smaller_region_holds() -> None:
    measured = distance(
        frame(plane(0, 0, 500, 500, 0.01), plane(50, 50, 300, 300, 0.03)), [(60, 60), (70, 60)]
    )
    assert (measured.region, measured.value) == (1, pytest.approx(3.0))


def test_the_edges_of_a_region_belong_to_it() -> None:
    one = frame(plane(10, 10, 20, 20))
    assert distance(one, [(10, 10), (20, 20)]).unit is Unit.MM
    assert distance(one, [(9.5, 10), (20, 20)]).unit is Unit.PX


def test_a_point_in_each_of_two_regions_is_refused_although_they_have_one_scale() -> None:
    dual = frame(plane(0, 0, 399, 599), plane(400, 0, 799, 599))
    why = refused(RefusalCode.ACROSS_REGIONS, distance, dual, [(100, 100), (500, 100)])
    assert "regions 0 and 1" in why


def test_a_line_out_of_every_region_stands_in_pixels() -> None:
    measured = distance(frame(plane(0, 0, 100, 100)), [(50, 50), (150, 50)])
    assert (measured.value, measured.unit, measured.region) == (100, Unit.PX, None)
    assert measured.calibration is CalibrationSource.NONE
    assert measured.uncalibrated is Uncalibrated.OUTSIDE_REGIONS


def test_a_point_under_an_inset_of_another_scale_is_refused() -> None:
    inset = frame(plane(0, 0, 799, 599, flags=LOW), plane(600, 400, 799, 599, 0.01))
    refused(RefusalCode.ACROSS_REGIONS, distance, inset, [(100, 100), (700, 500)])


def test_a_line_across_an_inset_of_another_scale_is_refused() -> None:
    inset = frame(plane(0, 0, 799, 599, flags=LOW), plane(300, 200, 400, 300, 0.01))
    refused(RefusalCode.ACROSS_REGIONS, distance, inset, [(200, 250), (500, 250)])
    assert distance(inset, [(200, 350), (500, 350)]).region == 0


def test_a_line_out_of_a_colour_box_of_the_same_scale_is_measured() -> None:
    colour = frame(plane(0, 0, 799, 599), plane(300, 200, 400, 300))
    assert distance(colour, [(350, 250), (500, 250)]).value == pytest.approx(30)


def test_two_regions_that_are_equally_good_and_differ_are_refused() -> None:
    two = frame(plane(0, 0, 100, 100, 0.02), plane(0, 0, 100, 100, 0.03))
    refused(RefusalCode.EQUAL_REGIONS, distance, two, [(10, 10), (20, 10)])


def test_a_region_that_is_written_twice_is_one() -> None:
    twice = frame(plane(0, 0, 100, 100), plane(0, 0, 100, 100))
    assert distance(twice, [(10, 10), (20, 10)]).region == 0


def test_under_a_faulty_region_nothing_else_is_taken() -> None:
    measured = distance(frame(plane(0, 0, 799, 599), faulty(0, 0, 100, 100)), [(10, 10), (20, 10)])
    assert (measured.unit, measured.uncalibrated) == (Unit.PX, Uncalibrated.REGION_FAULTY)


@pytest.mark.parametrize(
    ("line", "met"),
    [
        (((0, 0), (50, 50)), True),
        (((0, 15), (50, 15)), True),
        (((15, 12), (16, 13)), True),
        (((0, 0), (9, 9)), False),
        (((0, 25), (50, 25)), False),
        (((25, 0), (25, 50)), False),
        (((0, 30), (30, 0)), True),
        (((0, 45), (45, 0)), False),
    ],
)
def test_whether_a_stretch_meets_a_region(line: tuple[Point, Point], met: bool) -> None:
    assert crosses(plane(10, 10, 20, 20), *line) is met


sides = st.integers(0, 799)
corners = st.tuples(sides, sides, st.integers(0, 599), st.integers(0, 599)).map(
    lambda four: (min(four[:2]), min(four[2:]), max(four[:2]), max(four[2:]))
)
planes = st.builds(
    lambda box, delta, low: plane(*box, delta, flags=LOW if low else RegionFlag(0)),
    corners,
    st.sampled_from([0.01, 0.02, 0.05]),
    st.booleans(),
)
points = st.tuples(st.floats(0, 799), st.floats(0, 599))


WHOLE = plane(0, 0, 799, 599, 0.03, flags=LOW)
several = st.lists(planes, max_size=4)


@given(several | several.map(lambda some: [WHOLE, *some]), st.lists(points, min_size=2, max_size=5))
def test_millimetres_are_never_shown_outside_a_region_or_across_two(
    regions: list[Region], line: list[Point]
) -> None:
    try:
        measured = path(frame(*regions), line)
    except Refusal:
        return
    assert wrong_scale(regions, line, measured) == ""


def test_what_judges_the_scale_sees_each_fault() -> None:
    two, line = [plane(0, 0, 100, 100, 0.02), plane(101, 0, 200, 100, 0.03)], [(50.0, 50.0), (150.0, 50.0)]
    honest = distance(frame(*two), line[:1] + [(60.0, 50.0)])
    assert wrong_scale(two, [(50, 50), (60, 50)], honest) == ""
    assert wrong_scale(two, line, honest) == "millimetres outside a region"
    inset = [plane(0, 0, 200, 100, 0.02, flags=LOW), plane(90, 0, 110, 100, 0.03)]
    assert wrong_scale(inset, line, honest) == "millimetres across two regions"
    assert wrong_scale(two, line, replace(honest, region=None)) == "millimetres of no region"
    assert wrong_scale(two, line, replace(honest, unit=Unit.PX)) == "pixels that are not called uncalibrated"
