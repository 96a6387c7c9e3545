"""Kept stills of the ultrasound; their pictures are files."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection

from records.ids import BindingId, ConsultId, KeptStillId, ResidentId
from records.store.counters import next_value
from records.store.rows import Rows, unix_us
from records.store.schema import ultrasound_stills
from records.ultrasound_stills import UltrasoundStill

_LATEST_FIRST = (ultrasound_stills.c.taken_at.desc(), ultrasound_stills.c.id.desc())


class UltrasoundStills:
    """See `records.ledger.UltrasoundStills`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, ultrasound_stills, UltrasoundStill)

    def add(self, still: UltrasoundStill, request_key: str) -> None:
        self._rows.add(still, id=still.id, request_key=request_key, **_columns(still))

    def save(self, still: UltrasoundStill) -> None:
        self._rows.save(still.id, still, **_columns(still))

    def get(self, still_id: KeptStillId) -> UltrasoundStill:
        return self._rows.get(still_id)

    def by_request(self, request_key: str) -> UltrasoundStill | None:
        return self._rows.find(ultrasound_stills.c.request_key == request_key)

    def of_resident(self, resident_id: ResidentId, limit: int = 500) -> tuple[UltrasoundStill, ...]:
        return self._rows.all(
            ultrasound_stills.c.resident_id == resident_id, order=_LATEST_FIRST, limit=limit
        )

    def of_consult(self, consult_id: ConsultId) -> tuple[UltrasoundStill, ...]:
        mine = ultrasound_stills.c.consult_id == consult_id
        return self._rows.all(mine, order=(ultrasound_stills.c.taken_at,))

    def of_binding(self, binding_id: BindingId) -> tuple[UltrasoundStill, ...]:
        mine = ultrasound_stills.c.binding_id == binding_id
        return self._rows.all(mine, order=(ultrasound_stills.c.taken_at,))

    def next_number(self, day: dt.date) -> str:
        running = next_value(self._connection, f"ultrasound_still:{day:%Y%m%d}")
        return f"CS-{day:%Y%m%d}-{running:04}"


def _columns(still: UltrasoundStill) -> dict[str, Any]:
    return {
        "number": still.number,
        "resident_id": still.resident_id,
        "consult_id": still.consult_id,
        "binding_id": still.binding_id,
        "taken_at": unix_us(still.taken_at),
    }
