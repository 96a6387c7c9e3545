"""A station's two encodings through a worker's switchboard, with time passed in: who gets which, and when."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from media.layout import STATION
from media.messages import SourceBound, SourceLimited, SourceStarted, ViewerReduced, WorkerMessage
from media.peer import Peer
from media.port import UdpPort
from media.publisher import Publisher
from media.rtp import write_packet
from media.sent_log import Fate
from media.switchboard import Switchboard
from media.transport_feedback import TransportFeedback, write_transport_feedback
from records.accounts import Role
from records.rooms import GRANTS, Encoding, GivenUp, MediaKind
from tests.fakes.estimates import KnownEstimate
from tests.fakes.media_viewer import Viewer

MAIN, REDUCED = STATION[0], STATION[2]
KEY, DELTA = b"\x67key", b"\x41picture"
FULL, COARSE = b"full", b"coarse"


class Consult:
    """A room with a station and viewers; 20 pictures a second in each encoding that is asked for."""

    def __init__(self) -> None:
        self.events: list[WorkerMessage] = []
        self.port = UdpPort.open(0, ["127.0.0.1"], ["127.0.0.1"])
        self.now = asyncio.get_running_loop().time()
        self.board = Switchboard(self.port, self.events.append, lambda: self.now)
        self.viewers: dict[str, Viewer] = {}
        self.wanted: list[int] = []
        self.targets: list[int] = []
        self.makes_reduced = True
        self.more_packets = 0  # a picture, each 1100 bytes
        self._picture = 0
        self._sequence = {MAIN.mid: 0, REDUCED.mid: 0}
        self._owes_key = {MAIN.mid: True, REDUCED.mid: True}

    async def station(self, encodings: int = 2) -> None:
        offered = self.board.open_peer(1, "room", "station", GRANTS[Role.STATION], True)
        publish = {mid: kind for mid, kind in offered.publish.items() if encodings == 2 or mid != REDUCED.mid}
        self.publisher = await Publisher.answer(offered.sdp, publish, clock_us=lambda: time.time_ns() // 1000)
        self.publisher.reduced_bitrate = self.wanted.append
        self.publisher.target_bitrate = self.targets.append
        self.publisher.key_frame_wanted = lambda: self._owe(MAIN.mid)
        self.publisher.reduced_key_frame_wanted = lambda: self._owe(REDUCED.mid)
        self.board.take_answer(offered.peer_id, self.publisher.answer_sdp)
        await self.publisher.connected()
        self.sends: Peer = self.board.peer(offered.peer_id)

    def _owe(self, mid: str) -> None:
        self._owes_key[mid] = True

    async def viewer(self, who: str, line_bps: float | None = None) -> Peer:
        offered = self.board.open_peer(1, "room", who, GRANTS[Role.SPECIALIST], False)
        viewer = self.viewers[who] = await Viewer.answer(offered.sdp)
        self.board.take_answer(offered.peer_id, viewer.path.answer_sdp)
        assert await viewer.path.connected()
        peer = self.board.peer(offered.peer_id)
        if line_bps is not None:
            self.narrow(peer, line_bps)
        return peer

    def narrow(self, peer: Peer, bps: float | None) -> None:
        """The line of a viewer carries so much from now on; None: it is free."""
        peer.line.estimate = KnownEstimate(bps)

    async def run(self, seconds: float, held: dict[Peer, float] | None = None) -> None:
        for _ in range(round(20 * seconds)):
            self.now += 0.05
            self._picture += 1
            for peer in self.board._peers.values():
                peer._heard_at = self.now  # on the wire hardly any time passes
            for peer, bps in (held or {}).items():
                self.narrow(peer, bps)
            self._send(MAIN.mid, 102, 77, FULL)
            if self.makes_reduced and self.wanted and self.wanted[-1] > 0:
                self._send(REDUCED.mid, 108, 78, COARSE)
            else:
                self._owe(REDUCED.mid)
            self.sends.pass_on(self.now)
            self.board.tick(self.now)
            await asyncio.sleep(0.002)  # datagrams on the loopback

    def _send(self, mid: str, payload_type: int, ssrc: int, mark: bytes) -> None:
        key, self._owes_key[mid] = self._owes_key[mid], False
        payloads = [(KEY if key else DELTA) + mark, *[DELTA + bytes(1100) + mark] * self.more_packets]
        for payload in payloads:
            self._send_packet(mid, payload_type, ssrc, payload, payload is payloads[-1])

    def _send_packet(self, mid: str, payload_type: int, ssrc: int, payload: bytes, is_last: bool) -> None:
        self._sequence[mid] += 1
        source = self.sends.sources[mid]
        data = write_packet(
            payload_type,
            is_last,
            self._sequence[mid],
            4500 * self._picture,
            source.announced or ssrc,
            b"",
            payload,
        )
        self.sends.take_rtp(memoryview(bytearray(data)), self.now)

    def seen(self, who: str) -> list[bytes]:
        return [bytes(one.payload) for one in self.viewers[who].of("8")]

    def told(self, peer: Peer) -> list[tuple[Encoding, frozenset[GivenUp]]]:
        events = [one for one in self.events if isinstance(one, ViewerReduced)]
        return [(one.encoding, one.given_up) for one in events if one.peer_id == peer.peer_id]

    async def close(self) -> None:
        for viewer in self.viewers.values():
            await viewer.path.close()
        await self.publisher.close()
        await self.board.close()
        self.port.close()


@pytest.fixture
async def consult() -> AsyncIterator[Consult]:
    consult = Consult()
    yield consult
    await consult.close()


def changes(seen: list[bytes]) -> list[bytes]:
    """The first picture of each encoding in turn."""
    marks = [FULL if one.endswith(FULL) else COARSE for one in seen]
    return [one for at, one in enumerate(seen) if at == 0 or marks[at] != marks[at - 1]]


async def test_the_slow_one_gets_the_reduced_encoding_and_comes_back_and_the_other_sees_nothing_of_it(
    consult: Consult,
) -> None:
    await consult.station()
    wide, slow = await consult.viewer("wide"), await consult.viewer("slow")
    await consult.run(1)
    assert consult.sends.reduced_bps == 0
    assert not any(consult.wanted)
    await consult.run(3, {slow: 800_000})
    assert consult.sends.limits_bps == {}  # nothing is held back for the others
    assert 600_000 < consult.sends.reduced_bps <= 720_000
    assert consult.wanted[-1] == pytest.approx(consult.sends.reduced_bps, rel=0.06)
    assert consult.told(slow) == [(Encoding.REDUCED, frozenset())] and consult.told(wide) == []
    consult.narrow(slow, None)
    await consult.run(8)
    assert consult.sends.reduced_bps == 0 and consult.wanted[-1] == 0
    assert consult.told(slow)[-1] == (Encoding.MAIN, frozenset()) and len(consult.told(slow)) == 2
    theirs, its = consult.seen("wide"), consult.seen("slow")
    assert changes(its) == [KEY + FULL, KEY + COARSE, KEY + FULL]
    assert changes(theirs) == [KEY + FULL] and len(theirs) >= 235
    sequences = [one.sequence for one in consult.viewers["slow"].of("8")]
    assert sequences == list(range(1, len(sequences) + 1))
    assert min(consult.targets) >= 6_000_000
    bound = [
        one for one in consult.events if isinstance(one, SourceBound) and one.kind is MediaKind.ULTRASOUND
    ]
    assert [(one.mid, one.participant_id) for one in bound if one.participant_id] == [("8", "station")] * 2
    started = [one for one in consult.events if isinstance(one, SourceStarted)]
    assert [one.kind for one in started] == [MediaKind.ULTRASOUND]


async def test_when_all_are_slow_alike_there_is_one_encoding_and_it_follows_them(consult: Consult) -> None:
    await consult.station()
    one, other = await consult.viewer("one"), await consult.viewer("other")
    await consult.run(1)
    await consult.run(3, {one: 800_000, other: 900_000})
    assert not any(consult.wanted)
    assert 600_000 < consult.sends.limits_bps[MAIN.mid] <= 720_000
    assert changes(consult.seen("one")) == changes(consult.seen("other")) == [KEY + FULL]


@pytest.mark.parametrize("slow_bps", [800_000, 450_000])
async def test_with_one_encoding_a_slow_one_gets_fewer_frames_is_told_so_and_holds_nobody_back(
    consult: Consult, slow_bps: float
) -> None:
    """A capture card, a WHIP encoder: 1.9 Mbit/s that cannot be sent in two qualities."""
    await consult.station(encodings=1)
    wide, slow = await consult.viewer("wide"), await consult.viewer("slow")
    await consult.run(1)
    consult.more_packets = 11
    await consult.run(6, {slow: slow_bps})
    assert consult.sends.reduced is None and consult.wanted == []
    assert consult.sends.limits_bps == {}
    limited = [event for event in consult.events if isinstance(event, SourceLimited)]
    assert [event for event in limited if event.kind is MediaKind.ULTRASOUND] == []
    assert consult.told(slow) == [(Encoding.MAIN, frozenset({GivenUp.ULTRASOUND_FRAMES}))]
    assert consult.told(wide) == []
    theirs, its = pictures(consult, "wide"), pictures(consult, "slow")
    assert len(theirs) >= 135  # of 140, one at 20 ms
    assert 0.1 * len(theirs) < len(its) < 0.75 * len(theirs)


async def test_with_one_encoding_the_picture_follows_lines_that_are_about_the_same(consult: Consult) -> None:
    await consult.station(encodings=1)
    one, other = await consult.viewer("one"), await consult.viewer("other")
    await consult.run(1)
    await consult.run(3, {one: 800_000, other: 900_000})
    assert 600_000 < consult.sends.limits_bps[MAIN.mid] <= 720_000
    limited = [event for event in consult.events if isinstance(event, SourceLimited)]
    assert {event.mid for event in limited if event.peer_id == consult.sends.peer_id} == {MAIN.mid}


def pictures(consult: Consult, who: str) -> set[int]:
    """The RTP timestamps of the pictures somebody got the whole of."""
    packets = consult.viewers[who].of("8")
    return {one.timestamp for one in packets if one.marker}


async def test_an_encoding_that_never_comes_is_called_off_and_the_main_one_goes_on(consult: Consult) -> None:
    await consult.station()
    await consult.viewer("wide")
    slow = await consult.viewer("slow")
    consult.makes_reduced = False
    await consult.run(1)
    await consult.run(2, {slow: 800_000})
    assert consult.wanted[-1] > 0 and changes(consult.seen("slow")) == [KEY + FULL]  # it goes on meanwhile
    await consult.run(3, {slow: 800_000})
    assert consult.wanted[-1] == 0
    assert consult.sends.limits_bps == {} and changes(consult.seen("slow")) == [KEY + FULL]
    assert consult.told(slow) == []  # these pictures are small: none is left out


async def test_it_ends_with_the_viewer_who_needs_it_and_with_the_right_to_publish(consult: Consult) -> None:
    await consult.station()
    await consult.viewer("wide")
    slow = await consult.viewer("slow")
    await consult.run(1)
    await consult.run(1, {slow: 800_000})
    assert consult.wanted[-1] > 0
    consult.board.close_peer(slow.peer_id)
    await consult.run(1)
    assert consult.wanted[-1] == 0
    again = await consult.viewer("again")
    await consult.run(1)
    await consult.run(1, {again: 800_000})
    assert consult.wanted[-1] > 0 and consult.seen("again")[-1] == DELTA + COARSE
    consult.board.set_grants(consult.sends.peer_id, GRANTS[Role.OBSERVER])
    await asyncio.sleep(0.05)
    before = len(consult.seen("again")), len(consult.seen("wide"))
    await consult.run(1)
    assert (len(consult.seen("again")), len(consult.seen("wide"))) == before


async def test_packets_are_numbered_and_reported_of_only_while_a_line_is_narrow(consult: Consult) -> None:
    await consult.station()
    slow = await consult.viewer("slow")
    await consult.run(1)
    assert consult.viewers["slow"].of("8") and not numbers(consult)
    await consult.run(1, {slow: 800_000})
    found = numbers(consult)
    assert found == list(range(1, len(found) + 1)) and len(found) >= 15
    reported: list[Fate] = []
    slow.line.estimate.reported = lambda fates, now: reported.extend(fates)  # type: ignore[method-assign]
    told = TransportFeedback(1, (64_000, None, 65_000))
    slow.take_rtcp(write_transport_feedback(1, 2, told, 0), consult.now)
    assert [one.arrived_s for one in reported] == [0.064, None, 0.065]
    consult.narrow(slow, None)
    before = len(consult.viewers["slow"].packets)
    await consult.run(1)
    assert len(consult.viewers["slow"].packets) > before and numbers(consult)[-1] <= found[-1] + 1


def numbers(consult: Consult) -> list[int]:
    """The transport-wide sequence numbers that the slow viewer saw."""
    elements = [one.extensions.get(6) for one in consult.viewers["slow"].packets]
    return [int.from_bytes(one, "big") for one in elements if one is not None]
