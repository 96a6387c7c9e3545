"""What was asked of operators, and what became of it."""

from typing import Any

from sqlalchemy import Connection

from records.guiding import OPEN, Guiding, GuidingState
from records.ids import AccountId, ConsultId, GuidingId
from records.store.rows import Rows, unix_us
from records.store.schema import guidings

_AWAITED = (GuidingState.ASKED.value, GuidingState.SEEN.value)


class Guidings:
    """See `records.ledger.Guidings`."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, guidings, Guiding)

    def add(self, guiding: Guiding) -> None:
        self._rows.add(
            guiding,
            id=guiding.id,
            consult_id=guiding.consult_id,
            guide_id=guiding.guide_id,
            asked_at=unix_us(guiding.asked_at),
            **_state(guiding),
        )

    def save(self, guiding: Guiding) -> None:
        self._rows.save(guiding.id, guiding, **_state(guiding))

    def get(self, guiding_id: GuidingId) -> Guiding:
        return self._rows.get(guiding_id)

    def of_consult(self, consult_id: ConsultId, limit: int = 500) -> tuple[Guiding, ...]:
        newest_first = (guidings.c.asked_at.desc(), guidings.c.id.desc())
        return self._rows.all(guidings.c.consult_id == consult_id, order=newest_first, limit=limit)[::-1]

    def open_of(self, consult_id: ConsultId, guide_id: AccountId) -> tuple[Guiding, ...]:
        return self._rows.all(
            guidings.c.consult_id == consult_id,
            guidings.c.guide_id == guide_id,
            guidings.c.state.in_([one.value for one in OPEN]),
        )

    def awaited(self) -> tuple[Guiding, ...]:
        return self._rows.all(guidings.c.state.in_(_AWAITED), order=(guidings.c.asked_at,))


def _state(guiding: Guiding) -> dict[str, Any]:
    return {"state": guiding.state.value}
