"""The forwarding core: one source, one viewer, no socket and no clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.agreed import AgreedLine
from media.gaps import MAX_MISSING
from media.layout import BROWSER, CODECS, EXTENSION_IDS, STATION, MediaLine
from media.offer import SendingSsrcs
from media.outgoing import Outgoing
from media.rtcp import ReportBlock, SenderReport
from media.rtp import RtpPacket, read_packet, write_packet
from media.source import Source
from tests.fakes.line import FakeLine

KEY, DELTA = b"\x10\x00key", b"\x10\x01delta"
CAMERA, FACE = BROWSER[1], BROWSER[3]


def agreed(line: MediaLine) -> AgreedLine:
    codecs = CODECS[line.kind]
    return AgreedLine(
        line,
        True,
        {codec.codec: codec.payload_type for codec in codecs},
        {codec.payload_type: codec.rtx for codec in codecs if codec.rtx is not None},
        {extension: EXTENSION_IDS[extension] for extension in line.extensions},
    )


class Line:
    """A source and its one viewer."""

    def __init__(self, publishes: MediaLine = CAMERA, receives: MediaLine = FACE) -> None:
        self.way = FakeLine()
        self.out = Outgoing(agreed(receives), SendingSsrcs(500, 501), self.way)
        self.now = 0.0
        self.carry("doctor", publishes)

    def carry(self, who: str, publishes: MediaLine = CAMERA) -> None:
        self.source = Source(who, agreed(publishes))
        self.source.restart(77, self.now)
        self.source.viewers = (self.out,)
        self.out.bind(self.source)

    def send(
        self, sequence: int, payload: bytes = DELTA, timestamp: int = 0, payload_type: int = 96
    ) -> RtpPacket | None:
        data = write_packet(payload_type, True, sequence & 0xFFFF, timestamp & 0xFFFF_FFFF, 77, b"", payload)
        return self.pass_on(data)

    def pass_on(self, data: bytes) -> RtpPacket | None:
        packet = read_packet(memoryview(data))
        assert packet is not None
        before = len(self.way.sent)
        self.source.take(packet, self.now)
        self.source.pass_on(self.now)
        return self.way.sent[-1] if len(self.way.sent) > before else None

    def resend(self, sequence: int, now: float) -> RtpPacket | None:
        packet = self.out.missed(sequence, now)
        if packet is None:
            return None
        self.out.resend(packet, sequence, self.out.plan.block(packet, now, None), self.way, now)
        self.way.flush()
        return self.way.sent[-1]


def test_nothing_is_sent_before_a_key_frame() -> None:
    line = Line()
    assert line.send(1) is None and line.source.key_frame_due(0.0)
    first, second = line.send(2, KEY), line.send(3)
    assert first is not None and second is not None
    assert (first.sequence, second.sequence, first.ssrc) == (1, 2, 500)


@pytest.mark.timeout(240)  # seventy thousand packets, also on a busy machine
def test_both_counters_wrap_unseen() -> None:
    line = Line()
    sequences, timestamps = [], []
    for step in range(70_000):
        packet = line.send(65_000 + step, KEY if step == 0 else DELTA, 0xFFFF_0000 + 3000 * step)
        assert packet is not None
        sequences.append(packet.sequence)
        timestamps.append(packet.timestamp)
    assert all((b - a) & 0xFFFF == 1 for a, b in zip(sequences, sequences[1:], strict=False))
    assert all((b - a) & 0xFFFF_FFFF == 3000 for a, b in zip(timestamps, timestamps[1:], strict=False))
    assert line.source.lost == 0 and not line.source.gaps


def test_a_late_packet_keeps_its_place() -> None:
    line = Line()
    line.send(10, KEY)
    assert [p.sequence for p in (line.send(12), line.send(11), line.send(13)) if p] == [3, 2, 4]
    assert not line.source.gaps and line.source.lost == 0


def test_a_gap_is_asked_for_again_until_it_is_given_up() -> None:
    line = Line()
    line.send(1, KEY)
    line.send(4)
    assert line.source.missing(0.01) == [2, 3]
    assert line.source.missing(0.03) == []
    line.send(2)
    assert line.source.missing(0.07) == [3]
    assert line.source.missing(1.1) == [] and not line.source.gaps
    assert line.source.lost == 1


def test_packets_that_change_places_are_not_asked_for_again_and_make_no_frames() -> None:
    line = Line()
    line.send(0, KEY)
    places = [(4 * frame + piece, 3000 * frame) for frame in range(30) for piece in range(4)][1:]
    for late in range(2, len(places) - 1, 4):  # the last of each frame comes after the first of the next
        places[late], places[late + 1] = places[late + 1], places[late]
    asked = []
    for sequence, timestamp in places:
        line.now += 0.004
        line.send(sequence, DELTA, timestamp)
        asked += line.source.missing(line.now)
    assert (line.source.frames, asked, line.source.lost) == (30, [], 0)


def test_frames_of_one_packet_that_change_places_are_all_counted() -> None:
    line = Line()
    for frame in (0, 2, 1, 4, 3, 5):
        line.send(frame, KEY, 3000 * frame)
    assert line.source.frames == 6


def test_more_loss_than_can_be_asked_for_is_given_up_for_a_key_frame() -> None:
    line = Line()
    line.send(0, KEY)
    asked = 0
    for number in range(1, 3000):
        line.now += 0.001
        line.send(257 * number)
        asked += line.source.key_frame_due(line.now)
        assert len(line.source.missing(line.now + 0.02)) <= MAX_MISSING
    assert asked == 10  # one in 300 ms


def test_a_viewer_that_fails_keeps_nothing_from_the_others() -> None:
    line, other = Line(), FakeLine()
    failing = Outgoing(agreed(FACE), SendingSsrcs(600, 601), FailingLine())
    after = Outgoing(agreed(FACE), SendingSsrcs(700, 701), other)
    line.source.viewers = (line.out, failing, after)
    for out in line.source.viewers:
        out.bind(line.source)
    line.send(1, KEY)
    assert [len(each.sent) for each in (line.way, other)] == [1, 1]
    assert failing._way.failures == ["KeyError"]  # type: ignore[attr-defined]


class FailingLine(FakeLine):
    """A way that is broken by a fault of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: list[str] = []

    def begin(self) -> FakeLine:
        raise KeyError(1)

    def failed(self, error: Exception, now: float) -> None:
        self.failures.append(type(error).__name__)


