"""What other rooms need of a store: one object a transaction, one group of methods a concept.

`Records.write` runs a plain function inside one transaction, in the one thread that writes; what it does
is done wholly or not at all, together with its audit entries. `Records.read` runs one on a connection that
cannot write. The functions do no other I/O and never await.

Every `get` raises `NotFound`; every `save` of a versioned value raises `Conflict` when the stored version is
not the one before it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, TypeVar

from records.accounts import Account, Department, Institution, Role, Specialty
from records.archive_outbox import OutboxCount, OutboxEntry, SendState
from records.audit import AuditEntry, AuditEvent
from records.card_profiles import CardProfile
from records.consults import (
    Binding,
    ChatLine,
    Consent,
    Consult,
    EcgRecording,
    IdentityCheck,
    Opinion,
)
from records.derived_measurements import DerivedMeasurement
from records.ecg_drafts import MachineDraft
from records.ecg_phrases import PhraseList
from records.ecg_reports import Cosignature, EcgReport
from records.ecg_studies import EcgStudy
from records.emergency import EmergencyAccess
from records.guiding import Guiding
from records.ids import (
    AccountId,
    BindingId,
    CardProfileId,
    ConsultId,
    DerivedId,
    EcgReportId,
    EcgStudyId,
    GuidingId,
    InstitutionId,
    KeptClipId,
    KeptStillId,
    OutboxEntryId,
    RecordingId,
    ResidentId,
    SessionId,
    TapeId,
)
from records.residents import Reading, Resident
from records.session_scores import SessionScore, SessionTally
from records.sessions import Password, Session
from records.tapes import RecordingConsent, Tape
from records.ultrasound_clips import UltrasoundClip
from records.ultrasound_stills import UltrasoundStill
from ultrasound.privacy.profile import DeviceProfile

T = TypeVar("T")


class Accounts(Protocol):
    """People and stations."""

    def add(self, account: Account) -> None: ...
    def save(self, account: Account) -> None: ...
    def get(self, account_id: AccountId) -> Account: ...
    def by_name(self, sign_in_name: str) -> Account | None: ...
    def all(self) -> tuple[Account, ...]: ...
    def by_role(self, role: Role) -> tuple[Account, ...]: ...
    def set_password(self, account_id: AccountId, password: Password) -> None: ...
    def password(self, account_id: AccountId) -> Password | None: ...
    def set_token(self, account_id: AccountId, token_hash: str | None) -> None: ...
    def by_token(self, token_hash: str) -> Account | None: ...
    def with_token(self) -> frozenset[AccountId]: ...
    def last_used(self) -> Mapping[AccountId, dt.datetime]: ...


class Directory(Protocol):
    """Institutions, departments, specialties."""

    def save_institution(self, institution: Institution) -> None: ...
    def institution(self, institution_id: InstitutionId) -> Institution: ...
    def institutions(self) -> tuple[Institution, ...]: ...
    def save_department(self, department: Department) -> None: ...
    def departments(self) -> tuple[Department, ...]: ...
    def save_specialty(self, specialty: Specialty) -> None: ...
    def specialties(self) -> tuple[Specialty, ...]: ...


class Sessions(Protocol):
    """Signed-in browsers."""

    def add(self, session: Session) -> None: ...
    def by_token(self, token_hash: str) -> Session | None: ...
    def touch(self, session_id: SessionId, at: dt.datetime) -> None: ...
    def end(self, session_id: SessionId) -> None: ...
    def end_all(self, account_id: AccountId) -> tuple[SessionId, ...]: ...
    def of_account(self, account_id: AccountId) -> tuple[Session, ...]: ...


class Residents(Protocol):
    """Residents and the search for them."""

    def add(self, resident: Resident) -> None: ...
    def save(self, resident: Resident) -> None: ...
    def get(self, resident_id: ResidentId) -> Resident: ...
    def by_record_number(self, record_number: str) -> Resident | None: ...
    def search(self, query: str, institution_id: InstitutionId, limit: int) -> tuple[Resident, ...]: ...
    def next_record_number(self, institution_id: InstitutionId) -> str: ...


class Readings(Protocol):
    """Vital signs."""

    def add(self, reading: Reading) -> None: ...
    def of_resident(self, resident_id: ResidentId, limit: int = 500) -> tuple[Reading, ...]: ...
    def latest(self, resident_id: ResidentId) -> tuple[Reading, ...]: ...


class Consults(Protocol):
    """Consults in every state."""

    def add(self, consult: Consult) -> None: ...
    def save(self, consult: Consult) -> None: ...
    def get(self, consult_id: ConsultId) -> Consult: ...
    def open(self) -> tuple[Consult, ...]:
        """Those neither closed nor cancelled, oldest first."""

    def of_resident(self, resident_id: ResidentId) -> tuple[Consult, ...]: ...
    def of_account(self, account_id: AccountId, limit: int = 200) -> tuple[Consult, ...]:
        """Those the account asked for, accepted, was handed or was added to; newest first."""

    def since(self, at: dt.datetime) -> tuple[Consult, ...]:
        """Those asked for at or after `at`."""

    def next_number(self, day: dt.date) -> str: ...
    def add_identity_check(self, check: IdentityCheck) -> None: ...
    def identity_check(self, consult_id: ConsultId) -> IdentityCheck | None: ...
    def add_consent(self, consent: Consent) -> None: ...
    def consent(self, consult_id: ConsultId) -> Consent | None: ...
    def add_chat(self, line: ChatLine) -> None: ...
    def chat(self, consult_id: ConsultId) -> tuple[ChatLine, ...]: ...


class Guidings(Protocol):
    """What was asked of operators in consults."""

    def add(self, guiding: Guiding) -> None: ...
    def save(self, guiding: Guiding) -> None: ...
    def get(self, guiding_id: GuidingId) -> Guiding: ...
    def of_consult(self, consult_id: ConsultId, limit: int = 500) -> tuple[Guiding, ...]:
        """The newest of them, the first asked first."""

    def open_of(self, consult_id: ConsultId, guide_id: AccountId) -> tuple[Guiding, ...]:
        """Those of one guide that are not answered."""

    def awaited(self) -> tuple[Guiding, ...]:
        """Those of all consults that are not answered and whose time runs."""


class Bindings(Protocol):
    """Stations bound to consults."""

    def add(self, binding: Binding) -> None: ...
    def save(self, binding: Binding) -> None: ...
    def get(self, binding_id: BindingId) -> Binding: ...
    def running_of_station(self, station_id: AccountId) -> Binding | None: ...
    def running_of_consult(self, consult_id: ConsultId) -> Binding | None: ...
    def of_consult(self, consult_id: ConsultId) -> tuple[Binding, ...]: ...


class Recordings(Protocol):
    """Stored ECGs."""

    def add(self, recording: EcgRecording) -> None: ...
    def save(self, recording: EcgRecording) -> None: ...
    def get(self, recording_id: RecordingId) -> EcgRecording: ...
    def by_binding(self, binding_id: BindingId) -> EcgRecording | None: ...
    def of_resident(self, resident_id: ResidentId) -> tuple[EcgRecording, ...]:
        """Newest first."""


class EcgStudies(Protocol):
    """ECGs kept to be read, each with the machine's draft beside it."""

    def add(self, study: EcgStudy, draft: MachineDraft, request_key: str = "") -> None:
        """`request_key` names the request it was made by: another study made by it is a `Conflict`."""

    def save(self, study: EcgStudy) -> None: ...
    def get(self, study_id: EcgStudyId) -> EcgStudy: ...
    def draft(self, study_id: EcgStudyId) -> MachineDraft: ...
    def by_request(self, request_key: str) -> EcgStudy | None: ...
    def of_file(self, resident_id: ResidentId, file_sha256: str) -> EcgStudy | None: ...
    def open(self) -> tuple[EcgStudy, ...]:
        """Those that are not read for good, by coming in."""

    def closed_since(self, at: dt.datetime) -> tuple[EcgStudy, ...]:
        """Those that became final or were rejected at or after `at`."""

    def of_resident(self, resident_id: ResidentId, limit: int = 500) -> tuple[EcgStudy, ...]:
        """The latest taken first."""

    def of_consult(self, consult_id: ConsultId) -> tuple[EcgStudy, ...]:
        """The first taken first."""

    def of_binding(self, binding_id: BindingId) -> tuple[EcgStudy, ...]: ...
    def next_number(self, day: dt.date) -> str: ...


