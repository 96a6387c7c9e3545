"""SCP-ECG: every encoding that a small writer can put in comes out, and damage is refused by section."""

import struct
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.description import Filters
from ecg.errors import SourceUnreadable
from ecg.leads import MISSING, STANDARD_LEADS, Lead
from ecg.vendor_files.found import Checksum, Remark, RemarkKind
from ecg.vendor_files.huffman import DEFAULT_CODES, Code, HuffmanTable, decode_huffman
from ecg.vendor_files.scp_ecg import read_scp_ecg
from tests.ecg.vendor_files.scp_writer import (
    LEAD_I,
    LEAD_II,
    LEAD_V1,
    LEAD_V2,
    ScpWriter,
    WrittenBeat,
    changed,
    resealed,
    sealed,
)

EIGHT = {code: [code, 10 * code, -7, 300, 290, 295] for code in range(1, 9)}
PLAIN = ScpWriter(EIGHT)


def rows(data: bytes) -> dict[Lead, list[int]]:
    recording = read_scp_ecg(data).recording
    return {lead: recording.lead(lead).tolist() for lead in recording.leads}


@pytest.mark.parametrize("differences", [0, 1, 2])
@pytest.mark.parametrize("huffman", [False, True])
def test_every_encoding_gives_the_same_samples(differences: int, huffman: bool) -> None:
    found = read_scp_ecg(changed(PLAIN, differences=differences, huffman=huffman).data())
    assert found.recording.leads == STANDARD_LEADS
    assert found.derived == (Lead.III, Lead.AVR, Lead.AVL, Lead.AVF)
    stored = (Lead.I, Lead.II, Lead.V1, Lead.V2, Lead.V3, Lead.V4, Lead.V5, Lead.V6)
    for code, lead in enumerate(stored, 1):
        assert found.recording.lead(lead).tolist() == EIGHT[code]


def test_scale_filters_device_and_start_are_those_of_the_file() -> None:
    found = read_scp_ecg(PLAIN.data())
    recording = found.recording
    assert (recording.nv_per_lsb, recording.rate_hz) == (2500, 500)
    assert recording.filters == Filters(0.05, 150, 50)
    assert (recording.device, recording.acquired) == ("Mortara ELI25", "20240229101112")
    assert (found.version, found.checksum, found.remarks) == ("2", Checksum.RIGHT, ())


def test_the_default_table_is_that_of_the_standard() -> None:
    """EN 1064, C.2.7.4: 19 codes; as they are stored, first bit lowest."""
    stored = [int(f"{c.prefix:0{c.prefix_bits}b}"[::-1], 2) for c in DEFAULT_CODES]
    assert stored == [0, 1, 5, 3, 11, 7, 23, 15, 47, 31, 95, 63, 191, 127, 383, 255, 767, 511, 1023]
    assert [c.prefix_bits for c in DEFAULT_CODES] == [1, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, *[10] * 4]
    table = (HuffmanTable("x", DEFAULT_CODES),)
    # 0 | +1 | -2 | 8 bits: -9 | 16 bits: 300
    bits = "0" + "100" + "1101" + "1111111110" + "11110111" + "1111111111" + f"{300:016b}"
    data = int(bits.ljust(56, "0"), 2).to_bytes(7, "big")
    assert decode_huffman("x", data, 5, table).tolist() == [0, 1, -2, -9, 300]


def test_tables_of_the_files_own_and_switching_between_them() -> None:
    first = [Code(0b0, 1, 0, 5), Code(0b10, 2, 0, 2, switches=True), Code(0b11, 2, 16, 0)]
    second = [Code(0b1, 1, 0, -5), Code(0b01, 2, 0, 1, switches=True), Code(0b1 << 13, 14, 4, 0)]
    assert rows(ScpWriter({LEAD_I: [5, 5, 77]}, own_tables=[first]).data()) == {Lead.I: [5, 5, 77]}
    tables = (HuffmanTable("x", first), HuffmanTable("x", second[:2]))
    assert decode_huffman("x", bytes([0b01011_010]), 4, tables).tolist() == [5, -5, -5, 5]


def test_codes_longer_than_the_window_are_found() -> None:
    long = [Code(0b0, 1, 0, 0), Code((1 << 14) - 1, 14, 0, 9)]
    table = (HuffmanTable("x", long),)
    assert decode_huffman("x", bytes([0b01111111, 0b11111110]), 3, table).tolist() == [0, 9, 0]


def test_ambiguous_tables_are_refused() -> None:
    with pytest.raises(SourceUnreadable, match="two codes begin with 01"):
        HuffmanTable("x", [Code(0b0, 1, 0, 0), Code(0b01, 2, 0, 1)])
    with pytest.raises(SourceUnreadable, match="a code begins with another"):
        HuffmanTable("x", [Code(0b0, 1, 0, 0), Code(1, 14, 0, 1)])


