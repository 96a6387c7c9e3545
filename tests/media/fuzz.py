"""Any bytes at every entry of a media worker: nothing may come out but what is meant for it. `scripts/fuzz`.

A worker's port is fed by a socket that is none, SRTP by one that leaves everything as it is: so every byte is
read as if it had been decrypted, and the clock stands still between two wake-ups. An exception that a worker
would keep from its other peers ends the run here, with the seed that finds it again. (Numbers a peer draws
for itself, as SSRCs, differ from run to run; everything else is of the seed.)
"""

import argparse
import asyncio
import heapq
import itertools
import random
import socket
import struct
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ecg.errors import WireError
from ecg.wire import decode
from media.aiortc_seams import PacketBuffer, Srtp
from media.answer import write_answer
from media.ecg_repeats import EcgRepeats
from media.egress import Path
from media.faults import FaultLog
from media.layout import BROWSER, STATION, MediaLine
from media.messages import WorkerMessage
from media.offer import LocalTransport, SendingSsrcs, read_offer
from media.peer import Peer, PeerState
from media.port import UdpPort
from media.publisher import Publisher
from media.rtcp import (
    ReportBlock,
    SenderReport,
    write_cname,
    write_nack,
    write_pli,
    write_receiver_report,
    write_remb,
    write_sender_report,
)
from media.rtp import read_packet
from media.stun import write_request
from media.switchboard import Switchboard
from media.transport_feedback import TransportFeedback, write_transport_feedback
from media.turn_client import TurnClient
from media.turn_line import _Stream
from media.turn_messages import (
    NONCE,
    REALM,
    RELAYED_ADDRESS,
    Challenge,
    Credentials,
    Method,
    is_signed,
    read_channel_data,
    read_response,
    write_channel_data,
)
from media.turn_messages import write_request as write_turn_request
from records.accounts import Role
from records.rooms import GRANTS
from tests.media.replay import records, spoiled

ROUNDS = 400
"""Of one seed, in which streams go on: about 2,000 datagrams."""
_KEY_BEGINS = {96: b"\x10\0", 102: b"\x67\x42"}  # VP8, H.264
_GRO, _STAMP = 104, 35


class Found(AssertionError):
    """An exception left an entry, or would have, were it not kept from the other peers."""


class StrictFaults(FaultLog):
    """Keeps nothing."""

    def note(self, whose: str, error: Exception, now: float) -> None:
        raise Found(f"{whose}: {error!r}") from error


class OpenSrtp:
    """What comes is what was encrypted."""

    trailer_bytes = 0

    def open_rtp(self, buffer: PacketBuffer, at: int, size: int) -> int:
        return size

    open_rtcp = close_rtp = close_rtcp = open_rtp

    def close_each(self, buffer: PacketBuffer, places: Sequence[tuple[int, int]]) -> Sequence[int]:
        return ()


@dataclass
class FedSocket:
    """Gives what it was fed, and takes all that is sent."""

    fed: list[tuple[bytes, list[tuple[int, int, bytes]], tuple[str, int]]] = field(default_factory=list)
    sent: int = 0

    def fileno(self) -> int:
        return 9999

    def recvmsg_into(
        self, memory: list[memoryview], size: int
    ) -> tuple[int, list[Any], int, tuple[str, int]]:
        if not self.fed:
            raise BlockingIOError
        data, ancillary, address = self.fed.pop(0)
        memory[0][: len(data)] = data
        return len(data), ancillary, 0, address

    def sendmsg(self, buffers: Sequence[memoryview], *_: object) -> int:
        self.sent += 1
        return sum(len(each) for each in buffers)

    def sendto(self, data: bytes, address: object) -> int:
        assert len(data) <= 2048, f"{len(data)} bytes are more than there is room for behind a packet"
        self.sent += 1
        return len(data)


