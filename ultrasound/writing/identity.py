"""Whose pictures they are, and where an object stands among others, as the caller knows it."""

import uuid
from dataclasses import dataclass

from pydicom.config import RAISE
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset
from pydicom.valuerep import validate_value

from ultrasound.errors import WritingRefused
from ultrasound.quiet_pydicom import quiet_pydicom

CHARACTER_SET = "ISO_IR 192"
"""UTF-8: names in Chinese and in Latin letters side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Patient and study. What is not known stays empty in the object, as DICOM allows (type 2).

    Texts are written as given: names as PN ("Zhang^San=张^三"), dates as YYYYMMDD, times as HHMMSS,
    `patient_sex` M, F, O or empty. Only the study's UID has to be there: objects without one belong nowhere.
    """

    study_instance_uid: str
    patient_name: str = ""
    patient_id: str = ""
    patient_birth_date: str = ""
    patient_sex: str = ""
    study_date: str = ""
    study_time: str = ""
    study_id: str = ""
    study_description: str = ""
    accession_number: str = ""
    referring_physician: str = ""
    institution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which object of which series it is. The caller keeps the UIDs: written again it is the same object."""

    series_instance_uid: str
    sop_instance_uid: str
    series_number: int = 1
    instance_number: int = 1
    series_description: str = ""


def new_uid() -> str:
    """A UID that nobody else has: a random UUID under 2.25 (ITU-T X.667)."""
    return f"2.25.{uuid.uuid4().int}"


_ALWAYS = {
    "patient_name": "PatientName",
    "patient_id": "PatientID",
    "patient_birth_date": "PatientBirthDate",
    "patient_sex": "PatientSex",
    "study_date": "StudyDate",
    "study_time": "StudyTime",
    "study_id": "StudyID",
    "accession_number": "AccessionNumber",
    "referring_physician": "ReferringPhysicianName",
}
_WHERE_KNOWN = {"institution": "InstitutionName", "study_description": "StudyDescription"}


def put_identity(dataset: Dataset, identity: Identity, place: Place) -> None:
    """Write both into an object; WritingRefused names the field DICOM does not allow so, never its value."""
    dataset.SpecificCharacterSet = CHARACTER_SET
    if identity.patient_sex not in ("", "M", "F", "O"):
        raise WritingRefused("patient_sex is none of M, F, O and empty")
    put_uid(dataset, "StudyInstanceUID", identity.study_instance_uid, "study_instance_uid")
    put_uid(dataset, "SeriesInstanceUID", place.series_instance_uid, "series_instance_uid")
    put_uid(dataset, "SOPInstanceUID", place.sop_instance_uid, "sop_instance_uid")
    for name, keyword in _ALWAYS.items():
        put_text(dataset, keyword, getattr(identity, name), name)
    for name, keyword in _WHERE_KNOWN.items():
        if getattr(identity, name):
            put_text(dataset, keyword, getattr(identity, name), name)
    dataset.SeriesNumber = place.series_number
    dataset.InstanceNumber = place.instance_number
    if place.series_description:
        put_text(dataset, "SeriesDescription", place.series_description, "series_description")


def put_uid(dataset: Dataset, keyword: str, uid: str, name: str) -> None:
    """A UID that has to be there."""
    if not uid:
        raise WritingRefused(f"{name} is empty; an object needs one")
    put_text(dataset, keyword, uid, name)


def put_text(dataset: Dataset, keyword: str, text: str, name: str) -> None:
    """Set a value; WritingRefused without quoting it, as it may be a person's."""
    try:
        with quiet_pydicom():
            # pydicom itself only warns of a value as it is set.
            validate_value(dictionary_VR(keyword), text, RAISE)
            setattr(dataset, keyword, text)
    except ValueError:
        raise WritingRefused(f"{name} is not what DICOM allows there") from None
