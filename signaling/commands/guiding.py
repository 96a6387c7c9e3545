"""Asking the operator for a movement or a control, and the operator's answers."""

from records.audit import Action
from records.consults import Consult
from records.errors import RuleBroken
from records.guiding import (
    OF_THE_DEVICE,
    Guiding,
    GuidingEvent,
    GuidingStep,
    ProbeWord,
    check_word,
    is_at_device,
    step,
)
from records.ids import ConsultId, GuidingId, new_id
from records.scanner_controls import ScannerControl
from signaling import messages as m
from signaling import scopes
from signaling.commands.case import Case, Decided, GuidingMoves
from signaling.errors import Refused
from signaling.guiding import view_of
from signaling.refusals import Refusal

ANSWERS = frozenset({GuidingEvent.SEEN, GuidingEvent.DONE, GuidingEvent.CANNOT})


def guide(case: Case, command: m.GuideProbe) -> Decided:
    """Ask for a movement; what the same guide asked before and is open is replaced."""
    try:
        check_word(command.word)
    except RuleBroken as error:
        raise Refused(Refusal.OUT_OF_RANGE, str(error)) from error
    return _ask(case, command.consult_id, command.word, None)


def request_control(case: Case, command: m.RequestControl) -> Decided:
    """Ask for something at the scanner's own controls."""
    return _ask(case, command.consult_id, None, command.control)


def answer(case: Case, command: m.AnswerGuiding) -> Decided:
    """Say what became of it; only whose hand is guided."""
    consult = _consult(case, command.consult_id)
    if not scopes.asks(case.actor, consult):
        raise Refused(Refusal.NOT_ALLOWED, "only the operator's side answers")
    if command.answer not in ANSWERS:
        raise Refused(Refusal.OUT_OF_RANGE, f"{command.answer} is no answer; seen, done or cannot is right")
    if command.answer is GuidingEvent.CANNOT and command.reason is None:
        raise Refused(Refusal.REASON_NEEDED)
    if command.reason in OF_THE_DEVICE:
        raise Refused(Refusal.OUT_OF_RANGE, f"{command.reason} is the scanner's own to say")
    reason = command.reason if command.answer is GuidingEvent.CANNOT else None
    return _moved(
        case,
        consult,
        command.guiding_id,
        GuidingStep(event=command.answer, at=case.now, by=case.actor.id, reason=reason),
    )


def take_back(case: Case, command: m.TakeBackGuiding) -> Decided:
    """Take back what one asked oneself."""
    consult = _consult(case, command.consult_id)
    if case.ledger.guidings.get(command.guiding_id).guide_id != case.actor.id:
        raise Refused(Refusal.NOT_ALLOWED, "another guide asked it")
    taken = GuidingStep(event=GuidingEvent.TAKE_BACK, at=case.now, by=case.actor.id)
    return _moved(case, consult, command.guiding_id, taken)


def _consult(case: Case, consult_id: ConsultId) -> Consult:
    """The consult, of whose room the sender must be in."""
    consult = scopes.consult_in_scope(case.ledger, case.actor, consult_id)
    if (consult.id, case.actor.id) not in case.live.in_room:
        raise Refused(Refusal.NOT_IN_ROOM)
    return consult


def _ask(
    case: Case, consult_id: ConsultId, word: ProbeWord | None, control: ScannerControl | None
) -> Decided:
    consult = _consult(case, consult_id)
    if not scopes.answers(case.actor, consult):
        raise Refused(Refusal.NOT_ALLOWED, "the operator's own side guides nobody")
    open_ones = case.ledger.guidings.open_of(consult.id, case.actor.id)
    if any(map(is_at_device, open_ones)):
        raise Refused(Refusal.SCANNER_TURNING)
    for before in open_ones:
        replaced = GuidingStep(event=GuidingEvent.REPLACE, at=case.now, by=case.actor.id)
        case.ledger.guidings.save(step(before, replaced))
    guiding = Guiding(
        id=GuidingId(new_id()),
        consult_id=consult.id,
        guide_id=case.actor.id,
        asked_at=case.now,
        probe=word,
        control=control,
        at_device=control is not None and _may_turn(case, consult, control),
    )
    case.ledger.guidings.add(guiding)
    case.audit(Action.CREATE, "guiding", guiding.id, consult.resident_id)
    moves = GuidingMoves(guiding=guiding, view=view_of(case.ledger, guiding))
    return Decided(value=guiding.id, effects=(moves,))


def _may_turn(case: Case, consult: Consult, control: ScannerControl) -> bool:
    """Whether the scanner itself is asked: the operator's side lets this consult's own specialist turn it."""
    allowed = case.live.turnable.get(consult.id)
    if allowed is None or control not in allowed.controls:
        return False
    return case.actor.id == allowed.specialist_id == consult.specialist_id


def _moved(case: Case, consult: Consult, guiding_id: GuidingId, happened: GuidingStep) -> Decided:
    before = case.ledger.guidings.get(guiding_id)
    if before.consult_id != consult.id:
        raise Refused(Refusal.NOT_FOUND, "it is another consult's")
    if is_at_device(before):
        raise Refused(Refusal.SCANNER_TURNING)
    try:
        after = step(before, happened)
    except RuleBroken as error:
        raise Refused(Refusal.CHANGED_MEANWHILE, str(error)) from error
    case.ledger.guidings.save(after)
    case.audit(Action.CHANGE, "guiding", after.id, consult.resident_id, after.state.value)
    return Decided(effects=(GuidingMoves(guiding=after, view=view_of(case.ledger, after)),))
