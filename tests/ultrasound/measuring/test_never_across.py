"""Whatever is measured: never in physical units outside a region, across two, or in one of another kind."""

import dataclasses
from collections.abc import Callable, Sequence

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.ultrasound.measuring.frames import frame, plane
from ultrasound.measuring.chamber import chamber_area, chamber_length
from ultrasound.measuring.derived import Derivation, PartKind, derive, part_of
from ultrasound.measuring.doppler import acceleration, gradient, velocity
from ultrasound.measuring.flow_indices import pulsatility_index, resistive_index, systolic_diastolic_ratio
from ultrasound.measuring.flow_trace import mean_gradient, mean_velocity, velocity_time_integral
from ultrasound.measuring.frame import Frame
from ultrasound.measuring.length import distance
from ultrasound.measuring.measured import CalibrationSource, Measured
from ultrasound.measuring.points import Point
from ultrasound.measuring.pressure_half_time import pressure_half_time
from ultrasound.measuring.refusal import Refusal
from ultrasound.measuring.unit import Unit
from ultrasound.regions import DataType, PhysicalUnit, Region, RegionFlag, SpatialFormat

Measure = Callable[[Frame, Sequence[Point]], Measured]

sides = st.integers(0, 799)
boxes = st.tuples(sides, sides, st.integers(0, 599), st.integers(0, 599)).map(
    lambda four: (min(four[:2]), min(four[2:]), max(four[:2]), max(four[2:]))
)
flags = st.sampled_from([RegionFlag(0), RegionFlag.LOW_PRIORITY])


def _strip(
    box: tuple[int, int, int, int], kind: tuple[SpatialFormat, PhysicalUnit], delta_y: float, flag: RegionFlag
) -> Region:
    format, unit_y = kind
    height = box[3] - box[1]
    return Region(
        *box,
        format,
        DataType.PW_DOPPLER,
        PhysicalUnit.SECONDS,
        unit_y,
        0.005,
        delta_y,
        0,
        height // 2,
        flags=flag,
        transducer_khz=2500.0,
        doppler_angle_deg=30.0,
    )


strips = st.builds(
    _strip,
    boxes,
    st.sampled_from(
        [
            (SpatialFormat.SPECTRAL, PhysicalUnit.CM_PER_SECOND),
            (SpatialFormat.SPECTRAL, PhysicalUnit.HERTZ),
            (SpatialFormat.M_MODE, PhysicalUnit.CM),
            (SpatialFormat.WAVEFORM, PhysicalUnit.NONE),
        ]
    ),
    st.sampled_from([-0.05, -0.1, 0.2]),
    flags,
)
planes = st.builds(
    lambda box, delta, flag: plane(*box, delta, flags=flag), boxes, st.sampled_from([0.01, 0.02]), flags
)
pictures = st.lists(strips | planes, max_size=4)
whole = st.sampled_from(
    [
        plane(0, 0, 799, 599, 0.03, flags=RegionFlag.LOW_PRIORITY),
        _strip(
            (0, 0, 799, 599),
            (SpatialFormat.SPECTRAL, PhysicalUnit.CM_PER_SECOND),
            -0.5,
            RegionFlag.LOW_PRIORITY,
        ),
    ]
)
points = st.tuples(st.floats(0, 799), st.floats(0, 599))

FLOW: list[Measure] = [
    velocity,
    lambda on, some: velocity(on, some, 45.0),
    lambda on, some: gradient(velocity(on, some)),
    acceleration,
    velocity_time_integral,
    mean_velocity,
    mean_gradient,
    pressure_half_time,
    resistive_index,
    systolic_diastolic_ratio,
    pulsatility_index,
]
PIXELS = (Unit.PX, Unit.PX2)


def _measured(tool: Measure, on: Frame, some: Sequence[Point]) -> Measured | None:
    try:
        return tool(on, some)
    except Refusal:
        return None


