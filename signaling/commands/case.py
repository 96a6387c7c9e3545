"""What a command is decided on, and what is to be carried out once the decision is stored."""

import datetime as dt

import msgspec

from records.accounts import Account, Presence
from records.audit import Action, AuditEvent
from records.consults import Binding, ChatLine, Consult
from records.ecg_studies import EcgStudy
from records.exam_presets import ExamPreset
from records.guiding import Guiding
from records.ids import AccountId, ConsultId, ResidentId
from records.ledger import Ledger
from records.tapes import Tape, TapeEnd
from records.values import Value
from signaling.live import Live
from signaling.messages import GuidingView, JoinRoom, PersonCard
from signaling.settings import DeskSettings

QUESTION_LIMIT = 500
REASON_LIMIT = 500
CHAT_LIMIT = 2000
NAME_LIMIT = 100


class ConsultMoved(Value):
    """Everyone who sees the consult or its queue is told."""

    consult_id: ConsultId


class RoomEnds(Value):
    """The room and all its media are closed."""

    consult_id: ConsultId
    reason: str = ""


class PersonLeaves(Value):
    """Somebody leaves the room; `reason` is told to them, None: they asked for it."""

    consult_id: ConsultId
    account_id: AccountId
    reason: str | None = None


class PersonJoins(Value):
    """Somebody takes a seat in the room from the tab that asked."""

    person: PersonCard
    join: JoinRoom


class BindingBegins(Value):
    """A station is to acquire."""

    binding: Binding


class BindingEnds(Value):
    """A station is to stop."""

    binding: Binding


class PresetChosen(Value):
    """What a binding's ultrasound examines was chosen, or taken back."""

    binding: Binding
    preset: ExamPreset | None


class BindingMoved(Value):
    """A binding that has ended is another resident's now: what still comes of it belongs to that one."""

    binding: Binding


class StudyMoved(Value):
    """An ECG study is another resident's now."""

    study: EcgStudy


class StationMoves(Value):
    """A station's card has changed."""

    station_id: AccountId


class PresenceSaid(Value):
    """A specialist says of herself whether she can be rung."""

    account_id: AccountId
    presence: Presence


class TapeStarts(Value):
    """The room is to be recorded."""

    tape: Tape


class TapeStops(Value):
    """The room is recorded no more from this moment on."""

    consult_id: ConsultId
    end: TapeEnd
    at: dt.datetime


class GuidingMoves(Value):
    """Something was asked of the operator, or became of it."""

    guiding: Guiding
    view: GuidingView


class ChatGrows(Value):
    """A line was said."""

    line: ChatLine


Effect = (
    ConsultMoved
    | RoomEnds
    | PersonLeaves
    | PersonJoins
    | BindingBegins
    | BindingEnds
    | PresetChosen
    | BindingMoved
    | StudyMoved
    | StationMoves
    | PresenceSaid
    | TapeStarts
    | TapeStops
    | GuidingMoves
    | ChatGrows
)


class Decided(Value):
    """The answer's value, and what follows once it is stored."""

    value: str = ""
    effects: tuple[Effect, ...] = ()


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One command's transaction: the records, who asks, and the moment."""

    ledger: Ledger
    actor: Account
    now: dt.datetime
    settings: DeskSettings
    live: Live

    def audit(
        self,
        action: Action,
        kind: str,
        object_id: str,
        resident_id: ResidentId | None = None,
        reason: str = "",
    ) -> None:
        """Write down who did what, in the same transaction."""
        self.ledger.audit.append(
            AuditEvent(
                at=self.now,
                actor_id=self.actor.id,
                actor_role=self.actor.role.value,
                action=action,
                object_kind=kind,
                object_id=object_id,
                resident_id=resident_id,
                reason=reason,
            )
        )

    def save(self, consult: Consult, action: Action = Action.CHANGE, reason: str = "") -> None:
        """Save a changed consult and write down who changed it."""
        self.ledger.consults.save(consult)
        self.audit(action, "consult", consult.id, consult.resident_id, reason)
