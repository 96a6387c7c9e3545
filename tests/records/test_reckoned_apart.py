"""What the server keeps of calipers, against another reckoning: arrays and brute force, no shared code.

Regions are drawn at random as scanners write them: reversed deltas, pixels wider than high, corners outside
the picture, reference pixels anywhere, rows in cm/s or hertz.
"""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from records.still_measuring import measured
from records.stills import Calibration, PictureRegion, PictureTool
from ultrasound.measuring.measured import CalibrationSource, Measured
from ultrasound.measuring.refusal import Refusal, RefusalCode

WIDTH, HEIGHT = 800, 600
Placed = NDArray[np.float64]
seeds = st.integers(0, 1 << 40)


class Picture:
    """A still with one region, and where a pixel lies by DICOM PS3.3 C.8.5.5.1.16, worked out here."""

    def __init__(self, seed: int, kind: str) -> None:
        self.rng = rng = random.Random(f"{kind} {seed}")
        corner = (rng.choice([-2, -1, 0, 40, 133]), rng.choice([-2, 0, 25, 90]))
        reference = (rng.randint(0, 300), rng.randint(150, 350))
        value = (rng.choice([0.0, -1.5, 3.25]), 0.0)
        sign = (rng.choice([1, -1]) if kind == "plane" else 1, rng.choice([1, -1]))
        units = {"plane": (3, 3), "m_mode": (4, 3), "cm_s": (4, 7), "hertz": (4, 5)}[kind]
        size = {
            "plane": (rng.uniform(0.01, 0.05), 0.0),
            "m_mode": (rng.uniform(0.001, 0.01), rng.uniform(0.01, 0.05)),
            "cm_s": (rng.uniform(0.001, 0.01), rng.uniform(0.2, 2.0)),
            "hertz": (rng.uniform(0.001, 0.01), rng.uniform(5.0, 40.0)),
        }[kind]
        across, down = size[0] * sign[0], (size[1] or size[0] * rng.uniform(0.4, 2.5)) * sign[1]
        self.khz, self.angle_deg = rng.uniform(1500, 7500), rng.uniform(-60, 60)
        self.zero = (corner[0] + reference[0], corner[1] + reference[1])
        self.delta, self.value, self.kind = (across, down), value, kind
        region = PictureRegion(
            left_px=max(0, corner[0]),
            top_px=max(0, corner[1]),
            right_px=WIDTH - 1,
            bottom_px=HEIGHT - 1,
            spatial_format={"plane": 1, "m_mode": 2}.get(kind, 3),
            data_type=3,
            unit_x=units[0],
            unit_y=units[1],
            delta_x=across,
            delta_y=down,
            reference_x_px=reference[0],
            reference_y_px=reference[1],
            reference_x=value[0],
            reference_y=value[1],
            transducer_khz=self.khz,
            doppler_angle_deg=self.angle_deg,
            corner_x_px=corner[0] if corner[0] < 0 else None,
            corner_y_px=corner[1] if corner[1] < 0 else None,
        )
        self.scale = Calibration(source=CalibrationSource.FILE, regions=(region,))

    def point(self) -> tuple[float, float]:
        """Anywhere in the region."""
        return (round(self.rng.uniform(140, 790), 2), round(self.rng.uniform(95, 590), 2))

    def flow(self, count: int, towards: int) -> list[tuple[float, float]]:
        """Points in order of time, on one side of the baseline."""
        columns = sorted(self.rng.sample(range(150, 780), count))
        way = towards * (1 if self.delta[1] > 0 else -1)
        return [(c, self.zero[1] + way * round(self.rng.uniform(5, 55), 2)) for c in columns]

    def placed(self, points: list[tuple[float, float]]) -> Placed:
        """Centimetres, seconds, and of a spectrum cm/s."""
        at = (np.array(points) - np.array(self.zero)) * np.array(self.delta) + np.array(self.value)
        if self.kind == "hertz":
            at[:, 1] *= 1540 / (2 * self.khz * 1000 * math.cos(math.radians(self.angle_deg))) * 100
        return at

    def read(self, tool: PictureTool, points: list[tuple[float, float]]) -> Measured:
        """What the server says, whose scale must be the region's."""
        found = measured(WIDTH, HEIGHT, self.scale, tool, tuple(points))
        assert (found.region, found.uncalibrated, found.calibration) == (0, None, CalibrationSource.FILE)
        return found


