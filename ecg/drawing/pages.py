"""The door to a drawn report: values in, pages out."""

from collections.abc import Iterable, Iterator

from ecg.drawing import words
from ecg.drawing.draw_list import DrawList, Ink, Line, Mark, Page, Pen, page_of
from ecg.drawing.filter_words import filters_said
from ecg.drawing.head import cut_fields, head, short_head
from ecg.drawing.layouts import LimbOrder
from ecg.drawing.measured import key_values, table
from ecg.drawing.median_panel import WIDTH_MM as MEDIAN_MM
from ecg.drawing.median_panel import median_panel
from ecg.drawing.notes import page_notes
from ecg.drawing.paper import Area
from ecg.drawing.plan import Columns, Kind, TracePage, trace_pages
from ecg.drawing.report import EcgReport
from ecg.drawing.sheet import (
    BODY_MM,
    GRID,
    LEFT,
    RHYTHM_GRID,
    RHYTHM_TECHNICAL_Y,
    RIGHT,
    SUMMARY,
    TALL_GRID,
    TECHNICAL_Y,
    Paragraph,
    Run,
    plain,
    run_line,
    strong,
    words_at,
)
from ecg.drawing.signing import foot, full_texts, signing
from ecg.drawing.stated import cut_statements, stated
from ecg.drawing.text_pages import text_pages
from ecg.drawing.text_width import width_mm
from ecg.drawing.trace_area import place_traces, traces
from ecg.words import Language

_TABLE_MM = 122.0
_APART_MM = 3.0
_MANY_ROWS = 7
_NOTES_MM = 120.0
"""Beside speed, gain and filters; more would be narrowed until nobody could read it."""
_SCALE_CHECK = Pen(Ink.INK, 0.25)


def ecg_report(report: EcgReport, language: Language) -> DrawList:
    """The pages of a report in one language.

    First the traces with measurements, statements and signatures; then channels that had no place there, the
    rest of the recording as rhythm, and words that did not fit. Raises ReportError when the recording is too
    long to be printed at once, SignalError when the sample rate is too low for a filter.
    """
    plans = trace_pages(report)
    tall = len(plans[0].rows) >= _MANY_ROWS
    text_page = len(plans) + (2 if tall else 1)
    notes, first, overflow = _first_page(report, plans[0], tall, text_page, language)
    pages = [first]
    if tall:
        pages.append(_summary_page(report, notes, text_page, language))
    for plan in plans[1:]:
        further, beyond = _further_page(report, plan, text_page, language)
        pages.append(further)
        overflow += beyond
    pages += text_pages(report, overflow, language)
    title = words.TITLE.said(language)
    return DrawList(
        tuple(_with_foot(report, page, k, len(pages), language) for k, page in enumerate(pages, 1)),
        f"{title} {report.number}".strip(),
        language,
    )


def _first_page(
    report: EcgReport, plan: TracePage, tall: bool, text_page: int, language: Language
) -> tuple[tuple[str, ...], list[Mark], list[Paragraph]]:
    """The notes and marks of the first page, and what of its words has no room there."""
    placed = place_traces(report, plan, TALL_GRID if tall else GRID)
    notes = page_notes(report, plan, placed, language)
    marks = [*head(report, language), *traces(report, placed, language)]
    if not tall:
        marks += _summary(report, notes, text_page, language)
    key = [plain(one) for one in key_values(report, language)] if tall else []
    marks += _technical(report, plan, TECHNICAL_Y, language, key)
    marks += signing(report, text_page, language)
    overflow = [
        *cut_fields(report, language),
        *cut_statements(report, notes, _statements_area(report), language),
        *full_texts(report, language),
    ]
    return notes, marks, overflow


def _summary(report: EcgReport, notes: tuple[str, ...], text_page: int, language: Language) -> Iterator[Mark]:
    """Measurements, statements, median beat."""
    yield from table(report, Area(SUMMARY.x, SUMMARY.y, _TABLE_MM, SUMMARY.height), language)
    yield from stated(report, notes, _statements_area(report), text_page, language)
    if report.median is not None:
        yield from median_panel(report, _median_area(), language)


