"""Writes what a station of ours sends, as a worker reads it, to `tests/golden/rtp/`.

`python -m tests.media.capture`
"""

import asyncio
import random
import time
from types import SimpleNamespace

from ecg.live import LivePacketizer
from ecg.synthetic import SyntheticEcg
from media.messages import WorkerMessage
from media.peer import Peer
from media.port import UdpPort
from media.publisher import Publisher
from media.rtp import read_packet
from media.switchboard import Switchboard
from records.accounts import Role
from records.rooms import GRANTS
from station.ecg_stream import Anchor, EcgStream
from station.encoder import H264Encoder
from tests.media.replay import GOLDEN, pack
from ultrasound.synthetic import SyntheticUltrasound

WIDTH, HEIGHT, RATE_HZ, BITS_PER_S = 416, 240, 20, 600_000
PICTURES, KEPT_BYTES = 60, 16
LOST = 0.05
"""Of the pictures' packets, from the second second on: so there are retransmissions."""


class Recorder:
    """Stands before a peer's decrypted entry."""

    def __init__(self, peer: Peer) -> None:
        self._peer, self._take = peer, peer.take_rtp
        self._began = time.perf_counter()
        self._chance = random.Random(7)
        self.files: dict[str, bytearray] = {
            "station_ultrasound.rtp": bytearray(),
            "station_ecg.rtp": bytearray(),
        }
        peer.take_rtp = self.take  # type: ignore[method-assign]

    def take(self, view: memoryview, now: float) -> None:
        data, at_s = bytes(view), time.perf_counter() - self._began
        packet = read_packet(view)
        assert packet is not None
        is_ecg = packet.payload_type == 112
        if not is_ecg and at_s > 1 and self._chance.random() < LOST:
            return
        head = len(data) - len(packet.payload)
        kept = len(data) if is_ecg else min(len(data), head + KEPT_BYTES)
        self.files["station_ecg.rtp" if is_ecg else "station_ultrasound.rtp"] += pack(at_s, data, kept)
        self._take(view, now)


async def send(publisher: Publisher) -> None:
    """Three seconds of pictures, and one of an ECG, in their own time."""
    pictures, encoder = SyntheticUltrasound(WIDTH, HEIGHT), H264Encoder(WIDTH, HEIGHT, RATE_HZ, BITS_PER_S)
    wished = SimpleNamespace(key=False)
    publisher.key_frame_wanted = lambda: setattr(wished, "key", True)
    began_us = time.time_ns() // 1000
    ecg = EcgStream(SyntheticEcg(500), 1, Anchor(0, began_us))
    live = LivePacketizer(500)
    for number in range(PICTURES):
        now_us = time.time_ns() // 1000
        key, wished.key = wished.key, False
        publisher.send_frame(encoder.encode(pictures.frame(now_us), now_us, key).annexb, now_us)
        for piece in ecg.pieces(min(now_us, began_us + 1_000_000)):
            publisher.send_ecg(live.packet(piece), piece.captured_us)
        await asyncio.sleep(max(0.0, (began_us - time.time_ns() // 1000) / 1e6 + (number + 1) / RATE_HZ))


async def main() -> None:
    """Capture, and write both files."""
    events: list[WorkerMessage] = []
    port = UdpPort.open(0, ["127.0.0.1"], ["127.0.0.1"])
    board = Switchboard(port, events.append, asyncio.get_running_loop().time)
    offered = board.open_peer(1, "room", "station", GRANTS[Role.STATION], True)
    publisher = await Publisher.answer(offered.sdp, offered.publish, clock_us=lambda: time.time_ns() // 1000)
    board.take_answer(offered.peer_id, publisher.answer_sdp)
    await publisher.connected()
    recorder = Recorder(board.peer(offered.peer_id))
    await send(publisher)
    await asyncio.sleep(0.3)
    await publisher.close()
    await board.close()
    port.close()
    for name, data in recorder.files.items():
        (GOLDEN / name).write_bytes(data)


if __name__ == "__main__":
    asyncio.run(main())
