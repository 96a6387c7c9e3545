"""Points of a picture: pixels from 0 at the upper left, whole numbers in the middle of a pixel."""

import math
from collections.abc import Sequence

from ultrasound.measuring.frame import Frame, Standing
from ultrasound.measuring.refusal import Refusal, RefusalCode

Point = tuple[float, float]
"""Column and row; of a physical point: across and down, in the units of the measurement."""

MAX_POINTS = 512
"""Of a path or an outline; more is no longer drawn by a hand."""


def check_points(frame: Frame, points: Sequence[Point], least: int, most: int) -> None:
    """Refuse a picture that is not measured on, and points that are not in it, too few or too many."""
    if frame.standing is Standing.SENT:
        raise Refusal(
            RefusalCode.LIVE_PICTURE,
            "this is a picture of the video call, scaled and encoded; freeze, and measure on the exact frame",
        )
    if not least <= len(points) <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise Refusal(RefusalCode.WRONG_NUMBER_OF_POINTS, f"{len(points)} points; {wanted} are needed")
    for x_px, y_px in points:
        _check_point(frame, x_px, y_px)


def _check_point(frame: Frame, x_px: float, y_px: float) -> None:
    if not (math.isfinite(x_px) and math.isfinite(y_px)):
        raise Refusal(RefusalCode.POINT_NOT_A_NUMBER, f"point ({x_px}, {y_px}); finite pixels are needed")
    right_px, bottom_px = frame.width - 1, frame.height - 1
    if not (0 <= x_px <= right_px and 0 <= y_px <= bottom_px):
        raise Refusal(
            RefusalCode.POINT_OUTSIDE_PICTURE,
            f"point ({x_px:g}, {y_px:g}); the picture ends at ({right_px}, {bottom_px})",
        )


_LEAST_APART_PX = 0.1


def check_apart(points: Sequence[Point]) -> None:
    """Refuse two neighbours with nothing between them."""
    for one, other in zip(points, points[1:], strict=False):
        if math.dist(one, other) < _LEAST_APART_PX:
            raise Refusal(
                RefusalCode.POINTS_COINCIDE,
                f"two points at ({one[0]:g}, {one[1]:g}); neighbours lie at least {_LEAST_APART_PX} px apart",
            )