def test_while_a_source_is_not_allowed_its_picture_does_not_freeze() -> None:
    source = Line().source
    source.allow(True)
    for number in range(300):
        source.freezes.frame(number / 30)
    source.allow(False)
    source.allow(True)
    source.freezes.frame(600.0)
    assert source.freezes.count == 0


def test_a_retransmission_becomes_the_original() -> None:
    line = Line()
    packet = read_packet(memoryview(write_packet(97, False, 9, 5, 78, b"", b"\x00\x2a" + DELTA)))
    assert packet is not None and line.source.unwrap_rtx(packet)
    assert (packet.sequence, packet.payload_type, packet.ssrc) == (42, 96, 77)
    assert bytes(packet.payload) == DELTA
    probe = read_packet(memoryview(write_packet(97, False, 9, 5, 78, b"", b"")))
    assert probe is not None and not line.source.unwrap_rtx(probe)


def test_padding_leaves_no_gap_towards_the_viewer() -> None:
    line = Line()
    line.send(1, KEY)
    assert line.send(2, b"") is None
    after = line.send(3)
    assert after is not None and after.sequence == 2


def test_what_is_left_out_in_a_row_is_one_gap_less_and_what_was_sent_is_still_found() -> None:
    line = Line()
    line.send(1, KEY)
    for sequence in range(2, 60):
        assert line.send(sequence, b"") is None
    after, later = line.send(60, b"\x10\x01sixty"), line.send(61)
    assert after is not None and later is not None
    assert (after.sequence, later.sequence) == (2, 3)
    again = line.resend(2, 1.0)
    assert again is not None and again.payload == b"\x00\x02\x10\x01sixty"
    first = line.resend(1, 1.0)
    assert first is not None and first.payload == b"\x00\x01" + KEY
    assert line.resend(4, 1.0) is None


