"""The head of a page: where, what, how far, whose. Every page of a report says whose it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from ecg.drawing import words
from ecg.drawing.draw_list import Anchor, Ink, Mark, Rectangle
from ecg.drawing.filter_words import device_band
from ecg.drawing.moments import written_moment, written_time
from ecg.drawing.report import EcgReport, Role, State
from ecg.drawing.sheet import (
    BODY_MM,
    LEFT,
    PERSON_RULES_Y,
    RIGHT,
    THIN,
    WIDTH,
    Paragraph,
    Run,
    plain,
    rule,
    run_line,
    strong,
    words_at,
)
from ecg.drawing.text_width import lines_of, width_mm
from ecg.leads import STANDARD_LEADS
from ecg.words import Language

_TITLE_MM = 5.2
_PLATE_MM = 3.7
_NAME_MM = 4.0
_ROWS_Y = (21.0, 24.9, 28.8)
_COLUMNS = (LEFT, LEFT + 62, LEFT + 110, LEFT + 180)
_NARROWEST = 0.6
"""Of their natural width; words that would be narrower are cut, and stand in full on the last page."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something named, at its place; `row` of three, within `room_mm`."""

    x: float
    row: int
    room_mm: float
    label: str
    value: str
    bold: bool = True

    @property
    def left_for_value_mm(self) -> float:
        """The room behind the label."""
        return self.room_mm - width_mm(self.label, BODY_MM) - 2.0

    @property
    def fits(self) -> bool:
        """Whether the value can be read in its room."""
        return width_mm(self.value, BODY_MM) * _NARROWEST <= self.left_for_value_mm


def head(report: EcgReport, language: Language) -> Iterator[Mark]:
    """The head of the first page."""
    yield from _sites(report, language)
    yield from _title(report, language)
    yield from status(report, language)
    yield rule(PERSON_RULES_Y[0])
    for field in _fields(report, language):
        yield from _drawn(field)
    yield from _name(report, language)
    yield rule(PERSON_RULES_Y[1])


def short_head(report: EcgReport, title: str, language: Language) -> Iterator[Mark]:
    """The head of a further page: whose ECG, of when, and what this page is."""
    person = report.person
    name = person.name or words.NOT_GIVEN.said(language)
    number = person.record_number or words.NOT_GIVEN.said(language)
    first = [plain(words.NAME.said(language)), strong(name), plain(sex_and_age(report, language))]
    second = [
        plain(words.RECORD_NUMBER.said(language)),
        strong(number),
        plain(words.ACQUIRED.said(language)),
        strong(_acquired(report, language)),
    ]
    yield from run_line(LEFT, 10.4, first, 90)
    yield from run_line(LEFT, 14.8, second, 110)
    centre = LEFT + WIDTH / 2
    yield words_at(centre + 12, 11.4, title, 3.6, bold=True, anchor=Anchor.MIDDLE, room_mm=74)
    if report.simulated:
        yield from _simulated(centre + 12, 12.9, language)
    yield from status(report, language)
    yield rule(18.2)


def cut_fields(report: EcgReport, language: Language) -> Iterator[Paragraph]:
    """What did not fit the head, in full."""
    for field in _fields(report, language):
        if not field.fits:
            yield Paragraph(field.label, field.value)


def sex_and_age(report: EcgReport, language: Language) -> str:
    """Both, each with what is not known said."""
    unknown = words.NOT_GIVEN.said(language)
    sex = words.SEX[report.person.sex].said(language) if report.person.sex else unknown
    years = report.age_years
    age = words.YEARS.said(language, {"years": str(years)}) if years is not None else unknown
    return f"{sex} / {age}"


def status(report: EcgReport, language: Language) -> Iterator[Mark]:
    """How far the report has come: dark as long as it is not signed."""
    state = report.reading.state
    plate = words.PLATE[state].said(language)
    lines = [_state_line(report, language)]
    if report.number:
        lines.append(words.REPORT_NUMBER.said(language, {"number": report.number}))
    wide = min(max(width_mm(line, BODY_MM) for line in lines), 66.0)
    plate_wide = width_mm(plate, _PLATE_MM) + 5
    left = RIGHT - wide - plate_wide - 4
    signed = state is State.SIGNED
    yield Rectangle(left, 6.0, plate_wide, 9.8, fill=Ink.WHITE if signed else Ink.INK)
    yield Rectangle(left, 6.0, RIGHT - left, 9.8, pen=THIN)
    ink = Ink.INK if signed else Ink.WHITE
    yield words_at(left + plate_wide / 2, 12.2, plate, _PLATE_MM, ink, bold=True, anchor=Anchor.MIDDLE)
    for k, line in enumerate(lines):
        y = 12.0 if len(lines) == 1 else 10.2 + 3.9 * k
        yield words_at(left + plate_wide + 2, y, line, bold=k == 0, room_mm=wide)


