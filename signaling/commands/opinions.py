"""After the call: an opinion its specialist cannot give is given by another."""

from signaling import changes, scopes
from signaling import messages as m
from signaling.commands import texts
from signaling.commands.case import Case, ConsultMoved, Decided
from signaling.errors import Refused
from signaling.refusals import Refusal


def reassign(case: Case, command: m.ReassignOpinion) -> Decided:
    """An administrator offers a due opinion to the others of its specialty."""
    before = case.ledger.consults.get(command.consult_id)
    if before.opinion_free:
        raise Refused(Refusal.WRONG_STATE, "the opinion is offered to the specialty already")
    reason = texts.reason(command.reason)
    after = changes.opinion_freed(before, reason)
    case.save(after, reason=reason)
    return Decided(effects=(ConsultMoved(consult_id=after.id),))


def take(case: Case, command: m.TakeOpinion) -> Decided:
    """Write a due opinion in another's place: offered by her, overdue, or she cannot sign any more."""
    before = scopes.opinion_to_take(case.ledger, case.actor, command.consult_id)
    reason = texts.reason(command.reason)
    after = changes.opinion_taken(before, case.actor.id, reason, case.now, case.settings.opinion_within)
    case.save(after, reason=reason)
    return Decided(effects=(ConsultMoved(consult_id=after.id),))
