"""Residents, their readings and their timeline.

POST /api/residents/search                          ResidentSearch -> ResidentList   (POST: no name in a URL)
POST /api/residents                                 RegisterResident -> Resident
GET  /api/residents/{resident_id}                   -> ResidentPage
PUT  /api/residents/{resident_id}                   RegisterResident -> Resident
POST /api/residents/{resident_id}/readings          EnterReadings -> ReadingList
POST /api/residents/{resident_id}/emergency-access  AskEmergencyAccess -> EmergencyAccess
POST /api/emergency-accesses                        FindEmergencyAccess -> EmergencyAccess
"""

import datetime as dt

from records.accounts import Language
from records.consults import EcgRecording, Opinion
from records.ecg_reports import EcgReport
from records.emergency import EmergencyAccess
from records.ids import AccountId
from records.residents import AllergyStatus, IdentityKind, Reading, ReadingKind, Resident, Sex
from records.values import Value
from signaling.messages import ConsultCard, PersonCard, ResidentCard
from web.routes.derived_measurements import DerivedCard
from web.routes.ecg_studies import EcgStudyCard
from web.routes.ultrasound_clips import KeptClipPage
from web.routes.ultrasound_stills import KeptStillCard


class ResidentSearch(Value):
    """By name, pinyin initials or record number; "" lists those seen last."""

    query: str


class ResidentList(Value):
    """At most 50, best match first."""

    residents: tuple[ResidentCard, ...]
    more: bool


class RegisterResident(Value):
    """A resident's identity as typed in; the record number is given by the server."""

    name: str
    sex: Sex
    birth_date: dt.date
    identity_kind: IdentityKind
    identity_number: str
    allergy_status: AllergyStatus
    allergies: tuple[str, ...] = ()
    phone: str = ""
    preferred_language: Language = Language.ZH


class TypedReading(Value):
    """A vital sign typed in; stored and shown as typed."""

    kind: ReadingKind
    value: float
    measured_at: dt.datetime


class EnterReadings(Value):
    """Several vital signs at once."""

    readings: tuple[TypedReading, ...]


class ReadingList(Value):
    """Readings as they were stored."""

    readings: tuple[Reading, ...]


class AskEmergencyAccess(Value):
    """Reason and a second sign-in."""

    reason: str
    password: str


class FindEmergencyAccess(Value):
    """The same for a resident of whom only the record number is known; the answer names her id."""

    record_number: str
    reason: str
    password: str


class ResidentPage(Value):
    """One resident's page: identity, latest readings, and the timeline, newest first."""

    resident: Resident
    latest_readings: tuple[Reading, ...]
    readings: tuple[Reading, ...]
    consults: tuple[ConsultCard, ...]
    opinions: tuple[Opinion, ...]  # signed ones
    opinion_authors: dict[AccountId, PersonCard]
    recordings: tuple[EcgRecording, ...]
    ecg_studies: tuple[EcgStudyCard, ...]  # kept ECGs and where their reading stands
    ultrasound_stills: tuple[KeptStillCard, ...]  # kept ones, the latest taken first
    derived_measurements: tuple[DerivedCard, ...]  # made of measurements on them, the first kept first
    ultrasound_clips: tuple[KeptClipPage, ...]  # kept ones, the latest taken first
    ecg_reports: tuple[EcgReport, ...]  # signed ones on them
    ecg_report_authors: dict[AccountId, PersonCard]
    emergency_access: EmergencyAccess | None = None  # the one this page was opened by