class UltrasoundStills(Protocol):
    """Stills of the ultrasound kept with the record; none is ever deleted."""

    def add(self, still: UltrasoundStill, request_key: str) -> None:
        """`request_key` names the request it was kept by: another one by it is a `Conflict`."""

    def save(self, still: UltrasoundStill) -> None: ...
    def get(self, still_id: KeptStillId) -> UltrasoundStill: ...
    def by_request(self, request_key: str) -> UltrasoundStill | None: ...
    def of_resident(self, resident_id: ResidentId, limit: int = 500) -> tuple[UltrasoundStill, ...]:
        """The latest taken first."""

    def of_consult(self, consult_id: ConsultId) -> tuple[UltrasoundStill, ...]:
        """The first taken first."""

    def of_binding(self, binding_id: BindingId) -> tuple[UltrasoundStill, ...]: ...
    def next_number(self, day: dt.date) -> str: ...


class UltrasoundClips(Protocol):
    """Clips of the ultrasound kept with the record; none is ever deleted."""

    def add(self, clip: UltrasoundClip) -> None: ...
    def save(self, clip: UltrasoundClip) -> None: ...
    def get(self, clip_id: KeptClipId) -> UltrasoundClip: ...
    def of_resident(self, resident_id: ResidentId, limit: int = 500) -> tuple[UltrasoundClip, ...]:
        """The latest taken first."""

    def of_consult(self, consult_id: ConsultId) -> tuple[UltrasoundClip, ...]:
        """The first taken first."""

    def of_binding(self, binding_id: BindingId) -> tuple[UltrasoundClip, ...]: ...
    def next_number(self, day: dt.date) -> str: ...


