"""A grabber: MJPEG is asked for first, packets stay as they came, and one that is absent is told cleanly."""

import itertools

import av
import cv2
import numpy as np
import pytest

from station.errors import DeviceFailed
from station.source_words import GrabberWord
from station.ultrasound_devices.v4l2 import V4l2Device
from tests.fakes.ultrasound_device import FakeGrabber


class Clock:
    us = 1_790_000_000_000_000

    def __call__(self) -> int:
        self.us += 16_667
        return self.us


def jpegs(count: int) -> list[bytes]:
    pictures = [np.full((48, 64, 3), 20 * number, np.uint8) for number in range(count)]
    return [cv2.imencode(".jpg", one)[1].tobytes() for one in pictures]


def grabber(monkeypatch: pytest.MonkeyPatch, fake: FakeGrabber, **word: object) -> V4l2Device:
    monkeypatch.setattr(av, "open", fake.open)
    return V4l2Device(GrabberWord("/dev/video7", **word), Clock())  # type: ignore[arg-type]


def test_mjpeg_is_asked_for_first_then_nv12_then_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeGrabber(refuses=["mjpeg", "nv12"])
    device = grabber(monkeypatch, fake, size=(1280, 720), rate_hz=30)
    device.open()
    given = {"path": "/dev/video7", "video_size": "1280x720", "framerate": "30"}
    assert fake.asked == [{**given, "input_format": "mjpeg"}, {**given, "input_format": "nv12"}, given]
    willing = FakeGrabber()
    device = grabber(monkeypatch, willing)
    device.open()
    assert willing.asked == [{"path": "/dev/video7", "input_format": "mjpeg"}] and device.rate_hz == 60


def test_packets_are_kept_as_they_came_and_decoded_when_somebody_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    coded = jpegs(3)
    device = grabber(monkeypatch, FakeGrabber(packets=coded))
    device.open()
    frames = list(itertools.islice(device.frames(), 3))
    assert [one.packet.data for one in frames if one.packet] == coded
    assert [int(one.picture[9, 9, 0]) for one in frames] == [0, 20, 40]
    steps = [after.capture_us - before.capture_us for before, after in itertools.pairwise(frames)]
    assert steps == [16_667, 16_667]


def test_a_damaged_packet_is_left_out_and_many_are_a_device_that_is_not_understood(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = jpegs(2)
    device = grabber(monkeypatch, FakeGrabber(packets=[good[0], b"\x00\x01", good[1]]))
    device.open()
    with pytest.raises(DeviceFailed, match=r"^ultrasound: v4l2: /dev/video7: has ended$"):
        for number, frame in enumerate(device.frames()):
            assert frame.packet is not None and frame.packet.data == good[number]
    device = grabber(monkeypatch, FakeGrabber(packets=[b"\x00\x01"] * 40))
    device.open()
    with pytest.raises(DeviceFailed, match="does not begin with a JPEG marker"):
        list(device.frames())


def test_a_grabber_that_is_not_there_is_told_with_its_path() -> None:
    device = V4l2Device(GrabberWord("/dev/video-that-is-not-there"), Clock())
    with pytest.raises(
        DeviceFailed, match=r"^ultrasound: v4l2: /dev/video-that-is-not-there: cannot be opened \("
    ):
        device.open()
    device.close()


def test_what_is_no_grabber_is_told() -> None:
    device = V4l2Device(GrabberWord("/dev/null"), Clock())
    with pytest.raises(DeviceFailed, match="/dev/null: cannot be opened"):
        device.open()
    device.close()
