"""No two parts of a captured picture are sent in the same size, in whatever encoding: see docs/protocol.md.

A viewer finds the place of a frame by its capture time and its size. With two encodings there are two parts
at one capture time, and word of either may come after its first frame: the size has to tell them apart.
"""

import threading
from dataclasses import replace

from ultrasound.shown import Rectangle, Scale, Shown

_STEP = 2


class PartSizes:
    """Which part each size stands for, while a source is open. Safe to use from several threads."""

    def __init__(self, width: int, height: int) -> None:
        self._lock = threading.Lock()
        self._parts: dict[tuple[int, int], Rectangle] = {}
        for scale in Scale:
            whole = Shown.whole(width, height, scale)
            self._parts[whole.width, whole.height] = whole.part

    def apart(self, shown: Shown) -> Shown:
        """The part itself, or one that holds it and a little more, whose size stands for nothing else."""
        with self._lock:
            while self._parts.setdefault((shown.width, shown.height), shown.part) != shown.part:
                shown = replace(shown, part=_grown(shown))
            return shown


def _grown(shown: Shown) -> Rectangle:
    """Two pixels wider, or higher once it is as wide as the picture."""
    whole, part = Shown.whole(shown.captured_width, shown.captured_height).part, shown.part
    left, width = _longer(part.left, part.width, whole.width)
    if width != part.width:
        return Rectangle(left, part.top, width, part.height)
    top, height = _longer(part.top, part.height, whole.height)
    return Rectangle(part.left, top, part.width, height)


def _longer(start: int, length: int, most: int) -> tuple[int, int]:
    length = min(most, length + _STEP)
    return min(start, most - length), length
