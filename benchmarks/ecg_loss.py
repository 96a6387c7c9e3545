"""Live ECG to a viewer whose line loses packets: how late and how much of it comes, sample by sample."""

import asyncio
import time
from dataclasses import dataclass

from benchmarks.endpoint import Endpoint
from benchmarks.report import Row
from benchmarks.spread import Spread
from benchmarks.udp_line import UdpLine
from benchmarks.worker_server import WorkerServer, receiving
from ecg import wire
from ecg.errors import WireError
from ecg.live import LivePacketizer
from ecg.synthetic import SyntheticEcg
from media.publisher import Publisher
from media.rtp import read_packet
from records.accounts import Role
from records.rooms import GRANTS, MediaKind
from station.ecg_stream import Anchor, EcgStream

LOSS = 0.05
DELAY_S = 0.020
LEAST_S = 60  # for a share of 99.99 % to mean something
STREAM = 7


@dataclass(frozen=True)
class Delivered:
    """Of every sample that was sent: when it came first, after its capture and after its piece was whole."""

    sent: int
    after_capture_ms: list[float]
    after_piece_ms: list[float]


class _Arrivals:
    """The first arrival of every sample."""

    def __init__(self) -> None:
        self.first_us: dict[int, int] = {}

    def take(self, view: memoryview) -> None:
        packet = read_packet(view)
        if packet is None or not len(packet.payload):
            return
        now_us = time.time_ns() // 1000
        try:
            wave = wire.decode(packet.payload)
        except WireError:
            return  # another stream of this viewer
        if isinstance(wave, wire.Wave):
            for index in range(wave.first_index, wave.end_index):
                self.first_us.setdefault(index, now_us)


async def measure(seconds: int) -> Delivered:
    """One viewer behind 5 % random loss, both ways, and 20 ms one way."""
    arrivals = _Arrivals()
    async with WorkerServer.open() as server:
        publisher = await _station(server)
        end = Endpoint(server.host)
        end.show = arrivals.take
        credentials = await server.answer_for(end.credentials)
        async with UdpLine((credentials.host, credentials.port)) as line:
            await end.connect(receiving(credentials, line.port))
            line.loss_there = line.loss_back = LOSS
            line.delay_s = DELAY_S
            stream = await _send(publisher, max(seconds, LEAST_S))
            await asyncio.sleep(0.5)
            await end.close()
        await publisher.close()
    return _delivered(stream, arrivals.first_us)


async def _station(server: WorkerServer) -> Publisher:
    worker = server.process.worker
    offered = await worker.open_peer("room", "station", GRANTS[Role.STATION], True)
    publisher = await Publisher.answer(
        offered.sdp,
        {mid: kind for mid, kind in offered.publish.items() if kind is MediaKind.ECG},
        clock_us=lambda: time.time_ns() // 1000,
    )
    await worker.take_answer(offered.peer_id, publisher.answer_sdp)
    await publisher.connected()
    return publisher


async def _send(publisher: Publisher, seconds: int) -> EcgStream:
    """As a station does: each piece as its last sample is captured."""
    started_us = time.time_ns() // 1000
    source = SyntheticEcg(started_us=started_us)
    stream, packetizer = EcgStream(source, STREAM, Anchor(0, started_us)), LivePacketizer(source.rate_hz)
    while stream.next_index < seconds * source.rate_hz:
        for piece in stream.pieces(time.time_ns() // 1000):
            publisher.send_ecg(packetizer.packet(piece), piece.captured_us)
        await asyncio.sleep(max(0, stream.due_us() - time.time_ns() // 1000) / 1e6)
    return stream


def _delivered(stream: EcgStream, first_us: dict[int, int]) -> Delivered:
    piece = round(SyntheticEcg(started_us=0).rate_hz / 50)
    came = [index for index in range(stream.next_index) if index in first_us]
    return Delivered(
        sent=stream.next_index,
        after_capture_ms=[(first_us[at] - stream.captured_us(at)) / 1000 for at in came],
        after_piece_ms=[(first_us[at] - stream.captured_us((at // piece + 1) * piece)) / 1000 for at in came],
    )


def rows(done: Delivered | None, why: str) -> list[Row]:
    """The delay and the share with their bounds."""
    spreads = [Spread(one) for one in ((done.after_piece_ms, done.after_capture_ms) if done else ((), ()))]
    share = 100 * len(done.after_piece_ms) / done.sent if done else None
    what = "ECG delivered live at 5 % loss, 20 ms path"
    missing = done.sent - len(done.after_piece_ms) if done else 0
    return [
        Row(
            what=f"{what}: its piece was whole to its arrival, p99",
            value=spreads[0].at(0.99),
            unit="ms",
            must=60,
            aim=40,
            why=spreads[0].why(why or "nothing came"),
        ),
        Row(
            what=f"{what}: capture of the sample to its arrival, p99",
            value=spreads[1].at(0.99),
            unit="ms",
            must=None,
            aim=None,
            why=spreads[1].why(why or "nothing came"),
        ),
        Row(
            what=f"{what}: share of the samples",
            value=share,
            unit="%",
            must=99.9,
            aim=99.99,
            why=f"{missing} of {done.sent} missing" if done else why,
            at_least=True,
        ),
    ]
