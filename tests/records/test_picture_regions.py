"""A region is measured by after a journey over the wire exactly as before it."""

import msgspec
import pytest

from records.picture_regions import as_region, as_value
from ultrasound.regions import DataType, PhysicalUnit, Region, RegionFault, RegionFlag, SpatialFormat

TISSUE = Region(
    left_px=10,
    top_px=20,
    right_px=300,
    bottom_px=400,
    spatial_format=SpatialFormat.TWO_D,
    data_type=DataType.TISSUE,
    unit_x=PhysicalUnit.CM,
    unit_y=PhysicalUnit.CM,
    delta_x=0.0231,
    delta_y=-0.0231,
    reference_x_px=145,
    reference_y_px=0,
    reference_x=1.5,
    flags=RegionFlag.LOW_PRIORITY | RegionFlag.SCALING_PROTECTED,
    corner_x_px=-1,
)
FAULTY = Region(
    left_px=0,
    top_px=0,
    right_px=1,
    bottom_px=1,
    spatial_format=SpatialFormat.NONE,
    data_type=DataType.NONE,
    unit_x=PhysicalUnit.NONE,
    unit_y=PhysicalUnit.NONE,
    delta_x=0.0,
    delta_y=0.0,
    fault=RegionFault.ABSURD_SCALE,
)


@pytest.mark.parametrize("region", [TISSUE, FAULTY])
def test_a_region_comes_back_as_it_went(region: Region) -> None:
    sent = msgspec.json.encode(as_value(region))
    assert as_region(msgspec.json.decode(sent, type=type(as_value(region)))) == region


@pytest.mark.parametrize("change", [{"unit_x": 99}, {"delta_x": float("nan")}, {"reference_y": float("inf")}])
def test_what_the_standard_has_no_meaning_for_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        as_region(msgspec.structs.replace(as_value(TISSUE), **change))
