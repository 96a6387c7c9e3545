"""A server as a station sees it: takes its socket, keeps its samples, says what a test wants said."""

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import msgspec
import numpy as np
from aiohttp import WSMsgType
from aiohttp.web import (
    Application,
    AppRunner,
    Request,
    Response,
    StreamResponse,
    TCPSite,
    WebSocketResponse,
    get,
)
from numpy.typing import NDArray

from ecg import wire
from ecg.ranges import SampleRanges
from records.ids import BindingId, ConsultId
from records.rooms import Encoding, MediaKind
from signaling import station_messages as s
from signaling.messages import IceServer, Message
from tests.fakes.ports import free_port

TOKEN = "a-stations-token"


class KeptStream:
    """What the server has of one stream: every sample by index, and how often each came."""

    def __init__(self) -> None:
        self.meta: wire.Meta | None = None
        self.end: wire.End | None = None
        self.waves: list[wire.Wave] = []
        self.have = SampleRanges()

    def samples(self) -> NDArray[np.int16]:
        """int16 (leads, n) in order of index."""
        waves = sorted(self.waves, key=lambda wave: wave.first_index)
        return np.concatenate([wave.samples for wave in waves], axis=1)

    def arrived(self) -> int:
        """Samples that came, repeats counted."""
        return sum(wave.sample_count for wave in self.waves)


class FakeStationServer:
    """Speaks the contract over a real socket on the loopback. `bind` says what is bound; None: nothing."""

    def __init__(self, ssl_context: ssl.SSLContext | None = None) -> None:
        self._ssl = ssl_context
        self.port = free_port()
        self.bind: s.Bind | None = None
        self.streams: dict[int, KeptStream] = {}
        self.messages: list[Message] = []
        self.acknowledges = True
        self.ahead_us = 5_000_000  # how far its clock is before the station's
        self.connections = 0
        self._socket: WebSocketResponse | None = None
        self._changed = asyncio.Condition()

    @property
    def url(self) -> str:
        """Where the station connects to."""
        return f"{'https' if self._ssl else 'http'}://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.plug_in()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.pull_out()

    async def plug_in(self) -> None:
        """Begin to listen."""
        app = Application()
        app.add_routes([get("/station/socket", self._serve)])
        self._runner = AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=self._ssl).start()

    async def pull_out(self) -> None:
        """Close the socket and listen no more."""
        if self._socket is not None:
            await self._socket.close()
        await self._runner.cleanup()

    async def send(self, message: Message) -> None:
        """Say something to the station."""
        assert self._socket is not None
        await self._socket.send_str(msgspec.json.encode(message).decode())

    async def bind_to(self, binding_id: str, stream_id: int, tell: bool = True) -> None:
        """Bind the station; without `tell` it hears of it when it connects again."""
        self.bind = s.Bind(
            binding_id=BindingId(binding_id),
            consult_id=ConsultId("consult"),
            ecg_stream_id=stream_id,
            ultrasound_stream_id=stream_id + 1,
        )
        if tell:
            await self.send(self.bind)

    async def release(self) -> None:
        """End the binding."""
        assert self.bind is not None
        released, self.bind = self.bind, None
        await self.send(s.Release(binding_id=released.binding_id))

    async def until(self, condition: Any) -> None:
        """Wait until something holds; it is looked at after everything that comes from the station."""
        async with self._changed:
            await self._changed.wait_for(condition)

    def of_type(self, kind: type[Message]) -> list[Any]:
        """The messages of one type, in order."""
        return [message for message in self.messages if isinstance(message, kind)]

    def samples_of(self, stream_id: int) -> int:
        """Samples that are there without a gap."""
        stream = self.streams.get(stream_id)
        return stream.have.contiguous_end if stream else 0

    async def _serve(self, request: Request) -> StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Response(status=401)
        socket = self._socket = WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                await self._take(socket, s.decode_from_station(frame.data))
            elif frame.type is WSMsgType.BINARY:
                await self._keep(socket, frame.data)
            async with self._changed:
                self._changed.notify_all()
        return socket

    async def _take(self, socket: WebSocketResponse, message: Message) -> None:
        self.messages.append(message)
        answer: Message | None = None
        if isinstance(message, s.StationHello):
            answer = s.StationWelcome(server_us=0, bind=self.bind, demo=True)
        elif isinstance(message, s.StationProbeClock):
            stamp_us = message.sent_us + self.ahead_us
            answer = s.StationClockProbed(sent_us=message.sent_us, received_us=stamp_us, answered_us=stamp_us)
        if answer is not None:
            await socket.send_str(msgspec.json.encode(answer).decode())

    async def _keep(self, socket: WebSocketResponse, data: bytes) -> None:
        packet = wire.decode(data)
        stream = self.streams.setdefault(packet.stream_id, KeptStream())
        match packet:
            case wire.Meta():
                stream.meta = packet
            case wire.Wave():
                stream.waves.append(packet)
                stream.have.add(packet.first_index, packet.sample_count)
            case wire.End():
                stream.end = packet
        if self.acknowledges:
            have = wire.Have(stream_id=packet.stream_id, end=stream.have.contiguous_end)
            await socket.send_bytes(wire.encode(have))


class FakePublisher:
    """A publisher that keeps what it is given."""

    def __init__(self, sdp: str, publish: Mapping[str, MediaKind]) -> None:
        self.answer_sdp = f"answer to {sdp}"
        self.publish = dict(publish)
        self.frames: list[tuple[bytes, int]] = []
        self.reduced: list[tuple[bytes, int]] = []
        self.ecg: list[tuple[bytes, int]] = []
        self.closed = False
        self.key_frame_wanted: Callable[[], None] = lambda: None
        self.target_bitrate: Callable[[int], None] = lambda bps: None
        self.reduced_key_frame_wanted: Callable[[], None] = lambda: None
        self.reduced_bitrate: Callable[[int], None] = lambda bps: None
        self.lost: Callable[[str], None] = lambda reason: None

    async def connected(self) -> None:
        return None

    def send_frame(self, annexb: bytes, capture_us: int, encoding: Encoding = Encoding.MAIN) -> bool:
        assert not self.closed
        (self.frames if encoding is Encoding.MAIN else self.reduced).append((annexb, capture_us))
        return True

    def send_ecg(self, packet: bytes, capture_us: int) -> bool:
        assert not self.closed
        self.ecg.append((packet, capture_us))
        return True

    async def close(self) -> None:
        self.closed = True


class FakeMediaRoom:
    """Answers every offer, and remembers the publishers it made."""

    def __init__(self) -> None:
        self.publishers: list[FakePublisher] = []
        self.relays: list[tuple[IceServer, ...]] = []

    async def answer(
        self, sdp: str, publish: Mapping[str, MediaKind], ice_servers: Sequence[IceServer]
    ) -> FakePublisher:
        self.relays.append(tuple(ice_servers))
        self.publishers.append(FakePublisher(sdp, publish))
        return self.publishers[-1]
