"""Live capture: frames are counted over every reopening, and a device that fails is opened again and told."""

import threading
import time
from collections.abc import Iterator

from station.live_capture import LiveCapture, retries_s
from tests.fakes.ultrasound_device import FakeUltrasound
from ultrasound.captured import CapturedFrame


class Told:
    """What a capture told, and when there was enough of it."""

    def __init__(self, frames: int = 0, faults: int = 0) -> None:
        self.frames: list[CapturedFrame] = []
        self.running: list[float] = []
        self.faults: list[str] = []
        self.waited: list[int] = []
        self._wanted = (frames, faults)
        self.enough = threading.Event()

    def capture(self, device: FakeUltrasound) -> LiveCapture:
        return LiveCapture(device, self._frame, self.running.append, self._fault, self._retries)

    def _frame(self, frame: CapturedFrame) -> None:
        self.frames.append(frame)
        self._look()

    def _fault(self, error: Exception) -> None:
        self.faults.append(str(error))
        self._look()

    def _look(self) -> None:
        if len(self.frames) >= self._wanted[0] and len(self.faults) >= self._wanted[1]:
            self.enough.set()

    def _retries(self) -> Iterator[float]:
        self.waited.append(0)
        while True:
            self.waited[-1] += 1
            yield 0.001


def test_frames_are_counted_on_when_a_device_comes_back() -> None:
    told, device = Told(frames=5, faults=3), FakeUltrasound([2, None, 3, 0])
    capture = told.capture(device)
    assert told.enough.wait()
    device.hang.set()
    capture.close()
    assert [one.number for one in told.frames] == [0, 1, 2, 3, 4]
    assert told.running == [25.0, 25.0]
    assert told.faults[:3] == [
        "ultrasound: the cable is out",
        "ultrasound: not plugged in",
        "ultrasound: the cable is out",
    ]
    assert device.closed == device.opened


def test_the_wait_begins_anew_once_a_device_gave_a_frame() -> None:
    told, device = Told(frames=1, faults=4), FakeUltrasound([None, None, 1, None])
    capture = told.capture(device)
    assert told.enough.wait()
    capture.close()
    assert told.waited[0] == 2 and len(told.waited) == 2


def test_waits_grow_up_to_a_quarter_of_a_minute() -> None:
    waits = retries_s()
    assert [next(waits) for _ in range(6)] == [1, 2, 4, 8, 15, 15]


def test_an_adapter_that_raises_anything_is_named() -> None:
    class Broken(FakeUltrasound):
        def open(self) -> None:
            raise KeyError("patient name")

    told = Told(faults=1)
    capture = told.capture(Broken([]))
    assert told.enough.wait()
    capture.close()
    assert told.faults[0] == "ultrasound: broke off (KeyError)"


def test_nothing_is_told_after_it_was_closed() -> None:
    told, device = Told(frames=2), FakeUltrasound([2, 0])
    capture = told.capture(device)
    assert told.enough.wait()
    while device.opened < 2:  # the second opening gives nothing, and hangs
        time.sleep(0.001)
    before = len(told.faults)
    capture.close()
    device.hang.set()
    while device.closed < device.opened:
        time.sleep(0.001)
    assert len(told.faults) == before == 1 and len(told.frames) == 2