BEAT = {LEAD_I: [0, 40, 80, 40, 0], LEAD_II: [0, 60, 120, 60, 0]}
PLACES = [WrittenBeat(3, 5, 7), WrittenBeat(12, 13, 14, type=1), WrittenBeat(17, 18, 20)]


def subtracted(signal: Sequence[int], beat: Sequence[int], fiducial: int, factor: int = 1) -> list[int]:
    """The residual a device stores: the beat taken off between first and last, type 0 only."""
    residual = list(signal)
    for place in PLACES:
        if place.type == 0:
            for sample in range(place.first, place.last + 1):
                residual[sample - 1] -= factor * beat[sample - place.fiducial + fiducial - 1]
    return residual


@pytest.mark.parametrize("differences", [0, 1, 2])
def test_reference_beats_are_added_where_they_were_subtracted(differences: int) -> None:
    signal = {LEAD_I: list(range(24)), LEAD_II: [7 * (k % 5) for k in range(24)]}
    residual = {code: subtracted(signal[code], BEAT[code], 3) for code in signal}
    found = read_scp_ecg(
        ScpWriter(
            residual,
            differences=differences,
            subtracted=True,
            beats=PLACES,
            beat_rows=BEAT,
            beat_fiducial=3,
        ).data()
    )
    assert found.recording.lead(Lead.I).tolist() == signal[LEAD_I]
    assert found.recording.lead(Lead.II).tolist() == signal[LEAD_II]
    assert found.median_beat is not None
    assert found.median_beat.lead(Lead.II).tolist() == BEAT[LEAD_II]


