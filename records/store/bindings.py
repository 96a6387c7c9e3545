"""Stations bound to consults."""

from typing import Any

from sqlalchemy import Connection

from records.consults import Binding
from records.ids import AccountId, BindingId, ConsultId
from records.store.rows import Rows, unix_us, unix_us_or_none
from records.store.schema import bindings

_RUNNING = bindings.c.ended_at.is_(None)
_NEWEST_FIRST = (bindings.c.bound_at.desc(), bindings.c.id.desc())


class Bindings:
    """See `records.ledger.Bindings`."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, bindings, Binding)

    def add(self, binding: Binding) -> None:
        self._rows.add(binding, id=binding.id, **_columns(binding))

    def save(self, binding: Binding) -> None:
        self._rows.save(binding.id, binding, **_columns(binding))

    def get(self, binding_id: BindingId) -> Binding:
        return self._rows.get(binding_id)

    def running_of_station(self, station_id: AccountId) -> Binding | None:
        return self._rows.find(bindings.c.station_id == station_id, _RUNNING, order=_NEWEST_FIRST)

    def running_of_consult(self, consult_id: ConsultId) -> Binding | None:
        return self._rows.find(bindings.c.consult_id == consult_id, _RUNNING, order=_NEWEST_FIRST)

    def of_consult(self, consult_id: ConsultId) -> tuple[Binding, ...]:
        return self._rows.all(bindings.c.consult_id == consult_id, order=(bindings.c.bound_at,))


def _columns(binding: Binding) -> dict[str, Any]:
    return {
        "station_id": binding.station_id,
        "consult_id": binding.consult_id,
        "resident_id": binding.resident_id,
        "bound_at": unix_us(binding.bound_at),
        "ended_at": unix_us_or_none(binding.ended_at),
    }
