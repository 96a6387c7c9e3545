"""Volume of the left ventricle by the biplane method of discs (modified Simpson's rule)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ultrasound.measuring.choice import choose
from ultrasound.measuring.frame import Frame
from ultrasound.measuring.made_of import one_region, weakest
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.outline import check_outline
from ultrasound.measuring.placed import is_plane, place, uncalibrated
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.spread import of_points
from ultrasound.measuring.unit import Unit
from ultrasound.measuring.volume import MM3_PER_ML
from ultrasound.regions import Region

DISCS = 20
MOST_LENGTHS_DIFFER = 0.2
"""Of the two long axes, as a part of the longer; beyond it one view is foreshortened."""


@dataclass(frozen=True, slots=True)
class Contour:
    """The endocardium in one view: from one side of the mitral ring past the apex to the other side."""

    frame: Frame
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class _Discs:
    length_mm: float
    across_mm: tuple[float, ...]


def biplane_volume(four_chamber: Contour, two_chamber: Contour) -> Measured:
    """Millilitres of two contours at right angles: pi/4 sum(a_i b_i) L / 20, with L the longer long axis.

    The long axis runs from the middle of the ring to the furthest point of the contour.

    References
    ----------
    Lang 2015, J. Am. Soc. Echocardiogr. 28:1, table 1 and section 2: biplane method of discs.
    """
    views = (four_chamber, two_chamber)
    chosen = [_region(view) for view in views]
    discs = [
        _discs([place(region, point) for point in view.points])
        for view, (region, _) in zip(views, chosen, strict=True)
    ]
    _check_lengths(discs[0].length_mm, discs[1].length_mm)
    off = sum(_off_of_points(views[k], chosen[k][0], discs[1 - k]) for k in (0, 1))
    value = _volume_ml(*discs)
    longer = 0 if discs[0].length_mm >= discs[1].length_mm else 1
    # A view's scale goes into its side of each disc, and the longer one's into the length as well.
    shares = [view.frame.scale_uncertainty * (2 if k == longer else 1) for k, view in enumerate(views)]
    of_scale = sum(shares) * value
    parts = [
        Measured(value, Unit.ML, 0.0, view.frame.source, index)
        for view, (_, index) in zip(views, chosen, strict=True)
    ]
    return Measured(value, Unit.ML, off + of_scale, weakest(parts), one_region(parts))


def _region(view: Contour) -> tuple[Region, int | None]:
    check_outline(view.frame, view.points)
    choice = choose(view.frame, [*view.points, view.points[0]], is_plane)
    if choice.region is None:
        raise uncalibrated(choice.uncalibrated)
    return choice.region, choice.index


def _check_lengths(one_mm: float, other_mm: float) -> None:
    if abs(one_mm - other_mm) > MOST_LENGTHS_DIFFER * max(one_mm, other_mm):
        raise Refusal(
            RefusalCode.LENGTHS_DIFFER,
            f"long axes of {one_mm:.0f} and {other_mm:.0f} mm; they differ by up to {MOST_LENGTHS_DIFFER:.0%}"
            " unless one view is foreshortened",
        )


def _volume_ml(one: _Discs, other: _Discs) -> float:
    length_mm = max(one.length_mm, other.length_mm)
    pairs = zip(one.across_mm, other.across_mm, strict=True)
    return math.pi / 4 * sum(a * b for a, b in pairs) * length_mm / DISCS / MM3_PER_ML


def _discs(contour_mm: Sequence[Point]) -> _Discs:
    ring = tuple((a + b) / 2 for a, b in zip(contour_mm[0], contour_mm[-1], strict=True))
    apex = max(contour_mm, key=lambda point: math.dist(ring, point))
    length_mm = math.dist(ring, apex)
    along = ((apex[0] - ring[0]) / length_mm, (apex[1] - ring[1]) / length_mm)
    # Down the axis and aside from it, from the middle of the ring.
    turned = [
        (
            (x - ring[0]) * along[0] + (y - ring[1]) * along[1],
            (y - ring[1]) * along[0] - (x - ring[0]) * along[1],
        )
        for x, y in contour_mm
    ]
    across = tuple(_width(turned, (k + 0.5) * length_mm / DISCS) for k in range(DISCS))
    return _Discs(length_mm, across)


def _width(turned: Sequence[Point], down_mm: float) -> float:
    """How wide the closed contour is at one place of the axis."""
    sides = []
    for (down, aside), (next_down, next_aside) in zip(turned, [*turned[1:], turned[0]], strict=True):
        if (down <= down_mm) != (next_down <= down_mm):
            part = (down_mm - down) / (next_down - down)
            sides.append(aside + part * (next_aside - aside))
    if len(sides) != 2:
        raise Refusal(
            RefusalCode.CONTOUR_FOLDED,
            f"the contour is met {len(sides)} times by a disc; every disc meets it on two sides",
        )
    return abs(sides[0] - sides[1])


def _off_of_points(view: Contour, region: Region, other: _Discs) -> float:
    def value_at(points: Sequence[Point]) -> float:
        return _volume_ml(_discs([place(region, point) for point in points]), other)

    return of_points(value_at, view.points)
