"""Writing DICOM ECG objects: read again bit for bit, and refused with the number that does not fit."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from ecg.annotations import Annotation, AnnotationCode
from ecg.description import Filters
from ecg.dicom import open_dicom
from ecg.errors import SignalError
from ecg.files.dicom_forms import LIMITS, DicomForm
from ecg.files.dicom_identity import DicomIdentity
from ecg.files.dicom_writer import write_dicom
from ecg.files.door import read_any
from ecg.files.findings import Findings
from ecg.leads import STANDARD_LEADS, Lead
from ecg.limb_leads import with_derived_limb_leads
from ecg.measurements import Measure, Measured
from ecg.tracing import Channel, Tracing
from tests.ecg.files.samples import (
    ACQUIRED,
    RECORDS,
    annotation_lists,
    dicom_bytes,
    measurements,
    median_of,
    record,
    same_samples,
    same_values,
    tracing,
    tracings,
    with_gap,
)

STEP_TOLERANCE = 1e-13
"""Sixteen characters hold fourteen digits of a step of some hundredths of a microvolt."""


def dated(of: Tracing, at: str = ACQUIRED) -> Tracing:
    return replace(of, acquired=of.acquired or at)


def written(of: Tracing, form: DicomForm = DicomForm.GENERAL, **more: object) -> bytes:
    (instance,) = write_dicom(of, form, **more)  # type: ignore[arg-type]
    return instance.data


def dataset_of(data: bytes) -> Dataset:
    return pydicom.dcmread(BytesIO(data))


def small(rows: int = 2, count: int = 300, **more: float) -> Tracing:
    return dated(tracing(np.arange(rows * count, dtype=np.int16).reshape(rows, count), **more))


def fitting_form(of: Tracing) -> DicomForm:
    if any(channel.samples.dtype == np.int32 for channel in of.channels):
        return DicomForm.GENERAL_32_BIT
    return DicomForm.AMBULATORY if of.rate_hz < 200 else DicomForm.TWELVE_LEAD


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_survives(name: str) -> None:
    before = dated(record(name))
    after = read_any(written(before), "again.dcm")
    assert same_samples(before, after)
    assert after.annotations == before.annotations
    assert (after.rate_hz, after.acquired) == (before.rate_hz, before.acquired)
    for one, other in zip(before.channels, after.channels, strict=True):
        assert abs(other.nv_per_step / one.nv_per_step - 1) < STEP_TOLERANCE
        assert (other.zero, other.filters) == (one.zero, one.filters)


@given(st.booleans().flatmap(lambda wide: tracings(wide=wide)))
def test_any_tracing_survives(before: Tracing) -> None:
    form = fitting_form(before)
    assume(before.rate_hz >= LIMITS[form].rate_hz[0])
    before = dated(before)
    after = read_any(written(before, form), "again.dcm")
    assert same_values(before, after)
    assert (after.rate_hz, float(after.acquired)) == (before.rate_hz, float(before.acquired))
    for one, other in zip(before.channels, after.channels, strict=True):
        assert abs(other.nv_per_step / one.nv_per_step - 1) < STEP_TOLERANCE
        assert other.zero == one.zero


@given(annotation_lists(), st.lists(st.sampled_from([0.0, 0.5, 2.0]), min_size=20, max_size=20))
def test_any_annotations_survive(said: tuple[Annotation, ...], lasting: list[float]) -> None:
    # Samples far apart, brought into 1500; subtypes and numbers have no place in the object.
    kept = tuple(
        replace(one, sample=one.sample % 1501, subtype=0, number=0, channel=one.channel % 3, duration_s=lasts)
        for one, lasts in zip(said, lasting, strict=False)
        if one.sample % 1501 + 500 * lasts <= 1500
    )
    after = read_any(written(replace(small(3, 1500), annotations=kept)), "again.dcm")
    assert sorted(after.annotations, key=repr) == sorted(kept, key=repr)
    assert [one.sample for one in after.annotations] == sorted(one.sample for one in kept)


def test_an_annotation_on_a_channel_that_is_not_there_is_on_all() -> None:
    said = (Annotation(7, AnnotationCode.NORMAL, channel=1), Annotation(8, AnnotationCode.NORMAL, channel=2))
    items = dataset_of(written(replace(small(2), annotations=said))).WaveformAnnotationSequence
    assert [list(item.ReferencedWaveformChannels) for item in items] == [[1, 2], [1, 0]]


def test_ten_thousand_beats_are_one_item() -> None:
    beats = tuple(Annotation(sample, AnnotationCode.NORMAL) for sample in range(10_000))
    data = written(replace(small(1, 16_000), annotations=beats))
    (item,) = dataset_of(data).WaveformAnnotationSequence
    assert item.TemporalRangeType == "MULTIPOINT"
    assert item.ReferencedSamplePositions[:2] == [1, 2]
    assert read_any(data, "again.dcm").annotations == beats


def test_a_code_and_its_text_are_two_items_of_one_group() -> None:
    said = (Annotation(7, AnnotationCode.RHYTHM_CHANGE, "(AFIB"), Annotation(7, AnnotationCode.NOTE, "cough"))
    items = dataset_of(written(replace(small(), annotations=said))).WaveformAnnotationSequence
    assert [item.get("UnformattedTextValue") for item in items] == [None, "(AFIB", "cough"]
    assert [item.get("AnnotationGroupNumber") for item in items] == [1, 1, None]
    assert items[0].ConceptNameCodeSequence[0].CodingSchemeDesignator == "99CLOUDCLINIC"


def test_missing_values_are_padding_in_every_width() -> None:
    gapped = with_gap(small(), 100, 120)
    single = replace(gapped.channels[0], samples=gapped.channels[0].samples.copy())
    single.samples[5] = single.missing_value
    gapped = replace(gapped, channels=(single, *gapped.channels[1:]))
    for form in DicomForm:
        data = written(gapped, form)
        assert "WaveformPaddingValue" in dataset_of(data).WaveformSequence[0]
        after = read_any(data, "again.dcm")
        assert same_samples(gapped, after)
        assert [(gap.first, gap.count) for gap in after.gaps()] == [(100, 20)]
    assert "WaveformPaddingValue" not in dataset_of(written(small())).WaveformSequence[0]


def test_scale_baseline_and_filters_stand_in_the_channel() -> None:
    channel = replace(small(step_nv=4880, zero=1024).channels[0], filters=Filters(0.05, 150, 0))
    (item,) = (
        dataset_of(written(replace(small(), channels=(channel,))))
        .WaveformSequence[0]
        .ChannelDefinitionSequence
    )
    assert (item.ChannelSensitivity, item.ChannelSensitivityCorrectionFactor) == ("4.88", "1")
    assert item.ChannelSensitivityUnitsSequence[0].CodeValue == "uV"
    assert (item.ChannelBaseline, item.ChannelSampleSkew) == ("-4997.12", "0")
    assert (item.FilterLowFrequency, item.FilterHighFrequency, item.NotchFilterFrequency) == (
        "0.05",
        "150",
        "0",
    )
    source = item.ChannelSourceSequence[0]
    assert (source.CodingSchemeDesignator, source.CodeValue) == ("MDC", "2:1")
    again = read_any(written(replace(small(), channels=(channel,))), "again.dcm").channels[0]
    assert (again.filters, again.zero) == (Filters(0.05, 150, 0), 1024)


def test_the_live_path_reads_the_same_samples(tmp_path: Path) -> None:
    before = read_any(dicom_bytes(), "x.dcm")
    (tmp_path / "x.dcm").write_bytes(written(before, DicomForm.TWELVE_LEAD))
    live = open_dicom(tmp_path / "x.dcm")
    assert live.leads == STANDARD_LEADS and live.nv_per_lsb == 1250
    for channel in before.channels:
        assert channel.lead is not None
        assert np.array_equal(live.lead(channel.lead), channel.samples)


def test_what_was_derived_says_how_and_is_read_so() -> None:
    whole = with_derived_limb_leads(small(2))
    items = dataset_of(written(whole)).WaveformSequence[0].ChannelDefinitionSequence
    assert [item.get("ChannelDerivationDescription") for item in items] == [
        None, None, "II - I", "-(I + II)/2", "I - II/2", "II - I/2",
    ]  # fmt: skip
    after = read_any(written(whole), "again.dcm")
    assert [one.derivation for one in after.channels] == [one.derivation for one in whole.channels]


def test_a_lead_without_a_code_keeps_its_name() -> None:
    strange = Channel(name="MLII", lead=None, samples=np.ones(9, np.int16), nv_per_step=5000)
    known = Channel(name="V7", lead=None, samples=np.ones(9, np.int16), nv_per_step=5000)
    data = written(replace(small(), channels=(strange, known)))
    sources = [
        item.ChannelSourceSequence[0].CodeValue
        for item in dataset_of(data).WaveformSequence[0].ChannelDefinitionSequence
    ]
    assert sources == ["2:0", "2:9"]
    assert [one.name for one in read_any(data, "again.dcm").channels] == ["MLII", "V7"]


def test_the_median_beat_is_a_derived_group_that_is_never_the_rhythm() -> None:
    median = median_of(Lead.I, Lead.V2)
    data = written(small(), findings=Findings(median=median))
    rhythm, beat = dataset_of(data).WaveformSequence
    assert (rhythm.WaveformOriginality, rhythm.MultiplexGroupLabel) == ("ORIGINAL", "RHYTHM")
    assert (beat.WaveformOriginality, beat.MultiplexGroupLabel) == ("DERIVED", "MEDIAN BEAT")
    assert (beat.NumberOfWaveformSamples, beat.TriggerSamplePosition) == (300, 101)
    assert beat.ChannelDefinitionSequence[1].ChannelDerivationDescription == "Median of 3 beats"
    stored = np.frombuffer(beat.WaveformData, "<i2").reshape(300, 2)
    step_uv = float(beat.ChannelDefinitionSequence[0].ChannelSensitivity)
    assert np.abs(stored.T * step_uv - median.beat.samples_uv).max() <= step_uv / 2 <= 0.05
    after = read_any(data, "again.dcm")
    assert same_samples(small(), after)
    assert after.notes[0] == "waveform group 2 left aside: derived, 300 samples"


def test_measurements_are_coded_numbers_and_absent_ones_are_not_there() -> None:
    measured = measurements(Measure.PR)
    items = dataset_of(written(small(), findings=Findings(measurements=measured))).WaveformAnnotationSequence
    coded = {
        (item.ConceptNameCodeSequence[0].CodeValue, tuple(item.ReferencedWaveformChannels)): item
        for item in items
    }
    qrs = measured.values[Measure.QRS]
    assert isinstance(qrs, Measured)
    assert float(coded["2:16156", (1, 0)].NumericValue) == qrs.value
    assert coded["2:16156", (1, 0)].MeasurementUnitsCodeSequence[0].CodeValue == "ms"
    assert not any(code == "2:15872" for code, _ in coded)
    modified = [
        item.ConceptNameCodeSequence[0].ModifierCodeSequence[0].CodeMeaning
        for item in items
        if item.ConceptNameCodeSequence[0].CodeValue == "2:15876"
    ]
    assert modified == ["Framingham QTc Algorithm", "Hodges QTc Algorithm"]
    # Of the two leads measured only I is in this tracing; its P is upright, its T too.
    of_lead = {code for code, (_, channel) in coded if channel == 1}
    assert of_lead == {"2:1280", "2:1792", "2:2048", "2:2304", "2:2560", "2:1024", "2:14336"}


def test_a_wave_that_points_down_has_the_code_of_the_minimum() -> None:
    measured = measurements()
    down = {
        lead: {measure: replace(found, value=-7.0) for measure, found in values.items()}  # type: ignore[arg-type]
        for lead, values in measured.leads.items()
    }
    data = written(small(), findings=Findings(measurements=replace(measured, leads=down)))
    codes = {
        item.ConceptNameCodeSequence[0].CodeValue for item in dataset_of(data).WaveformAnnotationSequence
    }
    assert {"2:1536", "2:2816"} <= codes and not {"2:1280", "2:2560"} & codes


def test_statements_are_remarks_on_the_whole() -> None:
    data = written(small(), findings=Findings(statements=("PR 210 ms", "QRS 心室 124 ms")))
    items = dataset_of(data).WaveformAnnotationSequence
    assert [item.UnformattedTextValue for item in items] == ["PR 210 ms", "QRS 心室 124 ms"]
    assert all("TemporalRangeType" not in item for item in items)
    assert read_any(data, "again.dcm").notes == (
        "2 measurements and remarks left aside: not at samples of this group",
    )


def test_what_is_not_known_of_the_patient_is_empty() -> None:
    dataset = dataset_of(written(small()))
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyID",
                    "AccessionNumber", "ReferringPhysicianName", "Manufacturer"):  # fmt: skip
        assert keyword in dataset and not dataset[keyword].value, keyword
    assert dataset.StudyInstanceUID.startswith("2.25.") and dataset.StudyInstanceUID.is_valid


def test_what_is_known_of_the_patient_is_written() -> None:
    identity = DicomIdentity(
        patient_name="Zhang^San=张^三",
        patient_id="4711",
        patient_birth_date="19700203",
        patient_sex="F",
        study_instance_uid="1.2.3",
        series_instance_uid="1.2.4",
        study_id="S1",
        accession_number="A1",
        referring_physician="Li^Si",
        institution="社区卫生服务中心",
    )
    dataset = dataset_of(written(small(), identity=identity))
    assert str(dataset.PatientName.ideographic) == "张^三"
    assert (dataset.PatientID, dataset.PatientBirthDate, dataset.PatientSex) == ("4711", "19700203", "F")
    assert (dataset.StudyInstanceUID, dataset.SeriesInstanceUID) == ("1.2.3", "1.2.4")
    assert (dataset.StudyID, dataset.AccessionNumber) == ("S1", "A1")
    assert (dataset.ReferringPhysicianName, dataset.InstitutionName) == ("Li^Si", "社区卫生服务中心")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("patient_birth_date", "3 Feb 1970"),
        ("patient_sex", "female"),
        ("patient_id", "4711" * 20),
        ("study_instance_uid", "Zhang San"),
        ("sop_instance_uid", "1.2.x"),
        ("study_time", "noon"),
        ("accession_number", "a" * 17),
    ],
)
def test_a_wrong_identity_is_refused_by_its_field_and_never_quoted(field: str, value: str) -> None:
    with pytest.raises(SignalError) as refused:
        written(small(), identity=DicomIdentity(**{field: value}))
    assert field in str(refused.value) and value not in str(refused.value)


def test_the_file_is_a_part_10_file_of_its_class() -> None:
    for form in DicomForm:
        data = written(small(), form)
        dataset = dataset_of(data)
        assert data[:132] == bytes(128) + b"DICM"
        assert dataset.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
        assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID
        assert dataset.SOPClassUID == dataset.file_meta.MediaStorageSOPClassUID == LIMITS[form].sop_class


def test_no_two_objects_are_the_same_one() -> None:
    one, other = (dataset_of(written(small())) for _ in range(2))
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
        assert one[keyword].value != other[keyword].value


def test_the_start_keeps_its_zone_and_its_fraction() -> None:
    dataset = dataset_of(written(replace(small(), acquired="20240229235930.25+0800")))
    assert dataset.AcquisitionDateTime == "20240229235930.25+0800"
    assert (dataset.ContentDate, dataset.ContentTime) == ("20240229", "235930.25")
    assert dataset.TimezoneOffsetFromUTC == "+0800"


def test_a_long_tracing_is_several_objects_without_a_gap() -> None:
    said = tuple(Annotation(sample, AnnotationCode.NORMAL) for sample in (0, 99, 100, 249, 299, 300))
    whole = replace(small(), annotations=said)
    parts = write_dicom(whole, DicomForm.GENERAL, part_bytes=2 * 2 * 100)
    assert [(one.first_sample, one.sample_count) for one in parts] == [(0, 100), (100, 100), (200, 100)]
    read = [read_any(one.data, "part.dcm") for one in parts]
    for k, channel in enumerate(whole.channels):
        assert np.array_equal(np.concatenate([one.channels[k].samples for one in read]), channel.samples)
    assert [said.sample + one.first_sample for one, part in zip(parts, read, strict=True)
            for said in part.annotations] == [0, 99, 100, 249, 299, 300]  # fmt: skip
    assert [one.acquired for one in read] == [ACQUIRED, "20240229235930.45", "20240229235930.65"]
    datasets = [dataset_of(one.data) for one in parts]
    assert len({dataset.SeriesInstanceUID for dataset in datasets}) == 1
    assert [dataset.InstanceNumber for dataset in datasets] == [1, 2, 3]
    for more in (
        {"findings": Findings(statements=("x",))},
        {"identity": DicomIdentity(sop_instance_uid="1.2")},
    ):
        with pytest.raises(SignalError, match="for a tracing that takes 3 objects; one object is right"):
            write_dicom(whole, DicomForm.GENERAL, part_bytes=400, **more)  # type: ignore[arg-type]


def test_parts_on_both_sides_of_midnight_are_of_one_study() -> None:
    late = small().acquired[:8] + "235959.9"
    parts = write_dicom(replace(small(), acquired=late), DicomForm.GENERAL, part_bytes=2 * 2 * 100)
    datasets = [dataset_of(one.data) for one in parts]
    assert {(one.StudyDate, one.StudyTime, one.StudyInstanceUID) for one in datasets} == {
        ("20240229", "235959.9", datasets[0].StudyInstanceUID)
    }
    assert [one.ContentDate for one in datasets] == ["20240229", "20240301", "20240301"]


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        (DicomIdentity(), ("20240229", "235930.25")),
        (DicomIdentity(study_instance_uid="1.2.3"), ("", "")),
        (
            DicomIdentity(study_instance_uid="1.2.3", study_date="20240228", study_time="1200"),
            ("20240228", "1200"),
        ),
    ],
)
def test_only_a_study_that_begins_with_the_ecg_has_its_date(
    identity: DicomIdentity, expected: tuple[str, str]
) -> None:
    dataset = dataset_of(written(small(), identity=identity))
    assert (dataset.StudyDate or "", dataset.StudyTime or "") == expected


def test_the_uid_of_the_object_can_be_given() -> None:
    (instance,) = write_dicom(small(), DicomForm.GENERAL, DicomIdentity(sop_instance_uid="1.2.5"))
    assert (
        instance.sop_instance_uid == dataset_of(instance.data).file_meta.MediaStorageSOPInstanceUID == "1.2.5"
    )


def test_small_values_of_32_bits_fit_16() -> None:
    wide = dated(tracing(np.array([[1, -32767, 32767, -(1 << 31)]], np.int32)))
    assert same_values(wide, read_any(written(wide, DicomForm.TWELVE_LEAD), "again.dcm"))


@pytest.mark.parametrize(
    ("unfit", "form", "sentence"),
    [
        (small(rate_hz=199), DicomForm.TWELVE_LEAD, "199 Hz; 12-lead ECG holds 200 to 1000 Hz; Ambulatory"),
        (small(rate_hz=1001), DicomForm.GENERAL, "1001 Hz; General ECG holds 200 to 1000 Hz; General 32-bit"),
        (small(rate_hz=40), DicomForm.AMBULATORY, "40 Hz; Ambulatory ECG holds 50 to 1000 Hz$"),
        (small(1, 16_385), DicomForm.TWELVE_LEAD, "16385 samples a channel; 12-lead ECG holds 16384: cut it"),
        (replace(small(), acquired=""), DicomForm.GENERAL, "time of acquisition is not known"),
        (replace(small(), acquired="20240229"), DicomForm.GENERAL, "time of acquisition is not known"),
        (
            dated(tracing(np.array([[-32768, 32768]], np.int32))),
            DicomForm.GENERAL,
            "more than 16 bits; General 32-bit ECG holds them",
        ),
        (
            replace(small(), annotations=(Annotation(301, AnnotationCode.NORMAL),)),
            DicomForm.GENERAL,
            "an annotation at sample 301 of 300",
        ),
    ],
)
def test_what_a_form_cannot_hold_is_refused(unfit: Tracing, form: DicomForm, sentence: str) -> None:
    with pytest.raises(SignalError, match=sentence):
        write_dicom(unfit, form)


@pytest.mark.parametrize(
    ("form", "channels"),
    [(DicomForm.TWELVE_LEAD, 13), (DicomForm.GENERAL, 24), (DicomForm.AMBULATORY, 12)],
)
def test_as_many_channels_as_the_standard_allows_and_no_more(form: DicomForm, channels: int) -> None:
    def of(count: int) -> Tracing:
        return replace(
            small(),
            channels=tuple(
                Channel(name=f"c{k}", lead=None, samples=np.full(20, k, np.int16), nv_per_step=1000)
                for k in range(count)
            ),
        )

    after = read_any(written(of(channels), form), "again.dcm")
    assert [int(one.samples[0]) for one in after.channels] == list(range(channels))
    with pytest.raises(SignalError, match=f"{channels + 1} channels; {form} holds {channels}"):
        write_dicom(of(channels + 1), form)


def test_the_ambulatory_object_has_one_group() -> None:
    with pytest.raises(SignalError, match="2 groups of channels; Ambulatory ECG holds 1"):
        write_dicom(small(), DicomForm.AMBULATORY, findings=Findings(median=median_of(Lead.I)))


def test_the_longest_twelve_lead_ecg_is_written() -> None:
    longest = dated(tracing(np.ones((12, 16_384), np.int16)))
    after = read_any(written(longest, DicomForm.TWELVE_LEAD), "again.dcm")
    assert same_samples(longest, after)
