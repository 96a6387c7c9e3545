"""A WFDB record: header, signal files, annotations; read and written sample for sample.

A checksum in the header that does not match is a refusal. Signal formats 16, 24, 80 and 212 are read.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ecg.annotations import Annotation
from ecg.errors import SignalError, SourceUnreadable
from ecg.files.chosen import Candidate, choose
from ecg.files.companions import Companions
from ecg.files.date_times import start_of
from ecg.files.wfdb_annotations import read_wfdb_annotations, write_wfdb_annotations
from ecg.files.wfdb_header import RecordHeader, SignalLine, is_record_name, parse_header
from ecg.files.wfdb_samples import MISSING_VALUE, SignalFormat, bytes_of, decode, encode, samples_in
from ecg.lead_codes import lead_of_name
from ecg.tracing import MAX_TRACING_SAMPLES, Channel, FileKind, Samples, Tracing


def read_wfdb(header: bytes, name: str, beside: Companions, annotators: Sequence[str] = ("atr",)) -> Tracing:
    """Read a record by its header; `beside` finds its signal and annotation files.

    `annotators`: the endings of the annotation files to read where they are there, e.g. ("atr", "qrs"); what
    they say is merged in order of time. Raises SourceUnreadable with the line, the byte or the signal.
    """
    head = parse_header(header, name)
    chosen, notes = choose(name, [_candidate(row, line) for row, line in enumerate(head.signals)])
    rows = {candidate.row for candidate in chosen}
    channels: list[Channel] = []
    at = 0
    for _, lines in groupby(head.signals, key=lambda line: line.file):
        group = list(lines)
        inside = [row in rows for row in range(at, at + len(group))]
        at += len(group)
        taken, told = _read_group(name, head, group, inside, beside)
        channels += taken
        notes += told
    rate_hz = head.frame_rate_hz * chosen[0].samples_per_frame
    annotations = [
        annotation
        for ending in annotators
        for annotation in _annotations(name, ending, beside, rate_hz, int(channels[0].samples.size))
    ]
    try:
        return Tracing(
            kind=FileKind.WFDB,
            rate_hz=rate_hz,
            channels=tuple(channels),
            annotations=tuple(sorted(annotations, key=lambda annotation: annotation.sample)),
            acquired=head.acquired,
            notes=tuple(notes),
        )
    except SignalError as fault:
        raise SourceUnreadable(f"{name}: {fault}") from None


def _candidate(row: int, line: SignalLine) -> Candidate:
    return Candidate(row, line.name or f"signal {row}", line.nv_per_step is not None, line.samples_per_frame)


def _annotations(
    name: str, ending: str, beside: Companions, rate_hz: float, count: int
) -> tuple[Annotation, ...]:
    file = f"{name.removesuffix('.hea')}.{ending}"
    data = beside.read(file)
    if data is None:
        return ()
    found = read_wfdb_annotations(data, file, rate_hz)
    # At the end itself lies what closes the record: the end of a rhythm, say.
    if found and found[-1].sample > count:
        raise SourceUnreadable(f"{file}: an annotation at sample {found[-1].sample} of {count}")
    return found


def _read_group(
    name: str, head: RecordHeader, group: list[SignalLine], inside: list[bool], beside: Companions
) -> tuple[list[Channel], list[str]]:
    """The chosen channels of one signal file, and what is to be told of it."""
    first = group[0]
    form = _format(name, group)
    data = beside.read(first.file)
    if data is None:
        raise SourceUnreadable(f"{name}: signal file {first.file} is not beside it")
    view = memoryview(data)[first.byte_offset :]
    frame = sum(line.samples_per_frame for line in group)
    frames = head.frame_count if head.frame_count is not None else samples_in(form, len(view)) // frame
    needed = bytes_of(form, frames * frame)
    if frames < 1 or len(view) < needed:
        raise SourceUnreadable(
            f"{first.file}, byte {len(data)}: ends there; {frames} samples of {frame} a frame end at byte"
            f" {first.byte_offset + needed}"
        )
    if frames * frame > MAX_TRACING_SAMPLES:
        raise SourceUnreadable(f"{first.file}: {frames * frame} samples; at most {MAX_TRACING_SAMPLES}")
    stored = decode(form, view, frames * frame).reshape(frames, frame)
    channels, at = [], 0
    for line, taken in zip(group, inside, strict=True):
        samples: Samples = stored[:, at : at + line.samples_per_frame].reshape(-1)
        at += line.samples_per_frame
        _check_sum(first.file, line, samples)
        if taken:
            channels.append(_channel(first.file, line, form, samples))
    left = len(view) - needed
    if any(line.checksum is None for line in group):
        _check_rest(first.file, form, frame, len(view))
    # Less than a frame may be filling.
    more = samples_in(form, len(view)) // frame > frames
    told = [f"{first.file} holds {left} bytes more than the header announces"] if more else []
    return channels, told


def _check_rest(file: str, form: SignalFormat, frame: int, size: int) -> None:
    """Refuse a file of no whole frames, where no checksum would tell that its samples were shifted."""
    samples = samples_in(form, size)
    if samples % frame or bytes_of(form, samples) != size:
        raise SourceUnreadable(
            f"{file}: {size} bytes are no whole frames of {frame} samples, and no checksum tells"
        )


def _format(name: str, group: list[SignalLine]) -> SignalFormat:
    first = group[0]
    if any((line.format, line.byte_offset) != (first.format, first.byte_offset) for line in group):
        raise SourceUnreadable(f"{name}: signals in {first.file} differ in format or offset; one is right")
    for line in group:
        if line.skew:
            raise SourceUnreadable(f"{name}: signal {line.name!r} is {line.skew} samples beside the others")
    try:
        return SignalFormat(first.format)
    except ValueError:
        known = ", ".join(str(int(form)) for form in SignalFormat)
        raise SourceUnreadable(f"{name}: {first.file} has format {first.format}; {known} are read") from None


def _check_sum(file: str, line: SignalLine, samples: Samples) -> None:
    if line.checksum is None:
        return
    found = int(samples.sum(dtype=np.int64))
    if (found - line.checksum) & 0xFFFF:
        raise SourceUnreadable(
            f"{file}: the checksum of {line.name!r} is {found & 0xFFFF};"
            f" the header says {line.checksum & 0xFFFF}"
        )


def _channel(file: str, line: SignalLine, form: SignalFormat, samples: Samples) -> Channel:
    assert line.nv_per_step is not None
    kept: Samples = samples if samples.flags.c_contiguous else samples.copy()
    lowest = np.iinfo(kept.dtype).min
    if MISSING_VALUE[form] != lowest:
        # Into the decoded samples themselves: a copy of a day of signal is more than there is room for.
        kept[kept == MISSING_VALUE[form]] = lowest
    try:
        return Channel(
            name=line.name,
            lead=lead_of_name(line.name),
            samples=kept,
            nv_per_step=line.nv_per_step,
            zero=line.baseline,
        )
    except SignalError as fault:
        raise SourceUnreadable(f"{file}, signal {line.name!r}: {fault}") from None


def write_wfdb(tracing: Tracing, record: str) -> dict[str, bytes]:
    """The tracing as the files of a record, by name: header, signals, and annotations where there are any.

    Samples are the same bit for bit, the scale to the last digit of a double. Raises SignalError for what a
    record cannot hold: a zero between two steps, more than 24 bits.
    """
    if not is_record_name(record):
        raise SignalError(f"a record named {record[:40]!r}; letters, digits, - and _ are right")
    form = _format_for(tracing)
    columns = [_stored(channel, form) for channel in tracing.channels]
    lines = [_record_line(tracing, record)]
    lines += [
        _signal_line(record, form, channel, column)
        for channel, column in zip(tracing.channels, columns, strict=True)
    ]
    files = {
        f"{record}.hea": ("\n".join(lines) + "\n").encode(),
        f"{record}.dat": encode(form, np.stack(columns, axis=1).reshape(-1)),
    }
    if tracing.annotations:
        files[f"{record}.atr"] = write_wfdb_annotations(tracing.annotations)
    return files


def _format_for(tracing: Tracing) -> SignalFormat:
    narrow = all(channel.samples.dtype == np.int16 for channel in tracing.channels)
    return SignalFormat.SIXTEEN_BITS if narrow else SignalFormat.TWENTY_FOUR_BITS


def _stored(channel: Channel, form: SignalFormat) -> NDArray[np.int32]:
    values = channel.samples.astype(np.int32)
    missing = channel.missing
    present = values[~missing]
    lowest = MISSING_VALUE[form]
    if present.size and not (lowest < present.min() and present.max() < -lowest):
        raise SignalError(f"{channel.name}: {present.min()} to {present.max()} steps; {-lowest} is the limit")
    values[missing] = lowest
    return values


def _record_line(tracing: Tracing, record: str) -> str:
    line = f"{record} {len(tracing.channels)} {_plain(tracing.rate_hz)} {tracing.sample_count}"
    start = start_of(tracing.acquired)
    if start is not None and len(start.time) >= 6:
        clock = f"{start.time[:2]}:{start.time[2:4]}:{start.time[4:]}"
        line += f" {clock} {start.date[6:]}/{start.date[4:6]}/{start.date[:4]}"
    return line


def _signal_line(record: str, form: SignalFormat, channel: Channel, column: NDArray[np.int32]) -> str:
    if channel.zero % 1:
        raise SignalError(f"{channel.name}: 0 V at step {channel.zero}; a WFDB baseline is a whole step")
    gain = 1e6 / channel.nv_per_step
    checksum = (int(column.sum(dtype=np.int64)) + 0x8000 & 0xFFFF) - 0x8000
    bits = 16 if form is SignalFormat.SIXTEEN_BITS else 24
    return (
        f"{record}.dat {int(form)} {gain!r}({int(channel.zero)})/mV {bits} 0"
        f" {column[0]} {checksum} 0 {channel.name}"
    ).rstrip()


def _plain(rate_hz: float) -> str:
    return str(int(rate_hz)) if rate_hz % 1 == 0 else repr(rate_hz)
