"""Golden measurements: written by `python -m tests.ultrasound.measuring.golden`, read by both languages.

One case after the other: a tool, the picture with its regions, the points, a Doppler angle by hand where
there is one, and what comes out: a value or the code of a refusal. Then what is derived of such measurements.
"""

import json
import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.ultrasound.cines import ROOT
from tests.ultrasound.measuring.frames import DOPPLER, M_MODE, frame, plane, strip
from ultrasound.measuring.angle import angle
from ultrasound.measuring.chamber import chamber_area, chamber_length
from ultrasound.measuring.derived import Derivation, Part, PartKind, derive, part_of, scales_differ, volume_of
from ultrasound.measuring.doppler import acceleration, gradient, velocity
from ultrasound.measuring.ellipse import ellipse_area, ellipse_circumference
from ultrasound.measuring.flow_indices import (
    pulsatility_index,
    resistive_index,
    systolic_diastolic_ratio,
)
from ultrasound.measuring.flow_trace import mean_gradient, mean_velocity, velocity_time_integral
from ultrasound.measuring.frame import Frame, Standing
from ultrasound.measuring.interval import heart_rate, interval
from ultrasound.measuring.length import distance, path
from ultrasound.measuring.m_mode import depth_difference, slope
from ultrasound.measuring.measured import CalibrationSource, Measured
from ultrasound.measuring.outline import area, circumference
from ultrasound.measuring.points import Point
from ultrasound.measuring.pressure_half_time import pressure_half_time
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
    "heart_rate": lambda on, points: heart_rate(interval(on, points)),
    "pressure_half_time": pressure_half_time,
    "resistive_index": resistive_index,
    "systolic_diastolic_ratio": systolic_diastolic_ratio,
    "pulsatility_index": pulsatility_index,
    "chamber_area": chamber_area,
    "chamber_length": chamber_length,
}
ANGLED: dict[str, Callable[[Frame, Sequence[Point], float | None], Measured]] = {
    "velocity": velocity,
    "gradient": lambda on, points, angle_deg: gradient(velocity(on, points, angle_deg)),
    "acceleration": acceleration,
    "velocity_time_integral": velocity_time_integral,
    "mean_velocity": mean_velocity,
    "mean_gradient": mean_gradient,
}
ANGLES = (None, 30.0, -45.5, 60.0, 61.0, math.pi)