class Clock:
    """A loop's time, and what is to be called later; nothing waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._cancelled: set[int] = set()
        self._numbers = itertools.count()

    def time(self) -> float:
        return self.now

    def call_later(self, delay_s: float, call: Callable[[], None]) -> "Timer":
        number = next(self._numbers)
        heapq.heappush(self._later, (self.now + delay_s, number, call))
        return Timer(lambda: self._cancelled.add(number))

    def remove_reader(self, descriptor: int) -> None:
        asyncio.get_running_loop().remove_reader(descriptor)  # it was added there

    def go(self, seconds: float) -> None:
        end = self.now + seconds
        while self._later and self._later[0][0] <= end:
            self.now, number, call = heapq.heappop(self._later)
            if number not in self._cancelled:
                call()
        self.now = end


@dataclass
class Timer:
    """One call later."""

    cancel: Callable[[], object]


def seated(board: Switchboard, who: Role, fed: FedSocket, lines: tuple[MediaLine, ...], clock: Clock) -> Peer:
    """A peer that is connected without having shaken hands."""
    offered = board.open_peer(1, "room", who.value, GRANTS[who], who is Role.STATION)
    offer, peer = read_offer(offered.sdp, lines), board.peer(offered.peer_id)
    numbers = itertools.count(0x1000 * (1 + list(Role).index(who)))
    ssrcs = {mid: SendingSsrcs(next(numbers), next(numbers)) for mid in offered.publish}
    fingerprint = ":".join(["AB"] * 32)
    answer = write_answer(offer.lines, LocalTransport("theirs", "p" * 24, fingerprint), ssrcs, "cname")
    board.take_answer(offered.peer_id, answer)
    assert peer._handshake is not None
    peer._handshake.cancel()
    peer._loop = peer.way.loop = cast(Any, clock)
    peer.checked(Path(cast(socket.socket, fed), address_of(who)), True, clock.now)
    peer._lane.srtp, peer.state = cast(Srtp, OpenSrtp()), PeerState.CONNECTED
    peer._connected(peer)
    return peer


def address_of(who: Role) -> tuple[str, int]:
    return ("127.0.0.1", 4000 + list(Role).index(who))


class Plane:
    """A whole media plane of a station, a doctor and a specialist, one bad datagram after the other."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock, self.fed = Clock(), FedSocket()
        self.events: list[WorkerMessage] = []
        self.port = UdpPort.open(0, ["127.0.0.1"], ["127.0.0.1"])
        self.port._loop, self.port.faults = cast(Any, self.clock), StrictFaults()
        self.board = Switchboard(self.port, self.events.append, self.clock.time)
        self.peers: dict[Role, Peer] = {}
        self._golden = {
            Role.STATION: sorted([*records("station_ultrasound.rtp"), *records("station_ecg.rtp")]),
            Role.COMMUNITY_DOCTOR: list(records("chromium_publishes.rtp")),
        }
        self._played = dict.fromkeys(self._golden, 0)
        self.datagrams = 0

    @property
    def forwarded(self) -> int:
        """Packets that went on to viewers who are there now."""
        return sum(out.packets for peer in self.peers.values() for out in peer.outgoing.values())

    def seat(self) -> None:
        for who, lines in (
            (Role.STATION, STATION),
            (Role.COMMUNITY_DOCTOR, BROWSER),
            (Role.SPECIALIST, BROWSER),
        ):
            if self.peers.get(who) is None or self.peers[who].state is not PeerState.CONNECTED:
                self.peers[who] = seated(self.board, who, self.fed, lines, self.clock)

    def round(self) -> None:
        """One wake-up of the port with some datagrams, then what the clock brings."""
        self.seat()
        for _ in range(self.chance.randrange(1, 6)):
            self._feed()
        while self.fed.fed:
            self.port._readable(cast(socket.socket, self.fed))
        self.clock.go(self.chance.choice((0.0, 0.001, 0.004, 0.02, 0.06, 0.3)))
        if self.chance.random() < 0.3:
            self.board.tick(self.clock.now)
        if self.chance.random() < 0.05:
            self.board.figures()

    def _feed(self) -> None:
        who = self.chance.choice(list(self.peers))
        pieces = [self._datagram(who)]
        if self.chance.random() < 0.3:  # what the kernel reads together has one size, but for the last
            pieces += [self._datagram(who)[: len(pieces[0])].ljust(len(pieces[0]), b"x") for _ in range(5)]
            pieces[-1] = pieces[-1][: self.chance.randrange(1, 2 + len(pieces[-1]))]
        self.datagrams += len(pieces)
        address = address_of(who) if self.chance.random() < 0.95 else ("127.0.0.1", 1)
        ancillary = [(socket.SOL_SOCKET, _STAMP, struct.pack("@qq", 5, self.chance.randrange(1 << 30)))]
        if len(pieces) > 1:
            ancillary.append((socket.IPPROTO_UDP, _GRO, struct.pack("@i", max(1, len(pieces[0])))))
        if self.chance.random() < 0.02:
            ancillary = [(level, kind, self.chance.randbytes(len(data))) for level, kind, data in ancillary]
        self.fed.fed.append((b"".join(pieces), ancillary, address))

    def _datagram(self, who: Role) -> bytes:
        whole = self._whole(who)
        kind = self.chance.random()
        if kind < 0.7:
            return whole
        if kind < 0.95:
            bad = spoiled(whole, self.chance)[:1600]
            # Mostly of the stream that goes on: another SSRC begins a new one.
            return bad[:8] + whole[8:12] + bad[12:] if self.chance.random() < 0.8 else bad
        first = self.chance.choice((0, 1, 3, 20, 22, 63, 64, 128, 129, 144, 191, 255))
        return bytes((first,)) + self.chance.randbytes(self.chance.randrange(0, 1500))

    def _whole(self, who: Role) -> bytes:
        kind = self.chance.random()
        if kind < 0.65 and who in self._golden:
            return self._rtp(who)
        if kind < 0.97:
            return b"".join(self._rtcp(self.peers[who]) for _ in range(self.chance.choice((1, 1, 2, 5))))
        peer = self.peers[who]
        password = peer.password if self.chance.random() < 0.8 else "guessed"
        return write_request(self.chance.randbytes(12), f"{peer.ufrag}:theirs", password, 1)

    def _rtp(self, who: Role) -> bytes:
        """The next packet of what was captured, round and round, with more key frames."""
        lap, at = divmod(self._played[who], len(self._golden[who]))
        self._played[who] += self.chance.choice((1, 1, 1, 1, 1, 1, 2, 0, 40))
        data = bytearray(self._golden[who][at].data)
        struct.pack_into("!H", data, 2, int.from_bytes(data[2:4], "big") + 512 * lap & 0xFFFF)
        packet = read_packet(memoryview(data))
        assert packet is not None
        begins = len(data) - len(packet.payload)
        if packet.payload_type in _KEY_BEGINS and self.chance.random() < 0.1:
            data[begins : begins + 2] = _KEY_BEGINS[packet.payload_type]
        return bytes(data)

    def _rtcp(self, peer: Peer) -> bytes:
        chance = self.chance
        ssrcs = [out.ssrcs.media for out in peer.outgoing.values()]
        ssrcs += [source.ssrc for source in peer.sources.values() if source.ssrc is not None]
        ssrc = chance.choice(ssrcs) if ssrcs and chance.random() < 0.9 else chance.randrange(1 << 32)
        kind = chance.randrange(11)
        if kind == 0:
            block = ReportBlock(
                ssrc, chance.random(), chance.randrange(-99, 99), 5, 6, chance.randrange(1 << 32), 8
            )
            return write_receiver_report(1, [block] * chance.choice((1, 31)))
        if kind == 1:
            report = SenderReport(ssrc, chance.randrange(1 << 64), chance.randrange(1 << 32))
            return write_sender_report(report, 5, 6) + write_cname(ssrc, "cname")
        if kind <= 4:
            out = chance.choice(list(peer.outgoing.values()) or [None])
            near = out.last_sequence if out is not None else 0
            missed = sorted(near - chance.randrange(300) & 0xFFFF for _ in range(chance.choice((1, 20, 400))))
            return write_nack(1, ssrc, missed)
        if kind == 5:
            return write_pli(1, ssrc)
        if kind == 6:
            return write_remb(1, [ssrc], chance.choice((0, 1, 20_000, 300_000, 5_000_000, 1 << 39)))
        if kind == 7:
            return self._arrivals(peer, ssrc)
        if kind == 8:  # FIR (RFC 5104 section 4.3.1)
            return struct.pack("!BBHLLLBxxx", 0x84, 206, 4, 1, 0, ssrc, chance.randrange(256))
        if kind == 9:  # any form of any type, as long as it says
            words, form = chance.randrange(8), chance.choice((0, 1, 4, 15, chance.randrange(32)))
            head = struct.pack("!BBH", 0x80 | form, chance.choice((200, 201, 203, 205, 206)), words)
            return head + struct.pack("!LL", 1, ssrc)[: 4 * words] + chance.randbytes(max(0, 4 * words - 8))
        return struct.pack("!BBHL", 0x81, 203, 1, ssrc)

    def _arrivals(self, peer: Peer, ssrc: int) -> bytes:
        """When packets came that this peer was sent, more or less."""
        first = peer.line.log.next - self.chance.choice((0, 1, 5, 20, 100, 30_000)) & 0xFFFF
        at_us = int(self.clock.now * 1e6)
        arrivals: list[int | None] = []
        for _ in range(self.chance.choice((1, 3, 20, 200))):
            at_us += self.chance.choice((0, 250, 8_000, 60_000, -30_000))
            arrivals.append(None if self.chance.random() < 0.2 else max(0, at_us))
        return write_transport_feedback(1, ssrc, TransportFeedback(first, tuple(arrivals)), 1)

    async def close(self) -> None:
        await self.board.close()
        self.port.close()


