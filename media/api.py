"""The client of a media worker, for other rooms. Knows neither aiortc nor UDP."""

import asyncio
import contextlib
import itertools
import sys
import uuid
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec

from media.errors import BY_CODE, MediaError, SdpRefused, UnknownPeer, WorkerGone
from media.framing import read_frame, write_message
from media.messages import (
    Answered,
    AnswerOffer,
    AskFigures,
    ClosePeer,
    CloseRoom,
    CloseTap,
    Offered,
    OpenPeer,
    OpenTap,
    PeerConnected,
    PeerLost,
    SetGrants,
    SourceBound,
    SourceLimited,
    SourceStarted,
    TakeAnswer,
    ViewerReduced,
    WorkerFigures,
    WorkerReady,
    WorkerRefused,
    WorkerRequest,
    from_worker_decoder,
)
from records.rooms import ClientOffer, Grants

__all__ = ["MediaError", "MediaWorker", "SdpRefused", "UnknownPeer", "WorkerGone", "WorkerProcess"]

WorkerEvent = PeerConnected | PeerLost | SourceBound | SourceStarted | ViewerReduced | SourceLimited

START_LIMIT_S = 15.0
ANSWER_LIMIT_S = 10.0
STOP_LIMIT_S = 5.0
_MAX_EVENTS = 10_000  # unread; more means that nobody reads


class MediaWorker:
    """A connection to one worker. Every method raises `WorkerGone` once the worker is gone."""

    ready: WorkerReady

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[object]] = {}
        self._events: asyncio.Queue[WorkerEvent | None] = asyncio.Queue()
        self._gone = False
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def connect(cls, socket_path: Path | str) -> "MediaWorker":
        """Connect to a worker's control socket. Raises WorkerGone when nobody listens there."""
        try:
            reader, writer = await asyncio.open_unix_connection(socket_path)
        except OSError as error:
            raise WorkerGone("nobody listens on the worker's control socket") from error
        worker = cls(reader, writer)
        first = await read_frame(reader)
        if first is None:
            writer.close()
            raise WorkerGone("the worker closed its control socket at once")
        worker.ready = msgspec.convert(from_worker_decoder.decode(first), WorkerReady)
        worker._reading = asyncio.create_task(worker._read())
        return worker

    async def open_peer(self, room_id: str, participant_id: str, grants: Grants, is_station: bool) -> Offered:
        """Make a participant's peer connection; an earlier one of it in the room is closed."""
        answer = await self._ask(
            OpenPeer(
                re=next(self._numbers),
                room_id=room_id,
                participant_id=participant_id,
                grants=grants,
                is_station=is_station,
            )
        )
        return msgspec.convert(answer, Offered)

    async def answer_offer(self, offer: ClientOffer) -> Answered:
        """Take the offer of a WHIP or WHEP client. Raises SdpRefused."""
        answer = await self._ask(AnswerOffer(re=next(self._numbers), offer=offer))
        return msgspec.convert(answer, Answered)

    async def take_answer(self, peer_id: str, sdp: str) -> None:
        """Hand over the SDP answer. Raises SdpRefused, UnknownPeer, AnswerRepeated."""
        await self._ask(TakeAnswer(re=next(self._numbers), peer_id=peer_id, sdp=sdp))

    async def set_grants(self, peer_id: str, grants: Grants) -> None:
        """Replace what a participant may publish and receive, at once. Raises UnknownPeer."""
        await self._ask(SetGrants(re=next(self._numbers), peer_id=peer_id, grants=grants))

    async def close_peer(self, peer_id: str) -> None:
        """Close a peer connection; an unknown one is no fault."""
        await self._ask(ClosePeer(re=next(self._numbers), peer_id=peer_id))

    async def close_room(self, room_id: str) -> None:
        """Close a room and all peer connections in it."""
        await self._ask(CloseRoom(re=next(self._numbers), room_id=room_id))

    async def open_tap(self, room_id: str, socket_path: Path | str, epoch_us: int) -> None:
        """Give every packet of a room to a recorder as well. Raises RequestRefused: none listens there.

        `epoch_us`: what the tape's clock showed when this machine's monotonic clock stood at zero.
        """
        re = next(self._numbers)
        await self._ask(OpenTap(re=re, room_id=room_id, socket_path=str(socket_path), epoch_us=epoch_us))

    async def close_tap(self, room_id: str) -> None:
        """Give the recorder not one packet more, from the moment this returns."""
        await self._ask(CloseTap(re=next(self._numbers), room_id=room_id))

    async def figures(self) -> WorkerFigures:
        """What the worker counts."""
        return msgspec.convert(await self._ask(AskFigures(re=next(self._numbers))), WorkerFigures)

    async def events(self) -> AsyncIterator[WorkerEvent]:
        """Events as they come, for one reader. Ends with WorkerGone."""
        while (event := await self._events.get()) is not None:
            yield event
        raise WorkerGone("the media worker is gone")

    async def close(self) -> None:
        """Leave the worker; it ends itself when nobody else is connected."""
        self._writer.close()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        self._end()

    async def _ask(self, request: WorkerRequest) -> object:
        if self._gone:
            raise WorkerGone("the media worker is gone")
        waiting: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._waiting[request.re] = waiting
        write_message(self._writer, request)
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S):
                answer = await waiting
        except TimeoutError:
            raise WorkerGone(f"the media worker did not answer within {ANSWER_LIMIT_S:.0f} s") from None
        finally:
            self._waiting.pop(request.re, None)
        if isinstance(answer, WorkerRefused):
            raise BY_CODE.get(answer.code, MediaError)(answer.message)
        return answer

    async def _read(self) -> None:
        try:
            while (frame := await read_frame(self._reader)) is not None:
                message = from_worker_decoder.decode(frame)
                if isinstance(message, WorkerEvent):
                    if self._events.qsize() >= _MAX_EVENTS:
                        self._events.get_nowait()
                    self._events.put_nowait(message)
                elif (waiting := self._waiting.get(message.re)) is not None and not waiting.done():
                    waiting.set_result(message)
        finally:
            self._end()

    def _end(self) -> None:
        if self._gone:
            return
        self._gone = True
        self._writer.close()
        self._events.put_nowait(None)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(WorkerGone("the media worker is gone"))


