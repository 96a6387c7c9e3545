"""Pictures to measure on, made for the tests."""

from collections.abc import Callable
from typing import Any

import pytest

from ultrasound.measuring.frame import Frame, Standing
from ultrasound.measuring.measured import CalibrationSource
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.regions import DataType, PhysicalUnit, Region, RegionFault, SpatialFormat


def plane(left: int, top: int, right: int, bottom: int, delta: float = 0.02, **fields: Any) -> Region:
    """A two-dimensional region; `delta` in cm, unless both are given."""
    return Region(
        left,
        top,
        right,
        bottom,
        SpatialFormat.TWO_D,
        DataType.TISSUE,
        PhysicalUnit.CM,
        PhysicalUnit.CM,
        fields.pop("delta_x", delta),
        fields.pop("delta_y", delta),
        **fields,
    )


def strip(
    format: SpatialFormat, unit_y: PhysicalUnit, delta_x: float, delta_y: float, **fields: Any
) -> Region:
    """A region of time across, over the whole of an 800x600 picture."""
    whole = (0, 0, 799, 599)
    data = DataType.PW_DOPPLER if format is SpatialFormat.SPECTRAL else DataType.TISSUE
    return Region(*whole, format, data, PhysicalUnit.SECONDS, unit_y, delta_x, delta_y, **fields)


def faulty(left: int, top: int, right: int, bottom: int) -> Region:
    """A region that covers what it covers, and whose scale cannot be true."""
    nothing = (SpatialFormat.NONE, DataType.NONE, PhysicalUnit.NONE, PhysicalUnit.NONE, 0.0, 0.0)
    return Region(left, top, right, bottom, *nothing, fault=RegionFault.ABSURD_SCALE)


def frame(*regions: Region, **fields: Any) -> Frame:
    """A stored frame of 800x600 pixels."""
    return Frame(800, 600, fields.pop("standing", Standing.STORED), regions, **fields)


M_MODE = frame(strip(SpatialFormat.M_MODE, PhysicalUnit.CM, 0.005, 0.02))
DOPPLER = frame(
    strip(
        SpatialFormat.SPECTRAL,
        PhysicalUnit.CM_PER_SECOND,
        0.005,
        -0.5,
        reference_x_px=0,
        reference_y_px=400,
    )
)
"""5 ms a column, half a cm/s a row, the baseline in row 400."""

BY_HAND = CalibrationSource.USER


def refused(code: RefusalCode, measuring: Callable[..., Any], *given: Any, **named: Any) -> str:
    """The sentence of a refusal that must come, with this code."""
    with pytest.raises(Refusal) as caught:
        measuring(*given, **named)
    assert caught.value.code is code
    return str(caught.value)
