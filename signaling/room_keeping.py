"""Carries out what happens in rooms: who comes and goes, what becomes of their media, what is told to all."""

import datetime as dt
from collections.abc import Callable

import msgspec

from records.accounts import Account
from records.consults import Binding
from records.ids import AccountId, ConsultId, SessionId
from records.rooms import Door, Encoding, MediaKind
from signaling import acts
from signaling import messages as m
from signaling.door_seats import DoorSeat
from signaling.errors import Refused
from signaling.media_paths import MediaPaths, Witness
from signaling.ports import MediaPlane
from signaling.refusals import Refusal
from signaling.relays import NO_RELAYS, Relays
from signaling.rooms import Room, Seat
from signaling.scoring import Scoring
from signaling.tabs import Tab

JOINED_ELSEWHERE = "joined_elsewhere"
"""Reason of `RoomClosed` for a tab whose place another tab of the same person took."""

MOVED_OUT = "moved_out"
"""Reason of `RoomClosed` for one who does not belong to the consult any more."""


class RoomKeeping:
    """All rooms with somebody in them; `paths` are the peer connections of their seats."""

    def __init__(
        self,
        media: MediaPlane,
        clock: Callable[[], dt.datetime],
        to_station: Callable[[AccountId, m.Message], None],
        relays: Relays = NO_RELAYS,
    ) -> None:
        self.rooms: dict[ConsultId, Room] = {}
        self.witness: Witness = _nobody
        """Told of everything that everybody in a room is sent."""
        self.before_telling: Callable[[Room], None] = lambda room: None
        """Has its say before anybody is told how a room stands."""
        self.closing: Callable[[ConsultId], None] = lambda consult_id: None
        """Told that a room is closed for everybody."""
        self.scoring = Scoring()
        self.paths = MediaPaths(
            media,
            clock,
            to_station,
            relays,
            self.rooms,
            self.scoring,
            lambda consult_id, told: self.witness(consult_id, told),  # which is set later
        )
        self._clock = clock

    # --- who is where -----------------------------------------------------------------------------------

    def in_call(self) -> frozenset[AccountId]:
        """Every person who sits in a room."""
        return frozenset(
            account_id
            for room in self.rooms.values()
            for account_id, seat in room.seats.items()
            if not seat.is_station
        )

    def speakers(self) -> dict[ConsultId, frozenset[AccountId]]:
        """Of each room, everyone who may be heard."""
        return {consult_id: room.speakers() for consult_id, room in self.rooms.items()}

    def in_room(self) -> frozenset[tuple[ConsultId, AccountId]]:
        """Who sits in which room, stations included."""
        return frozenset(
            (room.consult_id, account_id) for room in self.rooms.values() for account_id in room.seats
        )

    def session_in_call(self, session_id: SessionId) -> bool:
        """Whether a signed-in browser sits in a room: a running call is activity."""
        return any(seat.tab and seat.tab.session_id == session_id for _, seat in self._seats())

    def of_account(self, account_id: AccountId) -> tuple[m.RoomView, ...]:
        """The rooms an account sits in."""
        return tuple(room.view() for room in self.rooms.values() if account_id in room.seats)

    def seat_of(self, consult_id: ConsultId, account_id: AccountId) -> Seat:
        """The seat of an account; raise `Refused` with `NOT_IN_ROOM` when it has none."""
        room = self.rooms.get(consult_id)
        if room is None or account_id not in room.seats:
            raise Refused(Refusal.NOT_IN_ROOM)
        return room.seats[account_id]

    def seat_at(self, consult_id: ConsultId, tab: Tab) -> Seat:
        """The seat a tab holds; raise `Refused` with `NOT_IN_ROOM` when another tab has it, or nobody."""
        seat = self.seat_of(consult_id, tab.account.id)
        if seat.tab is not tab:
            raise Refused(Refusal.NOT_IN_ROOM)
        return seat

    def sits(self, tab: Tab) -> bool:
        """Whether a tab holds a seat in any room."""
        return any(seat.tab is tab for _, seat in self._seats())

    def tabs_in(self, consult_id: ConsultId) -> list[Tab]:
        """Every tab that sits in a room."""
        room = self.rooms.get(consult_id)
        return [seat.tab for seat in room.people() if seat.tab] if room else []

    # --- people -----------------------------------------------------------------------------------------

    async def join(
        self, consult_id: ConsultId, tab: Tab, person: m.PersonCard, microphone_on: bool, camera_on: bool
    ) -> None:
        """Seat somebody, or seat them again from another tab, and offer media."""
        room = self.room(consult_id)
        seat = room.seat(tab.account.id, person)
        self.scoring.went_by_itself(consult_id, seat)
        if seat.tab is not None and seat.tab is not tab:
            seat.tab.put(m.RoomClosed(consult_id=consult_id, reason=JOINED_ELSEWHERE))
        if seat.tab is not tab:
            await self._begin_anew(room, seat)
        seat.tab, seat.connected = tab, True
        seat.microphone_on, seat.camera_on = microphone_on, camera_on
        self.tell(room)
        self._show_frozen(room, seat, tab)
        await self.paths.open(room, seat)

    def _show_frozen(self, room: Room, seat: Seat, tab: Tab) -> None:
        """To one who comes in, or back with nothing of before: how the picture stands, marks, clips."""
        if MediaKind.ULTRASOUND not in seat.grants.receive:
            return
        tab.put(room.picture_frozen())
        tab.put(m.MarksCleared(consult_id=room.consult_id))
        for mark in room.marks:
            tab.put(m.MarkDrawn(consult_id=room.consult_id, mark=mark))
        for clip in room.clips.values():
            tab.put(m.ClipChanged(consult_id=room.consult_id, clip=clip))

    async def leave(self, consult_id: ConsultId, account_id: AccountId, reason: str | None = None) -> None:
        """Take somebody out of a room and close the media; `reason` is told to them."""
        room = self.rooms.get(consult_id)
        seat = room.seats.pop(account_id, None) if room else None
        if room is None or seat is None:
            return
        if reason is not None and seat.tab is not None:
            seat.tab.put(m.RoomClosed(consult_id=consult_id, reason=reason))
        if not seat.is_station:
            self.scoring.went_by_itself(consult_id, seat)
        if seat.sends_ultrasound:
            await self.give_ultrasound(room, None)
        if not room.people():
            await self.close_doors(room, lambda one: one.door is Door.SCREEN)  # nobody would know of it
        self.tell(room)
        self.drop_if_empty(room)
        await self.paths.cut(seat)

    async def close(self, consult_id: ConsultId, reason: str) -> None:
        """Close a room for everybody."""
        self.closing(consult_id)
        room = self.rooms.pop(consult_id, None)
        if room is None:
            return
        for seat in room.people():
            if seat.tab is not None:
                seat.tab.put(m.RoomClosed(consult_id=consult_id, reason=reason))
        for seat in list(room.seats.values()):
            await self.paths.cut(seat)
        await self.close_doors(room, lambda _: True)
        await self.paths.close_room(consult_id)

    def mute(self, consult_id: ConsultId, tab: Tab, microphone_on: bool, camera_on: bool) -> None:
        """Hold what is muted and tell everyone; raise `Refused` with `NOT_IN_ROOM`."""
        seat = self.seat_at(consult_id, tab)
        seat.microphone_on, seat.camera_on = microphone_on, camera_on
        seat.auscultating = seat.auscultating and microphone_on
        self.tell(self.rooms[consult_id])

    def lost(self, tab: Tab) -> None:
        """A tab's line is lost: its seats stay, shown as not connected."""
        self._set_connected(tab, False)

    def back(self, tab: Tab) -> None:
        """A tab's line is back; media that was lost meanwhile is offered anew."""
        self._set_connected(tab, True)
        for room, seat in self._seats():
            if seat.tab is tab and seat.peer_id is None:
                seat.offer_due = True
            if seat.tab is tab:
                self._show_frozen(room, seat, tab)
                self.paths.tell_line_again(room, seat)

    async def leave_all(self, tab: Tab) -> None:
        """A tab is gone for good: its seats are given up and their media is closed at once."""
        for room, seat in self._seats():
            if seat.tab is tab:
                await self.leave(room.consult_id, tab.account.id)

    async def give_ultrasound(self, room: Room, to: Seat | None) -> None:
        """From now on this seat's capture card is the room's ultrasound; None: the station's again.

        The right is taken from one before it is given to the other, so that two are never mixed.
        """
        changed = [seat for seat in room.seats.values() if _ultrasound_moves(room, seat, to)]
        for seat in sorted(changed, key=lambda seat: MediaKind.ULTRASOUND in seat.grants.publish):
            if seat.peer_id is not None:  # its next peer connection is opened with what it may
                await self.paths.regrant(seat.peer_id, seat.grants)
        self.forget_picture(room)

    def forget_picture(self, room: Room) -> None:
        """Another picture is the ultrasound now: what was frozen of the one before, and drawn, is no more."""
        room.frozen = None
        room.marks.clear()
        self.tell_frozen(room)
        cleared = m.MarksCleared(consult_id=room.consult_id)
        self.witness(room.consult_id, cleared)
        for tab in room.receivers():
            tab.put(cleared)

    def move_marks(self, room: Room, before_us: int, capture_us: int) -> None:
        """The frame of this time turned out to be of that one: its marks are drawn anew in their place."""
        if before_us == capture_us:
            return
        for index, mark in enumerate(room.marks):
            if mark.capture_us == before_us:
                moved = room.marks[index] = msgspec.structs.replace(mark, capture_us=capture_us)
                drawn = m.MarkDrawn(consult_id=room.consult_id, mark=moved)
                self.witness(room.consult_id, drawn)
                for tab in room.receivers():
                    tab.put(drawn)

    def tell_frozen(self, room: Room) -> None:
        """Tell everybody who receives the picture whether it is frozen, and at which frame."""
        told = room.picture_frozen()
        self.witness(room.consult_id, told)
        for tab in room.receivers():
            tab.put(told)

    async def _begin_anew(self, room: Room, seat: Seat) -> None:
        """Another page of the same person: what microphone and capture card did ended with the old one."""
        seat.auscultating = False
        if seat.sends_ultrasound:
            await self.give_ultrasound(room, None)

    def set_tape(self, consult_id: ConsultId, tape: m.TapeView | None) -> None:
        """Everyone in the room is told whether it is recorded."""
        room = self.rooms.get(consult_id)
        if room is not None and room.tape != tape:
            room.tape = tape
            self.tell(room)

    async def restart(self, consult_id: ConsultId, tab: Tab) -> None:
        """A browser lost its path, often before the worker knows: a new one, muted as before."""
        seat = self.seat_at(consult_id, tab)
        self.paths.found_dead(self.rooms[consult_id], seat)
        await self.offer_anew(consult_id, tab)

    async def offer_anew(self, consult_id: ConsultId, tab: Tab) -> None:
        """A new peer connection for the same participant; nothing was lost."""
        seat = self.seat_at(consult_id, tab)
        if not await self.paths.open(self.rooms[consult_id], seat):
            raise Refused(Refusal.MEDIA_UNAVAILABLE)

    # --- the station ------------------------------------------------------------------------------------

    async def station_in(self, binding: Binding, station: Account, person: m.PersonCard) -> None:
        """Seat a bound station and offer it media."""
        room = self.room(binding.consult_id)
        for account_id in [one for one, seat in room.seats.items() if seat.is_station and one != station.id]:
            await self.leave(binding.consult_id, account_id)
        seat = room.seat(station.id, person)
        if seat.binding_id != binding.id:
            seat.told.pictures.clear()
            self.forget_picture(room)  # it was another binding's
            self.witness(binding.consult_id, acts.BindingBegan(binding_id=binding.id, station_id=station.id))
        seat.binding_id, seat.connected = binding.id, True
        seat.ultrasound_elsewhere = room.ultrasound_elsewhere()
        self.tell(room)
        await self.paths.open(room, seat)

    async def station_out(self, binding: Binding) -> None:
        """A binding has ended: the station's media of it is closed, its other devices' as well."""
        room = self.rooms.get(binding.consult_id)
        seat = room.seats.get(binding.station_id) if room else None
        if room is not None and seat is not None and seat.binding_id == binding.id:
            self.witness(binding.consult_id, acts.BindingEnded(binding_id=binding.id))
            if room.frozen is not None and room.frozen.binding_id == binding.id:
                self.forget_picture(room)
            await self.leave(binding.consult_id, binding.station_id)
        if room is not None:
            await self.close_doors(room, lambda one: one.binding_id == binding.id)

    def station_lost(self, binding: Binding) -> None:
        """The station's line is lost; its media may still flow."""
        room = self.rooms.get(binding.consult_id)
        seat = room.seats.get(binding.station_id) if room else None
        if room is not None and seat is not None:
            seat.connected = False
            self.tell(room)

    def picture_shown(self, binding: Binding, shown: m.PictureShown) -> None:
        """Tell everybody in the room which part of the ultrasound picture is shown from now on."""
        room = self.rooms.get(binding.consult_id)
        seat = room.seats.get(binding.station_id) if room else None
        if room is None or seat is None or seat.binding_id != binding.id:
            return
        before, seat.told.pictures[shown.encoding] = seat.told.pictures.get(shown.encoding), shown
        self.witness(binding.consult_id, shown)
        for tab in self.tabs_in(binding.consult_id):
            tab.send(shown)
        if shown.encoding is Encoding.REDUCED and (before is None or before.given_up != shown.given_up):
            for viewer in room.people():
                if viewer.told.encoding is Encoding.REDUCED:
                    self.paths.say_given_up(room, viewer)

    # --- what came by a standard door --------------------------------------------------------------------

    async def close_doors(self, room: Room, which: Callable[[DoorSeat], bool]) -> bool:
        """Take places of devices and screens, close their media, tell everyone; whether there were any."""
        leaving = [one for one in room.doors.values() if which(one)]
        for one in leaving:
            room.doors.pop(one.participant_id, None)
        if leaving:
            self.tell(room)
        for one in leaving:
            await self.paths.cut_peer(one.peer_id)
        await self.share_ultrasound(room)
        self.drop_if_empty(room)
        return bool(leaving)

    async def share_ultrasound(self, room: Room) -> None:
        """Only one picture claims to be the ultrasound: the station's own waits while another is here."""
        elsewhere = room.ultrasound_elsewhere()
        if room.frozen is not None and (room.frozen.binding_id is None) != elsewhere:
            self.forget_picture(room)
        for seat in room.seats.values():
            if seat.is_station and seat.ultrasound_elsewhere != elsewhere:
                seat.ultrasound_elsewhere = elsewhere
                if seat.peer_id is not None:
                    await self.paths.regrant(seat.peer_id, seat.grants)

    def drop_if_empty(self, room: Room) -> None:
        """Forget a room nobody and nothing is in."""
        if not room.seats and not room.doors and self.rooms.get(room.consult_id) is room:
            del self.rooms[room.consult_id]
            self.paths.note_empty(room.consult_id)

    # --- telling ----------------------------------------------------------------------------------------

    def room(self, consult_id: ConsultId) -> Room:
        """The room of a consult, a new one when nobody is in it."""
        if consult_id not in self.rooms:
            self.rooms[consult_id] = Room(consult_id=consult_id, opened_at=self._clock())
        return self.rooms[consult_id]

    def _seats(self) -> list[tuple[Room, Seat]]:
        return [(room, seat) for room in self.rooms.values() for seat in room.seats.values()]

    def _set_connected(self, tab: Tab, connected: bool) -> None:
        for room, seat in self._seats():
            if seat.tab is tab and seat.connected != connected:
                seat.connected = connected
                self.tell(room)

    def tell(self, room: Room) -> None:
        """Show everyone in a room how it stands."""
        self.before_telling(room)
        changed = m.RoomChanged(room=room.view())
        self.witness(room.consult_id, changed)
        for seat in room.people():
            if seat.tab is not None:
                seat.tab.put(changed)


def _ultrasound_moves(room: Room, seat: Seat, to: Seat | None) -> bool:
    """Note at one seat who sends the ultrasound; tell whether its rights changed by that."""
    before = seat.grants
    seat.sends_ultrasound = seat is to
    seat.ultrasound_elsewhere = seat.is_station and (to is not None or room.ultrasound_by_door())
    return seat.grants != before


def _nobody(consult_id: ConsultId, message: m.Message) -> None:
    """No tape takes anything down."""
