"""The traces of a page on their grid: rows placed, calibrated, labelled, and what does not fit found out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ecg.drawing.channels import DrawnChannel, drawn_channels
from ecg.drawing.draw_list import Ink, Layer, Line, Mark, Pen, Polyline, Rectangle
from ecg.drawing.paper import CALIBRATION_MV, CALIBRATION_S, Area, calibration_step, grid
from ecg.drawing.plan import Strip, TracePage, row_samples
from ecg.drawing.report import EcgReport
from ecg.drawing.row_places import Reach, baselines, crowded
from ecg.drawing.sheet import CALIBRATION_MM, TRACES_MM, Run, run_line
from ecg.drawing.text_width import width_mm
from ecg.drawing.traces import Cell, cell_marks, reach_mm
from ecg.words import Language

_LABEL_MM = 3.4
_LABEL_PLACES = tuple((up, along) for up in (6.4, 9.4, 4.6, 12.4) for along in (1.6, 4.0, 7.0, 10.0))
"""Above the row's line and from the beginning of the trace: the nearest first."""
_BESIDE_MM = 1.0
"""Kept free above and below a trace when rows are placed."""
_SEPARATOR = Pen(Ink.INK, 0.3)
_PACING = Pen(Ink.INK, 0.35)


@dataclass(frozen=True, slots=True, eq=False)
class PlacedTraces:
    """Cells in rows, with the channels they show; labels of traces that reach too far."""

    area: Area
    cells: tuple[tuple[Cell, ...], ...]
    page: TracePage
    channels: Mapping[str, DrawnChannel]
    cut: tuple[str, ...]
    crowded: tuple[str, ...]

    def strips(self) -> Iterator[tuple[Cell, Strip]]:
        """Every cell with what it shows."""
        for cells, row in zip(self.cells, self.page.rows, strict=True):
            yield from zip(cells, row, strict=True)


def place_traces(report: EcgReport, page: TracePage, area: Area) -> PlacedTraces:
    """The page's rows in this area, each with the room its traces need."""
    names = {strip.placed.name for row in page.rows for strip in row}
    drawn = drawn_channels(report.tracing, report.view_filters, page.where, names)
    channels = {channel.name: channel.centred() for channel in drawn}
    unplaced = [
        tuple(_cell(report, strip, k, len(row), area) for k, strip in enumerate(row)) for row in page.rows
    ]
    reaches = [
        tuple(_reach(report, cell, channels[strip.placed.name]) for cell, strip in zip(*row, strict=True))
        for row in zip(unplaced, page.rows, strict=True)
    ]
    step = Reach(area.x, area.x + CALIBRATION_MM, CALIBRATION_MV * report.scale.gain_mm_mv, 0)
    at = baselines([[*map(_with_air, row), _with_air(step)] for row in reaches], area.height)
    rows = tuple(
        tuple(replace(cell, baseline=area.y + y) for cell in cells)
        for cells, y in zip(unplaced, at, strict=True)
    )
    cut = {
        (row, k)
        for row, (line, y) in enumerate(zip(reaches, at, strict=True))
        for k, one in enumerate(line)
        if one.up > y or one.down > area.height - y
    }
    close = crowded(reaches, at)
    return PlacedTraces(area, rows, page, channels, _labels(rows, cut), _labels(rows, close))


def _labels(rows: Sequence[Sequence[Cell]], places: Collection[tuple[int, int]]) -> tuple[str, ...]:
    """The labels of these cells, each once, column by column."""
    in_columns = sorted(places, key=lambda place: (len(rows[place[0]]) == 1, place[1], place[0]))
    return tuple(dict.fromkeys(rows[row][k].label for row, k in in_columns))


