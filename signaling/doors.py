"""The standard doors: a station's devices that come by WHIP (RFC 9725), teaching screens that come by WHEP.

Such a client makes its own offer, once; it is seated for as long as that peer connection lasts. A device
publishes only while its station is bound, a screen watches only while somebody sits in the room.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Mapping

import msgspec

from records.accounts import Account
from records.audit import Action, AuditEvent
from records.errors import RecordsError
from records.ids import AccountId, ConsultId, ParticipantId, new_id
from records.ledger import Ledger, Records
from records.rooms import MOST_SPEAKERS, ClientOffer, Door
from records.values import Value
from signaling.announcing import Announcer
from signaling.cards import read_person
from signaling.door_seats import DOOR_KINDS, DoorSeat, device_participant
from signaling.errors import Refused
from signaling.live import StationLive
from signaling.messages import DeviceState, IceServer
from signaling.ports import MediaEvent, MediaPlane, MediaUnavailable, PeerDown, PeerUp, WorkerRestarted
from signaling.refusals import Refusal
from signaling.relays import NO_RELAYS, Relays
from signaling.room_keeping import RoomKeeping
from signaling.rooms import Room
from signaling.screens import GivenLink, ScreenLink, Screens
from signaling.station_lines import Stations

log = logging.getLogger(__name__)


class DoorOpened(Value):
    """The answer to a client's offer, and the name of its session."""

    session_id: str
    sdp: str
    ice_servers: tuple[IceServer, ...] = ()


