"""What becomes of consults whose specialist cannot go on: her account was disabled, or is none any more.

One she had taken waits again and rings the others. An opinion she owes may be written by others of the
specialty; so may one that is past its stored deadline.
"""

import datetime as dt

from records.accounts import Role
from records.audit import Action
from records.consults import Consult, ConsultState
from records.ids import ConsultId
from records.ledger import Ledger
from signaling import changes
from signaling.carrying import by_server
from signaling.parts import Parts
from signaling.transitions import LIVE

EVERY = dt.timedelta(seconds=10)


class AbsentSpecialists:
    """Looks at what is stored, so that a restart changes nothing."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._looked_at: dt.datetime | None = None

    async def tick(self, now: dt.datetime) -> None:
        """Every 10 s, give others what its specialist does not do, and tell them and the asker."""
        if self._looked_at is not None and now - self._looked_at < EVERY:
            return
        self._looked_at = now
        timeout = self._parts.settings.ring_timeout
        if await self._parts.records.read(lambda ledger: _left_alone(ledger, now, timeout)):
            moved = await self._parts.records.write(lambda ledger: _give_others(ledger, now, timeout))
            await self._parts.announcer.consults_moved(*moved)


def _give_others(ledger: Ledger, now: dt.datetime, timeout: dt.timedelta) -> tuple[ConsultId, ...]:
    left = _left_alone(ledger, now, timeout)
    for consult in left:
        ledger.consults.save(consult)
        ledger.audit.append(by_server(now, Action.CHANGE, consult.id))
    return tuple(one.id for one in left)


def _left_alone(ledger: Ledger, now: dt.datetime, timeout: dt.timedelta) -> tuple[Consult, ...]:
    """Those that must be others' from now on, as they will be then."""
    moved = (_moved(ledger, consult, now, timeout) for consult in ledger.consults.open())
    return tuple(consult for consult in moved if consult is not None)


def _moved(ledger: Ledger, consult: Consult, now: dt.datetime, timeout: dt.timedelta) -> Consult | None:
    if consult.state in LIVE and not _can_go_on(ledger, consult):
        return changes.left_by_specialist(consult, now, timeout)
    if consult.state is not ConsultState.OPINION_DUE or consult.opinion_free:
        return None
    overdue = consult.opinion_due_at is not None and consult.opinion_due_at <= now
    return changes.opinion_freed(consult) if overdue or not _can_go_on(ledger, consult) else None


def _can_go_on(ledger: Ledger, consult: Consult) -> bool:
    if consult.specialist_id is None:
        return False
    account = ledger.accounts.get(consult.specialist_id)
    return account.role is Role.SPECIALIST and not account.disabled