SQUARE: list[Point] = [(100, 100), (200, 100), (200, 200), (100, 200)]
BOW_TIE: list[Point] = [(100, 100), (200, 200), (200, 100), (100, 200)]
AXES: list[Point] = [(100, 200), (300, 210), (205, 150), (195, 250)]
OBLIQUE: list[Point] = [(150, 150), (260, 280), (250, 170), (160, 255)]
LINE: list[Point] = [(460, 290.5), (499, 301.5)]
CORNER: list[Point] = [(300, 100), (100, 110), (200, 250)]
ENVELOPE: list[Point] = [(100, 398), (120, 320), (150, 262.5), (180, 310), (200, 396)]
BACK_IN_TIME: list[Point] = [(100, 398), (120, 320), (110, 300), (180, 310)]
BOTH_WAYS: list[Point] = [(100, 300), (120, 350), (150, 500)]
SMALL: list[Point] = [(100, 430), (120, 420), (150, 412)]
BEAT: list[Point] = [(100, 370), (112, 250), (130, 300), (160, 350), (200, 372)]
VENTRICLE: list[Point] = [(250, 190), (240, 120), (270, 40), (300, 20.5), (330, 42), (362, 118), (350, 190)]
FOLDED: list[Point] = [(200, 190), (300, 10), (345, 160), (355, 160), (400, 12), (500, 190)]

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
    "no_baseline": frame(
        strip(SpatialFormat.SPECTRAL, PhysicalUnit.CM_PER_SECOND, 0.005, -0.5, reference_x_px=0)
    ),
    "hertz": _hertz(),
    "hertz_no_frequency": _hertz(transducer_khz=None),
    "hertz_no_angle": _hertz(doppler_angle_deg=None),
    "hertz_wide": _hertz(doppler_angle_deg=75.0),
    "corrected": frame(
        strip(
            SpatialFormat.SPECTRAL,
            PhysicalUnit.CM_PER_SECOND,
            0.005,
            -0.5,
            reference_x_px=0,
            reference_y_px=400,
            doppler_angle_deg=40.0,
        ),
        source=CalibrationSource.RULER,
        scale_uncertainty=0.01,
    ),
    "duplex": frame(
        plane(0, 0, 799, 199),
        Region(
            0,
            220,
            799,
            599,
            SpatialFormat.SPECTRAL,
            DataType.CW_DOPPLER,
            PhysicalUnit.SECONDS,
            PhysicalUnit.CM_PER_SECOND,
            0.004,
            -1.0,
            0,
            180,
        ),
    ),
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
    "ellipse_area": [
        AXES,
        OBLIQUE,
        [(0, 0), (100, 0), (0, 0), (90, 30)],
        [(60, 60), (60, 60), (70, 70), (80, 80)],
    ],
    "ellipse_circumference": [AXES, OBLIQUE, [(0, 300), (400, 300), (200, 260), (200, 340)]],
    "angle": [CORNER, CORNER[::-1], CORNER[:2], [(300, 300), (300, 300), (400, 400)]],
    "interval": [[(100, 50), (260, 400)], [(100, 50), (100, 90)]],
    "depth_difference": [[(100, 100), (120, 150)], [(100, 100), (100, 100)]],
    "slope": [[(100, 100), (120, 150)], [(100, 50), (100, 90)]],
    "heart_rate": [[(100, 50), (260, 400)], [(100, 50), (100, 90)]],
    "velocity": [[(100, 300)], [(100, 460.5)], []],
    "gradient": [[(100, 300)], [(100, 460.5)]],
    "acceleration": [[(100, 380), (140, 300)], [(100, 300), (100, 250)]],
    "velocity_time_integral": [ENVELOPE, ENVELOPE[::-1], ENVELOPE[:2], BACK_IN_TIME, BOTH_WAYS, SMALL],
    "mean_velocity": [ENVELOPE, BOTH_WAYS],
    "mean_gradient": [ENVELOPE, ENVELOPE[:2]],
    "pressure_half_time": [
        [(100, 240), (300, 330)],
        [(300, 330), (100, 240)],
        [(100, 330), (300, 240)],
        [(100, 240), (300, 420)],
        [(100, 460), (300, 430)],
        [(100, 240), (100, 330)],
    ],
    "resistive_index": [
        [(100, 240), (160, 360)],
        [(160, 240), (100, 430)],
        [(100, 360), (160, 240)],
        [(100, 560), (160, 420)],
        [(100, 400), (160, 400)],
        [(100, 240)],
    ],
    "systolic_diastolic_ratio": [
        [(100, 240), (160, 360)],
        [(160, 240), (100, 430)],
        [(100, 240), (160, 400)],
    ],
    "pulsatility_index": [
        BEAT,
        BEAT[::-1],
        BOTH_WAYS,
        BACK_IN_TIME,
        BEAT[:2],
        [(9, 400), (20, 300), (31, 520)],
    ],
    "chamber_area": [VENTRICLE, VENTRICLE[:5], FOLDED, [*BOW_TIE, (150, 90), (90, 150)]],
    "chamber_length": [VENTRICLE, [(x, y - 40) for x, y in VENTRICLE], FOLDED],
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
        "has_baseline": one.has_baseline,
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


def reckoned(tool: str, on: Frame, points: Sequence[Point], angle_deg: float | None = None) -> Measured:
    """What a tool measures."""
    return ANGLED[tool](on, points, angle_deg) if tool in ANGLED else TOOLS[tool](on, points)


def told(measured: Measured) -> dict[str, Any]:
    """A measurement as the browser has it."""
    return {
        "value": measured.value,
        "unit": measured.unit,
        "uncertainty": measured.uncertainty,
        "calibration": measured.calibration,
        "region": measured.region,
        "uncalibrated": measured.uncalibrated,
    }


def result(tool: str, on: Frame, points: Sequence[Point], angle_deg: float | None = None) -> dict[str, Any]:
    """What comes out."""
    try:
        return told(reckoned(tool, on, points, angle_deg))
    except Refusal as refusal:
        return {"refused": refusal.code}


def case(tool: str, name: str, points: Sequence[Point], angle_deg: float | None = None) -> dict[str, Any]:
    """One case."""
    given = {} if angle_deg is None else {"angle_deg": angle_deg}
    said = {"tool": tool, "frame": name, "points": points, **given}
    return {**said, "result": result(tool, FRAMES[name], points, angle_deg)}


