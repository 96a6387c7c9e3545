"""How often millimetres stand where none may: lines at random over regions at random, and over real ones."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks import ultrasound_data
from benchmarks.report import Row, figure
from tests.ultrasound.measuring.frames import plane
from tests.ultrasound.measuring.oracle import wrong_scale
from ultrasound.measuring.frame import Frame, Standing
from ultrasound.measuring.length import path
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import Refusal
from ultrasound.regions import Region, RegionFlag

LINES = 20_000
LINES_A_FILE = 1_000
_WIDTH, _HEIGHT = 800, 600
_DELTAS_CM = (0.01, 0.02, 0.05)


def rows(data: Path | None, lines: int = LINES, lines_a_file: int = LINES_A_FILE) -> list[Row]:
    """Lines that are told in millimetres outside a region, or across two."""
    chance = np.random.default_rng(7)
    made = _counted(_frame(chance) for _ in range(lines))
    real = _counted(
        (frame, _line(chance, frame))
        for _, cine in ultrasound_data.cines(data)
        for frame in [Frame(cine.width, cine.height, Standing.STORED, cine.regions)] * lines_a_file
    )
    return [
        _row(f"millimetres outside a region or across two, {lines} random lines", made),
        _row("the same over the regions of real files", real),
    ]


def _row(what: str, counted: Counter[str]) -> Row:
    told = ", ".join(f"{counted[how]} {how}" for how in ("in millimetres", "in pixels", "refused"))
    wrong = [how for how in counted if how not in ("in millimetres", "in pixels", "refused")]
    faults = "".join(f"; {counted[how]} {how}" for how in wrong)
    return figure(what, sum(counted[how] for how in wrong), "lines", 0, 0, told + faults)


def _counted(tried: Iterator[tuple[Frame, list[Point]]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for frame, line in tried:
        try:
            measured = path(frame, line)
        except Refusal:
            counted["refused"] += 1
            continue
        wrong = wrong_scale(frame.regions, line, measured)
        counted[wrong or ("in pixels" if measured.region is None else "in millimetres")] += 1
    return counted


def _frame(chance: np.random.Generator) -> tuple[Frame, list[Point]]:
    regions = [_region(chance) for _ in range(chance.integers(0, 5))]
    if chance.random() < 0.5:
        regions.insert(0, plane(0, 0, _WIDTH - 1, _HEIGHT - 1, 0.03, flags=RegionFlag.LOW_PRIORITY))
    frame = Frame(_WIDTH, _HEIGHT, Standing.STORED, tuple(regions))
    return frame, _line(chance, frame)


def _region(chance: np.random.Generator) -> Region:
    left, right = sorted(int(side) for side in chance.integers(0, _WIDTH, 2))
    top, bottom = sorted(int(side) for side in chance.integers(0, _HEIGHT, 2))
    flags = RegionFlag.LOW_PRIORITY if chance.random() < 0.5 else RegionFlag(0)
    return plane(left, top, right, bottom, float(chance.choice(_DELTAS_CM)), flags=flags)


def _line(chance: np.random.Generator, frame: Frame) -> list[Point]:
    """Half of them lie in one of the regions, where millimetres are likely and edges are near."""
    box: Sequence[float] = (0, 0, frame.width - 1, frame.height - 1)
    if frame.regions and chance.random() < 0.5:
        one = frame.regions[chance.integers(len(frame.regions))]
        box = (one.left_px, one.top_px, one.right_px, one.bottom_px)
    count = chance.integers(2, 6)
    across, down = chance.uniform(box[0], box[2], count), chance.uniform(box[1], box[3], count)
    return [(float(x_px), float(y_px)) for x_px, y_px in zip(across, down, strict=True)]