def test_beat_and_residual_in_steps_of_different_size_meet_without_loss() -> None:
    signal = [2 * k for k in range(24)]  # in steps of 1000 nV; the residual is stored in steps of 2000
    residual = {LEAD_I: [value // 2 for value in subtracted(signal, BEAT[LEAD_I], 3)]}
    writer = ScpWriter(
        residual,
        step_nv=2000,
        subtracted=True,
        beats=PLACES,
        beat_rows={LEAD_I: BEAT[LEAD_I]},
        beat_fiducial=3,
        beat_step_nv=1000,
    )
    found = read_scp_ecg(writer.data())
    assert found.recording.nv_per_lsb == 1000
    assert found.recording.lead(Lead.I).tolist() == signal


def test_without_the_flag_the_beat_is_no_part_of_the_rhythm() -> None:
    signal = {LEAD_I: list(range(24)), LEAD_II: list(range(24))}
    found = read_scp_ecg(ScpWriter(signal, beats=PLACES, beat_rows=BEAT, beat_fiducial=3).data())
    assert found.recording.lead(Lead.I).tolist() == signal[LEAD_I]
    assert found.recording.sample_count == 24
    assert found.median_beat is not None and found.median_beat.sample_count == 5


def bimodal(stored: Sequence[int], protected: tuple[int, int], samples: int) -> ScpWriter:
    return ScpWriter(
        {LEAD_I: stored},
        interval_us=8000,
        differences=2,
        bimodal=True,
        spans={LEAD_I: (1, samples)},
        beats=[WrittenBeat(0, 10, 0, protected, type=1)],
        beat_rows={LEAD_I: [0, 1, 0]},
    )


def test_bimodal_keeps_the_beats_and_draws_a_line_between_means() -> None:
    stored = [8, 24, 1000, -900, 50, 40, 40, 40]
    found = read_scp_ecg(bimodal(stored, (9, 12), 20).data())
    # level to the middle of the first group of 4, then 4 a sample, level again after the last middle
    before, after = [8, 8, 10, 14, 18, 22, 24, 24], [40] * 8
    assert found.recording.lead(Lead.I).tolist() == [*before, 1000, -900, 50, 40, *after]
    assert found.recording.rate_hz == 500
    assert Remark(RemarkKind.DECIMATED_BETWEEN_BEATS, "125") in found.remarks


def test_a_rest_too_short_for_a_mean_is_missing_and_not_invented() -> None:
    found = read_scp_ecg(bimodal([8, 24, 1, 2, 3, 4, 40, 40], (9, 12), 22).data())
    assert found.recording.lead(Lead.I)[-3:].tolist() == [40, MISSING, MISSING]


def test_bimodal_with_reference_beats_gives_both() -> None:
    beat = [0, 500, -300, 0]
    signal = [100] * 8 + [100 + value for value in beat] + [100] * 8
    writer = ScpWriter(
        {LEAD_I: [100, 100, 100, 100, 100, 100, 100, 100]},
        interval_us=8000,
        differences=1,
        bimodal=True,
        subtracted=True,
        spans={LEAD_I: (1, 20)},
        beats=[WrittenBeat(9, 10, 12, (9, 12))],
        beat_rows={LEAD_I: beat},
        beat_fiducial=2,
    )
    assert rows(writer.data())[Lead.I] == signal


def test_bimodal_that_does_not_fit_its_groups_is_refused() -> None:
    with pytest.raises(
        SourceUnreadable, match="section 6: 9 samples before a protected zone; a multiple of 4"
    ):
        read_scp_ecg(bimodal([1] * 8, (10, 12), 20).data())
    with pytest.raises(SourceUnreadable, match="section 6: bimodal compression from 2000 to 10000 us"):
        read_scp_ecg(changed(bimodal([1] * 7, (9, 12), 20), interval_us=10_000).data())


def test_leads_recorded_one_after_the_other_stand_on_one_time_line() -> None:
    writer = ScpWriter({LEAD_V1: [1, 2], LEAD_V2: [3, 4]}, spans={LEAD_V1: (1, 2), LEAD_V2: (3, 4)})
    assert rows(writer.data()) == {Lead.V1: [1, 2, MISSING, MISSING], Lead.V2: [MISSING, MISSING, 3, 4]}


def test_other_leads_are_left_aside_and_named() -> None:
    found = read_scp_ecg(ScpWriter({LEAD_I: [1, 2], 11: [3, 4]}).data())
    assert found.recording.leads == (Lead.I,)
    assert found.remarks == (Remark(RemarkKind.LEAD_LEFT_ASIDE, "code 11"),)


def test_a_wrong_checksum_of_the_whole_alone_is_told() -> None:
    data = bytearray(PLAIN.data())
    data[0] ^= 1
    found = read_scp_ecg(bytes(data))
    assert found.remarks == (Remark(RemarkKind.RECORD_CHECKSUM_WRONG),)
    assert found.checksum is Checksum.RIGHT


def section_at(data: bytes | bytearray, number: int) -> int:
    at = 6 + 16 + 10 * number + 6
    return int.from_bytes(data[at : at + 4], "little") - 1


@pytest.mark.parametrize("number", [2, 3, 4, 5, 6])
def test_a_wrong_checksum_of_a_section_the_signal_stands_on_is_refused(number: int) -> None:
    writer = ScpWriter(
        {LEAD_I: list(range(24))}, beats=PLACES, beat_rows={LEAD_I: BEAT[LEAD_I]}, beat_fiducial=3
    )
    data = bytearray(writer.data())
    data[section_at(data, number) + 16] ^= 1
    with pytest.raises(SourceUnreadable, match=f"section {number}: its checksum is wrong"):
        read_scp_ecg(bytes(data))


def test_a_damaged_header_leaves_the_signal_and_says_so() -> None:
    data = bytearray(PLAIN.data())
    data[section_at(data, 1) + 20] ^= 1
    found = read_scp_ecg(bytes(data))
    assert found.recording.filters == Filters()
    assert RemarkKind.HEADER_UNREADABLE in {remark.kind for remark in found.remarks}


def test_spoilt_measurements_and_statements_do_not_hide_the_signal() -> None:
    """Seen in a published file: a section 11 that is shorter than section 0 says."""
    data = bytearray(changed(PLAIN, extra_sections={11: b"\0" * 40}).data())
    entry = 6 + 16 + 10 * 11
    data[entry + 2 : entry + 6] = (1 << 20).to_bytes(4, "little")
    at = section_at(data, 0)
    data[at : at + 2] = b"\0\0"
    assert read_scp_ecg(bytes(data)).recording.lead(Lead.I).tolist() == EIGHT[1]


@pytest.mark.parametrize("number", [1, 3, 6])
def test_a_pointer_beyond_the_end_is_refused_where_the_signal_needs_it(number: int) -> None:
    data = bytearray(PLAIN.data())
    entry = 6 + 16 + 10 * number
    data[entry + 6 : entry + 10] = len(data).to_bytes(4, "little")
    data[6:8] = b"\0\0"
    if number == 1:
        assert RemarkKind.HEADER_UNREADABLE in {r.kind for r in read_scp_ecg(bytes(data)).remarks}
        return
    with pytest.raises(SourceUnreadable, match=f"section {number}: would end at byte"):
        read_scp_ecg(bytes(data))


def test_sections_without_a_checksum_are_read_and_told() -> None:
    data = bytearray(PLAIN.data())
    at = section_at(data, 6)
    data[at : at + 2] = b"\0\0"
    assert read_scp_ecg(bytes(data)).checksum is Checksum.PARTLY


def test_no_word_about_the_patient_is_kept() -> None:
    assert "Nemo" not in repr(read_scp_ecg(PLAIN.data()))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "byte 9: no section 0"),
        (PLAIN.data()[:-1], "byte 3: .* bytes are announced"),
        (resealed(PLAIN, 3, bytes([0, 4])), "section 3: 0 leads"),
        (resealed(PLAIN, 3, bytes([8, 4])), "section 3: ends at byte 2 where 11 are needed"),
        (
            resealed(PLAIN, 3, struct.pack("<BBIIB", 1, 4, 1, 1 << 30, 1)),
            "section 3: a lead from sample 1 to",
        ),
        (resealed(PLAIN, 2, struct.pack("<H", 0)), "section 2: 0 tables"),
        (resealed(PLAIN, 6, struct.pack("<HHBB", 0, 2000, 0, 0)), "section 6: steps of 0 nV"),
        (resealed(PLAIN, 6, struct.pack("<HHBB", 5, 2000, 3, 0)), "section 6: encoding 3"),
        (
            resealed(PLAIN, 6, struct.pack("<HHBB8H", 5, 2000, 0, 0, *[9] * 8)),
            "section 6: leads of 72 bytes in 0",
        ),
        (changed(PLAIN, spans={1: (1, 40)}).data(), "section 6, lead 1: no value .* of 40"),
        (changed(PLAIN, huffman=False, spans={1: (1, 5)}).data(), "section 6, lead 1: 12 bytes where 10"),
        (changed(PLAIN, spans={1: (1, 3)}).data(), "section 6, lead 1: .* bits are left after 3 values"),
        (changed(PLAIN, interval_us=60_000).data(), "section 6: 16.6667 Hz"),
        (changed(PLAIN, subtracted=True).data(), "section 3: reference beats were used, and section 4 or 5"),
        (ScpWriter({11: [1, 2]}).data(), "section 6: none of the twelve leads"),
    ],
)
def test_what_cannot_be_decoded_is_refused_by_name(data: bytes, told: str) -> None:
    with pytest.raises(SourceUnreadable, match=told):
        read_scp_ecg(data)