def cases() -> Iterator[dict[str, Any]]:
    """Every tool on every frame, with every angle; and lines and traces here and there."""
    for tool, some in POINTS.items():
        for name in FRAMES:
            for points in some:
                yield case(tool, name, points)
    for tool in ANGLED:
        for name in (
            "doppler",
            "corrected",
            "hertz",
            "hertz_no_angle",
            "hertz_wide",
            "contradicting",
            "bare",
        ):
            for angle_deg in ANGLES[1:]:
                yield case(tool, name, POINTS[tool][0], angle_deg)
    rng = random.Random(20)
    for _ in range(120):
        name = rng.choice(["dual", "inset", "colour", "nested", "by_ruler", "faulty"])
        yield case("path", name, [_anywhere(rng) for _ in range(rng.randint(2, 4))])
    for tool in ("velocity_time_integral", "pulsatility_index", "resistive_index", "chamber_area"):
        for _ in range(40):
            name = rng.choice(["duplex", "doppler", "hertz", "inset", "m_mode"])
            count = 2 if tool == "resistive_index" else rng.randint(3, 7)
            yield case(tool, name, sorted(_anywhere(rng) for _ in range(count)))


def _anywhere(rng: random.Random) -> Point:
    return (round(rng.uniform(0, 799), 2), round(rng.uniform(0, 599), 2))


LENGTH, AREA, CONTOUR = PartKind.LENGTH, PartKind.AREA, PartKind.CONTOUR
ACROSS: list[Point] = [(100, 100), (160, 100)]
DOWN: list[Point] = [(100, 100), (100, 180)]
TWO_CHAMBER: list[Point] = [(x * 0.9 + 40, y) for x, y in VENTRICLE]
SHORTENED: list[Point] = [(x, y / 2 + 90) for x, y in VENTRICLE]
EMPTIED: list[Point] = [(x * 0.7 + 90, y * 0.9 + 19) for x, y in VENTRICLE]
EMPTIED_TWO: list[Point] = [(x * 0.65 + 100, y * 0.92 + 15) for x, y in VENTRICLE]
EMPTIED_LOWER: list[Point] = [(x * 0.6 + 90, y * 1.5 + 90) for x, y in VENTRICLE]
EMPTIED_TWO_LOWER: list[Point] = [(x * 0.6 + 100, y * 1.5 + 95) for x, y in VENTRICLE]


def leaf(kind: PartKind, tool: str, name: str, points: Sequence[Point], on: str = "") -> dict[str, Any]:
    """A part that is measured; `on` tells two stills of one kind of picture apart."""
    return {"kind": kind, "tool": tool, "frame": name, "on": on or name, "points": points}


def biplane(*contours: Sequence[Point], name: str) -> dict[str, Any]:
    """A volume of two contours, each on a still of its own; those of another instant are others."""
    at = contours[0][0][0]
    parts = [leaf(CONTOUR, "chamber_area", name, one, f"{name}{k} {at}") for k, one in enumerate(contours)]
    return {"derivation": Derivation.BIPLANE, "parts": parts}