def _state_line(report: EcgReport, language: Language) -> str:
    state = report.reading.state
    last = report.reading.signature(Role.VERIFIED) or report.reading.signature(Role.REPORTED)
    if state is not State.SIGNED or last is None:
        return words.STATE[state].said(language)
    return words.STATE[state].said(language, {"name": last.name, "at": written_time(last.at)})


def _sites(report: EcgReport, language: Language) -> Iterator[Mark]:
    of = report.circumstances
    sites = [(words.ACQUIRED_AT, of.site), (words.READ_AT, of.reading_site)]
    for k, (label, site) in enumerate(sites):
        if site or k == 0:
            runs = [plain(label.said(language)), strong(site or words.NOT_GIVEN.said(language))]
            yield from run_line(LEFT, 9.8 + 4.2 * k, runs, 82)


def _title(report: EcgReport, language: Language) -> Iterator[Mark]:
    leads = {channel.lead for channel in report.tracing.channels}
    title = words.TITLE_OF_TWELVE if leads >= set(STANDARD_LEADS) else words.TITLE
    centre = LEFT + WIDTH / 2 - 4
    yield words_at(centre, 11.0, title.said(language), _TITLE_MM, bold=True, anchor=Anchor.MIDDLE)
    if report.simulated:
        yield from _simulated(centre, 12.6, language)


def _simulated(centre: float, top: float, language: Language) -> Iterator[Mark]:
    said = words.SIMULATED.said(language)
    wide = width_mm(said, BODY_MM) + 4
    yield Rectangle(centre - wide / 2, top, wide, 3.8, fill=Ink.INK)
    yield words_at(centre, top + 2.9, said, ink=Ink.WHITE, bold=True, anchor=Anchor.MIDDLE)


def _acquired(report: EcgReport, language: Language) -> str:
    return written_moment(report.taken) or words.NOT_STATED.said(language)


def _fields(report: EcgReport, language: Language) -> Iterator[Field]:
    unknown = words.NOT_GIVEN.said(language)
    person, of = report.person, report.circumstances
    born = person.birth_date.isoformat() if person.birth_date else unknown
    first, second, third, last = _COLUMNS
    yield Field(first, 1, 60, words.SEX_AGE.said(language), sex_and_age(report, language))
    yield Field(first, 2, 60, words.BIRTH_DATE.said(language), born)
    yield Field(second, 0, 46, words.RECORD_NUMBER.said(language), person.record_number or unknown)
    yield Field(second, 1, 46, words.OPERATOR.said(language), of.operator or unknown)
    yield Field(third, 0, 68, words.ACQUIRED.said(language), _acquired(report, language))
    yield Field(third, 1, 68, words.DEVICE.said(language), of.device or report.tracing.device or unknown)
    yield Field(second, 2, 116, words.SIGNAL.said(language), _signal(report, language), bold=False)
    yield Field(last, 0, RIGHT - last, words.INDICATION.said(language), of.indication or unknown, bold=False)
    yield Field(last, 1, RIGHT - last, words.MEDICATION.said(language), of.medication or unknown, bold=False)


def _signal(report: EcgReport, language: Language) -> str:
    tracing = report.tracing
    said = {
        "count": str(len(tracing.channels)),
        "rate": f"{tracing.rate_hz:g}",
        "filters": device_band(tracing, language),
    }
    return words.SIGNAL_OF.said(language, said)


def _drawn(field: Field) -> Iterator[Mark]:
    y = _ROWS_Y[field.row]
    value = field.value
    if not field.fits:
        value = lines_of(field.value, BODY_MM, field.left_for_value_mm - 3)[0] + " …"
    yield from run_line(field.x, y, [plain(field.label), Run(value, field.bold)], field.room_mm)


def _name(report: EcgReport, language: Language) -> Iterator[Mark]:
    label = words.NAME.said(language)
    name = report.person.name or words.NOT_GIVEN.said(language)
    x = LEFT + width_mm(label, BODY_MM) + 2.0
    room = _COLUMNS[1] - x - 2
    size = _NAME_MM if width_mm(name, _NAME_MM) <= room else BODY_MM
    yield words_at(LEFT, _ROWS_Y[0], label, ink=Ink.MUTED)
    yield words_at(x, _ROWS_Y[0], name, size, bold=True, room_mm=room)
