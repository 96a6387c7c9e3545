"""The physician's part: interpretation, who signed and when, what was added; and the foot of every page."""

from collections.abc import Iterator

from ecg.drawing import words
from ecg.drawing.draw_list import Anchor, Ink, Line, Mark, Pen, Rectangle
from ecg.drawing.moments import written_time
from ecg.drawing.prose import drawn, fitted, wrapped
from ecg.drawing.report import EcgReport, Role
from ecg.drawing.sheet import (
    BODY_MM,
    FOOT_Y,
    LEFT,
    RIGHT,
    RULE,
    SIGNING,
    THIN,
    WIDTH,
    Paragraph,
    Run,
    plain,
    run_line,
    words_at,
)
from ecg.drawing.text_width import lines_of
from ecg.statements.words import NOT_A_DIAGNOSIS
from ecg.words import Language

_TEXT_MM = 150.0
_INSIDE_MM = 2.0
_LINES = 3
_BETWEEN = Pen(Ink.RULE, 0.2)


def signing(report: EcgReport, text_page: int, language: Language) -> Iterator[Mark]:
    """Interpretation to the left, signatures to the right; what does not fit is on `text_page`."""
    area = SIGNING
    yield Rectangle(area.x, area.y, area.width, area.height, pen=RULE)
    yield Line(area.x + _TEXT_MM, area.y, area.x + _TEXT_MM, area.bottom, _BETWEEN)
    yield from _interpretation(report, text_page, language)
    x = area.x + _TEXT_MM + _INSIDE_MM
    roles = [Role.REPORTED]
    if report.reading.needs_verification or report.reading.signature(Role.VERIFIED):
        roles.append(Role.VERIFIED)
    for k, role in enumerate(roles):
        yield from _signature(report, role, x, area.y + 4.0 + 4.2 * k, language)
    below = _below_signatures(report, text_page, language)
    yield from run_line(x, area.bottom - 1.4, [plain(one) for one in below], RIGHT - x - 2, 2.3)


def interpretation_is_cut(report: EcgReport) -> bool:
    """Whether the interpretation needs more room than the first page has."""
    room = _TEXT_MM - 2 * _INSIDE_MM
    return len(lines_of(report.reading.interpretation, BODY_MM, room)) > _LINES


def full_texts(report: EcgReport, language: Language) -> Iterator[Paragraph]:
    """The interpretation where it was cut, and every addendum."""
    reading = report.reading
    if interpretation_is_cut(report):
        yield Paragraph(words.INTERPRETATION.said(language), reading.interpretation)
    for number, one in enumerate(reading.addenda, 1):
        said = {"number": str(number), "author": one.author, "at": written_time(one.at)}
        yield Paragraph(words.ADDENDUM.said(language, said), one.text)


def _interpretation(report: EcgReport, text_page: int, language: Language) -> Iterator[Mark]:
    area, room = SIGNING, _TEXT_MM - 2 * _INSIDE_MM
    title = [Run(words.INTERPRETATION.said(language), bold=True)]
    text = report.reading.interpretation
    if not text.strip():
        title.append(plain(words.NOT_YET_WRITTEN.said(language)))
    yield from run_line(area.x + _INSIDE_MM, area.y + 3.6, title, room)
    lines = fitted(list(wrapped(Run(text), room)), _LINES, text_page, language).lines
    yield from drawn(lines, area.x + _INSIDE_MM, area.y + 7.1, room, 3.4)


def _signature(report: EcgReport, role: Role, x: float, y: float, language: Language) -> Iterator[Mark]:
    given = report.reading.signature(role)
    yield words_at(x, y, words.ROLE[role].said(language), ink=Ink.MUTED, room_mm=18)
    yield Line(x + 19, y + 0.7, x + 59, y + 0.7, THIN)
    yield words_at(x + 62, y, words.TIME.said(language), ink=Ink.MUTED)
    yield Line(x + 70, y + 0.7, RIGHT - 2, y + 0.7, THIN)
    if given is None:
        yield words_at(x + 20, y, words.NOT_SIGNED.said(language), ink=Ink.MUTED)
        return
    yield words_at(x + 20, y, given.name, bold=True, room_mm=38)
    yield words_at(x + 71, y, written_time(given.at), room_mm=RIGHT - x - 73)


def _below_signatures(report: EcgReport, text_page: int, language: Language) -> Iterator[str]:
    reading = report.reading
    if reading.addenda:
        said = {"count": str(len(reading.addenda)), "page": str(text_page)}
        yield words.ADDENDA.said(language, said)
    if reading.digest:
        yield words.DIGEST.said(language, {"digest": reading.digest})


def foot(report: EcgReport, page: int, pages: int, language: Language) -> Iterator[Mark]:
    """What holds for every page, in both languages; the program and its version, the page's number."""
    other = Language.EN if language is Language.ZH else Language.ZH
    y = FOOT_Y
    yield words_at(LEFT, y, NOT_A_DIAGNOSIS.said(language), bold=True, room_mm=180)
    yield words_at(LEFT, y + 3.8, NOT_A_DIAGNOSIS.said(other), 2.5, Ink.MUTED, room_mm=180)
    printed = [words.FULL_SIZE.said(language)]
    if report.printed is not None:
        printed.insert(0, words.PRINTED.said(language, {"at": written_time(report.printed)}))
    number = words.PAGE_OF.said(language, {"page": str(page), "pages": str(pages)})
    for k, line in enumerate((" · ".join(printed), f"{report.software} · {number}")):
        right = LEFT + WIDTH
        yield words_at(right, y + 3.8 * k, line, ink=Ink.MUTED, anchor=Anchor.END, room_mm=82)
