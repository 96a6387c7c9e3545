"""Emergency accesses, to be reviewed."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection

from records.emergency import EmergencyAccess
from records.ids import AccountId, ResidentId
from records.store.rows import Rows, unix_us
from records.store.schema import emergency_accesses

_NEWEST_FIRST = (emergency_accesses.c.granted_at.desc(), emergency_accesses.c.id.desc())


class EmergencyAccesses:
    """See `records.ledger.EmergencyAccesses`. Newest first."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, emergency_accesses, EmergencyAccess)

    def add(self, access: EmergencyAccess) -> None:
        self._rows.add(access, id=access.id, **_columns(access))

    def save(self, access: EmergencyAccess) -> None:
        self._rows.save(access.id, access, **_columns(access))

    def get(self, access_id: str) -> EmergencyAccess:
        return self._rows.get(access_id)

    def running(
        self, account_id: AccountId, resident_id: ResidentId, now: dt.datetime
    ) -> EmergencyAccess | None:
        table = emergency_accesses.c
        return self._rows.find(
            table.account_id == account_id,
            table.resident_id == resident_id,
            table.granted_at <= unix_us(now),
            table.expires_at > unix_us(now),
            order=_NEWEST_FIRST,
        )

    def all(self) -> tuple[EmergencyAccess, ...]:
        return self._rows.all(order=_NEWEST_FIRST)


def _columns(access: EmergencyAccess) -> dict[str, Any]:
    return {
        "resident_id": access.resident_id,
        "account_id": access.account_id,
        "granted_at": unix_us(access.granted_at),
        "expires_at": unix_us(access.expires_at),
    }
