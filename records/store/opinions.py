"""Opinions; a signed one never changes."""

from typing import Any

from sqlalchemy import Connection, select

from records.consults import Opinion, OpinionState
from records.errors import Conflict, NotFound, RuleBroken
from records.ids import ConsultId, ResidentId
from records.rules import Rule
from records.store.rows import Rows, unix_us_or_none
from records.store.schema import consults, opinions


class Opinions:
    """See `records.ledger.Opinions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, opinions, Opinion)

    def save(self, opinion: Opinion) -> None:
        kept = self.of_consult(opinion.consult_id)
        if kept is None:
            self._add(opinion)
        else:
            self._replace(kept, opinion)

    def of_consult(self, consult_id: ConsultId) -> Opinion | None:
        return self._rows.find(opinions.c.consult_id == consult_id)

    def signed_of_resident(self, resident_id: ResidentId) -> tuple[Opinion, ...]:
        """Newest first."""
        return self._rows.all(
            opinions.c.resident_id == resident_id,
            opinions.c.state == OpinionState.SIGNED.value,
            order=(opinions.c.signed_at.desc(), opinions.c.id.desc()),
        )

    def _add(self, opinion: Opinion) -> None:
        if opinion.version != 1:
            raise Conflict(f"opinions: version {opinion.version} of one that is not there; 1 is the first")
        self._rows.add(
            opinion,
            id=opinion.id,
            consult_id=opinion.consult_id,
            resident_id=self._resident_of(opinion.consult_id),
            **_columns(opinion),
        )

    def _replace(self, kept: Opinion, opinion: Opinion) -> None:
        if kept.state is OpinionState.SIGNED:
            raise RuleBroken(Rule.OPINION_SIGNED, "the opinion is signed; a signed opinion never changes")
        if opinion.id != kept.id:
            raise Conflict("opinions: the consult has another opinion already")
        follows = opinions.c.version == opinion.version - 1
        self._rows.save(opinion.id, opinion, follows, **_columns(opinion))

    def _resident_of(self, consult_id: ConsultId) -> str:
        found = self._connection.scalar(select(consults.c.resident_id).where(consults.c.id == consult_id))
        if found is None:
            raise NotFound("consults: no such thing")
        return str(found)


def _columns(opinion: Opinion) -> dict[str, Any]:
    return {
        "state": opinion.state.value,
        "version": opinion.version,
        "signed_at": unix_us_or_none(opinion.signed_at),
    }
