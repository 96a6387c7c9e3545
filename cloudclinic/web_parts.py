"""What the pages work on: the archives of one data directory, and the processes beside the server."""

import datetime as dt
import functools

from cloudclinic.archive_exams import ArchiveExams
from cloudclinic.archive_sending import ArchiveSending
from cloudclinic.archive_trust import archive_trust
from cloudclinic.certificate import days_left
from cloudclinic.clip_archive import ClipArchive
from cloudclinic.directory import DataDirectory
from cloudclinic.ecg_appraiser import AppraiserProcesses
from cloudclinic.ecg_archive import EcgArchive
from cloudclinic.ecg_comparer import ComparerProcesses
from cloudclinic.ecg_printer import PrinterProcesses
from cloudclinic.exam_library import ExamLibrary
from cloudclinic.first_administrator import FirstAdministratorCode
from cloudclinic.gauges import gauges
from cloudclinic.settings import Settings
from cloudclinic.still_archive import StillArchive
from cloudclinic.tape_library import TapeLibrary
from records.exchange.ecg_files import EcgFileReader
from records.store.database import Database
from signaling.desk import Desk
from web.media_plane import MediaWorkers
from web.parts import WebParts, utc_now
from web.passwords import Passwords
from web.samples import StoredSamples
from web.settings import WebSettings


def web_parts(
    settings: Settings,
    directory: DataDirectory,
    records: Database,
    samples: StoredSamples,
    desk: Desk,
    media: MediaWorkers,
    told: WebSettings,
) -> WebParts:
    """Everything the routes are handed; whoever calls it closes `exams`."""
    stills = StillArchive(directory.stills, records.cipher)
    clips = ClipArchive(directory.clips, records.cipher)
    trust, ecg_files = archive_trust(settings), EcgFileReader()
    archived = ArchiveExams(records, settings.archives, settings.archive_calling, trust, ecg_files)
    sending = ArchiveSending(
        records, stills, clips, samples, utc_now, settings.archives, settings.archive_calling, trust
    )
    return WebParts(
        records=records,
        desk=desk,
        samples=samples,
        passwords=Passwords(),
        settings=told,
        tapes=TapeLibrary(directory.tapes, records.cipher, records.data_key),
        ecgs=EcgArchive(directory.ecgs, records.cipher),
        stills=stills,
        clips=clips,
        archive=sending,
        exams=ExamLibrary(clips, archived),
        ecg_files=ecg_files,
        appraiser=AppraiserProcesses(utc_now, _critical_values(settings)),
        printer=PrinterProcesses(settings.report_font),
        comparer=ComparerProcesses(),
        first_administrator=FirstAdministratorCode(directory.path),
        data=directory.path,
        workers=media.ready,
        egress=media.egress,
        certificate_days_left=functools.partial(_days_left, settings, directory),
        gauges=gauges(samples, media, sending),
    )


def _days_left(settings: Settings, directory: DataDirectory) -> int | None:
    certificate = settings.certificate or directory.certificate
    if settings.on_loopback or not certificate.exists():
        return None
    return days_left(certificate, dt.datetime.now(dt.UTC))


def _critical_values(settings: Settings) -> bytes:
    """The site's list, read once at the start; a change of it takes a restart."""
    return settings.ecg_critical_values.read_bytes() if settings.ecg_critical_values else b""
