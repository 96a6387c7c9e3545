"""Consults and what belongs to one: identity check, consent, chat."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, delete, select

from records.consults import ChatLine, Consent, Consult, ConsultState, IdentityCheck
from records.ids import AccountId, ConsultId, ResidentId
from records.store.counters import next_value
from records.store.rows import Rows, insert_row, unix_us
from records.store.schema import chat_lines, consents, consult_people, consults, identity_checks

_DONE = (ConsultState.CLOSED.value, ConsultState.CANCELLED.value)
_NEWEST_FIRST = (consults.c.asked_at.desc(), consults.c.id.desc())


class Consults:
    """See `records.ledger.Consults`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, consults, Consult)
        self._checks = Rows(connection, identity_checks, IdentityCheck)
        self._consents = Rows(connection, consents, Consent)
        self._chat = Rows(connection, chat_lines, ChatLine)

    def add(self, consult: Consult) -> None:
        self._rows.add(consult, id=consult.id, **_columns(consult))
        self._keep_people(consult)

    def save(self, consult: Consult) -> None:
        follows = consults.c.version == consult.version - 1
        self._rows.save(consult.id, consult, follows, **_columns(consult))
        self._keep_people(consult)

    def get(self, consult_id: ConsultId) -> Consult:
        return self._rows.get(consult_id)

    def open(self) -> tuple[Consult, ...]:
        return self._rows.all(consults.c.state.not_in(_DONE), order=(consults.c.asked_at,))

    def of_resident(self, resident_id: ResidentId) -> tuple[Consult, ...]:
        return self._rows.all(consults.c.resident_id == resident_id, order=_NEWEST_FIRST)

    def of_account(self, account_id: AccountId, limit: int = 200) -> tuple[Consult, ...]:
        theirs = select(consult_people.c.consult_id).where(consult_people.c.account_id == account_id)
        return self._rows.all(consults.c.id.in_(theirs), order=_NEWEST_FIRST, limit=limit)

    def since(self, at: dt.datetime) -> tuple[Consult, ...]:
        return self._rows.all(consults.c.asked_at >= unix_us(at), order=(consults.c.asked_at,))

    def next_number(self, day: dt.date) -> str:
        running = next_value(self._connection, f"consult:{day:%Y%m%d}")
        return f"HZ-{day:%Y%m%d}-{running:04}"

    def add_identity_check(self, check: IdentityCheck) -> None:
        """Keep who was confirmed; a later check of the same consult replaces it."""
        self._connection.execute(
            delete(identity_checks).where(identity_checks.c.consult_id == check.consult_id)
        )
        self._checks.add(check, consult_id=check.consult_id)

    def identity_check(self, consult_id: ConsultId) -> IdentityCheck | None:
        return self._checks.find(identity_checks.c.consult_id == consult_id)

    def add_consent(self, consent: Consent) -> None:
        self._consents.add(
            consent,
            id=consent.id,
            consult_id=consent.consult_id,
            recorded_at=unix_us(consent.recorded_at),
        )

    def consent(self, consult_id: ConsultId) -> Consent | None:
        """The latest: one given after a deferral stands before it."""
        return self._consents.find(
            consents.c.consult_id == consult_id, order=(consents.c.recorded_at.desc(), consents.c.id.desc())
        )

    def add_chat(self, line: ChatLine) -> None:
        self._chat.add(line, id=line.id, consult_id=line.consult_id, said_at=unix_us(line.said_at))

    def chat(self, consult_id: ConsultId) -> tuple[ChatLine, ...]:
        return self._chat.all(chat_lines.c.consult_id == consult_id, order=(chat_lines.c.said_at,))

    def _keep_people(self, consult: Consult) -> None:
        mine = consult_people.c.consult_id == consult.id
        self._connection.execute(delete(consult_people).where(mine))
        people = {consult.asked_by, consult.specialist_id, consult.handed_to, *consult.added_specialist_ids}
        people |= {one.account_id for one in consult.guests}
        for account_id in people - {None}:
            insert_row(self._connection, consult_people, {"consult_id": consult.id, "account_id": account_id})


def _columns(consult: Consult) -> dict[str, Any]:
    return {
        "number": consult.number,
        "resident_id": consult.resident_id,
        "state": consult.state.value,
        "asked_at": unix_us(consult.asked_at),
        "version": consult.version,
    }
