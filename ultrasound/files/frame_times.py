"""When each frame is shown (PS3.3 C.7.6.5: Frame Time and Frame Time Vector)."""

import enum
from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset
from pydicom.tag import Tag

_FRAME_TIME = Tag(0x0018, 0x1063)

_STILL_MS = 1000.0
"""How long a single picture stands before it is repeated; it has no time of its own."""

_LONGEST_STEP_MS = 60_000


class TimedBy(enum.StrEnum):
    """By which attribute a header's frames are timed: its keyword."""

    VECTOR = "FrameTimeVector"
    TIME = "FrameTime"


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """Times since the first frame, and of the whole loop."""

    at_ms: tuple[float, ...]
    duration_ms: float


def read_frame_times(header: Dataset, count: int) -> FrameTimes | None:
    """As recorded; None when the file does not say how long its frames last."""
    if count == 1:
        return FrameTimes((0.0,), _STILL_MS)
    steps = _steps_ms(header, count)
    if not all(0 < step <= _LONGEST_STEP_MS for step in steps):
        return None
    times = tuple(float(time) for time in np.concatenate([[0.0], np.cumsum(steps)]))
    return FrameTimes(times, times[-1] + float(np.median(steps)))


def _steps_ms(header: Dataset, count: int) -> list[float]:
    """The `count` - 1 steps between frames; [0] when the file does not tell."""
    try:
        match timed_by(header, count):
            case TimedBy.VECTOR:
                return [float(step) for step in header.FrameTimeVector[1:]]
            case TimedBy.TIME:
                return [float(header.FrameTime)] * (count - 1)
        rate = header.get("CineRate") or header.get("RecommendedDisplayFrameRate")
        return [1000.0 / float(rate)] * (count - 1) if rate else [0.0]
    except (TypeError, ValueError, ZeroDivisionError):
        return [0.0]


def timed_by(header: Dataset, count: int) -> TimedBy | None:
    """The attribute that holds where a header has both (C.7.6.6.1.1); a vector of another length is none."""
    vector = header.get("FrameTimeVector")
    whole = hasattr(vector, "__len__") and not isinstance(vector, str) and len(vector) == count
    time = bool(header.get("FrameTime"))
    if whole and not (time and header.get("FrameIncrementPointer") == _FRAME_TIME):
        return TimedBy.VECTOR
    return TimedBy.TIME if time else None