def _check_region(measured: Measured, regions: Sequence[Region], line: Sequence[Point]) -> Region:
    """All of the line lies in the region that gave the scale, and above no other of another scale."""
    assert measured.region is not None and measured.uncalibrated is None
    chosen = regions[measured.region]
    for one, two in zip(line, line[1:] or line, strict=False):
        for k in range(51):
            x_px, y_px = (a + (b - a) * k / 50 for a, b in zip(one, two, strict=True))
            assert chosen.left_px - 1e-6 <= x_px <= chosen.right_px + 1e-6
            assert chosen.top_px - 1e-6 <= y_px <= chosen.bottom_px + 1e-6
            held = [region for region in regions if region.holds(x_px, y_px)]
            if held:
                best = min(held, key=lambda region: (not region.high_priority, region.area_px))
                assert (best.delta_x, best.delta_y) == (chosen.delta_x, chosen.delta_y)
    return chosen


@given(
    pictures | st.builds(lambda some, one: [one, *some], pictures, whole),
    st.lists(points, min_size=1, max_size=6),
    st.sampled_from(FLOW),
)
def test_a_flow_is_measured_in_one_spectrum_only(
    regions: list[Region], some: list[Point], tool: Measure
) -> None:
    line = sorted(some)
    for trace in (line, line[::-1]):
        measured = _measured(tool, frame(*regions), trace)
        if measured is None:
            continue
        assert measured.unit not in PIXELS and measured.calibration is not CalibrationSource.NONE
        chosen = _check_region(measured, regions, trace)
        assert chosen.spatial_format is SpatialFormat.SPECTRAL


@given(pictures | st.builds(lambda some, one: [one, *some], pictures, whole), points, st.floats(0.05, 0.9))
def test_a_ventricle_is_measured_in_one_plane_only(regions: list[Region], corner: Point, size: float) -> None:
    left, top = corner
    across, down = (799 - left) * size, (599 - top) * size
    shape = ((0.2, 1), (0, 0.6), (0.25, 0.1), (0.5, 0), (0.8, 0.15), (1, 0.6), (0.75, 1))
    contour = [(left + x * across, top + y * down) for x, y in shape]
    for tool in (chamber_area, chamber_length):
        measured = _measured(tool, frame(*regions), contour)
        if measured is None or measured.unit in PIXELS:
            assert measured is None or measured.calibration is CalibrationSource.NONE
            continue
        chosen = _check_region(measured, regions, [*contour, contour[0]])
        assert chosen.spatial_format is SpatialFormat.TWO_D


@given(st.lists(st.tuples(pictures, points, points), min_size=3, max_size=3))
def test_nothing_is_derived_of_a_length_outside_a_region(
    lengths: list[tuple[list[Region], Point, Point]],
) -> None:
    parts = []
    for k, (regions, one, other) in enumerate(lengths):
        measured = _measured(distance, frame(*regions), [one, other])
        assume(measured is not None)
        assert measured is not None
        parts.append(part_of(str(k), PartKind.LENGTH, measured, f"s{k}", frame(*regions), [one, other]))
    scaled = all(one.measured.unit is Unit.MM for one in parts)
    try:
        volume = derive(Derivation.ELLIPSOID, parts)
    except Refusal:
        assert not scaled
    else:
        assert scaled and volume.unit is Unit.ML and volume.calibration is CalibrationSource.FILE


@given(pictures, points, points)
def test_pixels_that_claim_to_be_millimetres_make_nothing(
    regions: list[Region], one: Point, other: Point
) -> None:
    measured = _measured(distance, frame(*regions), [one, other])
    assume(measured is not None and measured.unit is Unit.PX)
    assert measured is not None
    lied = dataclasses.replace(measured, unit=Unit.MM)
    part = part_of("a", PartKind.LENGTH, lied, "s", frame(*regions), [one, other])
    others = [part_of(key, PartKind.LENGTH, lied, f"s{key}", frame(*regions), [one, other]) for key in "bc"]
    assert _measured(lambda _, __: derive(Derivation.ELLIPSOID, [part, *others]), frame(), []) is None
