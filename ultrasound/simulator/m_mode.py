"""The simulated scanner's M mode: one line of the phantom, drawn over the last four seconds, newest right."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ultrasound.regions import PhysicalUnit, Region, SpatialFormat
from ultrasound.simulator.phantom import CYSTS, WIRES, diameter_mm
from ultrasound.simulator.screen import Grey, Screen

LINE_MM = 10.0
"""Across from the middle: this line meets both vessels that beat."""
SWEEP_S = 4.0

Drift = Callable[[NDArray[np.float64]], tuple[NDArray[np.int64], NDArray[np.int64]]]
"""How far the tissue lies to the right and down at each of some times, in pixels."""


def region_of(screen: Screen) -> Region:
    """Seconds across, counted from the left edge; centimetres down from the probe's face."""
    whole = screen.region
    return replace(
        whole,
        spatial_format=SpatialFormat.M_MODE,
        unit_x=PhysicalUnit.SECONDS,
        delta_x=SWEEP_S / (whole.right_px - whole.left_px),
        reference_x_px=0,
    )


def draw(screen: Screen, tissue: Grey, drift: Drift, at_us: int, wall: int) -> Grey:
    """What lies inside the picture's frame, black around it."""
    region = region_of(screen)
    columns = np.arange(region.left_px, region.right_px + 1)
    rows = np.arange(region.top_px, region.bottom_px + 1)
    ago_us = (region.right_px - columns) * region.delta_x * 1e6
    times_us = (at_us - ago_us).astype(np.float64)
    right, down = drift(times_us)
    line = round(screen.place_px(LINE_MM, 0)[0])
    inside = tissue[rows[:, None] + down, line + right]
    for cyst in CYSTS:
        aside = LINE_MM - cyst.across_mm
        if (cyst.diameter_mm + cyst.pulse_mm) / 2 <= abs(aside):
            continue
        reach = [_half_chord(diameter_mm(cyst, int(one)) / 2, aside) for one in times_us]
        reach_px = np.array(reach) / screen.mm_per_px
        away = np.abs(rows - screen.place_px(0, cyst.deep_mm)[1])[:, None] - reach_px
        inside[(away <= 1) & (reach_px > 0)] = wall
        inside[away <= -1] = 6
    shown = np.zeros((screen.height, screen.width), np.uint8)
    shown[region.top_px : region.bottom_px + 1, region.left_px : region.right_px + 1] = inside
    for wire in WIRES:
        row = round(screen.place_px(0, wire.deep_mm)[1])
        if wire.across_mm == LINE_MM and row <= region.bottom_px:
            shown[row - 1 : row + 1, region.left_px : region.right_px + 1] = 255
    return shown


def _half_chord(radius_mm: float, aside_mm: float) -> float:
    """How far a disc reaches along a line that passes its middle at a distance."""
    return math.sqrt(max(0.0, radius_mm**2 - aside_mm**2))
