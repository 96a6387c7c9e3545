"""Limits of the median beat, from those of its beats."""

import numpy as np

from ecg.drawing.median_limits import limits_of_median
from ecg.measurements import BeatLimits
from ecg.signal.median_beat import MedianBeat

BEAT = MedianBeat(np.zeros((1, 500)), 200, (1000, 2000, 3000, 4000), (5000,), (), (1.0,))


def beat(r: int, onset: int = -22, p: int | None = -100) -> BeatLimits:
    return BeatLimits(r, r + onset, r + 23, p_onset=None if p is None else r + p)


def test_the_usual_distance_from_r_holds() -> None:
    found = limits_of_median([beat(1000), beat(2000, -24), beat(3000, -22), beat(4000, -60)], BEAT, 500)
    assert found is not None
    assert (found.r, found.qrs_onset, found.qrs_end, found.p_onset) == (200, 177, 223, 100)
    assert found.t_end is None


def test_a_beat_that_was_moved_counts_from_where_it_was_moved_to() -> None:
    found = limits_of_median([beat(1008)], BEAT, 500)
    assert found is not None and found.qrs_onset == 200 + 8 - 22


def test_a_wave_that_most_beats_have_not_is_not_there() -> None:
    found = limits_of_median([beat(1000), beat(2000, p=None), beat(3000, p=None)], BEAT, 500)
    assert found is not None and found.p_onset is None


def test_beats_of_another_shape_do_not_count() -> None:
    found = limits_of_median([beat(1000), beat(5000, -80)], BEAT, 500)
    assert found is not None and found.qrs_onset == 178
    assert limits_of_median([beat(5000)], BEAT, 500) is None
    assert limits_of_median([], BEAT, 500) is None
