"""Which samples of which channels stand on which page: decided from the leads and the length alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ecg.drawing.channels import channel_names
from ecg.drawing.layouts import Placed, Row, rows_of_few, rows_of_twelve
from ecg.drawing.report import EcgReport
from ecg.drawing.sheet import TRACES_MM
from ecg.errors import ReportError
from ecg.leads import STANDARD_LEADS, Lead
from ecg.ranges import SampleRange

MOST_PAGES = 60
"""Of rhythm; a longer recording is printed in parts, which somebody chooses."""

FEW_CHANNELS = 3
"""Up to so many, all are printed all along, one time below the other."""

_MOST_ROWS = 12
_ROWS_OF_STRIPS = {1: 4, 2: 4, 3: 3}
_ROWS_OF_RHYTHM = {1: 7, 2: 6, 3: 6}
_LEFT_OVER_S = 1.0
"""So little beyond a page gets no page of its own; it is said."""


class Columns(StrEnum):
    """How the columns of a page follow each other in time."""

    ONE = "one"
    CONSECUTIVE = "consecutive"
    SIMULTANEOUS = "simultaneous"


class Kind(StrEnum):
    """What a page of traces is."""

    FIRST = "first"
    FURTHER = "further channels"
    RHYTHM = "rhythm"


@dataclass(frozen=True, slots=True)
class Strip:
    """A channel and the samples of it; `timed`: its time is printed beside its name."""

    placed: Placed
    where: SampleRange
    timed: bool = False


@dataclass(frozen=True, slots=True)
class TracePage:
    """Rows of strips, side by side in columns of equal width; `where`: all samples of the page."""

    kind: Kind
    rows: tuple[tuple[Strip, ...], ...]
    where: SampleRange
    columns: Columns


def trace_pages(report: EcgReport) -> tuple[TracePage, ...]:
    """All pages with traces, in order; raises ReportError when there would be too many."""
    names = channel_names(report.tracing)
    whole = report.window or SampleRange(0, report.tracing.sample_count)
    first, others = _first_page(report, names, whole)
    pages = [first]
    for at in range(0, len(others), _MOST_ROWS):
        rows = rows_of_few(others[at : at + _MOST_ROWS])
        pages.append(_page(report, Kind.FURTHER, rows, SampleRange(whole.first, first.where.count)))
    if report.whole and goes_on(report, first.where, whole):
        rhythm = names if len(names) <= FEW_CHANNELS else (_rhythm_channel(names),)
        start = first.where.end if len(names) <= FEW_CHANNELS else whole.first
        pages += _rhythm(report, rhythm, SampleRange(start, whole.end - start))
    return tuple(pages)


def goes_on(report: EcgReport, shown: SampleRange, whole: SampleRange) -> bool:
    """Whether so much of the recording is left that it gets pages of its own."""
    return whole.end - shown.end > _LEFT_OVER_S * report.tracing.rate_hz


def row_samples(report: EcgReport) -> int:
    """Samples that a full row holds."""
    return round(report.scale.seconds(TRACES_MM) * report.tracing.rate_hz)


def _first_page(
    report: EcgReport, names: Sequence[str], whole: SampleRange
) -> tuple[TracePage, tuple[str, ...]]:
    """The first page, and the channels that have no place on it."""
    if set(STANDARD_LEADS) <= set(names):
        rows = rows_of_twelve(report.layout, report.limb_order)
        others = tuple(name for name in names if name not in STANDARD_LEADS)
        return _page(report, Kind.FIRST, rows, whole), others
    if len(names) <= FEW_CHANNELS:
        return _strips(report, Kind.FIRST, names, whole, _ROWS_OF_STRIPS[len(names)]), ()
    shown = names[:_MOST_ROWS]
    return _page(report, Kind.FIRST, rows_of_few(shown), whole), tuple(names[_MOST_ROWS:])


def _page(report: EcgReport, kind: Kind, rows: Sequence[Row], whole: SampleRange) -> TracePage:
    """Rows that all begin with the page; columns follow in time where the recording is long enough for it."""
    full = row_samples(report)
    most = max(len(row) for row in rows)
    long_enough = whole.count >= full - round(_LEFT_OVER_S * report.tracing.rate_hz)
    columns = Columns.ONE if most == 1 else Columns.CONSECUTIVE if long_enough else Columns.SIMULTANEOUS
    page = SampleRange(whole.first, min(full, whole.count))
    placed = tuple(tuple(_columns_of(row, page, full, columns)) for row in rows)
    return TracePage(kind, placed, page, columns)


def _columns_of(row: Row, page: SampleRange, full: int, columns: Columns) -> Iterator[Strip]:
    for k, placed in enumerate(row):
        begin, end = k * full // len(row), (k + 1) * full // len(row)
        shift = 0 if columns is Columns.SIMULTANEOUS else begin
        count = min(end - begin, page.count - shift)
        yield Strip(placed, SampleRange(page.first + shift, max(count, 0)))


def _strips(
    report: EcgReport, kind: Kind, names: Sequence[str], where: SampleRange, most_rows: int
) -> TracePage:
    """All channels, then all channels of the time after, as often as there are rows."""
    full = row_samples(report)
    times = min(max(most_rows // len(names), 1), -(-where.count // full))
    rows = []
    for k in range(times):
        part = SampleRange(where.first + k * full, min(full, where.count - k * full))
        timed = times > 1 or part.first > 0
        rows += [(Strip(Placed(name), part, timed),) for name in names]
    shown = SampleRange(where.first, min(times * full, where.count))
    return TracePage(kind, tuple(rows), shown, Columns.ONE)


def _rhythm(report: EcgReport, names: Sequence[str], where: SampleRange) -> Iterator[TracePage]:
    most_rows = _ROWS_OF_RHYTHM[len(names)]
    a_page = max(most_rows // len(names), 1) * row_samples(report)
    pages = -(-where.count // a_page)
    if pages > MOST_PAGES:
        seconds = MOST_PAGES * a_page / report.tracing.rate_hz
        raise ReportError(
            f"{where.count / report.tracing.rate_hz:.0f} s take {pages} pages; at most {MOST_PAGES},"
            f" which hold {seconds:.0f} s, are printed at once"
        )
    for first in range(where.first, where.end, a_page):
        part = SampleRange(first, min(a_page, where.end - first))
        yield _strips(report, Kind.RHYTHM, names, part, most_rows)


def _rhythm_channel(names: Sequence[str]) -> str:
    return Lead.II if Lead.II in names else names[0]
