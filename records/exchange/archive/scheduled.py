"""Whose scan comes next at a station, for the scanner beside it."""

import datetime as dt

from records.accounts import Account
from records.archive_uids import step_id
from records.audit import Action, AuditEvent
from records.consults import Consult, ConsultState
from records.exchange.archive.identifying import DESCRIPTION, identity_of
from records.ids import ConsultId
from records.ledger import Ledger
from records.scheduled_steps import ScheduledStep

_TO_BE_SCANNED = frozenset({ConsultState.WAITING, ConsultState.ACCEPTED, ConsultState.IN_CALL})


class ScannerWorklist:
    """What scanners are told. They ask every minute: the first time of each consult is on the trail."""

    def __init__(self) -> None:
        self._noted: set[tuple[str, ConsultId]] = set()

    def steps(
        self, ledger: Ledger, station: Account, scanner: str, now: dt.datetime
    ) -> tuple[ScheduledStep, ...]:
        """What the scanner of this title, beside this station, is to scan; () for a disabled station."""
        if station.disabled:
            return ()
        consults = _consults(ledger, station)
        for one in consults:
            self._note(ledger, station, scanner, one, now)
        return tuple(_step(ledger, one) for one in consults)

    def _note(
        self, ledger: Ledger, station: Account, scanner: str, consult: Consult, now: dt.datetime
    ) -> None:
        if (scanner, consult.id) in self._noted:
            return
        self._noted.add((scanner, consult.id))
        ledger.audit.append(
            AuditEvent(
                at=now,
                actor_id=station.id,
                actor_role=station.role.value,
                action=Action.EXPORT,
                object_kind="worklist_step",
                object_id=consult.id,
                resident_id=consult.resident_id,
            )
        )


def _consults(ledger: Ledger, station: Account) -> tuple[Consult, ...]:
    """The one the station is bound to: nobody can choose another. Unbound: its institution's open ones."""
    binding = ledger.bindings.running_of_station(station.id)
    if binding is not None:
        consult = ledger.consults.get(binding.consult_id)
        return (consult,) if consult.resident_id == binding.resident_id else ()
    return tuple(
        one
        for one in ledger.consults.open()
        if one.institution_id == station.institution_id and one.state in _TO_BE_SCANNED
    )


def _step(ledger: Ledger, consult: Consult) -> ScheduledStep:
    identity = identity_of(
        consult,
        ledger.residents.get(consult.resident_id),
        ledger.accounts.get(consult.asked_by),
        ledger.directory.institution(consult.institution_id),
        None,
    )
    return ScheduledStep(
        identity=identity,
        step_id=step_id(consult.number),
        description=DESCRIPTION,
        starts_at=consult.asked_at.astimezone(),
    )