class WorkerProcess:
    """A worker as a child process. Starting a new one when it died, and its rooms again, is the caller's."""

    def __init__(self, process: asyncio.subprocess.Process, worker: MediaWorker) -> None:
        self._process = process
        self.worker = worker

    @property
    def pid(self) -> int:
        return self._process.pid

    @classmethod
    async def start(
        cls,
        directory: Path,
        udp_port: int = 0,
        announce: Sequence[str] = ("127.0.0.1",),
        bind: Sequence[str] = (),
    ) -> "WorkerProcess":
        """Start a worker whose control socket lies in `directory`. Raises WorkerGone if it does not come up.

        `announce`: addresses the offers name; `bind`: addresses listened on when these differ (behind NAT).
        """
        socket_path = directory / f"media-{uuid.uuid4().hex[:8]}.sock"
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "media.worker", "--socket", str(socket_path), "--udp-port", str(udp_port)),
            *(part for address in announce for part in ("--announce", address)),
            *(part for address in bind for part in ("--bind", address)),
            stdin=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(START_LIMIT_S):
                worker = await _connected(process, socket_path)
        except BaseException as error:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            if isinstance(error, TimeoutError):
                raise WorkerGone(f"the worker did not come up within {START_LIMIT_S:.0f} s") from None
            raise
        return cls(process, worker)

    async def exited(self) -> int:
        """Wait for the process to end; its exit status."""
        return await self._process.wait()

    async def stop(self) -> None:
        """End the process and wait for it."""
        await self.worker.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(STOP_LIMIT_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()


async def _connected(process: asyncio.subprocess.Process, socket_path: Path) -> MediaWorker:
    while process.returncode is None:
        try:
            return await MediaWorker.connect(socket_path)
        except WorkerGone:
            await asyncio.sleep(0.05)
    raise WorkerGone(f"the worker ended with status {process.returncode} instead of starting")
