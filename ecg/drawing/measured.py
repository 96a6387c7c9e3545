"""The table of measurements: each with its unit or why it is absent, beside an earlier ECG's."""

from collections.abc import Iterator
from dataclasses import dataclass

from ecg.drawing import words
from ecg.drawing.draw_list import Anchor, Ink, Line, Mark, Pen, Rectangle
from ecg.drawing.moments import written_day
from ecg.drawing.paper import Area
from ecg.drawing.references import limits_of
from ecg.drawing.report import EcgReport
from ecg.drawing.sheet import BODY_MM, HAIR, words_at
from ecg.drawing.text_width import width_mm
from ecg.measurements import UNITS, Measure, Measured, Measurement, Measurements, Unit
from ecg.words import Language, Words

LEAST_SURE = 0.5
"""Below this confidence a value is marked."""

_ROW_MM = 3.25
_HEAD_MM = 4.2
_BAZETT_PER_MIN = (60.0, 100.0)
_OWN_ROWS = frozenset(words.MEASURE) - {Measure.P_AXIS}
_KEY_VALUES = (Measure.RATE, Measure.PR, Measure.QRS, Measure.QT, Measure.QTC_FRIDERICIA)
_LINE = Pen(Ink.RULE, 0.25)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Right edges of the columns, from the table's left; the flag begins behind the last."""

    value_from: float
    value: float
    earlier: float | None
    change: float | None
    reference: float


_ALONE = _Columns(40, 72, None, None, 98)
_COMPARED = _Columns(37, 61, 83, 93, 107)


@dataclass(frozen=True, slots=True)
class TableRow:
    """What is printed in one line; `notable`: the change is more than measuring error."""

    name: str
    value: str
    earlier: str
    change: str
    reference: str
    flag: str
    absent: bool = False
    notable: bool = False


def table_rows(report: EcgReport, language: Language) -> Iterator[TableRow]:
    """The lines of the table."""
    if report.measurements is None:
        return
    earlier = report.earlier.measurements if report.earlier else None
    for measure in words.MEASURE:
        yield _row(measure, report, report.measurements, earlier, language)


def key_values(report: EcgReport, language: Language) -> Iterator[str]:
    """The values one looks for first, each in few words, for a page that has no room for the table."""
    if report.measurements is None:
        return
    corrections = report.reading.corrections
    for measure in _KEY_VALUES:
        value = said(report.measurements.values[measure], language)
        if measure in corrections:
            value = corrected_said(measure, corrections[measure], language)
        yield f"{words.MEASURE[measure].said(language)} {value}"


def table(report: EcgReport, area: Area, language: Language) -> Iterator[Mark]:
    """The table in this area."""
    columns = _COMPARED if report.earlier else _ALONE
    yield words_at(area.x, area.y + 3.0, words.MEASUREMENTS.said(language), 3.0, bold=True)
    yield Line(area.x, area.y + _HEAD_MM, area.right, area.y + _HEAD_MM, _LINE)
    if report.measurements is None:
        y = area.y + _HEAD_MM + 3.5
        yield words_at(area.x, y, words.NOT_MEASURED.said(language), ink=Ink.MUTED, room_mm=area.width)
        return
    yield from _headings(report, area, columns, language)
    rows = list(table_rows(report, language))
    wash = Area(area.x + columns.value_from, area.y + _HEAD_MM, columns.value - columns.value_from + 1, 0)
    yield Rectangle(wash.x, wash.y, wash.width, _ROW_MM * len(rows), fill=Ink.WASH)
    for k, row in enumerate(rows):
        yield from _drawn(row, area, columns, area.y + _HEAD_MM + _ROW_MM * (k + 1))


def _headings(report: EcgReport, area: Area, columns: _Columns, language: Language) -> Iterator[Mark]:
    y = area.y + 3.0
    headings = [
        (columns.value, words.THIS.said(language)),
        (columns.reference, words.REFERENCE.said(language)),
    ]
    if report.earlier and columns.earlier and columns.change:
        day = written_day(report.earlier.acquired)
        said = words.EARLIER_OF.said(language, {"day": day}) if day else words.EARLIER.said(language)
        headings += [(columns.earlier, said), (columns.change, words.CHANGE.said(language))]
    for right, heading in headings:
        yield words_at(area.x + right, y, heading, 2.6, Ink.MUTED, anchor=Anchor.END, room_mm=21)
    yield words_at(area.x + columns.reference + 2, y, words.FLAG.said(language), 2.6, Ink.MUTED)


