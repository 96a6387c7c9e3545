"""Calibrated regions as they are kept and sent, and as they are measured by."""

import dataclasses
import math

import msgspec

from records.stills import PictureRegion
from ultrasound.regions import DataType, PhysicalUnit, Region, RegionFlag, SpatialFormat


def as_value(region: Region) -> PictureRegion:
    """A region as it is kept and sent."""
    fields = {one.name: getattr(region, one.name) for one in dataclasses.fields(region)}
    numbers = {
        name: int(fields[name]) for name in ("spatial_format", "data_type", "unit_x", "unit_y", "flags")
    }
    return PictureRegion(**(fields | numbers))


def as_region(value: PictureRegion) -> Region:
    """A region as it is measured by. Raises ValueError: a number that the standard has no meaning for."""
    fields = msgspec.structs.asdict(value)
    if not all(math.isfinite(one) for one in fields.values() if isinstance(one, float)):
        raise ValueError("a region's numbers are finite")
    fields |= {
        "spatial_format": SpatialFormat(value.spatial_format),
        "data_type": DataType(value.data_type),
        "unit_x": PhysicalUnit(value.unit_x),
        "unit_y": PhysicalUnit(value.unit_y),
        "flags": RegionFlag(value.flags),
    }
    return Region(**fields)