@given(st.lists(st.sampled_from(("sent", "padding", "late", "lost")), min_size=1, max_size=300))
def test_whatever_comes_the_viewer_sees_one_stream(kinds: list[str]) -> None:
    line = Line()
    line.send(0, KEY)
    held: list[int] = []
    for number, kind in enumerate(kinds, 1):
        if kind == "late":
            held.append(number)
        elif kind != "lost":
            line.send(number, b"" if kind == "padding" else b"\x10\x01%d" % number)
        if len(held) > 3:
            late = held.pop(0)
            line.send(late, b"\x10\x01%d" % late)
    sent = {packet.sequence: packet.payload for packet in line.way.sent}
    assert len(sent) == len(line.way.sent)  # no number twice
    in_order = [int(sent[sequence][2:]) for sequence in sorted(sent) if sent[sequence] != KEY]
    assert in_order == sorted(in_order)
    for sequence, payload in sent.items():
        again = line.resend(sequence, 100.0)
        assert again is not None and again.payload == sequence.to_bytes(2, "big") + payload


def test_viewers_that_agreed_to_the_same_get_the_same_block() -> None:
    line = Line()
    other = Outgoing(agreed(FACE), SendingSsrcs(600, 601), FakeLine())
    assert other.plan is line.out.plan
    elsewhere = Outgoing(agreed(BROWSER[5]), SendingSsrcs(600, 601), FakeLine())
    assert elsewhere.plan is not line.out.plan


def test_a_packet_that_comes_twice_is_sent_once() -> None:
    line = Line()
    line.send(1, KEY)
    assert line.send(2) is not None and line.send(2) is None
    assert line.source.packets == 2 and line.source.lost == 0


def test_another_source_goes_on_in_the_same_stream() -> None:
    line = Line()
    line.send(1, KEY, 1000)
    last = line.send(2, DELTA, 4000)
    line.now = 2.0
    line.carry("nurse")
    assert line.send(40_000, DELTA, 99) is None
    first = line.send(40_001, KEY, 99)
    assert last is not None and first is not None
    assert first.sequence == last.sequence + 1
    assert first.timestamp == last.timestamp + 180_000


def test_a_new_stream_of_the_same_source_waits_for_its_key_frame() -> None:
    line = Line()
    line.send(1, KEY)
    line.source.restart(88, 0.0)
    assert line.send(500) is None
    packet = line.send(501, KEY)
    assert packet is not None and packet.sequence == 2


def test_what_the_viewer_missed_comes_from_history_once_at_a_time() -> None:
    line = Line()
    line.send(1, KEY)
    packet = line.resend(1, 0.0)
    assert packet is not None and (packet.payload_type, packet.ssrc) == (97, 501)
    assert bytes(packet.payload) == b"\x00\x01" + KEY
    assert line.resend(1, 0.01) is None and line.resend(1, 0.05) is not None
    assert line.resend(2, 0.0) is None and line.resend(65_000, 0.0) is None


def test_nothing_is_sent_again_once_the_slot_is_taken_away() -> None:
    line = Line()
    line.send(1, KEY)
    line.out.bind(None)
    assert line.resend(1, 0.0) is None


def test_a_codec_the_viewer_lacks_is_not_sent() -> None:
    line = Line()
    line.out.agreed.payload_types.pop(CODECS[FACE.kind][0].codec)
    line.out.bind(None)
    line.out.bind(line.source)
    assert line.send(1, KEY) is None


def test_key_frames_are_asked_for_at_most_once_in_300_ms() -> None:
    source = Line().source
    asked = 0
    for step in range(100):
        source.ask_key_frame()
        asked += source.key_frame_due(step / 100)
    assert asked == 4


def test_an_ecg_needs_no_key_frame_and_keeps_its_capture_time() -> None:
    line = Line(STATION[1], BROWSER[9])
    elements = bytes.fromhex("47") + bytes(range(8))
    packet = line.pass_on(write_packet(112, True, 5, 960, 77, elements, b"E1"))
    assert packet is not None and packet.extensions[4] == bytes(range(8)) and packet.extensions[1] == b"9"