def _drawn(row: TableRow, area: Area, columns: _Columns, bottom: float) -> Iterator[Mark]:
    y = bottom - 0.8
    yield words_at(area.x, y, row.name, room_mm=columns.value_from - 1)
    room = columns.value - width_mm(row.name, BODY_MM) - 2
    ink = Ink.MUTED if row.absent else Ink.INK
    right = area.x + columns.value
    yield words_at(right, y, row.value, BODY_MM, ink, not row.absent, Anchor.END, room)
    if columns.earlier and columns.change:
        room = columns.earlier - columns.value - 2
        yield words_at(area.x + columns.earlier, y, row.earlier, anchor=Anchor.END, room_mm=room)
        yield words_at(area.x + columns.change, y, row.change, bold=row.notable, anchor=Anchor.END)
    yield words_at(area.x + columns.reference, y, row.reference, ink=Ink.MUTED, anchor=Anchor.END)
    x = area.x + columns.reference + 2
    yield words_at(x, y, row.flag, bold=True, room_mm=area.right - x)
    yield Line(area.x, bottom, area.right, bottom, HAIR)


def _row(
    measure: Measure, report: EcgReport, now: Measurements, then: Measurements | None, language: Language
) -> TableRow:
    if measure in _OWN_ROWS and measure in report.reading.corrections:
        return _corrected_row(measure, report, now, then, language)
    limits = limits_of(measure, report.age_years, report.person.sex)
    return TableRow(
        name=words.MEASURE[measure].said(language),
        value=_printed(measure, now, language),
        earlier=_printed(measure, then, language, short=True) if then else "",
        change=_change(measure, now.values[measure], then.values[measure]) if then else "",
        reference=limits.printed() if limits else "",
        flag=_flag(measure, report, now, language),
        absent=not _is_there(measure, now),
        notable=report.earlier is not None and measure in report.earlier.notable,
    )


def _corrected_row(
    measure: Measure, report: EcgReport, now: Measurements, then: Measurements | None, language: Language
) -> TableRow:
    """The physician's value, with the machine's beside it."""
    corrected = report.reading.corrections[measure]
    limits = limits_of(measure, report.age_years, report.person.sex)
    machine = _short(now.values[measure], language)
    change = ""
    if then is not None and corrected is not None:
        change = _change(measure, _as_measured(measure, corrected), then.values[measure])
    return TableRow(
        name=words.MEASURE[measure].said(language),
        value=corrected_said(measure, corrected, language),
        earlier=_printed(measure, then, language, short=True) if then else "",
        change=change,
        reference=limits.printed() if limits else "",
        flag=words.CORRECTED.said(language, {"machine": machine}),
    )


def corrected_said(measure: Measure, value: float | None, language: Language) -> str:
    """A physician's value in words; None: it cannot be measured."""
    if value is None:
        return words.CORRECTED_AWAY.said(language)
    return said(_as_measured(measure, value), language)


def other_corrections(report: EcgReport, language: Language) -> Iterator[str]:
    """A sentence for every correction that has no row of its own."""
    for measure, value in report.reading.corrections.items():
        if measure not in _OWN_ROWS or report.measurements is None:
            name = (words.OTHER_MEASURE.get(measure) or words.MEASURE[measure]).said(language)
            printed = corrected_said(measure, value, language)
            yield words.NOTE_CORRECTED.said(language, {"measure": name, "value": printed})


def _as_measured(measure: Measure, value: float | None) -> Measured:
    return Measured(0.0 if value is None else value, UNITS[measure], 1.0)


def _short(value: Measurement, language: Language) -> str:
    return _number(value.value) if isinstance(value, Measured) else words.ABSENT.said(language)


