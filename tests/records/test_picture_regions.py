"""A region is measured by after a journey over the wire exactly as before it."""

import msgspec
import pytest

from records.picture_regions import as_region, as_value
from tests.ultrasound.measuring.frames import faulty, plane
from ultrasound.regions import Region, RegionFlag

TISSUE = plane(
    10,
    20,
    300,
    400,
    delta_x=0.0231,
    delta_y=-0.0231,
    reference_x_px=145,
    reference_y_px=0,
    reference_x=1.5,
    flags=RegionFlag.LOW_PRIORITY | RegionFlag.SCALING_PROTECTED,
    corner_x_px=-1,
)


@pytest.mark.parametrize("region", [TISSUE, faulty(0, 0, 1, 1)])
def test_a_region_comes_back_as_it_went(region: Region) -> None:
    sent = msgspec.json.encode(as_value(region))
    assert as_region(msgspec.json.decode(sent, type=type(as_value(region)))) == region


@pytest.mark.parametrize("change", [{"unit_x": 99}, {"delta_x": float("nan")}, {"reference_y": float("inf")}])
def test_what_the_standard_has_no_meaning_for_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        as_region(msgspec.structs.replace(as_value(TISSUE), **change))
