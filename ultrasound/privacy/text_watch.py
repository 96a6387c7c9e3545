"""Rings when text stands under the mask where none was when a person signed the profile off.

New text there means another page of the scanner's screen, another preset, a name that outgrew its place:
the mask still covers it, but the picture is no longer the one that was looked at. Text inside a kept shape
is not watched, because tissue looks like it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ultrasound.privacy.found_text import find_text
from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.shapes import Box, lit_any
from ultrasound.privacy.visible import away_from, visible_by_profile

LOOK_EVERY_US = 1_000_000
LOOKS = 3
"""So many looks in a row until it rings, and until it is silent again: what flickers does neither."""

_GROWN_SHARE = 40  # known text may grow by a fortieth of the height on each side: clocks, counters


@dataclass(slots=True)
class _Tracked:
    box: Box
    seen: int = 1
    missed: int = 0
    rings: bool = False


class TextWatch:
    """Give it every unmasked picture of one source; it looks at one a second."""

    def __init__(self, profile: DeviceProfile) -> None:
        width, height = profile.width_px, profile.height_px
        known = tuple(_grown(box, height // _GROWN_SHARE) for box in profile.known_text)
        anchors = tuple(anchor.place for anchor in profile.anchors)
        expected = lit_any((*known, *profile.black, *profile.allowed, *anchors), width, height)
        self._where = np.ascontiguousarray(away_from(visible_by_profile(profile)) & ~expected)
        self._tracked: list[_Tracked] = []
        self._looked_us: int | None = None

    def see(self, picture: NDArray[np.uint8], capture_us: int) -> tuple[Box, ...]:
        """The new text that rings, from top to bottom; empty when all is as it was signed.

        `picture` is uint8 of the profile's size, RGB or grey, before it is masked.
        """
        if self._looked_us is None or not 0 <= capture_us - self._looked_us < LOOK_EVERY_US:
            self._looked_us = capture_us
            self._look(find_text(picture, self._where))
        return tuple(one.box for one in self._tracked if one.rings)

    def _look(self, found: tuple[Box, ...]) -> None:
        new = list(found)
        for one in self._tracked:
            again = next((box for box in new if _touch(one.box, box)), None)
            if again is None:
                one.seen, one.missed = 0, one.missed + 1
            else:
                new.remove(again)
                one.box, one.seen, one.missed = again, one.seen + 1, 0
                one.rings |= one.seen >= LOOKS
        kept = [one for one in self._tracked if one.missed < (LOOKS if one.rings else 1)]
        self._tracked = sorted(
            (*kept, *map(_Tracked, new)), key=lambda one: (one.box.top_px, one.box.left_px)
        )


def _grown(box: Box, by_px: int) -> Box:
    return Box(
        left_px=box.left_px - by_px,
        top_px=box.top_px - by_px,
        width_px=box.width_px + 2 * by_px,
        height_px=box.height_px + 2 * by_px,
    )


def _touch(a: Box, b: Box) -> bool:
    across = a.left_px < b.right_px and b.left_px < a.right_px
    return across and a.top_px < b.bottom_px and b.top_px < a.bottom_px
