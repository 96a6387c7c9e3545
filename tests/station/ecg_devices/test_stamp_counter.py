"""A device that stamps and does not count: a jump of its stamps is a loss, unsteadiness is not."""

import pytest

from station.ecg_devices.stamp_counter import StampCounter
from station.errors import DeviceFailed


def test_a_quartz_that_stamps_tells_each_lost_frame() -> None:
    counter = StampCounter(130, 0.5 / 130)
    frame_s = 73 / 130.05  # the quartz is a little off
    numbers = [counter.number(frame * frame_s, 73) for frame in (0, 1, 2, 5, 6)]
    assert numbers == [0, 73, 146, 5 * 73, 6 * 73]


def test_a_program_that_stamps_unsteadily_loses_nothing() -> None:
    counter = StampCounter(500, 0.25)
    stamps = [0.0, 0.09, 0.10, 0.24, 0.2]
    assert [counter.number(at, 25) for at in stamps] == [0, 25, 50, 75, 100]


@pytest.mark.parametrize("at", [-6.0, 4000.0])
def test_stamps_that_make_no_sense_are_refused(at: float) -> None:
    counter = StampCounter(500, 0.25)
    counter.number(0, 25)
    with pytest.raises(DeviceFailed, match="time stamps jumped by"):
        counter.number(at, 25)
