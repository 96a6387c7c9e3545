"""Regions as scanners write them: clamped, placed by their own corner, and never believed when absurd."""

import math
from typing import Any

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.ultrasound.cines import DEMO_CINE, TWO_PALETTE_FRAMES, of_pydicom
from tests.ultrasound.measuring.frames import plane
from ultrasound.regions import (
    DataType,
    PhysicalUnit,
    RegionFault,
    RegionFlag,
    SpatialFormat,
    read_regions,
)


def header(**fields: Any) -> Dataset:
    """One region in a header of 640x480; a field that is None is left out."""
    item, dataset = Dataset(), Dataset()
    told = {
        "RegionLocationMinX0": 10,
        "RegionLocationMinY0": 20,
        "RegionLocationMaxX1": 600,
        "RegionLocationMaxY1": 400,
        "RegionSpatialFormat": 1,
        "RegionDataType": 1,
        "RegionFlags": 0,
        "PhysicalUnitsXDirection": 3,
        "PhysicalUnitsYDirection": 3,
        "PhysicalDeltaX": 0.02,
        "PhysicalDeltaY": 0.02,
    }
    for keyword, value in (told | fields).items():
        if value is not None:
            setattr(item, keyword, value)
    dataset.Rows, dataset.Columns = 480, 640
    dataset.SequenceOfUltrasoundRegions = Sequence([item])
    return dataset


def test_philips_regions_are_read_whole() -> None:
    plane_, ecg = read_regions(pydicom.dcmread(TWO_PALETTE_FRAMES, stop_before_pixels=True))
    assert (plane_.left_px, plane_.top_px, plane_.right_px, plane_.bottom_px) == (120, 60, 799, 518)
    assert plane_.flags == RegionFlag.LOW_PRIORITY | RegionFlag.SCALING_PROTECTED
    assert not plane_.high_priority
    assert (plane_.zero_x_px, plane_.zero_y_px) == (460, 96)
    assert (ecg.spatial_format, ecg.data_type) == (SpatialFormat.WAVEFORM, DataType.ECG)
    assert (ecg.zero_x_px, ecg.zero_y_px) == (0, 0)
    assert (ecg.unit_x, ecg.unit_y, ecg.fault) == (PhysicalUnit.SECONDS, PhysicalUnit.NONE, None)


def test_the_depth_that_philips_prints_is_the_depth_of_its_region() -> None:
    region = read_regions(pydicom.dcmread(TWO_PALETTE_FRAMES, stop_before_pixels=True))[0]
    assert region.physical_y(518) == pytest.approx(11, rel=0.01)  # "11cm", printed without a decimal
    assert region.physical_y(96) == 0


def test_a_sonosite_region_without_a_reference_counts_from_its_corner() -> None:
    (region,) = read_regions(pydicom.dcmread(DEMO_CINE, stop_before_pixels=True))
    assert (region.physical_x(84), region.physical_y(31)) == (0, 0)
    assert region.high_priority


@pytest.mark.parametrize("name", ["examples_ybr_color.dcm", "examples_palette.dcm"])
def test_a_picture_that_was_scaled_or_cut_after_its_region_was_written_has_no_scale(name: str) -> None:
    regions = read_regions(pydicom.dcmread(of_pydicom(name), stop_before_pixels=True))
    assert regions[0].fault is RegionFault.NOT_THIS_PICTURE


