"""A consult from the request to the filed opinion: its values and its states.

The transitions between states are decided in `signaling.transitions`.
"""

import datetime as dt
import enum

from records.accounts import Language
from records.checklists import ChecklistEntry
from records.chest_pain import ChestPainEntry, ChestPainStood
from records.ids import (
    AccountId,
    BindingId,
    ChatLineId,
    ConsentId,
    ConsultId,
    InstitutionId,
    OpinionId,
    RecordingId,
    ResidentId,
    SpecialtyCode,
)
from records.values import Value


class Urgency(enum.StrEnum):
    """常规, 加急, 紧急; the queue is ordered by it first."""

    ROUTINE = "routine"
    EXPEDITED = "expedited"
    EMERGENCY = "emergency"


class ConsultState(enum.StrEnum):
    """Where a consult stands."""

    WAITING = "waiting"  # in the queue, specialists are being rung
    RETURNED = "returned"  # 退回补充资料: the asker owes information
    ACCEPTED = "accepted"  # a specialist took it, the room is open
    IN_CALL = "in_call"  # both sides have been in the room
    OPINION_DUE = "opinion_due"  # the call ended, the opinion is not signed
    SIGNED = "signed"  # the opinion is signed
    CLOSED = "closed"  # the asker has read and acknowledged it
    CANCELLED = "cancelled"


class DeclineKind(enum.StrEnum):
    """Why a specialist said no, as far as the asker is told: what she needs to know to go on."""

    BUSY = "busy"  # with a patient in danger
    OTHER_FIELD = "other_field"  # not a question for this specialty
    OFF_DUTY = "off_duty"  # about to leave
    CONFLICT = "conflict"  # of interest, with the resident or the asker
    OTHER = "other"


class Declined(Value):
    """A specialist said no to a ring; the consult goes on waiting for others."""

    specialist_id: AccountId
    reason: str
    at: dt.datetime
    kind: DeclineKind = DeclineKind.OTHER


class Guest(Value):
    """An interpreter or observer invited to one consult, the resident having agreed."""

    account_id: AccountId
    invited_by: AccountId
    invited_at: dt.datetime


class Consult(Value):
    """One request and everything that became of it."""

    id: ConsultId
    number: str  # HZ-20261123-0147, what people say on the telephone
    resident_id: ResidentId
    specialty: SpecialtyCode
    urgency: Urgency
    question: str
    language: Language
    asked_by: AccountId
    institution_id: InstitutionId  # of the asker
    asked_at: dt.datetime
    state: ConsultState
    version: int  # grows with every change
    waiting_since: dt.datetime  # start of the running clock; kept when returned and supplied
    specialist_id: AccountId | None = None
    added_specialist_ids: tuple[AccountId, ...] = ()
    entered_ids: tuple[AccountId, ...] = ()  # added ones who have been in the room: they are rung no more
    handed_to: AccountId | None = None  # only this specialist is rung; of a due opinion: offered to her
    declined: tuple[Declined, ...] = ()
    ring_circle: int = 0  # 0: available specialists of the specialty; 1 and more: the wider circle
    ring_deadline_at: dt.datetime | None = None  # when the circle widens
    webhook_due_at: dt.datetime | None = None  # since when the widest circle is to be told; None: it was
    accepted_at: dt.datetime | None = None
    call_started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    signed_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    opinion_due_at: dt.datetime | None = None  # past it, the specialty's others may write the opinion
    opinion_free: bool = False  # they may: it is overdue, or its specialist cannot sign any more
    reason: str = ""  # of the last return, cancellation, hand-over, taking over or forced end
    recording_id: RecordingId | None = None  # the ECG that went along with the request
    guests: tuple[Guest, ...] = ()
    chest_pain: tuple[ChestPainEntry, ...] = ()  # by the time of entering; none: no clock was started
    checklists: tuple[ChecklistEntry, ...] = ()  # by the time of entering


