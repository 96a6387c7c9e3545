"""What each event makes of a consult. Pure; every one goes through the table of `signaling.transitions`."""

import datetime as dt
from typing import Any

import msgspec

from records.checklists import ChecklistEntry
from records.chest_pain import ChestPainEntry
from records.consults import Consult, ConsultState, Declined, Guest
from records.ids import AccountId
from signaling import ringing
from signaling.errors import Refused
from signaling.refusals import Refusal
from signaling.transitions import ConsultEvent, step

MOST_GUESTS = 8


def _stepped(consult: Consult, event: ConsultEvent, **fields: Any) -> Consult:
    after = step(consult, event)
    return msgspec.structs.replace(consult, state=after, version=consult.version + 1, **fields)


def chest_pain_entered(consult: Consult, entry: ChestPainEntry) -> Consult:
    """One more entry of the chest-pain clock; the state stays."""
    entries = (*consult.chest_pain, entry)
    return msgspec.structs.replace(consult, chest_pain=entries, version=consult.version + 1)


def checklist_entered(consult: Consult, entry: ChecklistEntry) -> Consult:
    """One more entry of the checklists; the state stays."""
    entries = (*consult.checklists, entry)
    return msgspec.structs.replace(consult, checklists=entries, version=consult.version + 1)


def returned(consult: Consult, reason: str) -> Consult:
    """Given back to its asker. The running clock goes on."""
    return _stepped(
        consult,
        ConsultEvent.RETURN,
        reason=reason,
        specialist_id=None,
        added_specialist_ids=(),
        guests=(),
        accepted_at=None,
        handed_to=None,
        ring_deadline_at=None,
    )


def supplied(consult: Consult, question: str, now: dt.datetime, timeout: dt.timedelta) -> Consult:
    """Answered by its asker: back to its old place, and rung from the first circle again."""
    return _stepped(
        consult,
        ConsultEvent.SUPPLY,
        question=question,
        reason="",
        declined=(),
        ring_circle=ringing.AVAILABLE_CIRCLE,
        ring_deadline_at=now + timeout,
        webhook_due_at=None,
    )


def cancelled(consult: Consult, reason: str, now: dt.datetime) -> Consult:
    """Taken back by its asker."""
    return _stepped(
        consult, ConsultEvent.CANCEL, reason=reason, ended_at=now, handed_to=None, ring_deadline_at=None
    )


def accepted(consult: Consult, by: AccountId, now: dt.datetime) -> Consult:
    """Taken by a specialist; raise `TAKEN_BY_ANOTHER` when another was first."""
    taken = consult.specialist_id is not None and consult.specialist_id != by
    if taken and consult.state is not ConsultState.WAITING:
        raise Refused(Refusal.TAKEN_BY_ANOTHER)
    return _stepped(
        consult,
        ConsultEvent.ACCEPT,
        specialist_id=by,
        added_specialist_ids=tuple(one for one in consult.added_specialist_ids if one != by),
        accepted_at=consult.accepted_at or now,  # of a consult handed over: the first
        handed_to=None,
        ring_deadline_at=None,
        reason="",
    )


def declined(consult: Consult, no: Declined, timeout: dt.timedelta) -> Consult:
    """Declined by one; others go on being rung. One it was handed to gives it back to the specialty."""
    by = no.specialist_id
    if consult.state is ConsultState.WAITING:
        return _declined_ring(consult, no, timeout)
    if consult.state is ConsultState.OPINION_DUE:
        return _declined_opinion(consult, no)
    if by not in consult.added_specialist_ids:
        raise Refused(Refusal.WRONG_STATE, "only an added specialist can decline a consult that was taken")
    return _stepped(
        consult,
        ConsultEvent.DECLINE,
        declined=(*consult.declined, no),
        added_specialist_ids=tuple(one for one in consult.added_specialist_ids if one != by),
    )


def _declined_ring(consult: Consult, no: Declined, timeout: dt.timedelta) -> Consult:
    was_for_her = consult.handed_to == no.specialist_id
    after = _stepped(consult, ConsultEvent.DECLINE, declined=(*consult.declined, no))
    return ringing.widened(after, no.at, timeout) if was_for_her else after


def _declined_opinion(consult: Consult, no: Declined) -> Consult:
    """An opinion that was offered to her stays with whoever offered it."""
    if consult.handed_to != no.specialist_id:
        raise Refused(Refusal.WRONG_STATE, "the opinion was not offered to her")
    return _stepped(consult, ConsultEvent.DECLINE, declined=(*consult.declined, no), handed_to=None)


def rung_again(consult: Consult, now: dt.datetime, timeout: dt.timedelta) -> Consult:
    """Nobody was left to answer: everyone is rung anew, from the first circle; the declines are over."""
    return _stepped(
        consult,
        ConsultEvent.RING_AGAIN,
        declined=(),
        handed_to=None,
        ring_circle=ringing.AVAILABLE_CIRCLE,
        ring_deadline_at=now + timeout,
        webhook_due_at=None,
    )


def widened(consult: Consult, now: dt.datetime, timeout: dt.timedelta) -> Consult:
    """Nobody answered in time: the next wider circle is rung."""
    return ringing.widened(_stepped(consult, ConsultEvent.WIDEN), now, timeout)


def told_outside(consult: Consult) -> Consult:
    """The webhook for the widest circle was delivered."""
    return msgspec.structs.replace(consult, version=consult.version + 1, webhook_due_at=None)


