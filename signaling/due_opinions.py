"""Opinions nobody would give: overdue, or of an account that cannot sign. Others may write them."""

import datetime as dt

from records.accounts import Role
from records.audit import Action
from records.consults import Consult, ConsultState
from records.ids import ConsultId
from records.ledger import Ledger
from signaling import changes
from signaling.carrying import by_server
from signaling.parts import Parts

EVERY = dt.timedelta(seconds=10)


class DueOpinions:
    """Frees due opinions, by what is stored: a restart changes nothing."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._looked_at: dt.datetime | None = None

    async def tick(self, now: dt.datetime) -> None:
        """Every 10 s, free what is to be freed and tell the specialty and the asker."""
        if self._looked_at is not None and now - self._looked_at < EVERY:
            return
        self._looked_at = now
        if await self._parts.records.read(lambda ledger: _to_be_freed(ledger, now)):
            await self._parts.announcer.consults_moved(
                *await self._parts.records.write(lambda ledger: _free(ledger, now))
            )


def _free(ledger: Ledger, now: dt.datetime) -> tuple[ConsultId, ...]:
    freed = _to_be_freed(ledger, now)
    for consult in freed:
        ledger.consults.save(changes.opinion_freed(consult))
        ledger.audit.append(by_server(now, Action.CHANGE, consult.id))
    return tuple(one.id for one in freed)


def _to_be_freed(ledger: Ledger, now: dt.datetime) -> tuple[Consult, ...]:
    return tuple(one for one in ledger.consults.open() if _is_to_be_freed(ledger, one, now))


def _is_to_be_freed(ledger: Ledger, consult: Consult, now: dt.datetime) -> bool:
    if consult.state is not ConsultState.OPINION_DUE or consult.opinion_free:
        return False
    overdue = consult.opinion_due_at is not None and consult.opinion_due_at <= now
    return overdue or not _can_sign(ledger, consult)


def _can_sign(ledger: Ledger, consult: Consult) -> bool:
    if consult.specialist_id is None:
        return False
    account = ledger.accounts.get(consult.specialist_id)
    return account.role is Role.SPECIALIST and not account.disabled
