"""What the page that masks a capture card must do as the station does: planes and new text.

`python -m tests.ultrasound.privacy.card_golden` writes `tests/golden/ultrasound_card.json`.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tests.ultrasound.privacy.golden import CASES
from tests.ultrasound.privacy.profiles import box, profile, signed
from ultrasound.privacy.found_text import find_text
from ultrasound.privacy.masking import Masker
from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.shapes import Box
from ultrasound.privacy.text_watch import LOOK_EVERY_US, TextWatch
from ultrasound.privacy.visible import away_from, visible_by_profile

FILE = Path(__file__).resolve().parents[2] / "golden" / "ultrasound_card.json"

PLANES = ("fan", "fan_leaning", "rectangle", "polygon_crossing", "two_shapes_and_black_boxes", "unknown_size")
"""Cases of `tests.ultrasound.privacy.golden` without anchors, of even sides."""

SIZES = ((640, 480), (1024, 768), (1280, 960), (801, 603), (1001, 767), (1920, 1080))

MASKED_BY = ("layout", "width_px", "height_px", "keep", "black", "allowed", "anchors", "known_text")
"""What the page needs of a profile; the rest, and with it the digest, may change."""

Drawn = list[list[int]]
"""Rectangles [left, top, width, height, grey], one over the other, on black."""


def planes(width: int, height: int) -> NDArray[np.uint8]:
    """4:2:0 planes of a formula the browser's test has as well, nowhere black."""
    at = np.arange(width * height * 3 // 2)
    return ((at * 7 + at // width * 13) % 200 + 20).astype(np.uint8).reshape(height * 3 // 2, width)


def letters(left: int, top: int, seed: int, count: int = 8, tall: int = 14) -> Drawn:
    """A line of made letters: each an upright, and one or two bars."""
    drawn = []
    for k in range(count):
        x, kind = left + k * tall, (seed * 7 + k * 3) % 4
        drawn.append([x, top, 2, tall, 230])
        drawn.append([x, top + kind * 3, tall // 2, 2, 210])
        if kind % 2:
            drawn.append([x + tall // 2, top + 2, 2, tall - 4, 190])
    return drawn


def screen(width: int, height: int) -> Drawn:
    """A made screen: tissue in blocks, a logo, a frame around all, a ruler, text, shades."""
    drawn = [[0, 0, width, 1, 120], [0, height - 1, width, 1, 120]]
    drawn += [[width - 1, 0, 1, height, 120], [8, 8, 60, 40, 90], [20, 18, 30, 20, 250]]
    for k in range(40):
        x, y = width // 4 + k * 31 % (width // 2 - 20), height // 4 + k * 57 % (height // 2 - 20)
        drawn.append([x, y, 17, 13, 40 + k * 29 % 150])
    drawn += [[width - 40, height // 4 + k * height // 40, 9, 2, 220] for k in range(20)]
    drawn += [[90 + k, height - 40, 1, 30, 20 + k] for k in range(120)]  # a shade: no edge
    return drawn + letters(100, 14, 1) + letters(100, 34, 2, count=5)


def picture(drawn: Drawn, width: int, height: int) -> NDArray[np.uint8]:
    made = np.zeros((height, width), np.uint8)
    for left, top, wide, tall, grey in drawn:
        made[top : top + tall, left : left + wide] = grey
    return made


def profile_of(width: int, height: int, known: tuple[Box, ...] = ()) -> DeviceProfile:
    keep = box(width // 4, height // 4, width // 2, height // 2)
    return signed(
        profile(keep, width_px=width, height_px=height, black=(box(0, 0, 80, 60),), known_text=known)
    )


def found(width: int, height: int) -> dict[str, Any]:
    one = profile_of(width, height)
    where = away_from(visible_by_profile(one))
    boxes = find_text(picture(screen(width, height), width, height), where)
    return {"width": width, "height": height, "found": msgspec.to_builtins(boxes)}


def watched() -> dict[str, Any]:
    """A screen whose text is known, a name that appears, stays, flickers and goes; and what rings."""
    width, height = 640, 480
    plain = screen(width, height)
    first = profile_of(width, height)
    known = find_text(picture(plain, width, height), away_from(visible_by_profile(first)))
    one = profile_of(width, height, known)
    named = plain + letters(200, 430, 3, count=10)
    looks = [plain, named, named, named, named, plain, named, plain, plain, plain, named, plain, named]
    watch = TextWatch(one)
    rings = [
        msgspec.to_builtins(watch.see(picture(drawn, width, height), k * LOOK_EVERY_US))
        for k, drawn in enumerate(looks)
    ]
    return {
        "profile": {name: part for name, part in msgspec.to_builtins(one).items() if name in MASKED_BY},
        "named": letters(200, 430, 3, count=10),
        "looks": [drawn is named for drawn in looks],
        "rings": rings,
    }


def masked_planes() -> Iterator[tuple[str, str]]:
    for name in PLANES:
        case = CASES[name]
        made = planes(case.width, case.height)
        Masker(case.profiles, case.when_unsure).mask_planes(made, case.width, case.height)
        yield name, hashlib.sha256(made.tobytes()).hexdigest()


def describe() -> dict[str, Any]:
    return {
        "planes": dict(masked_planes()),
        "text": [found(*size) | {"screen": screen(*size)} for size in SIZES],
        "watch": watched(),
    }


def main() -> None:
    FILE.write_text(json.dumps(describe(), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