def read_alone(chance: random.Random) -> None:
    """One thing that is read by itself, whole or spoilt."""
    transaction = bytes(range(12))
    turn = write_turn_request(
        Method.ALLOCATE, transaction, [(RELAYED_ADDRESS, bytes(8)), (REALM, b"r"), (NONCE, b"n")],
        Credentials("u", "p"), Challenge("r", b"n"),
    )  # fmt: skip
    answer = struct.pack("!H", 0x0103) + turn[2:]
    for whole in (answer, struct.pack("!H", 0x0113) + turn[2:], write_channel_data(0x4000, turn, True)):
        read_turn(spoiled(whole, chance))
    payload = ecg_payload(chance)
    EcgRepeats().spares(payload)
    try:
        decode(payload)
    except WireError:
        pass  # what it is meant to say


def read_turn(data: bytes) -> None:
    """As it comes by UDP, and in a stream."""
    response = read_response(data)
    if response is not None:
        is_signed(response, b"key")
        _ = response.challenge, response.address(RELAYED_ADDRESS)
    read_channel_data(data)
    client = TurnClient(Credentials("u", "p"), lambda packet, peer: None)
    client._take(data)
    stream = _Stream(client._take, lambda: None)
    for at in range(0, len(data), 7):
        stream.data_received(data[at : at + 7])