def handed_over(
    consult: Consult, to: AccountId, reason: str, now: dt.datetime, timeout: dt.timedelta
) -> Consult:
    """Given to another specialist, who is rung alone.

    Whoever gives it stays its specialist, and may stay in the room, until somebody else accepts: a
    resident is never left without one.
    """
    return _stepped(
        consult,
        ConsultEvent.HAND_OVER,
        handed_to=to,
        reason=reason,
        declined=tuple(one for one in consult.declined if one.specialist_id != to),
        ring_circle=ringing.AVAILABLE_CIRCLE,
        ring_deadline_at=now + timeout,
        webhook_due_at=None,
    )


def left_by_specialist(consult: Consult, now: dt.datetime, timeout: dt.timedelta) -> Consult:
    """Its specialist's account cannot go on: it waits at its old place, and rings the others."""
    return _stepped(
        consult,
        ConsultEvent.SPECIALIST_GONE,
        specialist_id=None,
        handed_to=None,
        ring_circle=ringing.AVAILABLE_CIRCLE,
        ring_deadline_at=now + timeout,
        webhook_due_at=None,
    )


def specialist_added(consult: Consult, who: AccountId) -> Consult:
    """A second specialist is brought in."""
    if who == consult.specialist_id or who in consult.added_specialist_ids:
        raise Refused(Refusal.ALREADY_IN_CONSULT)
    return _stepped(
        consult,
        ConsultEvent.ADD_SPECIALIST,
        added_specialist_ids=(*consult.added_specialist_ids, who),
        entered_ids=tuple(one for one in consult.entered_ids if one != who),
    )


def entered(consult: Consult, who: AccountId) -> Consult:
    """A specialist or guest who was brought in has come: she is rung no more, also after a restart."""
    brought_in = (*consult.added_specialist_ids, *(one.account_id for one in consult.guests))
    if who not in brought_in or who in consult.entered_ids:
        return consult
    ids = (*consult.entered_ids, who)
    return msgspec.structs.replace(consult, version=consult.version + 1, entered_ids=ids)


def guest_invited(consult: Consult, guest: Guest) -> Consult:
    """An interpreter or observer is brought in; nobody twice, and no more than a room can name."""
    if any(one.account_id == guest.account_id for one in consult.guests):
        raise Refused(Refusal.ALREADY_IN_CONSULT)
    if len(consult.guests) >= MOST_GUESTS:
        raise Refused(Refusal.ROOM_FULL, f"{MOST_GUESTS} guests are invited")
    entered = tuple(one for one in consult.entered_ids if one != guest.account_id)
    return _stepped(consult, ConsultEvent.INVITE, guests=(*consult.guests, guest), entered_ids=entered)


def guest_dismissed(consult: Consult, account_id: AccountId) -> Consult:
    """An invitation is taken back."""
    left = tuple(one for one in consult.guests if one.account_id != account_id)
    if left == consult.guests:
        raise Refused(Refusal.NO_SUCH_GUEST)
    return _stepped(consult, ConsultEvent.DISMISS, guests=left)


def met(consult: Consult, now: dt.datetime) -> Consult:
    """Both sides are in the room; the first time counts."""
    return _stepped(consult, ConsultEvent.BOTH_PRESENT, call_started_at=consult.call_started_at or now)


def ended(consult: Consult, now: dt.datetime, opinion_within: dt.timedelta) -> Consult:
    """The call ended in order; the opinion is due by its specialist, a hand-over under way is over.

    Raise `WRONG_STATE` for a request nobody has taken yet.
    """
    if consult.specialist_id is None:
        raise Refused(Refusal.WRONG_STATE, "nobody has taken the consult")
    return _stepped(
        consult,
        ConsultEvent.END,
        ended_at=now,
        handed_to=None,
        ring_deadline_at=None,
        opinion_due_at=now + opinion_within,
    )


def force_ended(consult: Consult, reason: str, now: dt.datetime, opinion_within: dt.timedelta) -> Consult:
    """Ended by an administrator. Whoever has been in the call, handing it over meanwhile, owes an opinion."""
    spoken = consult.state is ConsultState.WAITING and consult.call_started_at is not None
    return _stepped(
        consult,
        ConsultEvent.END if spoken else ConsultEvent.FORCE_END,
        opinion_due_at=now + opinion_within,
        ended_at=now,
        reason=reason,
        handed_to=None,
        ring_deadline_at=None,
    )


def opinion_offered(consult: Consult, to: AccountId, reason: str) -> Consult:
    """After the call its specialist offers the opinion to a colleague; it is hers until that one takes it."""
    return _stepped(consult, ConsultEvent.HAND_OVER, handed_to=to, reason=reason)


def opinion_freed(consult: Consult, reason: str = "") -> Consult:
    """Overdue, reassigned, or its specialist cannot sign any more: the specialty's others may write it.

    She still may. A `reason` takes the place of the one before it.
    """
    return _stepped(consult, ConsultEvent.FREE_OPINION, opinion_free=True, reason=reason or consult.reason)


def opinion_taken(
    consult: Consult, by: AccountId, reason: str, now: dt.datetime, opinion_within: dt.timedelta
) -> Consult:
    """Another specialist writes the opinion; it is hers from now on, with a time of her own."""
    return _stepped(
        consult,
        ConsultEvent.TAKE_OPINION,
        specialist_id=by,
        added_specialist_ids=tuple(one for one in consult.added_specialist_ids if one != by),
        handed_to=None,
        opinion_free=False,
        opinion_due_at=now + opinion_within,
        reason=reason,
    )


def signed(consult: Consult, now: dt.datetime) -> Consult:
    """The opinion was signed."""
    return _stepped(consult, ConsultEvent.SIGN, signed_at=now, handed_to=None, opinion_free=False)


def acknowledged(consult: Consult, now: dt.datetime) -> Consult:
    """The asker has read the opinion; the consult is closed."""
    return _stepped(consult, ConsultEvent.ACKNOWLEDGE, closed_at=now)
