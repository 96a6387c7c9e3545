"""How far the baseline moved, and whether a lead shows anything at all; both over two seconds."""

import numpy as np
from numpy.typing import NDArray

STEPS = 4
"""Levels a second. Each is taken over a whole second in two ways, and only what moves in both is baseline: a
median, in which complexes and T waves are outvoted by the line between them; and a mean with soft ends, in
which waves without a line between them, as in ventricular tachycardia, cancel out."""

LEAST_SHARE = 0.5
"""Of a stretch must be there, or nothing is said of it."""


def baseline_movement_uv(uv: NDArray[np.float64], missing: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The range of the baseline of each lead in (leads, two seconds); 0 where too much is missing."""
    second = uv.shape[1] // 2
    starts = [second * k // STEPS for k in range(STEPS + 1)]
    soft = np.hanning(second + 2)[1:-1]
    medians, means = [], []
    for at in starts:
        there = ~missing[:, at : at + second]
        medians.append(_medians(uv[:, at : at + second], there))
        weights = there * soft
        means.append((uv[:, at : at + second] * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9))
    known = np.array([(~missing[:, at : at + second]).mean(axis=1) >= LEAST_SHARE for at in starts])
    return np.minimum(_range(np.stack(medians), known), _range(np.stack(means), known))


def _range(levels: NDArray[np.float64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    high = np.where(known, levels, -np.inf).max(axis=0)
    low = np.where(known, levels, np.inf).min(axis=0)
    return np.where(known.any(axis=0), high - low, 0.0)


def _medians(uv: NDArray[np.float64], there: NDArray[np.bool_]) -> NDArray[np.float64]:
    if there.all():
        middle: NDArray[np.float64] = np.median(uv, axis=1)
        return middle
    rows = zip(uv, there, strict=True)
    return np.array([float(np.median(row[present])) if present.any() else 0.0 for row, present in rows])


def shown_uv(uv: NDArray[np.float64], missing: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What each lead of (leads, n) shows: its range when a slow drift, as a line, is taken out.

    Infinite where too much is missing to say that nothing is shown.
    """
    return np.array([_shown(row, ~holes) for row, holes in zip(uv, missing, strict=True)])


def _shown(row: NDArray[np.float64], there: NDArray[np.bool_]) -> float:
    if there.sum() < LEAST_SHARE * row.size:
        return np.inf
    at = np.flatnonzero(there).astype(np.float64)
    at -= at.mean()
    values = row[there] - row[there].mean()
    values -= at * (float(at @ values) / float(at @ at))
    return float(np.ptp(values))
