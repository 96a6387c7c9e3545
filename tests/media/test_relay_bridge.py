"""A station whose line carries no UDP publishes by a real relay, and takes none where UDP gets through."""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from media import publisher as publisher_module
from media.api import MediaWorker, WorkerProcess
from media.client_path import ClientPath
from media.errors import MediaError
from media.publisher import Publisher
from media.relay_bridge import RelayBridge, RelayLogin
from media.turn_messages import Credentials
from media.turn_url import read_turn_url
from records.accounts import Role
from records.rooms import GRANTS
from signaling.relays import Relays
from station.running import relay_logins
from tests.fakes.media_viewer import Viewer
from tests.fakes.records import NOW
from tests.media.test_call import ECG, IDR, ULTRASOUND, clock_us
from tests.relay import Relay, credentials, relay_settings

pytestmark = pytest.mark.relay


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[WorkerProcess]:
    (tmp_path / "worker").mkdir()
    process = await WorkerProcess.start(tmp_path / "worker")
    yield process
    await process.stop()


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[Relay]:
    (tmp_path / "data").mkdir()
    async with Relay.open(tmp_path, relay_settings(tmp_path)) as running:
        yield running


@pytest.fixture
def no_udp_to_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The publisher's path asks in vain wherever the offer says: its checks do not leave the machine."""

    class Blocked(ClientPath):
        def __init__(self, offer: Any, *rest: Any, **more: Any) -> None:
            self._blocked = offer.addresses[:1]
            super().__init__(offer, *rest, **more)

        def _ask(self, address: Any) -> None:
            if address not in self._blocked:
                super()._ask(address)

    monkeypatch.setattr(publisher_module, "ClientPath", Blocked)


def logins(relay: Relay, *ways: int) -> tuple[RelayLogin, ...]:
    trusted = ssl.create_default_context(cafile=relay.settings.turn_certificate)
    urls = [read_turn_url(relay.settings.turn_urls[way]) for way in ways]
    return tuple(RelayLogin(url, credentials(relay.settings), trusted) for url in urls)


async def until(look: Callable[[], bool]) -> None:
    """Look until it is so; the test's time limit ends it otherwise."""
    while True:
        if look():
            return
        await asyncio.sleep(0.05)


async def answer(worker: MediaWorker, relays: tuple[RelayLogin, ...]) -> Publisher:
    offered = await worker.open_peer("room", "station", GRANTS[Role.STATION], True)
    publisher = await Publisher.answer(offered.sdp, offered.publish, clock_us=clock_us, relays=relays)
    await worker.take_answer(offered.peer_id, publisher.answer_sdp)
    return publisher


async def view(worker: MediaWorker) -> Viewer:
    offered = await worker.open_peer("room", "doctor", GRANTS[Role.SPECIALIST], False)
    viewer = await Viewer.answer(offered.sdp)
    await worker.take_answer(offered.peer_id, viewer.path.answer_sdp)
    assert await viewer.path.connected()
    return viewer


@pytest.mark.usefixtures("no_udp_to_the_worker")
@pytest.mark.parametrize("way", range(3), ids=("udp", "tcp", "tls"))
async def test_everything_arrives_by_the_relay(process: WorkerProcess, relay: Relay, way: int) -> None:
    publisher = await answer(process.worker, logins(relay, way))
    wanted = asyncio.Event()
    await publisher.connected()
    publisher.send_frame(IDR, 1_000_000)
    publisher.key_frame_wanted = wanted.set
    viewer = await view(process.worker)
    sent = [bytes((number,)) * (700 + number) for number in range(50)]
    for number, packet in enumerate(sent):
        assert publisher.send_ecg(packet, 1_000_000 + 20_000 * number)
    assert [packet.payload for packet in await viewer.until(ECG, 50)] == sent
    await wanted.wait()  # asked for by the viewer, through the relay
    publisher.send_frame(IDR, 2_000_000)
    await viewer.until(ULTRASOUND, 3)
    await viewer.path.close()
    await publisher.close()
    assert re.search("refreshed, .*lifetime=0", relay.log)  # given back


@pytest.mark.usefixtures("no_udp_to_the_worker")
async def test_the_relay_is_kept_for_as_long_as_it_is_needed(
    process: WorkerProcess, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.relay_bridge.KEEP_INTERVAL_S", 0.05)
    publisher = await answer(process.worker, logins(relay, 0))
    await publisher.connected()
    await until(lambda: len(re.findall("refreshed, .*lifetime=600", relay.log)) >= 3)
    assert len(re.findall("peer 127.0.0.1.* lifetime updated", relay.log)) >= 3
    assert publisher.send_ecg(b"E1", 1_000_000)
    await publisher.close()


@pytest.mark.usefixtures("no_udp_to_the_worker")
async def test_a_way_that_is_refused_leaves_the_others(process: WorkerProcess, relay: Relay) -> None:
    refused, good = logins(relay, 0, 1)
    wrong = RelayLogin(refused.url, Credentials("1:x", "wrong"), refused.tls)
    publisher = await answer(process.worker, (wrong, good))
    await publisher.connected()
    await publisher.close()


async def test_where_udp_gets_through_no_relay_is_asked(process: WorkerProcess, relay: Relay) -> None:
    publisher = await answer(process.worker, logins(relay, 0, 1, 2))
    await publisher.connected()
    assert publisher._bridge.addresses == ()
    await publisher.close()
    assert not re.search(r"username=<\d", relay.log)


@pytest.mark.usefixtures("no_udp_to_the_worker")
async def test_without_any_way_it_is_said_what_to_open(
    process: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.client_path.CONNECT_LIMIT_S", 0.2)
    publisher = await answer(process.worker, ())
    with pytest.raises(MediaError, match=r"no answer by UDP from 127\.0\.0\.1 port \d+.*set up a relay"):
        await publisher.connected()
    await publisher.close()


async def test_nobody_else_on_the_machine_gets_through_a_door() -> None:
    class Kept:
        """A relay that remembers what it was to send."""

        def __init__(self) -> None:
            self.sent: list[bytes] = []

        def send(self, data: bytes, peer: Any) -> None:
            self.sent.append(data)

    way = RelayLogin(read_turn_url("turn:127.0.0.1:9"), Credentials("1:x", "y"), ssl.create_default_context())
    bridge = RelayBridge((("127.0.0.1", 50000),), (way,))
    kept = Kept()
    bridge._client = kept  # type: ignore[assignment]
    (door,) = bridge._doors.values()
    with socket.socket(type=socket.SOCK_DGRAM) as path, socket.socket(type=socket.SOCK_DGRAM) as stranger:
        path.sendto(b"first", bridge.addresses[0])
        stranger.sendto(b"stranger", bridge.addresses[0])
        path.sendto(b"second", bridge.addresses[0])
        bridge._readable(door)
    assert kept.sent == [b"first", b"second"]
    bridge._client = None
    await bridge.close()


def test_the_relays_of_an_offer_are_taken_over_with_their_credentials() -> None:
    urls = ("turn:turn.example", "turns:turn.example:443", "turn+quic:turn.example")
    (server,) = Relays(urls, "s" * 32, 600).ice_servers("p1", NOW)
    taken = relay_logins((server,), ssl.create_default_context())
    assert [str(login.url) for login in taken] == [
        "turn:turn.example:3478?transport=udp",
        "turns:turn.example:443?transport=tcp",
    ]
    assert {login.credentials for login in taken} == {Credentials(server.username, server.credential)}
    assert server.credential not in repr(taken)
