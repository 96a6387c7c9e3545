"""A stretch of one channel on paper: its trace, and whatever of it is no trace, named.

A hole is hatched and never bridged. Where an electrode is off a dashed line stands in place of what the
amplifier gave: nobody should read it. Clipped values are drawn, under a bar.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.drawing.channels import DrawnChannel, Flaw, FlawKind, flaws_of, holes_of, missing_runs
from ecg.drawing.draw_list import Anchor, Ink, Layer, Line, Mark, Pen, Polyline, Rectangle, Text
from ecg.drawing.paper import TRACE, Area, Scale
from ecg.drawing.text_width import width_mm
from ecg.drawing.thinning import COLUMN_MM, thinned
from ecg.drawing.words import CLIPPED, ELECTRODE_OFF, HOLE, LEAD_OFF, RECORDING_ENDS
from ecg.ranges import SampleRange
from ecg.words import Language

BAND_MM = 3.0
"""Above and below the row's line: how high a hatched hole is drawn."""

NARROWEST_MM = 0.5
"""A hole of one sample would be a twentieth of a millimetre."""

_PLATE_MM = 2.5
_HATCH_EVERY_MM = 1.2
_HATCH = Pen(Ink.HATCH, 0.12)
_DASHED = Pen(Ink.INK, 0.28, (1.6, 1.0))
_BAR = Pen(Ink.INK, 0.6)
_END = Pen(Ink.MUTED, 0.2, (0.6, 0.6))


@dataclass(frozen=True, slots=True)
class Cell:
    """A place for the samples `where` of one channel; a trace is cut at the edges of `area`.

    `is_first`: of its row. `inverted`: drawn upside down. `ends`: nothing was recorded after `where`.
    """

    label: str
    area: Area
    baseline: float
    where: SampleRange
    rate_hz: float
    scale: Scale
    is_first: bool = True
    inverted: bool = False
    ends: bool = False

    def x(self, sample: float) -> float:
        """Where a sample lies across."""
        return self.area.x + self.scale.across_mm((sample - self.where.first) / self.rate_hz)

    def band(self, where: SampleRange) -> Area:
        """The place of these samples beside the row's line, as far as they are in the cell."""
        left = self.x(max(where.first, self.where.first))
        right = self.x(min(where.end, self.where.end))
        return Area(left, self.baseline - BAND_MM, max(right - left, NARROWEST_MM), 2 * BAND_MM)

    def points(self, values: DrawnChannel) -> NDArray[np.float64]:
        """Millimetres (n, 2) of values without a hole, thinned where the paper shows no more."""
        per_column = int(COLUMN_MM / self.scale.across_mm(1 / self.rate_hz))
        kept = thinned(values.uv, per_column)
        up = self.scale.up_mm(values.uv[kept]) * (-1 if self.inverted else 1)
        across = self.scale.across_mm(1) / self.rate_hz * (kept + (values.first - self.where.first))
        return np.column_stack((self.area.x + across, self.baseline - up))


def cell_marks(
    cell: Cell, channel: DrawnChannel, flaws: Sequence[Flaw], language: Language
) -> Iterator[Mark]:
    """Everything of one channel in its cell but the label."""
    off = list(flaws_of(flaws, FlawKind.OFF, channel.name, cell.where))
    values = channel.part(cell.where)
    for hole in holes_of(values, off):
        yield from _hole(cell, hole, language)
    for flaw in off:
        values = _without(values, flaw.where)
        yield from _off(cell, flaw, language)
    for run in present_runs(values):
        yield from _trace(cell, run)
    for flaw in flaws_of(flaws, FlawKind.CLIPPED, channel.name, cell.where):
        yield from _clipped(cell, flaw, language)
    if cell.ends:
        x = cell.x(values.end)
        yield Line(x, cell.baseline - BAND_MM, x, cell.baseline + BAND_MM, _END, Layer.TRACE)
        yield from _plate(x + 1, cell.baseline, RECORDING_ENDS.said(language), Anchor.START)


def reach_mm(cell: Cell, channel: DrawnChannel, flaws: Sequence[Flaw]) -> tuple[float, float]:
    """How far above and below the row's line the cell's trace goes."""
    values = channel.part(cell.where)
    for flaw in flaws_of(flaws, FlawKind.OFF, channel.name, cell.where):
        values = _without(values, flaw.where)
    up = cell.scale.up_mm(values.uv[~np.isnan(values.uv)]) * (-1 if cell.inverted else 1)
    if not up.size:
        return BAND_MM, BAND_MM
    return max(float(up.max()), BAND_MM), max(-float(up.min()), BAND_MM)


def hole_name(seconds: float, language: Language) -> str:
    """What is printed of a hole."""
    return HOLE.said(language, {"seconds": f"{seconds:.3g}"})


def off_name(flaw: Flaw, language: Language) -> str:
    """What is printed where a lead is off: the electrodes, when they are known."""
    if not flaw.electrodes:
        return LEAD_OFF.said(language)
    return ELECTRODE_OFF.said(language, {"electrodes": " ".join(flaw.electrodes)})


