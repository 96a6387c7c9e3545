"""What a narrow line is used for: ECG, voice, ultrasound, faces, in this order."""

from media.batch import Batch
from media.layout import BROWSER, STATION, MediaLine
from media.offer import SendingSsrcs
from media.outgoing import Outgoing
from media.rtp import RtpPacket
from media.sent_log import Fate
from media.source import Source
from media.viewer_line import ViewerLine
from media.waiting import Priority, Waiting
from records.rooms import GivenUp, MediaKind
from tests.fakes.estimates import KnownEstimate
from tests.fakes.line import FakeLine
from tests.media.test_forwarding import DELTA, KEY, agreed

VOICE, FACE, ULTRASOUND, ECG = BROWSER[2], BROWSER[3], BROWSER[8], BROWSER[9]
PUBLISHES = {MediaKind.VOICE: BROWSER[0], MediaKind.FACE: BROWSER[1]}


def packet(full: int, timestamp: int = 0, size: int = 1000) -> RtpPacket:
    made = RtpPacket(0, 96, full & 0xFFFF, timestamp, 77, 0, b"", (KEY if full == 0 else DELTA).ljust(size))
    made.full, made.key = full, full == 0
    return made


class Viewer:
    """A viewer's line and its m-lines; what leaves is remembered."""

    def __init__(self) -> None:
        self.line = ViewerLine()
        self.now = 0.0
        self.left: list[Waiting] = []

    def out(self, line: MediaLine) -> Outgoing:
        out = Outgoing(agreed(line), SendingSsrcs(500, 501), FakeLine())
        publishes = PUBLISHES.get(line.kind) or STATION[0 if line.kind is MediaKind.ULTRASOUND else 1]
        out.bind(Source("somebody", agreed(publishes)))
        return out

    def send_free(self, out: Outgoing, bps: int, seconds: float = 8.0) -> None:
        for _ in range(round(seconds / 0.05)):
            self.now += 0.05
            self.line.sent(out, round(bps * 0.05 / 8))
            self.line.tick(self.now, [])

    def narrow(self, bps: float) -> None:
        self.line._note(lambda: setattr(self.line, "estimate", KnownEstimate(bps)), self.now)

    def lose(self) -> None:
        """So many packets are missed at once that the line is taken for narrow."""
        self.line.missed(1000, 0, self.now)
        self.line.missed(1040, 40, self.now)
        assert self.line.is_narrow

    def report(self) -> None:
        """All that has left arrived at once."""
        fates = [Fate(self.now, waiting.size, self.now + 0.01) for waiting in self.left]
        self.line.estimate.reported(fates[-5:], self.now)

    def release(self, after_s: float) -> list[MediaKind]:
        self.now += after_s
        before = len(self.left)
        self.line.release(self.now, self._leave)
        return [waiting.out.kind for waiting in self.left[before:]]

    def _leave(self, waiting: Waiting) -> None:
        self.left.append(waiting)
        self.line.sent(waiting.out, waiting.size)


def test_what_matters_more_goes_first_and_ecg_and_voice_never_wait() -> None:
    viewer = Viewer()
    face, ultrasound, ecg, voice = (viewer.out(line) for line in (FACE, ULTRASOUND, ECG, VOICE))
    viewer.send_free(ultrasound, 2_500_000)
    viewer.narrow(800_000)
    for out in (face, ultrasound, voice, ecg):
        viewer.line.hold(out, [packet(0), packet(1)], viewer.now)
    assert viewer.release(0.0) == [MediaKind.ECG, MediaKind.ECG, MediaKind.VOICE, MediaKind.VOICE]
    assert viewer.release(0.01) == []  # what they took is owed
    kinds = [kind for _ in range(40) for kind in viewer.release(0.01)]
    assert kinds == [MediaKind.ULTRASOUND] * 2 + [MediaKind.FACE] * 2
    assert not viewer.line.is_waiting


def test_the_rate_is_kept() -> None:
    viewer = Viewer()
    ultrasound = viewer.out(ULTRASOUND)
    viewer.send_free(ultrasound, 2_500_000)
    viewer.narrow(1_000_000)
    for step in range(400):
        viewer.line.hold(ultrasound, [packet(step, step)], viewer.now)
        viewer.release(0.0091)
        viewer.line.tick(viewer.now, [])
    sent_bps = 8 * sum(waiting.size for waiting in viewer.left) / (400 * 0.0091)
    assert 880_000 < sent_bps <= 910_000


