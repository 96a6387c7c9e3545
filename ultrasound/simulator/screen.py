"""The screen of a simulated scanner at one depth: where millimetres lie, and all that stands still."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ultrasound import timecode
from ultrasound.regions import DataType, PhysicalUnit, Region, SpatialFormat
from ultrasound.simulator.phantom import Probe
from ultrasound.simulator.scenario import Episode, Preset

Grey = NDArray[np.uint8]

COUNTER_ROW = timecode.BLOCK_PX
"""The frame counter lies in the 16 rows below those of the capture time, written in the same way."""

_TOP_PX, _BOTTOM_PX, _LEFT_PX, _RIGHT_PX = 72, 28, 16, 90
_WRITING = cv2.FONT_HERSHEY_SIMPLEX

PROBES = {
    Preset.CARDIAC: Probe.PHASED,
    Preset.VASCULAR: Probe.LINEAR,
    Preset.ABDOMEN: Probe.CURVED,
    Preset.SMALL_PARTS: Probe.LINEAR,
}
_INDICES = {
    Preset.CARDIAC: "MI 1.1  TIS 0.8",
    Preset.VASCULAR: "MI 0.7  TIS 0.5",
    Preset.ABDOMEN: "MI 1.0  TIS 0.6",
    Preset.SMALL_PARTS: "MI 0.9  TIS 0.2",
}


@dataclass(frozen=True)
class Screen:
    """The layout for one size and one episode's preset and depth."""

    width: int
    height: int
    preset: Preset
    depth_mm: int

    @classmethod
    def of(cls, episode: Episode, width: int, height: int) -> "Screen":
        """That of an episode."""
        return cls(width, height, episode.preset, episode.depth_mm)

    @property
    def mm_per_px(self) -> float:
        """The same across and down."""
        return self.depth_mm / (self.height - _TOP_PX - _BOTTOM_PX)

    @property
    def middle_px(self) -> float:
        """The column of the middle of the probe's face."""
        return float((self.width - _RIGHT_PX + _LEFT_PX) // 2)

    @property
    def region(self) -> Region:
        """The calibration, as a scanner writes it: the reference pixel is the middle of the probe's face."""
        cm = self.mm_per_px / 10
        left, top = _LEFT_PX, _TOP_PX
        return Region(
            left_px=left,
            top_px=top,
            right_px=self.width - _RIGHT_PX - 1,
            bottom_px=self.height - _BOTTOM_PX - 1,
            spatial_format=SpatialFormat.TWO_D,
            data_type=DataType.TISSUE,
            unit_x=PhysicalUnit.CM,
            unit_y=PhysicalUnit.CM,
            delta_x=cm,
            delta_y=cm,
            reference_x_px=int(self.middle_px) - left,
            reference_y_px=0,
        )

    def place_px(self, across_mm: float, deep_mm: float) -> tuple[float, float]:
        """Column and row of a place."""
        return self.middle_px + across_mm / self.mm_per_px, _TOP_PX + deep_mm / self.mm_per_px

    def seen(self) -> Grey:
        """255 where the probe sees, else 0."""
        y, x = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        across, deep = (x - self.middle_px) * self.mm_per_px, (y - _TOP_PX) * self.mm_per_px
        half_mm, radius_mm, angle = PROBES[self.preset].value
        if math.isinf(radius_mm):
            inside = (np.abs(across) <= half_mm) & (deep >= 0) & (deep <= self.depth_mm)
        else:
            from_tip = np.hypot(across, deep + radius_mm)
            inside = (from_tip >= radius_mm) & (from_tip <= radius_mm + self.depth_mm)
            inside &= np.abs(np.arctan2(across, deep + radius_mm)) <= angle
        region = self.region
        within = np.zeros_like(inside)
        within[region.top_px : region.bottom_px + 1, region.left_px : region.right_px + 1] = True
        return np.where(inside & within, 255, 0).astype(np.uint8)

    def still(self) -> Grey:
        """Writing, and the depth ruler: a tick for each centimetre, a long one and its number each fifth."""
        shown = np.zeros((self.height, self.width), np.uint8)
        column = self.width - _RIGHT_PX + 14
        for cm in range(self.depth_mm // 10 + 1):
            row = round(self.place_px(0, 10.0 * cm)[1])
            long = cm % 5 == 0
            cv2.line(shown, (column, row), (column + (14 if long else 7), row), 200, 1)
            if long:
                cv2.putText(shown, str(cm), (column + 20, row + 5), _WRITING, 0.45, 200, 1, cv2.LINE_AA)
        for text, left in (
            (f"{self.depth_mm / 10:.1f} cm", self.width - 90),
            (_INDICES[self.preset], self.width - 260),
        ):
            cv2.putText(shown, text, (left, 56), _WRITING, 0.5, 220, 1, cv2.LINE_AA)
        cv2.putText(shown, f"SIMULATED  {self.preset.name}", (16, 56), _WRITING, 0.5, 220, 1, cv2.LINE_AA)
        return shown
