"""All rooms and peers of one worker: carries requests out and tells what happened. No socket of its own."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Any, NamedTuple

from media.budget import changed, reduced_limit, source_limit
from media.errors import UnknownPeer
from media.figures import peer_figures
from media.foreign import read_foreign_offer
from media.layout import MediaLine, lines_for
from media.messages import (
    Answered,
    Offered,
    PeerConnected,
    PeerFigures,
    PeerLost,
    SourceBound,
    SourceLimited,
    SourceStarted,
    ViewerReduced,
    WorkerMessage,
)
from media.outgoing import Outgoing
from media.peer import CALM_S, SOON_S, Peer, PeerState
from media.port import UdpPort
from media.room import Binding, Room
from media.source import Source
from media.spread import ULTRASOUND_MOST_BPS
from media.tap import Tap, tape_clock
from records.rooms import ClientOffer, Encoding, GivenUp, Grants, MediaKind

ENCODING_COMES_S = 3.0
"""A reduced encoding that shows no key frame in so long is done without for a while."""


class _Viewed(NamedTuple):
    """A viewer's m-line that carries a picture, and how much of it its line carries (None: all of it)."""

    peer_id: str
    out: Outgoing
    allowance_bps: float | None


class Switchboard:
    """`tell` is called with every event; `clock` gives seconds that only grow."""

    def __init__(
        self, port: UdpPort, tell: Callable[[WorkerMessage], None], clock: Callable[[], float]
    ) -> None:
        self._port, self._tell, self._clock = port, tell, clock
        self._rooms: dict[str, Room] = {}
        self._peers: dict[str, Peer] = {}
        self._seats: dict[tuple[str, str], Peer] = {}  # (room, participant) -> peer
        self._taps: dict[str, Tap] = {}  # by room
        self._limits_due = 0.0
        self._closed_peers = False
        self._changing: set[str] = set()  # rooms where somebody changes from one encoding to the other
        self._closing: set[asyncio.Task[None]] = set()

    def open_peer(
        self, re: int, room_id: str, participant_id: str, grants: Grants, is_station: bool
    ) -> Offered:
        """Make a peer connection; an earlier one of the participant in the room is closed."""
        peer = self._enter(room_id, participant_id, grants, lines_for(is_station), is_station)
        publish = {line.mid: line.kind for line in peer.lines if line.publishes}
        return Offered(re=re, peer_id=peer.peer_id, sdp=peer.offer(), publish=publish)

    def answer_offer(self, re: int, offer: ClientOffer) -> Answered:
        """Take the offer of a WHIP or WHEP client. Raises SdpRefused; then nothing changed."""
        read = read_foreign_offer(offer.sdp, offer.publishes, offer.kinds)
        peer = self._enter(offer.room_id, offer.participant_id, offer.grants, read.lines, offer.publishes)
        return Answered(re=re, peer_id=peer.peer_id, sdp=peer.take_offer(read))

    def _enter(
        self,
        room_id: str,
        participant_id: str,
        grants: Grants,
        lines: tuple[MediaLine, ...],
        is_device: bool,
    ) -> Peer:
        earlier = self._seats.get((room_id, participant_id))
        if earlier is not None:
            self._drop(earlier)
        peer = Peer(
            f"peer-{secrets.token_hex(8)}",
            lines,
            is_device,
            self._port,
            self._clock(),
            connected=self._connected,
            lost=self._lost,
            agreed=self._agreed,
            started=self._source_started,
            reduced=self._reduced,
        )
        peer.room_id, peer.participant_id = room_id, participant_id
        self._peers[peer.peer_id] = self._seats[room_id, participant_id] = peer
        room = self._rooms.setdefault(room_id, Room())
        self._bind(room_id, room.join(participant_id, grants, peer.lines))
        return peer

    def take_answer(self, peer_id: str, sdp: str) -> None:
        """Raises UnknownPeer, SdpRefused, AnswerRepeated."""
        self.peer(peer_id).take_answer(sdp)

    def set_grants(self, peer_id: str, grants: Grants) -> None:
        """Replace the rights, at once. Raises UnknownPeer."""
        peer = self.peer(peer_id)
        self._bind(peer.room_id, self._rooms[peer.room_id].grant(peer.participant_id, grants))
        self._connect_sources(peer.room_id)

    def close_peer(self, peer_id: str) -> None:
        """Closing an unknown one is no fault."""
        if (peer := self._peers.get(peer_id)) is not None:
            self._leave(peer)

    def close_room(self, room_id: str) -> None:
        """Close a room and all in it, its tap as well."""
        self.close_tap(room_id)
        for peer in [peer for peer in self._peers.values() if peer.room_id == room_id]:
            self._leave(peer)

    def open_tap(self, room_id: str, socket_path: str, epoch_us: int) -> None:
        """Give every packet of a room to a recorder, in place of an earlier one. Raises RequestRefused."""
        tap = Tap.open(socket_path, tape_clock(epoch_us))
        self.close_tap(room_id)
        self._taps[room_id] = tap
        self._connect_sources(room_id)

    def close_tap(self, room_id: str) -> None:
        """Give nothing to the recorder from now on; closing none is no fault."""
        tap = self._taps.pop(room_id, None)
        if tap is not None:
            tap.close()
            self._connect_sources(room_id)

    def figures(self) -> tuple[PeerFigures, ...]:
        """What every peer counts."""
        return tuple(peer_figures(peer) for peer in self._peers.values())

    def tick(self, now: float) -> float:
        """Everything that is due: reports, repeated wishes, peers that are lost; when to call again."""
        for peer in list(self._peers.values()):
            try:
                reason = peer.tick(now)
            except Exception as error:
                peer.failed(error, now)
                continue
            if reason is not None:
                self._lost(peer, reason)
        if now >= self._limits_due or any(peer.is_strained for peer in self._peers.values()):
            self._limits_due = now + CALM_S
            self._limit_sources(now)
        return now + (SOON_S if any(peer.is_pressed for peer in self._peers.values()) else CALM_S)

    def _limit_sources(self, now: float) -> None:
        """Ask every publisher for what its viewers' lines carry; in two encodings where they differ much."""
        viewed: dict[int, list[_Viewed]] = {}
        for viewer in self._peers.values():
            for out in viewer.outgoing.values() if viewer.state is PeerState.CONNECTED else ():
                if out.source is not None and out.source.is_video:
                    allowance = viewer.line.allowance_bps(out.kind)
                    if out.kind is MediaKind.FACE and allowance is not None:
                        allowance /= max(1, viewer.faces)
                    one = _Viewed(viewer.peer_id, out, allowance)
                    viewed.setdefault(id(out.source.main), []).append(one)
        for publisher in list(self._peers.values()):
            try:
                self._limit_publisher(publisher, viewed, now)
            except Exception as error:
                publisher.failed(error, now)
        self._follow_changes()

    def _limit_publisher(self, publisher: Peer, viewed: dict[int, list[_Viewed]], now: float) -> None:
        for mid, source in publisher.sources.items():
            if source.is_video and source.main is source:
                viewers = self._spread(publisher, source, viewed.get(id(source), []), now)
                limit = source_limit(source.kind, [one.allowance_bps for one in viewers])
                if changed(publisher.limits_bps.get(mid), limit):
                    self._limit(publisher, mid, source, limit)

    def _spread(self, publisher: Peer, main: Source, viewers: list[_Viewed], now: float) -> list[_Viewed]:
        """Give the reduced encoding to whom it is for; who has the main one."""
        reduced = publisher.reduced
        if reduced is None or reduced.main is not main:
            return viewers
        if any(one.out.next is reduced and now - one.out.next_since > ENCODING_COMES_S for one in viewers):
            publisher.spread.gives_up(now)
        uplink_bps = publisher.uplink.bps if publisher.uplink.is_limited else None
        slow = publisher.spread.decide({one.peer_id: one.allowance_bps for one in viewers}, uplink_bps, now)
        for one in viewers:
            one.out.change_to(reduced if one.peer_id in slow else main, now)
        limit = reduced_limit(one.allowance_bps for one in viewers if one.peer_id in slow)
        if not any(reduced in (one.out.source, one.out.next) for one in viewers):
            publisher.reduced_bps = 0.0
            reduced.freezes.pause()
        elif limit is not None:  # otherwise it goes on as it is until all of them have changed back
            publisher.reduced_bps = min(limit, ULTRASOUND_MOST_BPS)
        return [one for one in viewers if one.peer_id not in slow]

    def _follow_changes(self) -> None:
        """Hand both encodings to who changes from one to the other, and one again when that is done."""
        changing = {
            viewer.room_id
            for viewer in self._peers.values()
            if any(out.next is not None for out in viewer.outgoing.values())
        }
        for room_id in changing | self._changing:
            self._connect_sources(room_id)
        self._changing = changing

    def _limit(self, publisher: Peer, mid: str, source: Source, limit_bps: float | None) -> None:
        if limit_bps is None:
            publisher.limits_bps.pop(mid, None)
        else:
            publisher.limits_bps[mid] = limit_bps
        told = round(publisher.uplink.most_bps if limit_bps is None else limit_bps)
        self._tell(SourceLimited(peer_id=publisher.peer_id, mid=mid, kind=source.kind, bits_per_second=told))

    def take_closed(self) -> bool:
        """Whether peers were closed, wholly, since this was asked last."""
        if self._closing or not self._closed_peers:
            return False
        self._closed_peers = False
        return True

    async def close(self) -> None:
        """Close every peer and wait for it."""
        for peer in list(self._peers.values()):
            self._leave(peer)
        for room_id in list(self._taps):
            self.close_tap(room_id)
        await asyncio.gather(*self._closing, return_exceptions=True)

    def peer(self, peer_id: str) -> Peer:
        """A peer connection by its id. Raises UnknownPeer."""
        peer = self._peers.get(peer_id)
        if peer is None:
            raise UnknownPeer("no such peer connection; it may have been closed")
        return peer

    def _connected(self, peer: Peer) -> None:
        self._connect_sources(peer.room_id)
        self._tell(PeerConnected(peer_id=peer.peer_id))

    def _lost(self, peer: Peer, reason: str) -> None:
        if peer.peer_id in self._peers:
            self._leave(peer)
            self._tell(PeerLost(peer_id=peer.peer_id, reason=reason))

    def _source_started(self, peer: Peer, source: Source) -> None:
        if source.main is source:
            self._tell(
                SourceStarted(peer_id=peer.peer_id, participant_id=peer.participant_id, kind=source.kind)
            )

    def _reduced(self, peer: Peer, given_up: frozenset[GivenUp], encoding: Encoding) -> None:
        self._tell(ViewerReduced(peer_id=peer.peer_id, given_up=given_up, encoding=encoding))

    def _agreed(self, peer: Peer) -> None:
        bound = self._rooms[peer.room_id].members[peer.participant_id].bound
        for line in peer.lines:
            if line.mid in bound:
                self._tell_bound(peer, line.mid, line.kind, bound[line.mid])
        self._connect_sources(peer.room_id)

    def _tell_bound(self, viewer: Peer, mid: str, kind: MediaKind, participant_id: str | None) -> None:
        self._tell(SourceBound(peer_id=viewer.peer_id, mid=mid, participant_id=participant_id, kind=kind))

    def _leave(self, peer: Peer) -> None:
        room = self._rooms[peer.room_id]
        self._drop(peer)
        self._bind(peer.room_id, room.leave(peer.participant_id))
        if room.members:
            self._connect_sources(peer.room_id)
        else:
            del self._rooms[peer.room_id]

    def _drop(self, peer: Peer) -> None:
        del self._peers[peer.peer_id]
        del self._seats[peer.room_id, peer.participant_id]
        for source in peer.sources.values():
            source.viewers, source.taps = (), ()
        for out in peer.outgoing.values():
            out.bind(None)
        closing: asyncio.Task[Any] = asyncio.get_running_loop().create_task(peer.close())
        self._closing.add(closing)
        self._closed_peers = True
        closing.add_done_callback(self._closing.discard)
        self._connect_sources(peer.room_id)

    def _bind(self, room_id: str, bindings: list[Binding]) -> None:
        for binding in bindings:
            viewer = self._seats.get((room_id, binding.viewer_id))
            if viewer is not None and viewer.answered:  # others are told with their answer
                self._tell_bound(viewer, binding.mid, binding.kind, binding.participant_id)
        self._connect_sources(room_id)

    def _connect_sources(self, room_id: str) -> None:
        """Make what flows equal to what the room says, at once."""
        room = self._rooms.get(room_id)
        if room is None:
            return
        carried: dict[int, list[Any]] = {}
        tap = self._taps.get(room_id)
        taps = (tap,) if tap is not None else ()
        for member in room.members.values():
            viewer = self._seats.get((room_id, member.participant_id))
            for mid, out in (viewer.outgoing if viewer else {}).items():
                main = self._source(room_id, member.bound.get(mid), out.kind)
                if out.source is None or out.source.main is not main:
                    out.bind(main)
                for source in (out.source, out.next):
                    if source is not None and viewer is not None and viewer.state is PeerState.CONNECTED:
                        carried.setdefault(id(source), []).append(out)
        for member in room.members.values():
            publisher = self._seats.get((room_id, member.participant_id))
            for source in (publisher.sources if publisher else {}).values():
                source.allow(member.publishes(source.kind))
                source.viewers = tuple(carried.get(id(source), ()))
                is_taped = source.allowed and source.kind is not MediaKind.ECG and source.main is source
                source.taps = taps if is_taped else ()

    def _source(self, room_id: str, participant_id: str | None, kind: MediaKind) -> Source | None:
        publisher = self._seats.get((room_id, participant_id)) if participant_id else None
        sources = publisher.sources.values() if publisher else ()
        return next((one for one in sources if one.kind is kind and one.main is one), None)