def test_a_missed_packet_goes_before_new_ones_of_its_kind_and_a_faces_after_all() -> None:
    viewer = Viewer()
    face, ultrasound = viewer.out(FACE), viewer.out(ULTRASOUND)
    viewer.send_free(ultrasound, 2_500_000)
    viewer.narrow(800_000)
    viewer.line.hold_again(face, packet(1), 1)
    viewer.line.hold(face, [packet(5)], viewer.now)
    viewer.line.hold(ultrasound, [packet(5)], viewer.now)
    viewer.line.hold_again(ultrasound, packet(1), 1)
    for _ in range(30):
        viewer.release(0.01)
    left = [(waiting.out.kind, waiting.packet.full) for waiting in viewer.left]
    assert left == [
        (MediaKind.ULTRASOUND, 1),
        (MediaKind.ULTRASOUND, 5),
        (MediaKind.FACE, 5),
        (MediaKind.FACE, 1),
    ]


def test_faces_are_left_out_when_ultrasound_needs_the_line_and_come_back() -> None:
    viewer = Viewer()
    face, ultrasound = viewer.out(FACE), viewer.out(ULTRASOUND)
    viewer.send_free(ultrasound, 2_500_000)
    viewer.narrow(800_000)
    viewer.line.tick(viewer.now, [face])
    assert viewer.line.given_up(viewer.now) == {GivenUp.FACES} and not face.waits_for_key_frame
    viewer.line.hold(face, [packet(0)], viewer.now)
    assert not viewer.line.is_waiting
    viewer.narrow(5_000_000)
    viewer.line.tick(viewer.now, [face])
    assert viewer.line.given_up(viewer.now) == frozenset() and face.waits_for_key_frame


def test_ultrasound_is_left_out_between_frames_only_and_goes_on_with_a_key_frame_once_little_waits() -> None:
    viewer = Viewer()
    ultrasound = viewer.out(ULTRASOUND)
    viewer.send_free(ultrasound, 2_500_000)
    viewer.narrow(400_000)
    for frame in range(7, 12):
        viewer.line.hold(ultrasound, [packet(10 * frame + n, frame) for n in range(9)], viewer.now)
    assert viewer.line.given_up(viewer.now) == {GivenUp.ULTRASOUND_FRAMES}
    key = packet(0, 20)
    viewer.line.hold(ultrasound, [key], viewer.now)  # too much waits for it
    for _ in range(100):
        viewer.release(0.01)
        viewer.line.tick(viewer.now, [])
    timestamps = [waiting.packet.timestamp for waiting in viewer.left]
    assert timestamps == [7] * 9 + [8] * 9
    viewer.line.hold(ultrasound, [packet(500, 30)], viewer.now)  # no key frame
    viewer.line.hold(ultrasound, [key, packet(501, 20)], viewer.now)
    for _ in range(20):
        viewer.release(0.01)
    last = viewer.left[-2:]
    assert [(waiting.packet.timestamp, waiting.is_new_start) for waiting in last] == [(20, True), (20, False)]
    assert viewer.line.given_up(viewer.now + 3.0) == frozenset()


def test_a_line_that_carries_next_to_nothing_still_shows_one_key_frame_after_the_other() -> None:
    viewer = Viewer()
    ultrasound = viewer.out(ULTRASOUND)
    viewer.send_free(ultrasound, 2_500_000)
    viewer.narrow(150_000)
    for frame in range(300):  # 10 s, each frame a key frame of a second's worth
        pieces = [packet(0, frame, 1000), *(packet(30 * frame + n, frame) for n in range(1, 15))]
        viewer.line.hold(ultrasound, pieces, viewer.now)
        for _ in range(3):
            viewer.release(0.011)
        viewer.line.tick(viewer.now, [])
    whole = [timestamp for timestamp in {w.packet.timestamp for w in viewer.left}]
    assert len(whole) >= 8


def test_retransmissions_have_a_budget() -> None:
    viewer = Viewer()
    allowed = sum(viewer.line.may_send_again(1200) for _ in range(1000))
    assert allowed == 50
    viewer.send_free(viewer.out(ULTRASOUND), 2_500_000, seconds=1.0)
    assert 0 < sum(viewer.line.may_send_again(1200) for _ in range(1000)) <= 50


