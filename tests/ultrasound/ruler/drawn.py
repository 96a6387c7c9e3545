"""Rulers drawn for the tests, and those of scanners."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pydicom
from pydicom.pixels.processing import apply_color_lut
from pydicom.pixels.utils import pixel_array

from tests.ultrasound.cines import DEMO_CINE, ROOT, TWO_PALETTE_FRAMES
from ultrasound.cine import Picture
from ultrasound.dicom import open_dicom

DATA = ROOT / "tests" / "data" / "ultrasound"


@dataclass(frozen=True)
class Drawn:
    """A ruler to draw; pixels at the size it is drawn in."""

    spacing_px: float = 30.0
    first_px: float = 40.5
    ticks: int = 12
    major_every: int = 5
    dots: bool = False
    side: int = 1
    """-1: ticks share their left end, 0: their middle, 1: their right end."""
    grey: int = 200
    thick_px: int = 2
    noise: float = 0.0
    texture: float = 0.0
    seed: int = 0
    depth: str = "11 cm"

    def picture(self, width: int = 640, height: int = 480) -> Picture:
        """The ruler near the right edge, text beside it, a sector in the middle."""
        rng = np.random.default_rng(self.seed)
        canvas = np.zeros((height, width), np.float32)
        if self.texture:
            speckle = rng.rayleigh(self.texture, (height, width)).astype(np.float32)
            sector = np.s_[height // 12 :, width // 5 : width * 3 // 4]
            canvas[sector] = cv2.GaussianBlur(speckle, (0, 0), 1.5)[sector]
        for k in range(self.ticks):
            self._tick(canvas, width - 40, self.first_px + k * self.spacing_px, k % self.major_every == 0)
        canvas += rng.normal(0, self.noise, canvas.shape) if self.noise else 0
        grey = np.clip(canvas, 0, 255).astype(np.uint8)
        cv2.putText(grey, self.depth, (10, 60), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 220, 1, cv2.LINE_AA)
        return np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2))

    def _tick(self, canvas: np.ndarray, column: int, row_px: float, major: bool) -> None:
        if self.dots:
            radius = self.thick_px + (2 if major else 0)
            cv2.circle(canvas, (column * 16, round(row_px * 16)), radius * 16, self.grey, -1, cv2.LINE_AA, 4)
            return
        long = 16 if major else 8
        left = column - {-1: 0, 0: long // 2, 1: long}[self.side]
        top = round(row_px - self.thick_px / 2)
        canvas[max(0, top) : top + self.thick_px, left : left + long] = self.grey


def scanner(name: str) -> Picture:
    """A picture of a scanner that draws a ruler."""
    if name == "sonosite":
        return open_dicom(DEMO_CINE).frame(0)
    if name == "philips":
        pixels = pixel_array(TWO_PALETTE_FRAMES, index=0)
        colours = apply_color_lut(pixels, pydicom.dcmread(TWO_PALETTE_FRAMES, stop_before_pixels=True))
        return np.ascontiguousarray(colours >> 8, dtype=np.uint8)
    read = cv2.imread(str(Path(DATA / f"{name}_ruler.png")))
    assert read is not None
    return np.ascontiguousarray(read[:, :, ::-1])
