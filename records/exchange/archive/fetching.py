"""Fetching an earlier exam: C-GET at the study root (PS3.4 C.4.3), or WADO-RS (PS3.18 10.4).

Nothing that comes is looked at here but its size: it goes on, as it is, to the reader in its own process.
"""

from io import BytesIO
from typing import Any

import pydicom
import requests
from pydicom.dataset import Dataset
from pydicom.uid import (
    JPEG2000,
    UID,
    ExplicitVRLittleEndian,
    GeneralECGWaveformStorage,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
    TwelveLeadECGWaveformStorage,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
)
from pynetdicom import build_role, evt
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelGet  # type: ignore[attr-defined]

from records.exchange.archive.destination import Destination, Protocol, read_destination
from records.exchange.archive.errors import ArchiveDeclined, ArchiveUnreachable
from records.exchange.archive.finding import matches
from records.exchange.archive.limits import Allowance, Deadline, TooLarge
from records.exchange.archive.process_answers import ExamFetched, FetchedObject, FetchExam
from records.exchange.archive.querying import FETCHED, series_query
from records.exchange.archive.sending import association_with, entity_for
from records.exchange.archive.web_session import web_client

_RETIRED = (UID("1.2.840.10008.5.1.4.1.1.6"), UID("1.2.840.10008.5.1.4.1.1.3"))
"""Ultrasound of before 1996, still and multi-frame: old archives have them."""

PICTURES = (UltrasoundImageStorage, UltrasoundMultiFrameImageStorage, *_RETIRED)
ECGS = (GeneralECGWaveformStorage, TwelveLeadECGWaveformStorage)
_CODED = (
    JPEGBaseline8Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    JPEG2000Lossless,
    JPEG2000,
    RLELossless,
)
_PLAIN = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)
_MOST_SERIES = 200
_SUCCESS, _PENDING, _OUT_OF_RESOURCES = 0x0000, 0xFF00, 0xA700


def fetch_at(request: FetchExam) -> ExamFetched:
    """The objects as files; raises ArchiveError, TooLarge, TooSlow."""
    destination = read_destination(request.peer.destination)
    deadline = Deadline(request.limit_s)
    if destination.protocol is Protocol.DICOMWEB:
        return _by_web(destination, request, deadline)
    return _by_dimse(destination, request, deadline)


class _Taken:
    """What has come. `fault`: why no more is taken."""

    def __init__(self, request: FetchExam) -> None:
        self.objects: list[FetchedObject] = []
        self._allowance = Allowance(request.most_bytes, request.most_objects)
        self.fault: TooLarge | None = None
        self.missing = 0  # of one series, what the archive failed to give

    def take(self, event: Any) -> int:
        """Handle a C-STORE that a C-GET brings about; pynetdicom calls it in its own thread."""
        try:
            data: bytes = event.encoded_dataset()
            self._allowance.take(len(data))
        except TooLarge as fault:
            self.fault = fault
            return _OUT_OF_RESOURCES
        self.objects.append(FetchedObject(sop_class_uid=str(event.request.AffectedSOPClassUID), data=data))
        return _SUCCESS


def _by_dimse(destination: Destination, request: FetchExam, deadline: Deadline) -> ExamFetched:
    taken, missing = _Taken(request), 0
    for series_uid in _series(destination, request, deadline):
        taken.missing = 0
        _get_series(destination, request, series_uid, taken, deadline)
        missing += taken.missing
    return ExamFetched(objects=tuple(taken.objects), missing=missing)


def _series(destination: Destination, request: FetchExam, deadline: Deadline) -> list[str]:
    found = []
    for one in matches(destination, request.peer, series_query(request.study_uid), deadline):
        if str(one.get("Modality") or "US") in FETCHED and one.get("SeriesInstanceUID"):
            found.append(str(one.SeriesInstanceUID))
        if len(found) > _MOST_SERIES:
            raise TooLarge(f"more than {_MOST_SERIES} series; so many are fetched")
    return found


def _get_series(
    destination: Destination, request: FetchExam, series_uid: str, taken: _Taken, deadline: Deadline
) -> None:
    address = destination.address(request.peer.calling, request.peer.trust)
    ae = entity_for(address)
    ae.add_requested_context(StudyRootQueryRetrieveInformationModelGet)
    for sop_class in (*PICTURES, *ECGS):
        # One context for each syntax: of several in one context an archive picks but one for all objects.
        for syntax in (*(_CODED if sop_class in PICTURES else ()), *_PLAIN):
            ae.add_requested_context(sop_class, syntax)
    roles = [build_role(sop_class, scp_role=True) for sop_class in (*PICTURES, *ECGS)]
    query = Dataset()
    query.QueryRetrieveLevel = "SERIES"
    query.StudyInstanceUID, query.SeriesInstanceUID = request.study_uid, series_uid
    handlers = [(evt.EVT_C_STORE, taken.take)]
    with association_with(ae, address, roles, handlers) as association:
        accepted = {context.abstract_syntax for context in association.accepted_contexts}
        if StudyRootQueryRetrieveInformationModelGet not in accepted:
            raise ArchiveDeclined("it does not give objects out (C-GET)")
        for status, _ in association.send_c_get(query, StudyRootQueryRetrieveInformationModelGet):
            deadline.check()
            if taken.fault is not None:
                raise taken.fault
            if "Status" not in status:
                raise ArchiveUnreachable("the line to the archive broke")
            if status.Status not in (_SUCCESS, _PENDING) and not 0xB000 <= status.Status < 0xC000:
                raise ArchiveDeclined(f"it does not give the exam out (status {status.Status:#06x})")
            taken.missing = max(taken.missing, int(status.get("NumberOfFailedSuboperations") or 0))


def _by_web(destination: Destination, request: FetchExam, deadline: Deadline) -> ExamFetched:
    client = web_client(destination, request.peer.trust)
    allowance = Allowance(request.most_bytes, request.most_objects)
    objects = []
    try:
        listed = client.search_for_instances(request.study_uid, limit=request.most_objects + 1)
        for one in map(Dataset.from_json, listed):
            deadline.check()
            if one.get("SOPClassUID") not in (*PICTURES, *ECGS):
                continue
            dataset = client.retrieve_instance(
                request.study_uid,
                str(one.SeriesInstanceUID),
                str(one.SOPInstanceUID),
                media_types=(("application/dicom", "*"),),
            )
            out = BytesIO()
            pydicom.dcmwrite(out, dataset, enforce_file_format=True)
            objects.append(FetchedObject(sop_class_uid=str(dataset.SOPClassUID), data=out.getvalue()))
            allowance.take(len(out.getvalue()))
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        raise ArchiveDeclined(f"it does not give the exam out (HTTP {status})") from None
    except requests.RequestException as error:
        raise ArchiveUnreachable(f"it does not answer ({type(error).__name__})") from None
    return ExamFetched(objects=tuple(objects))
