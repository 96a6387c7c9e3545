"""EDF and EDF+: another maker's file as it is, gaps as gaps, written again bit for bit, or refused."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecg.annotations import Annotation, AnnotationCode
from ecg.description import Filters
from ecg.errors import SignalError, SourceUnreadable
from ecg.files.edf import read_edf
from ecg.files.edf_header import filters_of
from ecg.files.edf_writer import write_edf
from ecg.leads import Lead
from ecg.tracing import FileKind, Tracing
from tests.ecg.files.samples import DATA, RECORDS, record, same_samples, tracing, tracings, with_gap

OF_PYEDFLIB = (DATA / "edf" / "pyedflib_plus.edf").read_bytes()


def plain(fields: dict[str, str] | None = None, samples: object = (0, 1, -1, 2)) -> bytes:
    """An EDF of one signal, two records of two samples, with some fields otherwise."""
    of = {
        "recording": "",
        "date": "02.03.04",
        "time": "05.06.07",
        "size": "512",
        "kind": "",
        "records": "2",
        "duration": "1",
        "signals": "1",
        "label": "ECG II",
        "unit": "mV",
        "physical_low": "-10",
        "physical_high": "10",
        "digital_low": "-2000",
        "digital_high": "2000",
        "prefilter": "",
        "samples": "2",
    } | (fields or {})
    widths = {
        "recording": 80, "date": 8, "time": 8, "size": 8, "kind": 44, "records": 8, "duration": 8,
        "signals": 4, "label": 16, "transducer": 80, "unit": 8, "physical_low": 8, "physical_high": 8,
        "digital_low": 8, "digital_high": 8, "prefilter": 80, "samples": 8, "reserved": 32,
    }  # fmt: skip
    head = "0".ljust(8) + "X".ljust(80)
    head += "".join(of.get(key, "").ljust(width) for key, width in widths.items())
    return head.encode("latin-1") + np.array(samples, "<i2").tobytes()


def test_a_file_of_another_writer_is_read_as_it_is() -> None:
    found, source = read_edf(OF_PYEDFLIB, "p.edf"), record("challenge2021/E07500")
    assert found.kind is FileKind.EDF_PLUS
    assert (found.rate_hz, found.sample_count, found.acquired) == (500, 2500, "20210304050607")
    for lead in (Lead.I, Lead.II):
        channel, expected = found.channel(lead), source.channel(lead)
        assert channel is not None and expected is not None
        assert np.array_equal(channel.samples, expected.samples[:2500])
        # -3276.8 to 3276.7 uV over 65536 steps.
        assert (channel.nv_per_step, channel.zero) == (100.0, 0.0)
        assert channel.filters == Filters(0.05, 150, 50)
    assert found.notes == ("signal 'Resp' left aside: not a voltage",)


def test_annotations_of_another_writer_are_at_their_samples() -> None:
    found = [(said.sample, said.text, said.duration_s) for said in read_edf(OF_PYEDFLIB, "p.edf").annotations]
    assert found == [(250, "N", 0.0), (625, "心律不齐", 2.5)]


def test_a_plain_file_has_the_scale_of_its_limits() -> None:
    found = read_edf(plain(), "p.edf")
    assert found.kind is FileKind.EDF
    assert (found.rate_hz, found.acquired) == (2.0, "20040302050607")
    assert found.channels[0].nanovolts().tolist() == [0, 5000, -5000, 10_000]


def test_physical_zero_may_lie_beside_digital_zero() -> None:
    found = read_edf(plain({"digital_low": "0", "digital_high": "4000"}, (2000, 2001, 0, 4000)), "p.edf")
    assert found.channels[0].zero == 2000
    assert found.channels[0].nanovolts().tolist() == [0, 5000, -10_000_000, 10_000_000]


def test_inverted_limits_turn_the_signal_over() -> None:
    found = read_edf(plain({"physical_low": "10", "physical_high": "-10"}), "p.edf")
    assert found.channels[0].nanovolts().tolist() == [0, -5000, 5000, -10_000]
    assert found.channels[0].nv_per_step == 5000


def test_the_lowest_value_is_a_value_in_edf() -> None:
    limits = {"digital_low": "-32768", "digital_high": "32767"}
    found = read_edf(plain(limits, (0, -32768, 1, 2)), "p.edf")
    assert found.channels[0].samples.tolist() == [0, -32768, 1, 2]
    assert not found.channels[0].missing.any()


def test_a_recorder_that_did_not_close_its_file_is_read() -> None:
    assert read_edf(plain({"records": "-1"}), "p.edf").sample_count == 4


def test_an_unknown_date_stays_unknown() -> None:
    assert read_edf(plain({"recording": "Startdate X X X X", "date": "01.01.85"}), "p.edf").acquired == ""


def test_the_long_date_tells_the_century() -> None:
    assert read_edf(plain({"recording": "Startdate 02-MAR-1904 X X X"}), "p.edf").acquired[:4] == "1904"


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("HP:0.05Hz LP:150Hz N:50Hz", Filters(0.05, 150, 50)),
        ("HP:50mHz LP: 40 Hz", Filters(0.05, 40, None)),
        ("HP:DC", Filters()),
        ("", Filters()),
    ],
)
def test_the_prefilter_is_told(text: str, filters: Filters) -> None:
    assert filters_of(text) == filters


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"signals": "0"}, "byte 252: number of signals is '0'"),
        ({"size": "768"}, "byte 184: bytes in header is '768'"),
        ({"records": "3"}, "byte 520: ends there; 3 data records end at byte 524"),
        ({"records": "-2"}, "byte 236: number of data records is '-2'"),
        ({"duration": "0"}, "byte 244: duration of a data record is '0'"),
        ({"duration": "nan"}, "byte 244: duration of a data record is no number"),
        ({"date": "2004-3-2"}, "byte 168: start date and time are not dd.mm.yy"),
        ({"date": "32.01.04"}, "byte 168: start date and time are not on the clock"),
        ({"unit": "mmHg"}, "1 signals, none of them a voltage"),
        ({"physical_low": "10"}, "byte 360: limits -2000 to 2000 steps for 10.0 to 10.0"),
        ({"digital_low": "2000"}, "byte 360: limits 2000 to 2000 steps"),
        ({"digital_high": "40000"}, "byte 384: digital maximum is '40000'"),
        ({"samples": "2\x1f"}, "byte 472: samples in a data record is no number"),
        ({"records": "2\xa0"}, "byte 236: number of data records is no number"),
        ({"duration": "1\x1c"}, "byte 244: duration of a data record is no number"),
        ({"unit": "mV\x1f"}, "1 signals, none of them a voltage"),
        ({"samples": "0"}, "byte 472: samples in a data record is '0'"),
        ({"kind": "EDF+C"}, "byte 192: an EDF\\+ file without its annotation signal"),
        ({"kind": "EDF+"}, "byte 192: EDF\\+ that is neither EDF\\+C nor EDF\\+D"),
        ({"kind": "EDF+X"}, "byte 192: EDF\\+ that is neither"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(fields: dict[str, str], sentence: str) -> None:
    with pytest.raises(SourceUnreadable, match=sentence):
        read_edf(plain(fields), "p.edf")


@pytest.mark.parametrize("size", [0, 8, 255, 256, 400, 511, 512, 514])
def test_a_file_that_is_cut_off_is_refused(size: int) -> None:
    with pytest.raises(SourceUnreadable, match=f"byte {size}: ends"):
        read_edf(plain()[:size], "p.edf")


@pytest.mark.parametrize("data", [plain({"records": "20"}, tuple(range(40))), OF_PYEDFLIB])
def test_bytes_that_came_in_or_got_lost_among_the_samples_are_noticed(data: bytes) -> None:
    chance = random.Random(5)
    begin, size_of_record = (512, 4) if len(data) < 1000 else (1280, (len(data) - 1280) // 5)
    for _ in range(500):
        at, size = chance.randrange(begin, len(data)), chance.randint(1, 64)
        shifted = [data[:at] + data[at + size :]]
        if size % size_of_record:
            shifted.append(data[:at] + chance.randbytes(size) + data[at:])
        for one in shifted:
            with pytest.raises(SourceUnreadable):
                read_edf(one, "p.edf")


@pytest.mark.parametrize("bit", range(8 * 5))
def test_no_damaged_word_makes_a_file_with_gaps_one_without(bit: int) -> None:
    data = bytearray(write_edf(with_gap(tracing(np.ones((1, 1500), np.int16)), 500, 1000)))
    assert data[192:197] == b"EDF+D"
    data[192 + bit // 8] ^= 1 << bit % 8
    with pytest.raises(SourceUnreadable, match="byte 192|in a file that says it has no gaps"):
        read_edf(bytes(data), "gap.edf")


def test_the_patient_is_in_no_refusal() -> None:
    data = bytearray(OF_PYEDFLIB)
    data[8:20] = b"Zhang San 42"
    data[252:256] = b"9999"
    with pytest.raises(SourceUnreadable) as refused:
        read_edf(bytes(data), "p.edf")
    assert "Zhang" not in str(refused.value)


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_survives(name: str) -> None:
    before = record(name)
    after = read_edf(write_edf(before), "again.edf")
    assert same_samples(before, after)
    assert [(said.sample, said.text) for said in after.annotations] == [
        (said.sample, f"{said.code.symbol} {said.text}".strip()) for said in before.annotations
    ]
    for a, b in zip(before.channels, after.channels, strict=True):
        assert np.abs(a.nanovolts() - b.nanovolts()).max() < 0.1 * a.nv_per_step


@given(tracings())
def test_any_tracing_survives(before: Tracing) -> None:
    try:
        data = write_edf(before)
    except SignalError as refused:
        assert "cannot be told in 8 characters" in str(refused)
        return
    after = read_edf(data, "again.edf")
    assert same_samples(before, after)
    assert after.rate_hz == before.rate_hz
    assert float(after.acquired or 0) == float(before.acquired or 0)


@given(st.integers(1, 20), st.integers(1, 400), st.integers(1, 300))
def test_any_gap_between_records_survives(seconds_tenths: int, gap: int, rest: int) -> None:
    before = 50 * seconds_tenths
    whole = tracing(np.arange(2 * (before + gap + rest), dtype=np.int16).reshape(2, -1))
    after = read_edf(write_edf(with_gap(whole, before, before + gap)), "gap.edf")
    assert same_samples(with_gap(whole, before, before + gap), after)
    assert [(found.first, found.count) for found in after.gaps()] == [(before, gap)]


def test_the_filters_and_the_scale_survive() -> None:
    before = tracing(np.arange(8, dtype=np.int16).reshape(2, 4), step_nv=2500)
    filtered = tuple(replace(channel, filters=Filters(0.05, 150, 50)) for channel in before.channels)
    after = read_edf(write_edf(replace(before, channels=filtered)), "again.edf")
    assert [(channel.filters, channel.nv_per_step) for channel in after.channels] == [
        (Filters(0.05, 150, 50), 2500)
    ] * 2


def moved_record(onset: bytes) -> bytes:
    """A file with a gap whose second record says another start."""
    data = write_edf(with_gap(tracing(np.ones((1, 1500), np.int16)), 500, 1000))
    assert data.count(b"+2\x14\x14") == 1
    return data.replace(b"+2\x14\x14", onset + b"\x14\x14")


@pytest.mark.parametrize(
    ("onset", "sentence"),
    [
        (b"+0", "data record 1: starts before the one before it ends"),
        (b"-9", "data record 1: starts before the one before it ends"),
        (b"x2", "data record 1: does not begin with when it starts"),
        (b"+x", "data record 1: its annotation list 1 is damaged"),
    ],
)
def test_records_out_of_order_are_refused(onset: bytes, sentence: str) -> None:
    with pytest.raises(SourceUnreadable, match=sentence):
        read_edf(moved_record(onset), "moved.edf")


def test_a_record_that_starts_late_in_a_file_without_gaps_is_refused() -> None:
    data = write_edf(tracing(np.ones((1, 1500), np.int16))).replace(b"+2\x14\x14", b"+3\x14\x14")
    with pytest.raises(SourceUnreadable, match=r"data record 2: starts at sample 1500\.0, not 1000"):
        read_edf(data, "late.edf")


@pytest.mark.parametrize(
    ("unfit", "sentence"),
    [
        (tracing(np.array([[1, -32768, 2], [1, 2, 3]], np.int16)), "values missing that other channels have"),
        (with_gap(tracing(np.ones((1, 9), np.int16)), 0, 2), "begins or ends with a gap"),
        (tracing(np.full((1, 9), 40_000, np.int32)), "EDF. holds 16 bits"),
        (tracing(np.ones((1, 9), np.int16), zero=1e11), "cannot be told in 8 characters"),
    ],
)
def test_what_edf_cannot_hold_is_not_written(unfit: Tracing, sentence: str) -> None:
    with pytest.raises(SignalError, match=sentence):
        write_edf(unfit)


def test_an_annotation_with_a_duration_survives() -> None:
    said = Annotation(7, AnnotationCode.NOTE, "cough", duration_s=1.5)
    after = read_edf(
        write_edf(replace(tracing(np.ones((1, 900), np.int16)), annotations=(said,))), "again.edf"
    )
    assert after.annotations == (said,)


@pytest.mark.parametrize("acquired", ["20240229235930.25+0800", "20240229235930.25"])
def test_the_fraction_of_the_start_survives_beside_a_zone(acquired: str) -> None:
    before = replace(tracing(np.ones((1, 900), np.int16)), acquired=acquired)
    assert read_edf(write_edf(before), "again.edf").acquired == "20240229235930.250000"