def test_reports_say_what_was_lost() -> None:
    line = Line()
    for sequence in (1, 2, 4, 5):
        line.send(sequence, KEY)
    report = line.source.report(1.0)
    assert report is not None and report.lost == 1 and abs(report.fraction_lost - 0.2) < 1e-9
    again = line.source.report(2.0)
    assert again is not None and again.fraction_lost == 0.0


def test_the_publishers_clock_is_carried_on() -> None:
    line = Line()
    line.send(1, KEY, 1000)
    line.source.sender_report = (SenderReport(77, 5 << 32, 9000), 0.0)
    report = line.out.report(2.0)
    assert report == SenderReport(500, 7 << 32, 9000 + 180_000)
    heard = ReportBlock(500, 0.0, 3, 1, 90, report.ntp >> 16 & 0xFFFF_FFFF, 65_536)
    line.out.heard(heard, 3.5)
    assert line.out.round_trip_ms == 500.0 and line.out.lost == 3 and line.out.jitter_ms == 1.0


MAIN, REDUCED, SHOWN = STATION[0], STATION[2], BROWSER[8]
SLICE_KEY, SLICE, BARE_KEY = b"\x67key", b"\x41picture", b"\x65key without its parameters"


class Encodings:
    """Two encodings of one picture on one clock, and a viewer that changes between them."""

    def __init__(self) -> None:
        self.way = FakeLine()
        self.out = Outgoing(agreed(SHOWN), SendingSsrcs(500, 501), self.way)
        self.now = 0.0
        self.sources = {line.mid: Source("station", agreed(line)) for line in (MAIN, REDUCED)}
        for ssrc, source in enumerate(self.sources.values(), 77):
            source.restart(ssrc, 0.0)
            source.viewers = (self.out,)
        self.main, self.reduced = self.sources[MAIN.mid], self.sources[REDUCED.mid]
        self.out.bind(self.main)
        self.sequences = {MAIN.mid: 100, REDUCED.mid: 65_530}

    def send(self, line: MediaLine, number: int, payload: bytes = SLICE) -> RtpPacket | None:
        """Picture `number`, captured 1/30 s after the one before it; what the viewer gets of it."""
        self.now = max(self.now, number / 30)
        self.sequences[line.mid] += 1
        source = self.sources[line.mid]
        payload_type = next(iter(source.codecs))
        timestamp = 0xFFFF_0000 + 3000 * number & 0xFFFF_FFFF
        data = write_packet(
            payload_type,
            True,
            self.sequences[line.mid] & 0xFFFF,
            timestamp,
            source.ssrc or 0,
            b"",
            payload + line.mid.encode(),
        )
        packet = read_packet(memoryview(data))
        assert packet is not None
        before = len(self.way.sent)
        source.take(packet, self.now)
        source.pass_on(self.now)
        return self.way.sent[-1] if len(self.way.sent) > before else None


def test_another_encoding_begins_with_its_key_frame_and_the_one_before_it_goes_on_until_then() -> None:
    both = Encodings()
    both.send(MAIN, 0, SLICE_KEY)
    both.send(MAIN, 1)
    both.out.change_to(both.reduced, both.now)
    assert both.reduced.key_frame_due(both.now) and both.out.source is both.main
    assert both.send(REDUCED, 2) is None  # cannot be decoded yet
    assert both.send(MAIN, 2) is not None
    assert both.send(REDUCED, 2, BARE_KEY) is None  # would be decoded by the parameters of the other
    begins = both.send(REDUCED, 3, SLICE_KEY)
    assert begins is not None and both.out.source is both.reduced and both.out.next is None
    assert both.send(MAIN, 3) is None and both.send(MAIN, 4, SLICE_KEY) is None  # never of both
    assert both.send(REDUCED, 4) is not None
    assert [bytes(packet.payload) for packet in both.way.sent] == [
        SLICE_KEY + b"0",
        SLICE + b"0",
        SLICE + b"0",
        SLICE_KEY + b"2",
        SLICE + b"2",
    ]


