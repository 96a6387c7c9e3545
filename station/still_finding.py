"""Which frame of the ring is meant: by its capture time, then step by step. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from signaling.messages import SAME_FRAME_US, NotStepped, StepUnit, StillAbsence
from signaling.station_messages import PictureStep

SAME_BEAT_US = 5_000
"""A frame so little before an R wave is at it: the R wave of a detector is no sharper."""


@dataclass(frozen=True, slots=True)
class Found:
    """The place of a frame among the capture times that were looked through."""

    index: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Why there is none: either the frame itself, or where the steps lead."""

    absent: StillAbsence | None = None
    not_stepped: NotStepped | None = None


def find(
    times_us: Sequence[int], capture_us: int, steps: Sequence[PictureStep], r_waves_us: Sequence[int]
) -> Found | Missing:
    """The frame of a capture time, or that to which steps lead from it; all times in their order."""
    begin = nearest(times_us, capture_us)
    if begin is None or abs(times_us[begin] - capture_us) > SAME_FRAME_US:
        return Missing(absent=StillAbsence.GONE_FROM_RING)
    at, why = begin, None
    for step in steps:
        led = _step(times_us, at, step, r_waves_us)
        at, why = (at, led) if isinstance(led, NotStepped) else (led, why)
    if steps and at == begin:
        return Missing(not_stepped=why or NotStepped.OLDEST)
    return Found(at)


def nearest(times_us: Sequence[int], wanted_us: int) -> int | None:
    """The place of the time nearest to the wanted one; None: there are none."""
    at = bisect_left(times_us, wanted_us)
    around = [one for one in (at - 1, at) if 0 <= one < len(times_us)]
    return min(around, key=lambda one: abs(times_us[one] - wanted_us), default=None)


def _step(times_us: Sequence[int], at: int, step: PictureStep, r_waves_us: Sequence[int]) -> int | NotStepped:
    if step.unit is StepUnit.BEAT:
        return _step_beats(times_us, at, step.by, r_waves_us)
    to = max(0, min(len(times_us) - 1, at + step.by))
    return to if to != at else _end(step.by)


def _step_beats(times_us: Sequence[int], at: int, by: int, r_waves_us: Sequence[int]) -> int | NotStepped:
    """To the frame at the same time after another R wave."""
    now_us = times_us[at]
    beat = bisect_right(r_waves_us, now_us + SAME_BEAT_US) - 1
    if not r_waves_us or (beat < 0 and by < 0):
        return NotStepped.NO_BEATS if not r_waves_us else NotStepped.OLDEST
    if beat < 0:
        return NotStepped.NO_BEATS
    if not 0 <= beat + by < len(r_waves_us):
        return _end(by)
    to_us = r_waves_us[beat + by] + now_us - r_waves_us[beat]
    to = nearest(times_us, to_us)
    if to is None or to == at or not times_us[0] - SAME_BEAT_US <= to_us <= times_us[-1] + SAME_BEAT_US:
        return _end(by)
    return to


def _end(by: int) -> NotStepped:
    return NotStepped.OLDEST if by < 0 else NotStepped.NEWEST
