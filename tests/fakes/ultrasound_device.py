"""Ultrasound devices that a test plays: one that gives what it is told, and a grabber's container."""

import threading
from collections.abc import Iterator, Sequence
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np

from station.ultrasound_devices.device import failed
from ultrasound.captured import CapturedFrame
from ultrasound.pixels import of_array


class FakeUltrasound:
    """Each opening gives the next of `openings`: so many frames and it is gone; None: it cannot be opened."""

    def __init__(self, openings: Sequence[int | None], rate_hz: float = 25.0) -> None:
        self.rate_hz = rate_hz
        self._openings = iter(openings)
        self._count = 0
        self._us = 1_790_000_000_000_000
        self.opened = self.closed = 0
        self.hang = threading.Event()

    def open(self) -> None:
        self.opened += 1
        count = next(self._openings, None)
        if count is None:
            raise failed("not plugged in")
        self._count = count

    def frames(self) -> Iterator[CapturedFrame]:
        for _ in range(self._count):
            self._us += 40_000
            grey = np.full((48, 64), self._us // 40_000 % 200, np.uint8)
            grey[0, 0] = 255
            yield CapturedFrame.of(0, self._us, of_array(grey))
        if self._count == 0:
            self.hang.wait(10)
        raise failed("the cable is out")

    def close(self) -> None:
        self.closed += 1


class FakeGrabber:
    """What `av.open` gives for a grabber: MJPEG packets, in a container that remembers how it was asked."""

    def __init__(self, refuses: Sequence[str] = (), packets: Sequence[bytes] = ()) -> None:
        self.asked: list[dict[str, str]] = []
        self.closed = 0
        self._refuses = refuses
        codec = SimpleNamespace(name="mjpeg")
        stream = SimpleNamespace(
            codec_context=codec,
            average_rate=Fraction(60),
            guessed_rate=None,
            base_rate=None,
            time_base=Fraction(1, 1_000_000),
            thread_type="",
        )
        self.streams = SimpleNamespace(video=[stream])
        self._packets = packets

    def open(self, path: str, *, format: str, options: dict[str, str], **_: Any) -> "FakeGrabber":
        assert format == "v4l2"
        self.asked.append({"path": path, **options})
        if options.get("input_format", "own") in self._refuses:
            raise OSError(22, "Invalid argument")
        return self

    def demux(self, stream: Any) -> Iterator[Any]:
        for number, data in enumerate(self._packets):
            yield FakePacket(data, number * 16_667)

    def close(self) -> None:
        self.closed += 1


class FakePacket:
    """A packet with its bytes and its stamp."""

    def __init__(self, data: bytes, pts: int) -> None:
        self._data, self.pts = data, pts

    def __bytes__(self) -> bytes:
        return self._data
