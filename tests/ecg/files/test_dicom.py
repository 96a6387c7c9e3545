"""Any ECG waveform in DICOM: General and Ambulatory with few leads, other widths, or a refusal by place."""

import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian

from ecg.description import Filters
from ecg.dicom import open_dicom
from ecg.errors import SourceUnreadable
from ecg.files.dicom import SOP_CLASSES, read_dicom
from ecg.leads import Lead
from ecg.tracing import Tracing
from tests.ecg.files.samples import dicom_bytes, short_dicom

Change = Callable[[Dataset], object]


def leads_kept(*rows: int) -> Change:
    """Only these channels are left, as an Ambulatory ECG has them."""

    def keep(dataset: Dataset) -> None:
        group = dataset.WaveformSequence[0]
        stored = np.frombuffer(group.WaveformData, "<i2").reshape(100, 12)[:, list(rows)]
        group.ChannelDefinitionSequence = [group.ChannelDefinitionSequence[row] for row in rows]
        group.NumberOfWaveformChannels = len(rows)
        group.WaveformData = stored.tobytes()
        dataset.SOPClassUID = UID("1.2.840.10008.5.1.4.1.1.9.1.3")

    return keep


def stored_as(kind: str, interpretation: str, bits: int) -> Change:
    """The same samples, halved to fit eight bits where need be, in another width."""

    def restore(dataset: Dataset) -> None:
        group = dataset.WaveformSequence[0]
        stored = np.frombuffer(group.WaveformData, "<i2").astype(kind)
        group.WaveformData = stored.tobytes()
        group.WaveformBitsAllocated = group.WaveformBitsStored = bits
        group.WaveformSampleInterpretation = interpretation

    return restore


def test_the_samples_and_the_scale_are_those_of_the_live_path() -> None:
    found = read_dicom(dicom_bytes(), "x.dcm")
    live = open_dicom(str(get_testdata_file("waveform_ecg.dcm", download=False)))
    for lead in Lead:
        channel = found.channel(lead)
        assert channel is not None
        assert np.array_equal(channel.nanovolts(), live.lead(lead) * live.nv_per_lsb)
        assert channel.filters == Filters(0.05, 300, 0)
    assert (found.rate_hz, found.sample_count, found.acquired) == (1000, 10_000, "20130125105919")


def test_the_median_beat_is_left_aside_and_told() -> None:
    assert read_dicom(dicom_bytes(), "x.dcm").notes[0] == "waveform group 2 left aside: derived, 1200 samples"


def test_two_leads_of_an_ambulatory_ecg_are_read() -> None:
    whole, found = read_dicom(dicom_bytes(), "x.dcm"), read_dicom(short_dicom(leads_kept(7, 1)), "x.dcm")
    assert [channel.lead for channel in found.channels] == [Lead.V2, Lead.II]
    for channel in found.channels:
        assert channel.lead is not None
        source = whole.channel(channel.lead)
        assert source is not None
        assert np.array_equal(channel.samples, source.samples[:100])


@pytest.mark.parametrize(
    ("kind", "interpretation", "bits"),
    [("<i4", "SL", 32), ("i1", "SB", 8), ("<u2", "US", 16), ("u1", "UB", 8)],
)
def test_other_widths_are_read(kind: str, interpretation: str, bits: int) -> None:
    found = read_dicom(short_dicom(stored_as(kind, interpretation, bits)), "x.dcm")
    stored = np.frombuffer(read_raw(), "<i2").astype(kind).reshape(100, 12)
    assert np.array_equal(np.stack([channel.samples for channel in found.channels], axis=1), stored)


def read_raw() -> bytes:
    raw: bytes = pydicom.dcmread(BytesIO(dicom_bytes())).WaveformSequence[0].WaveformData
    return raw[:2400]


