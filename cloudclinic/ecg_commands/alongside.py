"""What goes with the samples of a converted file: whom it names and, where asked for, what is found on it."""

from dataclasses import dataclass

from ecg.appraisal import Appraisal, appraise
from ecg.common_steps import recording_of
from ecg.errors import SignalError
from ecg.files.dicom_forms import LIMITS
from ecg.files.dicom_identity import DicomIdentity
from ecg.files.findings import Findings, MedianOfLeads
from ecg.files.writing import FORMS, Alongside, WrittenKind
from ecg.pacing import marks_of_annotations
from ecg.recording import Recording
from ecg.signal.median_beat import median_beat
from ecg.statements.words import sentence
from ecg.tracing import Tracing
from ecg.words import Language
from records.exchange.patient_in_file import stated_patient
from records.residents import Sex
from records.stated_patient import StatedPatient

_SEXES = {Sex.FEMALE: "F", Sex.MALE: "M"}


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a file names, as another may be told; `left`: what of it is not told, a sentence each.

    `states`: whether the file says anything of its patient.
    """

    identity: DicomIdentity
    left: tuple[str, ...]
    states: bool


def named_in(data: bytes, tracing: Tracing, *, keep: bool) -> Named:
    """Nothing is made up: what the file does not say stays empty, and what is left off is said."""
    stated = stated_patient(data, tracing.kind)
    if stated.says_nothing:
        return Named(DicomIdentity(), (), False)
    if not keep:
        return Named(DicomIdentity(), ("the patient the source names is left off, as asked",), True)
    left = ("what the source says of its patient cannot be read in full",) if stated.unreadable else ()
    return Named(_identity(stated), left, True)


def _identity(stated: StatedPatient) -> DicomIdentity:
    """As the source writes it; a name that has no parts there gets none."""
    return DicomIdentity(
        patient_name=stated.name,
        patient_id=stated.patient_id,
        patient_birth_date=stated.birth_date.strftime("%Y%m%d") if stated.birth_date else "",
        patient_sex=_SEXES.get(stated.sex, "") if stated.sex else "",
    )


def alongside(tracing: Tracing, identity: DicomIdentity, kind: WrittenKind, *, findings: bool) -> Alongside:
    """What is written with the samples; raises SignalError where nothing can be found on them."""
    if not findings:
        return Alongside(identity=identity)
    recording, _ = recording_of(tracing)
    found = appraise(recording, device_marks=marks_of_annotations(tracing))
    return Alongside(identity=identity, findings=_findings(recording, found, kind))


def _findings(recording: Recording, found: Appraisal, kind: WrittenKind) -> Findings:
    return Findings(
        measurements=found.measurements,
        median=_median(recording, found) if _holds_median(kind) else None,
        statements=tuple(sentence(one, Language.EN) for one in found.statements.made),
    )


def _holds_median(kind: WrittenKind) -> bool:
    """A median beat is a second group of channels."""
    return kind in FORMS and LIMITS[FORMS[kind]].groups > 1


def _median(recording: Recording, found: Appraisal) -> MedianOfLeads | None:
    """None where fewer than three beats share a shape."""
    try:
        beat = median_beat(
            recording.samples, found.measurements.beats, recording.rate_hz, recording.nv_per_lsb
        )
    except SignalError:
        return None
    return MedianOfLeads(recording.leads, beat)
