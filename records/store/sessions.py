"""Signed-in browsers."""

import datetime as dt

import msgspec
from sqlalchemy import Connection, delete

from records.ids import AccountId, SessionId
from records.sessions import Session
from records.store.rows import Rows, unix_us, update_row
from records.store.schema import accounts, sessions


class Sessions:
    """See `records.ledger.Sessions`. An ended session is gone; the audit trail remembers it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, sessions, Session)

    def add(self, session: Session) -> None:
        used = unix_us(session.last_used_at)
        self._rows.add(
            session,
            id=session.id,
            account_id=session.account_id,
            token_hash=session.token_hash,
            last_used_at=used,
        )
        self._account_used(session.account_id, used)

    def by_token(self, token_hash: str) -> Session | None:
        return self._rows.find(sessions.c.token_hash == token_hash)

    def touch(self, session_id: SessionId, at: dt.datetime) -> None:
        session = msgspec.structs.replace(self._rows.get(session_id), last_used_at=at)
        self._rows.save(session_id, session, last_used_at=unix_us(at))
        self._account_used(session.account_id, unix_us(at))

    def end(self, session_id: SessionId) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.id == session_id))

    def end_all(self, account_id: AccountId) -> tuple[SessionId, ...]:
        ended = self._connection.scalars(
            delete(sessions).where(sessions.c.account_id == account_id).returning(sessions.c.id)
        )
        return tuple(SessionId(found) for found in ended)

    def of_account(self, account_id: AccountId) -> tuple[Session, ...]:
        return self._rows.all(sessions.c.account_id == account_id, order=(sessions.c.last_used_at.desc(),))

    def _account_used(self, account_id: AccountId, at_us: int) -> None:
        update_row(self._connection, accounts, (accounts.c.id == account_id,), {"last_used_at": at_us})
