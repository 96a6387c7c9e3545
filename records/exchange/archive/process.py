"""`python -m records.exchange.archive.process`: one conversation with an archive.

MessagePack on standard input and output: `records.exchange.archive.process_answers`. It runs under the limits
of `records.exchange.apart`, with the right to write into one folder and to start threads.
"""

import logging
import ssl
import sys
import tempfile
from pathlib import Path

import cv2
import msgspec

from ecg.errors import EcgError
from records.errors import SealBroken
from records.exchange.archive.building import build
from records.exchange.archive.destination import read_destination
from records.exchange.archive.errors import ArchiveDeclined, ArchiveUnreachable
from records.exchange.archive.fetching import fetch_at
from records.exchange.archive.finding import ask_whether_there, find_at
from records.exchange.archive.limits import TooLarge, TooSlow
from records.exchange.archive.process_answers import (
    ArchiveAnswer,
    ArchiveFailed,
    ArchiveRequest,
    FetchExam,
    FindExams,
    IsThere,
    ObjectsSent,
    Peer,
    SendFiles,
    SendObjects,
    SentObject,
)
from records.exchange.archive.sending import Outcome, Sent, kind_of
from records.exchange.archive.storing import store_at
from records.ultrasound_exams import ArchiveTrouble
from ultrasound.errors import UltrasoundError

_TROUBLES = {Outcome.BUSY: ArchiveTrouble.BUSY, Outcome.REFUSED: ArchiveTrouble.REFUSED}


def answer_to(request: ArchiveRequest) -> ArchiveAnswer:
    """Do what is asked, or say why not."""
    try:
        match request:
            case SendObjects():
                return _send_objects(request)
            case SendFiles():
                return _send_files(request)
            case IsThere():
                ask_whether_there(request.peer)
                return ObjectsSent(objects=())
            case FindExams():
                return find_at(request)
            case FetchExam():
                return fetch_at(request)
    except ArchiveUnreachable as fault:
        return ArchiveFailed(trouble=ArchiveTrouble.UNREACHABLE, detail=str(fault))
    except ArchiveDeclined as fault:
        return ArchiveFailed(trouble=ArchiveTrouble.DECLINED, detail=str(fault))
    except TooLarge as fault:
        return ArchiveFailed(trouble=ArchiveTrouble.TOO_LARGE, detail=str(fault))
    except TooSlow as fault:
        return ArchiveFailed(trouble=ArchiveTrouble.TOO_SLOW, detail=str(fault))
    except (FileNotFoundError, PermissionError, ssl.SSLError, ValueError) as fault:  # a certificate, a name
        return ArchiveFailed(trouble=ArchiveTrouble.DECLINED, detail=f"our settings: {type(fault).__name__}")
    except OSError as fault:  # no room to write the object
        return ArchiveFailed(trouble=ArchiveTrouble.BROKE_OFF, detail=fault.strerror or type(fault).__name__)


def _send_objects(request: SendObjects) -> ObjectsSent:
    answers: list[SentObject | None] = []
    files: list[Path] = []
    for number, one in enumerate(request.objects):
        path = Path(request.folder) / f"{number}.dcm"
        try:
            build(one, path)
        except SealBroken as fault:
            answers.append(SentObject(trouble=ArchiveTrouble.CHANGED, detail=str(fault)))
        except (UltrasoundError, EcgError) as fault:
            answers.append(SentObject(trouble=ArchiveTrouble.NOT_WRITABLE, detail=str(fault)))
        else:
            answers.append(None)
            files.append(path)
    sent = iter(_sent(request.peer, files, Path(request.folder)))
    return ObjectsSent(objects=tuple(one if one is not None else next(sent) for one in answers))


def _send_files(request: SendFiles) -> ObjectsSent:
    paths = [Path(one) for one in request.files]
    unreadable = [_fault_of(path) for path in paths]
    good = [path for path, fault in zip(paths, unreadable, strict=True) if fault is None]
    sent = iter(_sent(request.peer, good, Path(request.folder)))
    return ObjectsSent(objects=tuple(one if one is not None else next(sent) for one in unreadable))


def _fault_of(path: Path) -> SentObject | None:
    """Why a file cannot be sent at all; None: it says what it is."""
    try:
        kind_of(path)
    except OSError as fault:
        return SentObject(trouble=ArchiveTrouble.UNREADABLE, detail=fault.strerror or "")
    except Exception:  # a damaged file makes a reader raise anything; what it holds is nobody's to repeat
        return SentObject(trouble=ArchiveTrouble.UNREADABLE, detail="not a DICOM file")
    return None


def _sent(peer: Peer, files: list[Path], folder: Path) -> list[SentObject]:
    if not files:
        return []
    tempfile.tempdir = str(folder)  # what is transcoded on the way lies there too
    destination = read_destination(peer.destination)
    return [_told(one) for one in store_at(destination, files, peer.calling, peer.trust)]


def _told(sent: Sent) -> SentObject:
    status = f"status {sent.status:#06x}" if sent.status else ""
    detail = ", ".join(one for one in (sent.why, status) if one)
    syntax = sent.syntax.name if sent.syntax is not None else ""
    return SentObject(trouble=_TROUBLES.get(sent.outcome), detail=detail, syntax=syntax, status=sent.status)


def main() -> None:
    """Read one request, write one answer."""
    cv2.setNumThreads(1)
    logging.disable(logging.CRITICAL)  # libraries log what they send and ask for, the patient with it
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=ArchiveRequest)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer_to(request)))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
