"""Finds the depth ruler of a grabbed picture: evenly spaced ticks or dots, one below the other."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ultrasound.cine import Picture
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.ruler.marks import Marks, find_marks, standing_out
from ultrasound.ruler.progression import LEAST_TICKS, Progression, find_progression
from ultrasound.shown import Rectangle

_LEVELS = (112, 64, 36, 20)
"""Grey levels by which marks stand out: a ruler may be dim, or lie on the bright sector."""
_MOST_MARKS = 2500
_LEAST_SPACING_PX = 8.0
_LEAST_SPAN = 0.3
"""Of the picture's height; lines of text are evenly spaced too, over less."""
_LEAST_SPAN_PX = 100.0
"""Below it the spacing would be off by more than 1 %."""
_MOST_BETWEEN = 0.15
_MOST_GAPS = 0.4
_ALIKE_PX = 1.0
_BESIDE_PX = 10.0
_SMALL_ONES = 0.45
_MANY = 8
_EVEN_PEAKS = 1.12
_LARGER = 1.4
_SAME = 0.01
_FINER = (2, 4, 5, 10)
_FAINT_GREY = 2.0
_NEAR_PX = 1.5
_LEAST_FINER_PX = 2.5
_EDGE_PX = 3
_AS_BRIGHT = 0.7
_MOST_BRIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Ruler:
    """Ticks of one ruler, all of them, majors too."""

    spacing_px: float
    """Rows from one tick to the next."""
    spacing_uncertainty: float
    """The most the spacing may be off, as a part of it."""
    rows_px: tuple[float, ...]
    """Middle of each tick that was found, downwards."""
    slots: tuple[int, ...]
    """Which tick of the ruler each is, from 0; where a number is left out, something hides the tick."""
    left_px: int
    right_px: int
    major_every: int | None
    """Every how many ticks one is larger; None where that is not regular, or not so."""

    @property
    def span_px(self) -> float:
        """Rows from the first tick to the last."""
        return self.slots[-1] * self.spacing_px

    @property
    def place(self) -> Rectangle:
        """The rectangle around all ticks."""
        top, bottom = int(self.rows_px[0]), int(np.ceil(self.rows_px[-1]))
        return Rectangle(self.left_px, top, self.right_px - self.left_px + 1, bottom - top + 1)


def find_ruler(picture: Picture, within: Rectangle | None = None) -> Ruler:
    """The ruler of a picture, or of a part of it, to a part of a pixel.

    What a tick is worth is not read: letters are not recognised dependably, and a person can read them.
    Raises Refusal where there is none, or where several differ; `within` then says which is meant.
    """
    left, top = (within.left, within.top) if within else (0, 0)
    part = picture if within is None else _cut(picture, within)
    out = standing_out(part)
    found: list[Ruler] = []
    for least in _LEVELS:
        marks = find_marks(out, least)
        if len(marks) > _MOST_MARKS:  # texture; at lower levels there is only more of it
            break
        found += _rulers(marks, part.shape[0])
    if not found:
        raise Refusal(
            RefusalCode.NO_RULER,
            f"no ruler was found; {LEAST_TICKS} ticks or more, evenly spaced one below the other, are needed",
        )
    ruler = _only_one(found)
    _check_gaps(part, ruler)
    _check_nothing_finer(out, ruler)
    return _moved(ruler, left, top)


def _cut(picture: Picture, part: Rectangle) -> Picture:
    return picture[part.top : part.top + part.height, part.left : part.left + part.width]


def _rulers(marks: Marks, height: int) -> Iterator[Ruler]:
    # A mark cut off by the edge has its middle elsewhere.
    half = marks.height / 2
    marks = marks.some((marks.row - half > 0) & (marks.row + half < height - 1))
    for group in _in_line(marks):
        ruler = _ruler(group, marks, height)
        if ruler is not None:
            yield ruler


