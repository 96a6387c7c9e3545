"""The header of an EDF or EDF+ file: fixed fields of ASCII, 256 bytes and 256 more for each signal.

Kemp et al. 1992; Kemp and Olivan 2003 (EDF+). The fields that name the patient are never read.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from ecg.description import Filters
from ecg.errors import SourceUnreadable
from ecg.files.date_times import start_of
from ecg.files.fields import NV_PER_UNIT, number, printable, whole

MAGIC = b"0       "
ANNOTATIONS_LABEL = "EDF Annotations"
MAX_SIGNALS = 256
UNKNOWN_DATE = "Startdate X "
"""How EDF+ begins the recording field when the date is not known; the header's own is then meaningless."""

_WIDTHS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
"""Of each signal: label, transducer, unit, physical and digital limits, prefilter, samples, reserved."""

_DATE = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{2})")
_LONG_DATE = re.compile(r"Startdate ([0-9]{2})-([A-Z]{3})-([0-9]{4})( |$)")
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
_FILTER = re.compile(r"\b(HP|LP|N)[: ]\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(m?)Hz", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdfSignal:
    """One signal as the header describes it; `nv_per_step` None: not a voltage or an annotation signal.

    `inverted`: the physical limits run against the digital ones, so samples change their sign.
    """

    label: str
    nv_per_step: float | None
    zero: float
    inverted: bool
    samples_per_record: int
    filters: Filters

    @property
    def is_annotations(self) -> bool:
        """Whether it holds annotations in place of samples."""
        return self.label == ANNOTATIONS_LABEL


@dataclass(frozen=True, slots=True, kw_only=True)
class EdfHeader:
    """What the header says; `record_count` None: the recorder did not close the file.

    `plus`: EDF+. `discontinuous`: EDF+D, where each record says when it starts.
    """

    plus: bool
    discontinuous: bool
    acquired: str
    record_count: int | None
    record_s: Fraction
    signals: tuple[EdfSignal, ...]

    @property
    def header_bytes(self) -> int:
        """Where the first record begins."""
        return 256 * (len(self.signals) + 1)

    @property
    def record_bytes(self) -> int:
        """How long each record is."""
        return 2 * sum(signal.samples_per_record for signal in self.signals)


def parse_edf_header(data: bytes, name: str) -> EdfHeader:
    """Read the header; SourceUnreadable names the byte and the field that is wrong."""
    if len(data) < 256:
        raise SourceUnreadable(f"{name}, byte {len(data)}: ends in the header of 256 bytes")
    signal_count = whole(_text(data, 252, 4), f"{name}, byte 252: number of signals", 1, MAX_SIGNALS)
    size = 256 * (signal_count + 1)
    whole(_text(data, 184, 8), f"{name}, byte 184: bytes in header", size, size)
    if len(data) < size:
        raise SourceUnreadable(f"{name}, byte {len(data)}: ends in the header of {size} bytes")
    records = whole(_text(data, 236, 8), f"{name}, byte 236: number of data records", -1, 99_999_999)
    duration = _text(data, 244, 8).strip(" ")
    number(duration, f"{name}, byte 244: duration of a data record", 1e-6, 1e8)
    reserved = _text(data, 192, 5)
    if reserved.startswith("EDF+") and reserved not in ("EDF+C", "EDF+D"):
        # Which of the two decides whether the records have gaps between them.
        raise SourceUnreadable(f"{name}, byte 192: EDF+ that is neither EDF+C nor EDF+D")
    return EdfHeader(
        plus=reserved in ("EDF+C", "EDF+D"),
        discontinuous=reserved == "EDF+D",
        acquired=_acquired(data, name),
        record_count=None if records == -1 else records,
        record_s=Fraction(duration),
        signals=tuple(_signal(data, name, signal_count, k) for k in range(signal_count)),
    )


def _text(data: bytes, at: int, size: int) -> str:
    return data[at : at + size].decode("latin-1")


def _acquired(data: bytes, name: str) -> str:
    """The start as a DICOM DT; of the long date's field nothing but the date is read."""
    place = f"{name}, byte 168: start date and time"
    date, time = _DATE.fullmatch(_text(data, 168, 8)), _DATE.fullmatch(_text(data, 176, 8))
    if date is None or time is None:
        raise SourceUnreadable(f"{place} are not dd.mm.yy and hh.mm.ss")
    day, month, short_year = (int(part) for part in date.groups())
    hour, minute, second = (int(part) for part in time.groups())
    # The header's own rule: 85 to 99 are of the last century.
    year = short_year + (1900 if short_year >= 85 else 2000)
    if _text(data, 88, 12) == UNKNOWN_DATE:
        return ""
    long_date = _LONG_DATE.match(_text(data, 88, 80))
    if long_date and long_date[2] in _MONTHS:
        day, month, year = int(long_date[1]), _MONTHS.index(long_date[2]) + 1, int(long_date[3])
    acquired = f"{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}"
    if start_of(acquired) is None:
        raise SourceUnreadable(f"{place} are not on the clock or the calendar")
    return acquired


def _signal(data: bytes, name: str, count: int, row: int) -> EdfSignal:
    fields, places, at = [], [], 256
    for width in _WIDTHS:
        places.append(at + row * width)
        fields.append(_text(data, places[-1], width))
        at += width * count
    samples = whole(fields[8], f"{name}, byte {places[8]}: samples in a data record", 1, 1 << 24)
    label = printable(fields[0])
    nv_per_unit = NV_PER_UNIT.get(fields[2].strip(" "))
    if label == ANNOTATIONS_LABEL or nv_per_unit is None:
        return EdfSignal(
            label=label,
            nv_per_step=None,
            zero=0,
            inverted=False,
            samples_per_record=samples,
            filters=Filters(),
        )
    nv_per_step, zero = _scale(name, fields, places)
    return EdfSignal(
        label=label,
        nv_per_step=abs(nv_per_step) * nv_per_unit,
        zero=-zero if nv_per_step < 0 else zero,
        inverted=nv_per_step < 0,
        samples_per_record=samples,
        filters=filters_of(fields[7]),
    )


def _scale(name: str, fields: list[str], places: list[int]) -> tuple[float, float]:
    """Units a step, negative when inverted, and the step of 0 V; from the two pairs of limits, exactly."""
    for k, what in ((3, "physical minimum"), (4, "physical maximum")):
        number(fields[k], f"{name}, byte {places[k]}: {what}", -1e12, 1e12)
    low, high = (
        whole(fields[k], f"{name}, byte {places[k]}: digital {what}", -32768, 32767)
        for k, what in ((5, "minimum"), (6, "maximum"))
    )
    bottom, top = Fraction(fields[3].strip(" ")), Fraction(fields[4].strip(" "))
    if low >= high or bottom == top:
        raise SourceUnreadable(
            f"{name}, byte {places[3]}: limits {low} to {high} steps for {float(bottom)} to {float(top)};"
            " both must have an extent"
        )
    per_step = (top - bottom) / (high - low)
    return float(per_step), float(low - bottom / per_step)


def filters_of(prefilter: str) -> Filters:
    """What the prefilter field says, e.g. "HP:0.05Hz LP:150Hz N:50Hz"; nothing where it says nothing."""
    stated = {
        kind.upper(): float(value) / (1000 if milli else 1)
        for kind, value, milli in _FILTER.findall(prefilter)
    }
    return Filters(low_hz=stated.get("HP"), high_hz=stated.get("LP"), notch_hz=stated.get("N"))
