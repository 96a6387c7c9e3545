"""The two WebSockets: who gets in, what closes them, what they never do."""

import asyncio
import json
from pathlib import Path

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from ecg import wire
from signaling import messages as m
from signaling import station_messages as s
from tests.fakes.records import HAN, STATION, ZHOU
from tests.fakes.served import TOKEN, Served, closed, open_doors
from web.settings import GuardSettings

HELLO = s.StationHello(ultrasound=m.DeviceState.READY, ecg=m.DeviceState.READY)


async def test_a_socket_is_welcomed_after_its_hello(served: Served) -> None:
    socket = await (await served.signed_in(ZHOU)).greeted()
    await socket.send_str('{"type":"probe_clock","sent_us":5}')
    assert (await socket.receive()).json()["sent_us"] == 5


@pytest.mark.parametrize("first", ['{"type":"probe_clock","sent_us":5}', "not json", '{"type":"welcome"}'])
async def test_anything_before_the_hello_is_refused_and_closes(served: Served, first: str) -> None:
    socket = await (await served.signed_in(ZHOU)).socket()
    await socket.send_str(first)
    assert [one["code"] for one in await closed(socket)] == ["hello_first"]


async def test_a_socket_without_a_hello_is_closed(tmp_path: Path) -> None:
    async with open_doors(tmp_path, guard=GuardSettings(hello_s=0.2)) as served:
        socket = await (await served.signed_in(ZHOU)).socket()
        assert await closed(socket) == []


@pytest.mark.parametrize(
    "sent", ["{", '{"type":"no_such"}', '{"type":"say_chat","id":"command-1"}', "[]" * 900]
)
async def test_what_cannot_be_read_is_refused_and_the_socket_goes_on(served: Served, sent: str) -> None:
    socket = await (await served.signed_in(ZHOU)).greeted()
    await socket.send_str(sent)
    assert (await socket.receive()).json()["type"] == "refused"
    await socket.send_str('{"type":"probe_clock","sent_us":5}')
    assert (await socket.receive()).json()["type"] == "clock_probed"


async def test_a_message_over_64_kib_is_refused_in_words_and_the_socket_goes_on(served: Served) -> None:
    socket = await (await served.signed_in(ZHOU)).greeted()
    text = "x" * 200_000
    await socket.send_str(f'{{"type":"say_chat","consult_id":"c","text":"{text}","id":"command-1"}}')
    refused = (await socket.receive()).json()
    assert (refused["code"], refused["re"]) == ("too_large", "command-1") and refused["sentence"]
    await socket.send_str('{"type":"probe_clock","sent_us":5}')
    assert (await socket.receive()).json()["type"] == "clock_probed"


@pytest.mark.parametrize("first", ["[" * 10_000, "x" * 200_000, "{}", '{"type":"bind"}'])
async def test_a_station_that_begins_with_rubbish_is_closed_and_disturbs_nobody(
    served: Served, first: str
) -> None:
    socket = await served.browser().socket("/station/socket", Authorization=f"Bearer {TOKEN}")
    await socket.send_str(first)
    await closed(socket)
    assert socket.close_code == 1008
    await (await served.signed_in(ZHOU)).greeted()


async def test_a_message_over_a_mebibyte_closes_with_1009(served: Served) -> None:
    socket = await (await served.signed_in(ZHOU)).greeted()
    await socket.send_str("x" * (1024 * 1024 + 1))
    await socket.receive()
    assert socket.close_code == 1009


async def test_one_person_holds_20_sockets_at_most(tmp_path: Path) -> None:
    async with open_doors(tmp_path, guard=GuardSettings(sockets_per_account=2)) as served:
        browser = await served.signed_in(ZHOU)
        sockets = [await browser.greeted(f"tab-0000000{n}") for n in range(2)]
        with pytest.raises(WSServerHandshakeError) as refused:
            await browser.socket()
        assert refused.value.status == 503
        await sockets[0].close()
        # The place is free once the desk has let go; nothing tells a client when that is.
        while len(served.open_sockets) == 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await browser.greeted("tab-00000009")


async def test_a_station_gets_in_by_its_token_only(served: Served) -> None:
    for headers in ({}, {"Authorization": "Bearer " + "x" * 40}, {"Authorization": TOKEN}):
        with pytest.raises(WSServerHandshakeError) as refused:
            await served.browser().socket("/station/socket", **headers)
        assert refused.value.status == 401


async def test_a_station_is_welcomed_and_its_garbage_refused(served: Served) -> None:
    socket = await served.browser().socket("/station/socket", Authorization=f"Bearer {TOKEN}")
    await socket.send_bytes(b"")
    assert await closed(socket) == []
    socket = await served.browser().socket("/station/socket", Authorization=f"Bearer {TOKEN}")
    await socket.send_str(m.encode(HELLO).decode())
    assert (await socket.receive()).json()["type"] == "station_welcome"
    for garbage in (b"not E1", b"E1" + bytes(38), b"x" * 33_000):
        await socket.send_bytes(garbage)
        assert (await socket.receive()).json()["type"] == "station_refused"
    have = wire.encode(wire.Have(stream_id=1, end=5))
    await socket.send_bytes(have)
    assert (await socket.receive()).json()["code"] == "not_samples"


async def test_revoking_the_token_closes_the_stations_socket_at_once(served: Served) -> None:
    socket = await served.browser().socket("/station/socket", Authorization=f"Bearer {TOKEN}")
    await socket.send_str(m.encode(HELLO).decode())
    await socket.receive()
    administrator = await served.signed_in(HAN)
    assert (await administrator.delete(f"/api/accounts/{STATION.id}/token")).status == 204
    last = await socket.receive()
    assert (last.type, last.extra) == (WSMsgType.CLOSE, "revoked")
    with pytest.raises(WSServerHandshakeError):
        await served.browser().socket("/station/socket", Authorization=f"Bearer {TOKEN}")


async def test_a_new_token_ends_the_one_before(served: Served) -> None:
    administrator = await served.signed_in(HAN)
    made = (await administrator.post(f"/api/accounts/{STATION.id}/token")).json
    with pytest.raises(WSServerHandshakeError):
        await served.browser().socket("/station/socket", Authorization=f"Bearer {TOKEN}")
    socket = await served.browser().socket("/station/socket", Authorization=f"Bearer {made['token']}")
    await socket.send_str(m.encode(HELLO).decode())
    assert json.loads((await socket.receive()).data)["type"] == "station_welcome"


async def test_a_server_that_stops_says_so_and_every_socket_ends_at_once(tmp_path: Path) -> None:
    async with open_doors(tmp_path) as served:
        browser = await served.signed_in(ZHOU)
        sockets = [await browser.greeted(f"tab-0000000{n}") for n in range(2)]
        reading = [asyncio.create_task(socket.receive()) for socket in sockets]
        stopping = asyncio.create_task(served.open_sockets.close_all())
        ends = [await one for one in reading]
        await stopping
        assert len(served.open_sockets) == 0
        assert [(one.type, one.data, one.extra) for one in ends] == [(WSMsgType.CLOSE, 1001, "stopping")] * 2
