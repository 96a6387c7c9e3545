"""Whether the scanner may be turned from afar, decided anew at the station, and the turning itself.

The server decides it too. The station asks again, because it is the one beside the patient: off at first, off
with the line and with the binding, off as soon as a hand moves the scanner's own controls, one step at once,
none that comes late, and done only when the scanner stands so.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable

from records.ids import BindingId, GuidingId
from records.scanner_controls import (
    ControlOutcome,
    RemoteEvent,
    ScannerOffer,
    ScannerSetting,
    is_sound,
    turned,
)
from signaling.messages import Message
from signaling.station_messages import (
    AllowScanner,
    ForbidScanner,
    StationScanner,
    StationTurned,
    StationTurningEnded,
    TurnScanner,
)
from station.scanner_adapter import ScannerAdapter

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.25
TURNS_IN_S = 2.0
"""A scanner that has not reported by then has failed; nothing else is turned until its adapter returns."""


class RemoteControl:
    """Of one binding. Everything is called in the loop; the adapter turns in a thread of its own."""

    def __init__(
        self,
        binding_id: BindingId,
        adapter: ScannerAdapter,
        tell: Callable[[Message], None],
        clock_us: Callable[[], int],
        turns_in_s: float = TURNS_IN_S,
    ) -> None:
        self._binding_id = binding_id
        self._adapter = adapter
        self._tell = tell
        self._clock_us = clock_us
        self._turns_in_s = turns_in_s
        self._grant_id: str | None = None
        self._known = self._offer()
        self._told: ScannerOffer | None = None
        self._taken_back = threading.Event()  # of what is turned now
        self._turning: asyncio.Task[None] | None = None
        self._busy = False
        self._hung: threading.Thread | None = None  # of an adapter that did not return in time
        self._looking = asyncio.create_task(self._look())

    @property
    def allowed(self) -> bool:
        """Whether anything may be turned."""
        return self._grant_id is not None

    def tell_offer(self) -> None:
        """Say how the scanner stands to a server that may not have heard it."""
        self._told = self._offer()
        self._tell(StationScanner(binding_id=self._binding_id, offer=self._told))

    def allow(self, message: AllowScanner) -> None:
        """The operator lets it be turned."""
        self._known = self._offer()
        self._grant_id = message.grant_id
        if self._known is None:
            self._end(RemoteEvent.NO_SCANNER)

    def forbid(self, message: ForbidScanner | None = None) -> None:
        """It is taken back, by the server or with the line: nothing is turned from now on."""
        if message is not None and message.grant_id not in (None, self._grant_id):
            return  # one that has ended already
        self._grant_id = None
        self._taken_back.set()

    def turn(self, asked: TurnScanner) -> None:
        """Turn a control, unless that is not allowed; what came of it is told."""
        self.look()  # a hand may have been there since
        if asked.grant_id != self._grant_id or self._clock_us() > asked.until_us:
            self._answer(asked.guiding_id, ControlOutcome.TAKEN_BACK)
        elif self._is_busy:
            self._answer(asked.guiding_id, ControlOutcome.REFUSED)
        else:
            self._taken_back = threading.Event()
            self._busy = True
            self._turning = asyncio.create_task(self._turn(asked, self._taken_back))

    async def stop(self) -> None:
        """Turn nothing any more; what is under way is told, or was never done."""
        self.forbid()
        self._looking.cancel()
        await asyncio.gather(self._looking, return_exceptions=True)
        if self._turning is not None:
            await self._turning

    @property
    def _is_busy(self) -> bool:
        return self._busy or (self._hung is not None and self._hung.is_alive())

    async def _turn(self, asked: TurnScanner, taken_back: threading.Event) -> None:
        try:
            outcome = await self._turned(asked, taken_back)
        finally:
            self._busy = False
        self._answer(asked.guiding_id, outcome)

    async def _turned(self, asked: TurnScanner, taken_back: threading.Event) -> ControlOutcome:
        before = self._offer()
        wanted = turned(before, asked.control) if before is not None else None
        if before is None or wanted is None:
            return ControlOutcome.REFUSED
        outcome = await self._in_thread(asked, taken_back)
        after = self._offer()
        stands = after.setting if after is not None else None
        if outcome is ControlOutcome.DONE and stands != wanted:
            outcome = ControlOutcome.FAILED  # whatever the adapter says
        if after is None:
            self._end(RemoteEvent.NO_SCANNER)
        elif stands not in (before.setting, wanted):
            self._end(RemoteEvent.TOUCHED)  # another hand is at the same controls
        self._known = after
        return outcome

    async def _in_thread(self, asked: TurnScanner, taken_back: threading.Event) -> ControlOutcome:
        """Not in the loop's own threads: an adapter that hangs must not keep the station from ending."""
        loop = asyncio.get_running_loop()
        came: asyncio.Future[ControlOutcome] = loop.create_future()

        def settle(outcome: ControlOutcome) -> None:
            if not came.done():
                came.set_result(outcome)

        def work() -> None:
            try:
                outcome = self._adapter.turn(asked.control, taken_back)
            except Exception:  # an adapter may raise anything
                log.exception("the scanner's adapter broke off")
                outcome = ControlOutcome.FAILED
            with contextlib.suppress(RuntimeError):  # the station has ended meanwhile
                loop.call_soon_threadsafe(settle, outcome)

        thread = threading.Thread(target=work, name="scanner-control", daemon=True)
        thread.start()
        try:
            return await asyncio.wait_for(came, self._turns_in_s)
        except TimeoutError:
            taken_back.set()
            self._hung = thread
            log.error("the scanner has not answered for %g s", self._turns_in_s)
            return ControlOutcome.FAILED

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.look()

    def look(self) -> None:
        """Notice what changed at the scanner by itself: a hand there takes back what was allowed."""
        if self._is_busy:
            return
        before, self._known = self._known, self._offer()
        if self.allowed and self._known is None:
            self._end(RemoteEvent.NO_SCANNER)
        elif self.allowed and before is not None and self._known is not None:
            if before.setting != self._known.setting:
                self._end(RemoteEvent.TOUCHED)
        if self._told != self._known:
            self.tell_offer()

    def _end(self, why: RemoteEvent) -> None:
        grant_id = self._grant_id
        self.forbid()
        if grant_id is not None:
            self._tell(StationTurningEnded(binding_id=self._binding_id, grant_id=grant_id, why=why))

    def _answer(self, guiding_id: GuidingId, outcome: ControlOutcome) -> None:
        offer = self._offer()
        self.tell_offer()
        self._tell(
            StationTurned(
                binding_id=self._binding_id,
                guiding_id=guiding_id,
                outcome=outcome,
                setting=_setting(offer),
            )
        )

    def _offer(self) -> ScannerOffer | None:
        """What the adapter says, as long as it can be."""
        try:
            offer = self._adapter.offer()
        except Exception:  # an adapter may raise anything
            log.exception("the scanner's adapter broke off")
            return None
        return offer if offer is not None and is_sound(offer) else None


def _setting(offer: ScannerOffer | None) -> ScannerSetting | None:
    return offer.setting if offer is not None else None
