"""Our TURN client: its bytes, and what it does with a real coturn."""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from media.errors import RelayRefused, RelayUnreachable
from media.turn_client import TurnClient
from media.turn_messages import (
    HEADER,
    RELAYED_ADDRESS,
    Challenge,
    Credentials,
    Method,
    is_signed,
    peer_address,
    read_channel_data,
    read_response,
    split_stream,
    write_channel_data,
    write_request,
)
from media.turn_url import Transport, TurnUrl, read_turn_url
from tests.relay import Relay, credentials, relay_settings

MIKE = Credentials("mike", "s3cret")
CHALLENGE = Challenge("example.org", b"nonce")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("turn:turn.example", TurnUrl("turn.example", 3478, Transport.UDP)),
        ("turn:turn.example:3479?transport=tcp", TurnUrl("turn.example", 3479, Transport.TCP)),
        ("turns:turn.example", TurnUrl("turn.example", 5349, Transport.TLS)),
        ("turns:turn.example:443?transport=tcp", TurnUrl("turn.example", 443, Transport.TLS)),
        ("turn:[2001:db8::1]:3478", TurnUrl("2001:db8::1", 3478, Transport.UDP)),
    ],
)
def test_a_url_is_read_and_written(text: str, url: TurnUrl) -> None:
    assert read_turn_url(text) == url
    assert read_turn_url(str(url)) == url


@pytest.mark.parametrize(
    "text",
    ["", "turn:", "stun:a", "turn:a:0", "turn:a:65536", "turn:a?transport=sctp", "turn:[::1", "turn:[:::]:1"]
    + ["turns:a?transport=udp", "turn:a b", "turn:a\nno-auth", "TURN:a:1"],
)
def test_what_is_no_url_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_turn_url(text)


def answered(request: bytes, kind: int) -> bytes:
    """The same message as a response of a class."""
    return (int.from_bytes(request[:2], "big") | kind).to_bytes(2, "big") + request[2:]


def test_a_signed_message_is_known_by_its_key_and_its_every_byte() -> None:
    request = write_request(Method.ALLOCATE, bytes(12), [(0x19, b"\x11\0\0\0")], MIKE, CHALLENGE)
    response = read_response(request[:2] + request[2:])
    assert response is None  # a request is no response
    key = MIKE.key("example.org")
    signed = write_request(Method.REFRESH, bytes(12), [], MIKE, CHALLENGE)
    # A response's class is part of what is signed: changing it breaks the signature.
    changed = read_response(answered(signed, 0x100))
    assert changed is not None and not is_signed(changed, key)
    assert "s3cret" not in repr(MIKE)


def test_an_address_comes_back_as_it_went_in() -> None:
    for peer in (("198.51.100.7", 50000), ("2001:db8::7", 1)):
        transaction = bytes(range(12))
        _, value = peer_address(peer, transaction)
        request = write_request(Method.ALLOCATE, transaction, [(RELAYED_ADDRESS, value)])
        response = read_response(answered(request, 0x100))
        assert response is not None and response.address(RELAYED_ADDRESS) == peer


@given(st.binary(max_size=200))
def test_no_bytes_make_the_readers_raise(data: bytes) -> None:
    response = read_response(data)
    if response is not None:
        response.address(RELAYED_ADDRESS)
        is_signed(response, b"key")
        assert response.challenge is None or isinstance(response.challenge.realm, str)
    read_channel_data(data)
    split_stream(bytearray(data))


@given(st.lists(st.binary(max_size=40), max_size=6), st.integers(1, 50))
def test_a_stream_is_cut_into_the_messages_that_were_sent(packets: list[bytes], step: int) -> None:
    request = write_request(Method.REFRESH, bytes(12), [])
    sent = b"".join(write_channel_data(0x4000, packet, stream=True) + request for packet in packets)
    buffer, found = bytearray(), []
    for at in range(0, len(sent), step):
        buffer += sent[at : at + step]
        found += split_stream(buffer) or []
    assert [read_channel_data(message) for message in found[::2]] == [(0x4000, one) for one in packets]
    assert all(len(message) == HEADER for message in found[1::2])
    assert not buffer


def test_a_stream_that_is_not_turn_is_given_up() -> None:
    assert split_stream(bytearray(b"\x15\x03\x03\0\x02\x02\x28")) is None  # a TLS alert
    assert split_stream(bytearray(b"HTTP/1.1 400 Bad Request\r\n")) == []  # 'H' is a channel's: wait for more


# --- with a real relay ----------------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def relay(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Relay]:
    directory: Path = tmp_path_factory.mktemp("relay")
    async with Relay.open(directory, relay_settings(directory)) as running:
        yield running


def trust(relay: Relay) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=relay.settings.turn_certificate)


def worker() -> socket.socket:
    """Somebody at 127.0.0.1 who may be reached."""
    each = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    each.setblocking(False)
    each.bind(("127.0.0.1", 0))
    return each


@pytest.mark.relay
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("index", range(3), ids=("udp", "tcp", "tls"))
async def test_packets_go_to_the_worker_and_come_back(relay: Relay, index: int) -> None:
    loop = asyncio.get_running_loop()
    came: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue()
    url = read_turn_url(relay.settings.turn_urls[index])
    client = await TurnClient.connect(
        url, credentials(relay.settings), trust(relay), lambda data, peer: came.put_nowait((data, peer))
    )
    with worker() as there:
        relayed = await client.allocate()
        await client.bind(there.getsockname())
        for size in (1, 3, 1200):
            client.send(bytes(size), there.getsockname())
            data, address = await loop.sock_recvfrom(there, 2000)
            assert (data, address) == (bytes(size), relayed)
            await loop.sock_sendto(there, b"b" * size, relayed)
            assert await came.get() == (b"b" * size, there.getsockname())
        with pytest.raises(RelayRefused) as refused:
            await client.bind(("127.0.0.2", 9))
        assert refused.value.status == 403
    await client.leave()


@pytest.mark.relay
@pytest.mark.asyncio(loop_scope="module")
async def test_what_runs_outlives_its_credentials_which_open_nothing_new(relay: Relay) -> None:
    url = read_turn_url(relay.settings.turn_urls[0])
    short = credentials(relay.settings, lasts_s=2)
    client = await TurnClient.connect(url, short, trust(relay))
    await client.allocate()
    end = time.monotonic() + 20
    while await opens(url, short, relay):
        assert time.monotonic() < end
        await asyncio.sleep(0.2)
    await client.refresh()
    await client.permit("127.0.0.1")
    await client.leave()


async def opens(url: TurnUrl, by: Credentials, relay: Relay) -> bool:
    """Whether credentials are good for a new allocation."""
    client = await TurnClient.connect(url, by, trust(relay))
    try:
        await client.allocate()
    except RelayRefused as refused:
        assert refused.status == 401
        return False
    finally:
        await client.leave()
    return True


@pytest.mark.relay
@pytest.mark.asyncio(loop_scope="module")
async def test_a_relay_that_is_no_relay_is_told(relay: Relay) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = await TurnClient.connect(TurnUrl("127.0.0.1", port, Transport.TCP), MIKE, trust(relay))
    with pytest.raises(RelayUnreachable, match="hung up"):
        await client.allocate()
    client.close()
    server.close()
    await server.wait_closed()
    with pytest.raises(RelayUnreachable):
        await TurnClient.connect(TurnUrl("127.0.0.1", port, Transport.TCP), MIKE, trust(relay))
