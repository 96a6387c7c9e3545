"""Masks for the browser's twin: which pixels stay by which profiles, pixel for pixel.

`python -m tests.ultrasound.privacy.golden` writes `tests/golden/ultrasound_masks/`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tests.ultrasound.privacy.profiles import HEIGHT, WIDTH, box, profile, signed
from ultrasound.privacy.anchors import anchor_at
from ultrasound.privacy.fans import fan_from_angles
from ultrasound.privacy.grounds import WhenUnsure
from ultrasound.privacy.masking import Masker
from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.shapes import Fan, Point, Polygon

FOLDER = Path(__file__).resolve().parents[2] / "golden" / "ultrasound_masks"


@dataclass(frozen=True)
class Case:
    """Signed profiles, and a picture of blocks that are nowhere black; `mirrored` is one no layout knows."""

    profiles: tuple[DeviceProfile, ...]
    width: int = WIDTH
    height: int = HEIGHT
    mirrored: bool = False
    when_unsure: WhenUnsure = WhenUnsure.LARGEST_SHAPE


def blocks(width: int, height: int, mirrored: bool) -> NDArray[np.uint8]:
    """Grey 1 to 251; the browser's test has the same formula."""
    y, x = np.mgrid[0:height, 0:width]
    x = width - 1 - x if mirrored else x
    return ((x // 5 * 37 + y // 7 * 91) % 251 + 1).astype(np.uint8)


def fan(apex: Point, inner_px: float, outer_px: float, left_deg: float, right_deg: float) -> Fan:
    """With sides of two decimals: sine and cosine differ in their last bit between libraries."""
    exact = fan_from_angles(apex, inner_px, outer_px, left_deg, right_deg)
    left, right = (Point(round(one.x_px, 2), round(one.y_px, 2)) for one in (exact.left, exact.right))
    return msgspec.structs.replace(exact, left=left, right=right)


ANCHOR = anchor_at(blocks(WIDTH, HEIGHT, False), box(3, 2, 25, 21))
FAN = fan(Point(31.3, -7.7), 12.2, 49.6, -37.0, 43.0)
LEANING = fan(Point(10.0, 4.0), 0.0, 60.0, 5.0, 95.0)
STAR = Polygon(
    points=(Point(32.0, 1.0), Point(45.5, 44.0), Point(9.0, 17.25), Point(55.0, 17.25), Point(18.5, 44.0))
)
WITH_ANCHOR = signed(profile(FAN, layout="B mode", anchors=(ANCHOR,), allowed=(box(50, 1, 12, 6),)))
SMALL = signed(profile(box(20, 20, 9, 9), layout="small", anchors=(ANCHOR,), black=(box(28, 14, 8, 8),)))

CASES = {
    "fan": Case((signed(profile(FAN)),)),
    "fan_straight_edges": Case((signed(profile(fan(Point(31.0, 0.0), 5.0, 45.0, -45.0, 45.0))),)),
    "fan_leaning": Case((signed(profile(LEANING)),)),
    "rectangle": Case((signed(profile(box(7, 5, 31, 22))),)),
    "polygon": Case(
        (
            signed(
                profile(Polygon(points=(Point(4.5, 3.0), Point(50.0, 3.0), Point(60.25, 44.0)))),
            ),
        )
    ),
    "polygon_crossing": Case((signed(profile(STAR)),)),
    "two_shapes_and_black_boxes": Case(
        (signed(profile(box(2, 2, 25, 40), LEANING, black=(box(10, 10, 30, 5), box(0, 40, 64, 8)))),)
    ),
    "known_layout": Case((WITH_ANCHOR,)),
    "unknown_layout": Case((WITH_ANCHOR,), mirrored=True),
    "unknown_layout_of_two": Case((WITH_ANCHOR, SMALL), mirrored=True),
    "unknown_layout_all_black": Case((WITH_ANCHOR,), mirrored=True, when_unsure=WhenUnsure.NOTHING),
    "ambiguous_layout": Case((WITH_ANCHOR, SMALL)),
    "unknown_size": Case((signed(profile(FAN)),), width=72, height=40),
    "no_profile": Case(()),
}


def describe(case: Case) -> dict[str, Any]:
    """What went in and what stayed: `stays` are runs [row, first column, column past the last]."""
    picture = blocks(case.width, case.height, case.mirrored)
    masked = Masker(case.profiles, case.when_unsure).mask(picture)
    return {
        "profiles": json.loads(msgspec.json.encode(case.profiles)),
        "width": case.width,
        "height": case.height,
        "mirrored": case.mirrored,
        "when_unsure": case.when_unsure.value,
        "seen": masked.seen.value,
        "layout": masked.layout,
        "unsure": masked.unsure.value if masked.unsure else None,
        "stays": [run for row in range(case.height) for run in _runs(row, picture[row] != 0)],
    }


def _runs(row: int, stays: NDArray[np.bool_]) -> list[list[int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], stays.astype(np.int8), [0]])))
    return [[row, int(first), int(past)] for first, past in zip(edges[::2], edges[1::2], strict=True)]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, case in CASES.items():
        (FOLDER / f"{name}.json").write_text(json.dumps(describe(case), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