def test_a_change_of_encodings_is_one_sequence_on_one_timeline_in_one_payload_type() -> None:
    both = Encodings()
    both.send(MAIN, 0, SLICE_KEY)
    for number in range(1, 200):
        both.now += 0.02 * (number % 3)  # how late it is forwarded moves no timestamp
        line, other = (MAIN, REDUCED) if number // 40 % 2 == 0 else (REDUCED, MAIN)
        if number % 40 == 0:
            both.out.change_to(both.sources[line.mid], both.now)
        both.send(other, number)
        both.send(line, number, SLICE_KEY if number % 40 == 3 else SLICE)
    sent = both.way.sent
    assert [packet.sequence for packet in sent] == list(range(1, len(sent) + 1))
    assert {(packet.ssrc, packet.payload_type) for packet in sent} == {(500, 102)}
    steps = [(b.timestamp - a.timestamp) & 0xFFFF_FFFF for a, b in zip(sent, sent[1:], strict=False)]
    # The picture that came from one encoding is one tick later when it comes from the other, too.
    assert set(steps) <= {3000, 1} and steps.count(1) == 4 and sum(step == 3000 for step in steps) == 199


def test_a_key_frame_from_before_what_was_sent_is_left_aside_and_asked_for_again() -> None:
    both = Encodings()
    both.send(MAIN, 0, SLICE_KEY)
    for number in range(1, 6):
        both.send(MAIN, number)
    both.out.change_to(both.reduced, both.now)
    both.reduced.key_frame_due(both.now)
    assert both.send(REDUCED, 4, SLICE_KEY) is None
    both.now += 0.4
    assert both.reduced.key_frame_due(both.now)
    assert both.send(MAIN, 6) is not None
    assert both.send(REDUCED, 7, SLICE_KEY) is not None


def test_an_encoding_that_always_comes_late_is_waited_for_and_then_begins_after_what_was_sent() -> None:
    both = Encodings()
    both.send(MAIN, 0, SLICE_KEY)
    both.out.change_to(both.reduced, 0.0)
    changed = None
    for number in range(1, 100):
        both.send(MAIN, number)
        begins = both.send(REDUCED, number - 3, SLICE_KEY if number % 10 == 0 else SLICE)
        changed = changed or begins
        if changed is not None:
            break
    assert changed is not None and bytes(changed.payload) == SLICE_KEY + b"2" and number <= 70
    stamps = [packet.timestamp for packet in both.way.sent]
    assert all((b - a) & 0xFFFF_FFFF == 3000 for a, b in zip(stamps[:-2], stamps[1:-1], strict=True))
    assert (stamps[-1] - stamps[-2]) & 0xFFFF_FFFF in range(3000, 60_001, 3000)


def test_a_change_that_is_called_off_leaves_all_as_it_was() -> None:
    both = Encodings()
    both.send(MAIN, 0, SLICE_KEY)
    both.out.change_to(both.reduced, both.now)
    both.out.change_to(both.main, both.now)
    assert both.out.next is None and both.send(REDUCED, 1, SLICE_KEY) is None
    both.out.change_to(both.reduced, both.now)
    both.out.bind(None)
    assert both.out.next is None and both.send(REDUCED, 2, SLICE_KEY) is None


def test_what_was_sent_of_the_encoding_before_is_not_sent_again_and_of_the_new_one_is() -> None:
    both = Encodings()
    both.send(MAIN, 0, SLICE_KEY)
    both.out.change_to(both.reduced, both.now)
    both.send(REDUCED, 1, SLICE_KEY)
    assert both.out.missed(1, 5.0) is None
    again = both.out.missed(2, 5.0)
    assert again is not None and bytes(again.payload) == SLICE_KEY + b"2"


def test_frames_that_were_left_out_move_no_timestamp_of_those_after_them() -> None:
    line = Line()
    line.send(1, KEY, 3000)
    line.send(2, DELTA, 6000)
    line.out.restart()
    line.now += 3.0
    assert line.send(3, DELTA, 9000) is None
    after = line.send(4, KEY, 30_000)
    assert after is not None and (after.sequence, after.timestamp) == (3, 30_000)
