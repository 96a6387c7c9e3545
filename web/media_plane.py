"""The media workers as signaling sees them: one plane. A room lives on one worker, the least loaded.

A worker that dies is replaced by what `start_worker` gives; its rooms are told of by `WorkerRestarted`, and
signaling opens them anew, on whichever worker then has the least to do.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from media import messages as w
from records.rooms import NO_GRANTS, ClientOffer, Grants
from signaling.ports import (
    LineWeak,
    MediaEvent,
    MediaFull,
    MediaRefused,
    MediaUnavailable,
    PeerAnswer,
    PeerDown,
    PeerMeasured,
    PeerOffer,
    PeerUp,
    SlotFilled,
    SourceCapped,
    WorkerRestarted,
)
from web.admission import DEFAULT_LIMITS, Candidate, Limits, Load, choose
from web.measured import Egress, egress_of, peers_measured

log = logging.getLogger(__name__)
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
FIGURES_LIMIT_S = 0.5
LOOK_EVERY_S = 5.0


class Worker(Protocol):
    """One running media worker (`media.api`). Requests raise `ConnectionError` when it is gone."""

    async def open_peer(
        self, room_id: str, participant_id: str, grants: Grants, is_station: bool
    ) -> w.Offered | w.WorkerRefused: ...
    async def answer_offer(self, offer: ClientOffer) -> w.Answered | w.WorkerRefused: ...
    async def take_answer(self, peer_id: str, sdp: str) -> w.Carried | w.WorkerRefused: ...
    async def set_grants(self, peer_id: str, grants: Grants) -> object: ...
    async def close_peer(self, peer_id: str) -> object: ...
    async def close_room(self, room_id: str) -> object: ...
    async def open_tap(
        self, room_id: str, socket_path: str, epoch_us: int
    ) -> w.Carried | w.WorkerRefused: ...
    async def close_tap(self, room_id: str) -> w.Carried | w.WorkerRefused: ...
    async def figures(self) -> w.WorkerFigures: ...
    def events(self) -> AsyncIterator[w.WorkerMessage]: ...
    async def close(self) -> None: ...


StartWorker = Callable[[int], Awaitable[Worker]]
Listener = Callable[[MediaEvent], Awaitable[None]]


class _Place:
    """One worker's place: the worker that holds it now, and the rooms that live there."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.worker: Worker | None = None
        self.peers: dict[str, str] = {}  # peer -> room
        self.load = Load()
        self.counted: tuple[float, w.WorkerFigures] | None = None  # when, and what

    @property
    def rooms(self) -> set[str]:
        return set(self.peers.values())


@dataclass(slots=True)
class _Tap:
    """What a room's recorder is reached by, and the worker that sends to it now."""

    socket_path: str
    epoch_us: int
    worker: Worker | None = None


