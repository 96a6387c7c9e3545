"""The resident's identity and consent, without which no media opens."""

import re

from records.accounts import Account
from records.audit import Action
from records.consults import Consent, ConsentForm, Consult, IdentityCheck
from records.ids import ConsentId, ConsultId, new_id
from records.ledger import Ledger
from signaling import messages as m
from signaling import scopes
from signaling.commands import texts
from signaling.commands.case import NAME_LIMIT, REASON_LIMIT, Case, ConsultMoved, Decided
from signaling.errors import Refused
from signaling.refusals import Refusal
from signaling.transitions import ENDED

IDENTIFIERS_NEEDED = 2  # WHO Patient Safety Solutions 2 (2007): at least two, never the room number

# An SVG path (SVG 2 section 9.3) that goes somewhere: a first point, and at least one stroke drawn from it.
_SVG_PATH = re.compile(r"\s*[Mm][\s,]*-?[0-9.][MLHVCSQTAZmlhvcsqtaz0-9eE ,.\-]*")
_STROKE = re.compile(r"[LHVCSQTAlhvcsqta][\s,]*-?[0-9.]")
_SIGNATURE_LIMIT = 48 * 1024


def confirm_identity(case: Case, command: m.ConfirmIdentity) -> Decided:
    """Two different identifiers of the resident were compared and agree."""
    consult = _running(case, command.consult_id)
    identifiers = tuple(dict.fromkeys(command.identifiers))
    if len(identifiers) < IDENTIFIERS_NEEDED:
        raise Refused(Refusal.TWO_IDENTIFIERS_NEEDED)
    case.ledger.consults.add_identity_check(
        IdentityCheck(
            consult_id=consult.id,
            identifiers=identifiers,
            confirmed_by=case.actor.id,
            confirmed_at=case.now,
        )
    )
    case.audit(Action.CREATE, "identity_check", consult.id, consult.resident_id)
    return Decided(effects=(ConsultMoved(consult_id=consult.id),))


def record_consent(case: Case, command: m.RecordConsent) -> Decided:
    """Keep the resident's consent with the evidence its form needs; after the call, one that was deferred."""
    consult = scopes.consult_in_scope(case.ledger, case.actor, command.consult_id)
    _check_may_be_recorded(case.ledger, consult, command.form)
    check_evidence(command.form, command.signature_svg_path, command.witness, command.reason, case.actor)
    consent = Consent(
        id=ConsentId(new_id()),
        consult_id=consult.id,
        form=command.form,
        text_version=case.settings.consent_text_version,
        recorded_by=case.actor.id,
        recorded_at=case.now,
        witness=texts.not_longer(command.witness.strip(), NAME_LIMIT),
        reason=texts.not_longer(command.reason.strip(), REASON_LIMIT),
        signature_svg_path=command.signature_svg_path,
    )
    case.ledger.consults.add_consent(consent)
    case.audit(Action.CREATE, "consent", consent.id, consult.resident_id)
    return Decided(value=consent.id, effects=(ConsultMoved(consult_id=consult.id),))


def check_made_up_for(ledger: Ledger, consult: Consult) -> None:
    """Raise `Refused` with `CONSENT_OPEN` while the consent was only deferred."""
    consent = ledger.consults.consent(consult.id)
    if consent is not None and consent.form is ConsentForm.DEFERRED:
        raise Refused(Refusal.CONSENT_OPEN)


def _check_may_be_recorded(ledger: Ledger, consult: Consult, form: ConsentForm) -> None:
    """While the consult runs, any form but "not obtained"; after it only what makes up for a deferral."""
    before = ledger.consults.consent(consult.id)
    if consult.state not in ENDED:
        if form is ConsentForm.NOT_OBTAINED:
            raise Refused(Refusal.WRONG_STATE, "it can still be asked for")
        if form is ConsentForm.DEFERRED and before is not None and before.form is not form:
            raise Refused(Refusal.WRONG_STATE, "it was given already")
        return
    if before is None or before.form is not ConsentForm.DEFERRED or form is ConsentForm.DEFERRED:
        raise Refused(Refusal.WRONG_STATE, f"the consult is {consult.state.value}")


def check_may_open_media(ledger: Ledger, consult: Consult) -> None:
    """Raise `Refused` unless identity is confirmed and consent is recorded."""
    if ledger.consults.identity_check(consult.id) is None:
        raise Refused(Refusal.IDENTITY_NOT_CONFIRMED)
    if ledger.consults.consent(consult.id) is None:
        raise Refused(Refusal.CONSENT_MISSING)


def _running(case: Case, consult_id: ConsultId) -> Consult:
    consult = scopes.consult_in_scope(case.ledger, case.actor, consult_id)
    if consult.state in ENDED:
        raise Refused(Refusal.WRONG_STATE, f"the consult is {consult.state.value}")
    return consult


def check_evidence(form: ConsentForm, path: str, witness: str, reason: str, recorder: Account) -> None:
    """Raise `Refused` unless the evidence the form of a consent needs is there."""
    match form:
        case ConsentForm.PAD:
            if len(path) > _SIGNATURE_LIMIT:
                raise Refused(Refusal.TOO_LARGE)
            if not _SVG_PATH.fullmatch(path) or not _STROKE.search(path):
                raise Refused(Refusal.SIGNATURE_NEEDED)
        case ConsentForm.ORAL:
            witness = witness.strip().casefold()
            if not witness or witness == recorder.display_name.strip().casefold():
                raise Refused(Refusal.WITNESS_NEEDED, "a witness is somebody else than the recorder")
        case ConsentForm.DEFERRED | ConsentForm.NOT_OBTAINED:
            if not reason.strip():
                raise Refused(Refusal.REASON_NEEDED)