def test_a_slot_that_carries_something_else_sends_nothing_of_before() -> None:
    viewer = Viewer()
    ultrasound = viewer.out(ULTRASOUND)
    viewer.send_free(ultrasound, 2_500_000)
    viewer.narrow(800_000)
    viewer.line.hold(ultrasound, [packet(0)], viewer.now)
    viewer.line.forget(ultrasound)
    assert viewer.release(1.0) == []


def test_what_waits_is_sent_when_the_line_is_free_again() -> None:
    viewer = Viewer()
    ultrasound = viewer.out(ULTRASOUND)
    viewer.send_free(ultrasound, 2_500_000)
    viewer.narrow(400_000)
    viewer.line.hold(ultrasound, [packet(number, 7) for number in range(9)], viewer.now)
    viewer.line.estimate = KnownEstimate(None)
    assert viewer.line.is_waiting
    assert viewer.release(0.0) == [MediaKind.ULTRASOUND] * 9 and not viewer.line.is_waiting


def test_a_frame_on_its_way_is_no_queue_and_the_line_is_tried_for_more() -> None:
    viewer = Viewer()
    ultrasound = viewer.out(ULTRASOUND)
    viewer.send_free(ultrasound, 2_500_000)
    viewer.lose()
    probed = False
    for number in range(60):
        viewer.line.hold(ultrasound, [packet(number + 1, timestamp=number)], viewer.now)
        viewer.line.tick(viewer.now, [])  # while this packet waits
        probed |= viewer.line.estimate.is_probing
        viewer.release(0.05)
        viewer.report()
    assert probed


def test_many_missed_packets_of_an_ultrasound_are_given_up_for_a_key_frame() -> None:
    viewer = Viewer()
    ultrasound = viewer.out(ULTRASOUND)
    viewer.send_free(ultrasound, 2_500_000)
    viewer.narrow(800_000)
    for number in range(8):
        viewer.line.hold_again(ultrasound, packet(number + 1), number)
    assert viewer.line.is_waiting
    for number in range(8, 40):
        viewer.line.hold_again(ultrasound, packet(number + 1), number)
    assert not viewer.line.is_waiting
    viewer.line.hold(ultrasound, [packet(60)], viewer.now)
    assert not viewer.line.is_waiting
    viewer.line.hold(ultrasound, [packet(0)], viewer.now)  # a key frame
    assert viewer.line.is_waiting


def test_missed_packets_go_in_their_order() -> None:
    viewer = Viewer()
    ultrasound = viewer.out(ULTRASOUND)
    viewer.send_free(ultrasound, 2_500_000)
    viewer.narrow(800_000)
    viewer.line.hold(ultrasound, [packet(9)], viewer.now)
    for number in (1, 2, 3):
        viewer.line.hold_again(ultrasound, packet(number), number)
    for _ in range(10):
        viewer.release(0.02)
    assert [waiting.packet.full for waiting in viewer.left] == [1, 2, 3, 9]


def test_a_frame_that_never_ends_is_broken_off_for_a_key_frame() -> None:
    viewer = Viewer()
    ultrasound = viewer.out(ULTRASOUND)
    assert ultrasound.source is not None
    ultrasound.source.restart(77, 0.0)
    viewer.send_free(ultrasound, 2_500_000)
    viewer.narrow(300_000)
    most = 0
    for number in range(2000):  # 20 s of 8 Mbit/s
        viewer.line.hold(ultrasound, [packet(10 * number + each + 1, 5) for each in range(10)], viewer.now)
        most = max(most, viewer.line._waiting.waiting_bytes(Priority.ULTRASOUND))
        viewer.release(0.01)
    assert most <= 1_010_000 and not viewer.line.is_waiting
    assert ultrasound.source.key_frame_due(viewer.now)
    viewer.line.hold(ultrasound, [packet(0, 6)], viewer.now)  # a key frame
    assert viewer.line.is_waiting


class NarrowWay(FakeLine):
    """The way of one m-line over a narrow line: as a peer connection uses it."""

    def __init__(self, line: ViewerLine) -> None:
        super().__init__()
        self._line = line

    def holds(self, out: Outgoing, packets: list[RtpPacket], now: float) -> bool:
        self._line.hold(out, packets, now)
        return True

    def rebound(self, out: Outgoing) -> None:
        self._line.forget(out)

    def release(self, now: float) -> None:
        self._line.release(now, lambda waiting: self._leave(waiting, now))
        self.flush()

    def _leave(self, waiting: Waiting, now: float) -> None:
        assert waiting.out.source is not None
        if waiting.is_new_start:
            waiting.out.restart()
        waiting.out.write(waiting.packet, b"", waiting.out.source, self, now)


