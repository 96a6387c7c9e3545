"""Calibrated regions of a picture: what a scanner wrote of them, and where one pixel lies in the world.

Pixels count from 0 at the upper left, whole numbers in the middle of a pixel. A region holds its edges.
"""

import math
from dataclasses import dataclass
from enum import IntEnum, IntFlag, StrEnum
from typing import Any

from pydicom.dataset import Dataset


class PhysicalUnit(IntEnum):
    """Physical Units X and Y Direction, DICOM PS3.3 C.8.5.5.1.15."""

    NONE = 0
    PERCENT = 1
    DECIBEL = 2
    CM = 3
    SECONDS = 4
    HERTZ = 5
    DB_PER_SECOND = 6
    CM_PER_SECOND = 7
    CM2 = 8
    CM2_PER_SECOND = 9
    CM3 = 10
    CM3_PER_SECOND = 11
    DEGREES = 12


class SpatialFormat(IntEnum):
    """Region Spatial Format, DICOM PS3.3 C.8.5.5.1.1: what the two directions are."""

    NONE = 0
    TWO_D = 1
    M_MODE = 2
    SPECTRAL = 3
    WAVEFORM = 4
    GRAPHICS = 5


class DataType(IntEnum):
    """Region Data Type, DICOM PS3.3 C.8.5.5.1.2: what is drawn."""

    NONE = 0
    TISSUE = 1
    COLOUR_FLOW = 2
    PW_DOPPLER = 3
    CW_DOPPLER = 4
    DOPPLER_MEAN_TRACE = 5
    DOPPLER_MODE_TRACE = 6
    DOPPLER_MAX_TRACE = 7
    VOLUME_TRACE = 8
    D_VOLUME_TRACE = 9
    ECG = 10
    PULSE = 11
    PHONOCARDIOGRAM = 12
    GREY_BAR = 13
    COLOUR_BAR = 14
    INTEGRATED_BACKSCATTER = 15
    AREA_TRACE = 16
    D_AREA_TRACE = 17
    OTHER_PHYSIOLOGICAL = 18


class RegionFlag(IntFlag):
    """Region Flags, DICOM PS3.3 C.8.5.5.1.3; bits 3 and 4 tell how it scrolls."""

    LOW_PRIORITY = 1
    SCALING_PROTECTED = 2
    DOPPLER_FREQUENCY = 4


class RegionFault(StrEnum):
    """Why nothing is measured where a scanner wrote a region."""

    INCOMPLETE = "incomplete"
    """A field that the standard demands is missing, or is no number of its kind."""
    ABSURD_SCALE = "absurd_scale"
    """A pixel is worth nothing, no number, or what no scanner shows."""
    NOT_THIS_PICTURE = "not_this_picture"
    """It reaches far beyond the picture: that was scaled or cut after the region was written."""


