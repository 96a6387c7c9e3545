"""What an ECG file says of its patient, read only to be held against the resident it is filed under.

The readers of `ecg` never look at these fields. Where a file names its patient in a way that cannot be read,
that is told too: silence would look like "says nothing".
"""

import datetime as dt
import re
from collections.abc import Callable
from io import BytesIO

import pydicom
from pydicom.dataset import Dataset

from ecg.quiet_pydicom import quiet_pydicom
from ecg.tracing import FileKind
from ecg.vendor_files.safe_xml import Node, parse_xml
from ecg.vendor_files.scp_sections import split_sections
from records.residents import Sex
from records.stated_patient import StatedPatient

_LONGEST = 200
_SEX = {
    "f": Sex.FEMALE,
    "female": Sex.FEMALE,
    "女": Sex.FEMALE,
    "m": Sex.MALE,
    "male": Sex.MALE,
    "男": Sex.MALE,
}
_DATES = ("%Y%m%d", "%Y-%m-%d", "%d-%b-%Y", "%m-%d-%Y", "%m/%d/%Y")
_UNKNOWN = frozenset({"", "x", "unknown", "unspecified", "none", "anonymous", "anonymized", "0"})
_SCP_TEXTS = {0: "last", 1: "first", 2: "id"}
_SCP_BIRTH, _SCP_SEX, _SCP_END = 5, 8, 255


def stated_patient(data: bytes, kind: FileKind) -> StatedPatient:
    """Whom the file says it is of."""
    read = _READERS.get(kind)
    if read is None:
        return StatedPatient()  # WFDB and CSV have no field for it
    try:
        return read(data)
    except Exception:  # a damaged field makes a reader raise anything; what it holds is nobody's to repeat
        return StatedPatient(unreadable=True)


def stated_in_dicom(dataset: Dataset) -> StatedPatient:
    """Whom a data set, of a file or of an archive's answer, says it is of."""
    try:
        with quiet_pydicom():
            return _stated(
                str(dataset.get("PatientID") or ""),
                str(dataset.get("PatientName") or ""),
                str(dataset.get("PatientBirthDate") or ""),
                str(dataset.get("PatientSex") or ""),
            )
    except Exception:  # as in `stated_patient`
        return StatedPatient(unreadable=True)


def _of_dicom(data: bytes) -> StatedPatient:
    with quiet_pydicom():
        return stated_in_dicom(pydicom.dcmread(BytesIO(data), stop_before_pixels=True))


def _of_edf(data: bytes) -> StatedPatient:
    """EDF+ 2.1.3.3: code, sex, birth date, name, "_" for a blank; of plain EDF it is free text."""
    field = data[8:88].decode("latin-1").strip()
    parts = [part.replace("_", " ") for part in field.split()]
    if data[192:196] != b"EDF+":
        return _stated(field, "", "", "")
    code, sex, born, name = (parts + ["X"] * 4)[:4]
    return _stated(code, name, born, sex)


def _of_aecg(data: bytes) -> StatedPatient:
    root = parse_xml(data, "AnnotatedECG")
    subject = root.first("componentOf/timepointEvent/componentOf/subjectAssignment/subject/trialSubject")
    if subject is None:
        return StatedPatient()
    person = subject.first("subjectDemographicPerson")
    name = person.first("name") if person is not None else None
    return _stated(
        subject.attribute_at("id", "extension"),
        _whole_text(name) if name is not None else "",
        person.attribute_at("birthTime", "value")[:8] if person is not None else "",
        person.attribute_at("administrativeGenderCode", "code") if person is not None else "",
    )


def _of_sierra(data: bytes) -> StatedPatient:
    patient = parse_xml(data, "restingecgdata").first("patient/generalpatientdata")
    if patient is None:
        return StatedPatient()
    name = patient.first("name")
    return _stated(
        patient.text_at("patientid"),
        _whole_text(name) if name is not None else "",
        patient.text_at("age/dateofbirth"),
        patient.text_at("sex"),
    )


def _of_muse(data: bytes) -> StatedPatient:
    patient = parse_xml(data, "RestingECG").first("PatientDemographics")
    if patient is None:
        return StatedPatient()
    name = f"{patient.text_at('PatientLastName')} {patient.text_at('PatientFirstName')}"
    return _stated(
        patient.text_at("PatientID"), name, patient.text_at("DateofBirth"), patient.text_at("Gender")
    )


def _of_scp(data: bytes) -> StatedPatient:
    """EN 1064 section 1: tag, length, value, up to tag 255."""
    section = split_sections(data).sections.get(1)
    if section is None:
        return StatedPatient()
    texts, born, sex, at = dict.fromkeys(_SCP_TEXTS.values(), ""), "", "", 0
    while (tag := section.u8(at)) != _SCP_END:
        length, start = section.u16(at + 1), at + 3
        value = section.body[start : start + length]
        if tag in _SCP_TEXTS:
            texts[_SCP_TEXTS[tag]] = value.rstrip(b"\0").decode("utf-8", "replace")
        elif tag == _SCP_BIRTH and length == 4 and any(value):
            born = f"{int.from_bytes(value[:2], 'little'):04}{value[2]:02}{value[3]:02}"
        elif tag == _SCP_SEX and length == 1:
            sex = {1: "m", 2: "f"}.get(value[0], "")
        at = start + length
    return _stated(texts["id"], f"{texts['last']} {texts['first']}", born, sex)


_READERS: dict[FileKind, Callable[[bytes], StatedPatient]] = {
    FileKind.DICOM: _of_dicom,
    FileKind.EDF: _of_edf,
    FileKind.EDF_PLUS: _of_edf,
    FileKind.HL7_AECG: _of_aecg,
    FileKind.PHILIPS_SIERRA: _of_sierra,
    FileKind.GE_MUSE: _of_muse,
    FileKind.SCP_ECG: _of_scp,
}


def _whole_text(node: Node) -> str:
    own = [node.text, *(_whole_text(child) for child in node.children)]
    return " ".join(text for text in own if text)


def _stated(patient_id: str, name: str, born: str, sex: str) -> StatedPatient:
    birth_date = _date(born)
    return StatedPatient(
        patient_id=_told(patient_id),
        name=_told(name),
        birth_date=birth_date,
        sex=_SEX.get(sex.strip().casefold()),
        unreadable=birth_date is None and _told(born) != "",
    )


def _told(text: str) -> str:
    """What was really written into a field; empty for what only fills it."""
    text = "".join(character if character.isprintable() else " " for character in text).strip()[:_LONGEST]
    return "" if re.sub(r"[\s^=_.-]", "", text).casefold() in _UNKNOWN else text


def _date(text: str) -> dt.date | None:
    for layout in _DATES:
        try:
            return dt.datetime.strptime(
                text.strip()[:11].title() if "%b" in layout else text.strip(), layout
            ).date()
        except ValueError:
            continue
    return None
