"""The axis of vectors that point in known directions."""

from math import cos, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.signal.axes import NetAreas, axis_degrees


@given(degrees=st.floats(-179.9, 180.0), size=st.floats(500, 100_000))
def test_a_vector_in_any_direction(degrees: float, size: float) -> None:
    """Einthoven's triangle: I sees its projection on 0 degrees, aVF sqrt(3)/2 of that on 90."""
    areas = NetAreas(size * cos(radians(degrees)), size * sin(radians(degrees)) * sqrt(3) / 2)
    assert areas.size == pytest.approx(size)
    found = axis_degrees(areas)
    assert found is not None
    assert (found - degrees + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)


def test_a_net_area_of_next_to_nothing_points_nowhere() -> None:
    assert axis_degrees(NetAreas(0.0, 0.0)) is None
    assert axis_degrees(NetAreas(200.0, -200.0)) is None