def _in_line(marks: Marks) -> Iterator[Marks]:
    """Marks that share their left edge, their right edge or their middle, to a pixel."""
    for edge in (marks.left, marks.right, (marks.left + marks.right) / 2):
        order = np.argsort(edge, kind="stable")
        ranked = edge[order]
        for at in np.unique(np.round(ranked)):
            low, high = np.searchsorted(ranked, [at - 1, at + 1.01])
            if high - low >= LEAST_TICKS:
                which = np.zeros(len(marks), np.bool_)
                which[order[low:high]] = True
                yield marks.some(which)


def _ruler(group: Marks, marks: Marks, height: int) -> Ruler | None:
    run = find_progression(group.row, _LEAST_SPACING_PX)
    if run is None or run.span_px < max(_LEAST_SPAN * height, _LEAST_SPAN_PX) or _crowded(group, run):
        return None
    if not _alike(group, run):
        return None
    ticks = group.some(_chosen(len(group), run.marks))
    if _finer(ticks, marks):
        return None
    off_px = 1.0  # half a pixel at each end
    return Ruler(
        spacing_px=run.spacing_px,
        spacing_uncertainty=off_px / run.span_px,
        rows_px=tuple(float(row) for row in ticks.row),
        slots=tuple(int(slot) for slot in run.slots),
        left_px=int(ticks.left.min()),
        right_px=int(ticks.right.max()),
        major_every=_major_every(ticks, run),
    )


def _chosen(count: int, marks: NDArray[np.int64]) -> NDArray[np.bool_]:
    which = np.zeros(count, np.bool_)
    which[marks] = True
    return which


def _crowded(group: Marks, run: Progression) -> bool:
    """Whether other marks as bright are in line with the ticks: then it is texture."""
    others = group.some(~_chosen(len(group), run.marks))
    first, last = group.row[run.marks[0]], group.row[run.marks[-1]]
    bright = others.peak >= np.median(group.peak[run.marks]) / 2
    between = (others.row > first) & (others.row < last) & bright
    return bool(between.sum() > _MOST_BETWEEN * run.marks.size)


def _finer(ticks: Marks, marks: Marks) -> bool:
    """Whether marks of any shape stand in many gaps between the ticks: a finer ruler; an arrow does not."""
    left, right = ticks.left.min() - _BESIDE_PX, ticks.right.max() + _BESIDE_PX
    beside = (marks.right < left) | (marks.left > right)
    others = marks.row[~beside & (marks.peak >= np.median(ticks.peak) / 2)]
    gaps = np.searchsorted(others, ticks.row[1:] - 1) - np.searchsorted(others, ticks.row[:-1] + 1)
    return bool(np.count_nonzero(gaps) > _MOST_GAPS * gaps.size)


def _alike(group: Marks, run: Progression) -> bool:
    """Whether nearly all ticks are drawn like the small ones or like the large ones; texture is not."""
    shape = np.stack([group.left, group.right, group.height], axis=1)[run.marks]
    like = np.abs(shape[:, None] - shape[None]).max(axis=2) <= _ALIKE_PX  # (ticks, ticks)
    small = like[np.argmax(like.sum(axis=1))]
    others = like[:, ~small][~small]
    large = int(others.sum(axis=1).max()) if others.size else 0
    if large == 1 and not _larger(shape, small):
        large = 0  # a single other one is a major tick, or nothing
    count = run.marks.size
    if count < _MANY:  # so few happen to be in line here and there in texture
        peak = group.peak[run.marks][small]
        if run.slots[-1] + 1 > count or peak.max() > _EVEN_PEAKS * peak.min():
            return False
    return bool(small.sum() >= _SMALL_ONES * count and small.sum() + large >= (1 - _MOST_BETWEEN) * count)


def _larger(shape: NDArray[np.float64], small: NDArray[np.bool_]) -> bool:
    """Whether all others are wider than the small ones."""
    width = shape[:, 1] - shape[:, 0] + 1
    return bool(width[~small].min() > _LARGER * width[small].max())


