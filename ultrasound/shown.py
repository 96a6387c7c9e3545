"""Which part of the captured picture is sent, and how large: cut and scaled, never silently.

Everything that points into a picture (pointer, calipers, a scale) counts in captured pixels. Whoever shows
a part of it puts that part where it was captured: `part` is mapped linearly to the whole sent picture.
"""

import enum
from dataclasses import dataclass

import cv2
import numpy as np

from ultrasound.cine import Picture


class Scale(enum.Enum):
    """Sent pixels for each captured pixel, along each side: numerator and denominator."""

    WHOLE = (1, 1)
    THREE_QUARTERS = (3, 4)
    HALF = (1, 2)


@dataclass(frozen=True)
class Rectangle:
    """Captured pixels; `left` and `top` count from the upper left corner."""

    left: int
    top: int
    width: int
    height: int

    @property
    def area(self) -> int:
        """Pixels in it."""
        return self.width * self.height

    def holds(self, other: "Rectangle") -> bool:
        """Whether another rectangle lies wholly in this one."""
        return self.joined(other) == self

    def joined(self, other: "Rectangle") -> "Rectangle":
        """The smallest rectangle around both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        right = max(self.left + self.width, other.left + other.width)
        bottom = max(self.top + self.height, other.top + other.height)
        return Rectangle(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class Shown:
    """What of a captured picture is sent."""

    captured_width: int
    captured_height: int
    part: Rectangle  # may reach one pixel past an odd side, which repeats the last one
    scale: Scale = Scale.WHOLE

    @classmethod
    def whole(cls, width: int, height: int, scale: Scale = Scale.WHOLE) -> "Shown":
        """All of it."""
        return cls(width, height, Rectangle(0, 0, width + width % 2, height + height % 2), scale)

    @property
    def width(self) -> int:
        """Of the sent picture; even, as 4:2:0 wants it."""
        return _scaled(self.part.width, self.scale)

    @property
    def height(self) -> int:
        """Of the sent picture; even, as 4:2:0 wants it."""
        return _scaled(self.part.height, self.scale)

    def cut(self, picture: Picture) -> Picture:
        """The picture that is sent for a captured one."""
        part = self.part
        bottom, right = part.top + part.height, part.left + part.width
        cut = picture[part.top : bottom, part.left : right]
        missing = (part.height - cut.shape[0], part.width - cut.shape[1])
        if any(missing):
            cut = np.pad(cut, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="edge")
        if self.scale is Scale.WHOLE:
            return np.ascontiguousarray(cut)
        small = cv2.resize(cut, (self.width, self.height), interpolation=cv2.INTER_AREA)
        return np.asarray(small, dtype=np.uint8)


def _scaled(side: int, scale: Scale) -> int:
    numerator, denominator = scale.value
    return max(2, side * numerator // denominator // 2 * 2)
