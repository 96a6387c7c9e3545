"""The media worker of this project as a server under measurement."""

import asyncio
import contextlib
import secrets
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import msgspec

from benchmarks.endpoint import Credentials, Endpoint
from benchmarks.picture_stream import Picture, PictureStream
from benchmarks.sink import Sink
from media.answer import write_answer
from media.api import WorkerProcess
from media.layout import Codec, MediaLine, lines_for
from media.offer import LocalTransport, RemoteOffer, SendingSsrcs, read_offer
from media.rtcp import KeyFrameAsked, read_rtcp
from records.accounts import Role
from records.rooms import GRANTS, MediaKind

ROOM = "room"


class WorkerServer:
    """One worker process with one room."""

    name = "Cloud Clinic"
    host = "127.0.0.1"

    def __init__(self, process: WorkerProcess) -> None:
        self.process = process
        self._viewers = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        """Start a worker, and end it."""
        with tempfile.TemporaryDirectory() as directory:
            process = await WorkerProcess.start(Path(directory))
            listening = asyncio.create_task(_listen(process))
            try:
                yield cls(process)
            finally:
                listening.cancel()
                await process.stop()

    @property
    def pid(self) -> int:
        return self.process.pid

    async def publish(self, endpoint: Endpoint, picture: Picture) -> PictureStream:
        """Connect the sender as the room's station."""
        worker = self.process.worker
        offered = await worker.open_peer(ROOM, "station", GRANTS[Role.STATION], True)
        offer = read_offer(offered.sdp, lines_for(True))
        mid = next(mid for mid, kind in offered.publish.items() if kind is MediaKind.ULTRASOUND)
        agreed = next(one for one in offer.lines if one.line.mid == mid)
        ssrcs = SendingSsrcs(secrets.randbits(31) * 2 + 2, secrets.randbits(31) * 2 + 1)
        await worker.take_answer(offered.peer_id, answer_to(offer, endpoint, {mid: ssrcs}))
        await endpoint.connect(credentials_of(offer))
        loop = asyncio.get_running_loop()
        stream = PictureStream(picture, ssrcs.media, agreed.payload_types[Codec.H264_CB], mid, loop.time)
        endpoint.show_rtcp = lambda data: _look_for_key_frame(data, stream)
        return stream

    async def view(self, sink: Sink) -> int:
        """Connect one more viewer."""
        number, own = await sink.make(self.host)
        offer = await self._offered(own)
        await sink.connect(number, credentials_of(offer), ultrasound_ssrcs(offer))
        return number

    async def answer_for(self, own: Credentials) -> Credentials:
        """Let one more viewer in that connects by itself; what it has to connect to."""
        return credentials_of(await self._offered(own))

    async def _offered(self, own: Credentials) -> RemoteOffer:
        self._viewers += 1
        worker = self.process.worker
        offered = await worker.open_peer(ROOM, f"viewer-{self._viewers}", GRANTS[Role.SPECIALIST], False)
        offer = read_offer(offered.sdp, lines_for(False))
        await worker.take_answer(offered.peer_id, answer_to(offer, own, {}))
        return offer


def receiving(server: Credentials, port: int) -> Credentials:
    """The same server, reached by another port."""
    return msgspec.structs.replace(server, port=port)


def ultrasound_ssrcs(offer: RemoteOffer) -> list[int]:
    """What a viewer reports of."""
    return [ssrc for one in offer.lines if is_ultrasound(one.line) for ssrc in one.ssrcs]


def is_ultrasound(line: MediaLine) -> bool:
    """Whether this m-line carries ultrasound to a viewer."""
    return line.kind is MediaKind.ULTRASOUND and not line.publishes


def answer_to(offer: RemoteOffer, end: Endpoint | Credentials, ssrcs: dict[str, SendingSsrcs]) -> str:
    """The SDP answer of an end that publishes what `ssrcs` has, by mid."""
    own = end.credentials if isinstance(end, Endpoint) else end
    transport = LocalTransport(own.ufrag, own.password, own.fingerprint)
    return write_answer(offer.lines, transport, ssrcs, "benchmark")


def credentials_of(offer: RemoteOffer) -> Credentials:
    """Where and with whom an end has to connect."""
    host, port = offer.addresses[0]
    return Credentials(
        ufrag=offer.ufrag, password=offer.password, fingerprint=offer.fingerprint, host=host, port=port
    )


def _look_for_key_frame(data: bytes, stream: PictureStream) -> None:
    if any(isinstance(part, KeyFrameAsked) for part in read_rtcp(data)):
        stream.want_key_frame()


async def _listen(process: WorkerProcess) -> None:
    """Take the worker's events, which nobody needs here, so that they do not pile up."""
    async for _ in process.worker.events():
        pass
