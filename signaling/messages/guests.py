"""Interpreters and observers, who are brought in to one consult."""

from records.accounts import Language
from records.ids import AccountId, ConsultId
from records.values import Value
from signaling.messages.base import Command
from signaling.messages.cards import PersonCard


class GuestCard(Value):
    """An interpreter or observer who can be invited. An interpreter's languages count."""

    person: PersonCard
    languages: tuple[Language, ...]
    connected: bool
    in_call: bool


class InviteGuest(Command):
    """Invite an interpreter or an observer to the consult's room; they are rung and named to all.

    Refused unless the resident was asked and agreed.
    """

    consult_id: ConsultId
    account_id: AccountId
    resident_agreed: bool


class DismissGuest(Command):
    """Take an invitation back; who is in the room already leaves it at once."""

    consult_id: ConsultId
    account_id: AccountId
