"""Turning a scanner from afar: allowed by the operator's side, ended by almost anything, done by the station.

What is allowed lives in memory and in one place: it ends with the server, and `RoomKeeping` has it looked at
before it tells anybody how a room stands.
"""

import datetime as dt
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from records.audit import Action, AuditEvent
from records.consults import Consult
from records.errors import RecordsError, RuleBroken
from records.guiding import CannotReason, Guiding, GuidingEvent, GuidingStep, remote_event, step
from records.ids import AccountId, BindingId, ConsultId, GuidingId, new_id
from records.ledger import Ledger, Records
from records.scanner_controls import ControlOutcome, RemoteEvent, ScannerSetting, is_sound, is_sound_setting
from signaling import messages as m
from signaling import moments, scopes
from signaling import station_messages as s
from signaling.errors import Refused
from signaling.guiding import GuidingDesk, view_of
from signaling.live import Turnable
from signaling.refusals import Refusal
from signaling.room_keeping import RoomKeeping
from signaling.rooms import Room, participant_of
from signaling.station_lines import Station, StationLine, Stations
from signaling.tabs import Tab

log = logging.getLogger(__name__)

TURN_WITHIN = dt.timedelta(seconds=3)
"""A station that hears of it later than this after it was asked for does not turn it any more."""

MOST_WAITING = 32

_BY_THE_STATION = frozenset({RemoteEvent.TOUCHED, RemoteEvent.NO_SCANNER, RemoteEvent.RELEASED})

_STEPS: Mapping[ControlOutcome, tuple[GuidingEvent, CannotReason | None]] = {
    ControlOutcome.DONE: (GuidingEvent.DONE, None),
    ControlOutcome.REFUSED: (GuidingEvent.CANNOT, CannotReason.DEVICE_REFUSED),
    ControlOutcome.FAILED: (GuidingEvent.CANNOT, CannotReason.DEVICE_FAILED),
    ControlOutcome.TAKEN_BACK: (GuidingEvent.TAKE_BACK, None),
}


@dataclass(frozen=True, slots=True, eq=False)
class Grant:
    """One permission, from the press that gave it on; it holds as long as nothing of this has changed."""

    id: str
    by_id: AccountId
    by_name: str
    tab: Tab
    specialist_id: AccountId
    specialist_name: str
    station_id: AccountId
    line: StationLine
    binding_id: BindingId
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class _Happened:
    """What is to be kept of a permission; `by` None: the server, of whose permission `grant` is."""

    consult_id: ConsultId
    event: RemoteEvent
    at: dt.datetime
    by_id: AccountId | None
    allowed_by: AccountId