class IdentifierKind(enum.StrEnum):
    """What was compared when the resident's identity was confirmed; two different ones are needed."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    IDENTITY_NUMBER = "identity_number"
    RECORD_NUMBER = "record_number"
    PHONE = "phone"


class IdentityCheck(Value):
    """Who confirmed the resident's identity for a consult, by which identifiers."""

    consult_id: ConsultId
    identifiers: tuple[IdentifierKind, ...]
    confirmed_by: AccountId
    confirmed_at: dt.datetime


class ConsentForm(enum.StrEnum):
    """How consent was given."""

    PAD = "pad"  # signed by the resident on the screen
    ORAL = "oral"  # spoken, with a witness
    DEFERRED = "deferred"  # emergency: reason needed; open until it is made up for
    NOT_OBTAINED = "not_obtained"  # deferred, and cannot be made up for: reason needed


class Consent(Value):
    """The resident's consent to one remote consult."""

    id: ConsentId
    consult_id: ConsultId
    form: ConsentForm
    text_version: str
    recorded_by: AccountId
    recorded_at: dt.datetime
    witness: str = ""  # needed when ORAL
    reason: str = ""  # needed when DEFERRED or NOT_OBTAINED
    signature_svg_path: str = ""  # needed when PAD: the strokes as an SVG path


class ChatLine(Value):
    """One line of the consult's chat."""

    id: ChatLineId
    consult_id: ConsultId
    author_id: AccountId
    said_at: dt.datetime
    text: str


class Binding(Value):
    """A station's devices bound to one consult and one resident, by a person, for a time.

    Samples and pictures carry the binding's stream ids, so nothing can cross to the next resident.
    """

    id: BindingId
    station_id: AccountId
    consult_id: ConsultId
    resident_id: ResidentId
    ecg_stream_id: int  # 32 bits, in every E1 packet
    ultrasound_stream_id: int
    bound_by: AccountId
    bound_at: dt.datetime
    simulated: bool
    ended_at: dt.datetime | None = None
    moved_from_resident_id: ResidentId | None = None
    moved_by: AccountId | None = None
    moved_reason: str = ""


class EcgRecording(Value):
    """A stored 12-lead ECG: the index to its sample segments."""

    id: RecordingId
    resident_id: ResidentId
    binding_id: BindingId | None  # None: filed from elsewhere, e.g. the demo's history
    consult_id: ConsultId | None
    stream_id: int
    started_at: dt.datetime
    rate_hz: float  # exactly as the device said
    nv_per_lsb: float  # nanovolts a step, exactly as the device said
    leads: tuple[str, ...]
    sample_count: int  # samples per lead, missing ones included
    missing_samples: int
    complete: bool  # the END packet's count and hash matched
    simulated: bool
    withheld_samples: int = 0  # behind `sample_count`: captured after the binding ended, not kept


class Advice(enum.StrEnum):
    """处置建议: what the invited specialist advises; the treating doctor decides."""

    OBSERVE = "observe"  # 在站观察
    OUTPATIENT = "outpatient"  # 门诊随访
    TRANSFER = "transfer"  # 立即转诊
    MORE_TESTS = "more_tests"  # 补充检查


class OpinionState(enum.StrEnum):
    """A signed opinion never changes again; a correction is a new one that names it."""

    DRAFT = "draft"
    SIGNED = "signed"


class PlanItem(Value):
    """One line of the follow-up plan."""

    text: str
    due_on: dt.date | None = None
    owner: str = ""


class Opinion(Value):
    """The specialist's answer to one consult."""

    id: OpinionId
    consult_id: ConsultId
    author_id: AccountId
    state: OpinionState
    version: int
    findings: str  # 检查所见
    impression: str  # 会诊意见
    advice: Advice | None
    advice_text: str
    plan: tuple[PlanItem, ...]
    saved_at: dt.datetime
    simulated: bool  # made on simulated data; carried on the report
    signed_at: dt.datetime | None = None
    digest: str = ""  # SHA-256 of the signed content, hexadecimal
    chest_pain: tuple[ChestPainStood, ...] = ()  # the clock's moments as they stood when it was signed