@pytest.mark.parametrize("sop_class", sorted(SOP_CLASSES))
def test_every_ecg_waveform_class_is_read(sop_class: str) -> None:
    data = short_dicom(lambda dataset: setattr(dataset, "SOPClassUID", UID(sop_class)))
    assert read_dicom(data, "x.dcm").sample_count == 100


def test_a_lead_beside_the_twelve_has_its_name() -> None:
    def recode(dataset: Dataset) -> None:
        source = dataset.WaveformSequence[0].ChannelDefinitionSequence[6].ChannelSourceSequence[0]
        source.CodingSchemeDesignator, source.CodeValue = "MDC", "2:11"

    channel = read_dicom(short_dicom(recode), "x.dcm").channels[6]
    assert (channel.name, channel.lead) == ("V3R", None)


def test_a_lead_that_no_standard_names_has_its_label() -> None:
    def recode(dataset: Dataset) -> None:
        definition = dataset.WaveformSequence[0].ChannelDefinitionSequence[6]
        source = definition.ChannelSourceSequence[0]
        source.CodingSchemeDesignator, source.CodeValue = "MDC", "2:0"
        source.CodeMeaning = "Unspecified lead"
        definition.ChannelLabel = "MLII"

    channel = read_dicom(short_dicom(recode), "x.dcm").channels[6]
    assert (channel.name, channel.lead) == ("MLII", None)


def test_what_a_channel_was_derived_from_is_told() -> None:
    change = of_channel("ChannelDerivationDescription", "II - I")
    assert [one.derivation for one in read_dicom(short_dicom(change), "x.dcm").channels[1:4]] == [
        "",
        "II - I",
        "",
    ]


@pytest.mark.parametrize("text", ["", "2013", "20130230120000"])
def test_a_start_that_is_none_is_not_told(text: str) -> None:
    data = short_dicom(lambda dataset: setattr(dataset, "AcquisitionDateTime", text))
    found = read_dicom(data, "x.dcm")
    assert found.acquired == ""
    assert ("the start is no date and time and is left aside" in found.notes) == bool(text)


@pytest.mark.parametrize(
    ("sensitivity", "baseline", "zero"),
    [(".582750582750583", "-596.7365967366", 1024), ("1.25", "-0.5", 0.4), ("4.88", "0", 0)],
)
def test_a_baseline_that_cannot_be_told_closer_is_a_whole_step(
    sensitivity: str, baseline: str, zero: float
) -> None:
    def state(dataset: Dataset) -> None:
        definition = dataset.WaveformSequence[0].ChannelDefinitionSequence[0]
        definition.ChannelSensitivity, definition.ChannelBaseline = sensitivity, baseline

    assert read_dicom(short_dicom(state), "x.dcm").channels[0].zero == zero


def test_a_pressure_is_left_aside_and_told() -> None:
    def relabel(dataset: Dataset) -> None:
        definition = dataset.WaveformSequence[0].ChannelDefinitionSequence[3]
        definition.ChannelSensitivityUnitsSequence[0].CodeValue = "mm[Hg]"

    found = read_dicom(short_dicom(relabel), "x.dcm")
    assert len(found.channels) == 11
    assert found.notes[0] == "channel 4 left aside: not a voltage"


@pytest.mark.parametrize("vr", ["OW", "SS"])
def test_padding_is_missing_and_nothing_else(vr: str) -> None:
    value = int(np.frombuffer(read_raw(), "<i2")[36])

    def pad(dataset: Dataset) -> None:
        written = value.to_bytes(2, "little", signed=True) if vr == "OW" else value
        dataset.WaveformSequence[0].add_new("WaveformPaddingValue", vr, written)

    stored = np.frombuffer(read_raw(), "<i2").reshape(100, 12)
    found = read_dicom(short_dicom(pad), "x.dcm")
    assert np.array_equal(np.stack([channel.missing for channel in found.channels], axis=1), stored == value)


