"""Golden measurements: written by `python -m tests.ultrasound.measuring.golden`, read by both languages.

One case after the other: a tool, the picture with its regions, the points, and what comes out: a value or the
code of a refusal.
"""

import json
import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.ultrasound.cines import ROOT
from tests.ultrasound.measuring.frames import DOPPLER, M_MODE, frame, plane, strip
from ultrasound.measuring.angle import angle
from ultrasound.measuring.doppler import velocity
from ultrasound.measuring.ellipse import ellipse_area, ellipse_circumference
from ultrasound.measuring.frame import Frame, Standing
from ultrasound.measuring.interval import interval
from ultrasound.measuring.length import distance, path
from ultrasound.measuring.m_mode import depth_difference, slope
from ultrasound.measuring.measured import CalibrationSource, Measured
from ultrasound.measuring.outline import area, circumference
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import Refusal
from ultrasound.regions import (
    DataType,
    PhysicalUnit,
    Region,
    RegionFault,
    RegionFlag,
    SpatialFormat,
)

FILE = ROOT / "tests" / "golden" / "ultrasound_measuring.json"
LOW = RegionFlag.LOW_PRIORITY

TOOLS: dict[str, Callable[[Frame, Sequence[Point]], Measured]] = {
    "distance": distance,
    "path": path,
    "area": area,
    "circumference": circumference,
    "ellipse_area": ellipse_area,
    "ellipse_circumference": ellipse_circumference,
    "angle": angle,
    "interval": interval,
    "depth_difference": depth_difference,
    "slope": slope,
    "velocity": velocity,
}

SQUARE: list[Point] = [(100, 100), (200, 100), (200, 200), (100, 200)]
BOW_TIE: list[Point] = [(100, 100), (200, 200), (200, 100), (100, 200)]
AXES: list[Point] = [(100, 200), (300, 210), (205, 150), (195, 250)]
LINE: list[Point] = [(460, 290.5), (499, 301.5)]
CORNER: list[Point] = [(300, 100), (100, 110), (200, 250)]

PHILIPS = Region(
    120,
    60,
    799,
    518,
    SpatialFormat.TWO_D,
    DataType.TISSUE,
    PhysicalUnit.CM,
    PhysicalUnit.CM,
    0.02622878766196998,
    0.02622878766196998,
    340,
    36,
    flags=LOW | RegionFlag.SCALING_PROTECTED,
)
FAULTY = Region(
    0,
    0,
    300,
    300,
    SpatialFormat.NONE,
    DataType.NONE,
    PhysicalUnit.NONE,
    PhysicalUnit.NONE,
    0.0,
    0.0,
    fault=RegionFault.ABSURD_SCALE,
)


def _hertz(**fields: Any) -> Frame:
    told = {"reference_x_px": 0, "reference_y_px": 400, "transducer_khz": 2500.0, "doppler_angle_deg": 60.0}
    return frame(strip(SpatialFormat.SPECTRAL, PhysicalUnit.HERTZ, 0.005, -20.0, **(told | fields)))


FRAMES: dict[str, Frame] = {
    "philips": frame(PHILIPS),
    "stretched": frame(plane(0, 0, 799, 599, delta_x=0.01, delta_y=0.03)),
    "by_hand": frame(
        plane(0, 0, 799, 599), standing=Standing.EXACT, source=CalibrationSource.USER, scale_uncertainty=0.02
    ),
    "by_ruler": frame(
        plane(50, 50, 700, 599),
        standing=Standing.EXACT,
        source=CalibrationSource.RULER,
        scale_uncertainty=0.003,
    ),
    "bare": frame(),
    "call": frame(PHILIPS, standing=Standing.SENT),
    "dual": frame(plane(0, 0, 399, 599), plane(400, 0, 799, 599)),
    "inset": frame(plane(0, 0, 799, 599, flags=LOW), plane(150, 140, 300, 240, 0.01)),
    "colour": frame(
        plane(0, 0, 799, 599, reference_x_px=400, reference_y_px=0),
        plane(150, 140, 300, 240, reference_x_px=250, reference_y_px=-140),
    ),
    "nested": frame(plane(0, 0, 799, 599, 0.03), plane(50, 50, 550, 550)),
    "equal": frame(plane(0, 0, 600, 599, 0.02), plane(0, 0, 600, 599, 0.03)),
    "twice": frame(plane(0, 0, 600, 599), plane(0, 0, 600, 599)),
    "faulty": frame(plane(0, 0, 799, 599), FAULTY),
    "m_mode": M_MODE,
    "doppler": DOPPLER,
    "contradicting": frame(
        strip(
            SpatialFormat.SPECTRAL,
            PhysicalUnit.CM_PER_SECOND,
            0.005,
            -0.5,
            flags=RegionFlag.DOPPLER_FREQUENCY,
        )
    ),
    "hertz": _hertz(),
    "hertz_no_frequency": _hertz(transducer_khz=None),
    "hertz_no_angle": _hertz(doppler_angle_deg=None),
    "hertz_wide": _hertz(doppler_angle_deg=75.0),
}

