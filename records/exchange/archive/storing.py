"""Sending files to an archive, whatever it speaks: C-STORE, or STOW-RS (PS3.18 10.5).

These functions wait for the archive; call them in a process of their own.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pydicom
import requests
from dicomweb_client.api import DICOMwebClient
from pydicom.dataset import Dataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from records.exchange.archive.accepted_form import in_accepted_form
from records.exchange.archive.destination import Destination, Protocol, Trust
from records.exchange.archive.errors import ArchiveDeclined, ArchiveUnreachable
from records.exchange.archive.sending import Outcome, Sent, store
from records.exchange.archive.web_session import web_client
from ultrasound.errors import UltrasoundError

_TRANSFER_SYNTAX_NOT_SUPPORTED = 0xC122
_OUT_OF_RESOURCES = range(0xA700, 0xA800)
_UNSUPPORTED_MEDIA, _CONFLICT, _ACCEPTED = 415, 409, 202
_FOR_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_DECLINED = frozenset({401, 403, 404, 405, 407})


def store_at(destination: Destination, files: Sequence[Path], calling: str, trust: Trust) -> tuple[Sent, ...]:
    """One answer for each file; raises ArchiveError where there is no conversation at all."""
    if destination.protocol is Protocol.DIMSE:
        return store(destination.address(calling, trust), files)
    client = web_client(destination, trust)
    return tuple(_stow(client, file) for file in files)


def _stow(client: DICOMwebClient, file: Path) -> Sent:
    sent = _stow_as_it_is(client, file, file)
    if sent.outcome is not Outcome.REFUSED or sent.status not in (
        _TRANSFER_SYNTAX_NOT_SUPPORTED,
        _UNSUPPORTED_MEDIA,
    ):
        return sent
    own = UID(pydicom.filereader.read_file_meta_info(file).TransferSyntaxUID)
    if own == ExplicitVRLittleEndian:
        return sent
    with tempfile.TemporaryDirectory() as folder:  # never beside the file, which may lie on a disc
        try:
            form = in_accepted_form(file, own, [ExplicitVRLittleEndian], Path(folder))
        except UltrasoundError as fault:
            return Sent(file, Outcome.REFUSED, status=sent.status, why=str(fault))
        return _stow_as_it_is(client, form, file)


def _stow_as_it_is(client: DICOMwebClient, form: Path, file: Path) -> Sent:
    dataset = pydicom.dcmread(form)
    syntax = UID(dataset.file_meta.TransferSyntaxUID)
    try:
        answer = client.store_instances([dataset])
    except requests.HTTPError as error:
        return _refused(error, file)
    except requests.RequestException as error:
        raise ArchiveUnreachable(f"it does not answer ({type(error).__name__})") from None
    return _outcome(answer, str(dataset.SOPInstanceUID), file, syntax)


def _refused(error: requests.HTTPError, file: Path) -> Sent:
    """What the HTTP status alone says; the body of a refusal is read for the reason of this object."""
    status = error.response.status_code if error.response is not None else 0
    if status in _DECLINED:
        raise ArchiveDeclined(f"it answers {status}")
    if status in _FOR_LATER:
        return Sent(file, Outcome.BUSY, status=status, why=f"HTTP {status}")
    reason = _failure_reason(error.response)
    return Sent(file, Outcome.REFUSED, status=reason or status, why=f"HTTP {status}")


def _failure_reason(response: requests.Response | None) -> int | None:
    """(0008,1197) of the first failed object (PS3.18 table 10.5.3-1), where the answer is DICOM JSON."""
    try:
        answer = Dataset.from_json(response.json()) if response is not None else Dataset()
        return int(answer.FailedSOPSequence[0].FailureReason)
    except Exception:  # a body may be anything
        return None


def _outcome(answer: Dataset, uid: str, file: Path, syntax: UID) -> Sent:
    """Stored only where the archive names this very instance as stored."""
    for item in answer.get("FailedSOPSequence", []):
        reason = int(item.get("FailureReason", 0))
        outcome = Outcome.BUSY if reason in _OUT_OF_RESOURCES else Outcome.REFUSED
        return Sent(file, outcome, None, reason, f"failure reason {reason:#06x}")
    for item in answer.get("ReferencedSOPSequence", []):
        if str(item.get("ReferencedSOPInstanceUID")) == uid:
            warning = item.get("WarningReason")
            if warning is None:
                return Sent(file, Outcome.STORED, syntax, 0)
            return Sent(file, Outcome.STORED_WITH_WARNING, syntax, int(warning))
    return Sent(file, Outcome.BUSY, why="it did not say that it keeps the object")
