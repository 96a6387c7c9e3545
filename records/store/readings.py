"""Vital signs."""

from sqlalchemy import Connection, func, select

from records.ids import ResidentId
from records.residents import Reading, ReadingKind
from records.store.rows import Rows, unix_us
from records.store.schema import readings

_KINDS = tuple(ReadingKind)
_NEWEST_FIRST = (readings.c.measured_at.desc(), readings.c.id.desc())


class Readings:
    """See `records.ledger.Readings`. Newest first."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, readings, Reading)

    def add(self, reading: Reading) -> None:
        self._rows.add(
            reading,
            id=reading.id,
            resident_id=reading.resident_id,
            kind=reading.kind.value,
            measured_at=unix_us(reading.measured_at),
        )

    def of_resident(self, resident_id: ResidentId, limit: int = 500) -> tuple[Reading, ...]:
        return self._rows.all(readings.c.resident_id == resident_id, order=_NEWEST_FIRST, limit=limit)

    def latest(self, resident_id: ResidentId) -> tuple[Reading, ...]:
        """The newest of each kind, in the order of `ReadingKind`."""
        newest_first = func.row_number().over(partition_by=readings.c.kind, order_by=_NEWEST_FIRST)
        ranked = (
            select(readings.c.id, newest_first.label("rank"))
            .where(readings.c.resident_id == resident_id)
            .subquery()
        )
        newest = self._rows.all(readings.c.id.in_(select(ranked.c.id).where(ranked.c.rank == 1)))
        return tuple(sorted(newest, key=lambda reading: _KINDS.index(reading.kind)))
