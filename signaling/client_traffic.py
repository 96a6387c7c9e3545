"""What passes between the desk and its clients: who is let in, resumed, heard, answered, and dropped."""

import datetime as dt
import logging

import msgspec

from records.accounts import Account
from records.errors import RecordsError
from records.ids import AccountId, SessionId
from records.ledger import Ledger
from signaling import messages as m
from signaling import moments
from signaling.answering import current_account
from signaling.carrying import Carrying
from signaling.commands.case import Case
from signaling.commands.table import DECIDE
from signaling.errors import Refused
from signaling.guarded import guarded
from signaling.parts import Parts
from signaling.ports import Outbox
from signaling.present import COMMANDS, Present
from signaling.reading import Unreadable, read_client_message
from signaling.refusals import Refusal, refusal_of
from signaling.tabs import Allowance, Line, Tab, message_allowance, note_allowance

log = logging.getLogger(__name__)

REPLACED = "replaced"
"""Close code of a socket whose tab connected again."""

PROTOCOL = "protocol"
"""Close code of a socket that was not let in."""

_SAID_WHEN_CLOSED = frozenset({Refusal.SIGNED_OUT, Refusal.TOO_MANY_TABS})
"""Refusals after which coming back makes no sense: they are the close code too."""

_POINTS_PER_S, _POINTS_BURST = 30.0, 60


