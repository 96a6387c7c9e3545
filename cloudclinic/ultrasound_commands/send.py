"""`cloudclinic ultrasound send`: DICOM files to an archive, as they are: whose they are stands in them."""

import argparse
import asyncio
from pathlib import Path

from cloudclinic import settings
from cloudclinic.answers import Answer, refuse, show
from cloudclinic.archive_trust import archive_trust
from cloudclinic.errors import CommandFailed
from cloudclinic.ultrasound_commands.files import REFUSED, UNREADABLE
from records.exchange.archive.asking import SENDING, ask, sending_folder
from records.exchange.archive.destination import read_destination
from records.exchange.archive.process_answers import ObjectsSent, Peer, SendFiles, SentObject
from records.ultrasound_exams import ArchiveTrouble
from ultrasound.errors import SourceUnreadable, WritingRefused

_UNREADABLE = frozenset({ArchiveTrouble.UNREADABLE})
_WORDS = {
    ArchiveTrouble.UNREACHABLE: "nobody answers there",
    ArchiveTrouble.DECLINED: "it does not speak with us",
    ArchiveTrouble.BUSY: "it lacks room, or the line broke",
    ArchiveTrouble.REFUSED: "it does not take this object",
    ArchiveTrouble.TOO_SLOW: "it took too long",
    ArchiveTrouble.UNREADABLE: "not a DICOM file",
    ArchiveTrouble.BROKE_OFF: "the sender broke off on it",
}


def run(options: argparse.Namespace) -> int:
    """Send to `--to`, else to every archive of the settings; each file is answered for itself."""
    given = settings.load(options.config)
    destinations = (options.to,) if options.to else given.archives
    if not destinations:
        raise CommandFailed("no archive: give one with --to HOST:PORT/AET, or set `archives`")
    for one in destinations:
        try:
            read_destination(one)
        except ValueError as error:
            raise CommandFailed(str(error)) from None
    peers = [
        Peer(destination=one, calling=given.archive_calling, trust=archive_trust(given))
        for one in destinations
    ]
    statuses = {status for peer in peers for status in _to(peer, options)}
    return next((status for status in (UNREADABLE, REFUSED) if status in statuses), 0)


def _to(peer: Peer, options: argparse.Namespace) -> list[int]:
    files = tuple(str(Path(one).absolute()) for one in options.files)
    with sending_folder() as folder:
        answer = asyncio.run(ask(SendFiles(peer=peer, files=files, folder=folder), SENDING))
    if not isinstance(answer, ObjectsSent):
        trouble = getattr(answer, "trouble", ArchiveTrouble.BROKE_OFF)
        detail = getattr(answer, "detail", "")
        raise CommandFailed(f"{peer.destination}: {_words(trouble, detail)}")
    return [_tell(peer, file, one, options) for file, one in zip(options.files, answer.objects, strict=True)]


def _tell(peer: Peer, file: str, sent: SentObject, options: argparse.Namespace) -> int:
    if sent.trouble is not None:
        why = _words(sent.trouble, sent.detail)
        unreadable = sent.trouble in _UNREADABLE
        fault = SourceUnreadable(why) if unreadable else WritingRefused(f"{peer.destination}: {why}")
        refuse("ultrasound send", file, fault)
        return UNREADABLE if unreadable else REFUSED
    told = {
        "file": file,
        "to": peer.destination,
        "outcome": "stored_with_warning" if sent.status else "stored",
        "transfer_syntax": sent.syntax,
        "status": sent.status,
    }
    remark = f", with a remark ({sent.detail})" if sent.status else ""
    show(Answer(told, [f"{file}: stored by {peer.destination} as {sent.syntax}{remark}"]), options.json)
    return 0


def _words(trouble: ArchiveTrouble, detail: str) -> str:
    if trouble in _UNREADABLE and detail:
        return detail  # there is no such file, or what it is not
    words = _WORDS.get(trouble, trouble.value.replace("_", " "))
    return f"{words} ({detail})" if detail and detail != words else words
