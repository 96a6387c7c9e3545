"""What was kept in a consult, to be written as objects."""

import datetime as dt
import hashlib
from typing import Any

import msgspec
import numpy as np

from records.archive_outbox import ArchiveObject
from records.derived_measurements import DerivedMeasurement, MadeOf, PartName
from records.ecg_studies import SampleSeal
from records.exchange.archive.identifying import identity_of
from records.exchange.archive.kept_objects import ClipEcg, KeptObject
from records.ids import DerivedId, KeptClipId, KeptStillId, ParticipantId, StillId
from records.picture_regions import as_value
from records.still_measuring import measured
from records.stills import Calibration, Mark, MarkShape, PictureTool
from records.ultrasound_clips import UltrasoundClip
from records.ultrasound_stills import StillMeasurement, UltrasoundStill
from tests.fakes.clips import STEP_US, jpeg_clip, png
from tests.fakes.records import BINJIANG, CHEN, NOW, STATION, WANG_XIUYING, ZHOU
from tests.records.values import binding, consult
from ultrasound.measuring.derived import Derivation
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.measuring.unit import Unit
from ultrasound.regions import DataType, PhysicalUnit, Region, SpatialFormat

ZONE = dt.timezone(dt.timedelta(hours=8))
WIDTH, HEIGHT, FRAMES = 96, 64, 5
PLANE = Region(
    0,
    0,
    47,
    63,
    SpatialFormat.TWO_D,
    DataType.TISSUE,
    PhysicalUnit.CM,
    PhysicalUnit.CM,
    0.02,
    0.03,
)
SWEEP = Region(
    48,
    0,
    95,
    31,
    SpatialFormat.M_MODE,
    DataType.TISSUE,
    PhysicalUnit.SECONDS,
    PhysicalUnit.CM,
    0.01,
    0.02,
)
FLOW = Region(
    48,
    32,
    95,
    63,
    SpatialFormat.SPECTRAL,
    DataType.PW_DOPPLER,
    PhysicalUnit.SECONDS,
    PhysicalUnit.CM_PER_SECOND,
    0.005,
    -2.0,
    reference_x_px=0,
    reference_y_px=30,
)
SCALE = Calibration(
    source=CalibrationSource.USER, regions=tuple(as_value(one) for one in (PLANE, SWEEP, FLOW))
)
CHAMBER = ((10.0, 50.0), (8.0, 35.0), (12.0, 18.0), (20.0, 10.0), (28.0, 18.0), (32.0, 35.0), (30.0, 50.0))
"""From one hinge of the valve's ring round the wall to the other."""

CALIPERS: tuple[tuple[PictureTool, tuple[tuple[float, float], ...]], ...] = (
    (PictureTool.DISTANCE, ((3, 4), (30, 40))),
    (PictureTool.PATH, ((3, 4), (30, 40), (40, 8))),
    (PictureTool.ANGLE, ((3, 4), (30, 40), (40, 8))),
    (PictureTool.AREA, ((3, 4), (30, 40), (40, 8))),
    (PictureTool.CIRCUMFERENCE, ((3, 4), (30, 40), (40, 8))),
    (PictureTool.ELLIPSE_AREA, ((10, 20), (30, 20), (20, 10), (20, 30))),
    (PictureTool.ELLIPSE_CIRCUMFERENCE, ((10, 20), (30, 20), (20, 10), (20, 30))),
    (PictureTool.INTERVAL, ((50, 10), (90, 10))),
    (PictureTool.HEART_RATE, ((50, 10), (90, 10))),
    (PictureTool.DEPTH_DIFFERENCE, ((50, 4), (60, 24))),
    (PictureTool.SLOPE, ((50, 4), (60, 24))),
    (PictureTool.VELOCITY, ((60, 40),)),
    (PictureTool.GRADIENT, ((60, 40),)),
    (PictureTool.ACCELERATION, ((60, 55), (70, 40))),
    (PictureTool.VELOCITY_TIME_INTEGRAL, ((55, 61), (60, 40), (70, 61))),
    (PictureTool.MEAN_VELOCITY, ((55, 61), (60, 40), (70, 61))),
    (PictureTool.MEAN_GRADIENT, ((55, 61), (60, 40), (70, 61))),
    (PictureTool.PRESSURE_HALF_TIME, ((60, 40), (80, 55))),
    (PictureTool.RESISTIVE_INDEX, ((60, 40), (80, 55))),
    (PictureTool.SYSTOLIC_DIASTOLIC_RATIO, ((60, 40), (80, 55))),
    (PictureTool.PULSATILITY_INDEX, ((55, 58), (60, 40), (70, 56))),
    (PictureTool.CHAMBER_AREA, CHAMBER),
    (PictureTool.CHAMBER_LENGTH, CHAMBER),
)
MARKS = tuple(
    Mark(id=f"m{at}", participant_id=ParticipantId("p"), shape=shape, points=points, capture_us=1, text=text)
    for at, (shape, points, text) in enumerate(
        [
            (MarkShape.FREEHAND, ((1.0, 2.0), (5.0, 9.0), (8.0, 3.0)), ""),
            (MarkShape.ARROW, ((1.0, 2.0), (30.0, 31.0)), "这里"),
            (MarkShape.CIRCLE, ((90.0, 30.0), (95.2, 30.0)), ""),
            (MarkShape.TEXT, ((50.0, 50.0),), "left ventricle"),
            (MarkShape.TARGET, ((-0.5, 63.5),), ""),
        ]
    )
)


