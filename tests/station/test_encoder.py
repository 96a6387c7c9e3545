"""The encoder: what a viewer decodes is what was captured, and a key frame comes when asked for."""

import os
import threading

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from station.encoder import EncodedFrame, EncoderThread, H264Encoder
from ultrasound.captured import CapturedFrame
from ultrasound.cine import Picture
from ultrasound.fidelity import psnr_db
from ultrasound.pixels import of_array
from ultrasound.synthetic import SyntheticUltrasound
from ultrasound.timecode import read

START_US = 1_790_000_000_000_000
FRAME_US = 33_333
SECTOR = SyntheticUltrasound()


def captured(capture_us: int) -> CapturedFrame:
    return CapturedFrame.of(0, capture_us, of_array(np.zeros((16, 16, 3), np.uint8)))


def encode(encoder: H264Encoder, count: int, keys: tuple[int, ...] = ()) -> list[EncodedFrame]:
    times = [START_US + number * FRAME_US for number in range(count)]
    return [encoder.encode(SECTOR.frame(us), us, number in keys) for number, us in enumerate(times)]


def decode(frames: list[EncodedFrame]) -> list[NDArray[np.uint8]]:
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    packets = [av.Packet(frame.annexb) for frame in frames]
    shown = [picture for packet in packets for picture in decoder.decode(packet)]
    return [picture.to_ndarray(format="rgb24") for picture in shown + decoder.decode(None)]


def nal_types(annexb: bytes) -> list[int]:
    return [part[0] & 31 for part in annexb.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")[1:]]


def test_the_decoded_picture_is_the_captured_one() -> None:
    frames = encode(H264Encoder(640, 480, 30), 30)
    pictures = decode(frames)
    assert len(pictures) == 30
    for frame, picture in zip(frames, pictures, strict=True):
        assert psnr_db(picture, SECTOR.frame(frame.capture_us)) >= 30
        assert read(picture) == frame.capture_us // 1000 % (1 << 24)


def test_only_the_first_picture_and_those_asked_for_are_key_frames_with_their_headers() -> None:
    frames = encode(H264Encoder(640, 480, 30), 60, keys=(40,))
    assert [number for number, frame in enumerate(frames) if frame.is_key] == [0, 40]
    for number in (0, 40):
        assert nal_types(frames[number].annexb) == [7, 8, 5]  # SPS, PPS, IDR slice; no word of x264's own
    assert psnr_db(decode(frames[40:])[0], SECTOR.frame(frames[40].capture_us)) >= 30


def test_it_is_constrained_baseline() -> None:
    annexb = encode(H264Encoder(640, 480, 30), 1)[0].annexb
    sps = annexb.index(b"\0\0\1\x67") + 4
    assert annexb[sps] == 66 and annexb[sps + 1] & 0x40


def test_a_lower_target_is_followed_without_a_key_frame() -> None:
    encoder = H264Encoder(640, 480, 30)
    before = encode(encoder, 30)
    encoder.set_target(600_000)
    after = encode(encoder, 90)
    assert not any(frame.is_key for frame in after)
    settled = sum(len(frame.annexb) for frame in after[60:])
    assert settled < 0.6 * sum(len(frame.annexb) for frame in before)


def test_noise_does_not_break_out_of_four_megabits_a_second() -> None:
    random = np.random.default_rng(3)
    encoder = H264Encoder(640, 480, 30)
    sizes = [
        len(encoder.encode(random.integers(0, 255, (480, 640, 3), np.uint8), START_US + n * FRAME_US).annexb)
        for n in range(60)
    ]
    assert sum(sizes[30:]) * 8 <= 4_400_000


@pytest.mark.parametrize("shape", [(481, 640), (480, 641), (600, 800)])
def test_pictures_of_any_size_can_be_encoded(shape: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 90, np.uint8)
    frame = H264Encoder(shape[1], shape[0], 25).encode(picture, START_US)
    decoded = decode([frame])[0]
    assert psnr_db(decoded[: shape[0], : shape[1]], picture) >= 30


class SlowEncoder:
    """Encodes nothing, when it is let."""

    def __init__(self) -> None:
        self.let = threading.Semaphore(0)
        self.began = threading.Event()
        self.encoded: list[tuple[int, bool]] = []

    def encode(self, picture: Picture, capture_us: int, key: bool = False) -> EncodedFrame:
        self.began.set()
        self.let.acquire()
        self.encoded.append((capture_us, key))
        if capture_us < 0:
            raise RuntimeError("x264 gave up")
        return EncodedFrame(b"", capture_us, key, 0.0)


def test_a_waiting_picture_is_replaced_by_a_newer_one_never_queued() -> None:
    encoder, done = SlowEncoder(), threading.Semaphore(0)
    thread = EncoderThread(encoder, lambda frame: done.release(), lambda error: None)  # type: ignore[arg-type]
    thread.put(captured(1))
    assert encoder.began.wait()
    for capture_us in (2, 3, 4):
        thread.put(captured(capture_us))
    thread.want_key_frame()
    encoder.let.release(2)
    assert done.acquire() and done.acquire()
    thread.close()
    assert encoder.encoded == [(1, False), (4, True)]
    assert thread.replaced == 2


def test_an_encoder_that_gives_up_is_told() -> None:
    encoder, told = SlowEncoder(), threading.Event()
    encoder.let.release()
    thread = EncoderThread(encoder, lambda frame: None, lambda error: told.set())  # type: ignore[arg-type]
    thread.put(captured(-1))
    assert told.wait()
    thread.close()


@pytest.mark.parametrize("gives_way", [False, True])
def test_an_encoder_that_gives_way_lets_others_go_first_and_no_other_thread_does(gives_way: bool) -> None:
    class Encoder(SlowEncoder):
        niceness = 0

        def encode(self, picture: Picture, capture_us: int, key: bool = False) -> EncodedFrame:
            self.niceness = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
            return super().encode(picture, capture_us, key)

    encoder, ours = Encoder(), os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    encoder.let.release()
    thread = EncoderThread(encoder, lambda frame: None, lambda error: None, gives_way)  # type: ignore[arg-type]
    thread.put(captured(1))
    assert encoder.began.wait()
    thread.close()
    assert (encoder.niceness > ours) is gives_way
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == ours
