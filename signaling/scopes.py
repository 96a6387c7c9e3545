"""Whose consults and residents somebody may touch. What is out of scope answers like what is missing."""

import datetime as dt

from records.accounts import Account, Role
from records.consults import Binding, Consult, ConsultState
from records.derived_measurements import DerivedMeasurement
from records.ecg_studies import EcgStudy, StudyState
from records.errors import NotFound
from records.ids import AccountId, BindingId, ConsultId, ResidentId
from records.ledger import Ledger
from records.permissions import Permission, may
from records.scope import OVER, Sight, reads, resident_in_scope
from records.ultrasound_clips import UltrasoundClip
from records.ultrasound_stills import UltrasoundStill
from signaling.errors import Refused
from signaling.refusals import Refusal

STAFF_OF_THE_ASKER = frozenset({Role.COMMUNITY_DOCTOR, Role.NURSE})


def asks(account: Account, consult: Consult) -> bool:
    """Tell whether somebody is on the asking side of a consult."""
    return account.role in STAFF_OF_THE_ASKER and account.institution_id == consult.institution_id


def answers(account: Account, consult: Consult) -> bool:
    """Tell whether a consult is a specialist's own: she took it or was brought in."""
    if account.role is not Role.SPECIALIST:
        return False
    return account.id == consult.specialist_id or account.id in consult.added_specialist_ids


GUESTS = frozenset({Role.INTERPRETER, Role.OBSERVER})
_OPEN_TO_GUESTS = frozenset({ConsultState.WAITING, ConsultState.ACCEPTED, ConsultState.IN_CALL})


def is_guest(account: Account, consult: Consult) -> bool:
    """Tell whether somebody was invited to a consult that has not ended; then all is closed to them."""
    if account.role not in GUESTS or consult.state not in _OPEN_TO_GUESTS:
        return False
    return any(one.account_id == account.id for one in consult.guests)


def takes_part(account: Account, consult: Consult) -> bool:
    """Tell whether somebody belongs in a consult's room."""
    return asks(account, consult) or answers(account, consult) or is_guest(account, consult)


def may_answer(account: Account, consult: Consult) -> bool:
    """Tell whether a waiting consult is in a specialist's queue."""
    if account.role is not Role.SPECIALIST or consult.state is not ConsultState.WAITING:
        return False
    return consult.handed_to == account.id or consult.specialty in account.specialties


def may_take_opinion(account: Account, consult: Consult) -> bool:
    """Tell whether a specialist may write a due opinion in another's place."""
    if account.role is not Role.SPECIALIST or consult.state is not ConsultState.OPINION_DUE:
        return False
    if consult.specialist_id == account.id:
        return False
    known = consult.specialty in account.specialties or account.id in consult.added_specialist_ids
    return consult.handed_to == account.id or (consult.opinion_free and known)


def may_see(account: Account, consult: Consult) -> bool:
    """Tell whether somebody may see a consult and its resident. An administrator sees none."""
    return takes_part(account, consult) or may_answer(account, consult) or may_take_opinion(account, consult)


def may_see_devices(account: Account, consult: Consult) -> bool:
    """Tell whether a consult's ultrasound, ECG and readings may reach somebody: no interpreter's screen."""
    return may(account.role, Permission.SEE_DEVICES) and may_see(account, consult)


def consult_in_scope(ledger: Ledger, account: Account, consult_id: ConsultId) -> Consult:
    """Get a consult somebody takes part in, or raise `Refused` with `NOT_FOUND`."""
    consult = ledger.consults.get(consult_id)
    if not takes_part(account, consult):
        raise Refused(Refusal.NOT_FOUND, "the consult is not in scope")
    return consult


def consult_in_queue(ledger: Ledger, account: Account, consult_id: ConsultId) -> Consult:
    """Get a consult a specialist may answer, or raise `Refused`.

    One that was in her queue and is another's now is `TAKEN_BY_ANOTHER`: she must be told.
    """
    consult = ledger.consults.get(consult_id)
    if may_see(account, consult):
        return consult
    if _was_in_queue(account, consult):
        raise Refused(Refusal.TAKEN_BY_ANOTHER if consult.specialist_id else Refusal.WRONG_STATE)
    raise Refused(Refusal.NOT_FOUND, "the consult is not in scope")


def opinion_to_take(ledger: Ledger, account: Account, consult_id: ConsultId) -> Consult:
    """Get a consult whose opinion a specialist may take over, or raise `Refused`; see `consult_in_queue`."""
    consult = ledger.consults.get(consult_id)
    if may_take_opinion(account, consult):
        return consult
    if may_see(account, consult):
        raise Refused(Refusal.WRONG_STATE, "the opinion is not to be taken over")
    if _was_in_queue(account, consult):
        raise Refused(Refusal.TAKEN_BY_ANOTHER)
    raise Refused(Refusal.NOT_FOUND, "the consult is not in scope")


def _was_in_queue(account: Account, consult: Consult) -> bool:
    return account.role is Role.SPECIALIST and consult.specialty in account.specialties


def binding_in_scope(ledger: Ledger, account: Account, binding_id: BindingId) -> Binding:
    """Get a binding of a consult somebody takes part in, or raise `Refused` with `NOT_FOUND`.

    One that was moved to another resident is no longer the consult's: its samples are in that one's record.
    """
    binding = ledger.bindings.get(binding_id)
    consult = consult_in_scope(ledger, account, binding.consult_id)
    if binding.resident_id != consult.resident_id:
        raise Refused(Refusal.NOT_FOUND, "the binding is another resident's")
    return binding


