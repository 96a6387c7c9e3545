"""What leaves together: packets behind each other in one memory, in as few calls as the kernel allows."""

import socket
from collections.abc import Iterator

import pytest
from pylibsrtp import Policy, Session

from media.aiortc_seams import Srtp
from media.batch import Batch
from media.egress import Lane, Path, SendBuffer
from media.port import ArrivalClock, read_ancillary
from media.rtp import read_packet, write_packet

KEY = bytes(range(30))


def srtp() -> Srtp:
    return Srtp(
        Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_INBOUND)),
        Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_OUTBOUND)),
    )


@pytest.fixture
def sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
    ):
        other.bind(("127.0.0.1", 0))
        other.settimeout(5)
        yield one, other


def packets(*sizes: int) -> list[bytes]:
    return [write_packet(96, False, number, 0, 7, b"", bytes(size)) for number, size in enumerate(sizes)]


def received(other: socket.socket, count: int) -> list[tuple[int, int]]:
    session = Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_INBOUND))
    found = []
    for _ in range(count):
        packet = read_packet(memoryview(session.unprotect(other.recv(2000))))
        assert packet is not None
        found.append((packet.sequence, len(packet.payload)))
    return found


@pytest.mark.parametrize("segments", [True, False])
def test_packets_of_any_sizes_arrive_in_their_order(
    sockets: tuple[socket.socket, socket.socket], segments: bool
) -> None:
    one, other = sockets
    sizes = [1000, 1000, 400, 900, 900, 900, 901, 20, *([1100] * 150), 3]
    buffer, lane = SendBuffer(segments), Lane()
    assert not buffer.begin(lane)
    lane.path, lane.srtp = Path(one, other.getsockname()), srtp()
    other.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
    assert buffer.begin(lane)
    for packet in packets(*sizes):
        buffer.put(packet)
    buffer.flush()
    assert received(other, len(sizes)) == list(enumerate(sizes)) and buffer.unsent == 0


@pytest.mark.parametrize("segments", [True, False])
def test_a_slab_arrives_as_its_packets_would(
    sockets: tuple[socket.socket, socket.socket], segments: bool
) -> None:
    one, other = sockets
    buffer, lane = SendBuffer(segments), Lane()
    lane.path, lane.srtp = Path(one, other.getsockname()), srtp()
    other.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
    sizes = [1000, 1000, 400, 900, 900, 20]
    read = [read_packet(memoryview(packet)) for packet in packets(*sizes)]
    batch = Batch([one for one in read if one is not None], [b""] * len(sizes))
    assert buffer.begin(lane) and buffer.slab_of(batch) is None  # what encryption adds is not known yet
    buffer.put(packets(5)[0])
    assert buffer.slab_of(batch) is None  # something waits to be sent
    buffer.flush()
    slab = buffer.slab_of(batch)
    assert slab is not None
    buffer.send_slab(slab, 96, 1, 0, 7)
    assert received(other, 1 + len(sizes)) == [(0, 5), *enumerate(sizes, 1)] and buffer.unsent == 0


class RefusingSocket:
    """A network card without segmentation offload, and one with a full queue."""

    def __init__(self, inner: socket.socket, error: int) -> None:
        self._inner, self._error = inner, error
        self.asked = 0

    def sendmsg(self, *_: object) -> int:
        self.asked += 1
        raise OSError(self._error, "refused")

    def sendto(self, data: bytes, address: object) -> int:
        return self._inner.sendto(data, address)  # type: ignore[call-overload,no-any-return]


def test_where_the_kernel_refuses_packets_leave_one_by_one(
    sockets: tuple[socket.socket, socket.socket],
) -> None:
    one, other = sockets
    refusing = RefusingSocket(one, 5)  # EIO
    buffer, lane = SendBuffer(), Lane()
    lane.path, lane.srtp = Path(refusing, other.getsockname()), srtp()  # type: ignore[arg-type]
    for _ in range(2):
        buffer.begin(lane)
        for packet in packets(300, 300, 300):
            buffer.put(packet)
        buffer.flush()
    assert [size for _, size in received(other, 3)] == [300] * 3
    assert refusing.asked == 1