def test_an_edge_one_pixel_outside_is_clamped_and_the_reference_stays_where_it_was() -> None:
    (region,) = read_regions(header(RegionLocationMaxX1=640, ReferencePixelX0=5, ReferencePixelY0=7))
    assert (region.right_px, region.fault) == (639, None)
    assert (region.zero_x_px, region.zero_y_px) == (15, 27)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"PhysicalDeltaX": 0.0}, RegionFault.ABSURD_SCALE),
        ({"PhysicalDeltaY": math.nan}, RegionFault.ABSURD_SCALE),
        ({"PhysicalDeltaY": math.inf}, RegionFault.ABSURD_SCALE),
        ({"PhysicalDeltaX": 20.0, "PhysicalDeltaY": 20.0}, RegionFault.ABSURD_SCALE),
        ({"PhysicalDeltaX": 1e-7, "PhysicalDeltaY": 1e-7}, RegionFault.ABSURD_SCALE),
        ({"PhysicalDeltaX": 0.2, "PhysicalDeltaY": 0.02}, RegionFault.ABSURD_SCALE),
        # 0.3 millimetres that were written as centimetres: 114 cm deep
        ({"PhysicalDeltaX": 0.3, "PhysicalDeltaY": 0.3}, RegionFault.ABSURD_SCALE),
        # 381 rows are 30 cm deep, 591 columns 118 cm wide
        ({"PhysicalDeltaX": 0.2, "PhysicalDeltaY": 0.08}, RegionFault.ABSURD_SCALE),
        ({"PhysicalDeltaX": None}, RegionFault.INCOMPLETE),
        ({"RegionSpatialFormat": None}, RegionFault.INCOMPLETE),
        ({"PhysicalUnitsXDirection": 99}, RegionFault.INCOMPLETE),
        ({"ReferencePixelPhysicalValueX": math.nan}, RegionFault.INCOMPLETE),
        ({"RegionLocationMaxX1": 700}, RegionFault.NOT_THIS_PICTURE),
        ({"RegionLocationMaxY1": 2**32 - 1}, RegionFault.NOT_THIS_PICTURE),
    ],
)
def test_a_region_that_cannot_be_true_covers_its_place_without_a_scale(
    fields: dict[str, Any], fault: RegionFault
) -> None:
    (region,) = read_regions(header(**fields))
    assert region.fault is fault
    assert (region.delta_x, region.unit_x, region.high_priority) == (0, PhysicalUnit.NONE, True)
    assert region.holds(100, 100)


@pytest.mark.parametrize(
    "fields",
    [
        {"RegionLocationMinX0": None},
        {"RegionLocationMinX0": 700, "RegionLocationMaxX1": 800},
        {"RegionLocationMinY0": 401},
    ],
)
def test_a_region_that_is_nowhere_is_left_out(fields: dict[str, Any]) -> None:
    assert read_regions(header(**fields)) == ()


def test_doppler_fields_are_read() -> None:
    told = {"RegionSpatialFormat": 3, "RegionDataType": 3, "RegionFlags": 4}
    units = {"PhysicalUnitsXDirection": 4, "PhysicalUnitsYDirection": 5, "PhysicalDeltaY": -20.0}
    more = {"TransducerFrequency": 2500, "DopplerCorrectionAngle": 30.0}
    (region,) = read_regions(header(**told, **units, **more))
    assert (region.transducer_khz, region.doppler_angle_deg) == (2500, 30)
    assert region.flags == RegionFlag.DOPPLER_FREQUENCY


def test_a_colour_box_agrees_with_the_tissue_around_it_and_a_second_plane_does_not() -> None:
    tissue = plane(0, 0, 400, 400, reference_x_px=200, reference_y_px=0)
    assert tissue.agrees_with(plane(100, 100, 200, 200))  # says nothing of its zero
    assert tissue.agrees_with(plane(100, 100, 200, 200, reference_x_px=100, reference_y_px=-100))
    assert not tissue.agrees_with(plane(100, 100, 200, 200, reference_x_px=50, reference_y_px=-100))
    assert not tissue.agrees_with(plane(300, 0, 700, 400))  # overlaps, but is not within
    assert not tissue.agrees_with(plane(100, 100, 200, 200, delta=0.021))


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "RegionLocationMinX0",
                "RegionLocationMaxX1",
                "RegionSpatialFormat",
                "RegionDataType",
                "RegionFlags",
                "PhysicalUnitsXDirection",
                "PhysicalDeltaX",
                "PhysicalDeltaY",
                "ReferencePixelX0",
            ]
        ),
        st.none() | st.integers(0, 2**16 - 1) | st.floats() | st.lists(st.integers(0, 9), max_size=3),
    )
)
def test_whatever_a_region_says_its_scale_is_sound_or_absent(fields: dict[str, Any]) -> None:
    dataset = Dataset()
    item = header(ReferencePixelX0=0).SequenceOfUltrasoundRegions[0]
    for keyword, value in fields.items():
        item[keyword]._value = value  # as a damaged file has it: unchecked
    dataset.Rows, dataset.Columns = 480, 640
    dataset.SequenceOfUltrasoundRegions = Sequence([item])
    for region in read_regions(dataset):
        assert 0 <= region.left_px <= region.right_px <= 639
        assert 0 <= region.top_px <= region.bottom_px <= 479
        if region.unit_x is PhysicalUnit.CM:
            assert 1e-4 <= abs(region.delta_x) <= 0.5
        if region.fault:
            assert region.unit_x is region.unit_y is PhysicalUnit.NONE