def present_runs(values: DrawnChannel) -> Iterator[DrawnChannel]:
    """The stretches between holes."""
    at = values.first
    for hole in (*missing_runs(values.uv, values.first), SampleRange(values.end, 0)):
        if hole.first > at:
            yield values.part(SampleRange(at, hole.first - at))
        at = hole.end


def _without(values: DrawnChannel, where: SampleRange) -> DrawnChannel:
    uv = values.uv.copy()
    uv[max(where.first - values.first, 0) : max(where.end - values.first, 0)] = np.nan
    return DrawnChannel(values.name, values.lead, uv, values.first)


def _trace(cell: Cell, run: DrawnChannel) -> Iterator[Mark]:
    points = cell.points(run)
    if len(points) == 1:
        points = np.concatenate([points, points + (TRACE.width_mm, 0)])
    for piece in within(points, cell.area.y, cell.area.bottom):
        yield Polyline(piece, TRACE)


def within(points: NDArray[np.float64], top: float, bottom: float) -> list[NDArray[np.float64]]:
    """The pieces of a line (n, 2) between two heights, ending exactly on them."""
    inside = (points[:, 1] >= top) & (points[:, 1] <= bottom)
    if inside.all():
        return [points]
    pieces: list[list[tuple[float, float]]] = [[]]
    for k in range(len(points) - 1):
        cut = _cut(points[k], points[k + 1], top, bottom)
        if cut is None:
            continue
        start, end = cut
        if not pieces[-1] or pieces[-1][-1] != start:
            pieces.append([start])
        pieces[-1].append(end)
    return [np.array(piece) for piece in pieces if piece]


Point = tuple[float, float]


def _cut(
    a: NDArray[np.float64], b: NDArray[np.float64], top: float, bottom: float
) -> tuple[Point, Point] | None:
    """The part of a straight line between two heights."""
    (x1, y1), (x2, y2) = a.tolist(), b.tolist()
    if max(y1, y2) < top or min(y1, y2) > bottom:
        return None

    def at(y: float) -> Point:
        held = min(max(y, top), bottom)
        return (
            (x1 + (x2 - x1) * (held - y1) / (y2 - y1), held)
            if held != y
            else ((x1, y1) if y == y1 else (x2, y2))
        )

    return ((x1, y1), (x2, y2)) if y1 == y2 else (at(y1), at(y2))


def _hole(cell: Cell, hole: SampleRange, language: Language) -> Iterator[Mark]:
    band = cell.band(hole)
    yield Rectangle(band.x, band.y, band.width, band.height, fill=Ink.HOLE, layer=Layer.GRID)
    yield from _hatch(band)
    yield from _named(band, hole_name(hole.count / cell.rate_hz, language))


def _off(cell: Cell, flaw: Flaw, language: Language) -> Iterator[Mark]:
    band = cell.band(flaw.where)
    yield Rectangle(band.x, band.y, band.width, band.height, fill=Ink.LOOSE, layer=Layer.GRID)
    yield Line(band.x, cell.baseline, band.right, cell.baseline, _DASHED, Layer.TRACE)
    yield from _named(band, off_name(flaw, language))


def _clipped(cell: Cell, flaw: Flaw, language: Language) -> Iterator[Mark]:
    band = cell.band(flaw.where)
    y = max(cell.baseline - 2.6 * BAND_MM, cell.area.y + 1)
    yield Line(band.x, y, band.right, y, _BAR, Layer.TRACE)
    name = CLIPPED.said(language)
    if band.width > width_mm(name, _PLATE_MM) + 1:
        yield Text(band.x, y + 2.8, name, _PLATE_MM)


def _hatch(band: Area) -> Iterator[Mark]:
    for k in range(int((band.width + band.height) / _HATCH_EVERY_MM) + 1):
        left = band.x - band.height + k * _HATCH_EVERY_MM
        x1, x2 = max(left, band.x), min(left + band.height, band.right)
        if x2 > x1:
            yield Line(x1, band.bottom - (x1 - left), x2, band.bottom - (x2 - left), _HATCH, Layer.GRID)


def _named(band: Area, name: str) -> Iterator[Mark]:
    """A name in the middle of a band, where the band is wide enough for it; a narrow one is in the notes."""
    if band.width > width_mm(name, _PLATE_MM) + 2:
        yield from _plate(band.x + band.width / 2, band.y + band.height / 2, name, Anchor.MIDDLE)


def _plate(x: float, middle: float, name: str, anchor: Anchor) -> Iterator[Mark]:
    wide = width_mm(name, _PLATE_MM) + 1.2
    left = x - (wide / 2 if anchor is Anchor.MIDDLE else 0.6)
    yield Rectangle(left, middle - 1.8, wide, 3.6, fill=Ink.WHITE)
    yield Text(x, middle + 0.9, name, _PLATE_MM, anchor=anchor)
