"""Marks on a frame as a presentation state: for grey pictures GSPS, for colours CSPS (PS3.3 A.33.1, A.33.2).

The image stays as it is; whoever shows it may lay the marks over it, or not.
"""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO

from PIL import ImageCms
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import (
    ColorSoftcopyPresentationStateStorage,
    ExplicitVRLittleEndian,
    GrayscaleSoftcopyPresentationStateStorage,
)

from ultrasound.errors import WritingRefused
from ultrasound.measuring.points import Point
from ultrasound.quiet_pydicom import quiet_pydicom
from ultrasound.writing.acquisition import UNKNOWN_SCANNER, Scanner, put_scanner
from ultrasound.writing.file_meta import put_file_meta
from ultrasound.writing.identity import Identity, Place, put_identity, put_text
from ultrasound.writing.image_reference import ImageReference
from ultrasound.writing.made import put_made

_LAYER = "MARKS"
_PIXEL = "PIXEL"
_MOST_TEXT = 1024


class Shape(StrEnum):
    """What is drawn through the points of a mark."""

    POINT = "point"
    LINE = "line"
    ARROW = "arrow"
    """From the first point to the second, whose tip it is."""
    OUTLINE = "outline"
    """A line that is closed."""
    CIRCLE = "circle"
    """Its middle, and a point on it."""


