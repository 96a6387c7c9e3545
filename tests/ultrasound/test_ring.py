"""The ring: what comes out is what went in, to the bit; it knows what it holds, and its memory has an end."""

import hashlib
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ultrasound.captured import CapturedFrame, Packet, PacketCodec
from ultrasound.decoded import pixels_of
from ultrasound.errors import FrameNotKept, SourceUnreadable
from ultrasound.packed_pixels import pack
from ultrasound.pixels import Layout, Matrix, Pixels, of_array
from ultrasound.ring import Ring, Span
from ultrasound.synthetic import SyntheticUltrasound

START_US = 1_790_000_000_000_000
FRAME_US = 33_333
SECTOR = SyntheticUltrasound(416, 320)


def grey(number: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(SECTOR.frame(START_US + number * FRAME_US)[:, :, 0])


def frame(number: int, pixels: Pixels | None = None) -> CapturedFrame:
    us = START_US + number * FRAME_US
    return CapturedFrame.of(number, us, pixels or of_array(grey(number)))


def jpeg_frame(number: int) -> tuple[CapturedFrame, bytes]:
    coded = cv2.imencode(".jpg", SECTOR.frame(START_US + number * FRAME_US))[1].tobytes()
    packet = Packet(PacketCodec.MJPEG, coded)
    decoded = of_array(np.ascontiguousarray(cv2.imdecode(np.frombuffer(coded, np.uint8), 1)[:, :, ::-1]))
    return CapturedFrame.of(number, START_US + number * FRAME_US, decoded, packet), coded


def pack_all(ring: Ring) -> int:
    count = 0
    while (kept := ring.to_pack()) is not None and kept.unpacked is not None:
        ring.packed(kept, pack(kept.unpacked))
        count += 1
    return count


@pytest.mark.parametrize("packed", [False, True])
def test_every_frame_comes_out_as_it_went_in(packed: bool) -> None:
    random = np.random.default_rng(7)
    colour = random.integers(0, 256, (64, 96, 3), dtype=np.uint8)
    planes = random.integers(0, 256, (96, 96), dtype=np.uint8)
    given = [of_array(grey(0)), of_array(colour), Pixels(Layout.YUV420, planes, Matrix.BT709)]
    ring = Ring()
    for number, pixels in enumerate(given):
        ring.add(frame(number, pixels))
    assert pack_all(ring) == 3 if packed else True
    for number, pixels in enumerate(given):
        exact = ring.frame(number).exact()
        assert exact.pixels.layout is pixels.layout and exact.pixels.matrix is pixels.matrix
        assert np.array_equal(exact.pixels.samples, pixels.samples)
        assert exact.capture_us == START_US + number * FRAME_US
    assert ring.frame(0).exact().sha256 == hashlib.sha256(grey(0).tobytes()).hexdigest()
    assert ring.frame(1).exact().sha256 == hashlib.sha256(colour.tobytes()).hexdigest()


def test_a_grey_picture_in_three_channels_is_kept_and_told_as_grey() -> None:
    ring, picture = Ring(), SECTOR.frame(START_US)
    ring.add(frame(0, of_array(picture)))
    before = ring.frame(0).exact()
    pack_all(ring)
    after = ring.frame(0).exact()
    assert before.shown.ndim == after.shown.ndim == 2
    assert before.sha256 == after.sha256 == hashlib.sha256(picture[:, :, 0].tobytes()).hexdigest()
    assert ring.holding.bytes < picture.nbytes / 5


def test_a_packet_is_kept_as_it_came_and_decodes_to_what_was_shown() -> None:
    ring = Ring()
    captured, coded = jpeg_frame(3)
    ring.add(captured)
    exact = ring.frame(3).exact()
    assert exact.packet is not None and exact.packet.data == coded
    assert np.array_equal(exact.pixels.samples, captured.pixels.samples)
    assert ring.holding.unpacked == 0 and ring.holding.bytes < len(coded) + 1000


def test_a_packet_that_is_cut_off_is_refused_when_it_is_asked_for() -> None:
    ring = Ring()
    captured, coded = jpeg_frame(0)
    broken = Packet(PacketCodec.MJPEG, coded[: len(coded) // 2])
    ring.add(CapturedFrame.of(0, START_US, captured.pixels, broken))
    with pytest.raises(SourceUnreadable, match="frame 0: the JPEG data are cut off"):
        ring.frame(0).exact()


def h264_frames(count: int, key_every: int) -> list[CapturedFrame]:
    """Frames as a camera gives them: H.264, a packet for each, with what its decoder showed."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = SECTOR.width, SECTOR.height, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(30), Fraction(1, 30)
    encoder.options = {"tune": "zerolatency", "g": str(key_every), "keyint_min": str(key_every)}
    decoder = av.CodecContext.create("h264", "r")
    frames = []
    for number in range(count):
        picture = av.VideoFrame.from_ndarray(SECTOR.frame(START_US + number * FRAME_US), format="rgb24")
        picture.pts = number
        (packet,) = encoder.encode(picture)
        (decoded,) = decoder.decode(packet)
        kept = Packet(PacketCodec.H264, bytes(packet), packet.is_keyframe)
        frames.append(CapturedFrame.of(number, START_US + number * FRAME_US, pixels_of(decoded), kept))
    return frames


def test_a_frame_that_needs_those_before_it_is_decoded_as_it_was_shown() -> None:
    ring = Ring()
    frames = h264_frames(25, key_every=10)
    for one in frames:
        ring.add(one)
    assert ring.holding.unpacked == 0
    for number in (0, 7, 9, 10, 24):
        exact = ring.frame(number).exact()
        assert exact.pixels.layout is Layout.YUV420 and exact.packet is None
        assert np.array_equal(exact.pixels.samples, frames[number].pixels.samples)


def test_frames_go_with_the_key_frame_they_need() -> None:
    ring = Ring(kept_us=400_000)
    frames = h264_frames(30, key_every=10)
    for one in frames:
        ring.add(one)
    span = ring.span
    assert span is not None and span.first_number == 10
    assert np.array_equal(ring.frame(13).exact().pixels.samples, frames[13].pixels.samples)


def test_without_its_key_frame_a_frame_is_kept_as_pixels() -> None:
    ring = Ring()
    frames = h264_frames(8, key_every=100)
    for one in frames[3:]:
        ring.add(one)
    assert ring.holding.unpacked == 5
    assert np.array_equal(ring.frame(6).exact().pixels.samples, frames[6].pixels.samples)


def test_one_group_that_is_over_the_budget_is_let_go_and_the_next_frames_are_pixels() -> None:
    frames = h264_frames(12, key_every=100)
    ring = Ring(budget_bytes=len(frames[0].packet.data) + 3_000 if frames[0].packet else 0)
    for one in frames:
        ring.add(one)
    last = ring.frame(11).exact()
    assert np.array_equal(last.pixels.samples, frames[11].pixels.samples)
    assert ring.holding.shortened


def test_frames_are_found_by_their_time_and_a_neighbour_is_never_given_for_another() -> None:
    ring = Ring()
    for number in range(10):
        ring.add(frame(number))
    wanted_us = START_US + 4 * FRAME_US
    assert ring.at(wanted_us + 2).exact().number == 4
    with pytest.raises(FrameNotKept, match="are kept"):
        ring.at(wanted_us + FRAME_US // 2).exact()
    assert ring.nearest(wanted_us + FRAME_US // 2 - 100).number == 4
    assert ring.nearest(wanted_us + FRAME_US // 2 + 100).number == 5
    assert ring.nearest(START_US - 10**9).number == 0 and ring.nearest(START_US + 10**9).number == 9


def test_a_frame_that_is_not_kept_is_refused_with_those_that_are() -> None:
    ring = Ring()
    with pytest.raises(FrameNotKept, match="none is kept"):
        ring.frame(0).exact()
    with pytest.raises(FrameNotKept):
        ring.nearest(START_US)
    ring.add(frame(5))
    with pytest.raises(FrameNotKept, match="frame 4; 5 to 5 are kept"):
        ring.frame(4).exact()


def test_it_keeps_its_time_and_no_more() -> None:
    ring = Ring(kept_us=1_000_000)
    for number in range(60):
        ring.add(frame(number))
    span = ring.span
    assert span is not None and span == Span(29, 59, START_US + 29 * FRAME_US, START_US + 59 * FRAME_US)
    assert 0.95 <= span.seconds <= 1.0
    assert not ring.holding.shortened


def test_a_budget_that_is_too_small_shortens_its_seconds_and_it_says_so() -> None:
    ring = Ring(budget_bytes=10 * (416 * 320 + 600))
    for number in range(9):
        ring.add(frame(number))
    assert not ring.holding.shortened
    for number in range(9, 30):
        ring.add(frame(number))
    held = ring.holding
    assert held.shortened and held.frames == 10 and held.bytes <= 10 * (416 * 320 + 600)
    assert ring.frame(20).exact().number == 20


def test_packing_makes_room_for_more_seconds() -> None:
    ring = Ring(budget_bytes=10 * (416 * 320 + 600))
    for number in range(12):
        ring.add(frame(number))
        pack_all(ring)
    assert ring.holding.frames == 12 and not ring.holding.shortened
    assert np.array_equal(ring.frame(0).exact().pixels.samples, grey(0))


def test_a_clip_stays_whole_while_the_ring_goes_on() -> None:
    ring = Ring(kept_us=300_000)
    for number in range(8):
        ring.add(frame(number))
    clip = ring.clip(START_US + 2 * FRAME_US, START_US + 5 * FRAME_US)
    assert [kept.number for kept in clip] == [2, 3, 4, 5]
    for number in range(8, 40):
        ring.add(frame(number))
    pack_all(ring)
    assert [np.array_equal(kept.exact().pixels.samples, grey(kept.number)) for kept in clip] == [True] * 4
    with pytest.raises(FrameNotKept):
        ring.frame(2).exact()


def test_nothing_is_left_of_a_ring_that_was_cleared() -> None:
    ring = Ring()
    for number in range(3):
        ring.add(frame(number))
    ring.clear()
    assert ring.span is None and ring.to_pack() is None
    held = ring.holding
    assert (held.frames, held.bytes, held.shortened) == (0, 0, False)


@pytest.mark.parametrize("in_packet", [True, False])
def test_with_what_loss_a_frame_came_is_known_of_what_the_ring_gives_back(in_packet: bool) -> None:
    grey = np.arange(64, dtype=np.uint8).reshape(8, 8)
    packet = Packet(PacketCodec.H264, b"key", True, b"") if in_packet else None
    frame = CapturedFrame.of(1, 1_000, of_array(grey), packet, came_in=PacketCodec.H264)
    ring = Ring()
    ring.add(frame)
    ring.add(CapturedFrame.of(2, 2_000, of_array(grey)))
    assert [ring.frame(number).came_in for number in (1, 2)] == [PacketCodec.H264, None]
    assert ring.frame(2).exact().came_in is None
    if not in_packet:  # its packet was lost on the way: the pixels are what that decoded to
        assert ring.frame(1).exact().came_in is PacketCodec.H264
