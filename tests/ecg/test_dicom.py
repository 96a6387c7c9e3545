"""Reading a 12-lead ECG from DICOM: the values are the file's, or there is a refusal."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from ecg.description import Filters
from ecg.dicom import open_dicom
from ecg.errors import SignalError, SourceUnreadable
from ecg.leads import MISSING, STANDARD_LEADS, Lead
from ecg.recording import Recording

Change = Callable[[Dataset], object]


def sample_path() -> str:
    """The 12-lead ECG inside pydicom's own wheel."""
    path = get_testdata_file("waveform_ecg.dcm", download=False)
    assert path is not None
    return str(path)


def changed(tmp_path: Path, change: Change) -> Path:
    """The sample with its rhythm cut to 100 samples and one thing changed."""
    dataset = pydicom.dcmread(sample_path())
    group = dataset.WaveformSequence[0]
    group.NumberOfWaveformSamples = 100
    group.WaveformData = group.WaveformData[: 100 * 12 * 2]
    del dataset.WaveformSequence[1]
    change(dataset)
    path = tmp_path / "changed.dcm"
    dataset.save_as(path)
    return path


def channel(dataset: Dataset, index: int) -> Dataset:
    found: Dataset = dataset.WaveformSequence[0].ChannelDefinitionSequence[index]
    return found


def set_value(index: int, keyword: str, value: object) -> Change:
    return lambda dataset: setattr(channel(dataset, index), keyword, value)


def set_group(keyword: str, value: object) -> Change:
    return lambda dataset: setattr(dataset.WaveformSequence[0], keyword, value)


def test_the_values_are_those_of_pydicom_in_microvolts() -> None:
    recording = open_dicom(sample_path())
    expected_uv = pydicom.dcmread(sample_path()).waveform_array(0).T
    assert np.array_equal(recording.samples * (recording.nv_per_lsb / 1000), expected_uv)


def test_the_rhythm_is_taken_and_not_the_median_beat() -> None:
    recording = open_dicom(sample_path())
    assert recording.samples.shape == (12, 10_000)
    assert (recording.rate_hz, recording.duration_s) == (1000.0, 10.0)


def test_the_file_says_what_it_is() -> None:
    recording = open_dicom(sample_path())
    assert recording.leads == STANDARD_LEADS
    assert recording.nv_per_lsb == 1250
    assert recording.filters == Filters(0.05, 300, 0)
    assert recording.acquired == "20130125105919"
    assert not recording.simulated


def test_leads_are_put_in_order_by_their_codes(tmp_path: Path) -> None:
    def swap(dataset: Dataset) -> None:
        source = [channel(dataset, k).ChannelSourceSequence for k in (0, 6)]
        channel(dataset, 0).ChannelSourceSequence, channel(dataset, 6).ChannelSourceSequence = (
            source[1],
            source[0],
        )

    whole = open_dicom(sample_path()).samples[:, :100]
    swapped = open_dicom(changed(tmp_path, swap))
    assert np.array_equal(swapped.lead(Lead.V1), whole[0])
    assert np.array_equal(swapped.lead(Lead.I), whole[6])


def test_mdc_codes_are_read_too(tmp_path: Path) -> None:
    def recode(dataset: Dataset) -> None:
        for k in range(12):
            source = channel(dataset, k).ChannelSourceSequence[0]
            source.CodingSchemeDesignator = "MDC"
            source.CodeValue = source.CodeValue.replace("5.6.3-9-", "2:")

    assert open_dicom(changed(tmp_path, recode)).leads == STANDARD_LEADS


def test_a_correction_factor_and_millivolts_are_part_of_the_step(tmp_path: Path) -> None:
    def change(dataset: Dataset) -> None:
        for k in range(12):
            channel(dataset, k).ChannelSensitivity = "0.00125"
            channel(dataset, k).ChannelSensitivityCorrectionFactor = "2"
            channel(dataset, k).ChannelSensitivityUnitsSequence[0].CodeValue = "mV"

    assert open_dicom(changed(tmp_path, change)).nv_per_lsb == 2500


def test_a_lead_with_a_whole_multiple_of_the_step_keeps_its_size(tmp_path: Path) -> None:
    recording = open_dicom(changed(tmp_path, set_value(7, "ChannelSensitivity", "2.5")))
    assert recording.nv_per_lsb == 1250
    assert np.array_equal(recording.samples[7], 2 * open_dicom(sample_path()).samples[7, :100])


def test_a_baseline_is_added(tmp_path: Path) -> None:
    recording = open_dicom(changed(tmp_path, set_value(7, "ChannelBaseline", "-12.5")))
    assert np.array_equal(recording.samples[7], open_dicom(sample_path()).samples[7, :100] - 10)


