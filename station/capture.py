"""Takes pictures from a source in a thread of its own, each at the moment it is due."""

import threading
from collections.abc import Callable

from station.errors import DeviceFailed
from station.picture_sources import PictureSource
from ultrasound.captured import CapturedFrame
from ultrasound.pixels import of_array


class CaptureThread:
    """Runs from its making until `close`. Both callbacks are called in this thread.

    The picture that is due next is made ready before its moment, so `capture_us` is that moment. A thread
    that was held up leaves out what is past and goes on with the newest.
    """

    def __init__(
        self,
        source: PictureSource,
        clock_us: Callable[[], int],
        on_frame: Callable[[CapturedFrame], None],
        on_fault: Callable[[Exception], None],
    ) -> None:
        self._source = source
        self._clock_us = clock_us
        self._on_frame = on_frame
        self._on_fault = on_fault
        self._closing = threading.Event()
        self.captured = 0
        self._thread = threading.Thread(target=self._run, name="ultrasound-capture", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread and the source."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._capture()
        except DeviceFailed as fault:
            self._on_fault(fault)
        except Exception as error:  # a decoder may raise anything; the device is named to whoever watches
            self._on_fault(DeviceFailed("ultrasound", f"broke off ({type(error).__name__})"))
        finally:
            self._source.close()

    def _capture(self) -> None:
        started_us = self._clock_us()
        number = 0
        while not self._closing.is_set():
            capture_us = started_us + self._source.due_us(number)
            picture = self._source.picture(number, capture_us)
            if self._closing.wait(max(0, capture_us - self._clock_us()) / 1_000_000):
                return
            regions = self._source.regions(number)
            self._on_frame(CapturedFrame.of(self.captured, capture_us, of_array(picture), regions=regions))
            self.captured += 1
            number = self._next_after(number, self._clock_us() - started_us)

    def _next_after(self, number: int, elapsed_us: int) -> int:
        number += 1
        while self._source.due_us(number + 1) <= elapsed_us:
            number += 1
        return number
