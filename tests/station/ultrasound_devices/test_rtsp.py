"""RTSP against a real server: pictures in their order, packets that decode to what was shown, its loss."""

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from station.clock import StationClock
from station.errors import DeviceFailed
from station.live_capture import LiveCapture
from station.ultrasound_devices.rtsp import RtspDevice, place_of
from tests.fakes.rtsp_server import rtsp_server
from ultrasound.captured import CapturedFrame, PacketCodec
from ultrasound.fidelity import psnr_db
from ultrasound.pixels import Layout
from ultrasound.ring import Ring
from ultrasound.simulator.language import read_scenario
from ultrasound.simulator.simulated_ultrasound import SimulatedUltrasound, read_counter

COUNT = 30
CODECS = [("mjpeg", PacketCodec.MJPEG), ("h264", PacketCodec.H264)]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("pictures")
    scanner = SimulatedUltrasound(read_scenario("size=640x480"))
    for number in range(COUNT):
        colour = cv2.cvtColor(scanner.picture(number, 0), cv2.COLOR_GRAY2BGR)
        cv2.imwrite(str(directory / f"{number:04d}.png"), colour)
    return directory


def read(port: int, count: int) -> list[CapturedFrame]:
    device = RtspDevice(f"rtsp://user:word@127.0.0.1:{port}/us", StationClock().now_us)
    try:
        device.open()
        frames = list(itertools.islice(device.frames(), count))
        assert device.rate_hz == 30
        return frames
    finally:
        device.close()


@pytest.mark.rtsp
@pytest.mark.parametrize(("coder", "codec"), CODECS)
def test_pictures_come_in_their_order_with_rising_times_and_their_packets(
    pictures: Path, coder: str, codec: PacketCodec
) -> None:
    with rtsp_server(pictures, coder) as port:
        frames = read(port, 45)
    counters = [read_counter(one.picture) for one in frames]
    assert None not in counters
    assert all((after - before) % COUNT == 1 for before, after in itertools.pairwise(filter_none(counters)))
    assert all(after.capture_us > before.capture_us for before, after in itertools.pairwise(frames))
    assert all((one.width, one.height) == (640, 480) for one in frames)
    assert all(one.packet is not None and one.packet.codec is codec for one in frames)
    scanner = SimulatedUltrasound(read_scenario("size=640x480"))
    shown, number = frames[20].picture, filter_none(counters)[20]
    given = np.repeat(scanner.picture(number, 0)[:, :, None], 3, axis=2)
    assert psnr_db(shown, given) >= 30
    assert abs(float(shown.mean()) - float(given.mean())) < 1  # neither range nor matrix was mistaken


def filter_none(found: list[int | None]) -> list[int]:
    return [one for one in found if one is not None]


@pytest.mark.rtsp
@pytest.mark.parametrize(("coder", "codec"), CODECS)
def test_the_ring_keeps_its_packets_and_gives_back_what_was_shown(
    pictures: Path, coder: str, codec: PacketCodec
) -> None:
    ring = Ring()
    with rtsp_server(pictures, coder) as port:
        frames = read(port, 40)
    for number, one in enumerate(frames):
        one.number = number
        ring.add(one)
    assert ring.holding.unpacked == 0
    for number in (0, 7, 22, 39):
        exact = ring.at(frames[number].capture_us).exact()
        assert exact.number == number
        assert np.array_equal(exact.pixels.samples, frames[number].pixels.samples)
        assert exact.pixels.layout is (Layout.RGB if codec is PacketCodec.MJPEG else Layout.YUV420)


@pytest.mark.rtsp
def test_a_server_that_goes_is_told_and_found_again_when_it_is_back(pictures: Path) -> None:
    told: list[str] = []
    numbers: list[int] = []
    fault, some = threading.Event(), threading.Semaphore(0)

    def failing(error: Exception) -> None:
        told.append(str(error))
        fault.set()

    def taking(frame: CapturedFrame) -> None:
        numbers.append(frame.number)
        some.release()

    def soon() -> Iterator[float]:
        while True:
            yield 0.05

    with rtsp_server(pictures, "mjpeg") as port:
        device = RtspDevice(f"rtsp://127.0.0.1:{port}/us", StationClock().now_us)
        capture = LiveCapture(device, taking, lambda rate_hz: None, failing, soon)
        assert all(some.acquire(timeout=20) for _ in range(10))
    try:
        assert fault.wait(20)
        before = len(numbers)
        with rtsp_server(pictures, "mjpeg", port):
            while some.acquire(blocking=False):
                pass
            assert all(some.acquire(timeout=20) for _ in range(10))
        assert told[0].startswith(f"ultrasound: rtsp: 127.0.0.1:{port}: ")
        assert numbers == list(range(len(numbers))) and len(numbers) >= before + 10
    finally:
        capture.close()


def test_nobody_there_is_a_clean_error_that_names_the_place_and_no_password() -> None:
    device = RtspDevice("rtsp://doctor:secret@127.0.0.1:9/us?key=secret", StationClock().now_us)
    with pytest.raises(DeviceFailed) as refused:
        device.open()
    device.close()
    assert str(refused.value) == "ultrasound: rtsp: 127.0.0.1:9: cannot be opened (Connection refused)"


def test_a_place_is_told_without_user_and_path() -> None:
    assert place_of("rtsp://a:b@scanner.local/live") == "scanner.local"
    with pytest.raises(ValueError, match="'http' where rtsp://HOST"):
        place_of("http://scanner.local/live")
