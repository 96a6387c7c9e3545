"""The peers and lines that measuring is done with, on real sockets: they must not lose what they count."""

import asyncio
import socket
from collections import Counter

import pytest

from benchmarks.endpoint import Endpoint
from benchmarks.picture_stream import RATE_HZ, Picture, PictureStream, age_ms
from benchmarks.udp_line import UdpLine
from media.key_frames import begins_key_frame
from media.layout import Codec
from media.rtp import RtpPacket, read_packet

HOST = "127.0.0.1"


def packet_of(data: bytes) -> RtpPacket:
    packet = read_packet(memoryview(data))
    assert packet is not None
    return packet


def stream(picture: Picture = Picture.P720) -> PictureStream:
    return PictureStream(picture, 77, 102, "0", lambda: 1.0)


@pytest.mark.parametrize("picture", list(Picture))
def test_a_second_of_a_stream_has_its_number_of_packets_beside_the_parameter_sets(picture: Picture) -> None:
    made = stream(picture)
    packets = [packet_of(data) for _ in range(RATE_HZ) for data in made.frame()]
    assert len(packets) == picture.packets_a_second + 1
    assert [one.sequence for one in packets] == list(range(1, len(packets) + 1))


def test_only_the_frames_that_were_asked_for_are_key_frames() -> None:
    made = stream()
    frames = [made.frame(), made.frame()]
    made.want_key_frame()
    frames.append(made.frame())
    keys = [begins_key_frame(Codec.H264_CB, packet_of(one[0]).payload) for one in frames]
    assert keys == [True, False, True]


def test_the_packets_of_a_frame_are_of_one_size_so_that_they_leave_in_one_call() -> None:
    made = stream(Picture.P1080)
    made.frame()  # the key frame begins with its short parameter sets
    assert len(Counter(len(one) for one in made.frame())) == 1


@pytest.mark.parametrize("together", [True, False])
async def test_two_ends_shake_hands_and_every_packet_is_counted(together: bool) -> None:
    one, other = Endpoint(HOST, together), Endpoint(HOST)
    ages: list[float] = []
    all_came = asyncio.Event()

    def show(view: memoryview) -> None:
        ages.append(age_ms(view))
        if len(ages) == 26:
            all_came.set()

    other.show = show
    await asyncio.gather(one.connect(other.credentials), other.connect(one.credentials, as_client=False))
    sent = one.send(stream(Picture.P1080).frame())
    await all_came.wait()
    assert (sent, other.rtp_packets) == (26, 26)
    assert all(age >= 0 for age in ages)
    await asyncio.gather(one.close(), other.close())


async def echoed(line: UdpLine, server: socket.socket, client: socket.socket, count: int) -> int:
    """Send so many to the server, one by one, and count what it gets before a last word by another way."""
    loop = asyncio.get_running_loop()
    for number in range(count):
        client.sendto(bytes([number % 256]), (HOST, line.port))
        await asyncio.sleep(0)
    client.sendto(b"end", server.getsockname())
    got = 0
    while await loop.sock_recv(server, 100) != b"end":
        got += 1
    return got


def udp() -> socket.socket:
    each = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    each.setblocking(False)
    each.bind((HOST, 0))
    return each


async def test_a_good_line_carries_both_ways() -> None:
    loop = asyncio.get_running_loop()
    with udp() as server, udp() as client:
        async with UdpLine(server.getsockname()) as line:
            client.sendto(b"there", (HOST, line.port))
            data, address = await loop.sock_recvfrom(server, 100)
            server.sendto(b"back", address)
            assert (data, await loop.sock_recv(client, 100)) == (b"there", b"back")


async def test_a_dead_line_carries_nothing_and_a_lossy_one_about_its_share() -> None:
    with udp() as server, udp() as client:
        async with UdpLine(server.getsockname(), seed=3) as line:
            line.dead = True
            assert await echoed(line, server, client, 50) == 0
            line.dead, line.loss_there = False, 0.5
            assert 60 <= await echoed(line, server, client, 200) <= 140
