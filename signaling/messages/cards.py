"""What people are shown of a resident, a person, a station and a consult."""

import datetime as dt
from enum import StrEnum

from records.accounts import Language, Presence, Role
from records.consults import Binding, ConsentForm, ConsultState, DeclineKind, Urgency
from records.exam_presets import ExamPreset
from records.ids import AccountId, ConsultId, InstitutionId, RecordingId, ResidentId, SpecialtyCode
from records.residents import AllergyStatus, Reading, Sex
from records.values import Value
from signaling.messages.checklists import ChecklistCard
from signaling.messages.chest_pain import ChestPainClock
from ultrasound.trouble import PictureTrouble


class DeviceState(StrEnum):
    """A device at a station, as the station sees it."""

    READY = "ready"
    RUNNING = "running"
    MISSING = "missing"  # none configured
    FAILED = "failed"  # could not be opened, or broke off


class ResidentCard(Value):
    """What the banner and the lists show of a resident."""

    id: ResidentId
    record_number: str
    name: str
    sex: Sex
    birth_date: dt.date
    allergy_status: AllergyStatus
    allergies: tuple[str, ...]
    preferred_language: Language
    phone: str = ""
    name_initials: str = ""  # pinyin initials in lower case, to search a list by: 王秀英 -> wxy


class PersonCard(Value):
    """What others see of an account."""

    id: AccountId
    display_name: str
    role: Role
    title: str
    institution_id: InstitutionId
    institution_name_zh: str
    institution_name_en: str


class SpecialistCard(Value):
    """A specialist in the list of who can be asked."""

    person: PersonCard
    specialties: tuple[SpecialtyCode, ...]
    languages: tuple[Language, ...]
    presence: Presence
    connected: bool
    in_call: bool


class StationCard(Value):
    """A station and its devices."""

    id: AccountId
    name: str
    institution_id: InstitutionId
    institution_name_zh: str
    institution_name_en: str
    connected: bool
    last_seen_at: dt.datetime | None
    ultrasound: DeviceState
    ecg: DeviceState
    device_error: str  # names the source that failed; "" when none did
    simulated: bool
    bound_consult_id: ConsultId | None
    last_test_at: dt.datetime | None = None  # of the last device check; None: never
    last_test_passed: bool | None = None  # None: nothing was tried
    bearer: str = ""  # its line: wired, wifi, cellular, local (the same machine); "" unknown
    one_clock: bool = True  # ultrasound and ECG are stamped by the same clock
    picture_troubles: tuple[PictureTrouble, ...] = ()  # what is wrong with the captured picture now
    picture_offset_bound_ms: float | None = None  # its delay against the ECG was measured, to this
    exam_preset: ExamPreset | None = None  # chosen for the running binding; None: nobody has


class DeclineCard(Value):
    """A specialist who said no, and why, as far as the asker is told."""

    person: PersonCard
    kind: DeclineKind
    at: dt.datetime


class ConsultCard(Value):
    """A consult as the worklist, the ringing card and the room show it to one client."""

    id: ConsultId
    number: str
    state: ConsultState
    version: int
    urgency: Urgency
    specialty: SpecialtyCode
    question: str
    language: Language
    resident: ResidentCard
    asked_by: PersonCard
    asked_at: dt.datetime
    waiting_since: dt.datetime
    place: int | None  # 1 is next; None when it does not wait
    expected_wait_s: int | None  # None when it cannot be told
    target_wait_s: int  # for this urgency; beyond it the wait is marked
    rings_me: bool  # this client is being rung now
    ring_deadline_at: dt.datetime | None  # when the circle widens
    specialist: PersonCard | None
    added_specialists: tuple[PersonCard, ...]
    accepted_at: dt.datetime | None
    call_started_at: dt.datetime | None
    ended_at: dt.datetime | None
    signed_at: dt.datetime | None
    reason: str
    station: StationCard | None  # bound to it, or else the asker's own
    binding: Binding | None  # the running one
    readings: tuple[Reading, ...]  # the latest of each kind
    recording_id: RecordingId | None  # the ECG that went along
    prior_recording_id: RecordingId | None
    identity_confirmed: bool
    consent: ConsentForm | None  # deferred: open until it is made up for
    recording_consent: ConsentForm | None = None  # None: not given, or withdrawn
    declined: tuple[DeclineCard, ...] = ()
    nobody_left: bool = False  # it waits, and every specialist who could take it has declined
    handed_to: PersonCard | None = None  # asked for, handed over or offered to this one alone
    opinion_due_at: dt.datetime | None = None
    opinion_free: bool = False  # others of the specialty may write the opinion: `TakeOpinion`
    guests: tuple[PersonCard, ...] = ()  # interpreters and observers, named to all
    chest_pain: ChestPainClock | None = None  # None: no clock was started
    checklists: tuple[ChecklistCard, ...] = ()  # the protocols that were opened
