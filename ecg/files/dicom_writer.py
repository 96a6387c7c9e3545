"""Writing DICOM ECG objects: a tracing bit for bit, with its scale, gaps, filters, annotations and findings.

PS3.3 A.34 and C.10; Part 10 files in explicit little endian. Nothing of the patient comes from the tracing:
who it is of is given, and stays empty otherwise.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from io import BytesIO

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID, ExplicitVRLittleEndian

from ecg.errors import SignalError
from ecg.files.date_times import Start, start_of
from ecg.files.dicom_annotations import annotation_items, text_item
from ecg.files.dicom_codes import LEAD_SYSTEM, OWN_SCHEME, R_WAVE, UNSPECIFIED_TWELVE_LEADS
from ecg.files.dicom_forms import LIMITS, DicomForm, check_fits
from ecg.files.dicom_groups import median_group, needs_32_bits, rhythm_group
from ecg.files.dicom_identity import DicomIdentity, put_identity
from ecg.files.dicom_measurements import measurement_items
from ecg.files.findings import Findings
from ecg.leads import STANDARD_LEADS
from ecg.quiet_pydicom import quiet_pydicom
from ecg.tracing import Tracing

IMPLEMENTATION_CLASS_UID = UID("2.25.197834602918408706743754817248091714023")
IMPLEMENTATION_VERSION_NAME = "CLOUDCLINIC"

MAX_PART_BYTES = 32 << 20
"""Of samples in one object: twice as much and its own reader would refuse the file. 12 leads at 500 Hz: 46
minutes."""


@dataclass(frozen=True, slots=True)
class DicomInstance:
    """One object as a file; it holds `sample_count` samples of the tracing from `first_sample` on."""

    sop_instance_uid: str
    data: bytes
    first_sample: int
    sample_count: int


def write_dicom(
    tracing: Tracing,
    form: DicomForm,
    identity: DicomIdentity | None = None,
    findings: Findings | None = None,
    *,
    part_bytes: int = MAX_PART_BYTES,
) -> tuple[DicomInstance, ...]:
    """The tracing as objects of one series: one, or where its samples are more than `part_bytes` several
    that follow each other without a gap.

    Raises SignalError for what the form cannot hold, for a start that is not known to the minute (DICOM
    demands one), and for findings on a tracing of several objects, of none of which they would be true.
    """
    findings, identity = findings or Findings(), identity or DicomIdentity()
    bits = _bits(tracing, form)
    check_fits(tracing, form, 1 if findings.median is None else 2)
    start = start_of(tracing.acquired)
    if start is None or len(start.time) < 4:
        raise SignalError("the time of acquisition is not known; a DICOM object needs one, YYYYMMDDHHMMSS")
    size = max(part_bytes // (len(tracing.channels) * bits // 8), 1)
    objects = -(-tracing.sample_count // size)
    if objects > 1 and not (findings.is_empty and not identity.sop_instance_uid):
        raise SignalError(
            f"findings or a SOP instance UID for a tracing that takes {objects} objects; one object is right"
        )
    if identity.begins_study:
        identity = replace(identity, study_date=start.date, study_time=start.time)
    series = _Series(form, bits, start, identity.with_uids(), findings)
    return tuple(
        _instance(series, cut(tracing, first, min(size, tracing.sample_count - first)), first, number)
        for number, first in enumerate(range(0, tracing.sample_count, size), 1)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Series:
    """What all objects of a tracing share; `start`: of the whole."""

    form: DicomForm
    bits: int
    start: Start
    identity: DicomIdentity
    findings: Findings


def _bits(tracing: Tracing, form: DicomForm) -> int:
    bits = LIMITS[form].bits
    if bits < 32 and needs_32_bits(tracing):
        raise SignalError(f"values of more than 16 bits; {DicomForm.GENERAL_32_BIT} holds them")
    return bits


def cut(tracing: Tracing, first: int, count: int) -> Tracing:
    """That stretch of a tracing with what was annotated in it; its start is the whole tracing's."""
    end = first + count
    if count == tracing.sample_count:
        return tracing
    inside = range(first, end + 1 if end == tracing.sample_count else end)
    return replace(
        tracing,
        channels=tuple(replace(channel, samples=channel.samples[first:end]) for channel in tracing.channels),
        annotations=tuple(
            replace(said, sample=said.sample - first) for said in tracing.annotations if said.sample in inside
        ),
    )


