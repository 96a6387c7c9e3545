"""Ending a consult: nothing may go on acquiring or being seen."""

import msgspec

from records.accounts import Role
from records.audit import Action
from records.consults import Binding, Consult
from signaling import changes, scopes
from signaling import messages as m
from signaling.commands import texts
from signaling.commands.case import BindingEnds, Case, ConsultMoved, Decided, Effect, RoomEnds
from signaling.errors import Refused
from signaling.refusals import Refusal


def end(case: Case, command: m.EndConsult) -> Decided:
    """End the call; the opinion is due. A specialist who was only brought in ends it for nobody."""
    before = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    if case.actor.role is Role.SPECIALIST and case.actor.id != before.specialist_id:
        raise Refused(Refusal.NOT_ALLOWED, "the consult is another specialist's")
    after = changes.ended(before, case.now, case.settings.opinion_within)
    case.save(after)
    return Decided(effects=endings_of(case, after, reason=""))


def force_end(case: Case, command: m.ForceEnd) -> Decided:
    """An administrator ends a session; both sides see the reason."""
    before = case.ledger.consults.get(command.consult_id)
    reason = texts.reason(command.reason)
    after = changes.force_ended(before, reason, case.now, case.settings.opinion_within)
    case.save(after, Action.FORCE_END, after.reason)
    return Decided(effects=endings_of(case, after))


def endings_of(case: Case, consult: Consult, reason: str | None = None) -> tuple[Effect, ...]:
    """End what still runs of a consult, and list what must follow once that is stored."""
    binding = case.ledger.bindings.running_of_consult(consult.id)
    released: tuple[Effect, ...] = (BindingEnds(binding=end_binding(case, binding)),) if binding else ()
    room = RoomEnds(consult_id=consult.id, reason=consult.reason if reason is None else reason)
    return (*released, room, ConsultMoved(consult_id=consult.id))


def end_binding(case: Case, binding: Binding) -> Binding:
    """End a running binding, with who and when."""
    ended = msgspec.structs.replace(binding, ended_at=case.now)
    case.ledger.bindings.save(ended)
    case.audit(Action.RELEASE, "binding", binding.id, binding.resident_id)
    return ended
