"""Earlier ultrasound exams of a resident, shown beside today's: those of her consults, and an archive's."""

import datetime as dt
import enum

from records.ids import ConsultId
from records.stills import PictureRegion
from records.values import Value
from ultrasound.measuring.measured import CalibrationSource


class ExamSource(enum.StrEnum):
    """Where an exam's pictures are from."""

    CONSULT = "consult"  # kept in a consult here
    ARCHIVE = "archive"  # of an archive (PACS)


class PictureKind(enum.StrEnum):
    """One picture, or many with their times."""

    STILL = "still"
    CINE = "cine"


class ExamState(enum.StrEnum):
    """Where an exam's pictures are."""

    HERE = "here"
    ELSEWHERE = "elsewhere"  # in the archive, and not asked for yet
    COMING = "coming"  # being fetched; ask again in a second
    FAILED = "failed"  # `trouble` says why; asked for again it is fetched again


class ArchiveTrouble(enum.StrEnum):
    """Why an archive did not do what was asked of it, or what it gave is not used."""

    UNREACHABLE = "unreachable"  # nobody answers there, or not in time
    DECLINED = "declined"  # it does not speak with us: its configuration or ours has to be changed
    BUSY = "busy"  # it lacks room, or the line broke on the way
    REFUSED = "refused"  # it does not take this object
    NOT_WRITABLE = "not_writable"  # what is kept cannot be written as DICOM truthfully
    CHANGED = "changed"  # what is kept is not what was filed
    OTHER_PATIENT = "other_patient"  # it is another patient's
    UNREADABLE = "unreadable"  # damaged, or nothing this program shows faithfully
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    NOTHING = "nothing"  # the exam holds no picture that is shown
    NO_SUCH_ARCHIVE = "no_such_archive"  # the settings name it no more
    BROKE_OFF = "broke_off"  # our own process ended without an answer


class ExamPicture(Value):
    """A still or a cine of an exam. Frames are counted from 1, times from the first frame."""

    id: str
    kind: PictureKind
    number: str  # CS-… or CD-…, as in the record; of an archive's: series and instance number, as 3/12
    taken_at: dt.datetime | None  # None: an archive's, without a zone
    width: int
    height: int
    frames: int
    frame_times_ms: tuple[float, ...] | None  # None: not stated; then it is no cine that plays
    regions: tuple[PictureRegion, ...]
    calibration: CalibrationSource | None  # None: no scale; nothing is measured but pixels
    scale_uncertainty: float = 0.0  # the most the scale may be off, as a part of it
    simulated: bool = False
    masked: bool = False


class ExamEcg(Value):
    """An ECG of an archive's exam, as the cine's own seconds have one."""

    id: str
    rate_hz: float
    sample_count: int
    leads: tuple[str, ...]
    taken: str  # as the file says it, YYYYMMDDHHMMSS…; empty: it does not


class ExamSeries(Value):
    """Pictures that belong together."""

    id: str
    description: str
    pictures: tuple[ExamPicture, ...]


class UltrasoundExam(Value):
    """An exam as lists show it. `taken_on` is as the archive says it, where it does."""

    id: str
    source: ExamSource
    taken_on: dt.date | None
    description: str = ""
    institution: str = ""
    consult_id: ConsultId | None = None
    consult_number: str = ""
    archive: str = ""  # as the settings name it
    stills: int = 0  # of a consult's
    clips: int = 0
    instances: int | None = None  # of an archive's, where it tells
    state: ExamState = ExamState.HERE
    trouble: ArchiveTrouble | None = None


class ArchiveSearch(Value):
    """What asking one archive for the resident's exams came to."""

    archive: str
    trouble: ArchiveTrouble | None = None  # None: it answered
    other_patients: int = 0  # exams it gave that are another patient's by their own words: not shown
    more: bool = False  # it has more than are listed


class ExamContents(Value):
    """An exam with everything in it that can be shown; `unreadable`: how many objects cannot."""

    exam: UltrasoundExam
    series: tuple[ExamSeries, ...] = ()
    ecgs: tuple[ExamEcg, ...] = ()
    unreadable: int = 0