def _printed(measure: Measure, of: Measurements, language: Language, *, short: bool = False) -> str:
    if measure is Measure.RR_MEAN:
        return _rr(of, language, short)
    if measure is Measure.P_AXIS:
        return _two_axes(of, language, short)
    value = of.values[measure]
    return _short(value, language) if short else said(value, language)


def _is_there(measure: Measure, of: Measurements) -> bool:
    """Whether all that is printed in this line was measured."""
    needed = (Measure.P_AXIS, Measure.T_AXIS) if measure is Measure.P_AXIS else (measure,)
    return all(of.of(one) is not None for one in needed)


def said(measurement: Measurement, language: Language) -> str:
    """A value with its unit, or why there is none."""
    if not isinstance(measurement, Measured):
        return words.WHY[measurement.why].said(language)
    number = _number(measurement.value)
    if measurement.unit is Unit.DEGREE:
        return f"{number}°"
    unit = words.PER_MIN.said(language) if measurement.unit is Unit.PER_MIN else str(measurement.unit)
    return f"{number} {unit}"


def _rr(of: Measurements, language: Language, short: bool) -> str:
    shortest, longest = of.of(Measure.RR_MIN), of.of(Measure.RR_MAX)
    mean = of.values[Measure.RR_MEAN]
    if short:
        return _short(mean, language)
    if shortest is None or longest is None or not isinstance(mean, Measured):
        return said(mean, language)
    return f"{_number(mean.value)} ({_number(shortest)}–{_number(longest)}) ms"


def _two_axes(of: Measurements, language: Language, short: bool) -> str:
    """P and T in one line: two numbers where both are there, each by its name otherwise."""
    p, t = of.values[Measure.P_AXIS], of.values[Measure.T_AXIS]
    if isinstance(p, Measured) and isinstance(t, Measured):
        return f"{_number(p.value)}, {_number(t.value)}" + ("" if short else "°")
    if short:
        return f"{_short(p, language)}, {_short(t, language)}"
    return f"P: {said(p, language)}, T: {said(t, language)}"


def _change(measure: Measure, now: Measurement, then: Measurement) -> str:
    """Later minus earlier; of axes the shorter way round. P and T share a line, which has no difference."""
    if not isinstance(now, Measured) or not isinstance(then, Measured) or measure is Measure.P_AXIS:
        return ""
    difference = _rounded(now.value) - _rounded(then.value)
    if now.unit is Unit.DEGREE:
        difference = (difference + 180) % 360 - 180
    return f"+{difference}" if difference > 0 else _number(difference)


def _flag(measure: Measure, report: EcgReport, of: Measurements, language: Language) -> str:
    value = of.values[measure]
    if not isinstance(value, Measured):
        return ""
    limits = limits_of(measure, report.age_years, report.person.sex)
    number = _rounded(value.value)
    if measure is Measure.QTC_BAZETT and bazett_misleads(of):
        return words.BAZETT_OFF.said(language)
    flags = []
    if limits and (limits.is_below(number) or limits.is_above(number)):
        flags.append(_outside(measure, number, limits.is_above(number)).said(language))
    if value.confidence < LEAST_SURE:
        flags.append(words.UNSURE.said(language))
    return " ".join(flags)


def bazett_misleads(of: Measurements) -> bool:
    """Whether Bazett's QTc is printed at a rate at which it is known to be off."""
    rate = of.of(Measure.RATE)
    measured = of.of(Measure.QTC_BAZETT) is not None
    return measured and rate is not None and not _BAZETT_PER_MIN[0] <= rate <= _BAZETT_PER_MIN[1]


def _outside(measure: Measure, value: float, above: bool) -> Words:
    if measure is Measure.QRS_AXIS:
        if value < -90 or value > 180:
            return words.AXIS_EXTREME
        return words.AXIS_RIGHT if above else words.AXIS_LEFT
    if measure is Measure.RATE:
        return words.HIGH if above else words.LOW
    return words.LONG if above else words.SHORT


def _rounded(value: float) -> int:
    return int(value + 0.5) if value >= 0 else -int(0.5 - value)


def _number(value: float) -> str:
    return str(_rounded(value)).replace("-", "−")
