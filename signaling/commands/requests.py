"""Asking for a consult, and the answers to it: from the request to the one who takes it."""

from records.accounts import Role
from records.audit import Action
from records.consults import Consult, ConsultState, Declined
from records.ids import ConsultId, new_id
from records.residents import Resident
from signaling import changes, ringing, scopes
from signaling import messages as m
from signaling.commands import texts
from signaling.commands.case import Case, ConsultMoved, Decided, PersonLeaves
from signaling.commands.consent import check_made_up_for
from signaling.commands.endings import endings_of
from signaling.errors import Refused
from signaling.refusals import Refusal
from signaling.room_keeping import MOVED_OUT
from signaling.transitions import ANSWERED


def request(case: Case, command: m.RequestConsult) -> Decided:
    """Put a new request in its specialty's queue; the latest ECG of the resident goes along."""
    scopes.check_resident(case.ledger, case.actor, command.resident_id, case.now)
    resident = case.ledger.residents.get(command.resident_id)
    if command.specialty not in {one.code for one in case.ledger.directory.specialties()}:
        raise Refused(Refusal.NO_SUCH_SPECIALTY)
    if command.specialist_id is not None:
        scopes.specialist_named(case.ledger, command.specialist_id)
    if not command.beside_open:
        _check_not_asked_already(case, command)
    consult = _new_consult(case, command, resident)
    case.ledger.consults.add(consult)
    case.audit(Action.CREATE, "consult", consult.id, consult.resident_id)
    return Decided(value=consult.id, effects=(ConsultMoved(consult_id=consult.id),))


def _check_not_asked_already(case: Case, command: m.RequestConsult) -> None:
    """A second request is easily sent twice by two people of one station; the open one is named to them."""
    for one in case.ledger.consults.of_resident(command.resident_id):
        if one.specialty == command.specialty and one.state not in ANSWERED:
            known = scopes.may_see(case.actor, one)
            raise Refused(Refusal.ALREADY_ASKED, about=one.number if known else "")


def _new_consult(case: Case, command: m.RequestConsult, resident: Resident) -> Consult:
    newest = next(iter(case.ledger.recordings.of_resident(resident.id)), None)
    return Consult(
        id=ConsultId(new_id()),
        number=case.ledger.consults.next_number(case.now.astimezone().date()),
        resident_id=resident.id,
        specialty=command.specialty,
        urgency=command.urgency,
        question=texts.question(command.question),
        language=command.language,
        asked_by=case.actor.id,
        institution_id=case.actor.institution_id,
        asked_at=case.now,
        state=ConsultState.WAITING,
        version=1,
        waiting_since=case.now,
        handed_to=command.specialist_id,
        ring_deadline_at=case.now + case.settings.ring_timeout,
        recording_id=newest.id if newest else None,
    )


def supply(case: Case, command: m.SupplyInformation) -> Decided:
    """Answer a returned request; it takes its old place in the queue."""
    before = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    after = changes.supplied(before, texts.question(command.question), case.now, case.settings.ring_timeout)
    case.save(after)
    return _moved(after)


def cancel(case: Case, command: m.CancelConsult) -> Decided:
    """The asking side takes the request back."""
    before = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    after = changes.cancelled(before, texts.reason(command.reason), case.now)
    case.save(after, reason=after.reason)
    return Decided(effects=endings_of(case, after))


def accept(case: Case, command: m.AcceptConsult) -> Decided:
    """Take a waiting consult; whoever handed it over leaves the room."""
    before = scopes.consult_in_queue(case.ledger, case.actor, command.consult_id)
    after = changes.accepted(before, case.actor.id, case.now)
    case.save(after)
    gone = before.specialist_id
    if gone is None or gone == case.actor.id:
        return _moved(after)
    leaves = PersonLeaves(consult_id=after.id, account_id=gone, reason=MOVED_OUT)
    return Decided(effects=(leaves, ConsultMoved(consult_id=after.id)))


def decline(case: Case, command: m.DeclineConsult) -> Decided:
    """Say no to a ring; others go on being rung."""
    before = scopes.consult_in_queue(case.ledger, case.actor, command.consult_id)
    reason = texts.reason(command.reason)
    no = Declined(specialist_id=case.actor.id, reason=reason, at=case.now, kind=command.kind)
    after = changes.declined(before, no, case.settings.ring_timeout)
    case.save(after, reason=reason)
    leaves = PersonLeaves(consult_id=after.id, account_id=case.actor.id, reason=MOVED_OUT)
    return Decided(effects=(leaves, ConsultMoved(consult_id=after.id)))


def give_back(case: Case, command: m.ReturnConsult) -> Decided:
    """退回补充资料: the asker owes information; a room that was open is closed."""
    before = scopes.consult_in_queue(case.ledger, case.actor, command.consult_id)
    if before.state is not ConsultState.WAITING or before.specialist_id is not None:
        _check_hers(case, before)  # handed over and not yet accepted, it is still hers
    after = changes.returned(before, texts.reason(command.reason))
    case.save(after, reason=after.reason)
    return Decided(effects=endings_of(case, after))


def ring_again(case: Case, command: m.RingAgain) -> Decided:
    """Have everyone rung anew; refused while somebody who has not declined is still being waited for."""
    before = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    specialists = case.ledger.accounts.by_role(Role.SPECIALIST)
    if before.ring_circle < ringing.WHOLE_CIRCLE and ringing.somebody_left(before, specialists):
        raise Refused(Refusal.WRONG_STATE, "somebody can still answer")
    after = changes.rung_again(before, case.now, case.settings.ring_timeout)
    case.save(after)
    return _moved(after)


def hand_over(case: Case, command: m.HandOver) -> Decided:
    """Give an accepted consult, or after the call its opinion, to another, who may take it or not."""
    before = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    _check_hers(case, before)
    to = scopes.specialist_named(case.ledger, command.specialist_id)
    if to.id == before.specialist_id:
        raise Refused(Refusal.ALREADY_IN_CONSULT)
    reason = texts.reason(command.reason)
    if before.state is ConsultState.OPINION_DUE:
        offered = changes.opinion_offered(before, to.id, reason)
        case.save(offered, reason=reason)
        return _moved(offered)
    after = changes.handed_over(before, to.id, reason, case.now, case.settings.ring_timeout)
    case.save(after, reason=reason)
    return _moved(after)


def add_specialist(case: Case, command: m.AddSpecialist) -> Decided:
    """Bring a second specialist into the room."""
    before = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    who = scopes.specialist_named(case.ledger, command.specialist_id)
    after = changes.specialist_added(before, who.id)
    case.save(after)
    return _moved(after)


def acknowledge(case: Case, command: m.AcknowledgeOpinion) -> Decided:
    """The asker has read the signed opinion; the consult is closed, unless its consent is still open."""
    before = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    check_made_up_for(case.ledger, before)
    after = changes.acknowledged(before, case.now)
    case.save(after)
    return _moved(after)


def _check_hers(case: Case, consult: Consult) -> None:
    """A specialist who was only brought in does not dispose of the consult."""
    if consult.specialist_id != case.actor.id:
        raise Refused(Refusal.NOT_ALLOWED, "the consult is another specialist's")


def _moved(consult: Consult) -> Decided:
    return Decided(effects=(ConsultMoved(consult_id=consult.id),))
