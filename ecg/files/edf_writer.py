"""Writing EDF+: samples bit for bit, gaps as EDF+D, annotations with their times.

EDF has neither missing samples nor a last record that is shorter: a gap must run through all channels, and
where the last record is filled up, the standard annotation "Recording ends" tells where the signal stops.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ecg.annotations import Annotation, AnnotationCode
from ecg.description import Filters
from ecg.errors import SignalError
from ecg.files.date_times import start_of
from ecg.files.edf_annotations import RECORDING_ENDS, annotation_lists, timekeeping_list
from ecg.files.edf_header import ANNOTATIONS_LABEL, MAGIC, UNKNOWN_DATE
from ecg.tracing import Channel, Tracing

MAX_RECORDS = 100_000
MAX_ERROR_STEPS = 0.1
"""The limits of the scale have eight characters each; so far may a voltage be off for it."""

_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
_RANGES = ((-32768, 32767), (-32767, 32767), (-32000, 32000), (-20000, 20000), (-10000, 10000), (-2048, 2047))


@dataclass(frozen=True, slots=True)
class _Scale:
    unit: str
    physical: tuple[str, str]
    digital: tuple[int, int]
    error_steps: float


@dataclass(frozen=True, slots=True)
class _Records:
    """Where records begin, how many samples each holds, and the samples of filling in the last."""

    places: tuple[int, ...]
    samples: int
    seconds: Fraction
    filling: int


def write_edf(tracing: Tracing) -> bytes:
    """The tracing as an EDF+C file, or EDF+D where it has gaps; SignalError for what EDF+ cannot hold."""
    gaps = tracing.gaps()
    for channel in tracing.channels:
        if np.count_nonzero(channel.missing) != sum(gap.count for gap in gaps):
            raise SignalError(f"{channel.name}: values missing that other channels have; EDF+ cannot hold it")
    records = _records(tracing)
    scales = [_scale(channel) for channel in tracing.channels]
    said = _said(tracing, records)
    width = max(len(text) for text in said)
    width += width % 2
    rows = [_rows(channel, scale, records) for channel, scale in zip(tracing.channels, scales, strict=True)]
    notes = np.frombuffer(b"".join(text.ljust(width, b"\0") for text in said), "<i2").reshape(len(said), -1)
    body = np.concatenate([*rows, notes], axis=1)
    return _header(tracing, records, scales, width // 2, bool(gaps)) + body.astype("<i2").tobytes()


def _records(tracing: Tracing) -> _Records:
    rate = Fraction(repr(tracing.rate_hz))
    runs = _runs(tracing)
    if len(runs) == 1:
        samples = rate.numerator
    else:
        samples = _common_length([end - first for first, end in runs[:-1]], rate)
    seconds = samples / rate
    if len(_decimal(seconds, 8)) > 8 or Fraction(_decimal(seconds, 8)) != seconds:
        raise SignalError(
            f"records of {samples} samples at {tracing.rate_hz} Hz have no duration in 8 digits"
        )
    places = tuple(place for first, end in runs for place in range(first, end, samples))
    if len(places) > MAX_RECORDS:
        raise SignalError(f"{len(places)} records; at most {MAX_RECORDS}")
    return _Records(places, samples, seconds, places[-1] + samples - tracing.sample_count)


def _runs(tracing: Tracing) -> list[tuple[int, int]]:
    """First sample and end of every stretch between gaps."""
    edges = [0]
    for gap in tracing.gaps():
        edges += [gap.first, gap.end]
    edges.append(tracing.sample_count)
    runs = list(zip(edges[::2], edges[1::2], strict=True))
    if runs[0][0] == runs[0][1] or runs[-1][0] == runs[-1][1]:
        raise SignalError("begins or ends with a gap; EDF+ cannot hold it")
    return runs


def _common_length(lengths: list[int], rate: Fraction) -> int:
    """The longest record that fills each stretch exactly and lasts a time that eight digits can tell."""
    common = math.gcd(*lengths)
    divisors = {d for k in range(1, math.isqrt(common) + 1) if common % k == 0 for d in (k, common // k)}
    for samples in sorted(divisors, reverse=True):
        seconds = samples / rate
        if samples <= 1 << 22 and Fraction(_decimal(seconds, 8)) == seconds:
            return samples
    raise SignalError(f"gaps that no record of whole samples at {float(rate)} Hz fits between")


def _decimal(value: Fraction, size: int) -> str:
    """The value in at most `size` characters, as exactly as they allow."""
    for digits in range(size - 2, -1, -1):
        text = f"{float(round(value, digits)):.{digits}f}"
        if len(text) <= size:
            return text.rstrip("0").rstrip(".") if "." in text else text
    raise SignalError(f"{float(value)} does not fit {size} characters")


def _scale(channel: Channel) -> _Scale:
    """The pair of limits that tells the channel's scale best."""
    present = channel.samples[~channel.missing]
    low, high = int(present.min()), int(present.max())
    if not -32768 <= low <= high <= 32767:
        raise SignalError(f"{channel.name}: {low} to {high} steps; EDF+ holds 16 bits")
    tight = (low, max(high, low + 1)) if low < 32767 else (low - 1, low)
    ranges = [of for of in (*_RANGES, tight) if of[0] <= low and high <= of[1]]
    scales = [
        scale for of in ranges for unit in ("uV", "mV") if (scale := _stated(channel, unit, of)) is not None
    ]
    best = min(scales, key=lambda scale: scale.error_steps, default=None)
    if best is None or best.error_steps > MAX_ERROR_STEPS:
        raise SignalError(f"{channel.name}: steps of {channel.nv_per_step} nV cannot be told in 8 characters")
    return best


