"""Which region's scale holds for some points: by priority, then size, never two (DICOM PS3.3 C.8.5.5)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ultrasound.measuring.frame import Frame
from ultrasound.measuring.measured import Uncalibrated
from ultrasound.measuring.points import Point
from ultrasound.measuring.refusal import Refusal, RefusalCode
from ultrasound.regions import Region

Fits = Callable[[Region], bool]
"""Whether a measurement makes sense in a region."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A region and its index, or why there is none."""

    region: Region | None
    index: int | None
    uncalibrated: Uncalibrated | None


def choose(frame: Frame, line: Sequence[Point], fits: Fits) -> Choice:
    """The region for a line through some points.

    All points lie in it; no other region that stands above it holds one of them or is crossed between them,
    unless both put every pixel at the same place. Raises Refusal where two regions would be needed, or where
    two are equally good and differ.
    """
    if not frame.regions:
        return Choice(None, None, Uncalibrated.NO_REGIONS)
    ranked = sorted(range(len(frame.regions)), key=lambda index: (*_rank(frame.regions[index]), index))
    chosen = next((index for index in ranked if _holds_all(frame.regions[index], line)), None)
    if chosen is None:
        _refuse_two(frame, ranked, line)
        return Choice(None, None, Uncalibrated.OUTSIDE_REGIONS)
    region = frame.regions[chosen]
    for index in ranked:
        if index != chosen:
            _check_above(index, frame.regions[index], chosen, region, line)
    if region.fault:
        return Choice(None, None, Uncalibrated.REGION_FAULTY)
    if not fits(region):
        return Choice(None, None, Uncalibrated.UNITS_DO_NOT_FIT)
    return Choice(region, chosen, None)


def _rank(region: Region) -> tuple[bool, int]:
    return (not region.high_priority, region.area_px)


def _holds_all(region: Region, line: Sequence[Point]) -> bool:
    return all(region.holds(x_px, y_px) for x_px, y_px in line)


def _refuse_two(frame: Frame, ranked: Sequence[int], line: Sequence[Point]) -> None:
    tops = {
        next((index for index in ranked if frame.regions[index].holds(x_px, y_px)), None)
        for x_px, y_px in line
    } - {None}
    if len(tops) > 1:
        raise _across(*sorted(index for index in tops if index is not None)[:2])


def _check_above(index: int, other: Region, chosen: int, region: Region, line: Sequence[Point]) -> None:
    """Refuse another region that does not stand below the chosen one, where the line meets it."""
    if _rank(other) > _rank(region) or other.agrees_with(region):
        return
    if _rank(other) == _rank(region) and _holds_all(other, line):
        raise Refusal(
            RefusalCode.EQUAL_REGIONS,
            f"regions {chosen} and {index} are equally good here and differ; one scale must hold",
        )
    if any(crosses(other, one, two) for one, two in zip(line, [*line[1:], line[-1]], strict=True)):
        raise _across(chosen, index)


def _across(one: int, other: int) -> Refusal:
    return Refusal(
        RefusalCode.ACROSS_REGIONS,
        f"the points lie in regions {one} and {other}, which have scales of their own; measure within one",
    )


def crosses(region: Region, one: Point, two: Point) -> bool:
    """Whether the stretch between two points meets a region (Liang and Barsky 1984)."""
    enters, leaves = 0.0, 1.0
    edges = ((region.left_px, region.right_px), (region.top_px, region.bottom_px))
    for start, end, (low, high) in zip(one, two, edges, strict=True):
        way = end - start
        if way == 0:
            if not low <= start <= high:
                return False
            continue
        first, last = sorted(((low - start) / way, (high - start) / way))
        enters, leaves = max(enters, first), min(leaves, last)
    return enters <= leaves
