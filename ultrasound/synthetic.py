"""A moving sector with speckle and the capture time in its pixels, for measuring and practice."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ultrasound import timecode
from ultrasound.cine import MAX_SIDE_PX, Picture
from ultrasound.errors import PictureError

MIN_WIDTH_PX = timecode.MIN_WIDTH_PX
MIN_HEIGHT_PX = 4 * timecode.BLOCK_PX

_SEED = 20
_SWAY_PX = 6
_BEAT_US = 1_000_000
_HALF_ANGLE = math.radians(40)


class SyntheticUltrasound:
    """Pictures of any instant: a sector in which a wall moves once a second.

    The same instant always gives the same picture. The top 16 rows carry the capture time
    (`ultrasound.timecode`) and nothing else.
    """

    simulated = True

    def __init__(self, width: int = 640, height: int = 480) -> None:
        if not (MIN_WIDTH_PX <= width <= MAX_SIDE_PX and MIN_HEIGHT_PX <= height <= MAX_SIDE_PX):
            smallest, largest = f"{MIN_WIDTH_PX}x{MIN_HEIGHT_PX}", f"{MAX_SIDE_PX}x{MAX_SIDE_PX}"
            raise PictureError(f"{width}x{height} pixels; {smallest} to {largest} are possible")
        self.width = width
        self.height = height
        depth, lateral = _polar(width, height)
        inside = (depth > 0.06) & (depth < 1) & (np.abs(lateral) < _HALF_ANGLE)
        # Made once: a frame then costs a copy of the texture, two ellipses and a mask.
        self._sector = inside.astype(np.uint8) * 255
        self._tissue = _speckle(width + 2 * _SWAY_PX, height + 2 * _SWAY_PX)

    def frame(self, capture_us: int) -> Picture:
        """The picture captured at this instant (microseconds since 1970), uint8 (height, width, 3) RGB."""
        phase = 2 * math.pi * (capture_us % _BEAT_US) / _BEAT_US
        right, down = (round(_SWAY_PX * (1 + wave)) for wave in (math.sin(phase), math.cos(phase)))
        grey = self._tissue[down : down + self.height, right : right + self.width].copy()
        self._draw_chamber(grey, phase)
        shown = cv2.bitwise_and(grey, self._sector)
        picture: Picture = np.asarray(cv2.cvtColor(shown, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
        timecode.burn(picture, capture_us // 1000)
        return picture

    def _draw_chamber(self, grey: NDArray[np.uint8], phase: float) -> None:
        """A dark chamber with a bright wall that narrows in systole."""
        centre = (self.width // 2, round(self.height * 0.55))
        squeeze = 1 - 0.18 * (1 - math.cos(phase)) / 2
        axes = (round(self.width * 0.13 * squeeze), round(self.height * 0.26 * squeeze))
        wall = max(4, self.height // 40)
        cv2.ellipse(grey, centre, axes, 0, 0, 360, 12, -1)
        cv2.ellipse(grey, centre, axes, 0, 0, 360, 190, wall)


def _speckle(width: int, height: int) -> NDArray[np.uint8]:
    """Rayleigh speckle, smoothed to the grain of a scanner; always the same."""
    noise = np.random.default_rng(_SEED).rayleigh(60, (height // 2, width // 2)).astype(np.float32)
    smooth = cv2.resize(cv2.GaussianBlur(noise, (0, 0), 1.2), (width, height))
    return np.clip(smooth, 0, 255).astype(np.uint8)


def _polar(width: int, height: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Depth (0 at the probe, 1 at the lowest row) and angle from the middle line of every pixel."""
    top = timecode.BLOCK_PX + 2
    y, x = np.mgrid[0:height, 0:width]
    down, aside = (y - top).astype(np.float64), x - (width - 1) / 2
    depth = np.where(down > 0, np.hypot(down, aside) / (height - top), 0.0)
    return depth, np.arctan2(aside, np.maximum(down, 1e-9))
