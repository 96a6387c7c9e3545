"""A kept still as objects: its picture, what is drawn on it, what is measured on it."""

import hashlib
import math
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.uid import UltrasoundImageStorage

from records.archive_outbox import ArchiveObject
from records.archive_queueing import is_reported
from records.archive_uids import measurement_uid, object_uid, series_uid
from records.exchange.archive.acquiring import METHODS, acquisition_of, scanner_of
from records.exchange.archive.kept_objects import KeptObject
from records.stills import Mark as KeptMark
from records.stills import MarkShape, PictureTool
from records.ultrasound_stills import StillMeasurement, UltrasoundStill
from ultrasound.errors import WritingRefused
from ultrasound.files.display import as_displayed
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.points import Point
from ultrasound.writing.identity import Place
from ultrasound.writing.image_reference import ImageReference
from ultrasound.writing.loss import Loss
from ultrasound.writing.marks import Mark, MarkedFrame, Shape, write_marks
from ultrasound.writing.report import Observer, Reported, write_report
from ultrasound.writing.report_terms import Quantity
from ultrasound.writing.still import write_still

_SHAPES = {
    MarkShape.FREEHAND: Shape.LINE,
    MarkShape.ARROW: Shape.ARROW,
    MarkShape.CIRCLE: Shape.CIRCLE,
    MarkShape.TEXT: Shape.POINT,
    MarkShape.TARGET: Shape.POINT,
}
_QUANTITIES = {
    PictureTool.DISTANCE: Quantity.DISTANCE,
    PictureTool.PATH: Quantity.PATH,
    PictureTool.ANGLE: Quantity.ANGLE,
    PictureTool.AREA: Quantity.AREA,
    PictureTool.CIRCUMFERENCE: Quantity.CIRCUMFERENCE,
    PictureTool.ELLIPSE_AREA: Quantity.ELLIPSE_AREA,
    PictureTool.ELLIPSE_CIRCUMFERENCE: Quantity.ELLIPSE_CIRCUMFERENCE,
    PictureTool.INTERVAL: Quantity.INTERVAL,
    PictureTool.HEART_RATE: Quantity.HEART_RATE,
    PictureTool.DEPTH_DIFFERENCE: Quantity.DEPTH_DIFFERENCE,
    PictureTool.SLOPE: Quantity.SLOPE,
    PictureTool.VELOCITY: Quantity.VELOCITY,
    PictureTool.GRADIENT: Quantity.PEAK_GRADIENT,
    PictureTool.ACCELERATION: Quantity.ACCELERATION,
    PictureTool.VELOCITY_TIME_INTEGRAL: Quantity.VELOCITY_TIME_INTEGRAL,
    PictureTool.MEAN_VELOCITY: Quantity.MEAN_VELOCITY,
    PictureTool.MEAN_GRADIENT: Quantity.MEAN_GRADIENT,
    PictureTool.PRESSURE_HALF_TIME: Quantity.PRESSURE_HALF_TIME,
    PictureTool.RESISTIVE_INDEX: Quantity.RESISTIVE_INDEX,
    PictureTool.SYSTOLIC_DIASTOLIC_RATIO: Quantity.SYSTOLIC_DIASTOLIC_RATIO,
    PictureTool.PULSATILITY_INDEX: Quantity.PULSATILITY_INDEX,
    PictureTool.CHAMBER_AREA: Quantity.CHAMBER_AREA,
    PictureTool.CHAMBER_LENGTH: Quantity.CHAMBER_LENGTH,
}


def build_still(kept: KeptObject, place: Place, path: Path) -> None:
    """The picture, every pixel as it was captured; with what loss the source gave it, where that is known."""
    still = _still(kept)
    losses = (Loss(METHODS[still.came_in], None),) if still.came_in is not None else None
    acquisition = acquisition_of(kept, still.taken_at, still.calibration, losses)
    path.write_bytes(write_still(_pixels(kept), kept.identity, place, acquisition))


