"""Volume of the left ventricle by the biplane method of discs (modified Simpson's rule)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ultrasound.measuring.chamber import DISCS, Discs, check_contour, discs_of
from ultrasound.measuring.choice import choose
from ultrasound.measuring.frame import Frame
from ultrasound.measuring.made_of import one_region, weakest
from ultrasound.measuring.measured import Measured
from ultrasound.measuring.placed import is_plane, place, uncalibrated
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.measuring.spread import of_points
from ultrasound.measuring.unit import Unit
from ultrasound.measuring.volume import MM3_PER_ML
from ultrasound.regions import Region

MOST_LENGTHS_DIFFER = 0.2
"""Of the two long axes, as a part of the longer; beyond it one view is foreshortened."""


@dataclass(frozen=True, slots=True)
class Contour:
    """The endocardium in one view: from one side of the mitral ring past the apex to the other side."""

    frame: Frame
    points: Sequence[Point]


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
        discs_of([place(region, point) for point in view.points])
        for view, (region, _) in zip(views, chosen, strict=True)
    ]
    _check_lengths(discs[0].length, discs[1].length)
    off = sum(_off_of_points(views[k], chosen[k][0], discs[1 - k]) for k in (0, 1))
    value = _volume_ml(*discs)
    longer = 0 if discs[0].length >= discs[1].length else 1
    # A view's scale goes into its side of each disc, and the longer one's into the length as well.
    shares = [view.frame.scale_uncertainty * (2 if k == longer else 1) for k, view in enumerate(views)]
    of_scale = sum(shares) * value
    parts = [
        Measured(value, Unit.ML, 0.0, view.frame.source, index)
        for view, (_, index) in zip(views, chosen, strict=True)
    ]
    return Measured(value, Unit.ML, off + of_scale, weakest(parts), one_region(parts))


def _region(view: Contour) -> tuple[Region, int | None]:
    check_contour(view.frame, view.points)
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


def _volume_ml(one: Discs, other: Discs) -> float:
    length = max(one.length, other.length)
    pairs = zip(one.across, other.across, strict=True)
    return math.pi / 4 * sum(a * b for a, b in pairs) * length / DISCS / MM3_PER_ML


def _off_of_points(view: Contour, region: Region, other: Discs) -> float:
    def value_at(points: Sequence[Point]) -> float:
        return _volume_ml(discs_of([place(region, point) for point in points]), other)

    return of_points(value_at, view.points)
