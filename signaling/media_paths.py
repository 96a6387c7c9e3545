"""The media paths of who sits in rooms: offered, answered, lost, offered anew, cut; and what a line carries.

One peer connection for each seat. Rights are taken before it is closed: not one more packet passes.
"""

import datetime as dt
import logging
from collections.abc import Callable, Mapping

from records.ids import AccountId, ConsultId, ParticipantId
from records.rooms import NO_GRANTS, Encoding, Grants
from signaling import acts
from signaling import messages as m
from signaling.door_seats import DoorSeat
from signaling.errors import Refused
from signaling.ports import (
    LineWeak,
    MediaEvent,
    MediaFull,
    MediaPlane,
    MediaRefused,
    MediaUnavailable,
    PeerDown,
    PeerOffer,
    PeerUp,
    SlotFilled,
    SourceCapped,
    WorkerRestarted,
)
from signaling.refusals import Refusal
from signaling.relays import Relays
from signaling.rooms import Room, Seat
from signaling.scoring import Scoring
from signaling.station_messages import StationMediaOffer

log = logging.getLogger(__name__)

Witness = Callable[[ConsultId, m.Message], None]

GIVEN_UP = "silent: its own program heard nothing any more"
"""Why a path is lost that its browser found dead, in the words of a tape's act."""

_EARLY_PEERS = 32

EMPTY_KEPT = dt.timedelta(seconds=10)
"""So long an empty room keeps its place at a media worker, for who only loads the page again."""