POINTS: dict[str, list[list[Point]]] = {
    "distance": [
        LINE,
        [(100, 100), (500, 100)],
        [(120, 190), (320, 190)],
        [(60, 60), (60, 60)],
        [(-1, 60), (60, 60)],
        [(60, 60)],
        [(0, 0), (799, 599)],
    ],
    "path": [[(60, 60), (200, 100), (310, 300)], [*LINE, (600, 500)], [(1, 1)], [(1, 1), (800, 1)]],
    "area": [
        SQUARE,
        SQUARE[::-1],
        BOW_TIE,
        SQUARE[:2],
        [(0, 0), (50, 0), (99, 0)],
        [(0, 0), (99, 0), (50, 0), (50, 50)],
    ],
    "circumference": [SQUARE, BOW_TIE, [(200, 300), (350, 320), (280, 500)]],
    "ellipse_area": [AXES, [(0, 0), (100, 0), (0, 0), (90, 30)], [(60, 60), (60, 60), (70, 70), (80, 80)]],
    "ellipse_circumference": [AXES, [(0, 300), (400, 300), (200, 260), (200, 340)]],
    "angle": [CORNER, CORNER[::-1], CORNER[:2], [(300, 300), (300, 300), (400, 400)]],
    "interval": [[(100, 50), (260, 400)], [(100, 50), (100, 90)]],
    "depth_difference": [[(100, 100), (120, 150)], [(100, 100), (100, 100)]],
    "slope": [[(100, 100), (120, 150)], [(100, 50), (100, 90)]],
    "velocity": [[(100, 300)], [(100, 460.5)], []],
}


def describe(one: Region) -> dict[str, Any]:
    """A region as the browser is told of it."""
    return {
        "left_px": one.left_px,
        "top_px": one.top_px,
        "right_px": one.right_px,
        "bottom_px": one.bottom_px,
        "spatial_format": int(one.spatial_format),
        "unit_x": int(one.unit_x),
        "unit_y": int(one.unit_y),
        "delta_x": one.delta_x,
        "delta_y": one.delta_y,
        "zero_x_px": one.zero_x_px,
        "zero_y_px": one.zero_y_px,
        "has_zero": one.has_zero,
        "reference_x": one.reference_x,
        "reference_y": one.reference_y,
        "flags": int(one.flags),
        "transducer_khz": one.transducer_khz,
        "doppler_angle_deg": one.doppler_angle_deg,
        "fault": one.fault,
    }


def describe_frame(one: Frame) -> dict[str, Any]:
    """A frame as the browser has it."""
    return {
        "width": one.width,
        "height": one.height,
        "standing": one.standing,
        "regions": [describe(region) for region in one.regions],
        "source": one.source,
        "scale_uncertainty": one.scale_uncertainty,
    }


def result(tool: str, on: Frame, points: Sequence[Point]) -> dict[str, Any]:
    """What comes out."""
    try:
        measured = TOOLS[tool](on, points)
    except Refusal as refusal:
        return {"refused": refusal.code}
    return {
        "value": measured.value,
        "unit": measured.unit,
        "uncertainty": measured.uncertainty,
        "calibration": measured.calibration,
        "region": measured.region,
        "uncalibrated": measured.uncalibrated,
    }


def cases() -> Iterator[dict[str, Any]]:
    """Every tool on every frame, and lines here and there."""
    for tool, some in POINTS.items():
        for name, on in FRAMES.items():
            for points in some:
                yield {"tool": tool, "frame": name, "points": points, "result": result(tool, on, points)}
    rng = random.Random(20)
    for _ in range(120):
        name = rng.choice(["dual", "inset", "colour", "nested", "by_ruler", "faulty"])
        points = [
            (round(rng.uniform(0, 799), 2), round(rng.uniform(0, 599), 2)) for _ in range(rng.randint(2, 4))
        ]
        yield {
            "tool": "path",
            "frame": name,
            "points": points,
            "result": result("path", FRAMES[name], points),
        }


def golden() -> dict[str, Any]:
    """All of it, as it is written."""
    frames = {name: describe_frame(on) for name, on in FRAMES.items()}
    said = list(cases())
    assert all(math.isfinite(one["result"].get("value", 0)) for one in said)
    return {"frames": frames, "cases": said}


def write() -> None:
    """Write every case anew, one a line."""
    told = golden()
    lines = ",\n".join(json.dumps(one) for one in told["cases"])
    FILE.write_text(f'{{"frames": {json.dumps(told["frames"])},\n"cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    write()
