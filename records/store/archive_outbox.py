"""What is to be sent to archives."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, exists, func, or_, select

from records.archive_outbox import OutboxCount, OutboxEntry, SendState
from records.ids import ConsultId, OutboxEntryId
from records.store.rows import Rows, from_unix_us, unix_us
from records.store.schema import archive_outbox as table
from records.store.schema import derived_measurements, ultrasound_clips, ultrasound_stills

_WAITING = table.c.state == SendState.WAITING.value


class ArchiveOutbox:
    """See `records.ledger.ArchiveOutbox`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, table, OutboxEntry)

    def add(self, entry: OutboxEntry) -> bool:
        same = (table.c.sop_instance_uid == entry.sop_instance_uid, table.c.destination == entry.destination)
        if self._rows.find(*same) is not None:
            return False
        self._rows.add(entry, id=entry.id, **_columns(entry))
        return True

    def save(self, entry: OutboxEntry) -> None:
        self._rows.save(entry.id, entry, **_columns(entry))

    def get(self, entry_id: OutboxEntryId) -> OutboxEntry:
        return self._rows.get(entry_id)

    def due(self, destination: str, now: dt.datetime, limit: int = 50) -> tuple[OutboxEntry, ...]:
        mine = (table.c.destination == destination, _WAITING, table.c.due_at <= unix_us(now))
        return self._rows.all(*mine, order=(table.c.due_at, table.c.queued_at), limit=limit)

    def next_due(self, destination: str) -> dt.datetime | None:
        mine = (table.c.destination == destination, _WAITING)
        found = self._connection.scalar(select(func.min(table.c.due_at)).where(*mine))
        return None if found is None else from_unix_us(found)

    def in_state(self, state: SendState, limit: int = 200) -> tuple[OutboxEntry, ...]:
        return self._rows.all(table.c.state == state.value, order=(table.c.queued_at.desc(),), limit=limit)

    def of_consult(self, consult_id: ConsultId) -> tuple[OutboxEntry, ...]:
        return self._rows.all(table.c.consult_id == consult_id, order=(table.c.queued_at,))

    def misfiled(self) -> tuple[OutboxEntry, ...]:
        moved = [
            exists().where(kept.c.id == table.c.kept_id, kept.c.resident_id != table.c.resident_id)
            for kept in (ultrasound_stills, ultrasound_clips, derived_measurements)
        ]
        return self._rows.all(table.c.state == SendState.SENT.value, or_(*moved))

    def counts(self) -> tuple[OutboxCount, ...]:
        told = select(table.c.destination, table.c.state, func.count(), func.min(table.c.queued_at))
        by_destination: dict[str, dict[str, Any]] = {}
        for destination, state, count, oldest in self._connection.execute(
            told.group_by(table.c.destination, table.c.state)
        ):
            found = by_destination.setdefault(destination, {})
            found[state] = count
            if state == SendState.WAITING:
                found["waiting_since"] = from_unix_us(oldest)
        return tuple(OutboxCount(destination=name, **by_destination[name]) for name in sorted(by_destination))


def _columns(entry: OutboxEntry) -> dict[str, Any]:
    return {
        "sop_instance_uid": entry.sop_instance_uid,
        "destination": entry.destination,
        "kept_id": entry.kept_id,
        "consult_id": entry.consult_id,
        "resident_id": entry.resident_id,
        "state": entry.state.value,
        "queued_at": unix_us(entry.queued_at),
        "due_at": unix_us(entry.due_at),
    }
