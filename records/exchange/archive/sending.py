"""C-ECHO and C-STORE (PS3.4 annexes A and B): what was accepted is negotiated anew with every association.

These functions wait for the archive; call them in a thread.
"""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset
from pydicom.uid import UID
from pynetdicom import AE, _config
from pynetdicom.association import Association
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from records.exchange.archive.accepted_form import in_accepted_form, proposed_syntaxes
from records.exchange.archive.address import ArchiveAddress
from records.exchange.archive.errors import ArchiveDeclined, ArchiveUnreachable
from ultrasound.errors import UltrasoundError

_config.STORE_SEND_CHUNKED_DATASET = True  # a cine is sent from its file and never all in memory
logging.getLogger("pynetdicom").setLevel(logging.CRITICAL + 1)  # it logs what it sends, the patient with it

_WARNINGS = range(0xB000, 0xC000)
_OUT_OF_RESOURCES = range(0xA700, 0xA800)


class Outcome(StrEnum):
    """What became of one object."""

    STORED = "stored"
    STORED_WITH_WARNING = "stored_with_warning"
    """The archive keeps it and remarks on it, as where it changed a field."""
    BUSY = "busy"
    """The archive lacks room or the line broke: try again."""
    REFUSED = "refused"
    """It does not take this object, or in no form that would be the same."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One object: in which transfer syntax it went, None where it did not, and what the archive said.

    `status`: PS3.4 B.2.3; None where nothing came back. `why`: a sentence, where we did not send it.
    """

    file: Path
    outcome: Outcome
    syntax: UID | None = None
    status: int | None = None
    why: str = ""


def echo(address: ArchiveAddress) -> None:
    """Ask whether an archive is there and speaks with us; raises ArchiveError where not."""
    ae = entity_for(address)
    ae.add_requested_context(Verification)
    with association_with(ae, address) as association:
        if _status(association.send_c_echo()) != 0:
            raise ArchiveDeclined("it does not answer the question whether it is there")


def store(address: ArchiveAddress, files: Sequence[Path]) -> tuple[Sent, ...]:
    """Send objects over one association, each in the best form that was accepted; one answer each.

    Raises ArchiveError where there is no association at all. Whatever happens to one object, the others are
    sent.
    """
    kinds = [kind_of(file) for file in files]
    ae = entity_for(address)
    ae.add_requested_context(Verification)  # with nothing accepted there would be no association to say it
    # One context for each syntax: of several in one context an archive names but one.
    for sop_class, syntax in dict.fromkeys(
        (sop_class, syntax) for sop_class, own in kinds for syntax in proposed_syntaxes(own)
    ):
        ae.add_requested_context(sop_class, syntax)
    with association_with(ae, address) as association, tempfile.TemporaryDirectory() as folder:
        return tuple(
            _send(association, file, kind, Path(folder)) for file, kind in zip(files, kinds, strict=True)
        )


def kind_of(file: Path) -> tuple[UID, UID]:
    """SOP class and transfer syntax; raises whatever pydicom does for what is no DICOM file."""
    meta = pydicom.filereader.read_file_meta_info(file)
    return UID(meta.MediaStorageSOPClassUID), UID(meta.TransferSyntaxUID)


def entity_for(address: ArchiveAddress) -> AE:
    """Ourselves, as we call this archive."""
    ae = AE(ae_title=address.calling)
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = ae.connection_timeout = address.timeout_s
    return ae


@contextmanager
def association_with(
    ae: AE, address: ArchiveAddress, roles: Sequence[Any] = (), handlers: Sequence[Any] = ()
) -> Iterator[Association]:
    """A conversation, ended in order; raises ArchiveError where there is none."""
    tls = (address.tls, address.host) if address.tls is not None else None
    association = ae.associate(
        address.host,
        address.port,
        ae_title=address.called,
        tls_args=tls,
        ext_neg=list(roles),
        evt_handlers=list(handlers),
    )
    if association.is_rejected:
        raise ArchiveDeclined(f"{address.called} does not speak with {address.calling}")
    if not association.is_established:
        raise ArchiveUnreachable(f"{address.called} does not answer at {address.host}:{address.port}")
    try:
        yield association
    except BaseException:
        association.abort()  # it may be in the middle of an answer, which may have no end
        raise
    if association.is_established:
        association.release()


def _send(association: Association, file: Path, kind: tuple[UID, UID], folder: Path) -> Sent:
    sop_class, own = kind
    accepted = [
        context.transfer_syntax[0]
        for context in association.accepted_contexts
        if context.abstract_syntax == sop_class
    ]
    try:
        form = in_accepted_form(file, own, accepted, folder)
    except UltrasoundError as fault:
        return Sent(file, Outcome.REFUSED, why=str(fault))
    syntax = kind_of(form)[1]
    try:
        if not association.is_established:
            return Sent(file, Outcome.BUSY, why="the line to the archive broke")
        status = _status(association.send_c_store(form))
    except (OSError, RuntimeError):
        return Sent(file, Outcome.BUSY, why="the line to the archive broke")
    finally:
        if form != file:
            form.unlink()
    return Sent(file, _outcome(status), syntax, status)


def _status(answer: Dataset) -> int | None:
    return int(answer.Status) if "Status" in answer else None


def _outcome(status: int | None) -> Outcome:
    if status == 0:
        return Outcome.STORED
    if status is None or status in _OUT_OF_RESOURCES:
        return Outcome.BUSY
    return Outcome.STORED_WITH_WARNING if status in _WARNINGS else Outcome.REFUSED
