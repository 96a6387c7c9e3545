"""Earlier exams of a patient: C-FIND at the study root (PS3.4 C.4.1), or QIDO-RS (PS3.18 10.6)."""

from collections.abc import Iterator

import requests
from pydicom.dataset import Dataset
from pynetdicom import AE
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind  # type: ignore[attr-defined]

from records.exchange.archive.destination import Destination, Protocol, read_destination
from records.exchange.archive.errors import ArchiveDeclined, ArchiveUnreachable
from records.exchange.archive.limits import Deadline
from records.exchange.archive.process_answers import ExamsFound, FindExams, FoundExam, Peer
from records.exchange.archive.querying import found_exam, has_ultrasound, study_query
from records.exchange.archive.sending import association_with, echo, entity_for
from records.exchange.archive.web_session import web_client

_MOST_ANSWERS = 5_000
_SUCCESS, _PENDING = 0x0000, (0xFF00, 0xFF01)


def find_at(request: FindExams) -> ExamsFound:
    """Studies with ultrasound of the patient with this ID; raises ArchiveError, TooSlow."""
    destination = read_destination(request.peer.destination)
    deadline = Deadline(request.limit_s)
    web = destination.protocol is Protocol.DICOMWEB
    answers = _by_web(destination, request, deadline) if web else _by_dimse(destination, request, deadline)
    exams: list[FoundExam] = []
    more = False
    for count, found in enumerate(answers):
        if len(exams) >= request.most or count >= _MOST_ANSWERS:
            more = True
            break
        exam = found_exam(found) if has_ultrasound(found) else None
        if exam is not None:
            exams.append(exam)
    return ExamsFound(exams=tuple(exams), more=more)


def ask_whether_there(peer: Peer) -> None:
    """C-ECHO, or a search for one study; raises ArchiveError where nobody answers, or not us."""
    destination = read_destination(peer.destination)
    if destination.protocol is Protocol.DIMSE:
        return echo(destination.address(peer.calling, peer.trust))
    nobody = FindExams(peer=peer, patient_id="CLOUDCLINIC-IS-IT-THERE", most=1)
    for _ in _by_web(destination, nobody, Deadline(nobody.limit_s)):
        return


def _by_dimse(destination: Destination, request: FindExams, deadline: Deadline) -> Iterator[Dataset]:
    return matches(destination, request.peer, study_query(request.patient_id), deadline)


def matches(destination: Destination, peer: Peer, query: Dataset, deadline: Deadline) -> Iterator[Dataset]:
    """What a C-FIND gives, one after the other."""
    address = destination.address(peer.calling, peer.trust)
    ae: AE = entity_for(address)
    ae.add_requested_context(StudyRootQueryRetrieveInformationModelFind)
    with association_with(ae, address) as association:
        if not association.accepted_contexts:
            raise ArchiveDeclined("it does not answer questions about studies (C-FIND)")
        for status, found in association.send_c_find(query, StudyRootQueryRetrieveInformationModelFind):
            deadline.check()
            if "Status" not in status:
                raise ArchiveUnreachable("the line to the archive broke")
            if status.Status in _PENDING and found is not None:
                yield found
            elif status.Status not in (_SUCCESS, *_PENDING):
                raise ArchiveDeclined(f"it does not answer the question (status {status.Status:#06x})")


def _by_web(destination: Destination, request: FindExams, deadline: Deadline) -> Iterator[Dataset]:
    client = web_client(destination, request.peer.trust)
    try:
        found = client.search_for_studies(
            search_filters={"PatientID": request.patient_id},
            limit=request.most + 1,
            fields=["StudyDescription", "InstitutionName", "ModalitiesInStudy"],
        )
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        raise ArchiveDeclined(f"it does not answer the question (HTTP {status})") from None
    except requests.RequestException as error:
        raise ArchiveUnreachable(f"it does not answer ({type(error).__name__})") from None
    except ValueError as error:
        raise ArchiveDeclined(f"its answer is no DICOM JSON ({type(error).__name__})") from None
    for one in found:
        deadline.check()
        yield Dataset.from_json(one)
