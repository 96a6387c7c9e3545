"""What `web` needs of the rooms beside and below it; `cloudclinic/running.py` plugs them in."""

import datetime as dt
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

from records.accounts import Account
from records.consults import Consult
from records.errors import NotFound
from records.ids import AccountId, ConsultId, SessionId, TapeId
from records.ledger import Ledger
from records.residents import Reading
from records.rooms import Door
from records.tapes import Tape
from signaling.doors import DoorOpened
from signaling.messages import ConsultCard, Dashboard, GuestCard, Hello, LiveFigures, Message, StationCard
from signaling.ports import Outbox
from signaling.refusals import Refusal
from signaling.screens import GivenLink, ScreenLink
from signaling.station_messages import StationHello
from web.routes.tapes import TapeContents

Clock = Callable[[], dt.datetime]
"""Now, in UTC."""


class Doors(Protocol):
    """What comes by WHIP and WHEP, as the routes use it."""

    async def publish(self, station: Account, token_hash: str, door: Door, sdp: str) -> DoorOpened: ...
    async def end_device(self, station_id: AccountId, session_id: str) -> None: ...
    def tokens(self) -> set[tuple[AccountId, str]]: ...

    async def let_screen_in(self, account: Account, consult_id: ConsultId) -> tuple[ScreenLink, str]: ...
    def links_given(self, account: Account, consult_id: ConsultId) -> tuple[GivenLink, ...]: ...
    async def take_link_back(self, account: Account, consult_id: ConsultId, link_id: str) -> None: ...
    def knows_screen(self, consult_id: ConsultId, token_hash: str) -> bool: ...
    def screen_link(self, consult_id: ConsultId, token_hash: str) -> ScreenLink | None: ...
    async def watch(self, link: ScreenLink, sdp: str) -> DoorOpened: ...
    async def end_screen(self, token_hash: str, session_id: str) -> None: ...


class Desk(Protocol):
    """The signaling desk, as the sockets and the API use it. `Any`: a line is the desk's own."""

    async def connect(self, account: Account, session_id: SessionId, hello: Hello, outbox: Outbox) -> Any: ...
    async def receive(self, line: Any, message: Message) -> None: ...
    async def receive_text(self, line: Any, text: bytes | str) -> None: ...
    async def refuse_unreadable(
        self, line: Any, problem: str, re: str = "", refusal: Refusal = Refusal.UNREADABLE
    ) -> None: ...
    async def disconnect(self, line: Any) -> None: ...

    async def station_connect(self, account: Account, hello: StationHello, outbox: Outbox) -> Any: ...
    async def station_receive(self, line: Any, message: Message) -> None: ...
    async def station_packet(self, line: Any, packet: bytes) -> None: ...
    async def refuse_station_unreadable(
        self, line: Any, problem: str, refusal: Refusal = Refusal.UNREADABLE
    ) -> None: ...
    async def station_disconnect(self, line: Any) -> None: ...

    @property
    def doors(self) -> Doors: ...

    async def end_account(self, account_id: AccountId, code: str) -> None: ...
    async def end_session(self, session_id: SessionId, code: str) -> None: ...
    def in_call(self, session_id: SessionId) -> bool: ...

    async def announce_consult(self, consult_id: ConsultId) -> None: ...
    async def announce_opinion(self, consult_id: ConsultId) -> None: ...
    async def announce_reading(self, reading: Reading) -> None: ...
    async def announce_account(self, account_id: AccountId) -> None: ...

    async def dashboard(self) -> Dashboard: ...
    def curves(self, consult_id: ConsultId) -> tuple[tuple[dt.datetime, LiveFigures], ...]: ...
    def guest_cards(self, ledger: Ledger) -> tuple[GuestCard, ...]: ...
    def station_cards(self, ledger: Ledger) -> tuple[StationCard, ...]: ...
    def card(self, ledger: Ledger, consult: Consult, account: Account) -> ConsultCard: ...


class TapeLibrary(Protocol):
    """The tapes on disk, opened under their resident's key. Methods raise `NotFound` and `StoreError`."""

    async def contents(self, tape: Tape) -> tuple[TapeContents, bool]:
        """What is on a tape, and whether it is exactly what was sealed."""

    async def frames(self, tape: Tape, track: int, begin_us: int, end_us: int) -> bytes:
        """Frames of a track, laid out as `web.routes.tapes` says."""

    def export(self, tape: Tape, track: int) -> AsyncIterator[bytes]:
        """A track as a file, in pieces."""

    async def stored(self) -> tuple[TapeId, ...]:
        """Every tape with content on the disk."""

    async def delete(self, tape_id: TapeId) -> None:
        """Remove a tape's content."""


class NoTapes:
    """Where nothing can be recorded there is nothing to play."""

    async def contents(self, tape: Tape) -> tuple[TapeContents, bool]:
        """Nothing."""
        raise NotFound("tapes: nothing to play")

    async def frames(self, tape: Tape, track: int, begin_us: int, end_us: int) -> bytes:
        """Nothing."""
        raise NotFound("tapes: nothing to play")

    async def export(self, tape: Tape, track: int) -> AsyncIterator[bytes]:
        """Nothing."""
        raise NotFound("tapes: nothing to play")
        yield b""

    async def stored(self) -> tuple[TapeId, ...]:
        """None."""
        return ()

    async def delete(self, tape_id: TapeId) -> None:
        """Nothing."""


class FirstAdministratorCode(Protocol):
    """The one-time code by which the first administrator makes her account."""

    def needed(self) -> bool: ...
    def check(self, code: str, now: dt.datetime) -> bool: ...
    def use_up(self) -> None: ...