def build_marks(kept: KeptObject, place: Place, path: Path) -> None:
    """What is drawn on it, for a viewer to lay over it."""
    still = _still(kept)
    image = _image(kept)
    marks = tuple(_mark(one, image) for one in still.marks)
    frame = MarkedFrame(image, marks)
    made = still.kept_at.astimezone(kept.zone)
    path.write_bytes(
        write_marks([frame], kept.identity, place, made, "Marks of the consultation", "", scanner_of(kept))
    )


def build_measurements(kept: KeptObject, place: Place, path: Path) -> None:
    """What is measured on it and has a scale, with its doubt and its points."""
    still = _still(kept)
    image = _image(kept)
    told = [reported(still, at, one, image) for at, one in enumerate(still.measurements) if is_reported(one)]
    observer = Observer(kept.observer, kept.organization) if kept.observer else None
    made = still.kept_at.astimezone(kept.zone)
    path.write_bytes(write_report(told, kept.identity, place, made, observer, scanner_of(kept)))


def _still(kept: KeptObject) -> UltrasoundStill:
    assert kept.still is not None
    return kept.still


def _pixels(kept: KeptObject) -> NDArray[np.uint8]:
    """The still's own, held to the hash of its pixels once more."""
    still = _still(kept)
    read = cv2.imdecode(np.frombuffer(kept.content, np.uint8), cv2.IMREAD_UNCHANGED)
    if read is None or read.dtype != np.uint8 or read.shape[:2] != (still.height, still.width):
        raise WritingRefused("the still's picture is not of the size it was kept with")
    shown = np.ascontiguousarray(read if read.ndim == 2 else read[:, :, 2::-1], dtype=np.uint8)
    if hashlib.sha256(shown.tobytes()).hexdigest() != still.pixels_sha256:
        raise WritingRefused("the still's pixels are not those it was kept with")
    return shown


def _image(kept: KeptObject) -> ImageReference:
    """The picture as `build_still` writes it."""
    still, pixels = _still(kept), _pixels(kept)
    return image_of(still, pixels.ndim == 3 and as_displayed(pixels).ndim == 3)


def image_of(still: UltrasoundStill, coloured: bool) -> ImageReference:
    """A still's picture, as the archive knows it."""
    return ImageReference(
        UltrasoundImageStorage,
        object_uid(ArchiveObject.STILL, still.id, still.resident_id),
        series_uid(still.consult_id, still.resident_id, ArchiveObject.STILL),
        still.width,
        still.height,
        coloured,
    )


def _mark(mark: KeptMark, image: ImageReference) -> Mark:
    points: tuple[Point, ...] = tuple(mark.points)
    if mark.shape is MarkShape.CIRCLE:
        points = (points[0], _on_picture(points[0], points[1], image))
    return Mark(_SHAPES[mark.shape], points, mark.text)


def _on_picture(middle: Point, rim: Point, image: ImageReference) -> Point:
    """A point of the same circle that lies on the picture; the one that was drawn where it does."""
    radius = math.dist(middle, rim)
    begin = math.atan2(rim[1] - middle[1], rim[0] - middle[0])
    for step in range(64):
        turn = begin + step * math.tau / 64
        x, y = middle[0] + radius * math.cos(turn), middle[1] + radius * math.sin(turn)
        point = rim if step == 0 else (x, y)
        if -0.5 <= point[0] <= image.width - 0.5 and -0.5 <= point[1] <= image.height - 0.5:
            return point
    raise WritingRefused("a circle lies round the whole picture; no point of it is on it")


def reported(still: UltrasoundStill, at: int, one: StillMeasurement, image: ImageReference) -> Reported:
    """A measurement of a still as reports tell it."""
    measured = Measured(one.value, one.unit, one.uncertainty, one.calibration, None, one.uncalibrated)
    if one.tool not in _QUANTITIES:
        raise WritingRefused(f"measurement {at + 1}: no term for {one.tool}; its report is not written")
    return Reported(
        quantity=_QUANTITIES[one.tool],
        measured=measured,
        image=image,
        tracking_uid=measurement_uid(still.id, at),
        points=tuple(one.points),
        label=one.label,
        angle_deg=one.angle_deg,
    )
