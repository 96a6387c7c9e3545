"""Whether a grabbed picture's depth ruler is read right or not at all: phantoms, a simulator, drawings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import ultrasound_data
from benchmarks.report import Row, figure
from tests.ultrasound.ruler.drawn import Drawn
from ultrasound.cine import Picture
from ultrasound.measuring.refusal import Refusal
from ultrasound.ruler.finding import find_ruler
from ultrasound.simulator.scenario import Episode, Preset, Scenario
from ultrasound.simulator.screen import Screen
from ultrasound.simulator.simulated_ultrasound import SimulatedUltrasound

MUST_PERCENT = 1.0
DRAWN = 400
_SIZES = ((640, 480), (1024, 768), (1920, 1080))
_DEPTHS_MM = (40, 60, 80, 100, 130, 160, 190, 220, 260, 300)


@dataclass(frozen=True)
class Truth:
    """How many rows lie between two ticks."""

    picture: Picture
    spacing_px: float


PHANTOMS = {"butterfly": (1037.44 - 67.48) / 23, "clarius": (873.44 - 85.98) / 20}
"""By the first word of the file's name. Of the outer ticks, found by hand: 24 of the one, 21 of the other."""


@dataclass(frozen=True)
class Read:
    """How far off each ruler was that was read, in per cent, and how many were refused."""

    off_percent: tuple[float, ...]
    refused: int

    @property
    def wrong(self) -> int:
        """Rulers that were read by more than a per cent wrong."""
        return sum(off > MUST_PERCENT for off in self.off_percent)

    def said(self) -> str:
        """For people."""
        most = f", at most {max(self.off_percent):.2f} % off" if self.off_percent else ""
        return f"{len(self.off_percent)} read{most}, {self.refused} refused"


def rows(data: Path | None, drawn: int = DRAWN) -> list[Row]:
    """Readings more than a per cent off; a refusal is none."""
    sets: dict[str, Iterable[Truth]] = {
        "phantoms of two scanners": _phantoms(data),
        "simulated scanner, every preset and depth": _simulated(),
        f"{drawn} drawn rulers, with noise and texture": _drawn(drawn),
    }
    table = []
    for name, truths in sets.items():
        read = _read(truths)
        table.append(figure(f"depth ruler wrong by over 1 %, {name}", read.wrong, "", 0, 0, read.said()))
    return table


def _read(truths: Iterable[Truth]) -> Read:
    off, refused = [], 0
    for truth in truths:
        try:
            off.append(100 * abs(find_ruler(truth.picture).spacing_px / truth.spacing_px - 1))
        except Refusal:
            refused += 1
    return Read(tuple(off), refused)


def _phantoms(data: Path | None) -> Iterator[Truth]:
    for phantom in ultrasound_data.phantoms(data):
        for scanner, spacing_px in PHANTOMS.items():
            if phantom.name.startswith(scanner):
                yield Truth(phantom.picture, spacing_px)


def _simulated() -> Iterator[Truth]:
    for preset in Preset:
        for depth_mm in _DEPTHS_MM:
            for width, height in _SIZES:
                episode = Episode(preset, depth_mm)
                source = SimulatedUltrasound(Scenario((episode,), width=width, height=height))
                grey = source.picture(0, 0)
                spacing_px = 10 / Screen.of(episode, width, height).mm_per_px
                yield Truth(np.repeat(grey[:, :, None], 3, axis=2), spacing_px)


def _drawn(count: int) -> Iterator[Truth]:
    chance = np.random.default_rng(11)
    for seed in range(count):
        drawn = Drawn(
            spacing_px=float(chance.uniform(6, 60)),
            first_px=float(chance.uniform(10, 60)),
            ticks=int(chance.integers(3, 41)),
            major_every=int(chance.choice([1, 2, 4, 5, 10, 100])),
            dots=bool(chance.random() < 0.5),
            side=int(chance.integers(-1, 2)),
            grey=int(chance.integers(15, 256)),
            thick_px=int(chance.integers(1, 4)),
            noise=float(chance.choice([0.0, 2.0, 5.0])),
            texture=float(chance.choice([0.0, 20.0, 60.0])),
            seed=seed,
        )
        yield Truth(drawn.picture(), drawn.spacing_px)
