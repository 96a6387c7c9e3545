"""Entering the moments of the chest-pain clock, by either side; nothing is ever replaced silently."""

from records.audit import Action
from records.chest_pain import MOST_ENTRIES, ChestPainEntry, check_possible
from records.consults import Consult
from records.errors import RuleBroken
from records.scope import OVER
from signaling import changes, scopes
from signaling import messages as m
from signaling.chest_pain import times_of
from signaling.commands import texts
from signaling.commands.case import Case, ConsultMoved, Decided
from signaling.errors import Refused
from signaling.refusals import Refusal
from signaling.shared_reads import SharedReads


def enter(case: Case, command: m.EnterChestPainMoment) -> Decided:
    """Enter, correct or take back one moment; with who, when and, of a correction, why."""
    before = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    if before.state in OVER:
        raise Refused(Refusal.WRONG_STATE, f"the consult is {before.state.value}")
    if len(before.chest_pain) >= MOST_ENTRIES:
        raise Refused(Refusal.OUT_OF_RANGE, f"at most {MOST_ENTRIES} entries")
    replaces = _check_stands(case, before, command)
    if command.at is not None:
        try:
            check_possible(command.at, case.now)
        except RuleBroken as error:
            raise Refused(Refusal.TIME_IMPOSSIBLE, str(error)) from error
    entry = ChestPainEntry(
        moment=command.moment,
        at=command.at,
        by=case.actor.id,
        entered_at=case.now,
        reason=texts.reason(command.reason) if replaces else "",
    )
    case.ledger.consults.save(changes.chest_pain_entered(before, entry))
    if replaces:
        case.audit(Action.CHANGE, "chest_pain_time", before.id, before.resident_id, entry.reason)
    else:
        case.audit(Action.CREATE, "chest_pain_time", before.id, before.resident_id)
    return Decided(effects=(ConsultMoved(consult_id=before.id),))


def _check_stands(case: Case, consult: Consult, command: m.EnterChestPainMoment) -> bool:
    """Whether something stands that this replaces; refuse when it is not what the sender was shown."""
    known = times_of(case.ledger, consult, SharedReads(case.ledger, case.live)).get(command.moment)
    shown = known.at if known is not None else None
    if shown != command.replaces:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    if command.at is None and known is None:
        raise Refused(Refusal.WRONG_STATE, "nothing stands that could be taken back")
    if command.at is None and known is not None and known.entered_at is None:
        raise Refused(Refusal.WRONG_STATE, "a kept ECG tells it; a moment of one's own is right")
    return known is not None
