"""Columns of numbers with a declared layout: nothing in a CSV says how large a step is, so somebody must.

A file of this program declares itself in its first lines ("# ECG CSV 1"); for any other file the caller
gives a `CsvLayout`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from ecg.errors import SignalError, SourceUnreadable
from ecg.files.date_times import start_of
from ecg.files.fields import number, printable
from ecg.lead_codes import lead_of_name
from ecg.tracing import Channel, FileKind, Samples, Tracing

MAGIC = "# ECG CSV 1"
MAX_FILE_BYTES = 16 << 20
MAX_COLUMNS = 64
FINEST_NV = 1.0
"""Decimals finer than this are rounded, and said to be: no amplifier resolves a nanovolt."""

_LINES_AT_ONCE = 4096
_NUMBERS = re.compile(rb"[0-9+\-.,;\t eE]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvLayout:
    """What the columns are; SignalError when it cannot be.

    `columns`: the name of each, None for one to leave aside (a clock, say). `nv_per_unit`: nanovolts for
    the number 1, e.g. 1e6 when the numbers are millivolts. `skip_lines`: how many come before the numbers.
    """

    rate_hz: float
    columns: tuple[str | None, ...]
    nv_per_unit: float
    delimiter: str = ","
    skip_lines: int = 0
    decimal_comma: bool = False
    acquired: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.rate_hz <= 32_000 or not 0 < self.nv_per_unit <= 1e9:
            raise SignalError(
                f"{self.rate_hz} Hz and {self.nv_per_unit} nV; 1 to 32000 and up to 1e9 are right"
            )
        if not 1 <= len(self.columns) <= MAX_COLUMNS or not any(self.columns):
            raise SignalError(f"{len(self.columns)} columns; 1 to {MAX_COLUMNS}, and at least one a lead")
        if self.delimiter not in (",", ";", "\t", " ") or (self.decimal_comma and self.delimiter == ","):
            raise SignalError(f"delimiter {self.delimiter!r}; comma, semicolon, tab or space is right")


def read_csv(data: bytes, name: str, layout: CsvLayout) -> Tracing:
    """Read a file of that layout; SourceUnreadable names the line that breaks it. An empty field is missing.

    Decimals are kept exactly as whole steps of a power of ten; finer than a nanovolt is rounded, with a note.
    """
    values = _numbers(data, name, layout)
    channels, notes = [], []
    for column, column_name in enumerate(layout.columns):
        if column_name is None:
            continue
        samples, nv_per_step, rounded = _in_steps(
            f"{name}, {column_name}", values[:, column], layout.nv_per_unit
        )
        channels.append(_channel(f"{name}, {column_name}", column_name, samples, nv_per_step))
        if rounded:
            notes.append(f"{column_name} rounded to steps of {nv_per_step:g} nV")
    return _tracing(name, layout.rate_hz, channels, layout.acquired, notes)


def looks_like_declared_csv(data: bytes) -> bool:
    """Whether the file declares its own layout."""
    return data.startswith((MAGIC + "\n").encode()) or data.startswith((MAGIC + "\r\n").encode())


def read_declared_csv(data: bytes, name: str) -> Tracing:
    """Read a file that declares itself, as `write_csv` makes it: whole steps, bit for bit."""
    declared: dict[str, str] = {}
    lines = data[: 1 << 16].decode("utf-8", "replace").splitlines()
    for line in lines[1:]:
        key, colon, value = line.removeprefix("# ").partition(": ")
        if not line.startswith("# ") or not colon:
            break
        declared[key] = value
    absent = [key for key in ("rate_hz", "nv_per_step", "zero") if key not in declared]
    if absent or len(lines) < len(declared) + 2:
        raise SourceUnreadable(f"{name}: declares no {absent[0] if absent else 'leads'}")
    names = [printable(word) for word in lines[len(declared) + 1].split(",")]
    steps_nv = _declared(name, "nv_per_step", declared["nv_per_step"], len(names), 1e-9)
    zeros = _declared(name, "zero", declared["zero"], len(names), -1e12)
    (rate_hz,) = _declared(name, "rate_hz", declared["rate_hz"], 1, 1)
    try:
        layout = CsvLayout(
            rate_hz=rate_hz, columns=tuple(names), nv_per_unit=1.0, skip_lines=len(declared) + 2
        )
    except SignalError as fault:
        raise SourceUnreadable(f"{name}: {fault}") from None
    values = _numbers(data, name, layout)
    channels = [
        _channel(f"{name}, {of}", of, _whole(f"{name}, {of}", values[:, k]), steps_nv[k], zeros[k])
        for k, of in enumerate(names)
    ]
    return _tracing(name, rate_hz, channels, _acquired(name, declared.get("acquired", "")), [])


def _declared(name: str, key: str, text: str, count: int, low: float) -> list[float]:
    words = text.split(",")
    if len(words) != count:
        raise SourceUnreadable(f"{name}: {len(words)} values of {key}; {count} are right")
    return [number(word, f"{name}: {key}", low, 1e12) for word in words]


def _acquired(name: str, text: str) -> str:
    if text and start_of(text) is None:
        raise SourceUnreadable(f"{name}: acquired is no date and time of the form YYYYMMDDHHMMSS")
    return text


def _tracing(
    name: str, rate_hz: float, channels: Sequence[Channel], acquired: str, notes: list[str]
) -> Tracing:
    try:
        return Tracing(
            kind=FileKind.CSV,
            rate_hz=rate_hz,
            channels=tuple(channels),
            acquired=acquired,
            notes=tuple(notes),
        )
    except SignalError as fault:
        raise SourceUnreadable(f"{name}: {fault}") from None


def _channel(place: str, name: str, samples: Samples, nv_per_step: float, zero: float = 0.0) -> Channel:
    try:
        return Channel(
            name=name, lead=lead_of_name(name), samples=samples, nv_per_step=nv_per_step, zero=zero
        )
    except SignalError as fault:
        raise SourceUnreadable(f"{place}: {fault}") from None


def _numbers(data: bytes, name: str, layout: CsvLayout) -> NDArray[np.float64]:
    """The numbers as (lines, columns), NaN for an empty field."""
    if len(data) > MAX_FILE_BYTES:
        raise SourceUnreadable(f"{name}: larger than {MAX_FILE_BYTES} bytes")
    lines = (line.rstrip(b"\r\n") for line in BytesIO(data))
    for _ in islice(lines, layout.skip_lines):
        pass
    blocks, at = [], layout.skip_lines
    while block := list(islice(lines, _LINES_AT_ONCE)):
        blocks.append(np.array(list(_rows(block, name, layout, at + 1))))
        at += len(block)
    if not blocks:
        raise SourceUnreadable(f"{name}, line {at + 1}: no line of numbers")
    return np.concatenate(blocks)


def _rows(lines: list[bytes], name: str, layout: CsvLayout, first: int) -> Iterator[list[float]]:
    for at, line in enumerate(lines, first):
        # A fullmatch first: float() would also take "nan", "infinity" and "1_000".
        fields = line.decode("ascii").split(layout.delimiter) if _NUMBERS.fullmatch(line) else []
        if len(fields) != len(layout.columns):
            found = f"{len(fields)} fields" if fields else "not only numbers"
            raise SourceUnreadable(f"{name}, line {at}: {found}; {len(layout.columns)} numbers are right")
        if layout.decimal_comma:
            fields = [field.replace(",", ".") for field in fields]
        try:
            yield [float(field or "nan") for field in fields]
        except ValueError:
            raise SourceUnreadable(f"{name}, line {at}: a field is no number") from None


def _whole(place: str, values: NDArray[np.float64]) -> Samples:
    """Values that are whole steps already."""
    missing = np.isnan(values)
    filled = np.where(missing, 0.0, values)
    if np.any(filled != np.rint(filled)) or np.any(np.abs(filled) >= 1 << 31):
        raise SourceUnreadable(f"{place}: not whole steps of 32 bits")
    narrow = np.all(np.abs(filled) < 32768)
    samples: Samples = filled.astype(np.int16) if narrow else filled.astype(np.int32)
    samples[missing] = np.iinfo(samples.dtype).min
    return samples


def _in_steps(place: str, values: NDArray[np.float64], nv_per_unit: float) -> tuple[Samples, float, bool]:
    """Samples, nanovolts a step, and whether decimals were rounded away."""
    digits = 0
    while True:
        scaled = values * 10.0**digits
        with np.errstate(invalid="ignore"):  # a number too large for a double is refused in _whole
            exact = bool(np.all(np.isnan(values) | (np.abs(scaled - np.rint(scaled)) < 1e-6)))
        finest = nv_per_unit / 10 ** (digits + 1) < FINEST_NV
        if exact or finest:
            return _whole(place, np.rint(scaled)), nv_per_unit / 10**digits, not exact
        digits += 1


def write_csv(tracing: Tracing) -> bytes:
    """The tracing as a file that declares itself: whole steps, one line a sample, an empty field for none.

    Annotations are not part of a CSV; SignalError for a name with a comma in it.
    """
    for channel in tracing.channels:
        if "," in channel.name or not channel.name.isprintable() or not channel.name:
            raise SignalError(f"a channel named {channel.name[:40]!r}; a name without a comma is right")
    head = [MAGIC, f"# rate_hz: {tracing.rate_hz!r}"]
    head += [f"# nv_per_step: {','.join(repr(channel.nv_per_step) for channel in tracing.channels)}"]
    head += [f"# zero: {','.join(repr(float(channel.zero)) for channel in tracing.channels)}"]
    head += [f"# acquired: {tracing.acquired}"] if tracing.acquired else []
    head.append(",".join(channel.name for channel in tracing.channels))
    columns = [_texts(channel) for channel in tracing.channels]
    return ("\n".join([*head, *map(",".join, zip(*columns, strict=True))]) + "\n").encode()


def _texts(channel: Channel) -> list[str]:
    lowest = channel.missing_value
    return ["" if value == lowest else str(value) for value in channel.samples.tolist()]