_POINTS = {
    Shape.POINT: (1, 1),
    Shape.LINE: (2, 10_000),
    Shape.ARROW: (2, 2),
    Shape.OUTLINE: (3, 10_000),
    Shape.CIRCLE: (2, 2),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One drawing on a frame, with words beside its last point or none.

    `points`: columns and rows from the middle of the first pixel.
    """

    shape: Shape
    points: tuple[Point, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class MarkedFrame:
    """A frame of an image and what was drawn on it."""

    image: ImageReference
    marks: tuple[Mark, ...]


def write_marks(
    frames: Sequence[MarkedFrame],
    identity: Identity,
    place: Place,
    made: datetime,
    description: str = "",
    creator: str = "",
    scanner: Scanner = UNKNOWN_SCANNER,
) -> bytes:
    """The file of a presentation state for frames of one series, which all are grey or all coloured.

    `creator`: the name, as PN, of who drew, where it is to be told. Raises WritingRefused.
    """
    coloured = _checked(frames)
    dataset = Dataset()
    dataset.SOPClassUID = (
        ColorSoftcopyPresentationStateStorage if coloured else GrayscaleSoftcopyPresentationStateStorage
    )
    dataset.Modality = "PR"
    dataset.Laterality = ""
    put_identity(dataset, identity, place)
    put_scanner(dataset, scanner)
    _put_identification(dataset, description, creator)
    put_made(dataset, made)
    _put_relationship(dataset, frames)
    dataset.DisplayedAreaSelectionSequence = Items([_area(image) for image in _images(frames)])
    dataset.GraphicAnnotationSequence = Items([_annotation(frame) for frame in frames])
    dataset.GraphicLayerSequence = Items([_layer()])
    if coloured:
        dataset.ICCProfile = _srgb()
    else:
        dataset.PresentationLUTShape = "IDENTITY"
    put_file_meta(dataset, ExplicitVRLittleEndian)
    out = BytesIO()
    with quiet_pydicom():
        dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


_PROFILE_MADE = slice(24, 36)
_SOME_DAY = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)


def _srgb() -> bytes:
    """The profile, always the same: the moment it was made (ICC.1 7.2.8) would make each object another."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_PROFILE_MADE] = _SOME_DAY
    return bytes(profile) + b"\0" * (len(profile) % 2)


def _checked(frames: Sequence[MarkedFrame]) -> bool:
    """Whether the pictures have colours."""
    if not frames or not all(frame.marks for frame in frames):
        raise WritingRefused("a frame without a mark; a presentation of marks has some on each")
    kinds = {frame.image.coloured for frame in frames}
    if len(kinds) > 1 or len({frame.image.series_instance_uid for frame in frames}) > 1:
        raise WritingRefused("grey and coloured frames, or those of two series, take a presentation each")
    return kinds.pop()


def _put_identification(dataset: Dataset, description: str, creator: str) -> None:
    """Presentation State Identification, PS3.3 C.11.10."""
    dataset.ContentLabel = _LAYER
    put_text(dataset, "ContentDescription", description, "description")
    put_text(dataset, "ContentCreatorName", creator, "creator")
    dataset.PresentationCreationDate = dataset.PresentationCreationTime = ""


def _put_relationship(dataset: Dataset, frames: Sequence[MarkedFrame]) -> None:
    """All images it is for, PS3.3 C.11.11."""
    series = Dataset()
    series.SeriesInstanceUID = frames[0].image.series_instance_uid
    series.ReferencedImageSequence = Items([_whole(image) for image in _images(frames)])
    dataset.ReferencedSeriesSequence = Items([series])


def _images(frames: Sequence[MarkedFrame]) -> list[ImageReference]:
    """Each image once."""
    return list({frame.image.sop_instance_uid: frame.image for frame in frames}.values())


def _whole(image: ImageReference) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = image.sop_class_uid
    item.ReferencedSOPInstanceUID = image.sop_instance_uid
    return item


def _area(image: ImageReference) -> Dataset:
    """All of it; here the corners are pixels and count from 1 (PS3.3 C.10.4)."""
    item = Dataset()
    item.ReferencedImageSequence = Items([_whole(image)])
    item.DisplayedAreaTopLeftHandCorner = [1, 1]
    item.DisplayedAreaBottomRightHandCorner = [image.width, image.height]
    item.PresentationSizeMode = "SCALE TO FIT"
    item.PresentationPixelAspectRatio = ["1", "1"]
    return item


def _layer() -> Dataset:
    item = Dataset()
    item.GraphicLayer, item.GraphicLayerOrder = _LAYER, 1
    return item


def _annotation(frame: MarkedFrame) -> Dataset:
    item, reference = Dataset(), _whole(frame.image)
    if frame.image.frame_numbers is not None:
        reference.ReferencedFrameNumber = frame.image.frame_numbers
    item.ReferencedImageSequence = Items([reference])
    item.GraphicLayer = _LAYER
    item.GraphicObjectSequence = Items([_graphic(mark, frame.image) for mark in frame.marks])
    texts = [_text(mark, frame.image) for mark in frame.marks if mark.text]
    if texts:
        item.TextObjectSequence = Items(texts)
    return item


def _graphic(mark: Mark, image: ImageReference) -> Dataset:
    """Graphic Object, PS3.3 C.10.5: columns and rows from the corner of the first pixel."""
    least, most = _POINTS[mark.shape]
    if not least <= len(mark.points) <= most:
        raise WritingRefused(f"{mark.shape} of {len(mark.points)} points; {least} to {most} are drawn")
    points = [image.placed(point) for point in mark.points]
    item = Dataset()
    item.GraphicAnnotationUnits = _PIXEL
    item.GraphicDimensions = 2
    item.GraphicType = {Shape.POINT: "POINT", Shape.CIRCLE: "CIRCLE"}.get(mark.shape, "POLYLINE")
    if mark.shape is Shape.OUTLINE:
        points.append(points[0])
    if mark.shape in (Shape.OUTLINE, Shape.CIRCLE):
        item.GraphicFilled = "N"
    if mark.shape is Shape.ARROW:
        points = _with_head(points[0], points[1], image)
    item.NumberOfGraphicPoints = len(points)
    item.GraphicData = [coordinate for point in points for coordinate in point]
    return item


_HEAD_PART, _HEAD_PX, _HEAD_ANGLE = 0.3, 12.0, math.radians(25)


def _with_head(tail: Point, tip: Point, image: ImageReference) -> list[Point]:
    """The arrow as one line: to the tip, and along both sides of its head."""
    back = math.atan2(tail[1] - tip[1], tail[0] - tip[0])
    length = min(_HEAD_PX, _HEAD_PART * math.dist(tail, tip))
    sides = [
        (
            min(max(tip[0] + length * math.cos(back + turn), 0), image.width),
            min(max(tip[1] + length * math.sin(back + turn), 0), image.height),
        )
        for turn in (_HEAD_ANGLE, -_HEAD_ANGLE)
    ]
    return [tail, tip, sides[0], tip, sides[1]]


def _text(mark: Mark, image: ImageReference) -> Dataset:
    if len(mark.text) > _MOST_TEXT:
        raise WritingRefused(f"{len(mark.text)} letters beside a mark; up to {_MOST_TEXT} are written")
    item = Dataset()
    item.UnformattedTextValue = mark.text
    item.AnchorPointAnnotationUnits = _PIXEL
    item.AnchorPoint = list(image.placed(mark.points[-1]))
    item.AnchorPointVisibility = "N"
    return item
