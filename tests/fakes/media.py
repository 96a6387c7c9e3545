"""A media plane that opens nothing and remembers everything."""

import asyncio
from dataclasses import dataclass, field

from records.rooms import ClientOffer, Grants, MediaKind
from signaling.ports import (
    MediaFull,
    MediaRefused,
    MediaUnavailable,
    PeerAnswer,
    PeerMeasured,
    PeerOffer,
)


@dataclass
class FakePeer:
    """A peer connection that was asked for."""

    peer_id: str
    room_id: str
    participant_id: str
    grants: Grants
    is_station: bool
    answer: str | None = None
    closed: bool = False
    kinds: tuple[MediaKind, ...] = ()  # of one that offered itself
    granted: list[Grants] = field(default_factory=list)  # everything it was granted later, in order


class FakeMedia:
    """Counts peers; can be made unavailable."""

    def __init__(self) -> None:
        self.peers: dict[str, FakePeer] = {}
        self.closed_rooms: list[str] = []
        self.taps: dict[str, str] = {}  # room -> recorder's socket
        self.counted: dict[str, PeerMeasured] = {}  # by participant
        self.available = True
        self.sdp: str | None = None  # of every offer; None: each names its peer
        self.full = False
        self.slow: asyncio.Event | None = None  # set: a peer is opened only after it
        self.opening = asyncio.Event()
        self.epochs_us: list[int] = []  # of every tap that was opened
        self.slow_tap: asyncio.Event | None = None  # set: a tap is closed only after it
        self.closing_tap = asyncio.Event()

    async def open_peer(
        self, room_id: str, participant_id: str, grants: Grants, is_station: bool
    ) -> PeerOffer:
        self._check()
        if self.slow is not None:
            self.opening.set()
            await self.slow.wait()
        for peer in self.peers.values():
            if (peer.room_id, peer.participant_id) == (room_id, participant_id):
                peer.closed = True
        peer_id = f"peer-{len(self.peers) + 1}"
        self.peers[peer_id] = FakePeer(peer_id, room_id, participant_id, grants, is_station)
        kind = MediaKind.ULTRASOUND if is_station else MediaKind.VOICE
        return PeerOffer(peer_id=peer_id, sdp=self.sdp or f"offer of {peer_id}", publish={"0": kind})

    async def answer_offer(self, offer: ClientOffer) -> PeerAnswer:
        self._check()
        if self.full:
            raise MediaFull("worker 0: 95% of a core")
        if not offer.sdp.startswith("v=0"):
            raise MediaRefused("sdp_refused: the first line is not v=0")
        if self.slow is not None:
            self.opening.set()
            await self.slow.wait()
        for peer in self.peers.values():
            if (peer.room_id, peer.participant_id) == (offer.room_id, offer.participant_id):
                peer.closed = True
        peer_id = f"peer-{len(self.peers) + 1}"
        self.peers[peer_id] = FakePeer(
            peer_id,
            offer.room_id,
            offer.participant_id,
            offer.grants,
            offer.publishes,
            answer=offer.sdp,
            kinds=offer.kinds,
        )
        return PeerAnswer(peer_id=peer_id, sdp=f"answer for {peer_id}")

    async def take_answer(self, peer_id: str, sdp: str) -> None:
        self._check()
        if not sdp.startswith("v=0"):
            raise MediaRefused("not an SDP answer")
        self.peers[peer_id].answer = sdp

    async def set_grants(self, peer_id: str, grants: Grants) -> None:
        self._check()
        self.peers[peer_id].grants = grants
        self.peers[peer_id].granted.append(grants)

    async def close_peer(self, peer_id: str) -> None:
        self._check()
        self.peers[peer_id].closed = True

    async def close_room(self, room_id: str) -> None:
        self._check()
        self.closed_rooms.append(room_id)

    async def open_tap(self, room_id: str, socket_path: str, epoch_us: int) -> None:
        self._check()
        self.epochs_us.append(epoch_us)
        self.taps[room_id] = socket_path

    def is_tapped(self, room_id: str) -> bool:
        return room_id in self.taps

    async def close_tap(self, room_id: str) -> None:
        self.taps.pop(room_id, None)
        self.closing_tap.set()
        if self.slow_tap is not None:
            await self.slow_tap.wait()
        self._check()

    async def measured(self) -> tuple[PeerMeasured, ...]:
        self._check()
        return tuple(self.counted.values())

    def open_in(self, room_id: str) -> list[FakePeer]:
        """The peers of a room that are open."""
        return [peer for peer in self.peers.values() if peer.room_id == room_id and not peer.closed]

    def _check(self) -> None:
        if not self.available:
            raise MediaUnavailable("no worker")