def traces(report: EcgReport, placed: PlacedTraces, language: Language) -> Iterator[Mark]:
    """The grid with everything on it."""
    yield from grid(placed.area)
    wide = report.scale.across_mm(CALIBRATION_S)
    x = placed.area.x + (5.0 if wide <= 5 else 3.0)
    lines: list[NDArray[np.float64]] = []
    for cell, strip in placed.strips():
        if cell.is_first:
            yield calibration_step(x, cell.baseline, report.scale)
        else:
            yield from _separator(cell)
        for mark in cell_marks(cell, placed.channels[strip.placed.name], report.flaws, language):
            if isinstance(mark, Polyline):
                lines.append(mark.points)
            yield mark
        yield from _pacing(cell, report.pacing_marks)
    for cell, strip in placed.strips():
        yield from _label(cell, strip, lines)


def _cell(report: EcgReport, strip: Strip, column: int, columns: int, area: Area) -> Cell:
    wide = TRACES_MM / columns
    left = area.x + CALIBRATION_MM + column * wide
    full = row_samples(report) // columns
    return Cell(
        label=strip.placed.label,
        area=Area(left, area.y, wide, area.height),
        baseline=0.0,
        where=strip.where,
        rate_hz=report.tracing.rate_hz,
        scale=report.scale,
        inverted=strip.placed.inverted,
        is_first=column == 0,
        ends=strip.where.count < full - 1 and strip.where.end >= report.tracing.sample_count,
    )


def _reach(report: EcgReport, cell: Cell, channel: DrawnChannel) -> Reach:
    up, down = reach_mm(cell, channel, report.flaws)
    return Reach(cell.area.x, cell.area.right, up, down)


def _with_air(one: Reach) -> Reach:
    return replace(one, up=one.up + _BESIDE_MM, down=one.down + _BESIDE_MM)


def _separator(cell: Cell) -> Iterator[Mark]:
    """Two short strokes between columns, clear of the line itself."""
    x, top, bottom = cell.area.x, cell.area.y, cell.area.bottom
    for near, far in ((-3.5, -6.5), (3.5, 6.5)):
        if top < cell.baseline + far < bottom:
            yield Line(x, cell.baseline + near, x, cell.baseline + far, _SEPARATOR, Layer.TRACE)


def _pacing(cell: Cell, marks: Sequence[int]) -> Iterator[Mark]:
    """A short stroke below the line for every mark; the pulse itself is too short for the samples."""
    for mark in marks:
        if cell.where.first <= mark < cell.where.end and cell.baseline + 8.5 < cell.area.bottom:
            x = cell.x(mark)
            yield Line(x, cell.baseline + 6.5, x, cell.baseline + 8.5, _PACING, Layer.TRACE)


def _label(cell: Cell, strip: Strip, lines: Sequence[NDArray[np.float64]]) -> Iterator[Mark]:
    """The lead's name over the beginning of its trace, at the first place where no trace runs through it."""
    runs = [Run(cell.label, bold=True)]
    wide = width_mm(cell.label, _LABEL_MM)
    if strip.timed:
        runs.append(Run(f"{strip.where.first / cell.rate_hz:g} s", ink=Ink.MUTED))
        wide += 1.6 + width_mm(runs[-1].words, _LABEL_MM)
    places = [
        (cell.area.x + along, max(cell.baseline - up, cell.area.y + 3.4)) for up, along in _LABEL_PLACES
    ]
    x, y = next((place for place in places if not _hit(lines, *place, wide)), places[0])
    yield Rectangle(x - 0.4, y - 2.9, wide + 0.8, 3.6, fill=Ink.PAPER, layer=Layer.GRID)
    yield from run_line(x, y, runs, wide + 1, _LABEL_MM)


def _hit(lines: Sequence[NDArray[np.float64]], x: float, y: float, wide: float) -> bool:
    """Whether a line runs through the letters at this place."""
    for points in lines:
        near = (points[:, 0] > x - 0.6) & (points[:, 0] < x + wide + 0.6)
        heights = points[near, 1]
        if heights.size and heights.min() < y + 0.8 and heights.max() > y - 3.2:
            return True
    return False
