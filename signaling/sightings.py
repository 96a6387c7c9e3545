"""Who was shown which resident's consult without opening it: a line of the worklist, a ringing card.

A card names the resident and carries what is asked and measured, so showing it is reading. A worklist shows
it all day long and each change shows it anew: one entry on the trail for an account, a resident and a day
says as much.
"""

import datetime as dt
from collections.abc import Iterable

from records.accounts import Account
from records.audit import Action, AuditEvent
from records.consults import Consult
from records.ids import AccountId, ResidentId
from records.ledger import Ledger, Records
from signaling.cards import midnight

CARD = "consult_card"
"""The kind of object such an entry is about; its id is that of the first consult shown."""

MOST_LOOKED_THROUGH = 1_000
"""Entries of one account about one resident on one day, after a restart."""

_Pair = tuple[AccountId, ResidentId]


class Sightings:
    """Writes down what is about to be shown, before it is."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._day = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._noted: set[_Pair] = set()

    async def note(self, shown: Iterable[tuple[Account, Consult]], now: dt.datetime) -> None:
        """Write down who is shown whom, unless it has been since the last midnight at the server."""
        day = midnight(now)
        if day != self._day:
            self._day, self._noted = day, set()
        fresh: dict[_Pair, tuple[Account, Consult]] = {}
        for account, consult in shown:
            pair = (account.id, consult.resident_id)
            if pair not in self._noted:
                fresh.setdefault(pair, (account, consult))
        if not fresh:
            return
        await self._records.write(lambda ledger: _append(ledger, fresh.values(), day, now))
        self._noted |= fresh.keys()


def _append(
    ledger: Ledger, shown: Iterable[tuple[Account, Consult]], day: dt.datetime, now: dt.datetime
) -> None:
    for account, consult in shown:
        if not _is_noted(ledger, account.id, consult.resident_id, day):
            ledger.audit.append(
                AuditEvent(
                    at=now,
                    actor_id=account.id,
                    actor_role=account.role.value,
                    action=Action.READ,
                    object_kind=CARD,
                    object_id=consult.id,
                    resident_id=consult.resident_id,
                )
            )


def _is_noted(ledger: Ledger, account_id: AccountId, resident_id: ResidentId, day: dt.datetime) -> bool:
    """Whether it was written down before a restart."""
    entries = ledger.audit.search(
        actor_id=account_id, resident_id=resident_id, since=day, limit=MOST_LOOKED_THROUGH
    )
    return any(entry.event.object_kind == CARD for entry in entries)
