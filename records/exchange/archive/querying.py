"""What is asked of an archive about a patient's studies, and what is made of its answers (PS3.4 C.6)."""

import datetime as dt

from pydicom.dataset import Dataset

from records.exchange.archive.process_answers import FoundExam
from records.exchange.patient_in_file import stated_in_dicom

ULTRASOUND = frozenset({"US", "IVUS"})
FETCHED = frozenset({"US", "IVUS", "ECG"})
"""Modalities of the series that are fetched."""

_LONGEST = 64
_WANTED = (
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "StudyDescription",
    "InstitutionName",
    "ModalitiesInStudy",
    "NumberOfStudyRelatedInstances",
    "StudyInstanceUID",
)


def study_query(patient_id: str) -> Dataset:
    """The studies of a patient, by C-FIND at the study root."""
    query = Dataset()
    query.SpecificCharacterSet = "ISO_IR 192"
    query.QueryRetrieveLevel = "STUDY"
    query.PatientID = patient_id
    for keyword in _WANTED:
        setattr(query, keyword, None if keyword.startswith("Number") else "")
    return query


def series_query(study_uid: str) -> Dataset:
    """The series of a study with their modalities."""
    query = Dataset()
    query.QueryRetrieveLevel = "SERIES"
    query.StudyInstanceUID = study_uid
    query.SeriesInstanceUID = query.Modality = ""
    return query


def has_ultrasound(found: Dataset) -> bool:
    """Whether a study may have ultrasound; one that does not say what it has may."""
    told = found.get("ModalitiesInStudy")
    modalities = {told} if isinstance(told, str) else set(told or ())
    return not modalities - {""} or bool(modalities & ULTRASOUND)


def found_exam(found: Dataset) -> FoundExam | None:
    """A study as it was told; None: it has no name."""
    uid = _text(found, "StudyInstanceUID")
    if not uid:
        return None
    count = _text(found, "NumberOfStudyRelatedInstances")
    return FoundExam(
        study_uid=uid,
        stated=stated_in_dicom(found),
        taken_on=_date(_text(found, "StudyDate")),
        description=_text(found, "StudyDescription"),
        institution=_text(found, "InstitutionName"),
        instances=int(count) if count.isdecimal() and len(count) < 8 else None,
    )


def _text(found: Dataset, keyword: str) -> str:
    try:
        value = str(found.get(keyword) or "")
    except Exception:  # a damaged value makes a reader raise anything
        return ""
    return "".join(one if one.isprintable() else " " for one in value).strip()[:_LONGEST]


def _date(text: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        return None