def test_long_recordings_of_edition_three_are_refused_by_name() -> None:
    sections = {k: v for k, v in PLAIN.sections().items() if k != 6} | {12: b"\0" * 40}
    with pytest.raises(SourceUnreadable, match="section 12: a long recording of edition 3"):
        read_scp_ecg(sealed(sections, 30))


def test_more_samples_than_can_be_decoded_in_time_are_refused() -> None:
    spans = {code: (1, 200_000) for code in range(1, 20)}
    writer = ScpWriter({code: [0] for code in range(1, 20)}, spans=spans)
    with pytest.raises(SourceUnreadable, match="section 6: 3800000 samples; at most 1000000"):
        read_scp_ecg(writer.data())


samples = st.lists(st.integers(-8000, 8000), min_size=3, max_size=40)


@settings(max_examples=60, deadline=None)
@given(samples, st.integers(0, 2), st.booleans(), st.sampled_from([500, 1000, 2500, 4880]))
def test_round_trip(values: list[int], differences: int, huffman: bool, step_nv: int) -> None:
    writer = ScpWriter(
        {LEAD_I: values, LEAD_II: values[::-1]}, step_nv=step_nv, differences=differences, huffman=huffman
    )
    recording = read_scp_ecg(writer.data()).recording
    assert recording.nv_per_lsb == step_nv
    assert recording.lead(Lead.I).tolist() == values
    assert recording.lead(Lead.II).tolist() == values[::-1]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_round_trip_with_reference_beats_and_bimodal_compression(data: st.DataObject) -> None:
    """Every sample near a beat comes back; between beats each group's own mean does, where it is level."""
    draw = data.draw
    signal: list[int] = []
    stored: list[int] = []
    beats: list[WrittenBeat] = []
    shape = draw(st.lists(st.integers(-3000, 3000), min_size=1, max_size=12), label="beat")
    level = draw(st.integers(-500, 500), label="level")
    for _ in range(draw(st.integers(1, 4), label="beats")):
        groups = draw(st.integers(0, 5), label="groups")
        signal += [level] * 4 * groups
        stored += [level] * groups
        noise = draw(st.lists(st.integers(-9, 9), min_size=len(shape), max_size=len(shape)))
        first, last = len(signal) + 1, len(signal) + len(shape)
        beats.append(WrittenBeat(first, first, last, (first, last)))
        signal += [s + n for s, n in zip(shape, noise, strict=True)]
        stored += noise
    signal += [level] * 4
    stored += [level]
    writer = ScpWriter(
        {LEAD_I: stored},
        interval_us=8000,
        differences=draw(st.integers(0, 2)),
        bimodal=True,
        subtracted=True,
        spans={LEAD_I: (1, len(signal))},
        beats=beats,
        beat_rows={LEAD_I: shape},
        beat_interval_us=2000,
    )
    assert np.array_equal(read_scp_ecg(writer.data()).recording.lead(Lead.I), signal)