def _instance(series: _Series, part: Tracing, first: int, number: int) -> DicomInstance:
    """The object with this part of the tracing."""
    dataset = Dataset()
    with quiet_pydicom():
        _put_general(dataset, series, part, number)
        put_identity(dataset, series.identity)
        _put_start(
            dataset, series.start.later(first / Fraction(repr(part.rate_hz))) if first else series.start
        )
        _put_waveforms(dataset, part, series)
        _put_annotations(dataset, part, series.findings)
        data = _file(dataset)
    return DicomInstance(str(dataset.SOPInstanceUID), data, first, part.sample_count)


def _put_general(dataset: Dataset, series: _Series, part: Tracing, number: int) -> None:
    """What the object is: SOP common, series and equipment."""
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = LIMITS[series.form].sop_class
    dataset.Modality = "ECG"
    dataset.SeriesNumber = 1
    dataset.InstanceNumber = number
    dataset.Manufacturer = ""
    if part.device:
        dataset.ManufacturerModelName = part.device.replace("\\", "/")[:64]


def _put_start(dataset: Dataset, start: Start) -> None:
    """When its first sample was taken: waveform identification."""
    dataset.ContentDate, dataset.ContentTime = start.date, start.time
    dataset.AcquisitionDateTime = start.text
    if start.zone:
        dataset.TimezoneOffsetFromUTC = start.zone


def _put_waveforms(dataset: Dataset, tracing: Tracing, series: _Series) -> None:
    groups = [rhythm_group(tracing, series.bits)]
    if series.findings.median is not None:
        groups.append(median_group(series.findings.median, tracing.rate_hz))
    dataset.WaveformSequence = Items(groups)
    dataset.AcquisitionContextSequence = _acquisition_context(tracing)


def _acquisition_context(tracing: Tracing) -> Items:
    """TID 3401: twelve standard leads say so; how the electrodes were placed nobody told."""
    leads = {channel.lead for channel in tracing.channels}
    if not leads.issuperset(STANDARD_LEADS):
        return Items()
    item = Dataset()
    item.ValueType = "CODE"
    item.ConceptNameCodeSequence = LEAD_SYSTEM.sequence()
    item.ConceptCodeSequence = UNSPECIFIED_TWELVE_LEADS.sequence()
    return Items([item])


def _put_annotations(dataset: Dataset, tracing: Tracing, findings: Findings) -> None:
    items = annotation_items(tracing)
    if findings.measurements is not None:
        items += measurement_items(findings.measurements, tracing.channels)
    items += [text_item(statement) for statement in findings.statements]
    if findings.median is not None:
        items.append(_r_of_median(findings.median.beat.r))
    if items:
        dataset.WaveformAnnotationSequence = Items(items)
        _put_scheme(dataset)


def _r_of_median(r: int) -> Dataset:
    item = Dataset()
    item.ConceptNameCodeSequence = R_WAVE.sequence()
    item.ReferencedWaveformChannels = [2, 0]
    item.TemporalRangeType = "POINT"
    item.ReferencedSamplePositions = r + 1
    return item


def _put_scheme(dataset: Dataset) -> None:
    """Say what the codes of the project's own scheme are."""
    scheme = Dataset()
    scheme.CodingSchemeDesignator = OWN_SCHEME
    scheme.CodingSchemeName = "Annotation codes of the MIT format under their numbers (MIT-1 to MIT-41)"
    dataset.CodingSchemeIdentificationSequence = Items([scheme])


def _file(dataset: Dataset) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    dataset.file_meta = meta
    out = BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()
