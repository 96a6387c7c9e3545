"""Inviting an interpreter or an observer to a consult, and taking that back."""

from records.audit import Action
from records.consults import Guest
from signaling import changes, scopes
from signaling import messages as m
from signaling.commands.case import Case, ConsultMoved, Decided
from signaling.errors import Refused
from signaling.refusals import Refusal


def invite(case: Case, command: m.InviteGuest) -> Decided:
    """Bring a guest in, once the resident has agreed; who agreed to whom is on the trail."""
    before = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    who = scopes.guest_named(case.ledger, command.account_id)
    if not command.resident_agreed:
        raise Refused(Refusal.AGREEMENT_MISSING)
    guest = Guest(account_id=who.id, invited_by=case.actor.id, invited_at=case.now)
    after = changes.guest_invited(before, guest)
    case.save(after)
    case.audit(Action.INVITE, "account", who.id, before.resident_id, "the resident agreed")
    return Decided(effects=(ConsultMoved(consult_id=after.id),))


def dismiss(case: Case, command: m.DismissGuest) -> Decided:
    """Take an invitation back; the room is cleared of whoever does not belong there any more."""
    before = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    after = changes.guest_dismissed(before, command.account_id)
    case.save(after)
    case.audit(Action.DISMISS, "account", command.account_id, before.resident_id)
    return Decided(effects=(ConsultMoved(consult_id=after.id),))
