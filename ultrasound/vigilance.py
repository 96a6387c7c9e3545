"""Notices a picture that must not be taken for a living one: none comes, it stands still, it is blank.

It looks at what was captured, before anything is masked. A picture that stands still is told, whatever the
reason: somebody pressed the scanner's own freeze key, or the capture device repeats its last picture.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ultrasound.captured import CapturedFrame, Packet
from ultrasound.errors import UltrasoundError
from ultrasound.pixels import Pixels
from ultrasound.trouble import PictureTrouble

LOST_AFTER_US = 3_000_000
FROZEN_AFTER_US = 2_000_000
BLANK_AFTER_US = 1_000_000
RESIZED_FOR_US = 10_000_000
"""So long a new size is told of: what was seen or measured before has another scale."""

_LOOK_EVERY_US = 500_000
_STEP = 4  # every fourth pixel of every fourth row is looked at
_BLANK_RANGE = 16  # grey levels from the darkest to the brightest but for a thousandth; a grabber's noise
_FEW = 0.001


class _Seen(NamedTuple):
    """What was seen so far: replaced as a whole, so that another thread never reads half of it."""

    frame_us: int
    moved_us: int
    not_blank_us: int
    looked_us: int
    resized_us: int | None = None
    size: tuple[int, int] | None = None
    last: Pixels | Packet | None = None


class Vigilance:
    """Give it every captured frame; ask for `troubles` whenever it is of use, also while no frame comes.

    Frames come from one thread; any other may ask.
    """

    def __init__(self, started_us: int) -> None:
        self._seen = _Seen(started_us, started_us, started_us, started_us - _LOOK_EVERY_US)

    def see(self, frame: CapturedFrame) -> None:
        """Take in the next frame."""
        before, now_us = self._seen, frame.capture_us
        looks_now = now_us - before.looked_us >= _LOOK_EVERY_US
        last: Pixels | Packet | None
        try:
            last = frame.packet if frame.is_intra else frame.pixels
            is_blank = _is_blank(frame.pixels.luma) if looks_now else None
        except UltrasoundError:  # a packet that was damaged on its way: no picture that could be judged
            return
        anew = now_us - before.frame_us > LOST_AFTER_US  # what was before says nothing of what is now
        size = (frame.width, frame.height)
        self._seen = _Seen(
            frame_us=now_us,
            moved_us=now_us if anew or not _same(before.last, last) else before.moved_us,
            not_blank_us=now_us if anew or is_blank is False else before.not_blank_us,
            looked_us=before.looked_us if is_blank is None else now_us,
            resized_us=before.resized_us if before.size in (None, size) else now_us,
            size=size,
            last=last,
        )

    def troubles(self, now_us: int) -> frozenset[PictureTrouble]:
        """What is wrong now; empty: nothing."""
        seen = self._seen
        lost = now_us - seen.frame_us > LOST_AFTER_US
        there = {
            PictureTrouble.LOST: lost,
            PictureTrouble.FROZEN: not lost and seen.frame_us - seen.moved_us >= FROZEN_AFTER_US,
            PictureTrouble.BLANK: not lost and seen.frame_us - seen.not_blank_us >= BLANK_AFTER_US,
            PictureTrouble.RESIZED: seen.resized_us is not None and now_us - seen.resized_us < RESIZED_FOR_US,
        }
        return frozenset(what for what, is_there in there.items() if is_there)


def _same(before: Pixels | Packet | None, now: Pixels | Packet | None) -> bool:
    if isinstance(before, Packet) and isinstance(now, Packet):
        return before.data == now.data
    if isinstance(before, Pixels) and isinstance(now, Pixels):
        one, other = before.samples, now.samples
        # The few rows first: of a living picture they differ, and the rest need not be looked at.
        return np.array_equal(one[::16], other[::16]) and np.array_equal(one, other)
    return False


def _is_blank(luma: NDArray[np.uint8]) -> bool:
    seen = np.sort(luma[::_STEP, ::_STEP], axis=None)
    few = int(_FEW * seen.size)
    return int(seen[-1 - few]) - int(seen[few]) <= _BLANK_RANGE
