"""WFDB records: what the databases' own tools read, written again bit for bit, or refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.annotations import Annotation, AnnotationCode
from ecg.errors import SignalError, SourceUnreadable
from ecg.files.companions import InMemory
from ecg.files.door import read_any
from ecg.files.wfdb import read_wfdb, write_wfdb
from ecg.files.wfdb_annotations import read_wfdb_annotations, write_wfdb_annotations
from ecg.files.wfdb_samples import SignalFormat, decode, encode
from ecg.leads import Lead
from ecg.tracing import Tracing
from tests.ecg.files.samples import (
    DATA,
    RECORDS,
    annotation_lists,
    record,
    same_samples,
    tracing,
    tracings,
    with_gap,
)

EXPECTED = json.loads((DATA / "expected.json").read_text())
"""Read by wfdb 4.3.1."""


def again(of: Tracing) -> Tracing:
    files = write_wfdb(of, "again")
    return read_any(files["again.hea"], "again.hea", beside=InMemory(files))


def read(header: str, **files: bytes) -> Tracing:
    companions = InMemory({name.replace("_", "."): data for name, data in files.items()})
    return read_wfdb(header.encode(), "r.hea", companions)


@pytest.mark.parametrize("name", RECORDS)
def test_samples_and_scale_are_those_of_wfdb(name: str) -> None:
    found, expected = record(name), EXPECTED[name]
    stored = np.stack([channel.samples for channel in found.channels])
    assert (found.rate_hz, found.sample_count) == (expected["rate_hz"], expected["count"])
    assert [channel.name for channel in found.channels] == expected["names"]
    assert stored[:, :6].tolist() == expected["first"]
    assert stored[:, -3:].tolist() == expected["last"]
    assert stored.sum(axis=1, dtype=np.int64).tolist() == expected["sums"]
    millivolts = np.stack([channel.nanovolts() for channel in found.channels])[:, [0, 1, 100, -1]] / 1e6
    assert np.allclose(millivolts, expected["millivolts"], rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ["mitdb/100", "cpsc2021/data_92_12"])
def test_annotations_are_those_of_wfdb(name: str) -> None:
    found = [[said.sample, said.code.symbol, said.text] for said in record(name).annotations]
    assert found == EXPECTED[name]["annotations"]


def test_waves_of_a_lead_are_those_of_wfdb() -> None:
    header = (DATA / "ludb" / "1.hea").read_bytes()
    files = {name: (DATA / "ludb" / name).read_bytes() for name in ("1.dat", "1.ii")}
    found = read_wfdb(header, "1.hea", InMemory(files), annotators=("ii",))
    assert [[said.sample, said.code.symbol, said.text] for said in found.annotations] == EXPECTED["ludb/1"][
        "annotations"
    ]


def test_leads_go_by_their_names_and_a_modified_lead_is_not_the_lead() -> None:
    assert [channel.lead for channel in record("mitdb/100").channels] == [None, Lead.V5]
    assert [channel.lead for channel in record("ludb/1").channels] == list(Lead)


def test_beats_are_told_from_rhythms_and_waves() -> None:
    assert len(record("mitdb/100").annotations) == len(record("mitdb/100").beats) + 1
    assert record("mitdb/100").annotations[0].text == "(N"


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_written_again_as_it_was(name: str) -> None:
    before, after = record(name), again(record(name))
    assert same_samples(before, after)
    assert after.annotations == before.annotations
    for a, b in zip(before.channels, after.channels, strict=True):
        assert b.zero == a.zero
        assert b.nv_per_step == pytest.approx(a.nv_per_step, rel=1e-15)


@given(st.one_of(tracings(), tracings(wide=True)))
def test_any_tracing_survives(before: Tracing) -> None:
    after = again(before)
    assert same_samples(before, after)
    assert after.rate_hz == before.rate_hz
    assert after.acquired == before.acquired


@given(annotation_lists())
def test_any_annotations_survive(annotations: tuple[Annotation, ...]) -> None:
    assert read_wfdb_annotations(write_wfdb_annotations(annotations), "r.atr") == annotations


@given(st.sampled_from(SignalFormat), st.data())
def test_any_samples_survive_in_each_format(form: SignalFormat, data: st.DataObject) -> None:
    bits = {80: 8, 212: 12, 16: 16, 24: 24}[int(form)]
    values = data.draw(st.lists(st.integers(-(1 << bits - 1), (1 << bits - 1) - 1), min_size=1, max_size=9))
    raw = encode(form, np.array(values, np.int32))
    assert decode(form, memoryview(raw), len(values)).tolist() == values


@pytest.mark.parametrize(
    ("form", "raw", "values"),
    [
        (SignalFormat.SIXTEEN_BITS, "0100 ffff 0080", [1, -1, -32768]),
        (SignalFormat.TWENTY_FOUR_BITS, "010000 ffffff 000080", [1, -1, -8388608]),
        (SignalFormat.OFFSET_BYTES, "80 81 7f 00", [0, 1, -1, -128]),
        # The low byte of the first, both high nibbles (the second's above), the low byte of the second.
        (SignalFormat.TWELVE_BITS_IN_PAIRS, "e33333", [995, 819]),
        (SignalFormat.TWELVE_BITS_IN_PAIRS, "ffff00 0008", [-1, -256, -2048]),
    ],
)
def test_the_formats_are_laid_out_as_described(form: SignalFormat, raw: str, values: list[int]) -> None:
    data = bytes.fromhex(raw)
    assert decode(form, memoryview(data), len(values)).tolist() == values


def test_the_lowest_value_of_a_format_is_missing() -> None:
    found = read("r 1 250 3\nr.dat 80 100/mV 8 0 0 -128 0 I", r_dat=b"\x80\0\x80")
    assert found.channels[0].missing.tolist() == [False, True, False]


def test_a_gap_survives() -> None:
    before = with_gap(record("challenge2021/E07500"), 100, 350)
    assert [(gap.first, gap.count) for gap in again(before).gaps()] == [(100, 250)]


def test_several_samples_in_a_frame_make_the_rate() -> None:
    header = "r 2 100 2\nr.dat 16x2 200/mV 16 0 1 10 0 ECG\nr.dat 16 1/mmHg 16 0 9 18 0 ABP"
    found = read(header, r_dat=np.array([1, 2, 9, 3, 4, 9], "<i2").tobytes())
    assert (found.rate_hz, found.channels[0].samples.tolist()) == (200, [1, 2, 3, 4])
    assert found.notes == ("signal 'ABP' left aside: not a voltage",)


def test_signals_in_several_files_with_an_offset_are_one_record() -> None:
    header = "r 2 250 2\na.dat 16+2 200 16 0 1 3 0 I\nb.dat 80 100/uV 8 0 0 1 0 II"
    found = read(header, a_dat=b"xx" + np.array([1, 2], "<i2").tobytes(), b_dat=bytes([0x80, 0x81]))
    assert [channel.samples.tolist() for channel in found.channels] == [[1, 2], [0, 1]]
    assert [channel.nv_per_step for channel in found.channels] == [5000.0, 10.0]


def test_more_in_the_file_than_announced_is_told() -> None:
    found = read("r 1 250 2\nr.dat 16 200 16 0 1 3 0 I", r_dat=np.arange(1, 9, dtype="<i2").tobytes())
    assert found.channels[0].samples.tolist() == [1, 2]
    assert found.notes == ("r.dat holds 12 bytes more than the header announces",)


@pytest.mark.parametrize("form", [16, 24, 80, 212])
def test_without_a_checksum_bytes_that_came_in_among_the_samples_are_noticed(form: int) -> None:
    header = f"r 2 250 20\nr.dat {form} 200\nr.dat {form} 200\n".encode()
    frame_bytes = {16: 4, 24: 6, 80: 2, 212: 3}[form]
    whole = bytes(range(20 * frame_bytes))
    assert read_wfdb(header, "r.hea", InMemory({"r.dat": whole})).sample_count == 20
    for more in range(1, 40):
        shifted = InMemory({"r.dat": whole[:30] + bytes(more) + whole[30:]})
        if more % frame_bytes:
            with pytest.raises(SourceUnreadable, match="no whole frames of 2 samples"):
                read_wfdb(header, "r.hea", shifted)
        else:
            assert read_wfdb(header, "r.hea", shifted).notes


def test_a_signal_file_of_an_unprintable_name_is_refused_without_it() -> None:
    with pytest.raises(SourceUnreadable, match="line 2: signal file is not in the folder of the header"):
        read_wfdb(b"r 1 250 20\nr\x11.dat 16 200\n", "r.hea", InMemory({}))


GOOD_LINE = "r.dat 16 200(0)/mV 16 0 1 3 0 I"


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("r/3 1 250 2\nr1 2\nr2 2", "line 1: a record of 3 segments"),
        ("r 2 250 2\n" + GOOD_LINE, "1 signal lines where 2 are announced"),
        ("r 1 0 2\n" + GOOD_LINE, "line 1: sampling frequency is '0'"),
        ("r 1 nan 2\n" + GOOD_LINE, "line 1: sampling frequency is no number"),
        ("r 1 250 3\n" + GOOD_LINE, r"r\.dat, byte 4: ends there; 3 samples .* end at byte 6"),
        ("r 1 250 2 10:00:00 31/13/2020\n" + GOOD_LINE, "line 1: base time and date"),
        ("r 1 250 2\n# remark\nr.dat 16", "line 3: no gain"),
        ("r 1 250 2\nr.dat 16 0 16 0 1 3 0 I", "line 2: gain is 0.0, so the signal's size is unknown"),
        ("r 1 250 2\nr.dat 16 200(x)/mV 16 0 1 3 0 I", "line 2: baseline is no number"),
        ("r 1 250 2\nr.dat 61 200 16 0 1 3 0 I", "format 61; 212, 16, 24, 80 are read"),
        ("r 1 250 2\nr.dat 16:5 200 16 0 1 3 0 I", "signal 'I' is 5 samples beside the others"),
        ("r 1 250 2\nr.dat 16 200 16 0 1 4 0 I", "checksum of 'I' is 3; the header says 4"),
        ("r 1 250 2\nr.dat 16 200/mmHg 16 0 1 3 0 ABP", "1 signals, none of them a voltage"),
        ("r 1 250 2\n../r.dat 16 200 16 0 1 3 0 I", "line 2: signal file is not in the folder"),
        ("r 1 250 2\nx.dat 16 200 16 0 1 3 0 I", "signal file x.dat is not beside it"),
        ("r 2 250 1\n" + 2 * (GOOD_LINE.replace("1 3", "1 1") + "\n"), "checksum of 'I' is 2"),
        ("r 2 250 1\nr.dat 16 200 16 0 1 1 0 I\nr.dat 16 200 16 0 2 2 0 I", "lead I is there twice"),
        ("# nothing", "no record line"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(header: str, sentence: str) -> None:
    with pytest.raises(SourceUnreadable, match=sentence):
        read(header, r_dat=np.array([1, 2], "<i2").tobytes())


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("0504", "byte 2: ends without its end mark"),
        ("05c8 0000", "byte 0: annotation code 50 is not known"),
        ("00ec 0100", "byte 2: cut off in a time step"),
        ("0504 08fc 2841", "byte 4: a text of 8 bytes is cut off"),
        ("0504 00ec ffff feff 0004 0000", "byte 8: sample 3 after 5"),
        ("00ec ffff 0000 0004 0000", "annotation at sample -65536"),
    ],
)
def test_a_damaged_annotation_file_is_refused_at_its_byte(raw: str, sentence: str) -> None:
    with pytest.raises(SourceUnreadable, match=sentence):
        read_wfdb_annotations(bytes.fromhex(raw), "r.atr")


def test_a_time_resolution_is_brought_to_the_rate_of_the_record() -> None:
    said = (
        Annotation(0, AnnotationCode.NOTE, "## time resolution: 1000"),
        Annotation(500, AnnotationCode.NORMAL),
    )
    found = read_wfdb_annotations(write_wfdb_annotations(said), "r.qrs", rate_hz=250)
    assert [(beat.sample, beat.code) for beat in found] == [(125, AnnotationCode.NORMAL)]


def test_an_annotation_after_the_end_is_refused() -> None:
    header = b"r 1 250 2\n" + GOOD_LINE.encode()
    files = {
        "r.dat": np.array([1, 2], "<i2").tobytes(),
        "r.atr": write_wfdb_annotations([Annotation(3, AnnotationCode.NORMAL)]),
    }
    with pytest.raises(SourceUnreadable, match=r"r\.atr: an annotation at sample 3 of 2"):
        read_wfdb(header, "r.hea", InMemory(files))


@pytest.mark.parametrize(
    ("unfit", "name", "sentence"),
    [
        (tracing(np.ones((1, 2), np.int16), zero=0.5), "r", "0 V at step 0.5"),
        (tracing(np.full((1, 2), 1 << 23, np.int32)), "r", "8388608 to 8388608 steps"),
        (tracing(np.ones((1, 2), np.int16)), "../r", "a record named '../r'"),
    ],
)
def test_what_a_record_cannot_hold_is_not_written(unfit: Tracing, name: str, sentence: str) -> None:
    with pytest.raises(SignalError, match=sentence):
        write_wfdb(unfit, name)


def test_annotations_out_of_order_are_not_written() -> None:
    beats = [Annotation(5, AnnotationCode.NORMAL), Annotation(4, AnnotationCode.NORMAL)]
    with pytest.raises(SignalError, match="sample 4 after 5"):
        write_wfdb(replace(tracing(np.ones((1, 9), np.int16)), annotations=tuple(beats)), "r")
