"""The bounded way out of a socket."""

import asyncio

from aiohttp.web import WebSocketResponse

from signaling import messages as m
from web.outbox import PACKETS_LIMIT_BYTES, SocketOutbox
from web.settings import GuardSettings

BIG = m.Refused(re="", code="x" * 100_000, sentence="")


class StuckSocket(WebSocketResponse):
    """A socket whose other end reads only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = asyncio.Event()
        self.sent: list[str | bytes] = []
        self.closed_with: tuple[int, bytes] | None = None

    async def send_str(self, data: str, compress: int | None = None) -> None:
        await self.reads.wait()
        self.sent.append(data)

    async def send_bytes(self, data: bytes, compress: int | None = None) -> None:  # type: ignore[override]
        await self.reads.wait()
        self.sent.append(data)

    async def close(self, *, code: int = 1000, message: bytes = b"", drain: bool = True) -> bool:
        self.closed_with = (code, message)
        return True


class Time:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def outbox(socket: StuckSocket, time: Time | None = None) -> SocketOutbox:
    return SocketOutbox(socket, GuardSettings(), time or Time())


async def test_messages_go_out_in_order_and_before_the_close() -> None:
    socket = StuckSocket()
    socket.reads.set()
    out = outbox(socket)
    out.put(m.SignedOut(code="expired"))
    out.put_bytes(b"packet")
    out.close("expired")
    await out.run()
    assert socket.sent == ['{"type":"signed_out","code":"expired"}', b"packet"]
    assert socket.closed_with == (1008, b"expired")


async def test_256_kb_of_control_close_with_1013() -> None:
    socket = StuckSocket()
    out = outbox(socket)
    for _ in range(3):
        out.put(BIG)
    await out.run()
    assert socket.closed_with == (1013, b"overflow")


async def test_a_message_that_waits_over_2_s_closes_with_1013() -> None:
    socket, time = StuckSocket(), Time()
    out = outbox(socket, time)
    out.put(m.SignedOut(code="a"))
    time.now_s = 2.1
    out.put(m.SignedOut(code="b"))
    await out.run()
    assert socket.closed_with == (1013, b"overflow")


async def test_waveforms_that_pile_up_lose_the_oldest_and_close_nothing() -> None:
    socket = StuckSocket()
    out = outbox(socket)
    packets = [bytes([n]) * 32_768 for n in range(40)]
    for packet in packets:
        out.put_bytes(packet)
    kept = PACKETS_LIMIT_BYTES // 32_768
    assert (out.dropped_packets, out.waiting_bytes) == (40 - kept, PACKETS_LIMIT_BYTES)
    socket.reads.set()
    out.close("ended")
    await out.run()
    assert socket.sent == packets[40 - kept :]


async def test_a_packet_dropped_while_it_is_sent_is_counted_off_once() -> None:
    socket = StuckSocket()
    out = outbox(socket)
    running = asyncio.create_task(out.run())
    packet = bytes(PACKETS_LIMIT_BYTES // 2)
    for _ in range(3):
        out.put_bytes(packet)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    socket.reads.set()
    out.close("done")
    await running
    assert out._packet_bytes == 0


async def test_a_large_snapshot_may_go_alone() -> None:
    socket = StuckSocket()
    out = outbox(socket)
    out.put(m.Refused(re="", code="x" * 400_000, sentence=""))
    socket.reads.set()
    out.close("ended")
    await out.run()
    assert len(socket.sent) == 1 and socket.closed_with == (1008, b"ended")
