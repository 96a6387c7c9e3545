"""The demo's spoilt line: what it carries, loses and hides, counted with real sockets on the loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from cloudclinic.demo_lines import DemoLines, through, worker_address
from cloudclinic.faulty_line import QUEUE_S, FaultyLine, Narrowness
from records.rooms import NO_GRANTS
from signaling.messages import LineFault
from tests.fakes.media import FakeMedia

OFFER = "\r\n".join(
    [
        "v=0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "a=candidate:1 1 udp 2130706431 127.0.0.1 40000 typ host",
        "a=candidate:2 1 udp 2130706175 ::1 40000 typ host",
        "a=end-of-candidates",
        "a=mid:0",
        "",
    ]
)


def test_a_narrow_way_carries_its_rate_and_loses_what_would_wait_longer_than_its_queue() -> None:
    way = Narrowness()
    assert way.leaves_at(1200, 5.0) == 5.0
    way.bits_per_s = 384_000
    times = [way.leaves_at(1200, 10.0) for _ in range(20)]
    left = [one for one in times if one is not None]
    assert left == sorted(left) and left[0] == pytest.approx(10.025)
    assert len(left) in (12, 13) and left[-1] <= 10.0 + QUEUE_S + 0.026
    assert way.lost == 20 - len(left)
    assert way.leaves_at(1200, 11.0) == pytest.approx(11.025)


class Worker:
    """A socket that answers every datagram with the same bytes and remembers from where they came."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.heard_from: list[tuple[str, int]] = []

    async def echo(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            data, address = await loop.sock_recvfrom(self.socket, 2048)
            self.heard_from.append(address)
            await loop.sock_sendto(self.socket, data, address)


class Browser:
    def __init__(self, to: tuple[str, int]) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(to)
        self.socket.setblocking(False)

    async def asks(self, data: bytes) -> bytes:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self.socket, data)
        return await loop.sock_recv(self.socket, 2048)


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    one = Worker()
    task = asyncio.create_task(one.echo())
    yield one
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    one.socket.close()


async def test_datagrams_go_there_and_back_until_the_line_is_cut(worker: Worker) -> None:
    line = await FaultyLine.open(worker.socket.getsockname())
    browser = Browser(line.address)
    assert await browser.asks(b"one") == b"one"
    line.cut(60)
    asking = asyncio.create_task(browser.asks(b"two"))
    assert not (await asyncio.wait({asking}, timeout=0.3))[0]
    line.cut(0)
    browser.socket.send(b"three")
    assert await asking == b"three"
    line.close()
    browser.socket.close()
    assert len(worker.heard_from) == 2


async def test_another_address_is_a_stranger_to_the_worker_and_the_same_to_the_browser(
    worker: Worker,
) -> None:
    line = await FaultyLine.open(worker.socket.getsockname())
    browser = Browser(line.address)
    assert await browser.asks(b"one") == b"one"
    await line.change_address()
    assert await browser.asks(b"two") == b"two"
    line.close()
    browser.socket.close()
    assert len(set(worker.heard_from)) == 2


async def test_a_narrow_line_is_slow_and_loses_nothing_that_fits_its_queue(worker: Worker) -> None:
    line = await FaultyLine.open(worker.socket.getsockname())
    line.narrow(10_000_000)
    browser = Browser(line.address)
    assert [await browser.asks(bytes([number])) for number in range(20)] == [bytes([n]) for n in range(20)]
    line.close()
    browser.socket.close()


def test_an_offer_through_a_relay_names_it_alone() -> None:
    assert worker_address(OFFER) == ("127.0.0.1", 40000)
    sdp = through(OFFER, ("127.0.0.1", 50123))
    assert worker_address(sdp) == ("127.0.0.1", 50123)
    assert sdp.count("a=candidate") == 1 and "\r\n\r\n" not in sdp
    assert sdp.endswith("a=end-of-candidates\r\na=mid:0\r\n")
    assert worker_address("v=0\r\n") is None


async def test_only_who_asked_for_a_fault_goes_through_a_relay() -> None:
    plane = FakeMedia()
    plane.sdp = OFFER
    lines = DemoLines(plane, steady_s=0)
    assert (await lines.open_peer("room", "doctor", NO_GRANTS, False)).sdp == OFFER
    assert await lines.spoil("doctor", LineFault.NARROW_384) is True
    again = (await lines.open_peer("room", "doctor", NO_GRANTS, False)).sdp
    assert worker_address(again) not in (None, ("127.0.0.1", 40000))
    assert (await lines.open_peer("room", "specialist", NO_GRANTS, False)).sdp == OFFER
    assert await lines.spoil("doctor", LineFault.MENDED) is False
    third = (await lines.open_peer("room", "doctor", NO_GRANTS, False)).sdp
    assert worker_address(third) == worker_address(again)
    await lines.close()


async def test_a_spoilt_line_leads_to_the_worker_that_came_in_place_of_a_dead_one(worker: Worker) -> None:
    dead = Worker()
    plane = FakeMedia()
    lines = DemoLines(plane, steady_s=0)
    await lines.spoil("doctor", LineFault.MENDED)
    for one in (dead, worker):
        plane.sdp = OFFER.replace("40000", str(one.socket.getsockname()[1]))
        offer = await lines.open_peer("room", "doctor", NO_GRANTS, False)
    dead.socket.close()
    relay = worker_address(offer.sdp)
    assert relay is not None
    browser = Browser(relay)
    assert await browser.asks(b"one") == b"one"
    assert len(worker.heard_from) == 1
    browser.socket.close()
    await lines.close()
