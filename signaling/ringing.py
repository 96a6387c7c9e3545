"""Who is rung for a consult at this moment. Pure."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from records.accounts import Account, Presence
from records.consults import Consult, ConsultState
from records.ids import AccountId
from records.values import Value

AVAILABLE_CIRCLE = 0  # connected, available, not in a call, speaks the consult's language
CONNECTED_CIRCLE = 1  # and everyone of the specialty who is connected, busy or away or in a call
WHOLE_CIRCLE = 2  # and those who are not connected: told from outside, by the webhook


class Ringable(Value):
    """A specialist as ringing sees her."""

    account: Account
    presence: Presence
    connected: bool
    in_call: bool


def rung(consult: Consult, specialists: Iterable[Ringable]) -> frozenset[AccountId]:
    """Tell who is rung for a waiting consult; nobody for any other."""
    if consult.state is not ConsultState.WAITING:
        return frozenset()
    return frozenset(one.account.id for one in specialists if _is_rung(consult, one))


def _is_rung(consult: Consult, one: Ringable) -> bool:
    if one.account.disabled or has_declined(consult, one.account.id):
        return False
    if consult.handed_to is not None:
        return one.account.id == consult.handed_to
    if consult.specialty not in one.account.specialties or consult.specialist_id == one.account.id:
        return False
    if consult.ring_circle == AVAILABLE_CIRCLE:
        return _is_available(consult, one)
    return one.connected or consult.ring_circle >= WHOLE_CIRCLE


def _is_available(consult: Consult, one: Ringable) -> bool:
    free = one.connected and one.presence is Presence.AVAILABLE and not one.in_call
    return free and consult.language in one.account.languages


def has_declined(consult: Consult, account_id: AccountId) -> bool:
    """Tell whether a specialist said no to this consult."""
    return any(declined.specialist_id == account_id for declined in consult.declined)


def somebody_left(consult: Consult, specialists: Iterable[Account]) -> bool:
    """Tell whether any account can still take a waiting consult, connected or not."""
    return any(_can_still_answer(consult, one) for one in specialists)


def _can_still_answer(consult: Consult, account: Account) -> bool:
    if account.disabled or has_declined(consult, account.id) or account.id == consult.specialist_id:
        return False
    return account.id == consult.handed_to or consult.specialty in account.specialties


def widened(consult: Consult, now: dt.datetime, timeout: dt.timedelta) -> Consult:
    """The consult with its next wider circle; the widest has no deadline after it.

    A request meant for one specialist first goes to the specialty's first circle.
    """
    circle = AVAILABLE_CIRCLE if consult.handed_to is not None else consult.ring_circle + 1
    return msgspec.structs.replace(
        consult,
        handed_to=None,
        ring_circle=min(circle, WHOLE_CIRCLE),
        ring_deadline_at=None if circle >= WHOLE_CIRCLE else now + timeout,
    )
