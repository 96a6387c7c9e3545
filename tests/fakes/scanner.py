"""A scanner that asks for its worklist."""

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pynetdicom import AE
from pynetdicom.sop_class import ModalityWorklistInformationFind  # type: ignore[attr-defined]

PENDING = 0xFF00


def question(**keys: str) -> Dataset:
    """As a scanner asks: everything it wants back is there, empty where it takes all."""
    query, step = Dataset(), Dataset()
    query.SpecificCharacterSet = "ISO_IR 192"
    for keyword in ("PatientName", "PatientID", "AccessionNumber", "StudyInstanceUID"):
        setattr(query, keyword, keys.pop(keyword, ""))
    step.Modality = keys.pop("Modality", "US")
    step.ScheduledStationAETitle = keys.pop("ScheduledStationAETitle", "")
    step.ScheduledProcedureStepStartDate = keys.pop("ScheduledProcedureStepStartDate", "")
    assert not keys
    query.ScheduledProcedureStepSequence = Items([step])
    return query


def asked(port: int, scanner: str, called: str, query: Dataset) -> tuple[list[Dataset], int] | None:
    """The items and the last status of an answer; None: it was not let in."""
    ae = AE(ae_title=scanner)
    ae.add_requested_context(ModalityWorklistInformationFind)
    association = ae.associate("127.0.0.1", port, ae_title=called)
    if not association.is_established:
        return None
    answers = list(association.send_c_find(query, ModalityWorklistInformationFind))
    association.release()
    items = [item for status, item in answers if status.Status == PENDING]
    return [item for item in items if item is not None], answers[-1][0].Status
