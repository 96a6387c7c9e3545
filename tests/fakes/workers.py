"""Media workers that carry nothing, and can die."""

import asyncio
from collections.abc import AsyncIterator

from media import messages as w
from records.rooms import ClientOffer, Grants


def figures(
    cpu_s: float = 0.0,
    loop_lag_p95_ms: float = 0.0,
    memory_bytes: int = 0,
    peers: tuple[w.PeerFigures, ...] = (),
) -> w.WorkerFigures:
    """What a worker counts that has little to do."""
    return w.WorkerFigures(
        re=1,
        peers=peers,
        cpu_s=cpu_s,
        memory_bytes=memory_bytes,
        loop_lag_ms=loop_lag_p95_ms,
        loop_lag_p95_ms=loop_lag_p95_ms,
        stray_datagrams=0,
        added_ms_p95=None,
        unsent_datagrams=0,
    )


class FakeWorker:
    """One worker: answers every request, tells what it is told to tell, dies when asked to."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.asked: list[tuple[str, str]] = []
        self.dead = False
        self.refuses = False
        self.refuses_taps = False
        self.counts = figures()
        self._events: asyncio.Queue[w.WorkerMessage | None] = asyncio.Queue()
        self._peers = 0

    def tell(self, message: w.WorkerMessage) -> None:
        self._events.put_nowait(message)

    def die(self) -> None:
        self.dead = True
        self._events.put_nowait(None)

    def _take(self, what: str, of: str) -> w.Carried | w.WorkerRefused:
        if self.dead:
            raise ConnectionResetError
        self.asked.append((what, of))
        if self.refuses:
            return w.WorkerRefused(re=1, code="bad_sdp", message="no fingerprint")
        return w.Carried(re=1)

    async def open_peer(
        self, room_id: str, participant_id: str, grants: Grants, is_station: bool
    ) -> w.Offered | w.WorkerRefused:
        taken = self._take("open", room_id)
        if isinstance(taken, w.WorkerRefused):
            return taken
        self._peers += 1
        return w.Offered(re=1, peer_id=f"{self.index}-{self._peers}", sdp="v=0", publish={})

    async def answer_offer(self, offer: ClientOffer) -> w.Answered | w.WorkerRefused:
        taken = self._take("answer offer", offer.room_id)
        if isinstance(taken, w.WorkerRefused):
            return taken
        self._peers += 1
        return w.Answered(re=1, peer_id=f"{self.index}-{self._peers}", sdp="v=0 answer")

    async def take_answer(self, peer_id: str, sdp: str) -> w.Carried | w.WorkerRefused:
        return self._take("answer", peer_id)

    async def set_grants(self, peer_id: str, grants: Grants) -> object:
        return self._take("grants", peer_id)

    async def close_peer(self, peer_id: str) -> object:
        return self._take("close", peer_id)

    async def close_room(self, room_id: str) -> object:
        return self._take("close room", room_id)

    async def open_tap(self, room_id: str, socket_path: str, epoch_us: int) -> w.Carried | w.WorkerRefused:
        taken = self._take("open tap", room_id)
        if self.refuses_taps:
            return w.WorkerRefused(re=1, code="refused", message="no recorder listens on that socket")
        return taken

    async def close_tap(self, room_id: str) -> w.Carried | w.WorkerRefused:
        return self._take("close tap", room_id)

    async def figures(self) -> w.WorkerFigures:
        if self.dead:
            raise ConnectionResetError
        return self.counts

    async def events(self) -> AsyncIterator[w.WorkerMessage]:
        while (message := await self._events.get()) is not None:
            yield message

    async def close(self) -> None:
        self.dead = True