class MediaWorkers:
    """Implements `signaling.ports.MediaPlane`. `start` before use, `close` at the end."""

    def __init__(
        self, start_worker: StartWorker, count: int, listener: Listener, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._start_worker = start_worker
        self._listener = listener
        self._limits = limits
        self._places = [_Place(index) for index in range(count)]
        self._room_at: dict[str, _Place] = {}
        self._taps: dict[str, _Tap] = {}  # by room
        self._tasks: list[asyncio.Task[None]] = []
        self.restarts = 0

    async def start(self) -> None:
        """Start every worker and begin to watch over it."""
        for place in self._places:
            place.worker = await self._start_worker(place.index)
        self._tasks = [
            asyncio.create_task(self._keep(place), name=f"media worker {place.index}")
            for place in self._places
        ]
        self._tasks.append(asyncio.create_task(self._keep_looking(), name="media workers' load"))

    async def close(self) -> None:
        """Stop watching and close every worker."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for place in self._places:
            if place.worker is not None:
                await place.worker.close()
                place.worker = None

    def ready(self) -> tuple[int, int]:
        """Workers that run, and workers there should be."""
        return sum(place.worker is not None for place in self._places), len(self._places)

    async def figures(self) -> tuple[w.WorkerFigures, ...]:
        """What the running workers count."""
        found = [await place.worker.figures() for place in self._places if place.worker is not None]
        return tuple(found)

    def worst(self, figure: Callable[[w.WorkerFigures], float | None]) -> float | None:
        """The largest of a figure among the workers, as they were last looked at; None: none was."""
        counted = [figure(place.counted[1]) for place in self._places if place.counted is not None]
        return max((one for one in counted if one is not None), default=None)

    async def measured(self) -> tuple[PeerMeasured, ...]:
        """Every connected peer of the workers that answer within half a second."""
        return peers_measured(await self._figures_in_time())

    async def egress(self) -> tuple[Egress, ...]:
        """What the workers that answer within half a second have sent to whom."""
        return egress_of(await self._figures_in_time())

    async def _figures_in_time(self) -> list[w.WorkerFigures]:
        workers = [place.worker for place in self._places if place.worker is not None]
        asked = (asyncio.wait_for(worker.figures(), FIGURES_LIMIT_S) for worker in workers)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        return [one for one in answers if isinstance(one, w.WorkerFigures)]

    # --- what signaling asks for ------------------------------------------------------------------------

    async def open_peer(
        self, room_id: str, participant_id: str, grants: Grants, is_station: bool
    ) -> PeerOffer:
        """Open a participant's peer connection where the room lives."""
        place = self._place_of(room_id)
        worker = _running(place)
        await self._tap_again(room_id, worker)
        answer = await _asked(worker.open_peer(room_id, participant_id, grants, is_station))
        if not isinstance(answer, w.Offered):
            raise MediaUnavailable(_words(answer))
        place.peers[answer.peer_id] = room_id
        return PeerOffer(peer_id=answer.peer_id, sdp=answer.sdp, publish=answer.publish)

    async def answer_offer(self, offer: ClientOffer) -> PeerAnswer:
        """Take the offer of a client of WHIP or WHEP where the room lives."""
        place = self._place_of(offer.room_id)
        worker = _running(place)
        await self._tap_again(offer.room_id, worker)
        answer = await _asked(worker.answer_offer(offer))
        if isinstance(answer, w.WorkerRefused):
            raise MediaRefused(_words(answer))
        assert isinstance(answer, w.Answered)
        place.peers[answer.peer_id] = offer.room_id
        return PeerAnswer(peer_id=answer.peer_id, sdp=answer.sdp)

    async def take_answer(self, peer_id: str, sdp: str) -> None:
        """Hand the SDP answer to the peer connection's worker."""
        answer = await _asked(_running(self._place_of_peer(peer_id)).take_answer(peer_id, sdp))
        if isinstance(answer, w.WorkerRefused):
            raise MediaRefused(_words(answer))

    async def set_grants(self, peer_id: str, grants: Grants) -> None:
        """Replace what a participant may publish and receive."""
        await _asked(_running(self._place_of_peer(peer_id)).set_grants(peer_id, grants))

    async def close_peer(self, peer_id: str) -> None:
        """Close one peer connection; one that is gone with its worker is closed."""
        place = next((one for one in self._places if peer_id in one.peers), None)
        if place is None:
            return
        del place.peers[peer_id]
        if place.worker is not None:
            await _asked(place.worker.close_peer(peer_id))

    async def close_room(self, room_id: str) -> None:
        """Close a room; it may live elsewhere when it is opened again."""
        place = self._room_at.pop(room_id, None)
        if place is None:
            return
        place.peers = {peer: room for peer, room in place.peers.items() if room != room_id}
        if place.worker is not None:
            await _asked(place.worker.close_room(room_id))

    async def open_at_each(self, room_id: str) -> tuple[PeerOffer, ...]:
        """Open a peer connection without any rights on each running worker: by it a way there is proved."""
        offers = []
        for place in self._places:
            if place.worker is not None:
                room = f"{room_id}-{place.index}"
                self._room_at[room] = place
                offers.append(await self.open_peer(room, room_id, NO_GRANTS, False))
        return tuple(offers)

    async def close_at_each(self, room_id: str) -> None:
        """Close what `open_at_each` opened."""
        for place in self._places:
            await self.close_room(f"{room_id}-{place.index}")

    async def open_tap(self, room_id: str, socket_path: str, epoch_us: int) -> None:
        """Give a room's packets to a recorder, wherever the room lives from now on."""
        tap = _Tap(socket_path, epoch_us)
        await self._open_tap(room_id, tap, _running(self._place_of(room_id)))
        self._taps[room_id] = tap

    def is_tapped(self, room_id: str) -> bool:
        """Whether a room's packets go to its recorder at this moment."""
        tap, place = self._taps.get(room_id), self._room_at.get(room_id)
        if tap is None or tap.worker is None or place is None:
            return False
        return place.worker is tap.worker

    async def _open_tap(self, room_id: str, tap: _Tap, worker: Worker) -> None:
        answer = await _asked(worker.open_tap(room_id, tap.socket_path, tap.epoch_us))
        if isinstance(answer, w.WorkerRefused):
            raise MediaUnavailable(_words(answer))
        tap.worker = worker

    async def _tap_again(self, room_id: str, worker: Worker) -> None:
        """The room's worker died: the recorder goes on with the room, before anything is sent in it.

        Where it cannot, the room goes on without: who began the tape sees it by `is_tapped`, and tries again.
        """
        tap = self._taps.get(room_id)
        if tap is None or tap.worker is worker:
            return
        try:
            await self._open_tap(room_id, tap, worker)
        except MediaUnavailable as error:
            log.error("a room is not recorded any more for now: %s", error)

    async def close_tap(self, room_id: str) -> None:
        """Give the recorder nothing more."""
        self._taps.pop(room_id, None)
        place = self._room_at.get(room_id)
        if place is not None and place.worker is not None:
            await _asked(place.worker.close_tap(room_id))

    def _place_of(self, room_id: str) -> _Place:
        if room_id not in self._room_at:
            self._room_at[room_id] = self._willing_place()
        return self._room_at[room_id]

    def _willing_place(self) -> _Place:
        running = [place for place in self._places if place.worker is not None]
        if not running:
            raise MediaUnavailable("no media worker runs")
        chosen = choose((Candidate(one.index, one.load, len(one.peers)) for one in running), self._limits)
        if chosen is None:
            raise MediaFull(
                "; ".join(f"worker {one.index}: {one.load.over(self._limits)}" for one in running)
            )
        return self._places[chosen.index]

    def _place_of_peer(self, peer_id: str) -> _Place:
        for place in self._places:
            if peer_id in place.peers:
                return place
        raise MediaUnavailable("the peer connection is gone with its worker")

    # --- watching over the workers ----------------------------------------------------------------------

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await self.look_at_loads()

    async def look_at_loads(self) -> None:
        """Ask every running worker what it counts; one that does not answer keeps its last load."""
        for place in self._places:
            if place.worker is None:
                continue
            try:
                async with asyncio.timeout(FIGURES_LIMIT_S):
                    figures = await place.worker.figures()
            except (ConnectionError, TimeoutError):
                continue
            now = asyncio.get_running_loop().time()
            if place.counted is not None:
                place.load = Load.between(place.counted[1], figures, now - place.counted[0])
            place.counted = (now, figures)

    async def _keep(self, place: _Place) -> None:
        """Pass on a worker's events; when it ends, put another in its place."""
        while True:
            if place.worker is not None:
                await self._listen(place, place.worker)
                await self._lost(place)
            await self._restart(place)

    async def _listen(self, place: _Place, worker: Worker) -> None:
        try:
            async for message in worker.events():
                event = _event_of(message)
                if isinstance(event, PeerDown):
                    place.peers.pop(event.peer_id, None)
                if event is not None:
                    await self._tell(event)
        except ConnectionError:
            pass  # the same as the end of the events

    async def _lost(self, place: _Place) -> None:
        log.warning("media worker %d ended with %d rooms", place.index, len(place.rooms))
        worker, place.worker = place.worker, None
        place.load, place.counted = Load(), None
        if worker is not None:
            await worker.close()

    async def _restart(self, place: _Place) -> None:
        pause_s = FIRST_PAUSE_S
        while place.worker is None:
            try:
                place.worker = await self._start_worker(place.index)
            except Exception:
                log.exception("media worker %d could not be started", place.index)
                await asyncio.sleep(pause_s)
                pause_s = min(LONGEST_PAUSE_S, 2 * pause_s)
        self.restarts += 1
        lived_here = {room for room, at in self._room_at.items() if at is place}
        for room in lived_here:
            del self._room_at[room]
        place.peers.clear()
        if lived_here:
            await self._tell(WorkerRestarted(room_ids=tuple(sorted(lived_here))))

    async def _tell(self, event: MediaEvent) -> None:
        try:
            await self._listener(event)
        except Exception:
            log.exception("an event of a media worker was not taken")


def _running(place: _Place) -> Worker:
    if place.worker is None:
        raise MediaUnavailable(f"media worker {place.index} is being restarted")
    return place.worker


async def _asked(answer: Awaitable[object]) -> object:
    try:
        return await answer
    except (ConnectionError, TimeoutError) as error:
        raise MediaUnavailable(f"the media worker does not answer: {type(error).__name__}") from error


def _words(answer: object) -> str:
    return f"{answer.code}: {answer.message}" if isinstance(answer, w.WorkerRefused) else "no offer"


def _event_of(message: w.WorkerMessage) -> MediaEvent | None:
    match message:
        case w.PeerConnected():
            return PeerUp(peer_id=message.peer_id)
        case w.PeerLost():
            return PeerDown(peer_id=message.peer_id, reason=message.reason)
        case w.SourceBound():
            return SlotFilled(
                peer_id=message.peer_id,
                mid=message.mid,
                participant_id=message.participant_id,
                kind=message.kind,
            )
        case w.ViewerReduced():
            return LineWeak(peer_id=message.peer_id, given_up=message.given_up, encoding=message.encoding)
        case w.SourceLimited():
            return SourceCapped(
                peer_id=message.peer_id,
                mid=message.mid,
                kind=message.kind,
                bits_per_second=message.bits_per_second,
            )
    return None
