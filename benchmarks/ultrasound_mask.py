"""What masking costs: every picture of 1920x1080 before it is encoded, and a look for new text every
second.
"""

import time
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Row, figure
from benchmarks.spread import Spread
from ultrasound.planes import yuv420
from ultrasound.privacy.anchors import anchor_at
from ultrasound.privacy.fans import fan_from_angles
from ultrasound.privacy.grounds import Seen
from ultrasound.privacy.masking import Masked, Masker
from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.proposal import propose
from ultrasound.privacy.shapes import Box, Point
from ultrasound.privacy.text_watch import LOOK_EVERY_US, TextWatch
from ultrasound.synthetic import SyntheticUltrasound

WIDTH, HEIGHT = 1920, 1080
MASK_MUST_MS = 0.6
LOOK_MUST_MS = 10.0
_ROUNDS = 300
_LOOKS = 60
_PROPOSALS = 5
_LOGO = Box(left_px=20, top_px=30, width_px=96, height_px=60)

Pixels = NDArray[np.uint8]


def rows() -> list[Row]:
    """Medians on one core; the layout is recognised anew for every picture."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [*_masking(), _looking(), _proposing()]
    finally:
        cv2.setNumThreads(threads)


def _masking() -> list[Row]:
    picture = _screen()
    masker = Masker([_profile(picture)])
    kinds: dict[str, tuple[Pixels, Callable[[Pixels], Masked]]] = {
        "RGB": (picture, masker.mask),
        "grey": (np.ascontiguousarray(picture[:, :, 1]), masker.mask),
        "4:2:0": (yuv420(picture), lambda planes: masker.mask_planes(planes, WIDTH, HEIGHT)),
    }
    return [
        _row(
            f"mask a fan, {WIDTH}x{HEIGHT} {kind}",
            [_taken_ms(mask, unmasked) for _ in range(_ROUNDS)],
            MASK_MUST_MS,
        )
        for kind, (unmasked, mask) in kinds.items()
    ]


def _taken_ms(mask: Callable[[Pixels], Masked], unmasked: Pixels) -> float:
    picture = unmasked.copy()  # what is masked once has no anchor any more
    began = time.perf_counter()
    masked = mask(picture)
    took_ms = (time.perf_counter() - began) * 1000
    if masked.seen is not Seen.BY_PROFILE:
        raise AssertionError(f"masked by {masked.seen}, so something else was measured")
    return took_ms


def _looking() -> Row:
    picture = _screen()
    for line in range(12):
        cv2.putText(
            picture, f"LINE {line} ZHANG SAN 4711", (1400, 80 + 80 * line), 0, 0.9, (230, 230, 230), 2
        )
    watch, took_ms = TextWatch(_profile(picture)), []
    for look in range(_LOOKS):
        began = time.perf_counter()
        watch.see(picture, look * LOOK_EVERY_US)
        took_ms.append((time.perf_counter() - began) * 1000)
    return _row(f"look for new text, {WIDTH}x{HEIGHT}, once a second", took_ms, LOOK_MUST_MS)


def _proposing() -> Row:
    source = SyntheticUltrasound(1024, 768)
    frames, took_ms = [source.frame(41_000 * k) for k in range(24)], []
    for _ in range(_PROPOSALS):
        began = time.perf_counter()
        propose(frames)
        took_ms.append((time.perf_counter() - began) * 1000)
    return _row("propose a shape, 24 frames of 1024x768, at set-up", took_ms, None)


def _row(what: str, took_ms: Sequence[float], must_ms: float | None) -> Row:
    spread = Spread(took_ms)
    return figure(f"{what}, median", spread.median, "ms", must=must_ms, why=spread.why("not taken"))


def _screen() -> Pixels:
    picture = SyntheticUltrasound(WIDTH, HEIGHT).frame(0)
    cv2.rectangle(picture, (20, 30), (70, 89), (200, 120, 40), -1)
    return picture


def _profile(picture: Pixels) -> DeviceProfile:
    profile = DeviceProfile(
        source="benchmark",
        layout="sector",
        width_px=WIDTH,
        height_px=HEIGHT,
        keep=(fan_from_angles(Point(WIDTH / 2, 18.0), 60.0, 1060.0, -40.0, 40.0),),
        black=(Box(left_px=900, top_px=500, width_px=60, height_px=30),),
        allowed=(Box(left_px=1700, top_px=100, width_px=180, height_px=120),),
        anchors=(anchor_at(picture, _LOGO),),
    )
    return profile.signed("benchmark", "2026-01-01T00:00:00Z")