def still_picture(coloured: bool = False) -> Any:
    """Noise, so that no pixel may be guessed."""
    shape = (HEIGHT, WIDTH, 3) if coloured else (HEIGHT, WIDTH)
    return np.random.default_rng(1).integers(0, 256, shape, np.uint8)


def measurements(
    calibration: Calibration | None = SCALE, count: int | None = None
) -> tuple[StillMeasurement, ...]:
    """One by every tool."""
    return tuple(_measurement(calibration, tool, points) for tool, points in CALIPERS[:count])


def _measurement(calibration: Calibration | None, tool: PictureTool, points: Any) -> StillMeasurement:
    found = measured(WIDTH, HEIGHT, calibration, tool, points)
    return StillMeasurement(
        tool=tool,
        points=points,
        value=found.value,
        unit=found.unit,
        uncertainty=found.uncertainty,
        calibration=found.calibration,
        uncalibrated=found.uncalibrated,
        label="左室",
    )


def seal_of(content: bytes) -> SampleSeal:
    return SampleSeal(
        sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content), resident_id=WANG_XIUYING.id
    )


def kept_still(coloured: bool = False, **fields: Any) -> tuple[UltrasoundStill, bytes]:
    picture = still_picture(coloured)
    content = png(picture)
    given: dict[str, Any] = {
        "id": KeptStillId("still"),
        "number": "CS-20261123-0007",
        "resident_id": WANG_XIUYING.id,
        "institution_id": BINJIANG.id,
        "consult_id": consult().id,
        "binding_id": binding().id,
        "station_id": STATION.id,
        "still_id": StillId("room-still"),
        "kept_by": CHEN.id,
        "kept_at": NOW,
        "taken_at": NOW,
        "capture_us": 1,
        "frame_number": 1,
        "width": WIDTH,
        "height": HEIGHT,
        "grey": not coloured,
        "pixels_sha256": hashlib.sha256(picture.tobytes()).hexdigest(),
        "masked": False,
        "calibration": SCALE,
        "simulated": False,
        "seal": seal_of(content),
        "marks": MARKS,
        "measurements": measurements(),
    }
    return UltrasoundStill(**given | fields), content


def kept_clip(content: bytes | None = None, **fields: Any) -> tuple[UltrasoundClip, bytes]:
    content = content if content is not None else jpeg_clip(FRAMES, calibration=SCALE)
    given: dict[str, Any] = {
        "id": KeptClipId("clip"),
        "number": "CD-20261123-0003",
        "resident_id": WANG_XIUYING.id,
        "institution_id": BINJIANG.id,
        "consult_id": consult().id,
        "binding_id": binding().id,
        "station_id": STATION.id,
        "asked_by": CHEN.id,
        "kept_at": NOW,
        "taken_at": NOW,
        "from_us": 1_000_000,
        "until_us": 1_000_000 + (FRAMES - 1) * STEP_US,
        "frames": FRAMES,
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "masked": False,
        "simulated": False,
        "parts": (seal_of(content),),
    }
    return UltrasoundClip(**given | fields), content


def derived_value(name: str, derivation: Derivation, unit: Unit, *parts: PartName) -> DerivedMeasurement:
    return DerivedMeasurement(
        id=DerivedId(name),
        number=f"DM-20261123-000{len(name)}",
        resident_id=WANG_XIUYING.id,
        institution_id=BINJIANG.id,
        consult_id=consult().id,
        kept_by=CHEN.id,
        kept_at=NOW,
        derivation=derivation,
        parts=tuple(
            MadeOf(
                name=one, number="", value=1.0, unit=unit, uncertainty=0.1, calibration=CalibrationSource.USER
            )
            for one in parts
        ),
        still_ids=(KeptStillId("still"),),
        value=55.5,
        unit=unit,
        uncertainty=2.5,
        calibration=CalibrationSource.USER,
        scales_differ=False,
        simulated=False,
    )


def fraction() -> KeptObject:
    """An ejection fraction of two volumes, each of three lengths on a still."""
    lengths = [PartName(kept_id=KeptStillId("still"), index=0)] * 3
    volumes = tuple(derived_value(name, Derivation.ELLIPSOID, Unit.ML, *lengths) for name in ("edv", "esvx"))
    names = [PartName(derived_id=one.id) for one in volumes]
    whole = derived_value("f", Derivation.EJECTION_FRACTION, Unit.PERCENT, *names)
    return msgspec.structs.replace(
        kept_object(ArchiveObject.MEASUREMENTS),
        kind=ArchiveObject.DERIVED,
        still=None,
        derived=whole,
        stills=(kept_still()[0],),
        made_of=(whole, *volumes),
        content=b"",
    )


def kept_object(kind: ArchiveObject, ecg: ClipEcg | None = None, **fields: Any) -> KeptObject:
    """An object of a consult of 王秀英's; `still` and `clip` may be given with their content."""
    is_clip = kind in (ArchiveObject.CLIP, ArchiveObject.ECG)
    one, content = fields.pop("kept", None) or (kept_clip() if is_clip else kept_still())
    return KeptObject(
        kind=kind,
        identity=identity_of(consult(), WANG_XIUYING, ZHOU, BINJIANG, ZONE),
        still=None if is_clip else one,
        clip=one if is_clip else None,
        content=content,
        zone_offset_s=8 * 3600,
        station_name="B 超 1",
        observer="Chen^Lei=陈^磊",
        organization=BINJIANG.name_zh,
        ecg=ecg,
    )