@dataclass(frozen=True, slots=True)
class Region:
    """A calibrated rectangle of the picture (DICOM PS3.3 C.8.5.5), clamped to it; right and bottom included.

    The reference pixel counts from the region's corner as it was stated, before clamping. A region with a
    `fault` still covers what it covers: what lies under it is not measured by another region.
    """

    left_px: int
    top_px: int
    right_px: int
    bottom_px: int
    spatial_format: SpatialFormat
    data_type: DataType
    unit_x: PhysicalUnit
    unit_y: PhysicalUnit
    delta_x: float
    delta_y: float
    reference_x_px: int | None = None
    reference_y_px: int | None = None
    reference_x: float = 0.0  # physical value at the reference pixel
    reference_y: float = 0.0
    flags: RegionFlag = RegionFlag(0)
    transducer_khz: float | None = None
    doppler_angle_deg: float | None = None
    corner_x_px: int | None = None  # as stated, where clamping moved it
    corner_y_px: int | None = None
    fault: RegionFault | None = None

    @property
    def high_priority(self) -> bool:
        """Whether its pixels stand above those of a region of low priority."""
        return RegionFlag.LOW_PRIORITY not in self.flags

    @property
    def area_px(self) -> int:
        """Pixels in it."""
        return self.width_px * self.height_px

    @property
    def width_px(self) -> int:
        """Columns in it."""
        return self.right_px - self.left_px + 1

    @property
    def height_px(self) -> int:
        """Rows in it."""
        return self.bottom_px - self.top_px + 1

    @property
    def zero_x_px(self) -> int:
        """The picture's column of the reference pixel."""
        corner = self.left_px if self.corner_x_px is None else self.corner_x_px
        return corner + (self.reference_x_px or 0)

    @property
    def zero_y_px(self) -> int:
        """The picture's row of the reference pixel."""
        corner = self.top_px if self.corner_y_px is None else self.corner_y_px
        return corner + (self.reference_y_px or 0)

    def holds(self, x_px: float, y_px: float) -> bool:
        """Whether a point lies in it, edges included."""
        return self.left_px <= x_px <= self.right_px and self.top_px <= y_px <= self.bottom_px

    def physical_x(self, x_px: float) -> float:
        """What a column stands for, in `unit_x` (DICOM PS3.3 C.8.5.5.1.16 and .17)."""
        return self.reference_x + (x_px - self.zero_x_px) * self.delta_x

    def physical_y(self, y_px: float) -> float:
        """What a row stands for, in `unit_y`; deltas are often negative, up being towards the probe."""
        return self.reference_y + (y_px - self.zero_y_px) * self.delta_y

    def agrees_with(self, other: "Region") -> bool:
        """Whether both put a pixel at the same physical place: a colour box in its tissue picture.

        Two planes side by side have one scale too; that their boxes overlap does not make them one plane, so
        the same place is demanded, unless one lies within the other and does not say where its zero is.
        """
        if self.fault or other.fault or self.spatial_format is not other.spatial_format:
            return False
        if (self.unit_x, self.unit_y) != (other.unit_x, other.unit_y):
            return False
        if not (_same(self.delta_x, other.delta_x) and _same(self.delta_y, other.delta_y)):
            return False
        if self.spatial_format is SpatialFormat.TWO_D and not (self.has_zero and other.has_zero):
            return self.covers(other) or other.covers(self)
        aside = self.physical_x(0) - other.physical_x(0)
        down = self.physical_y(0) - other.physical_y(0)
        return abs(aside) <= abs(self.delta_x) / 2 and abs(down) <= abs(self.delta_y) / 2

    @property
    def has_zero(self) -> bool:
        """Whether the file says where its reference pixel is."""
        return self.reference_x_px is not None and self.reference_y_px is not None

    @property
    def has_baseline(self) -> bool:
        """Whether the file says in which row a spectrum's zero is."""
        return self.reference_y_px is not None

    def covers(self, other: "Region") -> bool:
        """Whether another region lies wholly in it."""
        corners = ((other.left_px, other.top_px), (other.right_px, other.bottom_px))
        return all(self.holds(x_px, y_px) for x_px, y_px in corners)


def read_regions(header: Dataset) -> tuple[Region, ...]:
    """The regions of an ultrasound header, in its order; those that cannot be placed are left out.

    One that can be placed but not used has a `fault`, and no scale.
    """
    columns, rows = int(header.Columns), int(header.Rows)
    read = (_region(item, columns, rows) for item in header.get("SequenceOfUltrasoundRegions") or ())
    return tuple(region for region in read if region is not None)


def _region(item: Dataset, columns: int, rows: int) -> Region | None:
    try:
        left, top = int(item.RegionLocationMinX0), int(item.RegionLocationMinY0)
        right, bottom = int(item.RegionLocationMaxX1), int(item.RegionLocationMaxY1)
    except (AttributeError, TypeError, ValueError, OverflowError):
        return None
    if left > right or top > bottom or left >= columns or top >= rows or right < 0 or bottom < 0:
        return None
    place: dict[str, Any] = {
        "left_px": max(0, left),
        "top_px": max(0, top),
        "right_px": min(columns - 1, right),
        "bottom_px": min(rows - 1, bottom),
        "corner_x_px": left if left < 0 else None,
        "corner_y_px": top if top < 0 else None,
    }
    try:
        flags = RegionFlag(int(item.get("RegionFlags") or 0))
        said = _content(item)
    except (AttributeError, TypeError, ValueError, OverflowError):
        return _unusable(place, _flags(item), RegionFault.INCOMPLETE)
    beyond_px = max(-left, -top, right - (columns - 1), bottom - (rows - 1))
    if beyond_px > _EDGE_SLACK_PX:
        return _unusable(place, flags, RegionFault.NOT_THIS_PICTURE)
    region = Region(**place, **said, flags=flags)
    return region if has_sound_scale(region) else _unusable(place, flags, RegionFault.ABSURD_SCALE)


