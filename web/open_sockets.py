"""The sockets that are open: how many may be, and whether who opened them may still be here."""

import asyncio
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from records.ids import AccountId
from records.ledger import Ledger, Records
from records.sessions import Session
from web.errors import ProblemCode, Refused
from web.outbox import SocketOutbox
from web.ports import Desk
from web.sessions import SessionKeeper
from web.settings import GuardSettings

GOING_S = 1.0
"""How long a server that stops waits for its clients to go."""


class OpenSocket:
    """One open socket: whose, in which session, and when it last carried a command."""

    def __init__(self, account_id: AccountId, session: Session | None, token_hash: str) -> None:
        self.account_id = account_id
        self.session = session
        self.token_hash = token_hash  # of a station
        self.outbox: SocketOutbox | None = None
        self.greeted = False
        self.used_at = dt.datetime.min.replace(tzinfo=dt.UTC)


class OpenSockets:
    """All open sockets of this process."""

    def __init__(self, guard: GuardSettings) -> None:
        self._guard = guard
        self._open: set[OpenSocket] = set()
        self._emptied = asyncio.Event()

    def __len__(self) -> int:
        return len(self._open)

    @property
    def waiting_for_hello(self) -> int:
        """Those whose first message has not come."""
        return sum(not one.greeted for one in self._open)

    @contextmanager
    def place(self, socket: OpenSocket) -> Iterator[OpenSocket]:
        """Hold a place for a socket while it is open; raise `Refused` when there is none."""
        own = Counter(one.account_id for one in self._open)[socket.account_id]
        if len(self._open) >= self._guard.sockets_total or own >= self._guard.sockets_per_account:
            raise Refused(ProblemCode.TOO_MANY_SOCKETS)
        if self.waiting_for_hello >= self._guard.sockets_without_hello:
            raise Refused(ProblemCode.TOO_MANY_SOCKETS)
        self._open.add(socket)
        self._emptied.clear()
        try:
            yield socket
        finally:
            self._open.discard(socket)
            if not self._open:
                self._emptied.set()

    async def close_all(self) -> None:
        """Tell every client that the server stops, and wait until they have gone: a second, no longer."""
        for one in self._open:
            if one.outbox is not None:
                one.outbox.go_away()
        if self._open:
            with suppress(TimeoutError):
                async with asyncio.timeout(GOING_S):
                    await self._emptied.wait()

    async def sweep(self, records: Records, keeper: SessionKeeper, desk: Desk) -> None:
        """Close the sockets of sessions that ended or ran out, and of tokens that were revoked.

        Also what another process changed, e.g. `cloudclinic account disable`, is found here.
        """
        used: dict[str, tuple[Session, dt.datetime]] = {}
        for one in self._open:
            if one.session is not None:
                _, at = used.get(one.session.id, (one.session, one.used_at))
                used[one.session.id] = (one.session, max(at, one.used_at))
        for session, used_at in used.values():
            await keeper.still_valid(session, used_at)
        stations = {(one.account_id, one.token_hash) for one in self._open if one.session is None}
        stations |= desk.doors.tokens()
        for account_id in await records.read(lambda ledger: _revoked(ledger, stations)):
            await desk.end_account(account_id, "revoked")


def _revoked(ledger: Ledger, stations: set[tuple[AccountId, str]]) -> list[AccountId]:
    gone = []
    for account_id, token_hash in stations:
        account = ledger.accounts.by_token(token_hash)
        if account is None or account.id != account_id or account.disabled:
            gone.append(account_id)
    return gone


def bearer_hash(authorization: str) -> str | None:
    """The hash of the token in an `Authorization: Bearer` header (RFC 6750 section 2.1)."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not 20 <= len(token.strip()) <= 128:
        return None
    return hashlib.sha256(token.strip().encode()).hexdigest()