class ClientTraffic:
    """Every client's lines. Nothing a client sends makes a method raise: it is answered by a refusal."""

    def __init__(self, parts: Parts, carrying: Carrying) -> None:
        self._parts = parts
        self._carrying = carrying
        self._present = Present(parts)

    # --- coming and going -------------------------------------------------------------------------------

    async def connect(self, account: Account, session_id: SessionId, hello: m.Hello, outbox: Outbox) -> Line:
        """Let a signed-in client in; the line is closed already when it may not be."""
        line = self._new_line(account, session_id, hello, outbox)
        try:
            line.account = await self._parts.records.read(lambda ledger: current_account(ledger, account.id))
            await self._let_in(line, hello)
        except Refused as error:
            self._turn_away(line, error.refusal)
        except Exception:
            log.exception("a client could not be let in")
            self._turn_away(line, Refusal.SERVER_FAULT)
        return line

    def _new_line(self, account: Account, session_id: SessionId, hello: m.Hello, outbox: Outbox) -> Line:
        points = Allowance(_POINTS_PER_S, _POINTS_BURST, self._parts.clock())
        return Line(
            account,
            session_id,
            outbox,
            hello.language,
            message_allowance(self._parts.settings, self._parts.clock()),
            points,
            note_allowance(self._parts.clock()),
        )

    def _turn_away(self, line: Line, refusal: Refusal) -> None:
        line.refuse(refusal)
        line.close(refusal.value if refusal in _SAID_WHEN_CLOSED else PROTOCOL)

    async def _let_in(self, line: Line, hello: m.Hello) -> None:
        if not 8 <= len(hello.client_id) <= 64:
            raise Refused(Refusal.UNREADABLE, "client_id must have 8 to 64 characters")
        tab = self._parts.tabs.find(hello.client_id)
        if tab is not None and tab.account.id != line.account.id:
            raise Refused(Refusal.CLIENT_ID_TAKEN)
        missed = tab.missed(hello.resume_after) if tab is not None else None
        if tab is None:
            await self._make_room_for_one_more(line.account.id)
            tab = Tab(hello.client_id, line.account, line.session_id)
            self._parts.tabs.add(tab)
        if tab.line is not None:
            tab.line.close(REPLACED)
        tab.account, tab.session_id, tab.lost_at = line.account, line.session_id, None
        if missed is not None:
            self._resume(line, tab, missed)
        else:
            await self._begin(line, tab)
        self._parts.rooms.back(tab)
        await guarded(self._parts.announcer.specialist_moved(tab.account.id))

    async def _make_room_for_one_more(self, account_id: AccountId) -> None:
        """Keep an account's tabs few: one gives way and is told; none can: the new one is refused."""
        tabs, most = self._parts.tabs, self._parts.settings.tabs_per_account
        while len(tabs.of_account(account_id)) >= most:
            superseded = tabs.to_give_way(account_id, self._parts.rooms.sits)
            if superseded is None:
                raise Refused(Refusal.TOO_MANY_TABS)
            if superseded.line is not None:
                self._turn_away(superseded.line, Refusal.TOO_MANY_TABS)
            superseded.line = None
            await self.drop(superseded)

    def _resume(self, line: Line, tab: Tab, missed: tuple[m.Event, ...]) -> None:
        """Attach and send what was missed, with nothing in between."""
        line.tab, tab.line = tab, line
        line.outbox.put(self._welcome(tab, tab.seq - len(missed), None))
        for event in missed:
            line.outbox.put(event)

    async def _begin(self, line: Line, tab: Tab) -> None:
        def greet(snapshot: m.Snapshot) -> None:
            if self._parts.tabs.find(tab.client_id) is not tab:
                raise Refused(Refusal.SIGNED_OUT, "signed out while it was let in")
            if tab.line is not None:
                tab.line.close(REPLACED)  # it connected twice at once
            line.tab, tab.line = tab, line
            rooms = self._parts.rooms.of_account(tab.account.id)
            whole = msgspec.structs.replace(snapshot, rooms=rooms)
            line.outbox.put(self._welcome(tab, tab.seq, whole))

        tab.line, tab.arriving = None, True
        try:
            await self._parts.announcer.welcome(tab, greet)
        finally:
            tab.arriving = False
            if tab.line is not line:
                tab.lost_at = self._parts.clock()

    def _welcome(self, tab: Tab, seq: int, snapshot: m.Snapshot | None) -> m.Welcome:
        return m.Welcome(
            account_id=tab.account.id,
            seq=seq,
            resumed=snapshot is None,
            snapshot=snapshot,
            server_us=moments.to_us(self._parts.clock()),
            demo=self._parts.settings.demo,
        )

    async def disconnect(self, line: Line) -> None:
        """A socket is gone. The tab's events and its place in a room are kept for a while."""
        tab, line.tab = line.tab, None
        if tab is None or tab.line is not line:
            return
        tab.line, tab.lost_at = None, self._parts.clock()
        self._parts.rooms.lost(tab)
        await guarded(self._parts.announcer.specialist_moved(tab.account.id))

    async def expire(self, now: dt.datetime) -> None:
        """Drop the tabs that did not come back in time."""
        kept = dt.timedelta(seconds=self._parts.settings.tab_kept_s)
        for tab in self._parts.tabs.lost_before(now - kept):
            await self.drop(tab)

    async def sign_out(self, tab: Tab, code: str) -> None:
        """Close a tab's socket and its media, at once."""
        tab.send(m.SignedOut(code=code))
        if tab.line is not None:
            tab.line.close(code)
        tab.line = None
        await self.drop(tab)

    async def drop(self, tab: Tab) -> None:
        """Forget a tab: its events, its place in a room."""
        self._parts.tabs.forget(tab)
        await self._parts.rooms.leave_all(tab)
        await guarded(self._parts.announcer.specialist_moved(tab.account.id))

    # --- what a line says -------------------------------------------------------------------------------

    async def receive_text(self, line: Line, text: bytes | str) -> None:
        """Take in one text message as it came; what cannot be read is refused."""
        try:
            message = read_client_message(text)
        except Unreadable as error:
            await self.refuse_unreadable(line, str(error), error.re, error.refusal)
            return
        await self.receive(line, message)

    async def refuse_unreadable(
        self, line: Line, problem: str, re: str = "", refusal: Refusal = Refusal.UNREADABLE
    ) -> None:
        """Answer a message that could not be read. `problem` is for a debugger: it may quote the message."""
        if line.tab is None:
            return
        if not self._within_rate(line):
            line.refuse(Refusal.RATE_LIMITED, re)
            return
        if line.notes.take(self._parts.clock()):
            log.info("unreadable from %s: %s", line.account.id, refusal.value)
        line.refuse(refusal, re)

    async def receive(self, line: Line, message: m.Message) -> None:
        """Take in one message; everything is answered through the line's outbox."""
        tab = line.tab
        if tab is None:
            return
        re = message.id if isinstance(message, m.Command) else ""
        if not isinstance(message, m.PointAt) and not self._within_rate(line):
            line.refuse(Refusal.RATE_LIMITED, re)
            return
        try:
            await self._take(line, tab, message)
        except Refused as error:
            line.refuse(error.refusal, re)
        except RecordsError as error:
            line.refuse(refusal_of(error), re)
        except Exception:
            log.exception("%s could not be carried out", type(message).__name__)
            line.refuse(Refusal.SERVER_FAULT, re)

    def _within_rate(self, line: Line) -> bool:
        return line.allowance.take(self._parts.clock())

    async def _take(self, line: Line, tab: Tab, message: m.Message) -> None:
        if isinstance(message, m.Command):
            if not 8 <= len(message.id) <= 64:
                raise Refused(Refusal.UNREADABLE, "a command's id must have 8 to 64 characters")
            await self._command(line, tab, message)
        elif isinstance(message, m.Notice):
            await self._notice(line, tab, message)
        else:
            raise Refused(Refusal.UNKNOWN_MESSAGE, type(message).__name__)

    async def _notice(self, line: Line, tab: Tab, notice: m.Notice) -> None:
        try:
            await self._present.notice(line, tab, notice)
        except (Refused, RecordsError) as error:
            refusal = error.refusal if isinstance(error, Refused) else refusal_of(error)
            await guarded(self._parts.answering.note_denied(line, notice, refusal))
            raise

    async def _command(self, line: Line, tab: Tab, command: m.Command) -> None:
        if type(command) in COMMANDS:
            line.outbox.put(await self._present_command(line, tab, command))
        elif type(command) in DECIDE:
            await self._decided_command(line, tab, command)
        else:
            raise Refused(Refusal.UNKNOWN_MESSAGE, type(command).__name__)

    async def _present_command(self, line: Line, tab: Tab, command: m.Command) -> m.Message:
        answering = self._parts.answering
        try:
            kept = await answering.admit(line, command)
            if kept is not None:
                return kept
            value = await self._present.carry(tab, command)
        except (Refused, RecordsError) as error:
            return await answering.refused(line, command, error)
        return await answering.done(line, command, value)

    async def _decided_command(self, line: Line, tab: Tab, command: m.Command) -> None:
        live, now = self._parts.live(), self._parts.clock()

        def case_of(ledger: Ledger, account: Account) -> Case:
            return Case(ledger=ledger, actor=account, now=now, settings=self._parts.settings, live=live)

        answer, effects = await self._parts.answering.decide(line, command, case_of)
        line.outbox.put(answer)
        for effect in effects:
            await guarded(self._carrying.out(tab, effect))
