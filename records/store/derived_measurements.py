"""What was derived of measurements on kept stills."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection

from records.derived_measurements import DerivedMeasurement
from records.ids import ConsultId, DerivedId, ResidentId
from records.store.counters import next_value
from records.store.rows import Rows, unix_us
from records.store.schema import derived_measurements


class DerivedMeasurements:
    """See `records.ledger.DerivedMeasurements`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, derived_measurements, DerivedMeasurement)

    def add(self, derived: DerivedMeasurement, request_key: str) -> None:
        self._rows.add(derived, id=derived.id, request_key=request_key, **_columns(derived))

    def save(self, derived: DerivedMeasurement) -> None:
        self._rows.save(derived.id, derived, **_columns(derived))

    def get(self, derived_id: DerivedId) -> DerivedMeasurement:
        return self._rows.get(derived_id)

    def by_request(self, request_key: str) -> DerivedMeasurement | None:
        return self._rows.find(derived_measurements.c.request_key == request_key)

    def of_resident(self, resident_id: ResidentId, limit: int = 500) -> tuple[DerivedMeasurement, ...]:
        mine, latest = (
            derived_measurements.c.resident_id == resident_id,
            derived_measurements.c.kept_at.desc(),
        )
        return self._rows.all(mine, order=(latest,), limit=limit)

    def of_consult(self, consult_id: ConsultId) -> tuple[DerivedMeasurement, ...]:
        mine = derived_measurements.c.consult_id == consult_id
        return self._rows.all(mine, order=(derived_measurements.c.kept_at,))

    def next_number(self, day: dt.date) -> str:
        running = next_value(self._connection, f"derived_measurement:{day:%Y%m%d}")
        return f"CJ-{day:%Y%m%d}-{running:04}"


def _columns(derived: DerivedMeasurement) -> dict[str, Any]:
    return {
        "number": derived.number,
        "resident_id": derived.resident_id,
        "consult_id": derived.consult_id,
        "kept_at": unix_us(derived.kept_at),
    }
