"""Where the rows of a page lie: every trace gets the room it needs, all at one gain.

A tall R wave gets more of the page than a flat trace; no trace is scaled for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ecg.drawing.paper import MAJOR_MM

_LEAST = 0.7

_FARTHEST_MM = 40
"""Two or three rows do not drift apart on a page that could hold more."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a trace goes above and below its row's line, and from where to where across, in millimetres."""

    left: float
    right: float
    up: float
    down: float

    def beside(self, other: "Reach") -> bool:
        """Whether the two share a part of the width."""
        return self.left < other.right and other.left < self.right


def baselines(rows: Sequence[Sequence[Reach]], height_mm: float) -> tuple[float, ...]:
    """The y of each row's line from the top of an area of this height.

    Evenly spaced on lines of 5 mm, else of 1 mm, where every trace stays in its own row so; else spaced by
    what the traces need. Where they need more than there is, rows overlap before a trace is cut at the edge,
    and no two rows come closer than `_LEAST` of even spacing.
    """
    needs = [_between(upper, lower) for upper, lower in zip(rows, rows[1:], strict=False)]
    above, below = max(one.up for one in rows[0]), max(one.down for one in rows[-1])
    return _even(needs, above, below, height_mm) or _by_need(needs, above, below, height_mm)


def _even(needs: Sequence[float], above: float, below: float, height_mm: float) -> tuple[float, ...]:
    """Rows at one distance on lines of the grid; none where that is too little for some rows."""
    for step in (MAJOR_MM, 1):
        pitch = min(height_mm / (len(needs) + 1), _FARTHEST_MM) // step * step
        slack = height_mm - above - below - pitch * len(needs)
        top = round((above + slack / 2) / step) * step
        if pitch >= max(needs, default=0) and above <= top <= above + slack:
            return tuple(float(top + k * pitch) for k in range(len(needs) + 1))
    return ()


def _by_need(needs: Sequence[float], above: float, below: float, height_mm: float) -> tuple[float, ...]:
    """Every row at its least distance from the one above, and the rest of the height by what each needs."""
    least = _LEAST * height_mm / (len(needs) + 1)
    outside = above + below
    edges = min((height_mm - least * len(needs)) / outside, 1.0) if outside else 1.0
    room = max(height_mm - outside * edges - least * len(needs), 0.0)
    wanted = [max(need - least, 0) for need in needs]
    share = min(room / sum(wanted), 1.0) if sum(wanted) else 0.0
    spare = max(room - sum(wanted) * share, 0.0) / (len(needs) + 2)
    first = above * edges
    at = [first + spare]
    for more in wanted:
        at.append(at[-1] + least + more * share + spare)
    return tuple(_on_grid(y, first, height_mm - below * edges) for y in at)


def _between(upper: Sequence[Reach], lower: Sequence[Reach]) -> float:
    """From one row's line to the next, for the traces below each other to stay apart."""
    return max((one.down + other.up for one in upper for other in lower if one.beside(other)), default=0.0)


def _on_grid(y: float, lowest: float, highest: float) -> float:
    """The nearest line of 1 mm within these limits, else the place itself."""
    on_line = float(round(y))
    return on_line if lowest <= on_line <= highest else y


def crowded(rows: Sequence[Sequence[Reach]], at: Sequence[float]) -> frozenset[tuple[int, int]]:
    """Row and place in it of every trace that reaches to where one of the row above or below may be."""
    found: set[tuple[int, int]] = set()
    for k in range(len(rows) - 1):
        for i, upper in enumerate(rows[k]):
            for j, lower in enumerate(rows[k + 1]):
                if upper.beside(lower) and at[k] + upper.down > at[k + 1] - lower.up:
                    found |= {(k, i), (k + 1, j)}
    return frozenset(found)