class ScannerRemote:
    """Decides who may turn which scanner, and passes what is asked of it to the station."""

    def __init__(
        self,
        records: Records,
        rooms: RoomKeeping,
        stations: Stations,
        guiding: GuidingDesk,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._records = records
        self._rooms = rooms
        self._stations = stations
        self._guiding = guiding
        self._clock = clock
        self._grants: dict[ConsultId, Grant] = {}
        self._asked: OrderedDict[GuidingId, tuple[Station, BindingId]] = OrderedDict()
        self._unkept: list[_Happened] = []
        rooms.before_telling = self._look
        rooms.closing = partial(self._end, why=RemoteEvent.ROOM_CLOSED)

    async def begin_again(self) -> None:
        """At the start of a server: what one before it allowed has ended with it."""
        now = self._clock()
        await self._records.write(lambda ledger: _end_all(ledger, now))

    # --- what people ask for ----------------------------------------------------------------------------

    async def allow(self, tab: Tab, command: m.AllowTurning) -> None:
        """Let the consult's specialist turn the scanner, or take it back before anything else is done."""
        self._rooms.seat_at(command.consult_id, tab)
        if command.on:
            await self._allow(tab, command.consult_id)
        else:
            self._end(command.consult_id, RemoteEvent.TAKEN_BACK, tab.account.id)
            self._rooms.tell(self._rooms.rooms[command.consult_id])
        await self.keep()

    async def _allow(self, tab: Tab, consult_id: ConsultId) -> None:
        consult = await self._records.read(
            lambda ledger: scopes.consult_in_scope(ledger, tab.account, consult_id)
        )
        if not scopes.asks(tab.account, consult):
            raise Refused(Refusal.NOT_ALLOWED, "only the operator's side lets a scanner be turned")
        seat = self._rooms.seat_at(consult_id, tab)  # anew: time has passed
        room = self._rooms.rooms[consult_id]
        specialist_id = consult.specialist_id
        if specialist_id is None or specialist_id not in room.seats:
            raise Refused(Refusal.NOBODY_TO_TURN)
        station = self._station_of(room)
        if station is None or station.line is None or station.binding is None or station.clock is None:
            raise Refused(Refusal.NO_SCANNER)
        if consult_id in self._grants:
            return
        grant = Grant(
            id=new_id(),
            by_id=tab.account.id,
            by_name=seat.person.display_name,
            tab=tab,
            specialist_id=specialist_id,
            specialist_name=room.seats[specialist_id].person.display_name,
            station_id=station.line.account.id,
            line=station.line,
            binding_id=station.binding.id,
            since=self._clock(),
        )
        self._grants[consult_id] = grant
        self._note(consult_id, grant, RemoteEvent.ALLOWED, grant.by_id)
        station.send(s.AllowScanner(binding_id=grant.binding_id, grant_id=grant.id))
        self._rooms.tell(room)

    def turnable(self) -> dict[ConsultId, Turnable]:
        """Of each room in which it is allowed: who may turn what."""
        found = {}
        for consult_id, grant in self._grants.items():
            offer = self._stations[grant.station_id].scanner
            if offer is not None:
                found[consult_id] = Turnable(specialist_id=grant.specialist_id, controls=offer.controls)
        return found

    async def turn(self, guiding: Guiding) -> None:
        """Have the station turn what was asked for, unless that is not allowed any more."""
        assert guiding.control is not None
        room = self._rooms.rooms.get(guiding.consult_id)
        grant = self._grants.get(guiding.consult_id)
        held = room is not None and grant is not None and self._why_over(room, grant) is None
        station = self._stations[grant.station_id] if held and grant is not None else None
        if grant is None or station is None or station.clock is None:
            await self._settle(guiding.id, ControlOutcome.TAKEN_BACK, None, None)
            return
        self._asked[guiding.id] = (station, grant.binding_id)
        while len(self._asked) > MOST_WAITING:
            self._asked.popitem(last=False)
        station.send(
            s.TurnScanner(
                binding_id=grant.binding_id,
                grant_id=grant.id,
                guiding_id=guiding.id,
                control=guiding.control,
                until_us=moments.to_us(guiding.asked_at + TURN_WITHIN) + station.clock.offset_us,
            )
        )

    # --- what stations say ------------------------------------------------------------------------------

    def offers(self, station: Station, message: s.StationScanner) -> None:
        """How the scanner stands, or that nothing of it can be turned."""
        if station.binding is None or station.binding.id != message.binding_id:
            raise Refused(Refusal.NOT_BOUND)
        if message.offer is not None and not is_sound(message.offer):
            raise Refused(Refusal.OUT_OF_RANGE, "an offer that no scanner makes")
        station.scanner = message.offer
        room = self._rooms.rooms.get(station.binding.consult_id)
        if room is not None:
            self._rooms.tell(room)

    async def turned(self, line: StationLine, message: s.StationTurned) -> None:
        """The scanner has answered; a late answer counts."""
        station, binding_id = self._asked.get(message.guiding_id, (None, None))
        if station is not self._stations[line.account.id] or binding_id != message.binding_id:
            raise Refused(Refusal.NOT_FOUND, "it was not asked to turn that")
        del self._asked[message.guiding_id]
        setting, outcome = message.setting, message.outcome
        if setting is None or not is_sound_setting(setting):
            setting = None
            if outcome is ControlOutcome.DONE:
                outcome = ControlOutcome.FAILED  # done is only what was reported
        await self._settle(message.guiding_id, outcome, line.account.id, setting)

    def ended(self, station: Station, message: s.StationTurningEnded) -> None:
        """The station has ended it by itself."""
        for consult_id, grant in list(self._grants.items()):
            if grant.id == message.grant_id and self._stations[grant.station_id] is station:
                why = message.why if message.why in _BY_THE_STATION else RemoteEvent.RELEASED
                self._end(consult_id, why)
                self._rooms.tell(self._rooms.rooms[consult_id])

    # --- how it ends ------------------------------------------------------------------------------------

    def consult_is(self, consult: Consult) -> None:
        """A consult has changed: it may be another specialist's now."""
        grant = self._grants.get(consult.id)
        if grant is not None and grant.specialist_id != consult.specialist_id:
            self._end(consult.id, RemoteEvent.SPECIALIST_AWAY)
            self._rooms.tell(self._rooms.rooms[consult.id])

    async def tick(self) -> None:
        """Once a second: whatever ended without a word, and what is still to be kept."""
        for consult_id, grant in list(self._grants.items()):
            room = self._rooms.rooms.get(consult_id)
            if room is None:
                self._end(consult_id, RemoteEvent.ROOM_CLOSED)
            elif self._why_over(room, grant) is not None:
                self._rooms.tell(room)
        await self.keep()

    def _look(self, room: Room) -> None:
        grant = self._grants.get(room.consult_id)
        why = self._why_over(room, grant) if grant is not None else None
        if why is not None:
            self._end(room.consult_id, why)
        room.scanner = self._view(room)

    def _why_over(self, room: Room, grant: Grant) -> RemoteEvent | None:
        """Why a permission does not hold any more; None: it does."""
        operator, at_station = room.seats.get(grant.by_id), room.seats.get(grant.station_id)
        station = self._stations[grant.station_id]
        if operator is None or operator.tab is not grant.tab or not operator.connected:
            return RemoteEvent.OPERATOR_AWAY
        if grant.specialist_id not in room.seats:
            return RemoteEvent.SPECIALIST_AWAY
        if station.line is not grant.line or grant.line.closed:
            return RemoteEvent.LINE_LOST
        if at_station is None or at_station.binding_id != grant.binding_id:
            return RemoteEvent.RELEASED
        if station.binding is None or station.binding.id != grant.binding_id:
            return RemoteEvent.RELEASED
        if room.ultrasound_elsewhere():
            return RemoteEvent.OTHER_PICTURE
        return RemoteEvent.NO_SCANNER if station.scanner is None else None

    def _end(self, consult_id: ConsultId, why: RemoteEvent, by_id: AccountId | None = None) -> None:
        """Nothing is turned from this moment on; the station is told, and drops what is under way."""
        grant = self._grants.pop(consult_id, None)
        if grant is None:
            return
        grant.line.send(s.ForbidScanner(binding_id=grant.binding_id, grant_id=grant.id))
        self._note(consult_id, grant, why, by_id)

    # --- what is shown, and kept ------------------------------------------------------------------------

    def _station_of(self, room: Room) -> Station | None:
        """The station whose scanner is the room's and can be turned."""
        if room.ultrasound_elsewhere():
            return None
        for account_id in room.stations():
            station, seat = self._stations[account_id], room.seats[account_id]
            bound = station.binding is not None and station.binding.id == seat.binding_id
            if bound and station.line is not None and station.scanner is not None:
                return station
        return None

    def _view(self, room: Room) -> m.ScannerView | None:
        station, grant = self._station_of(room), self._grants.get(room.consult_id)
        if station is None or station.scanner is None:
            return None
        allowed = None
        if grant is not None:
            allowed = m.TurningAllowed(
                by_name=grant.by_name,
                specialist_id=participant_of(room.consult_id, grant.specialist_id),
                specialist_name=grant.specialist_name,
                since=grant.since,
            )
        return m.ScannerView(offer=station.scanner, allowed=allowed)

    def _note(self, consult_id: ConsultId, grant: Grant, event: RemoteEvent, by_id: AccountId | None) -> None:
        self._unkept.append(_Happened(consult_id, event, self._clock(), by_id, grant.by_id))

    async def keep(self) -> None:
        """Put into the consult's log what was allowed and what ended, each with its time."""
        happened, self._unkept = self._unkept, []
        if not happened:
            return
        try:
            kept = await self._records.write(lambda ledger: [_keep(ledger, one) for one in happened])
        except (RecordsError, OSError):
            self._unkept = [*happened, *self._unkept]
            log.exception("what was allowed of a scanner could not be kept; tried again")
            return
        for guiding, view in kept:
            self._guiding.moved(guiding, view)

    async def _settle(
        self,
        guiding_id: GuidingId,
        outcome: ControlOutcome,
        by_id: AccountId | None,
        setting: ScannerSetting | None,
    ) -> None:
        event, reason = _STEPS[outcome]
        happened = GuidingStep(event=event, at=self._clock(), by=by_id, reason=reason, reported=setting)
        after, view = await self._records.write(partial(_settle, guiding_id=guiding_id, happened=happened))
        self._guiding.moved(after, view)


def _settle(ledger: Ledger, guiding_id: GuidingId, happened: GuidingStep) -> tuple[Guiding, m.GuidingView]:
    try:
        after = step(ledger.guidings.get(guiding_id), happened)
    except RuleBroken as error:
        raise Refused(Refusal.CHANGED_MEANWHILE, str(error)) from error
    ledger.guidings.save(after)
    _audit(ledger, after, happened.at, happened.by, after.state.value)
    return after, view_of(ledger, after)


def _keep(ledger: Ledger, one: _Happened) -> tuple[Guiding, m.GuidingView]:
    by_id = one.by_id or one.allowed_by
    kept = remote_event(GuidingId(new_id()), one.consult_id, by_id, one.at, one.event)
    ledger.guidings.add(kept)
    _audit(ledger, kept, one.at, one.by_id, one.event.value)
    return kept, view_of(ledger, kept)


def _end_all(ledger: Ledger, now: dt.datetime) -> None:
    for consult in ledger.consults.open():
        said = [one for one in ledger.guidings.of_consult(consult.id) if one.remote is not None]
        if said and said[-1].remote is RemoteEvent.ALLOWED:
            _keep(ledger, _Happened(consult.id, RemoteEvent.LINE_LOST, now, None, said[-1].guide_id))


def _audit(ledger: Ledger, guiding: Guiding, at: dt.datetime, by_id: AccountId | None, reason: str) -> None:
    role = ledger.accounts.get(by_id).role.value if by_id is not None else "server"
    ledger.audit.append(
        AuditEvent(
            at=at,
            actor_id=by_id,
            actor_role=role,
            action=Action.CHANGE,
            object_kind="guiding",
            object_id=guiding.id,
            resident_id=ledger.consults.get(guiding.consult_id).resident_id,
            reason=reason,
        )
    )
