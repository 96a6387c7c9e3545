"""What passes between the server and the process that speaks with an archive."""

import datetime as dt

from records.exchange.archive.destination import Trust
from records.exchange.archive.kept_objects import KeptObject
from records.stated_patient import StatedPatient
from records.ultrasound_exams import ArchiveTrouble
from records.values import Value


class Peer(Value):
    """Whom to speak with, and as whom. `destination`: as the settings write it."""

    destination: str
    calling: str = "CLOUDCLINIC"
    trust: Trust = Trust()


class SendObjects(Value, tag="send"):
    """Objects to be written and sent; `folder`: where they may be written meanwhile."""

    peer: Peer
    objects: tuple[KeptObject, ...]
    folder: str


class SendFiles(Value, tag="send_files"):
    """DICOM files to be sent as they are."""

    peer: Peer
    files: tuple[str, ...]
    folder: str


class IsThere(Value, tag="is_there"):
    """Whether an archive is there and speaks with us; answered by `ObjectsSent` of nothing."""

    peer: Peer


class FindExams(Value, tag="find"):
    """A patient's studies with ultrasound; an archive that has no end is left after so many."""

    peer: Peer
    patient_id: str
    most: int = 200
    limit_s: float = 20.0


class FetchExam(Value, tag="fetch"):
    """A study's ultrasound objects, up to so many bytes and objects."""

    peer: Peer
    study_uid: str
    most_bytes: int
    most_objects: int = 500
    limit_s: float = 300.0


ArchiveRequest = SendObjects | SendFiles | IsThere | FindExams | FetchExam


class SentObject(Value):
    """One answer for each object. `trouble` None: the archive keeps it. `syntax`: in which it went."""

    trouble: ArchiveTrouble | None = None
    detail: str = ""
    syntax: str = ""
    status: int | None = None


class ObjectsSent(Value, tag="sent"):
    """In the order of the request."""

    objects: tuple[SentObject, ...]


class FoundExam(Value):
    """A study as the archive tells of it."""

    study_uid: str
    stated: StatedPatient
    taken_on: dt.date | None
    description: str
    institution: str
    instances: int | None


class ExamsFound(Value, tag="found"):
    """Studies with ultrasound; `more`: there were more than were taken."""

    exams: tuple[FoundExam, ...]
    more: bool = False


class FetchedObject(Value):
    """A DICOM file, as it came, and what it says it is."""

    sop_class_uid: str
    data: bytes


class ExamFetched(Value, tag="fetched"):
    """DICOM files as they came; nothing in them was looked at. `missing`: what the archive failed to give."""

    objects: tuple[FetchedObject, ...]
    missing: int = 0


class ArchiveFailed(Value, tag="failed"):
    """Nothing came of it."""

    trouble: ArchiveTrouble
    detail: str = ""


ArchiveAnswer = ObjectsSent | ExamsFound | ExamFetched | ArchiveFailed
