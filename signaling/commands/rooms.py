"""Entering and leaving a consult's room, and what is said in it."""

from records.audit import Action
from records.consults import ChatLine, ConsultState
from records.ids import ChatLineId, ConsultId, new_id
from records.rooms import MOST_SPEAKERS, speaks
from signaling import changes, scopes
from signaling import messages as m
from signaling.cards import read_person
from signaling.commands import texts
from signaling.commands.case import (
    CHAT_LIMIT,
    Case,
    ChatGrows,
    ConsultMoved,
    Decided,
    PersonJoins,
    PersonLeaves,
)
from signaling.commands.consent import check_may_open_media
from signaling.errors import Refused
from signaling.refusals import Refusal
from signaling.transitions import ENDED


def join(case: Case, command: m.JoinRoom) -> Decided:
    """Enter the room; refused until identity is confirmed and consent recorded."""
    consult = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    if consult.state in ENDED or consult.state is ConsultState.RETURNED:
        raise Refused(Refusal.WRONG_STATE, f"the consult is {consult.state.value}")
    check_may_open_media(case.ledger, consult)
    _check_room_for(case, consult.id)
    after = changes.entered(consult, case.actor.id)
    if after is not consult:
        case.ledger.consults.save(after)
    case.audit(Action.JOIN, "consult", consult.id, consult.resident_id)
    joins = PersonJoins(person=read_person(case.ledger, case.actor.id), join=command)
    return Decided(effects=(joins, ConsultMoved(consult_id=consult.id)))


def _check_room_for(case: Case, consult_id: ConsultId) -> None:
    """Refuse a speaker for whom the others' browsers have no slot: nobody talks unheard."""
    if not speaks(case.actor.role):
        return
    others = case.live.speakers.get(consult_id, frozenset()) - {case.actor.id}
    if len(others) >= MOST_SPEAKERS:
        raise Refused(Refusal.ROOM_FULL, f"{MOST_SPEAKERS} speak already")


def leave(case: Case, command: m.LeaveRoom) -> Decided:
    """Leave the room; the consult goes on."""
    consult = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    case.audit(Action.LEAVE, "consult", consult.id, consult.resident_id)
    return Decided(effects=(PersonLeaves(consult_id=consult.id, account_id=case.actor.id),))


def say(case: Case, command: m.SayChat) -> Decided:
    """Write a line to everybody who sees the consult, while it waits also to those who may take it."""
    consult = case.ledger.consults.get(command.consult_id)
    if not scopes.may_see(case.actor, consult):
        raise Refused(Refusal.NOT_FOUND, "the consult is not in scope")
    if consult.state in (ConsultState.CLOSED, ConsultState.CANCELLED):
        raise Refused(Refusal.WRONG_STATE, f"the consult is {consult.state.value}")
    line = ChatLine(
        id=ChatLineId(new_id()),
        consult_id=consult.id,
        author_id=case.actor.id,
        said_at=case.now,
        text=texts.written(command.text, CHAT_LIMIT, Refusal.TEXT_NEEDED),
    )
    case.ledger.consults.add_chat(line)
    case.audit(Action.CREATE, "chat_line", line.id, consult.resident_id)
    return Decided(value=line.id, effects=(ChatGrows(line=line),))
