"""The chained trail as rows that can only be added."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select

from records.audit import FIRST_HASH, Action, AuditEntry, AuditEvent, link_hash
from records.ids import AccountId, ResidentId
from records.store.rows import EPOCH, decoder, encode, insert_row, unix_us
from records.store.schema import audit_entries

_Row = Row[*tuple[Any, ...]]
_COLUMNS = select(audit_entries)
_PAGE = 1_000


class Audit:
    """See `records.ledger.Audit`. `appended` is the last entry of this transaction, if any."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.appended: AuditEntry | None = None

    def append(self, event: AuditEvent) -> AuditEntry:
        last = self.last()
        seq, previous = (last.seq, last.hash) if last else (0, FIRST_HASH)
        linked = link_hash(seq + 1, event, previous)
        entry = AuditEntry(seq=seq + 1, event=event, previous_hash=previous, hash=linked)
        insert_row(self._connection, audit_entries, _columns(entry))
        self.appended = entry
        return entry

    def last(self) -> AuditEntry | None:
        """The end of the chain."""
        row = self._connection.execute(_COLUMNS.order_by(audit_entries.c.seq.desc()).limit(1)).first()
        return None if row is None else _entry(row)

    def search(
        self,
        *,
        actor_id: AccountId | None = None,
        resident_id: ResidentId | None = None,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        before_seq: int | None = None,
        limit: int = 200,
    ) -> tuple[AuditEntry, ...]:
        """Newest first; `since` is included, `until` is not."""
        table = audit_entries.c
        where: list[ColumnElement[bool]] = []
        if actor_id is not None:
            where.append(table.actor_id == actor_id)
        if resident_id is not None:
            where.append(table.resident_id == resident_id)
        if since is not None:
            where.append(table.at >= unix_us(since))
        if until is not None:
            where.append(table.at < unix_us(until))
        if before_seq is not None:
            where.append(table.seq < before_seq)
        query = _COLUMNS.where(*where).order_by(table.seq.desc()).limit(limit)
        return tuple(_entry(row) for row in self._connection.execute(query))

    def all(self) -> Iterable[AuditEntry]:
        """From the first, a page at a time; must be used up within the transaction."""
        return map(_entry, self._rows())

    def as_stored(self) -> Iterator[AuditEntry]:
        """Like `all`, for the check: a row that is no entry, or whose columns tell otherwise, has no hash."""
        for row in self._rows():
            try:
                entry = _entry(row)
            except msgspec.DecodeError:
                yield _unreadable(row.seq)
                continue
            agrees = _columns(entry) == row._asdict()
            yield entry if agrees else msgspec.structs.replace(entry, hash="")

    def _rows(self) -> Iterator[_Row]:
        last_seq: int | None = None
        while True:
            query = _COLUMNS.order_by(audit_entries.c.seq).limit(_PAGE)
            if last_seq is not None:
                query = query.where(audit_entries.c.seq > last_seq)
            rows = self._connection.execute(query).all()
            yield from rows
            if len(rows) < _PAGE:
                return
            last_seq = rows[-1].seq


def _columns(entry: AuditEntry) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "at": unix_us(entry.event.at),
        "actor_id": entry.event.actor_id,
        "resident_id": entry.event.resident_id,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
        "body": encode(entry.event),
    }


def _entry(row: _Row) -> AuditEntry:
    return AuditEntry(
        seq=row.seq,
        event=decoder(AuditEvent).decode(row.body),
        previous_hash=row.previous_hash,
        hash=row.hash,
    )


def _unreadable(seq: int) -> AuditEntry:
    nothing = AuditEvent(
        at=EPOCH, actor_id=None, actor_role="", action=Action.READ, object_kind="", object_id=""
    )
    return AuditEntry(seq=seq, event=nothing, previous_hash="", hash="")
