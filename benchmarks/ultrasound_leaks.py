"""How many pictures of an unknown layout show a pixel that no known layout would: none may.

Profiles at random whose anchors are not in the picture, every pixel of which is bright; and the screens of
scanners under the profile of another one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from benchmarks import ultrasound_data
from benchmarks.report import Row, figure
from tests.ultrasound.privacy.oracle import FORMATS, left_of, masked_as, may_stay
from tests.ultrasound.privacy.profiles import (
    HEIGHT,
    LOGO,
    WIDTH,
    box,
    profile,
    screen,
    screen_profile,
    signed,
)
from ultrasound.privacy.anchors import anchor_at
from ultrasound.privacy.fans import fan_from_angles
from ultrasound.privacy.grounds import Seen, WhenUnsure
from ultrasound.privacy.masking import Masked, Masker
from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.shapes import Box, Lit, Point, Polygon, Shape

PICTURES = 6_000
_LEAKED, _SHOWN = "leaked", "with something to be seen"


def rows(data: Path | None, pictures: int = PICTURES) -> list[Row]:
    """Pictures that leaked, of those made and those of scanners."""
    made = _counted(_tried(np.random.default_rng(3), number) for number in range(pictures))
    real = _counted(_screens(data))
    return [
        _row(f"unknown layout: pictures that leak, of {made.total()} made", made),
        _row(f"unknown layout: pictures that leak, of {real.total()} screens of scanners", real),
    ]


Tried = tuple[Masked, Lit, Lit]
"""How it was masked, which pixels stay, which may."""


def _row(what: str, counted: Counter[str]) -> Row:
    return figure(what, counted[_LEAKED], "pictures", 0, 0, f"{counted[_SHOWN]} {_SHOWN}")


def _counted(tried: Iterator[Tried]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for masked, stays, may in tried:
        sure = masked.seen is Seen.BY_PROFILE or masked.unsure is None
        if sure or (stays & ~may).any():
            counted[_LEAKED] += 1
        else:
            counted[_SHOWN if stays.any() else "black"] += 1
    return counted


def _tried(chance: np.random.Generator, number: int) -> Tried:
    anchored = (anchor_at(screen(), LOGO),)
    known = [
        signed(
            profile(
                *(_shape(chance) for _ in range(chance.integers(1, 3))),
                black=tuple(_box(chance) for _ in range(chance.integers(0, 2))),
                allowed=(box(0, 0, WIDTH, HEIGHT),),
                anchors=anchored,
            )
        )
        for _ in range(chance.integers(0, 4))
    ]
    when_unsure = list(WhenUnsure)[chance.integers(len(WhenUnsure))]
    width, height = (WIDTH, HEIGHT) if number % 4 else (2 * int(n) for n in chance.integers(1, 46, 2))
    masked, stays = masked_as(FORMATS[number % 3], Masker(known, when_unsure), width, height)
    return masked, stays, may_stay(known, width, height, when_unsure)


def _shape(chance: np.random.Generator) -> Shape:
    places = [Point(*(round(float(side), 1) for side in chance.uniform(-80, 140, 2))) for _ in range(9)]
    match chance.integers(3):
        case 0:
            return _box(chance)
        case 1:
            inner, left = float(chance.uniform(0, 60)), float(chance.uniform(-170, 170))
            return fan_from_angles(
                places[0],
                inner,
                inner + float(chance.uniform(1, 80)),
                left,
                left + float(chance.uniform(1, 170)),
            )
    return Polygon(points=tuple(places[: chance.integers(3, 10)]))


def _box(chance: np.random.Generator) -> Box:
    left, top = int(chance.integers(WIDTH)), int(chance.integers(HEIGHT))
    wide, high = int(chance.integers(1, WIDTH + 1)), int(chance.integers(1, HEIGHT + 1))
    return box(left, top, min(wide, WIDTH - left), min(high, HEIGHT - top))


def _screens(data: Path | None) -> Iterator[Tried]:
    """Each scanner's picture, and a part of it, brought to the size another layout is known of."""
    for size in ((640, 480), (800, 600), (1024, 768)):
        known = _known(*size)
        masker = Masker(known)
        may = may_stay(known, *size, WhenUnsure.LARGEST_SHAPE)
        for _, cine in ultrasound_data.cines(data):
            picture = cine.frame(0)
            for part in (picture, picture[: cine.height // 2], picture[:, ::-1]):
                shown = np.asarray(cv2.resize(np.ascontiguousarray(part), size), np.uint8)
                yield masker.mask(shown), left_of(shown), may


def _known(width: int, height: int) -> Sequence[DeviceProfile]:
    return [screen_profile(screen(width, height))]
