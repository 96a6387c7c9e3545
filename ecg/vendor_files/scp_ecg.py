"""The rhythm of an SCP-ECG file: plain or Huffman-coded, differences, reference beats, bimodal compression.

What is stored as a residual gets its reference beat back (sections 4 and 5). Bimodal compression keeps every
sample near the beats and the mean of a few between them: there the line between means is drawn, and said.
The newest edition's long recordings (section 12) are refused by name.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np
from numpy.typing import NDArray

from ecg.errors import SourceUnreadable
from ecg.leads import Lead, lead_of_code
from ecg.recording import Recording
from ecg.vendor_files.assembly import Channel, Origin, assemble, stored_leads
from ecg.vendor_files.found import Checksum, Remark, RemarkKind, VendorEcg, VendorFormat
from ecg.vendor_files.huffman import HuffmanTable, decode_huffman
from ecg.vendor_files.refusal import refuse
from ecg.vendor_files.scp_sections import (
    SIGNAL_SECTIONS,
    BeatPlan,
    LeadSpan,
    ScpFile,
    Section,
    beat_plan,
    header_of,
    huffman_tables,
    lead_plan,
    split_sections,
)

MAX_SAMPLES = 200_000
MAX_VALUES = 1_000_000
"""Of all leads together, which bounds the time of decoding."""

_FIRST_EDITION_WITHOUT_BIMODAL = 30
_RATIOS = (2, 3, 4)
Values = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Coded:
    """The head of section 5 or 6, and each lead's bytes."""

    section: Section
    step_nv: int
    interval_us: int
    differences: int
    flag: int
    chunks: tuple[bytes, ...]

    @property
    def place(self) -> str:
        return self.section.place

    def values(self, counts: list[int], tables: tuple[HuffmanTable, ...]) -> list[Values]:
        """The samples of each lead."""
        if sum(counts) > MAX_VALUES:
            refuse(self.place, f"{sum(counts)} samples; at most {MAX_VALUES} are read")
        return [
            _undo_differences(_plain(f"{self.place}, lead {k}", chunk, count, tables), self.differences)
            for k, (chunk, count) in enumerate(zip(self.chunks, counts, strict=True), 1)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class _Beat:
    """The reference beat: its samples lead by lead."""

    step_nv: int
    interval_us: int
    rows: list[Values]


@dataclass(frozen=True, slots=True, eq=False)
class _Rhythm:
    """One lead before it is put on the common time line."""

    values: Values
    missing: NDArray[np.bool_]


def read_scp_ecg(data: bytes) -> VendorEcg:
    """Read the rhythm of an SCP-ECG file; SourceUnreadable names the section and what is wrong in it."""
    file = split_sections(data)
    plan, beats, tables = lead_plan(file, MAX_SAMPLES), beat_plan(file), huffman_tables(file)
    if 6 not in file.sections and 12 in file.sections:
        refuse("section 12", "a long recording of edition 3; section 6 (rhythm) is read only")
    coded = _coded(file.need(6, "rhythm"), len(plan.spans))
    remarks: list[Remark] = []
    bimodal = coded.flag != 0 and coded.section.protocol < _FIRST_EDITION_WITHOUT_BIMODAL
    needs_beat = plan.beats_subtracted or bimodal
    beat = _reference_beat(file, beats, tables, len(plan.spans), needs_beat, remarks)
    ratio = _ratio(coded, beat) if bimodal else 1
    leads, step_nv = _leads(coded, plan.spans, tables, beats, ratio)
    if plan.beats_subtracted:
        leads, step_nv = _with_beats(coded, plan.spans, leads, beats, beat, ratio)
    interval = Fraction(coded.interval_us, ratio)
    channels = _channels(plan.spans, leads, step_nv, remarks)
    header = header_of(file)
    origin = Origin(1_000_000 / interval, header.filters, header.acquired, header.device)
    recording, derived = assemble(coded.place, channels, origin)
    if ratio > 1:
        per_second = f"{1_000_000 / coded.interval_us:g}"
        remarks.append(Remark(RemarkKind.DECIMATED_BETWEEN_BEATS, per_second))
    if not header.readable:
        remarks.append(Remark(RemarkKind.HEADER_UNREADABLE, "section 1"))
    if not file.record_checked:
        remarks.append(Remark(RemarkKind.RECORD_CHECKSUM_WRONG))
    return VendorEcg(
        format=VendorFormat.SCP_ECG,
        version=f"{file.sections[0].protocol / 10:g}",
        recording=recording,
        stored=stored_leads(channels),
        derived=derived,
        median_beat=_median_beat(plan.spans, beat, origin, remarks),
        checksum=_checksum(file),
        remarks=tuple(remarks),
    )


def _checksum(file: ScpFile) -> Checksum:
    of_signal = file.sections.keys() & SIGNAL_SECTIONS
    if not of_signal & file.unchecked:
        return Checksum.RIGHT
    return Checksum.NONE if of_signal <= file.unchecked else Checksum.PARTLY


def _coded(section: Section, leads: int) -> _Coded:
    step_nv, interval_us, differences = section.u16(0), section.u16(2), section.u8(4)
    if not step_nv or not interval_us:
        refuse(section.place, f"steps of {step_nv} nV every {interval_us} us; both must be above 0")
    if differences > 2:
        refuse(section.place, f"encoding {differences}; 0 (plain), 1 and 2 (differences) are read")
    sizes = [section.u16(6 + 2 * k) for k in range(leads)]
    at = 6 + 2 * leads
    if at + sum(sizes) > len(section.body):
        refuse(section.place, f"leads of {sum(sizes)} bytes in {len(section.body) - at}")
    chunks: list[bytes] = []
    for size in sizes:
        chunks.append(section.body[at : at + size])
        at += size
    return _Coded(section, step_nv, interval_us, differences, section.u8(5), tuple(chunks))


def _plain(place: str, chunk: bytes, count: int, tables: tuple[HuffmanTable, ...]) -> Values:
    if tables:
        return decode_huffman(place, chunk, count, tables)
    if len(chunk) // 2 != count:
        refuse(place, f"{len(chunk)} bytes where {2 * count} are needed for {count} samples")
    return np.frombuffer(chunk, "<i2", count).astype(np.int64)


def _undo_differences(values: Values, order: int) -> Values:
    """Differences begin after as many plain samples as their order."""
    if order == 0 or len(values) <= order:
        return values
    if order == 1:
        return np.cumsum(values)
    slopes = np.cumsum(np.concatenate([[values[1] - values[0]], values[2:]]))
    return np.concatenate([values[:1], values[0] + np.cumsum(slopes)])


def _reference_beat(
    file: ScpFile,
    beats: BeatPlan | None,
    tables: tuple[HuffmanTable, ...],
    leads: int,
    needed: bool,
    remarks: list[Remark],
) -> _Beat | None:
    if needed and (beats is None or 5 not in file.sections):
        refuse("section 3", "reference beats were used, and section 4 or 5 (where, which) is not there")
    if 5 not in file.sections:
        return None
    try:
        coded = _coded(file.sections[5], leads)
        count = round(Fraction(beats.length_ms * 1000, coded.interval_us)) if beats else 0
        if not 1 <= count <= MAX_SAMPLES:
            refuse(coded.place, f"a reference beat of {count} samples; 1 to {MAX_SAMPLES} are read")
        return _Beat(coded.step_nv, coded.interval_us, coded.values([count] * leads, tables))
    except SourceUnreadable as fault:
        if needed:
            raise
        remarks.append(Remark(RemarkKind.MEDIAN_BEAT_UNREADABLE, str(fault)))
        return None


def _ratio(coded: _Coded, beat: _Beat | None) -> int:
    """How many samples one value stands for between the beats."""
    full_us = beat.interval_us if beat else coded.interval_us
    ratio, rest = divmod(coded.interval_us, full_us)
    if rest or ratio not in (1, *_RATIOS):
        refuse(
            coded.place,
            f"bimodal compression from {full_us} to {coded.interval_us} us; a ratio of 2, 3 or 4 is read",
        )
    return ratio


def _leads(
    coded: _Coded,
    spans: tuple[LeadSpan, ...],
    tables: tuple[HuffmanTable, ...],
    beats: BeatPlan | None,
    ratio: int,
) -> tuple[list[_Rhythm], int]:
    if ratio == 1:
        rows = coded.values([span.count for span in spans], tables)
        return [_Rhythm(row, np.zeros(len(row), np.bool_)) for row in rows], coded.step_nv
    assert beats is not None  # required with bimodal compression
    stretches = [_stretches(coded.place, span, beats, ratio) for span in spans]
    counts = [sum(n if full else n // ratio for n, full in each) for each in stretches]
    rows = coded.values(counts, tables)
    return [_expanded(row, each, ratio) for row, each in zip(rows, stretches, strict=True)], coded.step_nv


def _stretches(place: str, span: LeadSpan, beats: BeatPlan, ratio: int) -> list[tuple[int, bool]]:
    """The lead as runs of samples, each with whether every sample of it was kept."""
    runs: list[tuple[int, bool]] = []
    at = span.first
    for beat in beats.beats:
        first, last = max(beat.protected_first, span.first), min(beat.protected_last, span.last)
        if last < first:
            continue
        if first < at:
            refuse("section 4", f"a protected zone at sample {first} within or before another")
        if (first - at) % ratio:
            refuse(place, f"{first - at} samples before a protected zone; a multiple of {ratio} is right")
        runs += [(first - at, False), (last - first + 1, True)]
        at = last + 1
    runs.append((span.last + 1 - at, False))
    return [run for run in runs if run[0]]


def _expanded(row: Values, runs: list[tuple[int, bool]], ratio: int) -> _Rhythm:
    """Every sample again; a rest of the last run, too short for a value, is missing."""
    values: list[Values] = []
    missing: list[NDArray[np.bool_]] = []
    at = 0
    for count, full in runs:
        kept = count if full else count // ratio
        piece = row[at : at + kept]
        at += kept
        if not full:
            piece = _between_means(piece, count, ratio)
        values.append(piece)
        missing.append(np.arange(count) >= (count if full else kept * ratio))
    return _Rhythm(np.concatenate(values), np.concatenate(missing))


def _between_means(means: Values, count: int, ratio: int) -> Values:
    """A straight line from the middle of one group to the middle of the next, level at both ends."""
    if not len(means):
        return np.zeros(count, np.int64)
    middles = np.arange(len(means)) * ratio + (ratio - 1) / 2
    return np.rint(np.interp(np.arange(count), middles, means)).astype(np.int64)


def _with_beats(
    coded: _Coded,
    spans: tuple[LeadSpan, ...],
    leads: list[_Rhythm],
    plan: BeatPlan | None,
    beat: _Beat | None,
    ratio: int,
) -> tuple[list[_Rhythm], int]:
    """The reference beat added where it was subtracted, in steps that hold both exactly."""
    assert plan is not None and beat is not None  # required when beats were subtracted
    if beat.interval_us * ratio != coded.interval_us:
        refuse(
            coded.place, f"{coded.interval_us} us a sample and {beat.interval_us} us in the reference beat"
        )
    if not plan.beats:
        refuse("section 4", "reference beats were subtracted, and no place is given")
    step_nv = gcd(coded.step_nv, beat.step_nv)
    made: list[_Rhythm] = []
    for span, lead, row in zip(spans, leads, beat.rows, strict=True):
        values = lead.values * (coded.step_nv // step_nv)
        _add_beat(values, span, row * (beat.step_nv // step_nv), plan)
        made.append(_Rhythm(values, lead.missing))
    return made, step_nv


def _add_beat(values: Values, span: LeadSpan, row: Values, plan: BeatPlan) -> None:
    for beat in plan.beats:
        if beat.type != 0:
            continue
        shift = beat.fiducial - plan.fiducial  # sample k of the reference beat lies at k + shift
        first = max(beat.first, span.first, 1 + shift)
        last = min(beat.last, span.last, len(row) + shift)
        if first <= last:
            values[first - span.first : last - span.first + 1] += row[first - shift - 1 : last - shift]


def _channels(
    spans: tuple[LeadSpan, ...], leads: list[_Rhythm], step_nv: int, remarks: list[Remark]
) -> list[Channel]:
    """The standard leads on one time line; what a lead was not recorded for is missing."""
    known = [(_lead(span.code, remarks), span, lead) for span, lead in zip(spans, leads, strict=True)]
    standard = [(lead, span, rhythm) for lead, span, rhythm in known if lead is not None]
    if not standard:
        return []
    start = min(span.first for _, span, _ in standard)
    length = max(span.last for _, span, _ in standard) + 1 - start
    channels: list[Channel] = []
    for lead, span, rhythm in standard:
        values, missing = np.zeros(length, np.int64), np.ones(length, np.bool_)
        there = slice(span.first - start, span.last + 1 - start)
        values[there], missing[there] = rhythm.values, rhythm.missing
        channels.append(Channel(lead, values, Fraction(step_nv), missing=missing))
    return channels


def _lead(code: int, remarks: list[Remark] | None = None) -> Lead | None:
    lead = lead_of_code("SCPECG", f"5.6.3-9-{code}")
    if lead is None and remarks is not None:
        remarks.append(Remark(RemarkKind.LEAD_LEFT_ASIDE, f"code {code}"))
    return lead


def _median_beat(
    spans: tuple[LeadSpan, ...], beat: _Beat | None, origin: Origin, remarks: list[Remark]
) -> Recording | None:
    if beat is None:
        return None
    channels = [
        Channel(lead, row, Fraction(beat.step_nv))
        for span, row in zip(spans, beat.rows, strict=True)
        if (lead := _lead(span.code)) is not None
    ]
    whole = Origin(Fraction(1_000_000, beat.interval_us), origin.filters, origin.acquired, origin.device)
    try:
        return assemble("section 5", channels, whole)[0]
    except SourceUnreadable as fault:
        remarks.append(Remark(RemarkKind.MEDIAN_BEAT_UNREADABLE, str(fault)))
        return None
