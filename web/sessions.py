"""Signed-in browsers: opaque tokens, of which only the hash is kept, and when they end."""

import datetime as dt
import hashlib
import secrets

from records.accounts import Account, Role
from records.audit import Action, AuditEvent
from records.ids import SessionId, new_id
from records.ledger import Ledger, Records
from records.sessions import Session
from records.values import Value
from web.ports import Clock, Desk
from web.settings import WebSettings

COOKIE = "__Host-session"
TOUCH_EVERY = dt.timedelta(seconds=15)
"""How exactly the last use is kept; each touch is a write."""


class Actor(Value):
    """Who makes a request: the account and the session it is made in; a station has none."""

    account: Account
    session: Session | None
    password_change_needed: bool


def new_token() -> str:
    """A token of 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token. Its 256 bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


class SessionKeeper:
    """Begins, finds and ends sessions."""

    def __init__(self, records: Records, desk: Desk, settings: WebSettings, clock: Clock) -> None:
        self._records = records
        self._desk = desk
        self._settings = settings
        self._clock = clock

    def begin(self, ledger: Ledger, account: Account, address: str) -> tuple[str, Session]:
        """Begin a session inside a transaction; the token is nowhere but in the answer."""
        token, now = new_token(), self._clock()
        session = Session(
            id=SessionId(new_id()),
            account_id=account.id,
            token_hash=token_hash(token),
            started_at=now,
            last_used_at=now,
            expires_at=now + self._settings.absolute_timeout,
            address=address,
        )
        ledger.sessions.add(session)
        return token, session

    async def find(self, token: str) -> Actor | None:
        """The actor of a token, or None. One that ran out is ended; one that is used is kept alive."""
        hashed, now = token_hash(token), self._clock()
        actor = await self._records.read(lambda ledger: _actor_of(ledger, hashed))
        if actor is None or actor.session is None or actor.account.disabled:
            return None
        if self._has_run_out(actor.session, now):
            await self.expire(actor.session)
            return None
        if now - actor.session.last_used_at >= TOUCH_EVERY:
            await self.touch(actor.session.id)
        return actor

    def _has_run_out(self, session: Session, now: dt.datetime) -> bool:
        if now >= session.expires_at:
            return True
        idle = now - session.last_used_at >= self._settings.idle_timeout
        return idle and not self._desk.in_call(session.id)

    async def find_station(self, hashed: str) -> Actor | None:
        """The actor of a station's token, by its hash."""
        account = await self._records.read(lambda ledger: ledger.accounts.by_token(hashed))
        if account is None or account.disabled or account.role is not Role.STATION:
            return None
        return Actor(account=account, session=None, password_change_needed=False)

    async def touch(self, session_id: SessionId) -> None:
        """Note that a session is in use."""
        now = self._clock()
        await self._records.write(lambda ledger: ledger.sessions.touch(session_id, now))

    async def expire(self, session: Session) -> None:
        """End a session that ran out: in the records, then its sockets and media."""
        event = AuditEvent(
            at=self._clock(),
            actor_id=session.account_id,
            actor_role="session",
            action=Action.SIGN_OUT,
            object_kind="session",
            object_id=session.id,
            reason="timeout",
            address=session.address,
        )

        def end(ledger: Ledger) -> None:
            if ledger.sessions.by_token(session.token_hash) is not None:
                ledger.sessions.end(session.id)
                ledger.audit.append(event)

        await self._records.write(end)
        await self._desk.end_session(session.id, "expired")

    async def still_valid(self, session: Session, used_at: dt.datetime) -> bool:
        """Tell whether the session of an open socket goes on; ends it when it does not.

        `used_at` is the last command on the socket: it and a running call count as use.
        """
        now = self._clock()
        actor = await self._records.read(lambda ledger: _actor_of(ledger, session.token_hash))
        if actor is None or actor.session is None or actor.account.disabled:
            await self._desk.end_session(session.id, "signed_out")
            return False
        used = self._desk.in_call(session.id) or used_at > actor.session.last_used_at
        if used and now < actor.session.expires_at:
            await self.touch(session.id)
            return True
        if self._has_run_out(actor.session, now):
            await self.expire(actor.session)
            return False
        return True


def _actor_of(ledger: Ledger, hashed: str) -> Actor | None:
    session = ledger.sessions.by_token(hashed)
    if session is None:
        return None
    account = ledger.accounts.get(session.account_id)
    password = ledger.accounts.password(account.id)
    return Actor(
        account=account, session=session, password_change_needed=password is not None and password.one_time
    )