_EDGE_SLACK_PX = 2
"""Scanners write edges one pixel outside. More is the region of another picture, and so is its scale."""


def _content(item: Dataset) -> dict[str, Any]:
    return {
        "spatial_format": SpatialFormat(int(item.RegionSpatialFormat)),
        "data_type": DataType(int(item.RegionDataType)),
        "unit_x": PhysicalUnit(int(item.PhysicalUnitsXDirection)),
        "unit_y": PhysicalUnit(int(item.PhysicalUnitsYDirection)),
        "delta_x": float(item.PhysicalDeltaX),
        "delta_y": float(item.PhysicalDeltaY),
        "reference_x_px": _whole(item.get("ReferencePixelX0")),
        "reference_y_px": _whole(item.get("ReferencePixelY0")),
        "reference_x": _real(item.get("ReferencePixelPhysicalValueX")) or 0.0,
        "reference_y": _real(item.get("ReferencePixelPhysicalValueY")) or 0.0,
        "transducer_khz": _real(item.get("TransducerFrequency")),
        "doppler_angle_deg": _real(item.get("DopplerCorrectionAngle")),
    }


def _unusable(place: dict[str, Any], flags: RegionFlag, fault: RegionFault) -> Region:
    return Region(
        **place,
        spatial_format=SpatialFormat.NONE,
        data_type=DataType.NONE,
        unit_x=PhysicalUnit.NONE,
        unit_y=PhysicalUnit.NONE,
        delta_x=0.0,
        delta_y=0.0,
        flags=flags,
        fault=fault,
    )


def _flags(item: Dataset) -> RegionFlag:
    told = item.get("RegionFlags")
    return RegionFlag(told) if isinstance(told, int) and told >= 0 else RegionFlag(0)


def _whole(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int):
        raise TypeError("a reference pixel is one whole number")
    return value


def _real(value: Any) -> float | None:
    if value is None:
        return None
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a number")
    return number


_SOUND = {
    # What a pixel may be worth: from a tenth of what the finest scanners resolve to ten times the coarsest.
    PhysicalUnit.CM: (1e-4, 0.5),
    PhysicalUnit.SECONDS: (1e-5, 0.5),
    PhysicalUnit.CM_PER_SECOND: (1e-3, 50.0),
    PhysicalUnit.HERTZ: (1e-1, 1e4),
}
_MAX_ANISOTROPY = 4.0
"""Of a two-dimensional picture: a pixel is about as wide as it is high."""
_DEEPEST_CM, _WIDEST_CM = 50.0, 100.0
"""Deeper than any probe sees, and wider than a picture put together along a leg: millimetres that were
written as centimetres.
"""


def has_sound_scale(region: Region) -> bool:
    """Whether what a pixel is worth can be true of a scanner's picture."""
    for unit, delta in ((region.unit_x, region.delta_x), (region.unit_y, region.delta_y)):
        if unit is PhysicalUnit.NONE:
            continue
        least, most = _SOUND.get(unit, (1e-9, 1e9))
        if not (math.isfinite(delta) and least <= abs(delta) <= most):
            return False
    if region.unit_y is PhysicalUnit.CM and abs(region.delta_y) * region.height_px > _DEEPEST_CM:
        return False
    if region.spatial_format is SpatialFormat.TWO_D and region.unit_x is region.unit_y is PhysicalUnit.CM:
        if abs(region.delta_x) * region.width_px > _WIDEST_CM:
            return False
        ratio = abs(region.delta_x / region.delta_y)
        return 1 / _MAX_ANISOTROPY <= ratio <= _MAX_ANISOTROPY
    return True


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-6)