def _major_every(ticks: Marks, run: Progression) -> int | None:
    width = ticks.right - ticks.left + 1
    large = run.slots[width > _LARGER * np.median(width)]
    if large.size < 2:
        return None
    every = int(np.min(np.diff(large)))
    regular = every > 1 and bool(np.all((large - large[0]) % every == 0))
    expected = np.arange(large[0] % every, run.slots[-1] + 1, every)
    return every if regular and set(expected) & set(run.slots) == set(large) else None


def _only_one(found: list[Ruler]) -> Ruler:
    """The finest of what was found, if all is one ruler: the same ticks, or every so many of them."""
    best = min(found, key=lambda ruler: (round(ruler.spacing_px, 1), -ruler.span_px))
    for other in found:
        times = other.spacing_px / best.spacing_px
        same_spacing = abs(times - round(times)) <= _SAME * times
        beside = other.right_px < best.left_px - _BESIDE_PX or other.left_px > best.right_px + _BESIDE_PX
        if not same_spacing or (beside and round(times) != 1):
            raise Refusal(
                RefusalCode.SEVERAL_RULERS,
                f"ticks {best.spacing_px:.1f} px apart at column {best.left_px} and {other.spacing_px:.1f} px"
                f" apart at column {other.left_px}; say within which part the depth ruler is",
            )
    widest = [one for one in found if abs(one.spacing_px / best.spacing_px - 1) <= _SAME]
    return max(widest, key=lambda ruler: (len(ruler.slots), ruler.span_px))


def _check_gaps(part: Picture, ruler: Ruler) -> None:
    """Refuse ticks that are as bright as what lies between them: edges of something larger."""
    left = max(0, ruler.left_px - _EDGE_PX)
    bright = part[:, left : ruler.right_px + 1 + _EDGE_PX].max(axis=(1, 2))
    rows = np.round(ruler.rows_px).astype(int)
    ticks = np.median(bright[rows])
    if np.mean(bright[rows[0] : rows[-1] + 1] >= _AS_BRIGHT * ticks) > _MOST_BRIGHT:
        raise Refusal(
            RefusalCode.NO_RULER,
            f"between ticks {ruler.spacing_px:.1f} px apart it is as bright as on them; no spacing is sure",
        )


def _check_nothing_finer(out: NDArray[np.uint8], ruler: Ruler) -> None:
    """Refuse a ruler with faint ticks between those that were found: a tick would be taken for another."""
    first, last = round(ruler.rows_px[0]), round(ruler.rows_px[-1])
    light = out[first : last + 1, ruler.left_px : ruler.right_px + 1].mean(axis=1)
    rows = np.arange(first, last + 1) - ruler.rows_px[0]
    for parts in _FINER:
        step_px = ruler.spacing_px / parts
        if step_px < _LEAST_FINER_PX:
            continue
        slot = np.round(rows / step_px).astype(int)
        near = np.abs(rows - slot * step_px) <= min(_NEAR_PX, step_px / 4)
        faint = [light[near & (slot == one)].max() for one in range(1, slot[-1]) if one % parts]
        between = ~near & (slot % parts != 0)
        usual = float(np.median(light[between if between.any() else ~near]))
        if np.mean(np.array(faint) >= 2 * usual + _FAINT_GREY) >= 1 - _MOST_BETWEEN:
            raise Refusal(
                RefusalCode.NO_RULER,
                f"faint ticks stand between those {ruler.spacing_px:.1f} px apart; no spacing is sure",
            )


def _moved(ruler: Ruler, right_px: int, down_px: int) -> Ruler:
    return Ruler(
        ruler.spacing_px,
        ruler.spacing_uncertainty,
        tuple(row + down_px for row in ruler.rows_px),
        ruler.slots,
        ruler.left_px + right_px,
        ruler.right_px + right_px,
        ruler.major_every,
    )