def may_write_for(ledger: Ledger, account: Account, resident_id: ResidentId, now: dt.datetime) -> bool:
    """Tell whether somebody may ask or move something for a resident.

    Staff: of their own institution. Everyone: of a consult they take part in that is not over, and by a
    running emergency access. A request that only waits in a queue is not enough.
    """
    if not may(account.role, Permission.SEE_RESIDENTS):
        return False
    resident = ledger.residents.get(resident_id)
    if account.role in STAFF_OF_THE_ASKER and resident.institution_id == account.institution_id:
        return True
    consults = ledger.consults.of_resident(resident_id)
    if any(takes_part(account, consult) for consult in consults if consult.state not in OVER):
        return True
    return ledger.emergency_accesses.running(account.id, resident_id, now) is not None


def check_resident(ledger: Ledger, account: Account, resident_id: ResidentId, now: dt.datetime) -> None:
    """Raise `Refused` with `NOT_FOUND` unless the resident is in scope."""
    if not may_write_for(ledger, account, resident_id, now):
        raise Refused(Refusal.NOT_FOUND, "the resident is not in scope")


def may_read_ecg(ledger: Ledger, account: Account, study: EcgStudy) -> bool:
    """Tell whether an ECG is in somebody's reach to read, whoever is reading it now.

    Hers by her specialty, by having read it, or as the specialist of the consult it was taken in.
    """
    if account.disabled or not may(account.role, Permission.READ_ECG):
        return False
    if study.specialty in account.specialties or account.id in study.reader_ids:
        return True
    consult = _consult_of(ledger, study)
    return consult is not None and answers(account, consult)


def may_open_ecg(ledger: Ledger, account: Account, study: EcgStudy) -> bool:
    """Tell whether a reading list shows an ECG to somebody: not while another reads it."""
    if reads(account, study):
        return True
    elsewhere = study.claim is not None and study.claim.by != account.id
    consult = _consult_of(ledger, study)
    return not elsewhere and consult is not None and answers(account, consult)


def may_see_ecg(ledger: Ledger, account: Account, study: EcgStudy, now: dt.datetime) -> bool:
    """Tell whether somebody may open an ECG: its readers, its consult, whoever may open the whole record.

    While she reads one, a specialist may open the one before it too, to compare.
    """
    if may_open_ecg(ledger, account, study):
        return True
    consult = _consult_of(ledger, study)
    if consult is not None and takes_part(account, consult) and may_see_devices(account, consult):
        return True
    try:
        _, sight = resident_in_scope(ledger, account, study.resident_id, now)
    except NotFound:
        sight = Sight.NONE
    return sight in (Sight.RECORD, Sight.EMERGENCY) or _goes_along(ledger, account, study)


def may_see_picture(
    ledger: Ledger,
    account: Account,
    kept: UltrasoundStill | UltrasoundClip | DerivedMeasurement,
    now: dt.datetime,
) -> bool:
    """Tell whether somebody may open a kept still or clip, or what was derived: its consult, whoever may open
    the whole record.

    One that was found to be another resident's is not its consult's any more.
    """
    consult = ledger.consults.get(kept.consult_id)
    if consult.resident_id == kept.resident_id and takes_part(account, consult):
        return may_see_devices(account, consult)
    try:
        _, sight = resident_in_scope(ledger, account, kept.resident_id, now)
    except NotFound:
        sight = Sight.NONE
    return sight in (Sight.RECORD, Sight.EMERGENCY)


def prior_ecg(ledger: Ledger, study: EcgStudy) -> EcgStudy | None:
    """The ECG that was taken of the same resident before this one, and could be read."""
    earlier = (
        one
        for one in ledger.ecg_studies.of_resident(study.resident_id)
        if one.taken_at < study.taken_at and one.state is not StudyState.REJECTED
    )
    return next(earlier, None)


def _goes_along(ledger: Ledger, account: Account, study: EcgStudy) -> bool:
    for other in ledger.ecg_studies.of_resident(study.resident_id):
        if other.id != study.id and may_open_ecg(ledger, account, other):
            prior = prior_ecg(ledger, other)
            if prior is not None and prior.id == study.id:
                return True
    return False


def _consult_of(ledger: Ledger, study: EcgStudy) -> Consult | None:
    """The consult an ECG was taken in; None once it was found to be another resident's."""
    if study.consult_id is None:
        return None
    consult = ledger.consults.get(study.consult_id)
    return consult if consult.resident_id == study.resident_id else None


def guest_named(ledger: Ledger, account_id: AccountId) -> Account:
    """Get the interpreter or observer somebody names, or raise `Refused` with `NO_SUCH_GUEST`."""
    every = (one for role in sorted(GUESTS) for one in ledger.accounts.by_role(role))
    found = next((one for one in every if one.id == account_id), None)
    if found is None or found.disabled:
        raise Refused(Refusal.NO_SUCH_GUEST)
    return found


def specialist_named(ledger: Ledger, account_id: AccountId) -> Account:
    """Get the specialist somebody names, or raise `Refused` with `NO_SUCH_SPECIALIST`."""
    found = next((one for one in ledger.accounts.by_role(Role.SPECIALIST) if one.id == account_id), None)
    if found is None or found.disabled:
        raise Refused(Refusal.NO_SUCH_SPECIALIST)
    return found
