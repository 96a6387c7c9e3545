"""Who may see which resident. Nobody, unless something here says so."""

import datetime as dt
import enum
from collections.abc import Iterable

from records.accounts import Account, Role
from records.consults import Consult, ConsultState
from records.ecg_studies import EcgStudy, StudyState
from records.emergency import EmergencyAccess, is_running
from records.errors import NotFound
from records.ids import ResidentId
from records.ledger import Ledger
from records.permissions import Permission, may
from records.residents import Resident


class Sight(enum.StrEnum):
    """How much of a resident somebody sees."""

    NONE = "none"
    REQUEST = "request"  # what goes along with a request nobody has, or an opinion nobody writes
    RECORD = "record"
    EMERGENCY = "emergency"  # the record, for an hour, with a banner


_AT_THE_STATION = frozenset({Role.COMMUNITY_DOCTOR, Role.NURSE})
_MAY_HAVE_EMERGENCY = _AT_THE_STATION | {Role.SPECIALIST}


OVER = frozenset({ConsultState.CLOSED, ConsultState.CANCELLED})
"""A consult in one of these opens nobody's record any more; the consult and its opinion stay readable."""


def sight_of(
    account: Account,
    resident: Resident,
    consults: Iterable[Consult],
    emergency: EmergencyAccess | None,
    now: dt.datetime,
) -> Sight:
    """Decide what somebody sees of a resident, from her consults and a running emergency access."""
    if account.disabled:
        return Sight.NONE
    if account.role in _AT_THE_STATION and account.institution_id == resident.institution_id:
        return Sight.RECORD
    sights = {_through(account, resident, consult) for consult in consults}
    if Sight.RECORD in sights:
        return Sight.RECORD
    if _is_open(account, resident, emergency, now):
        return Sight.EMERGENCY
    return Sight.REQUEST if Sight.REQUEST in sights else Sight.NONE


def resident_in_scope(
    ledger: Ledger, account: Account, resident_id: ResidentId, now: dt.datetime
) -> tuple[Resident, Sight]:
    """Get a resident and how much of her may be shown; raise `NotFound` when missing or not in scope."""
    resident = ledger.residents.get(resident_id)
    emergency = ledger.emergency_accesses.running(account.id, resident_id, now)
    sight = sight_of(account, resident, ledger.consults.of_resident(resident_id), emergency, now)
    if sight is Sight.NONE:
        raise NotFound("residents: no such thing")
    return resident, sight


def reads(account: Account, study: EcgStudy) -> bool:
    """Whether an ECG is somebody's to read or to sign, by her right and her specialty.

    While another reads it, it is hers alone; once it is read for good, it stays readable to who signed it.
    """
    if account.disabled or not may(account.role, Permission.READ_ECG):
        return False
    if account.id in study.reader_ids:
        return True
    if study.specialty not in account.specialties:
        return False
    if study.state is StudyState.READING:
        return study.claim is not None and study.claim.by == account.id
    return study.state in (StudyState.WAITING, StudyState.SIGNED)


def _through(account: Account, resident: Resident, consult: Consult) -> Sight:
    """What one consult lets a specialist see: nothing more of the record once it is over."""
    if account.role is not Role.SPECIALIST or consult.resident_id != resident.id:
        return Sight.NONE
    if consult.state in OVER:
        return Sight.NONE
    if account.id in (consult.specialist_id, consult.handed_to, *consult.added_specialist_ids):
        return Sight.RECORD
    asks_for_one = consult.state is ConsultState.WAITING or (
        consult.state is ConsultState.OPINION_DUE and consult.opinion_free
    )
    return Sight.REQUEST if asks_for_one and consult.specialty in account.specialties else Sight.NONE


def _is_open(
    account: Account, resident: Resident, emergency: EmergencyAccess | None, now: dt.datetime
) -> bool:
    return (
        emergency is not None
        and account.role in _MAY_HAVE_EMERGENCY
        and emergency.account_id == account.id
        and emergency.resident_id == resident.id
        and is_running(emergency, now)
    )