def test_a_path_that_refuses_is_asked_again_later_and_others_send_together_meanwhile(
    sockets: tuple[socket.socket, socket.socket],
) -> None:
    one, other = sockets
    buffer, narrow, wide = SendBuffer(), Lane(), Lane()
    refusing, counting = RefusingSocket(one, 22), RefusingSocket(one, 11)  # EINVAL: longer than the MTU
    narrow.path, narrow.srtp = Path(refusing, other.getsockname()), srtp()  # type: ignore[arg-type]
    wide.path, wide.srtp = Path(counting, other.getsockname()), srtp()  # type: ignore[arg-type]
    for number in range(2500):
        for lane in (narrow, wide):
            buffer.begin(lane)
            for sequence in (2 * number, 2 * number + 1):
                buffer.put(write_packet(96, False, sequence, 0, 7, b"", bytes(30)))
            buffer.flush()
    assert (refusing.asked, counting.asked) == (3, 2500)


def test_what_of_a_slab_cannot_be_encrypted_is_left_out_alone(
    sockets: tuple[socket.socket, socket.socket],
) -> None:
    one, other = sockets
    buffer, lane = SendBuffer(), Lane()
    lane.path, lane.srtp = Path(one, other.getsockname()), srtp()
    read = [read_packet(memoryview(packet)) for packet in packets(100, 200, 300, 400)]
    batch = Batch([one for one in read if one is not None], [b""] * 4)
    buffer.send_rtp(lane, packets(5)[0])
    buffer.send_rtp(lane, write_packet(96, False, 3, 0, 7, b"", bytes(6)))
    buffer.begin(lane)
    slab = buffer.slab_of(batch)
    assert slab is not None
    buffer.send_slab(slab, 96, 1, 0, 7)  # numbered 1 to 4: 3 was encrypted already
    assert received(other, 5) == [(0, 5), (3, 6), (1, 100), (2, 200), (4, 400)] and buffer.unsent == 1


def test_rtcp_that_is_longer_than_a_datagram_is_not_encrypted(
    sockets: tuple[socket.socket, socket.socket],
) -> None:
    one, other = sockets
    buffer, lane = SendBuffer(), Lane()
    lane.path, lane.srtp = Path(one, other.getsockname()), srtp()
    assert not buffer.send_rtcp(lane, b"\x80\xc9" + bytes(200_000))
    assert buffer.unsent == 1 and buffer.send_rtcp(lane, b"\x80\xc9\0\1" + bytes(4))


def test_stamps_are_read_on_a_clock_that_nobody_sets() -> None:
    wall_ns, steady_ns = 5_000_000_000_000, 1_000_000_000
    clock = ArrivalClock(lambda: wall_ns, lambda: steady_ns)
    assert clock.seconds(wall_ns) == 1.0
    wall_ns, steady_ns = wall_ns + 2_000_000, steady_ns + 1_000_000  # held up between the two
    clock.look()
    assert clock.seconds(wall_ns) == 1.002
    wall_ns, steady_ns = wall_ns - 3_600_000_000_000, steady_ns + 1_000_000
    clock.look()
    assert clock.seconds(wall_ns) == 1.002


def test_what_a_full_socket_does_not_take_is_counted(sockets: tuple[socket.socket, socket.socket]) -> None:
    one, other = sockets
    buffer, lane = SendBuffer(), Lane()
    full = RefusingSocket(one, 11)  # EAGAIN
    lane.path, lane.srtp = Path(full, other.getsockname()), srtp()  # type: ignore[arg-type]
    buffer.begin(lane)
    for packet in packets(300, 300, 300):
        buffer.put(packet)
    buffer.flush()
    assert buffer.unsent == 3 and full.asked == 1 and not lane.runs_apart


def test_datagrams_read_together_are_told_apart() -> None:
    stamp = (17).to_bytes(8, "little") + (5).to_bytes(8, "little")
    ancillary = [(socket.SOL_SOCKET, 35, stamp), (socket.IPPROTO_UDP, 104, (1200).to_bytes(4, "little"))]
    assert read_ancillary(ancillary, 5000) == (1200, 17_000_000_005)
    assert read_ancillary([], 300) == (300, 0)
    assert read_ancillary([(1, 35, b"short"), (17, 104, b"")], 300) == (300, 0)
    assert read_ancillary([(17, 104, bytes(4))], 300) == (1, 0)
