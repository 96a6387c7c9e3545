"""The fan that fits a patch best: started from its outline, improved by small steps."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ultrasound.errors import ProfileWrong
from ultrasound.privacy.fans import fan_from_angles
from ultrasound.privacy.shapes import Fan, Lit, Point, bounding_box, lit

_FITTED_SIDE_PX = 160  # the fit is searched in a small picture of the patch
_STEPS_PX = (8.0, 4.0, 2.0, 1.0, 0.5)
_Guess = tuple[float, float, float, float, float, float]  # apex x and y, radii, angles in degrees


def fit_fan(patch: Lit) -> Fan | None:
    """A fan that opens downwards (the probe is above) over the patch; None when its sides do not meet above
    it.
    """
    step = max(1, math.ceil(max(patch.shape) / _FITTED_SIDE_PX))
    size = (patch.shape[1] // step, patch.shape[0] // step)
    small = cv2.resize(patch.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    guess = _first_guess(small)
    if guess is None:
        return None
    x, y, inner, outer, left, right = _improved(guess, small)
    # A small pixel's middle lies in the middle of the pixels it stands for.
    large = ((x + 0.5) * step - 0.5, (y + 0.5) * step - 0.5, inner * step, outer * step, left, right)
    fan = _fan(large)
    return fan and Fan(
        apex=_rounded(fan.apex),
        left=_rounded(fan.left),
        right=_rounded(fan.right),
        inner_radius_px=round(float(fan.inner_radius_px), 2),
        outer_radius_px=round(float(fan.outer_radius_px), 2),
    )


def _rounded(point: Point) -> Point:
    return Point(round(float(point.x_px), 2), round(float(point.y_px), 2))


def _first_guess(patch: Lit) -> _Guess | None:
    box = bounding_box(patch)
    if box is None or box.height_px < 8:
        return None
    rows = np.arange(box.top_px, box.bottom_px)
    first = np.array([int(np.flatnonzero(patch[row])[0]) for row in rows])
    last = np.array([int(np.flatnonzero(patch[row])[-1]) for row in rows])
    left, right = _side(rows, first, int(np.argmin(first))), _side(rows, last, int(np.argmax(last)))
    if left is None or right is None or right[0] - left[0] < 1e-3:
        return None
    apex_y = (left[1] - right[1]) / (right[0] - left[0])
    apex_x = left[0] * apex_y + left[1]
    middle = np.flatnonzero(patch[:, min(max(0, round(apex_x)), patch.shape[1] - 1)])
    if middle.size == 0 or apex_y > middle[0]:
        inner, outer = 0.0, box.bottom_px - apex_y
    else:
        inner, outer = middle[0] - apex_y, middle[-1] - apex_y
    angles = (math.degrees(math.atan(left[0])), math.degrees(math.atan(right[0])))
    return (apex_x, apex_y, inner, outer, *angles) if outer > inner else None


def _side(rows: NDArray[np.intp], columns: NDArray[np.intp], widest: int) -> tuple[float, float] | None:
    """Slope and offset of the line x = slope * y + offset along a side, from the top to where it
    is widest.
    """
    if widest < 4:
        return None
    slope, offset = np.polyfit(rows[: widest + 1], columns[: widest + 1], 1)
    return float(slope), float(offset)


def _improved(guess: _Guess, patch: Lit) -> _Guess:
    """One number after the other is moved as long as the fan agrees better with the patch."""
    best, score = guess, _score(guess, patch)
    for step in _STEPS_PX:
        improved = True
        while improved:
            improved = False
            for k in range(len(best)):
                for by in (step, -step):
                    moved = list(best)
                    moved[k] += by
                    tried = (moved[0], moved[1], moved[2], moved[3], moved[4], moved[5])
                    if (reached := _score(tried, patch)) > score:
                        best, score, improved = tried, reached, True
    return best


def _score(guess: _Guess, patch: Lit) -> float:
    fan = _fan(guess)
    if fan is None:
        return -1.0
    inside = lit(fan, patch.shape[1], patch.shape[0])
    union = np.count_nonzero(inside | patch)
    return np.count_nonzero(inside & patch) / union if union else 0.0


def _fan(guess: _Guess) -> Fan | None:
    x, y, inner, outer, left, right = guess
    if not 0 <= inner < outer:
        return None
    try:
        return fan_from_angles(Point(x, y), inner, outer, left, right)
    except ProfileWrong:
        return None
