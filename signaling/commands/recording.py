"""Recording a consult: a consent of its own, start, stop, and a withdrawal that stops it."""

import msgspec

from records.audit import Action
from records.consults import ConsentForm, Consult
from records.ids import ConsentId, TapeId, new_id
from records.tapes import RecordingConsent, Tape, TapeEnd
from signaling import messages as m
from signaling import scopes
from signaling.commands import texts
from signaling.commands.case import NAME_LIMIT, Case, ConsultMoved, Decided, TapeStarts, TapeStops
from signaling.commands.consent import check_evidence
from signaling.errors import Refused
from signaling.refusals import Refusal
from signaling.transitions import ENDED, LIVE


def consent(case: Case, command: m.ConsentToRecording) -> Decided:
    """Keep the resident's consent to being recorded. It is never deferred: nothing is recorded without."""
    consult = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    if consult.state in ENDED:
        raise Refused(Refusal.WRONG_STATE, f"the consult is {consult.state.value}")
    if command.form not in (ConsentForm.PAD, ConsentForm.ORAL):
        raise Refused(Refusal.RECORDING_CONSENT_MISSING, "consent to recording is not deferred")
    check_evidence(command.form, command.signature_svg_path, command.witness, "", case.actor)
    given = RecordingConsent(
        id=ConsentId(new_id()),
        consult_id=consult.id,
        form=command.form,
        text_version=case.settings.recording_text_version,
        recorded_by=case.actor.id,
        recorded_at=case.now,
        witness=texts.not_longer(command.witness.strip(), NAME_LIMIT),
        signature_svg_path=command.signature_svg_path,
    )
    case.ledger.tapes.add_consent(given)
    case.audit(Action.CREATE, "recording_consent", given.id, consult.resident_id)
    return Decided(value=given.id, effects=(ConsultMoved(consult_id=consult.id),))


def withdraw(case: Case, command: m.WithdrawRecordingConsent) -> Decided:
    """The consent ends, whichever side says so; a running tape ends with it."""
    consult = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    given = _held(case, consult)
    over = msgspec.structs.replace(given, withdrawn_at=case.now, withdrawn_by=case.actor.id)
    case.ledger.tapes.save_consent(over)
    case.audit(Action.WITHDRAW, "recording_consent", given.id, consult.resident_id)
    stops = TapeStops(consult_id=consult.id, end=TapeEnd.WITHDRAWN, at=case.now)
    return Decided(effects=(stops, ConsultMoved(consult_id=consult.id)))


def start(case: Case, command: m.StartTape) -> Decided:
    """Begin to record; refused without a consent that holds, and outside the room."""
    consult = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    if consult.state not in LIVE:
        raise Refused(Refusal.WRONG_STATE, f"the consult is {consult.state.value}")
    if (consult.id, case.actor.id) not in case.live.in_room:
        raise Refused(Refusal.NOT_IN_ROOM)
    given = _held(case, consult)
    if any(tape.ended_at is None for tape in case.ledger.tapes.of_consult(consult.id)):
        raise Refused(Refusal.TAPE_RUNS)
    binding = case.ledger.bindings.running_of_consult(consult.id)
    tape = Tape(
        id=TapeId(new_id()),
        consult_id=consult.id,
        resident_id=consult.resident_id,
        consent_id=given.id,
        started_by=case.actor.id,
        started_at=case.now,
        simulated=binding is not None and binding.simulated,
    )
    case.ledger.tapes.add(tape)
    case.audit(Action.RECORD, "tape", tape.id, consult.resident_id)
    return Decided(value=tape.id, effects=(TapeStarts(tape=tape),))


def stop(case: Case, command: m.StopTape) -> Decided:
    """Stop recording; stopping what does not run is refused."""
    consult = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    running = [tape for tape in case.ledger.tapes.of_consult(consult.id) if tape.ended_at is None]
    if not running:
        raise Refused(Refusal.WRONG_STATE, "nothing is recorded")
    case.audit(Action.STOP, "tape", running[-1].id, consult.resident_id)
    return Decided(effects=(TapeStops(consult_id=consult.id, end=TapeEnd.STOPPED, at=case.now),))


def _held(case: Case, consult: Consult) -> RecordingConsent:
    given = case.ledger.tapes.consent(consult.id)
    if given is None or not given.holds:
        raise Refused(Refusal.RECORDING_CONSENT_MISSING)
    return given
