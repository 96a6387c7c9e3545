"""A frame is found by its capture time, and others from it by frames and by beats."""

import pytest

from signaling.messages import NotStepped, StepUnit, StillAbsence
from signaling.station_messages import PictureStep
from station.still_finding import Found, Missing, find, nearest

TIMES = [1_000_000 + at * 33_333 for at in range(60)]
BEATS = [1_100_000, 1_900_000, 2_700_000]


def frames(by: int) -> PictureStep:
    return PictureStep(by=by, unit=StepUnit.FRAME)


def beats(by: int) -> PictureStep:
    return PictureStep(by=by, unit=StepUnit.BEAT)


@pytest.mark.parametrize("off_us", [0, 8_000, -8_000])
def test_the_nearest_frame_is_meant_as_far_as_a_browser_may_be_off(off_us: int) -> None:
    assert find(TIMES, TIMES[7] + off_us, (), ()) == Found(7)


@pytest.mark.parametrize("capture_us", [TIMES[0] - 8_001, TIMES[7] + 8_001, TIMES[-1] + 8_001])
def test_a_neighbour_is_never_given_for_a_frame_that_is_not_there(capture_us: int) -> None:
    assert find(TIMES, capture_us, (), ()) == Missing(absent=StillAbsence.GONE_FROM_RING)


@pytest.mark.parametrize(
    ("begin", "steps", "end"),
    [
        (7, [frames(-1)], 6),
        (7, [frames(3)], 10),
        (7, [frames(-100)], 0),
        (7, [frames(100)], 59),
        (7, [frames(-2), frames(1)], 6),
        (0, [frames(-1), frames(2)], 2),
    ],
)
def test_frames_are_stepped_through_up_to_the_ends(begin: int, steps: list[PictureStep], end: int) -> None:
    assert find(TIMES, TIMES[begin], steps, ()) == Found(end)


@pytest.mark.parametrize(
    ("begin", "step", "why"),
    [
        (0, frames(-1), NotStepped.OLDEST),
        (59, frames(1), NotStepped.NEWEST),
        (30, beats(1), NotStepped.NO_BEATS),
    ],
)
def test_a_step_that_leads_nowhere_says_why(begin: int, step: PictureStep, why: NotStepped) -> None:
    assert find(TIMES, TIMES[begin], [step], ()) == Missing(not_stepped=why)


def test_a_beat_leads_to_the_same_time_after_its_neighbour() -> None:
    begin = nearest(TIMES, BEATS[1] + 200_000)
    assert begin is not None
    for by, beat in ((-1, BEATS[0]), (1, BEATS[2])):
        found = find(TIMES, TIMES[begin], [beats(by)], BEATS)
        assert isinstance(found, Found)
        assert abs(TIMES[found.index] - beat - (TIMES[begin] - BEATS[1])) <= 16_667


def test_beats_that_are_not_known_or_not_kept_are_the_ends() -> None:
    middle = nearest(TIMES, BEATS[1]) or 0
    assert find(TIMES, TIMES[middle], [beats(-2)], BEATS) == Missing(not_stepped=NotStepped.OLDEST)
    assert find(TIMES, TIMES[middle], [beats(2)], BEATS) == Missing(not_stepped=NotStepped.NEWEST)
    before = [BEATS[0] - 800_000, *BEATS]  # a beat of before the oldest frame
    first = nearest(TIMES, BEATS[0] + 50_000) or 0
    assert find(TIMES, TIMES[first], [beats(-1)], before) == Missing(not_stepped=NotStepped.OLDEST)
    assert find(TIMES, TIMES[0], [beats(1)], BEATS) == Missing(not_stepped=NotStepped.NO_BEATS)


def test_an_empty_ring_has_nothing() -> None:
    assert find([], 5, (), ()) == Missing(absent=StillAbsence.GONE_FROM_RING)
