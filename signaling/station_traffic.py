"""What passes between the desk and its stations: who is let in, heard, refused, and gone."""

import logging
from collections.abc import Awaitable

from records.accounts import Account
from records.errors import RecordsError
from signaling import messages as m
from signaling import station_messages as s
from signaling.answering import current_account
from signaling.errors import Refused
from signaling.guarded import guarded
from signaling.parts import Parts
from signaling.ports import Outbox
from signaling.reading import Unreadable, read_station_message
from signaling.refusals import Refusal, refusal_of
from signaling.station_lines import StationLine
from signaling.tabs import message_allowance, note_allowance

log = logging.getLogger(__name__)


class StationTraffic:
    """Every station's line. Nothing a station sends makes a method raise: it is answered by a refusal."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def connect(self, account: Account, hello: s.StationHello, outbox: Outbox) -> StationLine:
        """Let a station in; a line it had is closed."""
        line = StationLine(
            account,
            outbox,
            message_allowance(self._parts.settings, self._parts.clock()),
            note_allowance(self._parts.clock()),
        )
        try:
            await self._parts.records.read(lambda ledger: current_account(ledger, account.id))
            await self._parts.at_work.connect(account, hello, line)
        except Refused as error:
            line.refuse(error.refusal)
            line.close(s.StationCloseCode.REVOKED.value)
        except Exception:
            log.exception("a station could not be let in")
            line.refuse(Refusal.SERVER_FAULT)
            line.close(s.StationCloseCode.PROTOCOL.value)
        return line

    async def receive(self, line: StationLine, message: m.Message) -> None:
        """Take in one message of a station; what cannot be done is refused."""
        if line.closed:
            return
        if not line.allowance.take(self._parts.clock()):
            line.refuse(Refusal.RATE_LIMITED)
            return
        await self._of_station(line, self._parts.at_work.take(line, message))

    async def receive_text(self, line: StationLine, text: bytes | str) -> None:
        """Take in one text message of a station as it came; what cannot be read is refused."""
        try:
            message = read_station_message(text)
        except Unreadable as error:
            await self.refuse_unreadable(line, str(error), error.refusal)
            return
        await self.receive(line, message)

    async def packet(self, line: StationLine, packet: bytes) -> None:
        """Take in one E1 packet of a station; it lands under the binding it was taken under, or nowhere."""
        if line.closed:
            return
        station = self._parts.stations[line.account.id]
        await self._of_station(line, self._parts.flow.take(station, line, packet))

    async def refuse_unreadable(
        self, line: StationLine, problem: str, refusal: Refusal = Refusal.UNREADABLE
    ) -> None:
        """Answer a message that could not be read. `problem` is for a debugger: it may quote the message."""
        if line.closed:
            return
        if not line.allowance.take(self._parts.clock()):
            line.refuse(Refusal.RATE_LIMITED)
            return
        if line.notes.take(self._parts.clock()):
            log.info("unreadable from station %s: %s", line.account.id, refusal.value)
        line.refuse(refusal)

    async def disconnect(self, line: StationLine) -> None:
        """A station's socket is gone; its binding goes on."""
        await guarded(self._parts.at_work.disconnect(line))

    async def _of_station(self, line: StationLine, work: Awaitable[object]) -> None:
        try:
            await work
        except Refused as error:
            line.refuse(error.refusal)
        except RecordsError as error:
            line.refuse(refusal_of(error))
        except Exception:
            log.exception("a station's message could not be carried out")
            line.refuse(Refusal.SERVER_FAULT)