def test_what_waits_of_one_encoding_is_never_sent_among_the_pictures_of_the_other() -> None:
    viewer = Viewer()
    way = NarrowWay(viewer.line)
    out = Outgoing(agreed(ULTRASOUND), SendingSsrcs(500, 501), way)
    main, reduced = (Source("station", agreed(line)) for line in (STATION[0], STATION[2]))
    out.bind(main)
    viewer.send_free(out, 2_500_000)
    viewer.narrow(300_000)
    main.generation = reduced.generation = 1  # each began once: that does not tell them apart

    def picture(source: Source, number: int, size: int, key: bool = False) -> None:
        made = RtpPacket(
            128, next(iter(source.codecs)), number, 3000 * number, 77, 0, b"", b"\x67" + bytes(size - 1)
        )
        made.full, made.key = number, key
        out.forward(Batch([made], [b""]), source, viewer.now)

    for number in range(1, 8):  # more than leaves at once: some wait
        picture(main, number, 1200, key=number == 1)
        viewer.now += 0.005
        way.release(viewer.now)
    assert viewer.line.is_waiting and way.sent
    out.change_to(reduced, viewer.now)
    picture(main, 8, 1200)
    picture(reduced, 8, 300, key=True)
    picture(main, 9, 1200, key=True)
    picture(reduced, 9, 300)
    before = len(way.sent)
    for _ in range(100):
        viewer.now += 0.01
        way.release(viewer.now)
    assert [len(one.payload) for one in way.sent[before:]] == [300, 300]
    assert [one.sequence for one in way.sent] == list(range(1, len(way.sent) + 1))
    stamps = [one.timestamp for one in way.sent]
    assert (stamps[before] - stamps[0], stamps[-1] - stamps[before]) == (3000 * 7, 3000)


def wave(full: int) -> RtpPacket:
    """A live ECG packet: 10 new samples and the 20 before them."""
    count = min(30, 10 * (full + 1))
    made = packet(full)
    head = b"E1\x02\0" + bytes(8) + count.to_bytes(2, "little") + b"\x0c\0"
    made.payload = head + (10 * (full + 1) - count).to_bytes(8, "little") + bytes(740)
    return made


def test_repeats_of_the_ecg_are_left_out_where_they_would_crowd_out_the_rest_and_no_number_is_missing() -> (
    None
):
    for bps, sent in ((4_000_000, 60), (384_000, 20)):
        viewer = Viewer()
        ecg, ultrasound = viewer.out(ECG), viewer.out(ULTRASOUND)
        viewer.send_free(ultrasound, 2_500_000)
        viewer.narrow(bps)
        skipped: list[int] = []
        ecg.skip = skipped.append  # type: ignore[method-assign,assignment]
        for full in range(60):
            viewer.line.hold(ecg, [wave(full)], viewer.now)
        kinds = viewer.release(0.0)
        assert abs(len(kinds) - sent) <= 2 and len(kinds) + len(skipped) == 60


def test_a_line_thought_to_carry_less_than_the_ecg_still_gets_one_picture_after_the_other() -> None:
    viewer = Viewer()
    ecg, ultrasound = viewer.out(ECG), viewer.out(ULTRASOUND)
    viewer.send_free(ultrasound, 300_000)
    viewer.lose()
    assert viewer.line.estimate.bps < 210_000  # which the ECG takes
    kinds: list[MediaKind] = []
    tried = False
    for step in range(600):
        viewer.line.hold(ecg, [packet(2 * step, size=260), packet(2 * step + 1, size=260)], viewer.now)
        if step % 50 == 0:
            picture = packet(step, timestamp=3000 * step)
            picture.key = True  # one is asked for, again and again
            viewer.line.hold(ultrasound, [picture], viewer.now)
        kinds += viewer.release(0.02)
        viewer.line.tick(viewer.now, [])
        tried = tried or viewer.line.estimate.is_probing
        viewer.report()
    assert kinds.count(MediaKind.ECG) == 1200 and kinds.count(MediaKind.ULTRASOUND) >= 9
    assert tried, "a line that is never tried for more stays narrow for ever"