def steps(at: Placed) -> float:
    return float(np.abs(np.diff(at[:, 0] + 1j * at[:, 1])).sum())


def turned(at: Placed) -> float:
    one, two = (complex(*(at[k] - at[1])) for k in (0, 2))
    return abs(math.degrees(np.angle(one / two)))


@given(seeds)
def test_lengths_and_angles_of_a_plane(seed: int) -> None:
    picture = Picture(seed, "plane")
    points = [picture.point() for _ in range(3)]
    at = picture.placed(points)
    assert picture.read(PictureTool.DISTANCE, points[:2]).value == pytest.approx(10 * steps(at[:2]))
    assert picture.read(PictureTool.PATH, points).value == pytest.approx(10 * steps(at))
    assert picture.read(PictureTool.ANGLE, points).value == pytest.approx(turned(at), abs=1e-6)


@given(seeds)
def test_what_an_outline_holds(seed: int) -> None:
    """Against the share of a fine grid that lies in it, by the winding of the corners around each place."""
    picture = Picture(seed, "plane")
    radii = [picture.rng.uniform(40, 150) for _ in range(9)]
    middle = (460.0, 340.0)
    turns = [2 * math.pi * (k + picture.rng.uniform(0, 0.8)) / 9 for k in range(9)]
    points = [
        (middle[0] + r * math.cos(t), middle[1] + r * math.sin(t)) for r, t in zip(radii, turns, strict=True)
    ]
    corners = np.array([complex(*one) for one in points])
    grid = (np.arange(300, 620, 2)[:, None] + 1j * np.arange(180, 500, 2)[None, :]).ravel() + 0.37 + 0.41j
    around = np.angle((np.roll(corners, -1) - grid[:, None]) / (corners - grid[:, None])).sum(axis=1)
    cm2 = (np.abs(around) > math.pi).sum() * 4 * abs(picture.delta[0] * picture.delta[1])
    assert picture.read(PictureTool.AREA, points).value == pytest.approx(100 * cm2, rel=0.03)
    closed = picture.placed([*points, points[0]])
    assert picture.read(PictureTool.CIRCUMFERENCE, points).value == pytest.approx(10 * steps(closed))


@given(seeds)
def test_time_and_depth_of_m_mode(seed: int) -> None:
    picture = Picture(seed, "m_mode")
    points = [picture.point(), picture.point()]
    (from_s, from_cm), (to_s, to_cm) = picture.placed(points)
    seconds, mm = abs(to_s - from_s), 10 * abs(to_cm - from_cm)
    assert picture.read(PictureTool.INTERVAL, points).value == pytest.approx(1000 * seconds)
    assert picture.read(PictureTool.HEART_RATE, points).value == pytest.approx(60 / seconds)
    assert picture.read(PictureTool.DEPTH_DIFFERENCE, points).value == pytest.approx(mm)
    assert picture.read(PictureTool.SLOPE, points).value == pytest.approx(mm / seconds)


spectra = st.sampled_from(["cm_s", "hertz"])
ways = st.sampled_from([1, -1])


@given(seeds, spectra, ways)
def test_velocities_of_a_spectrum(seed: int, kind: str, towards: int) -> None:
    picture = Picture(seed, kind)
    points = picture.flow(2, towards)
    (from_s, one), (to_s, two) = picture.placed(points)
    assert math.copysign(1, one) == towards
    assert picture.read(PictureTool.VELOCITY, points[:1]).value == pytest.approx(one)
    assert picture.read(PictureTool.GRADIENT, points[:1]).value == pytest.approx(4 * (one / 100) ** 2)
    rise = picture.read(PictureTool.ACCELERATION, points).value
    assert rise == pytest.approx((two - one) / (to_s - from_s), rel=1e-6, abs=1e-6)


