"""The P wave of a pooled beat, and whether every beat has it at the same distance.

A bump stands out of the line between its two sides, whatever slope T or the baseline has there. Noise and
fibrillation make bumps as well: a P wave is one that the other beats have too, in the same leads at the same
distance from QRS. So each beat is compared with the mean of all others.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.signal.pooled_beat import STEP_MS
from ecg.signal.qrs_limits import last_rest_before
from ecg.signal.smoothing import slopes, smoothed

_BUMP_SMOOTHING_MS = 8.0
_BUMP_SIDE_MS = 60.0
"""A bump is measured against the line between its surroundings so far away."""

_LEAST_ROOM_MS = 64.0
_NO_CLOSER_MS = 30.0
_FROM_START_MS = 16.0
"""The peak of P lies so far from QRS, and from where T has ended."""

HALF_WINDOW_MS = 44.0
_FLOOR_UV = 5.0

LIMIT_SMOOTHING_MS = 10.0
_ONSET_SHARE = 0.25
_END_SHARE = 0.40
_LONGEST_SIDE_MS = 150.0
_REST_MS = 14.0
_OVER_NOISE = 2.0
_FLANK_MS = 90.0
_HALF_P_MS = 60.0
_LEAST_SLOPE_MS = 40.0


@dataclass(frozen=True, slots=True)
class Room:
    """Where a P wave may be, on the grid: T has ended at `first`, QRS (or its spike) begins at `end`."""

    first: int
    end: int

    @property
    def is_enough(self) -> bool:
        """Whether a P wave fits."""
        return (self.end - self.first) * STEP_MS >= _LEAST_ROOM_MS


@dataclass(frozen=True, slots=True)
class Bump:
    """The highest bump in a room; `height_uv` averaged over the leads."""

    peak: int
    height_uv: float
    room: Room

    def moved(self, places: int) -> "Bump":
        """The same on a grid where everything lies so many places later."""
        room = Room(self.room.first + places, self.room.end + places)
        return Bump(self.peak + places, self.height_uv, room)


@dataclass(frozen=True, slots=True)
class PWave:
    """Places on the grid."""

    onset: float
    peak: float
    end: float


def highest_bump(uv: NDArray[np.float64], room: Room) -> Bump | None:
    """The place in (leads, n) where the leads together stand out most; None where there is no room."""
    first = room.first + round(_FROM_START_MS / STEP_MS)
    end = room.end - round(_NO_CLOSER_MS / STEP_MS)
    if not room.is_enough or end <= first:
        return None
    height = np.abs(_bumps(uv, room)[:, first:end]).mean(axis=0)
    top = int(np.argmax(height))
    return Bump(first + top, float(height[top]), room)


def bump_shape(uv: NDArray[np.float64], bump: Bump, noise_uv: NDArray[np.float64]) -> NDArray[np.float64]:
    """The bump of one beat on the same grid as one row, noisy leads counting less."""
    half = round(HALF_WINDOW_MS / STEP_MS)
    bumps = _bumps(uv, bump.room)[:, max(bump.peak - half, 0) : bump.peak + half + 1]
    shape: NDArray[np.float64] = (bumps / (_FLOOR_UV + noise_uv[:, None])).ravel()
    return shape


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Of each beat with the mean of all others, (beats,): how like it is, from -1 to 1, and how many times as
    high; 0 where either is flat."""

    likeness: NDArray[np.float64]
    height: NDArray[np.float64]


def compared_with_others(shapes: NDArray[np.float64]) -> Comparison:
    """Each row of (beats, n), at least two, with the mean of the other rows."""
    others = (shapes.sum(axis=0) - shapes) / (len(shapes) - 1)
    common = np.einsum("bn,bn->b", shapes, others)
    size, size_of_others = np.linalg.norm(shapes, axis=1), np.linalg.norm(others, axis=1)
    flat = (size == 0) | (size_of_others == 0)
    likeness = common / np.where(flat, np.inf, size * size_of_others)
    return Comparison(likeness, common / np.where(flat, np.inf, size_of_others**2))


