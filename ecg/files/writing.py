"""One door for writing: a tracing as a file of any kind that is written, and what does not survive in it.

Every file is read again before it is handed out: what was written is what was meant, or there is no file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ecg.errors import SignalError
from ecg.files.companions import InMemory, is_plain_name
from ecg.files.csv import write_csv
from ecg.files.dicom_forms import DicomForm
from ecg.files.dicom_identity import DicomIdentity
from ecg.files.dicom_measurements import measures_without_code
from ecg.files.dicom_writer import MAX_PART_BYTES, DicomInstance, cut, write_dicom
from ecg.files.door import read_any
from ecg.files.edf_writer import write_edf
from ecg.files.fhir_writer import FhirContext, FhirRelease, write_fhir
from ecg.files.findings import Findings
from ecg.files.survival import check_samples, lost
from ecg.files.wfdb import write_wfdb
from ecg.files.wfdb_header import is_record_name
from ecg.measurements import Absent, Measurements
from ecg.tracing import Tracing


class WrittenKind(StrEnum):
    """The kinds of file that are written, by the names a command line gives them."""

    WFDB = "wfdb"
    EDF_PLUS = "edf"
    CSV = "csv"
    DICOM_TWELVE_LEAD = "dicom-12-lead"
    DICOM_GENERAL = "dicom-general"
    DICOM_AMBULATORY = "dicom-ambulatory"
    DICOM_GENERAL_32_BIT = "dicom-general-32"
    FHIR_R4 = "fhir-r4"
    FHIR_R5 = "fhir-r5"


FORMS: dict[WrittenKind, DicomForm] = {
    WrittenKind.DICOM_TWELVE_LEAD: DicomForm.TWELVE_LEAD,
    WrittenKind.DICOM_GENERAL: DicomForm.GENERAL,
    WrittenKind.DICOM_AMBULATORY: DicomForm.AMBULATORY,
    WrittenKind.DICOM_GENERAL_32_BIT: DicomForm.GENERAL_32_BIT,
}
RELEASES: dict[WrittenKind, FhirRelease] = {
    WrittenKind.FHIR_R4: FhirRelease.R4,
    WrittenKind.FHIR_R5: FhirRelease.R5,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alongside:
    """What goes with a tracing into a file, as far as its kind has a place for it."""

    identity: DicomIdentity = DicomIdentity()
    context: FhirContext = FhirContext()
    findings: Findings = Findings()


@dataclass(frozen=True, slots=True)
class Written:
    """The files by name, and what of the tracing and of what goes with it is not in them, a sentence each."""

    kind: WrittenKind
    files: Mapping[str, bytes]
    lost: tuple[str, ...]


def write(tracing: Tracing, kind: WrittenKind, name: str, alongside: Alongside | None = None) -> Written:
    """The tracing as files of that kind, called `name` with the kind's ending.

    SignalError for what the kind cannot hold, for a name that leads out of a folder, and as WFDB, which has
    the name in the file, for one that is not plain letters, digits, - and _.
    """
    if kind is WrittenKind.WFDB and not is_record_name(name):
        raise SignalError(f"a record named {name[:40]!r}; letters, digits, - and _ are right in WFDB")
    if not is_plain_name(name):
        raise SignalError(f"{name[:40]!r} names no file in a folder")
    alongside = alongside or Alongside()
    if kind in FORMS:
        return _as_dicom(tracing, kind, name, alongside)
    files, first = _files(tracing, kind, name, alongside)
    after = read_any(files[first], first, beside=InMemory(files))
    check_samples(tracing, after)
    return Written(
        kind, files, (*lost(tracing, after, remarks=kind in RELEASES), *_unwritten(kind, alongside))
    )


def _files(
    tracing: Tracing, kind: WrittenKind, name: str, alongside: Alongside
) -> tuple[dict[str, bytes], str]:
    """The files, and which of them is named to read them."""
    match kind:
        case WrittenKind.WFDB:
            return write_wfdb(tracing, name), f"{name}.hea"
        case WrittenKind.EDF_PLUS:
            return {f"{name}.edf": write_edf(tracing)}, f"{name}.edf"
        case WrittenKind.CSV:
            return {f"{name}.csv": write_csv(tracing)}, f"{name}.csv"
        case _:
            data = write_fhir(tracing, RELEASES[kind], alongside.context, alongside.findings)
            return {f"{name}.json": data}, f"{name}.json"


def _as_dicom(tracing: Tracing, kind: WrittenKind, name: str, alongside: Alongside) -> Written:
    instances = write_dicom(
        tracing, FORMS[kind], alongside.identity, alongside.findings, part_bytes=MAX_PART_BYTES
    )
    sentences: dict[str, None] = {}
    for instance in instances:
        part = cut(tracing, instance.first_sample, instance.sample_count)
        after = read_any(instance.data, name)
        check_samples(part, after)
        if instance.first_sample:
            part = replace(part, acquired=after.acquired)
        sentences |= dict.fromkeys(lost(part, after))
    if len(instances) > 1:
        sentences[f"it takes {len(instances)} objects, which follow each other without a gap"] = None
    files = {_name_of(name, number, instances): one.data for number, one in enumerate(instances, 1)}
    return Written(kind, files, (*sentences, *_unwritten(kind, alongside)))


def _name_of(name: str, number: int, instances: tuple[DicomInstance, ...]) -> str:
    return f"{name}.dcm" if len(instances) == 1 else f"{name}-{number}.dcm"


def _unwritten(kind: WrittenKind, alongside: Alongside) -> Iterator[str]:
    """What goes with the tracing and has no place in this kind of file."""
    findings = alongside.findings
    if alongside.identity.is_known and kind not in FORMS:
        yield "the patient and the study are not written into this kind of file"
    if findings.median is not None and kind not in FORMS:
        yield "the median beat is not written into this kind of file"
    if findings.statements and kind not in FORMS and kind not in RELEASES:
        yield "the statements are not written into this kind of file"
    if findings.measurements is not None:
        yield from _unmeasured(kind, findings.measurements)


def _unmeasured(kind: WrittenKind, measurements: Measurements) -> Iterator[str]:
    if kind not in FORMS and kind not in RELEASES:
        yield "the measurements are not written into this kind of file"
        return
    yield "how sure the measurements are is not written, nor the limits of each beat"
    if kind not in FORMS:
        return
    absent = sum(isinstance(found, Absent) for found in measurements.values.values())
    if absent:
        yield f"{absent} measurements are absent, and why is not written"
    without = measures_without_code(measurements)
    if without:
        yield f"no standard code stands for {', '.join(without)}, which are not written"