@given(seeds, spectra, ways, st.booleans())
def test_traces_of_a_flow(seed: int, kind: str, towards: int, backwards: bool) -> None:
    """By 20 000 places along the trace, whichever way it was drawn."""
    picture = Picture(seed, kind)
    points = picture.flow(picture.rng.randint(3, 12), towards)
    at = picture.placed(points)
    drawn = points[::-1] if backwards else points
    seconds = np.linspace(at[0, 0], at[-1, 0], 20_001)
    speed = np.abs(np.interp(seconds, at[:, 0], at[:, 1]))
    mean = float(np.mean((speed[1:] + speed[:-1]) / 2))
    span = at[-1, 0] - at[0, 0]
    assert picture.read(PictureTool.VELOCITY_TIME_INTEGRAL, drawn).value == pytest.approx(
        mean * span, rel=1e-4
    )
    assert picture.read(PictureTool.MEAN_VELOCITY, drawn).value == pytest.approx(mean, rel=1e-4)
    swing = (np.abs(at[:, 1]).max() - np.abs(at[:, 1]).min()) / mean
    assert picture.read(PictureTool.PULSATILITY_INDEX, drawn).value == pytest.approx(swing, rel=1e-4)
    corners = np.abs(at[:, 1]) / 100
    weights = np.diff(at[:, 0])
    gradients = float((4 * (corners[1:] ** 2 + corners[:-1] ** 2) / 2 * weights).sum() / span)
    assert picture.read(PictureTool.MEAN_GRADIENT, drawn).value == pytest.approx(gradients)


@given(seeds, spectra, ways)
def test_indices_and_the_half_time(seed: int, kind: str, towards: int) -> None:
    picture = Picture(seed, kind)
    slow, fast = sorted(picture.flow(2, towards), key=lambda one: abs(one[1] - picture.zero[1]))
    (_, diastolic), (_, systolic) = np.abs(picture.placed([slow, fast]))
    if systolic - diastolic < 1e-3 * systolic:
        return
    both = [fast, slow]
    index = picture.read(PictureTool.RESISTIVE_INDEX, both).value
    assert index == pytest.approx((systolic - diastolic) / systolic)
    ratio = picture.read(PictureTool.SYSTOLIC_DIASTOLIC_RATIO, both).value
    assert ratio == pytest.approx(systolic / diastolic)
    peak, later = (min(fast[0], slow[0]), fast[1]), (max(fast[0], slow[0]), slow[1])
    (from_s, top), (to_s, low) = picture.placed([peak, later])
    # How long until 4 v^2 is half: by halving the stretch of time in which it must be.
    early, late = 0.0, 4000 * (to_s - from_s) / (1 - abs(low / top))
    for _ in range(200):
        middle = (early + late) / 2
        v = top + (low - top) / (to_s - from_s) * middle / 1000
        early, late = (middle, late) if v * top > 0 and v * v > top * top / 2 else (early, middle)
    found = picture.read(PictureTool.PRESSURE_HALF_TIME, [peak, later])
    assert (found.value, found.unit) == (pytest.approx(late, rel=1e-6), "ms")


@given(seeds)
def test_a_ventricle(seed: int) -> None:
    picture = Picture(seed, "plane")
    count, long_px, half_px = 15, picture.rng.uniform(150, 220), picture.rng.uniform(40, 90)
    turns = [math.pi * k / (count - 1) for k in range(count)]
    points = [(450 - half_px * math.cos(t), 560 - long_px * math.sin(t)) for t in turns]
    at = picture.placed(points)
    ring = (at[0] + at[-1]) / 2
    axis = max(float(np.hypot(*(one - ring))) for one in at)
    length = picture.read(PictureTool.CHAMBER_LENGTH, points)
    assert length.value == pytest.approx(10 * axis)


@pytest.mark.parametrize("kind", ["m_mode", "cm_s", "hertz"])
def test_no_length_is_told_on_a_sweep(kind: str) -> None:
    picture = Picture(1, kind)
    points = (picture.point(), picture.point())
    found = measured(WIDTH, HEIGHT, picture.scale, PictureTool.DISTANCE, points)
    assert (found.unit, found.calibration) == ("px", CalibrationSource.NONE)


@pytest.mark.parametrize(
    ("tool", "count"),
    [
        (PictureTool.VELOCITY, 1),
        (PictureTool.PRESSURE_HALF_TIME, 2),
        (PictureTool.VELOCITY_TIME_INTEGRAL, 3),
    ],
)
def test_no_flow_is_told_on_a_plane(tool: PictureTool, count: int) -> None:
    picture = Picture(1, "plane")
    with pytest.raises(Refusal) as caught:
        measured(WIDTH, HEIGHT, picture.scale, tool, tuple(picture.flow(count, 1)))
    assert caught.value.code is RefusalCode.UNCALIBRATED
