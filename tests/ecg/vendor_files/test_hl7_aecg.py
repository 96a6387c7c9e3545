"""HL7 aECG: what a small writer puts in comes out, and everything doubtful is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.description import Filters
from ecg.errors import SourceUnreadable
from ecg.leads import INDEPENDENT_LEADS, STANDARD_LEADS, Lead
from ecg.vendor_files.found import Remark, RemarkKind, StoredLead
from ecg.vendor_files.hl7_aecg import read_hl7_aecg
from tests.ecg.vendor_files.xml_writers import AecgSeries, Rows, aecg, filter_control

EIGHT: Rows = {lead.upper(): [k, 10 * k, -7, 300] for k, lead in enumerate(INDEPENDENT_LEADS)}
TWELVE: Rows = {lead.upper(): [k, 2 * k, 900 - k] for k, lead in enumerate(STANDARD_LEADS)}


def test_stored_leads_come_out_as_they_are() -> None:
    found = read_hl7_aecg(aecg(AecgSeries(TWELVE)))
    assert found.recording.leads == STANDARD_LEADS
    assert found.derived == ()
    for lead in STANDARD_LEADS:
        assert found.recording.lead(lead).tolist() == TWELVE[lead.upper()]


def test_scale_filters_device_and_start_are_those_of_the_file() -> None:
    controls = filter_control("LOW_PASS", "150") + filter_control("HIGH_PASS", "0.05")
    recording = read_hl7_aecg(aecg(AecgSeries(EIGHT, controls=controls))).recording
    assert (recording.nv_per_lsb, recording.rate_hz) == (5000, 500)
    assert recording.filters == Filters(0.05, 150, None)
    assert (recording.device, recording.acquired) == ("Maker Model 7", "20240229101112")


def test_origin_and_scale_both_count() -> None:
    found = read_hl7_aecg(aecg(AecgSeries(EIGHT, scale="0.005", origin="-0.02", unit="mV")))
    assert found.stored[0] == StoredLead(Lead.I, 5000, -20_000)
    assert found.recording.nv_per_lsb == 5000
    assert found.recording.lead(Lead.V6).tolist() == [value - 4 for value in EIGHT["V6"]]


def test_leads_in_steps_of_different_size_meet_without_loss() -> None:
    coarse = AecgSeries({"I": [3, -4]}, scale="5")._lead("II", [7, 8])
    data = aecg(AecgSeries({"I": [3, -4]}, scale="2")).replace(
        b"</sequenceSet>", coarse.encode() + b"</sequenceSet>"
    )
    recording = read_hl7_aecg(data).recording
    assert recording.nv_per_lsb == 1000
    assert (recording.lead(Lead.I).tolist(), recording.lead(Lead.II).tolist()) == ([6, -8], [35, 40])


@pytest.mark.parametrize(
    ("increment", "kind", "rate_hz"),
    [
        ('<increment value="2" unit="ms"/>', "GLIST_TS", 500),
        ('<increment value="1000" unit="us"/>', "GLIST_PQ", 1000),
        ('<increment value="4.0E-3" unit="s"/>', "GLIST_PQ", 250),
    ],
)
def test_times_in_any_unit_and_both_types(increment: str, kind: str, rate_hz: float) -> None:
    found = read_hl7_aecg(aecg(AecgSeries(EIGHT, increment=increment, time_type=kind)))
    assert found.recording.rate_hz == rate_hz


def test_the_start_keeps_its_zone() -> None:
    recording = read_hl7_aecg(aecg(AecgSeries(EIGHT, head="20240229101112.345+0800"))).recording
    assert recording.acquired == "20240229101112+0800"


def test_whole_number_lists_with_a_unit_are_read() -> None:
    found = read_hl7_aecg(aecg(AecgSeries(EIGHT, list_type="SLIST_INT")))
    assert found.recording.lead(Lead.I).tolist() == EIGHT["I"]


def test_the_derived_beat_is_never_the_rhythm() -> None:
    beat = AecgSeries({"I": [9] * 50, "II": [8] * 50}, code="REPRESENTATIVE_BEAT")
    found = read_hl7_aecg(aecg(AecgSeries(EIGHT, derived=beat)))
    assert found.recording.sample_count == 4
    assert found.median_beat is not None
    assert found.median_beat.lead(Lead.I).tolist() == [9] * 50
    with pytest.raises(SourceUnreadable, match="no series with the code RHYTHM; found 'REPRESENTATIVE_BEAT'"):
        read_hl7_aecg(aecg(beat))


def test_the_longest_of_two_rhythms_is_taken_and_the_other_told() -> None:
    found = read_hl7_aecg(aecg(AecgSeries({"I": [1] * 3}), AecgSeries({"I": [2] * 4})))
    assert found.recording.lead(Lead.I).tolist() == [2] * 4
    assert found.remarks == (Remark(RemarkKind.PART_LEFT_ASIDE, "1 of 2 sequence sets"),)


def test_other_leads_are_left_aside_and_named() -> None:
    found = read_hl7_aecg(aecg(AecgSeries({**EIGHT, "V3R": [0] * 4})))
    assert found.remarks == (Remark(RemarkKind.LEAD_LEFT_ASIDE, "'MDC_ECG_LEAD_V3R'"),)


@pytest.mark.parametrize(
    ("series", "told"),
    [
        (AecgSeries(EIGHT, unit=""), r"line 1, scale: unit nothing"),
        (AecgSeries(EIGHT, unit="mm"), "unit 'mm'"),
        (AecgSeries(EIGHT, scale="0"), "a step of 0 nV"),
        (AecgSeries(EIGHT, scale="-5"), "a step of -5000 nV"),
        (AecgSeries(EIGHT, increment=""), "GLIST_TS|has no increment"),
        (AecgSeries(EIGHT, increment='<increment value="0" unit="s"/>'), "increment of 0 s"),
        (AecgSeries(EIGHT, increment='<increment value="2" unit="s"/>'), "0.5 Hz; 50 to 32000"),
        (AecgSeries(EIGHT, time_type="LIST"), "times of type 'LIST'"),
        (AecgSeries(EIGHT, list_type="BXIT_IVL_PQ"), "lead I of type 'BXIT_IVL_PQ'"),
        (AecgSeries({"I": [40_000]}), "lead I: values do not fit 16 bits"),
        (AecgSeries({"I": [1], "II": [1, 2]}), "unequal length"),
        (AecgSeries({}), "none of the twelve leads"),
        (AecgSeries({"I": []}), "0 samples a lead"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_place(series: AecgSeries, told: str) -> None:
    with pytest.raises(SourceUnreadable, match=told):
        read_hl7_aecg(aecg(series))


@pytest.mark.parametrize("word", ["x", "1.5", "nan", "1e99"])
def test_digits_that_are_no_whole_numbers_are_refused(word: str) -> None:
    data = aecg(AecgSeries({"I": [424242]}, scale="0.1")).replace(b"424242", word.encode())
    with pytest.raises(SourceUnreadable, match="line 1, digits"):
        read_hl7_aecg(data)


@settings(deadline=None)
@given(
    st.lists(st.integers(-16000, 16000), min_size=1, max_size=30),
    st.sampled_from([("5", "uV"), ("2.5", "uV"), ("0.001", "mV"), ("4.8828125", "uV")]),
    st.sampled_from(["0", "0.0"]),
)
def test_round_trip(values: list[int], scale: tuple[str, str], origin: str) -> None:
    rows = {lead.upper(): values for lead in INDEPENDENT_LEADS}
    found = read_hl7_aecg(aecg(AecgSeries(rows, scale=scale[0], unit=scale[1], origin=origin)))
    for lead in INDEPENDENT_LEADS:
        assert found.recording.lead(lead).tolist() == values
    factor = 1000 if scale[1] == "uV" else 1_000_000
    assert found.recording.nv_per_lsb == pytest.approx(float(scale[0]) * factor)


@pytest.mark.parametrize("head", ["0024" + "0229101112", "1899" + "1231235959"])
def test_a_start_in_a_year_without_ecgs_is_not_known(head: str) -> None:
    assert read_hl7_aecg(aecg(AecgSeries({"II": [1, 2]}, head=head))).recording.acquired == ""