class ArchiveOutbox(Protocol):
    """What is to be sent to archives; an object goes to a destination once."""

    def add(self, entry: OutboxEntry) -> bool:
        """Keep a new entry; False: this object is queued for this destination already, and stays as it is."""

    def save(self, entry: OutboxEntry) -> None: ...
    def get(self, entry_id: OutboxEntryId) -> OutboxEntry: ...
    def due(self, destination: str, now: dt.datetime, limit: int = 50) -> tuple[OutboxEntry, ...]:
        """Those that wait and are due, the longest due first."""

    def next_due(self, destination: str) -> dt.datetime | None:
        """When the next of those that wait is due; None: none waits."""

    def in_state(self, state: SendState, limit: int = 200) -> tuple[OutboxEntry, ...]:
        """The latest queued first."""

    def of_consult(self, consult_id: ConsultId) -> tuple[OutboxEntry, ...]:
        """The first queued first."""

    def misfiled(self) -> tuple[OutboxEntry, ...]:
        """Those that are sent as one resident's and were found to be another's since."""

    def counts(self) -> tuple[OutboxCount, ...]:
        """One for each destination that anything was ever queued for."""


class DerivedMeasurements(Protocol):
    """What was derived of measurements on kept stills; none is ever deleted."""

    def add(self, derived: DerivedMeasurement, request_key: str) -> None:
        """`request_key` names the request it was kept by: another one by it is a `Conflict`."""

    def save(self, derived: DerivedMeasurement) -> None: ...
    def get(self, derived_id: DerivedId) -> DerivedMeasurement: ...
    def by_request(self, request_key: str) -> DerivedMeasurement | None: ...
    def of_resident(self, resident_id: ResidentId, limit: int = 500) -> tuple[DerivedMeasurement, ...]:
        """The latest kept first."""

    def of_consult(self, consult_id: ConsultId) -> tuple[DerivedMeasurement, ...]:
        """The first kept first."""

    def next_number(self, day: dt.date) -> str: ...


class EcgReports(Protocol):
    """What physicians wrote of studies; a draft is its author's alone, a signed one never changes."""

    def save(self, report: EcgReport) -> None:
        """Raise `Conflict` unless the version follows the stored one; `RuleBroken` when it is signed."""

    def get(self, report_id: EcgReportId) -> EcgReport: ...
    def draft_of(self, study_id: EcgStudyId, author_id: AccountId) -> EcgReport | None: ...
    def signed(self, study_id: EcgStudyId) -> tuple[EcgReport, ...]:
        """The first signed first."""

    def add_cosignature(self, cosignature: Cosignature) -> None: ...
    def cosignatures(self, study_id: EcgStudyId) -> tuple[Cosignature, ...]: ...


class EcgPhrases(Protocol):
    """The phrases institutions read ECGs with."""

    def of_institution(self, institution_id: InstitutionId) -> PhraseList:
        """Its own, or the list the program comes with."""

    def save(self, phrases: PhraseList) -> None: ...


class CardProfiles(Protocol):
    """What of capture cards' pictures may be seen, by institution."""

    def get(self, profile_id: CardProfileId) -> CardProfile: ...
    def of_institution(self, institution_id: InstitutionId) -> tuple[CardProfile, ...]:
        """By card, size and layout."""

    def like(self, institution_id: InstitutionId, profile: DeviceProfile) -> CardProfile | None:
        """The one of the same card, size and layout."""

    def save(self, one: CardProfile) -> None:
        """Raise `Conflict` unless the version follows the stored one."""

    def delete(self, profile_id: CardProfileId) -> None: ...


