"""Opening a protocol's checklist and ticking its views, from either side."""

from records.audit import Action
from records.checklists import MOST_ENTRIES, ChecklistEntry, ViewState, opened
from records.consults import Consult
from records.ids import ConsultId
from records.scope import OVER
from records.view_protocols import PROTOCOLS, has_view
from signaling import changes, scopes
from signaling import messages as m
from signaling.checklists import shown_still
from signaling.commands.case import Case, ConsultMoved, Decided
from signaling.errors import Refused
from signaling.refusals import Refusal


def open_protocol(case: Case, command: m.OpenChecklist) -> Decided:
    """Put a protocol's views before both sides; one that is open already stays as it is."""
    consult = _consult(case, command.consult_id)
    if command.protocol in opened(consult.checklists):
        return Decided()
    entry = ChecklistEntry(
        protocol=command.protocol, view=None, state=ViewState.OPEN, by=case.actor.id, at=case.now
    )
    return _keep(case, consult, entry)


def tick(case: Case, command: m.TickView) -> Decided:
    """Say how a view was obtained."""
    consult = _consult(case, command.consult_id)
    if command.protocol not in opened(consult.checklists):
        raise Refused(Refusal.WRONG_STATE, f"{command.protocol} is not opened")
    if not has_view(command.protocol, command.view):
        right = ", ".join(one.code for one in PROTOCOLS[command.protocol].views)
        raise Refused(Refusal.OUT_OF_RANGE, f"no view of {command.protocol}; right: {right}")
    if command.still_id is not None and shown_still(case.ledger, consult, command.still_id) is None:
        raise Refused(Refusal.NOT_FOUND, "no such still was kept in this consult")
    entry = ChecklistEntry(
        protocol=command.protocol,
        view=command.view,
        state=command.state,
        by=case.actor.id,
        at=case.now,
        still_id=command.still_id,
    )
    return _keep(case, consult, entry)


def _consult(case: Case, consult_id: ConsultId) -> Consult:
    consult = scopes.consult_in_scope(case.ledger, case.actor, consult_id)
    if consult.state in OVER:
        raise Refused(Refusal.WRONG_STATE, f"the consult is {consult.state.value}")
    if len(consult.checklists) >= MOST_ENTRIES:
        raise Refused(Refusal.OUT_OF_RANGE, f"at most {MOST_ENTRIES} entries")
    return consult


def _keep(case: Case, consult: Consult, entry: ChecklistEntry) -> Decided:
    case.ledger.consults.save(changes.checklist_entered(consult, entry))
    action = Action.CREATE if entry.view is None else Action.CHANGE
    case.audit(action, "checklist", consult.id, consult.resident_id)
    return Decided(effects=(ConsultMoved(consult_id=consult.id),))
