"""Whose ECG it is and which study it belongs to, as the caller knows it; a file of samples knows neither."""

import uuid
from dataclasses import dataclass, replace

from pydicom.config import RAISE
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset
from pydicom.valuerep import validate_value

from ecg.errors import SignalError


@dataclass(frozen=True, slots=True, kw_only=True)
class DicomIdentity:
    """Patient and study of an object; what is not known stays empty in it, as DICOM allows (type 2).

    Texts are written as given: names as PN ("Zhang^San"), dates as YYYYMMDD, times as HHMMSS, `patient_sex`
    M, F or O. UIDs that are not given are made from random numbers under 2.25. The date and time of a study
    that begins with this ECG are the ECG's; of one that is named by its UID they are as given.
    """

    patient_name: str = ""
    patient_id: str = ""
    patient_birth_date: str = ""
    patient_sex: str = ""
    study_instance_uid: str = ""
    study_date: str = ""
    study_time: str = ""
    series_instance_uid: str = ""
    sop_instance_uid: str = ""
    study_id: str = ""
    accession_number: str = ""
    referring_physician: str = ""
    institution: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anything at all was given."""
        return self != DicomIdentity()

    @property
    def begins_study(self) -> bool:
        """Whether no study was named that it belongs to."""
        return not (self.study_instance_uid or self.study_date or self.study_time)

    def with_uids(self) -> "DicomIdentity":
        """The same with UIDs of study and series, made where there are none."""
        return replace(
            self,
            study_instance_uid=self.study_instance_uid or new_uid(),
            series_instance_uid=self.series_instance_uid or new_uid(),
        )


_KEYWORDS = {
    "patient_name": "PatientName",
    "patient_id": "PatientID",
    "patient_birth_date": "PatientBirthDate",
    "patient_sex": "PatientSex",
    "study_instance_uid": "StudyInstanceUID",
    "study_date": "StudyDate",
    "study_time": "StudyTime",
    "series_instance_uid": "SeriesInstanceUID",
    "sop_instance_uid": "SOPInstanceUID",
    "study_id": "StudyID",
    "accession_number": "AccessionNumber",
    "referring_physician": "ReferringPhysicianName",
}


def new_uid() -> str:
    """A UID that nobody else has: a random UUID under 2.25 (ITU-T X.667)."""
    return f"2.25.{uuid.uuid4().int}"


def put_identity(dataset: Dataset, identity: DicomIdentity) -> None:
    """Write it into an object; SignalError names the field that DICOM does not allow so, never its value."""
    whole = replace(identity.with_uids(), sop_instance_uid=identity.sop_instance_uid or new_uid())
    for name, keyword in _KEYWORDS.items():
        _put(dataset, keyword, getattr(whole, name), name)
    if whole.institution:
        _put(dataset, "InstitutionName", whole.institution, "institution")


def _put(dataset: Dataset, keyword: str, value: str, name: str) -> None:
    if name == "patient_sex" and value not in ("", "M", "F", "O"):
        raise SignalError("patient_sex is none of M, F, O and empty")
    try:
        # pydicom itself only warns of a value as it is set.
        validate_value(dictionary_VR(keyword), value, RAISE)
        setattr(dataset, keyword, value)
    except ValueError:
        # pydicom's message quotes the value, which is a person's.
        raise SignalError(f"{name} is not what DICOM allows there") from None
