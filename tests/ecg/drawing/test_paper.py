"""The paper is true: lines of 1 and 5 mm, a step of 1 mV for 200 ms."""

import pytest

from ecg.drawing.draw_list import Ink, Line
from ecg.drawing.paper import GAINS_MM_MV, SPEEDS_MM_S, Area, Scale, calibration_step, grid
from ecg.errors import SignalError


def test_lines_lie_a_millimetre_apart_and_every_fifth_is_stronger() -> None:
    lines = [mark for mark in grid(Area(16, 60, 265, 110)) if isinstance(mark, Line)]
    upright = sorted((line.x1, line.pen.ink) for line in lines if line.x1 == line.x2)
    assert [x for x, _ in upright] == [16 + k for k in range(266)]
    assert [x for x, ink in upright if ink is Ink.MAJOR] == [16 + 5 * k for k in range(54)]
    level = sorted((line.y1, line.pen.ink) for line in lines if line.y1 == line.y2)
    assert [y for y, _ in level] == [60 + k for k in range(111)]
    assert [y for y, ink in level if ink is Ink.MAJOR] == [60 + 5 * k for k in range(23)]


@pytest.mark.parametrize("speed", SPEEDS_MM_S)
@pytest.mark.parametrize("gain", GAINS_MM_MV)
def test_the_step_is_one_millivolt_for_two_hundred_milliseconds(speed: float, gain: float) -> None:
    points = calibration_step(20, 80, Scale(speed, gain)).points
    assert points[:, 1].max() - points[:, 1].min() == pytest.approx(gain)
    top = points[points[:, 1] == points[:, 1].min()]
    assert top[-1, 0] - top[0, 0] == pytest.approx(0.2 * speed)


@pytest.mark.parametrize(("speed", "gain"), [(20.0, 10.0), (25.0, 12.0), (0.0, 10.0), (25.0, -10.0)])
def test_a_scale_that_no_paper_has_is_refused(speed: float, gain: float) -> None:
    with pytest.raises(SignalError, match="possible are"):
        Scale(speed, gain)
