"""EDF and EDF+ files: read sample for sample, gaps of EDF+D as gaps."""

import numpy as np
from numpy.typing import NDArray

from ecg.annotations import Annotation, AnnotationCode
from ecg.errors import SignalError, SourceUnreadable
from ecg.files.chosen import Candidate, choose
from ecg.files.edf_annotations import MAX_ANNOTATIONS, RECORDING_ENDS, TimedText, record_annotations
from ecg.files.edf_header import EdfHeader, EdfSignal, parse_edf_header
from ecg.lead_codes import lead_of_name
from ecg.tracing import MAX_TRACING_SAMPLES, Channel, FileKind, Samples, Tracing

MAX_RECORDS = 500_000
"""Of a file with annotations, each of which is looked at: two days of records of 0.4 s."""

_CLOCK_TOLERANCE_SAMPLES = 0.5


def read_edf(data: bytes, name: str) -> Tracing:
    """Read the ECG of a file; SourceUnreadable names the byte, the record or the signal that is wrong."""
    head = parse_edf_header(data, name)
    count, notes = _record_count(data, name, head)
    chosen, aside = choose(
        name, [_candidate(row, of) for row, of in enumerate(head.signals) if not of.is_annotations]
    )
    per_record = chosen[0].samples_per_frame
    rate_hz = float(per_record / head.record_s)
    records = np.frombuffer(data, "<i2", count * head.record_bytes // 2, head.header_bytes)
    records = records.reshape(count, head.record_bytes // 2)
    starts_s, texts = _said(records, name, head)
    places = _places(name, head, starts_s, rate_hz, per_record, count)
    total = int(places[-1]) + per_record
    end = _end(starts_s, texts, rate_hz, total - per_record, total)
    if total * len(chosen) > MAX_TRACING_SAMPLES:
        raise SourceUnreadable(f"{name}: {total * len(chosen)} samples; at most {MAX_TRACING_SAMPLES}")
    try:
        return Tracing(
            kind=FileKind.EDF_PLUS if head.plus else FileKind.EDF,
            rate_hz=rate_hz,
            channels=tuple(
                _channel(head.signals[of.row], _column(records, head, of.row), places, total, end)
                for of in chosen
            ),
            annotations=_annotations(name, starts_s, texts, rate_hz, end),
            acquired=head.acquired + _fraction(starts_s),
            notes=(*aside, *notes),
        )
    except SignalError as fault:
        raise SourceUnreadable(f"{name}: {fault}") from None


def _candidate(row: int, signal: EdfSignal) -> Candidate:
    return Candidate(
        row, signal.label or f"signal {row}", signal.nv_per_step is not None, signal.samples_per_record
    )


def _record_count(data: bytes, name: str, head: EdfHeader) -> tuple[int, list[str]]:
    size = len(data) - head.header_bytes
    held, left = divmod(size, head.record_bytes)
    count = held if head.record_count is None else head.record_count
    if count < 1 or held < count or (head.record_count is None and left):
        raise SourceUnreadable(
            f"{name}, byte {len(data)}: ends there; {max(count, 1)} data records end at byte"
            f" {head.header_bytes + head.record_bytes * max(count, held + 1)}"
        )
    more = size - count * head.record_bytes
    if more % head.record_bytes:
        # Bytes that came in somewhere shift every sample behind them, and nothing else would tell.
        raise SourceUnreadable(
            f"{name}, byte {len(data) - more}: {more} bytes after the last of {count} data records;"
            f" none, or whole records of {head.record_bytes} are right"
        )
    return count, [f"the file holds {more} bytes more than its header announces"] if more else []


def _column(records: NDArray[np.int16], head: EdfHeader, row: int) -> NDArray[np.int16]:
    """What each record holds of one signal, (records, samples)."""
    at = sum(signal.samples_per_record for signal in head.signals[:row])
    return records[:, at : at + head.signals[row].samples_per_record]


def _said(
    records: NDArray[np.int16], name: str, head: EdfHeader
) -> tuple[NDArray[np.float64] | None, list[TimedText]]:
    """When each record starts (None in a plain EDF) and everything that was annotated."""
    rows = [row for row, signal in enumerate(head.signals) if signal.is_annotations]
    if head.plus != bool(rows):
        wrong = "an EDF+ file without its" if head.plus else "a plain EDF file with an"
        raise SourceUnreadable(f"{name}, byte 192: {wrong} annotation signal")
    if not rows:
        return None, []
    if len(records) * len(rows) > MAX_RECORDS:
        raise SourceUnreadable(
            f"{name}: {len(records)} data records with {len(rows)} annotation signals; at most {MAX_RECORDS}"
        )
    starts_s = np.zeros(len(records))
    texts: list[TimedText] = []
    for row in rows:
        for k, stored in enumerate(_column(records, head, row)):
            start_s, found = record_annotations(
                stored.tobytes(), f"{name}, data record {k}", timekeeping=row == rows[0]
            )
            starts_s[k] = starts_s[k] if start_s is None else start_s
            texts += found
            if len(texts) > MAX_ANNOTATIONS:
                raise SourceUnreadable(f"{name}: more than {MAX_ANNOTATIONS} annotations")
    return starts_s, texts


def _places(
    name: str,
    head: EdfHeader,
    starts_s: NDArray[np.float64] | None,
    rate_hz: float,
    per_record: int,
    count: int,
) -> NDArray[np.int64]:
    """The sample number at which each record begins."""
    together = np.arange(count, dtype=np.int64) * per_record
    if starts_s is None:
        return together
    exact = (starts_s - starts_s[0]) * rate_hz
    if not head.discontinuous:
        late = np.flatnonzero(np.abs(exact - together) > _CLOCK_TOLERANCE_SAMPLES)
        if late.size:
            k = int(late[0])
            raise SourceUnreadable(
                f"{name}, data record {k}: starts at sample {exact[k]:.1f}, not {together[k]}, in a file"
                " that says it has no gaps"
            )
        return together
    places: NDArray[np.int64] = np.rint(exact).astype(np.int64)
    early = np.flatnonzero(np.diff(places) < per_record)
    if early.size:
        raise SourceUnreadable(
            f"{name}, data record {int(early[0]) + 1}: starts before the one before it ends"
        )
    return places


def _end(
    starts_s: NDArray[np.float64] | None, texts: list[TimedText], rate_hz: float, first: int, total: int
) -> int:
    """The number of samples up to where the recording is said to end inside its last record."""
    for said in texts:
        if starts_s is not None and said.text == RECORDING_ENDS:
            end = round((said.onset_s - float(starts_s[0])) * rate_hz)
            if first < end < total:
                return end
    return total


def _channel(
    signal: EdfSignal, column: NDArray[np.int16], places: NDArray[np.int64], total: int, end: int
) -> Channel:
    assert signal.nv_per_step is not None
    # -32768 is an ordinary value here, but stands for "no value" in 16 bits.
    wide = signal.inverted or int(column.min()) == -32768
    samples: Samples
    if total == column.size:
        samples = (column.astype(np.int32) if wide else column).reshape(-1)
    else:
        samples = np.full(total, -(1 << 31), np.int32) if wide else np.full(total, -32768, np.int16)
        for place, row in zip(places.tolist(), column, strict=True):
            samples[place : place + row.size] = row
    if signal.inverted:
        np.negative(samples, out=samples, where=samples != np.iinfo(np.int32).min)
    return Channel(
        name=signal.label,
        lead=lead_of_name(signal.label),
        samples=samples[:end],
        nv_per_step=signal.nv_per_step,
        zero=signal.zero,
        filters=signal.filters,
    )


def _annotations(
    name: str, starts_s: NDArray[np.float64] | None, texts: list[TimedText], rate_hz: float, end: int
) -> tuple[Annotation, ...]:
    first_s = 0.0 if starts_s is None else float(starts_s[0])
    placed = []
    for said in texts:
        sample = round((said.onset_s - first_s) * rate_hz)
        if not 0 <= sample <= end:
            raise SourceUnreadable(f"{name}: an annotation at sample {sample} of {end}")
        if said.text != RECORDING_ENDS:
            placed.append(Annotation(sample, AnnotationCode.NOTE, said.text, duration_s=said.duration_s))
    return tuple(sorted(placed, key=lambda annotation: annotation.sample))


def _fraction(starts_s: NDArray[np.float64] | None) -> str:
    """The fraction of a second that the first record starts after the second in the header."""
    micros = 0 if starts_s is None else round(float(starts_s[0]) * 1e6)
    return f".{micros:06}" if 0 < micros < 1_000_000 else ""