class MediaPaths:
    """The peer connections of the seats in `rooms`, which others fill and empty."""

    def __init__(
        self,
        media: MediaPlane,
        clock: Callable[[], dt.datetime],
        to_station: Callable[[AccountId, m.Message], None],
        relays: Relays,
        rooms: Mapping[ConsultId, Room],
        scoring: Scoring,
        witness: Witness,
    ) -> None:
        self._media, self._clock, self._to_station, self._relays = media, clock, to_station, relays
        self._rooms, self._scoring, self._witness = rooms, scoring, witness
        self._peers: dict[str, tuple[Room, Seat]] = {}
        self._early: dict[str, list[SlotFilled]] = {}
        self._left: dict[ConsultId, dt.datetime] = {}  # rooms that are empty, since when

    # --- offered and answered -----------------------------------------------------------------------

    async def answer(self, account_id: AccountId, peer_id: str, sdp: str) -> None:
        """Hand an SDP answer to the worker; the peer connection must be the account's own."""
        room, seat = self._peers.get(peer_id, (None, None))
        if room is None or seat is None or room.seats.get(account_id) is not seat:
            raise Refused(Refusal.NO_SUCH_PEER)
        try:
            await self._media.take_answer(peer_id, sdp)
        except MediaRefused as error:
            raise Refused(Refusal.MEDIA_ANSWER_BAD, str(error)) from error
        except MediaUnavailable as error:
            raise Refused(Refusal.MEDIA_UNAVAILABLE, str(error)) from error

    async def open(self, room: Room, seat: Seat) -> bool:
        """Offer a new peer connection; the one before it is closed by the worker."""
        self._forget_peer(seat)
        try:
            offer = await self._media.open_peer(
                room.consult_id, seat.participant_id, seat.grants, seat.is_station
            )
        except MediaUnavailable as error:
            log.warning("media unavailable: %s", error)
            seat.offer_due = True
            self._say_media_lost(room, seat, isinstance(error, MediaFull))
            return False
        if seat not in room.seats.values() or self._rooms.get(room.consult_id) is not room:
            await self.cut_peer(offer.peer_id)  # left while the worker was at it
            self.note_empty(room.consult_id)
            return True
        self._forget_peer(seat)  # of an offer made at the same time
        seat.peer_id, seat.offer_due = offer.peer_id, False
        seat.told.given_up, seat.told.encoding, seat.told.send_at_most = frozenset(), Encoding.MAIN, {}
        self._peers[offer.peer_id] = (room, seat)
        self._offer(room, seat, offer)
        for filled in self._early.pop(offer.peer_id, []):
            self._slot_filled(filled)
        self.tell_line_again(room, seat)
        return True

    def _offer(self, room: Room, seat: Seat, offer: PeerOffer) -> None:
        peer_id, sdp, publish = offer.peer_id, offer.sdp, offer.publish
        ice_servers = self._relays.ice_servers(peer_id, self._clock())
        if seat.tab is not None:
            seat.tab.send(
                m.MediaOffer(
                    consult_id=room.consult_id,
                    peer_id=peer_id,
                    sdp=sdp,
                    publish=publish,
                    ice_servers=ice_servers,
                    relay_only=self._relays.only,
                )
            )
        elif seat.binding_id is not None:
            account_id = next(one for one, other in room.seats.items() if other is seat)
            self._to_station(
                account_id,
                StationMediaOffer(
                    binding_id=seat.binding_id,
                    peer_id=peer_id,
                    sdp=sdp,
                    publish=publish,
                    ice_servers=ice_servers,
                ),
            )

    def _say_media_lost(self, room: Room, seat: Seat, is_full: bool) -> None:
        if seat.tab is not None:
            seat.tab.send(m.MediaLost(consult_id=room.consult_id, peer_id="", is_full=is_full))

    async def regrant(self, peer_id: str, grants: Grants) -> None:
        """Change what a peer may; one that is gone has no rights anyway."""
        try:
            await self._media.set_grants(peer_id, grants)
        except (MediaUnavailable, MediaRefused) as error:
            log.info("rights could not be changed, the peer is gone: %s", error)

    # --- lost, and back -----------------------------------------------------------------------------

    async def heard(self, event: MediaEvent) -> None:
        """Take in what a worker tells."""
        match event:
            case SlotFilled():
                self._slot_filled(event)
            case PeerDown():
                await self._peer_down(event)
            case LineWeak():
                self._line_weak(event)
            case SourceCapped():
                self._source_capped(event)
            case WorkerRestarted():
                await self._worker_restarted(event)
            case PeerUp():  # the slots tell the viewers; the dashboard asks the worker itself
                room, seat = self._peers.get(event.peer_id, (None, None))
                if room is not None and seat is not None:
                    self._scoring.back(room.consult_id, seat, self._clock())

    def _slot_filled(self, event: SlotFilled) -> None:
        _, seat = self._peers.get(event.peer_id, (None, None))
        if seat is None:
            self._keep_early(event)
            return
        if seat.tab is None:
            return
        source = None if event.participant_id is None else ParticipantId(event.participant_id)
        seat.tab.send(
            m.SlotBound(peer_id=event.peer_id, mid=event.mid, participant_id=source, kind=event.kind)
        )

    def _keep_early(self, event: SlotFilled) -> None:
        """A slot may be filled before the answer that names its peer has been taken in."""
        while len(self._early) >= _EARLY_PEERS:
            del self._early[next(iter(self._early))]
        self._early.setdefault(event.peer_id, []).append(event)

    async def _peer_down(self, event: PeerDown) -> None:
        self._early.pop(event.peer_id, None)
        room, seat = self._peers.pop(event.peer_id, (None, None))
        if room is None or seat is None or seat.peer_id != event.peer_id:
            return
        seat.peer_id = None
        self.lost(room, seat, event.reason)
        if seat.is_station:
            seat.offer_due = True  # a station never asks; the next tick offers
        elif seat.tab is not None:
            seat.tab.send(m.MediaLost(consult_id=room.consult_id, peer_id=event.peer_id))

    def lost(self, room: Room, seat: Seat | DoorSeat, reason: str) -> None:
        """Keep score of a lost media path, and put it on the tape; once until it is back."""
        if self._scoring.lost(room.consult_id, seat, reason, self._clock()):
            self._witness(room.consult_id, acts.PathLost(participant_id=seat.participant_id, reason=reason))

    def found_dead(self, room: Room, seat: Seat) -> None:
        """A browser lost its path, often before the worker knows."""
        if seat.peer_id is not None and self._scoring.found_dead(room.consult_id, seat, self._clock()):
            self._witness(room.consult_id, acts.PathLost(participant_id=seat.participant_id, reason=GIVEN_UP))

    async def _worker_restarted(self, event: WorkerRestarted) -> None:
        for consult_id in event.room_ids:
            room = self._rooms.get(ConsultId(consult_id))
            if room is not None:
                self._scoring.worker_died(room.consult_id, room.seats.values(), self._clock())
            for seat in list(room.seats.values()) if room else []:
                if room is not None:
                    await self.open(room, seat)

    async def tick(self) -> None:
        """Once a second: offer again what no worker could take; let go of rooms nobody came back to."""
        await self._retry()
        for consult_id, since in list(self._left.items()):
            is_over = self._clock() - since >= EMPTY_KEPT
            if consult_id in self._rooms or is_over:
                del self._left[consult_id]
            if consult_id not in self._rooms and is_over:
                await self.close_room(consult_id)

    async def _retry(self) -> None:
        seats = [(room, seat) for room in self._rooms.values() for seat in room.seats.values()]
        for room, seat in seats:
            if seat.offer_due and seat.connected:
                await self.open(room, seat)

    # --- what a line carries ------------------------------------------------------------------------

    def _line_weak(self, event: LineWeak) -> None:
        room, seat = self._peers.get(event.peer_id, (None, None))
        if room is None or seat is None or seat.tab is None:
            return
        seat.told.given_up, seat.told.encoding = event.given_up, event.encoding
        self.say_given_up(room, seat)

    def say_given_up(self, room: Room, seat: Seat) -> None:
        """Tell one what is left out of what she receives."""
        if seat.tab is None:
            return
        given_up = room.given_up_for(seat)
        seat.tab.send(m.LineReduced(consult_id=room.consult_id, given_up=given_up))
        told = acts.GivenUpFor(participant_id=seat.participant_id, given_up=given_up)
        self._witness(room.consult_id, told)

    def _source_capped(self, event: SourceCapped) -> None:
        _, seat = self._peers.get(event.peer_id, (None, None))
        if seat is None or seat.tab is None:
            return  # a station's whole budget is its REMB: it has one picture to spend it on
        capped = seat.told.send_at_most[event.mid] = m.SendAtMost(
            peer_id=event.peer_id, mid=event.mid, kind=event.kind, bits_per_second=event.bits_per_second
        )
        seat.tab.send(capped)

    def tell_line_again(self, room: Room, seat: Seat) -> None:
        """To one who comes in, or back: direct messages are not kept."""
        if seat.tab is None:
            return
        for picture in room.pictures().values():
            seat.tab.send(picture)
        seat.tab.send(m.LineReduced(consult_id=room.consult_id, given_up=room.given_up_for(seat)))
        for capped in seat.told.send_at_most.values():
            seat.tab.send(capped)

    # --- cut ----------------------------------------------------------------------------------------

    async def cut(self, seat: Seat) -> None:
        """Take every right and close: the rights first, so that not one more packet passes."""
        peer_id = seat.peer_id
        self._forget_peer(seat)
        seat.offer_due = False
        if peer_id is not None:
            await self.cut_peer(peer_id)

    async def cut_peer(self, peer_id: str) -> None:
        """Take a peer's rights and close it, each by itself: one does not wait for the other to succeed."""
        for work in (self._media.set_grants(peer_id, NO_GRANTS), self._media.close_peer(peer_id)):
            try:
                await work
            except (MediaUnavailable, MediaRefused) as error:
                log.info("peer was gone already: %s", error)

    def _forget_peer(self, seat: Seat) -> None:
        if seat.peer_id is not None:
            self._peers.pop(seat.peer_id, None)
        seat.peer_id = None

    def note_empty(self, consult_id: ConsultId) -> None:
        """Close a room's media soon, unless somebody is in it: for the workers it is a new room later."""
        if consult_id not in self._rooms:
            self._left[consult_id] = self._clock()

    async def close_room(self, consult_id: ConsultId) -> None:
        """Close a room's media at its worker, if that is there."""
        try:
            await self._media.close_room(consult_id)
        except MediaUnavailable as error:
            log.info("room was gone already: %s", error)