def _bumps(uv: NDArray[np.float64], room: Room) -> NDArray[np.float64]:
    """How far each place lies off the line between its sides, which never reach beyond the room."""
    rows = smoothed(_held(uv, room), _BUMP_SMOOTHING_MS)
    at = np.clip(np.arange(rows.shape[1]), room.first, room.end)
    side = round(_BUMP_SIDE_MS / STEP_MS)
    left, right = np.maximum(at - side, room.first), np.minimum(at + side, room.end)
    bumps: NDArray[np.float64] = rows[:, at] - (rows[:, left] + rows[:, right]) / 2
    return bumps


def _held(uv: NDArray[np.float64], room: Room) -> NDArray[np.float64]:
    """The beat with its last value before QRS held: smoothing must not bring QRS into P."""
    held = uv.copy()
    held[:, room.end :] = uv[:, room.end, None]
    return held


def p_limits(uv: NDArray[np.float64], bump: Bump) -> PWave:
    """Where the P wave with this bump begins, is highest and ends, over all leads of (leads, n)."""
    room, peak = bump.room, bump.peak
    rows = smoothed(_held(uv, room), LIMIT_SMOOTHING_MS)
    slope = slopes(rows)
    before = _speed_beside(slope, room.first, peak - round(_HALF_P_MS / STEP_MS))
    after = _speed_beside(slope, peak + round(_HALF_P_MS / STEP_MS), room.end)
    flank = round(_FLANK_MS / STEP_MS)
    up = max(room.first, peak - flank) + int(np.argmax(before[max(room.first, peak - flank) : peak + 1]))
    down = peak + int(np.argmax(after[peak : min(room.end, peak + flank) + 1]))
    height = max(float(before[up]), float(after[down]))
    noise = _OVER_NOISE * float(np.quantile(before[room.first : room.end], 0.1))
    onset = _rest_before(before[: up + 1], max(_ONSET_SHARE * height, noise), room.first)
    back = _rest_before(after[down:][::-1], max(_END_SHARE * height, noise), len(after) - 1 - room.end)
    onset, end = max(onset, room.first), min(len(after) - 1 - back, room.end)
    return PWave(float(onset), float(_highest(rows, onset, end)), float(end))


def _speed_beside(slope: NDArray[np.float64], first: int, end: int) -> NDArray[np.float64]:
    """How fast the leads move together against the slope that each has beside P: T's tail, the PR segment."""
    usual = np.zeros((len(slope), 1))
    if (end - first) * STEP_MS >= _LEAST_SLOPE_MS:
        usual = np.median(slope[:, first:end], axis=1, keepdims=True)
    speed: NDArray[np.float64] = np.sqrt(((slope - usual) ** 2).mean(axis=0))
    return speed


def limit_speed(uv: NDArray[np.float64], room: Room) -> NDArray[np.float64]:
    """How fast the leads (leads, n) move together within the room, in microvolts a millisecond; 0 outside."""
    speed: NDArray[np.float64] = np.sqrt(
        (slopes(smoothed(_held(uv, room), LIMIT_SMOOTHING_MS)) ** 2).mean(axis=0)
    )
    speed[: room.first], speed[room.end :] = 0.0, 0.0
    return speed


def _rest_before(speed: NDArray[np.float64], threshold: float, first: int) -> int:
    """The last rest before the end of `speed`; where there is none from `first` on, the slowest place."""
    at = len(speed) - 1
    rest = last_rest_before(speed < threshold, at, _LONGEST_SIDE_MS, _REST_MS)
    earliest = max(first, at - round(_LONGEST_SIDE_MS / STEP_MS))
    return rest if rest > earliest else earliest + int(np.argmin(speed[earliest : at + 1]))


def _highest(rows: NDArray[np.float64], onset: int, end: int) -> int:
    """Where the leads together are furthest off the line from onset to end."""
    share = np.linspace(0.0, 1.0, end - onset + 1)
    line = rows[:, onset, None] * (1 - share) + rows[:, end, None] * share
    return onset + int(np.argmax(np.abs(rows[:, onset : end + 1] - line).mean(axis=0)))
