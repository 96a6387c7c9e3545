"""GE MUSE XML: what a small writer puts in comes out, and everything doubtful is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg.description import Filters
from ecg.errors import SourceUnreadable
from ecg.leads import INDEPENDENT_LEADS, MISSING, STANDARD_LEADS, Lead, derive_limb_leads
from ecg.vendor_files.found import Checksum, Remark, RemarkKind, StoredLead
from ecg.vendor_files.ge_muse import read_ge_muse
from tests.ecg.vendor_files.xml_writers import MuseWaveform, Rows, muse

EIGHT: Rows = {lead: [k, 10 * k, -7, 300] for k, lead in enumerate(INDEPENDENT_LEADS)}


def test_eight_stored_leads_become_twelve_and_say_so() -> None:
    found = read_ge_muse(muse(MuseWaveform(EIGHT)))
    recording = found.recording
    assert recording.leads == STANDARD_LEADS
    assert found.derived == (Lead.III, Lead.AVR, Lead.AVL, Lead.AVF)
    for lead in INDEPENDENT_LEADS:
        assert recording.lead(lead).tolist() == EIGHT[lead]
    limb = derive_limb_leads(recording.lead(Lead.I), recording.lead(Lead.II))
    assert np.array_equal(recording.samples[2:6], limb)


def test_scale_filters_device_and_start_are_those_of_the_file() -> None:
    found = read_ge_muse(muse(MuseWaveform(EIGHT)))
    recording = found.recording
    assert (recording.nv_per_lsb, recording.rate_hz) == (4880, 500)
    assert recording.filters == Filters(0.05, 150, 60)
    assert (recording.device, recording.acquired) == ("GE MAC55", "20240229101112")
    assert (found.version, found.checksum) == ("9.0", Checksum.RIGHT)
    assert found.stored[0] == StoredLead(Lead.I, 4880)


def test_the_median_beat_is_never_the_rhythm() -> None:
    median = MuseWaveform({"I": [7] * 6, "II": [8] * 6}, kind="Median")
    found = read_ge_muse(muse(median, MuseWaveform(EIGHT)))
    assert found.recording.lead(Lead.I).tolist() == EIGHT["I"]
    assert found.median_beat is not None
    assert found.median_beat.lead(Lead.I).tolist() == [7] * 6
    with pytest.raises(SourceUnreadable, match="no Waveform of the type Rhythm"):
        read_ge_muse(muse(median))


def test_an_unreadable_median_beat_does_not_hide_the_rhythm() -> None:
    found = read_ge_muse(muse(MuseWaveform({"I": [1], "II": [1, 2]}, kind="Median"), MuseWaveform(EIGHT)))
    assert found.median_beat is None
    assert [remark.kind for remark in found.remarks] == [RemarkKind.MEDIAN_BEAT_UNREADABLE]


def test_a_lead_the_file_kept_is_not_derived() -> None:
    found = read_ge_muse(muse(MuseWaveform({**EIGHT, "III": [1000, 0, 0, 0]})))
    assert found.recording.lead(Lead.III)[0] == 1000
    assert found.derived == (Lead.AVR, Lead.AVL, Lead.AVF)


def test_other_leads_are_left_aside_and_named() -> None:
    found = read_ge_muse(muse(MuseWaveform({**EIGHT, "V3R": [0, 0, 0, 0]})))
    assert found.remarks == (Remark(RemarkKind.LEAD_LEFT_ASIDE, "'V3R'"),)


def test_a_lead_that_was_off_is_told() -> None:
    found = read_ge_muse(muse(MuseWaveform(EIGHT, extra={"LeadOff": "TRUE"})))
    assert found.remarks[0] == Remark(RemarkKind.LEAD_OFF, "I")


def test_the_mark_of_no_value_stays_no_value() -> None:
    found = read_ge_muse(muse(MuseWaveform({**EIGHT, "I": [MISSING, 1, 2, 3]})))
    assert [found.recording.lead(lead)[0] for lead in (Lead.I, Lead.III, Lead.AVR)] == [MISSING] * 3


def test_a_date_in_another_order_is_unknown_rather_than_wrong() -> None:
    found = read_ge_muse(muse(MuseWaveform(EIGHT), date="29-02-2024"))
    assert found.recording.acquired == ""
    assert Remark(RemarkKind.START_UNREADABLE) in found.remarks


def test_without_checksums_it_says_so() -> None:
    assert read_ge_muse(muse(MuseWaveform(EIGHT, crc=False))).checksum is Checksum.NONE


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ({"LeadDataCRC32": "12345"}, r"line 1, LeadData I: the CRC-32 of its samples is \d+ where 12345"),
        ({"LeadAmplitudeUnits": "MMHG"}, "unit 'MMHG'"),
        ({"LeadAmplitudeUnits": ""}, "unit nothing"),
        ({"LeadAmplitudeUnitsPerBit": "0"}, "a step of 0 nV"),
        ({"LeadAmplitudeUnitsPerBit": "x"}, "'x' where a number belongs"),
        ({"LeadSampleCountTotal": "5"}, "8 bytes of samples where 10 are announced"),
        ({"LeadSampleSize": "4"}, "LeadSampleSize is '4'"),
        ({"LeadTimeOffset": "3"}, "LeadTimeOffset is '3'; only 0 is read"),
        ({"FirstSampleBaseline": "-12"}, "FirstSampleBaseline is '-12'"),
        ({"LeadID": "I"}, "lead I is there twice"),
        ({"WaveFormData": "????"}, "not base64"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_place(extra: dict[str, str], told: str) -> None:
    with pytest.raises(SourceUnreadable, match=told):
        read_ge_muse(muse(MuseWaveform(EIGHT, extra=extra)))


def test_leads_of_unequal_length_are_refused() -> None:
    with pytest.raises(SourceUnreadable, match="unequal length, 3 to 4 samples"):
        read_ge_muse(muse(MuseWaveform({**EIGHT, "V6": [1, 2, 3]})))


def test_no_free_text_of_the_file_is_repeated() -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read_ge_muse(muse(MuseWaveform(EIGHT, units="Jane Q. Public, 1950")))
    assert "jane" not in str(caught.value).lower()


@settings(deadline=None)
@given(
    st.lists(st.integers(-16000, 16000), min_size=1, max_size=30),
    st.sampled_from(["4.88", "5", "2.5", "0.1", "1"]),
    st.sampled_from(["250", "500", "1000"]),
)
def test_round_trip(values: list[int], step: str, rate: str) -> None:
    rows: Rows = {lead: values if lead == "I" else values[::-1] for lead in INDEPENDENT_LEADS}
    recording = read_ge_muse(muse(MuseWaveform(rows, units_per_bit=step, base=rate))).recording
    assert recording.rate_hz == float(rate)
    assert recording.nv_per_lsb == pytest.approx(float(step) * 1000)
    for lead in INDEPENDENT_LEADS:
        assert recording.lead(lead).tolist() == rows[lead]