_ecg = [read_packet(memoryview(record.data)) for record in records("station_ecg.rtp")]


def ecg_payload(chance: random.Random) -> bytes:
    packet = chance.choice(_ecg)
    assert packet is not None
    return spoiled(packet.payload, chance)


async def hear(chance: random.Random, rounds: int) -> None:
    """What a server may say to a station."""
    clock = Clock()
    port = UdpPort.open(0, ["127.0.0.1"], ["127.0.0.1"])
    board = Switchboard(port, lambda event: None, clock.time)
    offered = board.open_peer(1, "room", "station", GRANTS[Role.STATION], True)
    publisher = await Publisher.answer(offered.sdp, offered.publish, clock_us=lambda: 1_790_000_000_000_000)
    plane = Plane(chance.randrange(1 << 30))
    plane.seat()
    own = [stream.ssrcs.media for stream in publisher._streams.values()]
    for _ in range(rounds):
        publisher.send_ecg(b"E1" * chance.randrange(500), 1_790_000_000_000_000)
        data = bytearray(plane._rtcp(plane.peers[Role.COMMUNITY_DOCTOR]))
        if len(data) >= 12:
            struct.pack_into("!L", data, 8, chance.choice(own))
        publisher._take_rtcp(spoiled(bytes(data), chance), clock.now)
        publisher._path._in.view[: len(data)] = data
        publisher._path._sort(("127.0.0.1", port.number), len(data), clock.now)
    await plane.close()
    await publisher.close()
    await board.close()
    port.close()


async def run(seed: int, rounds: int = ROUNDS) -> Plane:
    """Everything with one seed. Raises what was found."""
    plane = Plane(seed)
    try:
        for _ in range(rounds):
            plane.round()
            read_alone(plane.chance)
        await hear(plane.chance, rounds // 10)
    finally:
        await plane.close()
    return plane


async def main() -> None:
    """Try seeds until the time is over, or something is found."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description="Any bytes at every entry of a worker.")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, help="try this one only")
    options = parser.parse_args()
    first = random.SystemRandom().randrange(1 << 30) if options.seed is None else options.seed
    end, datagrams = time.monotonic() + options.seconds, 0
    for seed in itertools.count(first):
        try:
            datagrams += (await run(seed)).datagrams
        except Exception:
            print(f"found with --seed {seed}", file=sys.stderr)
            raise
        if options.seed is not None or time.monotonic() >= end:
            break
    print(f"{datagrams} datagrams, {seed - first + 1} seeds from {first} on: nothing found")


if __name__ == "__main__":
    asyncio.run(main())
