"""A scheduled step as a worklist tells it, and whether a scanner asks for it (PS3.4 K.4.1, K.6.1.2)."""

import datetime as dt
import re

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from records.scheduled_steps import ScheduledStep
from ultrasound.writing.identity import CHARACTER_SET

_STEP = "ScheduledProcedureStepSequence"
_MATCHED = ("PatientID", "PatientName", "AccessionNumber", "StudyInstanceUID", "RequestedProcedureID")
_MATCHED_IN_STEP = ("Modality", "ScheduledStationAETitle", "ScheduledProcedureStepID")


def worklist_item(step: ScheduledStep, scanner: str) -> Dataset:
    """What the scanner is told; the stills and clips of the consult carry the same UIDs and numbers."""
    identity, item = step.identity, Dataset()
    item.SpecificCharacterSet = CHARACTER_SET
    item.PatientName, item.PatientID = identity.patient_name, identity.patient_id
    item.PatientBirthDate, item.PatientSex = identity.patient_birth_date, identity.patient_sex
    item.AccessionNumber = identity.accession_number
    item.ReferringPhysicianName = identity.referring_physician
    item.InstitutionName = identity.institution
    item.StudyInstanceUID = identity.study_instance_uid
    item.RequestedProcedureID = step.step_id
    item.RequestedProcedureDescription = step.description
    item.RequestedProcedurePriority = ""
    item.ScheduledProcedureStepSequence = Items([_step(step, scanner)])
    return item


def _step(step: ScheduledStep, scanner: str) -> Dataset:
    item = Dataset()
    item.Modality = "US"
    item.ScheduledStationAETitle = scanner
    item.ScheduledProcedureStepStartDate = step.starts_at.strftime("%Y%m%d")
    item.ScheduledProcedureStepStartTime = step.starts_at.strftime("%H%M%S")
    item.ScheduledPerformingPhysicianName = ""
    item.ScheduledProcedureStepDescription = step.description
    item.ScheduledProcedureStepID = step.step_id
    return item


def matches(item: Dataset, query: Dataset) -> bool:
    """Whether an item is asked for: by single values, wildcards and ranges of dates; empty keys take all."""
    if not all(_fits(item.get(keyword), query.get(keyword)) for keyword in _MATCHED):
        return False
    wanted = query.get(_STEP)
    if not wanted:
        return True
    step, asked = item[_STEP].value[0], wanted[0]
    if not all(_fits(step.get(keyword), asked.get(keyword)) for keyword in _MATCHED_IN_STEP):
        return False
    return _in_range(step.ScheduledProcedureStepStartDate, asked.get("ScheduledProcedureStepStartDate"))


def _fits(value: object, wanted: object) -> bool:
    """PS3.4 C.2.2.2.1 and C.2.2.2.4: letters of names and texts alike whatever their case."""
    pattern = str(wanted or "").strip()
    if not pattern or pattern == "*":
        return True
    expression = "".join({"*": ".*", "?": "."}.get(one, re.escape(one)) for one in pattern)
    parts = [str(value or ""), *str(value or "").split("=")]
    return any(re.fullmatch(expression, one.strip(), re.IGNORECASE | re.DOTALL) for one in parts)


def _in_range(value: object, wanted: object) -> bool:
    """PS3.4 C.2.2.2.5.1: a day, or from a day on, up to one, or between two; what is none takes all."""
    text = str(wanted or "").strip()
    if not text:
        return True
    first, dash, last = text.partition("-")
    day = _date(str(value or ""))
    begin = _date(first) or dt.date.min
    end = (_date(last) or dt.date.max) if dash else begin
    return day is not None and begin <= day <= end


def _date(text: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text.strip(), "%Y%m%d").date()
    except ValueError:
        return None
