"""The last seconds of a source's picture, unmasked, in the memory of the set-up program and nowhere else."""

import threading
from collections import deque
from collections.abc import Callable

from station.capture import CaptureThread
from station.errors import DeviceFailed
from station.live_capture import LiveCapture
from station.picture_sources import open_pictures
from station.source_words import is_live
from station.ultrasound_devices.opening import open_device
from ultrasound.captured import CapturedFrame

EVERY_US = 125_000
MOST = 32
"""Four seconds: enough to see what moves; 200 MB of 1080p in colour."""


class SeenFrames:
    """Reads a source from `start` to `close`; every method may be called from any thread."""

    def __init__(self, word: str, clock_us: Callable[[], int]) -> None:
        self._word = word
        self._clock_us = clock_us
        self._lock = threading.Lock()
        self._frames: deque[CapturedFrame] = deque(maxlen=MOST)
        self._held: CapturedFrame | None = None
        self._problem = ""
        self._capture: CaptureThread | LiveCapture | None = None

    def start(self) -> None:
        """Open the source; a device that is not there is tried again. Raises DeviceFailed for a file."""
        if is_live(self._word):
            device = open_device(self._word, self._clock_us)
            self._capture = LiveCapture(device, self._take, lambda rate_hz: None, self._fail)
            return
        source = open_pictures(self._word)
        if source is None:
            raise DeviceFailed("ultrasound", "none is set; name one with --ultrasound")
        self._capture = CaptureThread(source, self._clock_us, self._take, self._fail)

    def close(self) -> None:
        """Read no more, and forget all."""
        if self._capture is not None:
            self._capture.close()
        with self._lock:
            self._frames.clear()
            self._held = None

    @property
    def problem(self) -> str:
        """Why no picture comes; "" when one does."""
        return self._problem

    def newest(self) -> CapturedFrame | None:
        """The newest frame; None while there is none."""
        with self._lock:
            return self._frames[-1] if self._frames else None

    def hold(self, number: int) -> CapturedFrame | None:
        """The frame of that number, kept until another is held; None when it is gone."""
        with self._lock:
            if self._held is None or self._held.number != number:
                self._held = next((one for one in self._frames if one.number == number), None)
            return self._held

    def all(self) -> tuple[CapturedFrame, ...]:
        """Those of the newest size, the oldest first."""
        with self._lock:
            frames = tuple(self._frames)
        size = (frames[-1].width, frames[-1].height) if frames else None
        return tuple(one for one in frames if (one.width, one.height) == size)

    def _take(self, frame: CapturedFrame) -> None:
        with self._lock:
            self._problem = ""
            last = self._frames[-1].capture_us if self._frames else None
            if last is None or not 0 <= frame.capture_us - last < EVERY_US:
                self._frames.append(frame)

    def _fail(self, error: Exception) -> None:
        self._problem = str(error)
