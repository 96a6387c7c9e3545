"""The median beat of two leads with the limits of its waves, over it an earlier one; said to be no rhythm.

Both are laid on each other at the onset of QRS, at one scale. Where a beat is too high for the panel,
both are drawn at a smaller gain, which is printed.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ecg.drawing import words
from ecg.drawing.draw_list import Anchor, Ink, Layer, Line, Mark, Pen, Polyline, Rectangle
from ecg.drawing.moments import written_day
from ecg.drawing.paper import GAINS_MM_MV, Area, Scale, grid
from ecg.drawing.report import EcgReport, MedianPanel
from ecg.drawing.sheet import plain, run_line, words_at
from ecg.drawing.text_width import width_mm
from ecg.drawing.traces import within
from ecg.leads import Lead
from ecg.measurements import BeatLimits
from ecg.words import Language

WIDTH_MM = 52.0
_SUB_MM = (25, 25)
_ALIGNED_MM = 10.0
_EDGE_MM = 1.0
_USUAL = (Lead.II, Lead.V5)
_NOW = Pen(Ink.INK, 0.3)
_THEN = Pen(Ink.EARLIER, 0.3, (1.0, 0.6))
_LIMIT = Pen(Ink.MUTED, 0.15, (0.5, 0.5))


def shown_channels(panel: MedianPanel) -> tuple[str, ...]:
    """The two leads that are drawn: II and V5 where they are."""
    usual = [lead for lead in _USUAL if lead in panel.channels]
    others = [name for name in panel.channels if name not in usual]
    return tuple([*usual, *others][:2])


def median_panel(report: EcgReport, area: Area, language: Language) -> Iterator[Mark]:
    """The panel in this area, which is `WIDTH_MM` wide."""
    now = report.median
    if now is None:
        return
    then = report.earlier.median if report.earlier else None
    yield words_at(area.x, area.y + 3.0, words.MEDIAN.said(language), 2.6, bold=True, room_mm=area.width)
    names = shown_channels(now)
    scale = _scale(now, then, names, report.scale)
    for k, name in enumerate(names):
        sub = Area(area.x + k * (_SUB_MM[0] + 2), area.y + 4.2, *_SUB_MM)
        yield from _beat(name, now, then, sub, scale)
    yield from _legend(report, area, scale, language)


def _beat(name: str, now: MedianPanel, then: MedianPanel | None, sub: Area, scale: Scale) -> Iterator[Mark]:
    yield from grid(sub)
    drawn = [(now, _NOW)]
    if then is not None and name in then.channels:
        drawn.insert(0, (then, _THEN))
    zeros = _aligned_at(now, then)
    lines = [_points(panel, name, scale, zeros[panel is now]) for panel, _ in drawn]
    up = max(-float(line[:, 1].min()) for line in lines)
    down = max(float(line[:, 1].max()) for line in lines)
    spare = sub.height - 2 * _EDGE_MM - up - down
    baseline = sub.y + _EDGE_MM + up + max(spare, 0) / 2
    if now.limits is not None:
        yield from _limits(now, now.limits, sub, scale, zeros[True])
    for (_, pen), line in zip(drawn, lines, strict=True):
        placed = line + (sub.x + _ALIGNED_MM, baseline)
        placed = placed[(placed[:, 0] >= sub.x) & (placed[:, 0] <= sub.right)]
        for piece in within(placed, sub.y, sub.bottom):
            yield Polyline(piece, pen)
    wide = width_mm(name, 3.0)
    yield Rectangle(sub.x + 0.6, sub.y + 0.8, wide + 0.8, 3.4, fill=Ink.PAPER, layer=Layer.GRID)
    yield words_at(sub.x + 1, sub.y + 3.6, name, 3.0, bold=True)


def _aligned_at(now: MedianPanel, then: MedianPanel | None) -> dict[bool, int]:
    """The samples that are laid on each other, of the present beat (True) and of the earlier one."""
    if now.limits is None or then is None or then.limits is None:
        return {True: now.r, False: then.r if then is not None else 0}
    return {True: now.limits.qrs_onset, False: then.limits.qrs_onset}


def _points(panel: MedianPanel, name: str, scale: Scale, zero: int) -> NDArray[np.float64]:
    """Millimetres (n, 2) from the aligned sample and the isoelectric line."""
    uv = panel.row(name)
    across = scale.across_mm(1) / panel.rate_hz * (np.arange(len(uv)) - zero)
    return np.column_stack((across, -scale.up_mm(uv)))


def _limits(panel: MedianPanel, limits: BeatLimits, sub: Area, scale: Scale, zero: int) -> Iterator[Mark]:
    """Onset and end of P, QRS and T, each a dotted line with the wave's letter below the onset."""
    places = (
        (limits.p_onset, "P"),
        (limits.p_end, ""),
        (limits.qrs_onset, "Q"),
        (limits.qrs_end, "J"),
        (limits.t_end, "T"),
    )
    for sample, letter in places:
        if sample is None:
            continue
        x = sub.x + _ALIGNED_MM + scale.across_mm((sample - zero) / panel.rate_hz)
        if not sub.x < x < sub.right:
            continue
        yield Line(x, sub.y + 0.5, x, sub.bottom - (2.6 if letter else 0.5), _LIMIT, Layer.TRACE)
        yield words_at(x, sub.bottom - 0.5, letter, 2.2, Ink.MUTED, anchor=Anchor.MIDDLE)


def _scale(now: MedianPanel, then: MedianPanel | None, names: Sequence[str], wanted: Scale) -> Scale:
    """25 mm/s, and the largest gain up to that of the page at which every beat fits."""
    panels = [now] if then is None else [now, then]
    spans = [np.ptp(panel.row(name)) for panel in panels for name in names if name in panel.channels]
    room_uv = (_SUB_MM[1] - 2 * _EDGE_MM) * 1000
    fitting = [gain for gain in GAINS_MM_MV if gain <= wanted.gain_mm_mv and gain * max(spans) <= room_uv]
    return Scale(25.0, max(fitting, default=GAINS_MM_MV[0]))


def _legend(report: EcgReport, area: Area, scale: Scale, language: Language) -> Iterator[Mark]:
    assert report.median is not None
    y = area.y + _SUB_MM[1] + 7.2
    count = {"count": str(report.median.beats)}
    said = [
        words.MEDIAN_OF.said(language, count),
        f"{scale.speed_mm_s:g} mm/s",
        f"{scale.gain_mm_mv:g} mm/mV",
    ]
    x, room = area.x, area.width
    if report.earlier and report.earlier.median:
        day = written_day(report.earlier.acquired)
        then = words.EARLIER_OF.said(language, {"day": day}) if day else words.EARLIER.said(language)
        yield Line(x, y - 0.9, x + 5, y - 0.9, _THEN)
        yield words_at(x + 5.8, y, then, 2.4, Ink.EARLIER, room_mm=22)
        x, room = x + 26, room - 26
        said = said[1:]
    yield from run_line(x, y, [plain(one) for one in said], room, 2.4)