def test_padding_is_missing(tmp_path: Path) -> None:
    whole = open_dicom(sample_path()).samples[:, :100]
    value = int(whole[0, 3])

    def pad(dataset: Dataset) -> None:
        dataset.WaveformSequence[0].add_new(
            "WaveformPaddingValue", "OW", value.to_bytes(2, "little", signed=True)
        )

    recording = open_dicom(changed(tmp_path, pad))
    assert np.array_equal(recording.samples == MISSING, whole == value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda dataset: channel(dataset, 3).ChannelSourceSequence[0].__setattr__("CodeValue", "x"),
            "aVR missing",
        ),
        (
            lambda dataset: (
                channel(dataset, 3).ChannelSourceSequence[0].__setattr__("CodeValue", "5.6.3-9-1")
            ),
            "lead I is there twice",
        ),
        (
            lambda dataset: (
                channel(dataset, 2).ChannelSensitivityUnitsSequence[0].__setattr__("CodeValue", "mmHg")
            ),
            "lead III: unit mmHg",
        ),
        (set_value(2, "ChannelSensitivity", "2"), "lead III: step 2000.* no multiples of 1250"),
        (set_value(2, "ChannelBaseline", "1"), "lead III: .*baseline 1000.* no multiples of 1250"),
        (set_value(2, "ChannelSensitivity", "0"), "a step of 0"),
        (set_value(2, "ChannelSensitivity", "-1.25"), "a step of -1250"),
        (lambda dataset: channel(dataset, 2).__delattr__("ChannelSensitivity"), "its size is unknown"),
        (set_value(2, "ChannelSampleSkew", "3"), "3 samples beside the other leads"),
        (set_value(2, "ChannelBaseline", "50000"), "can be held"),
        (set_group("WaveformBitsAllocated", 32), "32-bit SS samples; 16-bit signed"),
        (set_group("WaveformSampleInterpretation", "US"), "16-bit US samples"),
        (set_group("WaveformOriginality", "DERIVED"), "none of them ORIGINAL"),
        (set_group("NumberOfWaveformSamples", 101), "2400 bytes of waveform where 2424 are announced"),
        (set_group("NumberOfWaveformChannels", 13), "do not match its definitions"),
        (lambda dataset: dataset.__delattr__("WaveformSequence"), "0 waveform groups"),
        (
            lambda dataset: dataset.WaveformSequence[0].__delattr__("SamplingFrequency"),
            "has no SamplingFrequency",
        ),
        (set_group("SamplingFrequency", "0"), "damaged .SignalError."),
        (
            lambda dataset: dataset.__setattr__("SOPClassUID", "1.2.840.10008.5.1.4.1.1.7"),
            "ECG waveforms are read only",
        ),
    ],
)
def test_a_file_that_would_be_drawn_wrongly_is_refused(tmp_path: Path, change: Change, sentence: str) -> None:
    path = changed(tmp_path, change)
    with pytest.raises(SourceUnreadable, match=sentence):
        open_dicom(path)


def test_a_saturated_sample_is_not_taken_for_a_missing_one(tmp_path: Path) -> None:
    def saturate(dataset: Dataset) -> None:
        group = dataset.WaveformSequence[0]
        group.WaveformData = b"\x00\x80" + group.WaveformData[2:]

    with pytest.raises(SourceUnreadable, match="lead I: -32768"):
        open_dicom(changed(tmp_path, saturate))


def test_other_files_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no DICOM at all, but long enough to be looked at " * 20)
    with pytest.raises(SourceUnreadable, match=r"notes\.txt: not a DICOM file"):
        open_dicom(tmp_path / "notes.txt")
    with pytest.raises(SourceUnreadable, match=r"absent\.dcm: cannot be opened \(No such file"):
        open_dicom(tmp_path / "absent.dcm")


def test_a_recording_must_fit_its_leads() -> None:
    with pytest.raises(SignalError, match="for 2 leads"):
        Recording(leads=(Lead.I, Lead.II), rate_hz=500, nv_per_lsb=1000, samples=np.zeros((3, 5), np.int16))
    with pytest.raises(SignalError, match="float64"):
        Recording(leads=(Lead.I,), rate_hz=500, nv_per_lsb=1000, samples=np.zeros((1, 5)))
    only = Recording(leads=(Lead.I,), rate_hz=500, nv_per_lsb=1000, samples=np.ones((1, 5), np.int16))
    with pytest.raises(SignalError, match="V1 was not recorded; recorded are I"):
        only.lead(Lead.V1)


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@pytest.mark.filterwarnings("ignore")  # pydicom warns of much that it repairs
def test_a_damaged_file_is_read_or_refused_and_nothing_else(tmp_path: Path, draws: st.DataObject) -> None:
    path = changed(tmp_path, lambda dataset: dataset.__delattr__("WaveformAnnotationSequence"))
    data = bytearray(path.read_bytes())
    for _ in range(draws.draw(st.integers(1, 5))):
        data[draws.draw(st.integers(128, len(data) - 1))] = draws.draw(st.integers(0, 255))
    path.write_bytes(data[: draws.draw(st.integers(128, len(data)))])
    try:
        assert open_dicom(path).samples.shape[0] == 12
    except SourceUnreadable as refusal:
        assert "changed.dcm" in str(refusal)
