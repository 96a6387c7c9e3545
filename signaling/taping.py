"""Tapes under way: begins and ends them, says so to everyone in the room, and takes down the room's acts."""

import asyncio
import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from records import tapes
from records.audit import Action, AuditEvent
from records.ids import ConsultId
from records.ledger import Ledger, Records
from records.tapes import Tape, TapeEnd
from signaling import acts
from signaling import messages as m
from signaling.ports import MediaPlane, MediaUnavailable, RecorderUnavailable, TapeRecorders
from signaling.room_keeping import RoomKeeping
from signaling.rooms import Room
from signaling.tape_clock import TapeClock, monotonic_us

log = logging.getLogger(__name__)


MOST_RESTARTS = 3
TAP_LIMIT_S = 2.0
"""So long a worker is waited for; what it sends to a recorder that has ended is kept by nobody."""


@dataclass(slots=True)
class _Running:
    tape: Tape
    clock: TapeClock
    socket_path: str = ""  # where its recorder listens
    restarts: int = 0


class Taping:
    """At most one tape a consult."""

    def __init__(
        self,
        records: Records,
        media: MediaPlane,
        recorders: TapeRecorders,
        rooms: RoomKeeping,
        clock: Callable[[], dt.datetime],
        kept: dt.timedelta,
        monotonic: Callable[[], int] = monotonic_us,
    ) -> None:
        self._records, self._media, self._recorders, self._rooms = records, media, recorders, rooms
        self._clock, self._kept, self._monotonic = clock, kept, monotonic
        self._running: dict[ConsultId, _Running] = {}
        self._changing: defaultdict[ConsultId, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._sealing: set[asyncio.Task[None]] = set()
        self._one_seal = asyncio.Lock()  # a disk reads two long tapes faster one after the other
        rooms.witness = self.act

    async def begin_again(self) -> None:
        """At the start of a server: end and seal what a server before this one left."""
        running, unsealed = await self._records.read(
            lambda ledger: (ledger.tapes.running(), ledger.tapes.unsealed())
        )
        for tape in running:
            await self._file(tape, TapeEnd.BROKE_OFF)
        for tape in (*running, *unsealed):
            self._seal_later(tape)

    async def stop_all(self) -> None:
        """At the end of a server: every tape ends and is sealed."""
        for consult_id in list(self._running):
            await self.stop(consult_id, TapeEnd.BROKE_OFF, self._clock())
        await self.sealed()

    async def sealed(self) -> None:
        """Wait until everything that ended is sealed."""
        while self._sealing:
            await asyncio.wait(self._sealing)

    async def start(self, tape: Tape) -> None:
        """Begin to record; everyone in the room is told that it runs, or that it could not begin."""
        async with self._changing[tape.consult_id]:
            if tape.consult_id not in self._rooms.rooms:
                await self._file(tape, TapeEnd.FAILED)
                return
            running = _Running(tape, TapeClock(self._clock, self._monotonic))
            self._running[tape.consult_id] = running
            try:
                await self._open(running)
            except (RecorderUnavailable, MediaUnavailable) as error:
                log.error("a tape could not begin: %s", error)
                del self._running[tape.consult_id]
                await self._stopped(running, self._clock())
                await self._file(running.tape, TapeEnd.FAILED)
                self._seal_later(tape)
                self._show(tape, m.TapeState.FAILED)
                return
            self._show(tape, m.TapeState.RUNNING)

    async def stop(self, consult_id: ConsultId, end: TapeEnd, at: dt.datetime) -> None:
        """Nothing that comes after this moment is kept, and the room is told so at once; the tape is filed.

        Its seal follows: a long tape takes long to be read.
        """
        async with self._changing[consult_id]:
            running = self._running.get(consult_id)
            if running is None:
                return
            self.act(consult_id, acts.TapeStopped(end=end.value))
            del self._running[consult_id]
            self._rooms.set_tape(consult_id, None)
            await asyncio.gather(self._stopped(running, at), self._file(running.tape, end))
            self._seal_later(running.tape)

    async def tick(self) -> None:
        """Once a second: a room that is empty is recorded no more; a recorder that died is replaced."""
        for consult_id, running in list(self._running.items()):
            room = self._rooms.rooms.get(consult_id)
            if room is None or not room.people():
                await self.stop(consult_id, TapeEnd.ROOM_CLOSED, self._clock())
            elif not self._recorders.alive(running.tape.id):
                await self._go_on(running)
            elif not self._media.is_tapped(consult_id):
                await self._tap_again(running)

    def act(self, consult_id: ConsultId, message: m.Message) -> None:
        """Take down what everybody in the room was sent; nothing when the room is not recorded."""
        running = self._running.get(consult_id)
        if running is not None:
            on_tape = m.encode(_by_tape_clock(message, running.clock))
            self._recorders.act(running.tape.id, running.clock.now_us(), on_tape)

    def simulated(self, consult_id: ConsultId) -> None:
        """A station with simulated data was bound: the tape carries that from now on."""
        running = self._running.get(consult_id)
        if running is not None:
            running.tape = msgspec.structs.replace(running.tape, simulated=True)

    async def _go_on(self, running: _Running) -> None:
        """Another recorder goes on behind what is whole; what came meanwhile is a gap.

        One that dies again and again, as on a full disk, is given up, and the room is told so.
        """
        tape = running.tape
        if self._changing[tape.consult_id].locked():
            return  # it is being begun or ended at this moment
        if running.restarts == MOST_RESTARTS:
            log.error("the recorder of tape %s died %d times; given up", tape.id, MOST_RESTARTS + 1)
            await self.stop(tape.consult_id, TapeEnd.BROKE_OFF, self._clock())
            self._show(tape, m.TapeState.FAILED)
            return
        running.restarts += 1
        async with self._changing[tape.consult_id]:
            if self._running.get(tape.consult_id) is not running or self._recorders.alive(tape.id):
                return
            log.warning("the recorder of tape %s died; another one goes on", tape.id)
            try:
                await self._open(running)
            except (RecorderUnavailable, MediaUnavailable) as error:
                log.error("the tape does not go on: %s", error)
                self._show(tape, m.TapeState.FAILED)
                return
            self._show(tape, m.TapeState.RUNNING)

    async def _tap_again(self, running: _Running) -> None:
        """The room's worker died, and nothing is recorded since: tried each second, and said meanwhile."""
        tape = running.tape
        if self._changing[tape.consult_id].locked():
            return  # it is being begun or ended at this moment
        async with self._changing[tape.consult_id]:
            try:
                async with asyncio.timeout(TAP_LIMIT_S):
                    await self._open_tap(running)
            except (MediaUnavailable, TimeoutError) as error:
                log.error("a room is not recorded for now: %s", error or type(error).__name__)
                self._show(tape, m.TapeState.INTERRUPTED)
                return
            self._show(tape, m.TapeState.RUNNING)

    async def _open(self, running: _Running) -> None:
        tape = running.tape
        running.socket_path = await self._recorders.start(tape, running.clock.epoch_us)
        for before in _stands(self._rooms.rooms[tape.consult_id]):
            self.act(tape.consult_id, before)
        await self._open_tap(running)

    async def _open_tap(self, running: _Running) -> None:
        await self._media.open_tap(running.tape.consult_id, running.socket_path, running.clock.epoch_us)

    async def _stopped(self, running: _Running, at: dt.datetime) -> None:
        """First the recorder is told, which keeps nothing of later; a worker that hangs changes nothing."""
        until_us = running.clock.of(at)
        await asyncio.gather(self._recorded(running.tape, until_us), self._tap_closed(running.tape))

    async def _recorded(self, tape: Tape, until_us: int) -> None:
        try:
            await self._recorders.stop(tape.id, until_us)
        except RecorderUnavailable as error:
            log.error("the recorder of tape %s did not end in order: %s", tape.id, error)

    async def _tap_closed(self, tape: Tape) -> None:
        try:
            async with asyncio.timeout(TAP_LIMIT_S):
                await self._media.close_tap(tape.consult_id)
        except (MediaUnavailable, TimeoutError) as error:
            log.info("the tap is gone already, or its worker hangs: %s", type(error).__name__)

    def _seal_later(self, tape: Tape) -> None:
        sealing = asyncio.create_task(self._seal(tape), name=f"sealing {tape.id}")
        self._sealing.add(sealing)
        sealing.add_done_callback(self._sealing.discard)

    async def _seal(self, tape: Tape) -> None:
        try:
            async with self._one_seal:
                seal = await self._recorders.seal(tape.id)
            await self._change(tape, lambda stored: tapes.sealed(stored, seal), "sealed")
        except RecorderUnavailable as error:
            log.error("tape %s cannot be sealed; tried again when the server starts: %s", tape.id, error)
        except Exception:
            log.exception("tape %s was not sealed; tried again when the server starts", tape.id)

    async def _file(self, tape: Tape, end: TapeEnd) -> None:
        now = self._clock()

        def over(stored: Tape) -> Tape:
            return tapes.ended(
                msgspec.structs.replace(stored, simulated=tape.simulated), end, now, self._kept
            )

        await self._change(tape, over, end.value)

    async def _change(self, tape: Tape, change: Callable[[Tape], Tape], reason: str) -> None:
        """Change a tape as it is stored: an administrator may have held it meanwhile."""
        event = AuditEvent(
            at=self._clock(),
            actor_id=None,
            actor_role="server",
            action=Action.CHANGE,
            object_kind="tape",
            object_id=tape.id,
            resident_id=tape.resident_id,
            reason=reason,
        )

        def keep(ledger: Ledger) -> None:
            ledger.tapes.save(change(ledger.tapes.get(tape.id)))
            ledger.audit.append(event)

        await self._records.write(keep)

    def _show(self, tape: Tape, state: m.TapeState) -> None:
        shown = m.TapeView(tape_id=tape.id, state=state, since=tape.started_at)
        self._rooms.set_tape(tape.consult_id, shown)


def _stands(room: Room) -> Iterator[m.Message]:
    """What was said before the tape began and still holds."""
    yield m.RoomChanged(room=room.view())
    for seat in room.seats.values():
        if seat.binding_id is not None:
            yield acts.BindingBegan(binding_id=seat.binding_id, station_id=seat.person.id)
    yield from room.pictures().values()
    if room.frozen is not None:
        yield room.picture_frozen()
    for mark in room.marks:
        yield m.MarkDrawn(consult_id=room.consult_id, mark=mark)


def _by_tape_clock(message: m.Message, clock: TapeClock) -> m.Message:
    """How a publisher's clock stands is told by the server's wall clock; on a tape, by the tape's own."""
    if isinstance(message, m.StationClock | m.PublisherClock):
        return msgspec.structs.replace(message, offset_us=message.offset_us + clock.stepped_us())
    return message