def _stated(channel: Channel, unit: str, digital: tuple[int, int]) -> _Scale | None:
    nv_per_unit = 1000 if unit == "uV" else 1_000_000
    step = Fraction(repr(channel.nv_per_step)) / nv_per_unit
    zero = Fraction(repr(float(channel.zero)))
    exact = [(end - zero) * step for end in digital]
    try:
        texts = [_decimal(value, 8) for value in exact]
    except SignalError:
        return None
    if Fraction(texts[0]) >= Fraction(texts[1]):
        return None
    errors = [abs(Fraction(text) - value) / step for text, value in zip(texts, exact, strict=True)]
    return _Scale(unit, (texts[0], texts[1]), digital, float(max(errors)))


def _rows(channel: Channel, scale: _Scale, records: _Records) -> NDArray[np.int16]:
    """The channel cut into records, the last filled up with its last value."""
    values = np.append(channel.samples, np.repeat(channel.samples[-1:], max(records.filling, 0)))
    return np.stack([values[at : at + records.samples] for at in records.places]).astype(np.int16)


def _said(tracing: Tracing, records: _Records) -> list[bytes]:
    """The annotation signal of each record."""
    first_s = _first_second(tracing)
    rate = Fraction(repr(tracing.rate_hz))
    of_record: list[list[tuple[str, str, str]]] = [[] for _ in records.places]
    places = np.array(records.places)
    for annotation in tracing.annotations:
        k = max(int(np.searchsorted(places, annotation.sample, "right")) - 1, 0)
        onset = _seconds(first_s + annotation.sample / rate)
        lasts = _seconds(Fraction(repr(annotation.duration_s))) if annotation.duration_s else ""
        of_record[k].append((onset, lasts, _text(annotation)))
    if records.filling:
        of_record[-1].append((_seconds(first_s + tracing.sample_count / rate), "", RECORDING_ENDS))
    return [
        timekeeping_list(_seconds(first_s + place / rate)) + annotation_lists(texts)
        for place, texts in zip(records.places, of_record, strict=True)
    ]


def _text(annotation: Annotation) -> str:
    text = "".join(c for c in annotation.text if c >= " ")
    if annotation.code is AnnotationCode.NOTE:
        return text or annotation.code.symbol
    return f"{annotation.code.symbol} {text}".strip()


def _seconds(value: Fraction) -> str:
    return f"{float(value):.9f}".rstrip("0").rstrip(".")


def _first_second(tracing: Tracing) -> Fraction:
    """The fraction of a second at which the signal starts."""
    start = start_of(tracing.acquired)
    return Fraction(f"0.{start.time.partition('.')[2] or 0}") if start else Fraction(0)


def _header(
    tracing: Tracing, records: _Records, scales: list[_Scale], annotation_samples: int, gaps: bool
) -> bytes:
    count = len(tracing.channels) + 1
    date, time, long_date = _start(tracing.acquired)
    columns = [
        _column(channel, scale, records.samples)
        for channel, scale in zip(tracing.channels, scales, strict=True)
    ]
    columns.append((ANNOTATIONS_LABEL, "", "", "-1", "1", "-32768", "32767", "", str(annotation_samples), ""))
    widths = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
    fields = [
        _field("X X X X", 80),
        _field(f"{long_date} X X X", 80),
        _field(date, 8),
        _field(time, 8),
        _field(str(256 * (count + 1)), 8),
        _field("EDF+D" if gaps else "EDF+C", 44),
        _field(str(len(records.places)), 8),
        _field(_decimal(records.seconds, 8), 8),
        _field(str(count), 4),
        *(_field(column[k], width) for k, width in enumerate(widths) for column in columns),
    ]
    return MAGIC + b"".join(fields)


def _start(acquired: str) -> tuple[str, str, str]:
    """Date, time and long date of the header; the smallest of all where it is not known."""
    start = start_of(acquired)
    if start is None or len(start.time) < 6:
        return "01.01.85", "00.00.00", UNKNOWN_DATE.strip()
    year, month, day = start.date[:4], start.date[4:6], start.date[6:]
    return (
        f"{day}.{month}.{year[2:]}",
        f"{start.time[:2]}.{start.time[2:4]}.{start.time[4:6]}",
        f"Startdate {day}-{_MONTHS[int(month) - 1]}-{year}",
    )


def _column(channel: Channel, scale: _Scale, samples: int) -> tuple[str, ...]:
    label = channel.name if channel.name.upper().startswith("ECG") else f"ECG {channel.name}"
    return (
        label[:16],
        "",
        scale.unit,
        *scale.physical,
        *(str(end) for end in scale.digital),
        _prefilter(channel.filters),
        str(samples),
        "",
    )


def _prefilter(filters: Filters) -> str:
    named = (("HP", filters.low_hz), ("LP", filters.high_hz), ("N", filters.notch_hz))
    return " ".join(f"{name}:{value:g}Hz" for name, value in named if value is not None)


def _field(text: str, width: int) -> bytes:
    return text.encode("ascii", "replace").ljust(width)[:width]