class Doors:
    """Seats devices and screens, and takes their seats when the reason for them is gone."""

    def __init__(
        self,
        records: Records,
        media: MediaPlane,
        stations: Stations,
        rooms: RoomKeeping,
        announcer: Announcer,
        clock: Callable[[], dt.datetime],
        relays: Relays = NO_RELAYS,
    ) -> None:
        self._records = records
        self._media = media
        self._stations = stations
        self._rooms = rooms
        self._announcer = announcer
        self._clock = clock
        self._relays = relays
        self._screens = Screens()

    # --- devices (WHIP) ---------------------------------------------------------------------------------

    async def publish(self, station: Account, token_hash: str, door: Door, sdp: str) -> DoorOpened:
        """Take a device's offer under the station's running binding; one before it of the kind is replaced.

        Raises `Refused` (`NOBODY_VOUCHES`, `NOT_BOUND`, `MEDIA_UNAVAILABLE`) or `MediaRefused`.
        """
        at_work = self._stations[station.id]
        async with at_work.changing:
            if door is Door.ULTRASOUND:
                await self._check_vouched(station.id)
            binding = at_work.binding
            if binding is None:
                raise Refused(Refusal.NOT_BOUND)
            self._check_place(binding.consult_id, station.id, door)
            person = await self._records.read(lambda ledger: read_person(ledger, station.id))
            seat = DoorSeat(
                session_id=new_id(),
                participant_id=device_participant(binding.consult_id, station.id, door),
                door=door,
                person=person,
                peer_id="",
                binding_id=binding.id,
                token_hash=token_hash,
            )
            opened = await self._answer(binding.consult_id, seat, sdp)
            await self._sit(self._rooms.room(binding.consult_id), seat)
            return opened

    async def _check_vouched(self, station_id: AccountId) -> None:
        station = await self._records.read(lambda ledger: ledger.accounts.get(station_id))
        if station.encoder is None:
            raise Refused(Refusal.NOBODY_VOUCHES)

    async def end_unvouched(self, station_id: AccountId) -> None:
        """Nobody answers for the picture of a station's encoder any more: it ends at once."""
        async with self._stations[station_id].changing:  # not between a look at who answers and the seat
            for room, _ in self._seats():
                await self._close(
                    room, lambda one: one.person.id == station_id and one.door is Door.ULTRASOUND
                )

    def _check_place(self, consult_id: ConsultId, station_id: AccountId, door: Door) -> None:
        """Refuse a second ultrasound beside a capture card, and a camera no browser has a slot for."""
        room = self._rooms.rooms.get(consult_id)
        if room is None:
            return
        if door is Door.ULTRASOUND and room.ultrasound_by_card():
            raise Refused(Refusal.ULTRASOUND_TAKEN)
        if door is Door.CAMERA and len(room.speakers() - {station_id}) >= MOST_SPEAKERS:
            raise Refused(Refusal.ROOM_FULL)

    async def end_device(self, station_id: AccountId, session_id: str) -> None:
        """The device ends its session; raise `Refused` with `NOT_FOUND` when it has none of that name."""
        await self._end(session_id, lambda one: one.binding_id is not None and one.person.id == station_id)

    # --- screens (WHEP) ---------------------------------------------------------------------------------

    async def let_screen_in(self, account: Account, consult_id: ConsultId) -> tuple[ScreenLink, str]:
        """Make a link by which one teaching screen may watch; who makes it must sit in the room."""
        self._rooms.seat_of(consult_id, account.id)
        person = await self._records.read(lambda ledger: read_person(ledger, account.id))
        return self._screens.make(consult_id, person, self._clock())

    def links_given(self, account: Account, consult_id: ConsultId) -> tuple[GivenLink, ...]:
        """The links by which a screen watches or may still come, the oldest first, to who sits there."""
        self._rooms.seat_of(consult_id, account.id)
        room = self._rooms.rooms.get(consult_id)
        screens = {
            seat.participant_id for of, seat in self._seats() if of is room and seat.door is Door.SCREEN
        }
        now = self._clock()
        every = [GivenLink(one, one.id in screens) for one in self._screens.of_consult(consult_id)]
        return tuple(one for one in every if one.watching or now < one.link.expires_at)

    async def take_link_back(self, account: Account, consult_id: ConsultId, link_id: str) -> None:
        """Make a link good for nothing, and end the screen that watches by it."""
        self._rooms.seat_of(consult_id, account.id)
        known = self._screens.revoke(consult_id, link_id)
        room = self._rooms.rooms.get(consult_id)
        watched = room is not None and await self._rooms.close_doors(
            room, lambda one: one.participant_id == link_id and one.door is Door.SCREEN
        )
        if not known and not watched:
            raise Refused(Refusal.NOT_FOUND)

    def screen_link(self, consult_id: ConsultId, token_hash: str) -> ScreenLink | None:
        """The link a token is of, if it is good for this consult now."""
        return self._screens.find(consult_id, token_hash, self._clock())

    async def watch(self, link: ScreenLink, sdp: str) -> DoorOpened:
        """Take a screen's offer; it is named to all in the room.

        Raises `Refused` (`NOT_IN_ROOM`, `NOT_FOUND`, `MEDIA_UNAVAILABLE`) or `MediaRefused`.
        """
        room = self._rooms.rooms.get(link.consult_id)
        if room is None or not room.people():
            raise Refused(Refusal.NOT_IN_ROOM, "nobody is in the room")
        seat = DoorSeat(
            session_id=new_id(),
            participant_id=ParticipantId(link.id),
            door=Door.SCREEN,
            person=link.opened_by,
            peer_id="",
            token_hash=link.token_hash,
        )
        opened = await self._answer(link.consult_id, seat, sdp)
        if not self._may_still_watch(room, link):
            await self._rooms.paths.cut_peer(seat.peer_id)
            self._rooms.paths.note_empty(link.consult_id)
            raise Refused(Refusal.NOT_FOUND, "taken back while the worker was at it")
        await self._sit(room, seat)
        return opened

    def _may_still_watch(self, room: Room, link: ScreenLink) -> bool:
        here = self._rooms.rooms.get(link.consult_id) is room and bool(room.people())
        return here and link in self._screens.of_consult(link.consult_id)

    def knows_screen(self, consult_id: ConsultId, token_hash: str) -> bool:
        """Whether a token may ask for anything of this consult: its link is good, or it watches already."""
        watches = any(
            seat.token_hash == token_hash and seat.door is Door.SCREEN and room.consult_id == consult_id
            for room, seat in self._seats()
        )
        return watches or self.screen_link(consult_id, token_hash) is not None

    async def end_screen(self, token_hash: str, session_id: str) -> None:
        """The screen ends its session; raise `Refused` with `NOT_FOUND` when it has none of that name."""
        await self._end(session_id, lambda one: one.door is Door.SCREEN and one.token_hash == token_hash)

    # --- what happens to them ---------------------------------------------------------------------------

    async def heard(self, event: MediaEvent) -> None:
        """Take in what a worker tells: a device that is connected may publish, a lost one has left."""
        match event:
            case PeerUp(peer_id=peer_id):
                for room, seat in self._seats():
                    if seat.peer_id == peer_id:
                        await self._connected(room, seat)
            case PeerDown(peer_id=peer_id, reason=reason):
                for room, seat in self._seats():
                    if seat.peer_id == peer_id and seat.connected and seat.binding_id is not None:
                        self._rooms.paths.lost(room, seat, reason)
                    await self._close(room, lambda one: one.peer_id == peer_id)
            case WorkerRestarted(room_ids=room_ids):
                for room, _ in self._seats():
                    if room.consult_id in room_ids:  # they make the offer: only they can come again
                        await self._close(room, lambda _: True)

    def consult_ended(self, consult_id: ConsultId) -> None:
        """No link of it is good any more; who watches is put out as the room is closed."""
        self._screens.forget_consult(consult_id)

    async def end_account(self, account_id: AccountId) -> None:
        """A station's token or an account is good no more: its devices, and the screens it let in."""
        self._screens.forget_account(account_id)
        for room, _ in self._seats():
            await self._close(room, lambda one: one.person.id == account_id)

    def let_in_by(self) -> set[tuple[ConsultId, AccountId]]:
        """In which consults who has links for screens, or screens that watch."""
        watching = {
            (room.consult_id, seat.person.id) for room, seat in self._seats() if seat.door is Door.SCREEN
        }
        return watching | {(link.consult_id, link.opened_by.id) for link in self._screens.all()}

    async def end_screens_of(self, consult_id: ConsultId, account_id: AccountId) -> None:
        """Somebody takes part in a consult no more: whom she let watch it does not watch any longer."""
        self._screens.forget_account(account_id, consult_id)
        room = self._rooms.rooms.get(consult_id)
        if room is not None:
            await self._close(room, lambda one: one.door is Door.SCREEN and one.person.id == account_id)

    def tokens(self) -> set[tuple[AccountId, str]]:
        """The tokens that stations' devices came with, to be looked at whether they are still good."""
        return {(seat.person.id, seat.token_hash) for _, seat in self._seats() if seat.binding_id is not None}

    def shown(self, stations: Mapping[AccountId, StationLive]) -> Mapping[AccountId, StationLive]:
        """What stations say of themselves, with what a device of theirs sends in place of their own picture.

        Its clock is not that of the station's ECG: nothing may be aligned.
        """
        instead = {
            seat.person.id: msgspec.structs.replace(
                stations[seat.person.id], ultrasound=DeviceState.RUNNING, one_clock=False
            )
            for _, seat in self._seats()
            if seat.connected and seat.door is Door.ULTRASOUND and seat.person.id in stations
        }
        return {**stations, **instead}

    # --- seats ------------------------------------------------------------------------------------------

    def _seats(self) -> Iterator[tuple[Room, DoorSeat]]:
        return iter([(room, seat) for room in self._rooms.rooms.values() for seat in room.doors.values()])

    async def _answer(self, consult_id: ConsultId, seat: DoorSeat, sdp: str) -> DoorOpened:
        offer = ClientOffer(
            room_id=consult_id,
            participant_id=seat.participant_id,
            grants=seat.grants,
            publishes=seat.door is not Door.SCREEN,
            kinds=DOOR_KINDS[seat.door],
            sdp=sdp,
        )
        try:
            answer = await self._media.answer_offer(offer)
        except MediaUnavailable as error:
            log.warning("media unavailable: %s", error)
            raise Refused(Refusal.MEDIA_UNAVAILABLE, str(error)) from error
        seat.peer_id = answer.peer_id
        try:
            await self._note(Action.JOIN, seat, consult_id)
        except RecordsError:
            await self._rooms.paths.cut_peer(seat.peer_id)  # nobody comes in whose coming is not on the trail
            self._rooms.paths.note_empty(consult_id)
            raise
        ice_servers = self._relays.ice_servers(answer.peer_id, self._clock())
        return DoorOpened(session_id=seat.session_id, sdp=answer.sdp, ice_servers=ice_servers)

    async def _sit(self, room: Room, seat: DoorSeat) -> None:
        """Take the place, and that of the one before: the worker has closed its peer."""
        before = room.doors.get(seat.participant_id)
        room.doors[seat.participant_id] = seat
        self._rooms.tell(room)
        if before is not None:
            await self._rooms.paths.cut_peer(before.peer_id)
        await self._picture_moved(room, before, seat)

    async def _connected(self, room: Room, seat: DoorSeat) -> None:
        if seat.door is Door.ULTRASOUND and room.ultrasound_by_card():
            await self._close(room, lambda one: one is seat)  # the card was faster
            return
        seat.connected = True
        self._rooms.scoring.back(room.consult_id, seat, self._clock())
        if seat.door is Door.ULTRASOUND:
            self._rooms.forget_picture(room)
        # First that the clocks differ, then the picture: nothing is aligned by a clock it was not stamped by.
        await self._picture_moved(room, seat)
        await self._rooms.paths.regrant(seat.peer_id, seat.grants)
        self._rooms.tell(room)

    async def _close(self, room: Room, which: Callable[[DoorSeat], bool]) -> bool:
        leaving = [seat for seat in room.doors.values() if which(seat)]
        closed = await self._rooms.close_doors(room, which)
        await self._picture_moved(room, *leaving)
        return closed

    async def _picture_moved(self, room: Room, *seats: DoorSeat | None) -> None:
        """Whose picture is the ultrasound may have changed: rights follow, and all are told of the clock."""
        await self._rooms.share_ultrasound(room)
        stations = {seat.person.id for seat in seats if seat is not None and seat.door is Door.ULTRASOUND}
        for station_id in stations:
            await self._announcer.station_moved(station_id)

    async def _end(self, session_id: str, own: Callable[[DoorSeat], bool]) -> None:
        for room, seat in self._seats():
            if seat.session_id == session_id and own(seat):
                await self._close(room, lambda one: one.session_id == session_id)
                await self._note(Action.LEAVE, seat, room.consult_id)
                return
        raise Refused(Refusal.NOT_FOUND)

    # --- the trail --------------------------------------------------------------------------------------

    async def _note(self, action: Action, seat: DoorSeat, consult_id: ConsultId) -> None:
        now = self._clock()

        def write(ledger: Ledger) -> None:
            ledger.audit.append(
                AuditEvent(
                    at=now,
                    actor_id=seat.person.id,
                    actor_role=seat.person.role.value,
                    action=action,
                    object_kind="door",
                    object_id=consult_id,
                    resident_id=ledger.consults.get(consult_id).resident_id,
                    reason=seat.door.value,
                )
            )

        await self._records.write(write)