def _median_area() -> Area:
    return Area(RIGHT - MEDIAN_MM, SUMMARY.y, MEDIAN_MM, SUMMARY.height)


def _statements_area(report: EcgReport) -> Area:
    left = SUMMARY.x + _TABLE_MM + _APART_MM
    right = RIGHT if report.median is None else _median_area().x - _APART_MM
    return Area(left, SUMMARY.y, right - left, SUMMARY.height)


def _summary_page(
    report: EcgReport, notes: tuple[str, ...], text_page: int, language: Language
) -> list[Mark]:
    return [
        *short_head(report, words.SUMMARY_PAGE.said(language), language),
        *_summary(report, notes, text_page, language),
    ]


def _further_page(
    report: EcgReport, plan: TracePage, text_page: int, language: Language
) -> tuple[list[Mark], list[Paragraph]]:
    """A page of traces alone with notes beneath them; and the notes, where they have no room there."""
    placed = place_traces(report, plan, RHYTHM_GRID)
    notes = page_notes(report, plan, placed, language)
    title = _further_title(report, plan, language)
    marks = [*short_head(report, title, language), *traces(report, placed, language)]
    overflow = []
    if sum(width_mm(note, BODY_MM) for note in notes) > _NOTES_MM:
        overflow.append(Paragraph(title, "\n".join(notes)))
        notes = (words.MORE_OVERLEAF.said(language, {"count": str(len(notes)), "page": str(text_page)}),)
    marks += _technical(report, plan, RHYTHM_TECHNICAL_Y, language, map(strong, notes))
    return marks, overflow


def _further_title(report: EcgReport, plan: TracePage, language: Language) -> str:
    if plan.kind is Kind.FURTHER:
        return words.FURTHER_CHANNELS.said(language)
    rate_hz = report.tracing.rate_hz
    said = {
        "from_s": f"{plan.where.first / rate_hz:.4g}",
        "to_s": f"{plan.where.end / rate_hz:.4g}",
        "whole": f"{report.tracing.duration_s:.4g}",
    }
    return words.RHYTHM.said(language, said)


def _technical(
    report: EcgReport, plan: TracePage, y: float, language: Language, said: Iterable[Run] = ()
) -> Iterator[Mark]:
    """Speed, gain, filters, the order of the columns, and a ruler to lay a real one on."""
    scale = report.scale
    runs = [
        strong(words.SPEED.said(language, {"speed": f"{scale.speed_mm_s:g}"})),
        strong(words.GAIN.said(language, {"gain": f"{scale.gain_mm_mv:g}"})),
        *(strong(one) for one in filters_said(report.view_filters, language)),
    ]
    if plan.columns is not Columns.ONE:
        order = words.CONSECUTIVE if plan.columns is Columns.CONSECUTIVE else words.SIMULTANEOUS
        runs.append(plain(order.said(language)))
    if report.limb_order is LimbOrder.CABRERA and plan.kind is Kind.FIRST:
        runs.append(plain(words.CABRERA.said(language)))
    yield from run_line(LEFT, y, [*runs, *said], 180)
    yield from _ruler(y, language)


def _ruler(y: float, language: Language) -> Iterator[Mark]:
    """50 mm, in steps of 10."""
    left = RIGHT - 62
    yield words_at(left - 2 - 18, y, words.SCALE_CHECK.said(language), ink=Ink.MUTED, room_mm=18)
    yield Line(left, y - 1, left + 50, y - 1, _SCALE_CHECK)
    for k in range(6):
        half = 1.1 if k in (0, 5) else 0.6
        yield Line(left + 10 * k, y - 1 - half, left + 10 * k, y - 1 + half, _SCALE_CHECK)
    yield words_at(left + 51.5, y, "50 mm", ink=Ink.MUTED)


def _with_foot(report: EcgReport, marks: list[Mark], page: int, pages: int, language: Language) -> Page:
    return page_of([*marks, *foot(report, page, pages, language)])
