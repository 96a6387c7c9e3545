"""ECGs kept with the record, to be read: how they come in, the reading list, one study, its samples.

POST /api/residents/{resident_id}/ecg-studies     multipart: UploadEcg and files -> EcgUploaded
POST /api/consults/{consult_id}/ecg-look          LookAtEcg -> EcgLook
POST /api/consults/{consult_id}/ecg-studies       TakeEcg -> EcgStudyCard
GET  /api/consults/{consult_id}/ecg-studies       -> EcgStudyList
GET  /api/ecg-reading                             -> EcgReadingList
GET  /api/ecg-reading/figures                     -> EcgReadingFigures
GET  /api/ecg-studies/{study_id}                  -> EcgStudyPage
GET  /api/ecg-studies/{study_id}/samples?first=&count=   -> EcgSamplesHead, and the samples behind it
POST /api/ecg-studies/{study_id}/move             MoveEcg -> EcgStudyCard
"""

import datetime as dt

from records.ecg_drafts import MachineDraft, QualityNote, QualityVerdict
from records.ecg_reading import ReadingFigures
from records.ecg_reports import Cosignature, EcgReport
from records.ecg_studies import (
    EcgStudy,
    Rejection,
    ReturnedReading,
    SampleGap,
    StudySource,
    StudyState,
    StudyUrgency,
)
from records.ids import AccountId, BindingId, ConsultId, EcgStudyId, ResidentId, SpecialtyCode
from records.stated_patient import Difference, StatedPatient
from records.values import Value
from signaling.messages import PersonCard, ResidentCard

UPLOAD_LIMIT_BYTES = 32 << 20
LONGEST_SAMPLES_S = 120  # of samples in one answer


class UploadEcg(Value):
    """What goes along with an ECG file: the part `about` of the form, before the files.

    The resident is who the address names, whatever the file says. What the file says otherwise has to be
    confirmed by its name in `confirmed`; until then nothing is kept.
    """

    request_id: str  # made by the client, 8 to 64 characters: sent again, it keeps nothing twice
    urgency: StudyUrgency = StudyUrgency.ROUTINE
    indication: str = ""  # symptoms, question; at most 500 characters
    specialty: SpecialtyCode | None = None  # whose reading list; None: the site's for ECGs
    taken_at: dt.datetime | None = None  # needed where the file does not say
    confirmed: tuple[Difference, ...] = ()
    repeats: EcgStudyId | None = None  # the rejected study this one was taken anew for


class TakeEcg(Value):
    """Keep ten seconds of the bound station's ECG."""

    request_id: str  # made by the client, 8 to 64 characters: sent again, it keeps nothing twice
    binding_id: BindingId
    first: int | None = None  # the sample it begins with, as drawn; None: see `next_ten`
    next_ten: bool = False  # from now on; else the last ten seconds that are stored
    urgency: StudyUrgency = StudyUrgency.ROUTINE
    indication: str = ""  # empty: the consult's question
    repeats: EcgStudyId | None = None


class LookAtEcg(Value):
    """Judge ten seconds of the bound station's ECG before they are kept."""

    binding_id: BindingId
    first: int | None = None  # the sample it begins with, as drawn; None: see `next_ten`
    next_ten: bool = False  # from now on; else the last ten seconds that are stored


class EcgLook(Value):
    """How good ten seconds are; nothing was kept. `first` names them for `TakeEcg`."""

    first: int
    taken_at: dt.datetime
    rate_hz: float
    sample_count: int
    missing_samples: int  # in the channel that lacks most
    quality: QualityVerdict
    quality_score: int | None  # 0 to 100
    quality_notes: tuple[QualityNote, ...]
    simulated: bool


class EcgStudyCard(Value):
    """A study as lists and the timeline show it."""

    id: EcgStudyId
    number: str
    state: StudyState
    version: int
    urgency: StudyUrgency
    resident: ResidentCard
    taken_at: dt.datetime
    received_at: dt.datetime
    filed_by: PersonCard
    specialty: SpecialtyCode
    source: StudySource
    consult_id: ConsultId | None
    consult_number: str
    leads: tuple[str, ...]
    duration_s: float
    missing_samples: int  # in the channel that lacks most
    quality: QualityVerdict
    critical_rules: tuple[str, ...]  # possible critical values, by rule; never a diagnosis
    indication: str
    simulated: bool
    waited_s: int  # to the last signature or the rejection, or until now
    target_s: int
    overdue: bool
    claimed_by: PersonCard | None
    claim_expires_at: dt.datetime | None
    first_signed_by: PersonCard | None
    first_signed_at: dt.datetime | None
    final_at: dt.datetime | None
    may_cosign: bool  # a second signature is wanted, and may be this caller's
    rejection: Rejection | None
    returned: tuple[ReturnedReading, ...]
    repeats: EcgStudyId | None


class EcgUploaded(Value):
    """The study, or what has to be confirmed before it is kept."""

    study: EcgStudyCard | None  # None: nothing was kept
    differences: tuple[Difference, ...] = ()  # still to be confirmed
    stated: StatedPatient | None = None  # what the file says of its patient, while there are some
    stated_taken_at: dt.datetime | None = None  # what it says of its time
    filed_as: EcgStudyId | None = None  # the study that has the same file already
    quality_score: int | None = None  # of the study, 0 to 100; None: it was not judged
    quality_notes: tuple[QualityNote, ...] = ()  # what is wrong with its signal, and what to do about it


class EcgStudyList(Value):
    """Studies."""

    studies: tuple[EcgStudyCard, ...]


class EcgReadingList(Value):
    """What waits to be read, the next one first; and the figures of every class.

    In it are the studies of the caller's specialties that wait or want a second signature, and her own. What
    another is reading is counted in the figures and not named.
    """

    studies: tuple[EcgStudyCard, ...]
    figures: tuple[ReadingFigures, ...]
    two_signatures: bool


class EcgReadingFigures(Value):
    """How many wait in every class, and how the site reads; no resident is named."""

    figures: tuple[ReadingFigures, ...]
    two_signatures: bool


class EcgStudyPage(Value):
    """One study as a whole. The draft is the machine's: nothing of it is a finding."""

    study: EcgStudyCard
    details: EcgStudy
    draft: MachineDraft
    prints_whole: bool  # its printed report goes on to the end; else it is the first page alone, and says so
    reports: tuple[EcgReport, ...]  # signed ones, the first first; addenda among them
    cosignatures: tuple[Cosignature, ...]
    own_draft: EcgReport | None  # the caller's own, not signed yet
    people: dict[AccountId, PersonCard]
    prior: EcgStudyCard | None  # the ECG before this one, to compare with


class EcgChannelHead(Value):
    """One channel of what follows."""

    name: str
    lead: str  # a standard lead's name, else empty
    bits: int  # 16 or 32
    nv_per_step: float
    zero: float
    derived: bool
    low_hz: float | None  # what the device itself filtered; None: it does not say
    high_hz: float | None
    notch_hz: float | None


class EcgSamplesHead(Value):
    """What the samples are."""

    study_id: EcgStudyId
    rate_hz: float
    first: int
    count: int
    sample_count: int  # of the whole study
    simulated: bool
    channels: tuple[EcgChannelHead, ...]
    gaps: tuple[SampleGap, ...]  # of the whole study: where no channel has a value


class MoveEcg(Value):
    """The study is of another resident: it was filed under the wrong one."""

    to_resident_id: ResidentId
    reason: str
