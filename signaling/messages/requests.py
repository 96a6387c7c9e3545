"""From the request to the one who takes it: asking, ringing, accepting, declining, handing over."""

import enum

from records.accounts import Language, Presence
from records.consults import DeclineKind, Urgency
from records.ids import AccountId, ConsultId, ResidentId, SpecialtyCode
from signaling.messages.base import Command, Event
from signaling.messages.cards import ConsultCard, SpecialistCard


class SetPresence(Command):
    """A specialist says whether she can be rung."""

    presence: Presence


class RequestConsult(Command):
    """Ask for a consult. `Done.value` is the new consult's id.

    The latest ECG and readings of the resident go along by themselves. While one to the same specialty is
    open it is refused with `already_asked`, `about` being that one's number; `beside_open` asks nevertheless.
    """

    resident_id: ResidentId
    specialty: SpecialtyCode
    urgency: Urgency
    question: str
    language: Language = Language.ZH
    specialist_id: AccountId | None = None  # ring only this one first
    beside_open: bool = False  # asked although one of this resident to this specialty is still open


class SupplyInformation(Command):
    """Answer a returned request; it takes its old place in the queue."""

    consult_id: ConsultId
    question: str


class CancelConsult(Command):
    """The asker takes the request back."""

    consult_id: ConsultId
    reason: str


class AcceptConsult(Command):
    """Take a waiting consult. Of two at the same instant exactly one wins; the other is `Refused`."""

    consult_id: ConsultId


class DeclineConsult(Command):
    """Say no to a ring, or to an opinion that was offered, with a reason; others go on being rung.

    The asker is told who and `kind`; `reason` is on the audit trail.
    """

    consult_id: ConsultId
    reason: str
    kind: DeclineKind = DeclineKind.OTHER


class RingAgain(Command):
    """The asker has everyone rung anew when nobody is left to answer."""

    consult_id: ConsultId


class ReturnConsult(Command):
    """退回补充资料: give the request back to its asker, who owes information."""

    consult_id: ConsultId
    reason: str


class HandOver(Command):
    """Give an accepted consult to another specialist, who is rung and may accept or decline.

    After the call it offers her the opinion: she answers by `TakeOpinion` or `DeclineConsult`.
    """

    consult_id: ConsultId
    specialist_id: AccountId
    reason: str


class AddSpecialist(Command):
    """Bring a second specialist into the room."""

    consult_id: ConsultId
    specialist_id: AccountId


class ConsultChanged(Event):
    """A consult this client may see is new or has changed; the card replaces the older one."""

    consult: ConsultCard


class GoneWhy(enum.StrEnum):
    """Why a consult left this client's screens."""

    TAKEN = "taken"  # another specialist has it
    CANCELLED = "cancelled"  # its asker took it back
    MOVED = "moved"  # it is for others now


class ConsultGone(Event):
    """A consult is no longer this client's to see. Who was just about to answer it is told why."""

    consult_id: ConsultId
    why: GoneWhy


class SpecialistChanged(Event):
    """A specialist's presence or connection changed."""

    specialist: SpecialistCard
