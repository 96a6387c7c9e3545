"""The tap: everything that is forwarded goes to the recorder as it is, and nothing waits for it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from media.errors import RequestRefused
from media.foreign import read_foreign_offer
from media.layout import BROWSER, Codec, Extension
from media.rtp import RtpPacket, element, ntp64, read_packet, write_packet
from media.source import Source
from media.tap import KEY_INTERVAL_S, Tap
from media.taped_frames import TapedPacket, frames
from records.rooms import MediaKind
from records.tape_records import RecordFlag, RecordKind
from records.tapes import TapeStream
from tests.fakes.tapes import FakeRecorder
from tests.media.test_foreign import offer
from tests.media.test_forwarding import CAMERA, DELTA, KEY, agreed

START_US = 1_700_000_000_000_000


class Tapped:
    """A source whose packets go to a recorder that reads when it is told to."""

    def __init__(self, directory: Path) -> None:
        self.now = 0.0
        self.recorder = FakeRecorder(directory / "tap.sock")
        self.tap = Tap.open(self.recorder.path, lambda: START_US + int(self.now * 1_000_000))
        self.source = Source("doctor", agreed(CAMERA))
        self.source.restart(77, 0.0)
        self.source.taps = (self.tap,)

    def send(self, sequence: int, payload: bytes = DELTA) -> bytes:
        data = write_packet(96, True, sequence, 3000 * sequence, 77, b"", payload)
        packet = read_packet(memoryview(data))
        assert packet is not None
        self.pass_on(packet)
        return data

    def pass_on(self, packet: RtpPacket) -> None:
        assert self.source.take(packet, self.now)
        self.source.pass_on(self.now)

    def close(self) -> None:
        self.tap.close()
        self.recorder.close()


@pytest.fixture
def tapped(tmp_path: Path) -> Iterator[Tapped]:
    made = Tapped(tmp_path)
    yield made
    made.close()


def test_a_packet_is_recorded_as_it_was_sent_behind_the_head_of_its_stream(tapped: Tapped) -> None:
    sent = [tapped.send(1, KEY), tapped.send(2)]
    tapped.now = 0.25
    sent.append(tapped.send(3))
    head, *records = tapped.recorder.read()
    stream = msgspec.msgpack.decode(head.payload, type=TapeStream)
    assert (head.kind, stream.participant_id, stream.kind) == (
        RecordKind.STREAM,
        "doctor",
        MediaKind.FACE,
    )
    assert stream.codecs[96] == "vp8"
    assert [one.payload for one in records] == sent
    assert [one.at_us - START_US for one in records] == [0, 0, 250_000]
    assert [one.flags for one in records] == [RecordFlag.KEY, 0, 0]
    assert [one.sequence - records[0].sequence for one in records] == [0, 1, 2]


def test_what_the_recorder_cannot_take_is_a_gap_and_the_call_goes_on(tapped: Tapped) -> None:
    sent = 0
    while tapped.tap.lost < 50:
        sent += 1
        tapped.send(sent & 0xFFFF)
    before = [one for one in tapped.recorder.read() if one.kind == RecordKind.PACKET]
    assert len(before) == sent - 50
    assert tapped.source.key_frame_due(100.0)  # to begin anew behind the gap
    tapped.send(sent + 1 & 0xFFFF)
    (after,) = tapped.recorder.read()
    assert after.lost == 50 and after.sequence == before[-1].sequence + 51


def test_a_source_that_begins_anew_is_a_new_stream(tapped: Tapped) -> None:
    tapped.send(1, KEY)
    tapped.source.restart(78, 0.0)
    tapped.send(500, KEY)
    records = tapped.recorder.read()
    kinds = [(one.kind, one.stream - records[0].stream + 1) for one in records]
    assert kinds == [
        (RecordKind.STREAM, 1),
        (RecordKind.PACKET, 1),
        (RecordKind.STREAM, 2),
        (RecordKind.PACKET, 2),
    ]


def test_two_taps_of_one_tape_never_share_a_streams_number(tapped: Tapped) -> None:
    tapped.send(1, KEY)
    tapped.now = 1.0  # a recorder or a worker died, and another one goes on
    again = Tap.open(tapped.recorder.path, lambda: START_US + 1_000_000)
    tapped.source.taps = (again,)
    tapped.send(2, KEY)
    again.close()
    first, second = [one for one in tapped.recorder.read() if one.kind == RecordKind.STREAM]
    assert first.stream != second.stream


def test_a_key_frame_is_asked_for_at_the_start_and_every_ten_seconds(tapped: Tapped) -> None:
    tapped.send(1)
    assert tapped.source.key_frame_due(0.0)
    tapped.send(2, KEY)
    assert not tapped.source.key_frame_due(5.0)
    tapped.now = KEY_INTERVAL_S
    tapped.send(3)
    assert tapped.source.key_frame_due(KEY_INTERVAL_S)


def test_a_recorder_that_dies_hinders_nobody(tapped: Tapped) -> None:
    tapped.send(1, KEY)
    tapped.recorder.read()
    tapped.recorder.close()
    for sequence in range(2, 10):
        tapped.send(sequence)
    assert tapped.tap.dead and tapped.source.packets == 9


def test_a_tap_needs_somebody_who_listens(tmp_path: Path) -> None:
    with pytest.raises(RequestRefused):
        Tap.open(tmp_path / "nobody.sock", lambda: START_US)


def test_voice_is_recorded_without_any_wish_for_key_frames(tapped: Tapped) -> None:
    voice = Source("doctor", agreed(BROWSER[0]))
    voice.restart(5, 0.0)
    voice.taps = (tapped.tap,)
    data = write_packet(111, False, 1, 960, 5, b"", b"sound")
    packet = read_packet(memoryview(data))
    assert packet is not None
    assert voice.take(packet, 0.0)
    voice.pass_on(0.0)
    assert [one.payload for one in tapped.recorder.read()][1:] == [data]
    assert not voice.key_frame_due(100.0)


def test_what_a_whip_client_sends_in_its_own_numbers_is_told_by_them_and_its_frames_come_out(
    tapped: Tapped,
) -> None:
    sdp = (
        f"m=video 9 UDP/TLS/RTP/SAVPF 120\na=mid:v\na=sendonly\na=rtcp-mux\n"
        f"a=rtpmap:120 VP8/90000\na=extmap:9 {Extension.ABS_CAPTURE_TIME.value}\n"
    )
    read = read_foreign_offer(offer(sdp), True, [MediaKind.ULTRASOUND])
    (line,) = read.remote.lines
    source = Source("device", line)
    source.restart(5, 0.0)
    source.taps = (tapped.tap,)
    for number in range(3):
        stamp = element(9, ntp64(START_US + 40_000 * number).to_bytes(8, "big"))
        payload = (KEY if number == 0 else DELTA) + b"rest"
        packet = read_packet(memoryview(write_packet(120, True, number, 3600 * number, 5, stamp, payload)))
        assert packet is not None and source.take(packet, 0.0)
        source.pass_on(0.0)
    head, *records = tapped.recorder.read()
    stream = msgspec.msgpack.decode(head.payload, type=TapeStream)
    assert (stream.kind, stream.codecs) == (MediaKind.ULTRASOUND, {120: "vp8"})
    codecs = {number: Codec(name) for number, name in stream.codecs.items()}
    out = list(frames([TapedPacket(one.sequence, one.at_us, one.payload) for one in records], codecs))
    assert [one.is_key for one in out] == [True, False, False]
    assert [one.capture_us for one in out] == [START_US + 40_000 * number for number in range(3)]