def derivations() -> list[dict[str, Any]]:
    """What is derived, and what is not."""
    length = leaf(LENGTH, "distance", "stretched", ACROSS, "a")
    down = leaf(LENGTH, "distance", "stretched", DOWN, "a")
    away = leaf(LENGTH, "distance", "by_hand", DOWN, "b")
    outline = leaf(AREA, "area", "stretched", SQUARE, "a")
    contour = leaf(CONTOUR, "chamber_area", "stretched", VENTRICLE, "a")
    axis = leaf(LENGTH, "chamber_length", "stretched", VENTRICLE, "a")
    slowing: list[Point] = [(100, 240), (300, 330)]
    half_time = leaf(PartKind.HALF_TIME, "pressure_half_time", "doppler", slowing)
    half_time_in_hertz = leaf(PartKind.HALF_TIME, "pressure_half_time", "hertz_no_angle", slowing)
    full, emptied = (
        biplane(VENTRICLE, TWO_CHAMBER, name="stretched"),
        biplane(EMPTIED, EMPTIED_TWO, name="stretched"),
    )
    on_a_full_frame = full["parts"][0] | {"points": EMPTIED}
    at_once = {"derivation": Derivation.BIPLANE, "parts": [on_a_full_frame, emptied["parts"][1]]}
    one_plane = {"derivation": Derivation.AREA_LENGTH, "parts": [contour, axis]}
    bladder = {"derivation": Derivation.ELLIPSOID, "parts": [length, down, away]}
    bare = leaf(LENGTH, "distance", "bare", ACROSS)
    some: list[tuple[Derivation, list[dict[str, Any]]]] = [
        (Derivation.ELLIPSOID, [length, down, away]),
        (Derivation.ELLIPSOID, [length, down, leaf(LENGTH, "distance", "stretched", SQUARE[1:3], "a")]),
        (Derivation.ELLIPSOID, [length, length, away]),
        (Derivation.ELLIPSOID, [length, down, bare]),
        (Derivation.ELLIPSOID, [length, down]),
        (Derivation.ELLIPSOID, [length, down, outline]),
        (Derivation.AREA_LENGTH, [contour, axis]),
        (Derivation.AREA_LENGTH, [outline, length]),
        (Derivation.AREA_LENGTH, [outline, away]),
        (Derivation.AREA_LENGTH, [length, outline]),
        (Derivation.BIPLANE, full["parts"]),
        (Derivation.BIPLANE, emptied["parts"]),
        (Derivation.BIPLANE, biplane(VENTRICLE, EMPTIED, name="by_hand")["parts"]),
        (Derivation.BIPLANE, [contour, leaf(CONTOUR, "chamber_area", "by_hand", TWO_CHAMBER, "b")]),
        (Derivation.BIPLANE, [contour, leaf(CONTOUR, "chamber_area", "dual", EMPTIED[:6], "b")]),
        (Derivation.BIPLANE, [contour, leaf(CONTOUR, "chamber_area", "by_hand", SHORTENED, "b")]),
        (Derivation.BIPLANE, biplane(VENTRICLE, TWO_CHAMBER, name="bare")["parts"]),
        (Derivation.BIPLANE, [contour, outline]),
        (Derivation.BIPLANE, [contour, leaf(CONTOUR, "chamber_area", "stretched", TWO_CHAMBER, "a")]),
        (Derivation.EJECTION_FRACTION, [full, emptied]),
        (Derivation.EJECTION_FRACTION, [emptied, full]),
        (Derivation.EJECTION_FRACTION, [full, biplane(EMPTIED_LOWER, EMPTIED_TWO_LOWER, name="by_ruler")]),
        (Derivation.EJECTION_FRACTION, [full, full]),
        (Derivation.EJECTION_FRACTION, [full, at_once]),
        (Derivation.EJECTION_FRACTION, [full, one_plane]),
        (Derivation.EJECTION_FRACTION, [full, bladder]),
        (Derivation.EJECTION_FRACTION, [full, contour]),
        (Derivation.MITRAL_VALVE_AREA, [half_time]),
        (Derivation.MITRAL_VALVE_AREA, [half_time_in_hertz]),
        (Derivation.MITRAL_VALVE_AREA, [length]),
    ]  # fmt: skip
    return [{"derivation": one, "parts": parts, "result": derived(one, parts)} for one, parts in some]


def derived(derivation: Derivation, parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the parts make, and whether their scales differ."""
    made = [as_part(one) for one in parts]
    try:
        return told(derive(derivation, made)) | {"scales_differ": scales_differ(made)}
    except Refusal as refusal:
        return {"refused": refusal.code}


def as_part(said: dict[str, Any]) -> Part:
    """A part as it is derived from; its key is what it says."""
    key = json.dumps(said)
    if "derivation" in said:
        parts = [as_part(one) for one in said["parts"]]
        return volume_of(key, said["derivation"], derive(said["derivation"], parts), parts)
    on = FRAMES[said["frame"]]
    measured = reckoned(said["tool"], on, said["points"])
    return part_of(key, said["kind"], measured, said["on"], on, said["points"])


def golden() -> dict[str, Any]:
    """All of it, as it is written."""
    frames = {name: describe_frame(on) for name, on in FRAMES.items()}
    said, made = list(cases()), derivations()
    assert all(math.isfinite(one["result"].get("value", 0)) for one in [*said, *made])
    return {"frames": frames, "cases": said, "derivations": made}


def write() -> None:
    """Write every case anew, one a line."""
    all_of_it = golden()
    lines, made = (
        ",\n".join(json.dumps(one) for one in all_of_it[name]) for name in ("cases", "derivations")
    )
    frames = json.dumps(all_of_it["frames"])
    FILE.write_text(f'{{"frames": {frames},\n"cases": [\n{lines}\n],\n"derivations": [\n{made}\n]}}\n')


if __name__ == "__main__":
    write()
