"""Our regions as the items of Sequence of Ultrasound Regions (PS3.3 C.8.5.5)."""

from collections.abc import Sequence

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from ultrasound.errors import WritingRefused
from ultrasound.regions import Region


def region_items(regions: Sequence[Region], width: int, height: int) -> Items:
    """One item each, in their order, within a picture of this size; WritingRefused for one outside it.

    A region that is not measured in (`fault`) is written without a scale: it still covers what it covers.
    """
    return Items([_item(number, region, width, height) for number, region in enumerate(regions, 1)])


def _item(number: int, region: Region, width: int, height: int) -> Dataset:
    left, top = max(0, region.left_px), max(0, region.top_px)
    right, bottom = min(width - 1, region.right_px), min(height - 1, region.bottom_px)
    if left > right or top > bottom:
        raise WritingRefused(f"region {number} lies outside the picture of {width}x{height} pixels")
    item = Dataset()
    item.RegionSpatialFormat = int(region.spatial_format)
    item.RegionDataType = int(region.data_type)
    item.RegionFlags = int(region.flags)
    item.RegionLocationMinX0, item.RegionLocationMinY0 = left, top
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = right, bottom
    item.PhysicalUnitsXDirection, item.PhysicalUnitsYDirection = int(region.unit_x), int(region.unit_y)
    item.PhysicalDeltaX = region.delta_x if not region.fault else 1.0
    item.PhysicalDeltaY = region.delta_y if not region.fault else 1.0
    if not region.fault:
        _put_reference(item, region, left, top)
        _put_doppler(item, region)
    return item


def _put_reference(item: Dataset, region: Region, left: int, top: int) -> None:
    """The reference pixel counts from the corner that is written, which clamping may have moved."""
    told_x = region.reference_x_px is not None or region.corner_x_px is not None or region.reference_x
    told_y = region.reference_y_px is not None or region.corner_y_px is not None or region.reference_y
    if told_x:
        item.ReferencePixelX0 = region.zero_x_px - left
        item.ReferencePixelPhysicalValueX = region.reference_x
    if told_y:
        item.ReferencePixelY0 = region.zero_y_px - top
        item.ReferencePixelPhysicalValueY = region.reference_y


def _put_doppler(item: Dataset, region: Region) -> None:
    if region.transducer_khz is not None:
        khz = round(region.transducer_khz)
        if abs(khz - region.transducer_khz) > 1e-6:
            raise WritingRefused(f"a transducer frequency of {region.transducer_khz} kHz; whole kHz are told")
        item.TransducerFrequency = khz
    if region.doppler_angle_deg is not None:
        item.DopplerCorrectionAngle = region.doppler_angle_deg
