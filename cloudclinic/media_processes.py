"""The media worker processes of one server, started as the media plane asks for them."""

from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

from cloudclinic.addresses import announced
from cloudclinic.directory import DataDirectory
from cloudclinic.settings import Settings
from media.api import WorkerProcess
from media.errors import MediaError, WorkerGone
from media.messages import Answered, Carried, Offered, WorkerFigures, WorkerMessage, WorkerRefused
from records.rooms import ClientOffer, Grants

T = TypeVar("T")


class MediaProcesses:
    """Starts worker processes and knows their pids."""

    def __init__(self, settings: Settings, directory: DataDirectory) -> None:
        self._settings = settings
        self._directory = directory
        self._running: dict[int, WorkerProcess] = {}

    @property
    def pids(self) -> tuple[int, ...]:
        """Of the workers that were started last."""
        return tuple(process.pid for _, process in sorted(self._running.items()))

    async def start(self, index: int) -> "RunningWorker":
        """Start the worker of a place; its UDP port is the first one plus its place."""
        first = self._settings.media_udp_port
        process = await WorkerProcess.start(
            self._directory.path, first + index if first else 0, announced(self._settings)
        )
        self._running[index] = process
        return RunningWorker(process)


class RunningWorker:
    """A worker process as the media plane asks it; once it is dead everything raises `ConnectionError`."""

    def __init__(self, process: WorkerProcess) -> None:
        self._process = process

    async def open_peer(
        self, room_id: str, participant_id: str, grants: Grants, is_station: bool
    ) -> Offered | WorkerRefused:
        """See `media.api.MediaWorker.open_peer`."""
        worker = self._process.worker
        return await _answered(worker.open_peer(room_id, participant_id, grants, is_station))

    async def answer_offer(self, offer: ClientOffer) -> Answered | WorkerRefused:
        """See `media.api.MediaWorker.answer_offer`."""
        return await _answered(self._process.worker.answer_offer(offer))

    async def take_answer(self, peer_id: str, sdp: str) -> Carried | WorkerRefused:
        """See `media.api.MediaWorker.take_answer`."""
        return await _answered(self._carried(self._process.worker.take_answer(peer_id, sdp)))

    async def set_grants(self, peer_id: str, grants: Grants) -> Carried | WorkerRefused:
        """See `media.api.MediaWorker.set_grants`."""
        return await _answered(self._carried(self._process.worker.set_grants(peer_id, grants)))

    async def close_peer(self, peer_id: str) -> Carried | WorkerRefused:
        """See `media.api.MediaWorker.close_peer`."""
        return await _answered(self._carried(self._process.worker.close_peer(peer_id)))

    async def close_room(self, room_id: str) -> Carried | WorkerRefused:
        """See `media.api.MediaWorker.close_room`."""
        return await _answered(self._carried(self._process.worker.close_room(room_id)))

    async def open_tap(self, room_id: str, socket_path: str, epoch_us: int) -> Carried | WorkerRefused:
        """See `media.api.MediaWorker.open_tap`."""
        opening = self._process.worker.open_tap(room_id, socket_path, epoch_us)
        return await _answered(self._carried(opening))

    async def close_tap(self, room_id: str) -> Carried | WorkerRefused:
        """See `media.api.MediaWorker.close_tap`."""
        return await _answered(self._carried(self._process.worker.close_tap(room_id)))

    async def figures(self) -> WorkerFigures:
        """See `media.api.MediaWorker.figures`."""
        try:
            return await self._process.worker.figures()
        except WorkerGone as error:
            raise ConnectionError(str(error)) from error

    async def events(self) -> AsyncIterator[WorkerMessage]:
        """Events until the worker is gone: then `ConnectionError`."""
        try:
            async for event in self._process.worker.events():
                yield event
        except WorkerGone as error:
            raise ConnectionError(str(error)) from error

    async def close(self) -> None:
        """End the process."""
        await self._process.stop()

    @staticmethod
    async def _carried(work: Awaitable[None]) -> Carried:
        await work
        return Carried(re=0)


async def _answered(work: Awaitable[T]) -> T | WorkerRefused:
    try:
        return await work
    except WorkerGone as error:
        raise ConnectionError(str(error)) from error
    except MediaError as error:
        return WorkerRefused(re=0, code=error.code, message=str(error))