def test_the_lowest_value_is_a_value_where_it_is_no_padding() -> None:
    def lower(dataset: Dataset) -> None:
        stored = np.frombuffer(dataset.WaveformSequence[0].WaveformData, "<i2").copy()
        stored[0] = -32768
        dataset.WaveformSequence[0].WaveformData = stored.tobytes()

    channel = read_dicom(short_dicom(lower), "x.dcm").channels[0]
    assert channel.samples[0] == -32768
    assert not channel.missing.any()


def test_a_baseline_moves_the_zero() -> None:
    def shift(dataset: Dataset) -> None:
        dataset.WaveformSequence[0].ChannelDefinitionSequence[0].ChannelBaseline = "-12.5"

    before = read_dicom(dicom_bytes(), "x.dcm").channels[0].nanovolts()[:100]
    assert np.array_equal(read_dicom(short_dicom(shift), "x.dcm").channels[0].nanovolts(), before - 12_500)


def of_group(keyword: str, value: object) -> Change:
    return lambda dataset: setattr(dataset.WaveformSequence[0], keyword, value)


def of_channel(keyword: str, value: object) -> Change:
    return lambda dataset: setattr(dataset.WaveformSequence[0].ChannelDefinitionSequence[2], keyword, value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (of_group("WaveformOriginality", "DERIVED"), "2 waveform groups, none of them ORIGINAL"),
        (of_group("NumberOfWaveformSamples", 101), "group 1: 2400 bytes of waveform where 2424"),
        (of_group("NumberOfWaveformChannels", 11), "group 1: 100 samples of 11 channels, 12 defined"),
        (of_group("WaveformSampleInterpretation", "MB"), "samples are MB of 16 bits"),
        (of_group("SamplingFrequency", "0"), "0.0 Hz"),
        (of_channel("ChannelSensitivity", None), "group 1, channel 3: no channel sensitivity"),
        (of_channel("ChannelSensitivity", "-1"), "channel 3: a step of -1 uV"),
        (of_channel("ChannelSampleSkew", "5"), "channel 3: 5 samples beside the others"),
        (lambda dataset: setattr(dataset, "SOPClassUID", UID("1.2.3")), "SOP class 1.2.3"),
        (lambda dataset: delattr(dataset, "WaveformSequence"), "0 waveform groups"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: Change, sentence: str) -> None:
    with pytest.raises(SourceUnreadable, match=sentence):
        read_dicom(short_dicom(change), "x.dcm")


def test_a_deflated_file_is_refused_before_it_unfolds() -> None:
    dataset = pydicom.dcmread(BytesIO(dicom_bytes()))
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    out = BytesIO()
    dataset.save_as(out)
    with pytest.raises(SourceUnreadable, match="deflated transfer syntax"):
        read_dicom(out.getvalue(), "x.dcm")


def test_the_patient_is_nowhere() -> None:
    def name(dataset: Dataset) -> None:
        dataset.PatientName, dataset.PatientID = "Zhang^San", "4711"

    found: Tracing = read_dicom(short_dicom(name), "x.dcm")
    assert "Zhang" not in repr(found.found()) and "4711" not in repr(found.found())


@pytest.mark.parametrize("read", [read_dicom, None], ids=["any", "live"])
def test_no_warning_of_a_damaged_value_quotes_the_patient(
    read: Callable[[bytes, str], Tracing] | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = short_dicom(lambda dataset: setattr(dataset, "StudyID", "4711"))
    at = data.index(b"1.2.840.10008.5.1.4.1.1.9.1.1", 300)
    data = data[:at] + b"Zhang San 42".ljust(29, b" ") + data[at + 29 :]
    (tmp_path / "x.dcm").write_bytes(data)
    with warnings.catch_warnings(record=True) as warned, pytest.raises(SourceUnreadable) as refused:
        warnings.simplefilter("always")
        if read is None:
            open_dicom(tmp_path / "x.dcm")
        else:
            read(data, "x.dcm")
    assert (warned, caplog.records) == ([], [])
    assert "SOP class absent" in str(refused.value)