class Tapes(Protocol):
    """Tapes of consults, and the consents to them."""

    def add(self, tape: Tape) -> None: ...
    def save(self, tape: Tape) -> None: ...
    def get(self, tape_id: TapeId) -> Tape: ...
    def of_consult(self, consult_id: ConsultId) -> tuple[Tape, ...]:
        """Oldest first."""

    def of_resident(self, resident_id: ResidentId) -> tuple[Tape, ...]:
        """Newest first."""

    def running(self) -> tuple[Tape, ...]: ...
    def unsealed(self) -> tuple[Tape, ...]:
        """Those that ended and whose seal is missing, as after a server that died meanwhile."""

    def due_before(self, at: dt.datetime) -> tuple[Tape, ...]:
        """Those to be deleted by then; none under a legal hold."""

    def newest(self, limit: int = 200) -> tuple[Tape, ...]: ...
    def add_consent(self, consent: RecordingConsent) -> None: ...
    def save_consent(self, consent: RecordingConsent) -> None: ...
    def consent(self, consult_id: ConsultId) -> RecordingConsent | None:
        """The latest, also one that was withdrawn."""


class SessionScores(Protocol):
    """What is kept of ended sessions' quality; one a consult."""

    def add(self, score: SessionScore) -> None: ...
    def save(self, score: SessionScore) -> None: ...
    def of_consult(self, consult_id: ConsultId) -> SessionScore | None: ...
    def newest(self, limit: int = 200) -> tuple[SessionScore, ...]: ...
    def keep_tally(self, tally: SessionTally) -> None:
        """Keep what a session under way has come to, in place of what was kept of it before."""

    def tallies(self) -> tuple[SessionTally, ...]: ...
    def forget_tally(self, consult_id: ConsultId) -> None: ...


class Opinions(Protocol):
    """Opinions; one a consult."""

    def save(self, opinion: Opinion) -> None:
        """Raise `Conflict` unless the version follows the stored one; `RuleBroken` when it is signed."""

    def of_consult(self, consult_id: ConsultId) -> Opinion | None: ...
    def signed_of_resident(self, resident_id: ResidentId) -> tuple[Opinion, ...]: ...


class Answers(Protocol):
    """The first answer to each command, so that a repeat does nothing."""

    def get(self, account_id: AccountId, command_id: str) -> bytes | None: ...
    def keep(self, account_id: AccountId, command_id: str, answer: bytes, at: dt.datetime) -> None: ...
    def forget_before(self, at: dt.datetime) -> int: ...


class Audit(Protocol):
    """The chained trail; there is no way to change or delete."""

    def append(self, event: AuditEvent) -> AuditEntry: ...
    def search(
        self,
        *,
        actor_id: AccountId | None = None,
        resident_id: ResidentId | None = None,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        before_seq: int | None = None,
        limit: int = 200,
    ) -> tuple[AuditEntry, ...]: ...
    def all(self) -> Iterable[AuditEntry]: ...


class EmergencyAccesses(Protocol):
    """Emergency accesses, to be reviewed."""

    def add(self, access: EmergencyAccess) -> None: ...
    def save(self, access: EmergencyAccess) -> None: ...
    def get(self, access_id: str) -> EmergencyAccess: ...
    def running(
        self, account_id: AccountId, resident_id: ResidentId, now: dt.datetime
    ) -> EmergencyAccess | None: ...
    def all(self) -> tuple[EmergencyAccess, ...]: ...


class Ledger(Protocol):
    """One transaction's view of all records."""

    @property
    def accounts(self) -> Accounts: ...
    @property
    def directory(self) -> Directory: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def residents(self) -> Residents: ...
    @property
    def readings(self) -> Readings: ...
    @property
    def consults(self) -> Consults: ...
    @property
    def guidings(self) -> Guidings: ...
    @property
    def bindings(self) -> Bindings: ...
    @property
    def recordings(self) -> Recordings: ...
    @property
    def ecg_studies(self) -> EcgStudies: ...
    @property
    def ultrasound_stills(self) -> UltrasoundStills: ...
    @property
    def derived_measurements(self) -> DerivedMeasurements: ...
    @property
    def ultrasound_clips(self) -> UltrasoundClips: ...
    @property
    def archive_outbox(self) -> ArchiveOutbox: ...
    @property
    def ecg_reports(self) -> EcgReports: ...
    @property
    def ecg_phrases(self) -> EcgPhrases: ...
    @property
    def card_profiles(self) -> CardProfiles: ...
    @property
    def tapes(self) -> Tapes: ...
    @property
    def session_scores(self) -> SessionScores: ...
    @property
    def opinions(self) -> Opinions: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def emergency_accesses(self) -> EmergencyAccesses: ...


class Records(Protocol):
    """The store: transactions."""

    async def write(self, work: Callable[[Ledger], T]) -> T: ...
    async def read(self, work: Callable[[Ledger], T]) -> T: ...
