"""The first answer to each command, so that a repeat does nothing."""

import datetime as dt

from sqlalchemy import Connection, delete, select

from records.ids import AccountId
from records.store.rows import insert_row, unix_us
from records.store.schema import answers


class Answers:
    """See `records.ledger.Answers`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, account_id: AccountId, command_id: str) -> bytes | None:
        query = select(answers.c.answer).where(
            answers.c.account_id == account_id, answers.c.command_id == command_id
        )
        kept = self._connection.scalar(query)
        return None if kept is None else bytes(kept)

    def keep(self, account_id: AccountId, command_id: str, answer: bytes, at: dt.datetime) -> None:
        """Keep the first answer; raise `Conflict` when there is one, so that the repeat is undone."""
        columns = {
            "account_id": account_id,
            "command_id": command_id,
            "answered_at": unix_us(at),
            "answer": answer,
        }
        insert_row(self._connection, answers, columns)

    def forget_before(self, at: dt.datetime) -> int:
        """Drop answers too old for any client still to repeat; tell how many."""
        old = answers.c.answered_at < unix_us(at)
        return self._connection.execute(delete(answers).where(old)).rowcount
