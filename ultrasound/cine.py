"""A cine: pictures in order, each with its time and, where the scanner said so, its millimetres."""

from bisect import bisect_right
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ultrasound.errors import FrameOutOfRange, SourceUnreadable
from ultrasound.regions import Region

Picture = NDArray[np.uint8]
"""uint8 (height, width, 3), RGB, full range."""

MAX_SIDE_PX = 4096
MAX_FRAMES = 10_000


class Cine(Protocol):
    """A recorded ultrasound loop."""

    @property
    def frame_count(self) -> int:
        """How many frames there are, at least 1."""

    @property
    def width(self) -> int:
        """Columns of every frame."""

    @property
    def height(self) -> int:
        """Rows of every frame."""

    @property
    def duration_ms(self) -> float:
        """Time from the first frame to the first frame of the next round of a loop."""

    @property
    def regions(self) -> tuple[Region, ...]:
        """The scanner's own calibration; empty: the file has none."""

    @property
    def simulated(self) -> bool:
        """True for a picture that no scanner made."""

    def frame(self, index: int) -> Picture:
        """Frame `index` as uint8 (height, width, 3) RGB; raises FrameOutOfRange or SourceUnreadable."""

    def frame_time_ms(self, index: int) -> float:
        """Milliseconds from the first frame to frame `index`, as recorded."""

    def close(self) -> None:
        """Give back the file; the cine is not used afterwards."""


def check_index(index: int, frame_count: int) -> None:
    """Raise FrameOutOfRange for an index below 0 or beyond the last frame."""
    if not 0 <= index < frame_count:
        raise FrameOutOfRange(f"frame {index} of {frame_count}; 0 to {frame_count - 1} exist")


def check_sides(name: str, width: int, height: int) -> None:
    """Refuse a picture with a side no screen shows; `name` is the file's name."""
    if not (1 <= width <= MAX_SIDE_PX and 1 <= height <= MAX_SIDE_PX):
        limit = f"1x1 to {MAX_SIDE_PX}x{MAX_SIDE_PX}"
        raise SourceUnreadable(f"{name}: {width}x{height} pixels; {limit} are read")


def loop_position(cine: Cine, elapsed_ms: float) -> tuple[int, int]:
    """Round and frame of a cine played over and over at its own times, `elapsed_ms` after its start.

    The frame's time since the start is round * duration_ms + frame_time_ms(frame).
    """
    rounds, at_ms = divmod(elapsed_ms, cine.duration_ms)
    frame = bisect_right(range(cine.frame_count), at_ms, key=cine.frame_time_ms) - 1
    return int(rounds), max(0, frame)
