"""Reads an ultrasound device in a thread of its own; one that is gone is opened again, ever more rarely."""

import logging
import threading
from collections.abc import Callable, Iterator

from station.errors import DeviceFailed
from station.ultrasound_devices.device import DEVICE, UltrasoundDevice
from ultrasound.captured import CapturedFrame

log = logging.getLogger(__name__)

ENDS_IN_S = 1.0
"""A thread that waits for a device which gives nothing is not waited for any longer: it ends by itself."""


def retries_s() -> Iterator[float]:
    """How long to wait before a device is opened again, after each time it failed."""
    wait_s = 1.0
    while True:
        yield wait_s
        wait_s = min(2 * wait_s, 15.0)


class LiveCapture:
    """Runs from its making until `close`. The callbacks are called in its thread.

    `on_running` hears of the first frame of every opening, with the device's frames a second.
    """

    def __init__(
        self,
        device: UltrasoundDevice,
        on_frame: Callable[[CapturedFrame], None],
        on_running: Callable[[float], None],
        on_fault: Callable[[Exception], None],
        retries: Callable[[], Iterator[float]] = retries_s,
    ) -> None:
        self._device = device
        self._on_frame = on_frame
        self._on_running = on_running
        self._on_fault = on_fault
        self._retries = retries
        self._closing = threading.Event()
        self.captured = 0
        self._thread = threading.Thread(target=self._run, name="ultrasound-device", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End: no callback begins after this returns, though a device that hangs may be let go later."""
        self._closing.set()
        self._thread.join(ENDS_IN_S)
        if self._thread.is_alive():
            log.info("ultrasound: the device still hangs; it is let go when it answers")

    def _run(self) -> None:
        waits = self._retries()
        while not self._closing.is_set():
            before = self.captured
            self._read_and_tell()
            if self.captured > before:
                waits = self._retries()
            self._closing.wait(next(waits))

    def _read_and_tell(self) -> None:
        try:
            self._read()
        except DeviceFailed as fault:
            self._tell(fault)
        except Exception as error:  # an adapter may raise anything; the device is named to whoever watches
            log.exception("the ultrasound device broke off")
            self._tell(DeviceFailed(DEVICE, f"broke off ({type(error).__name__})"))
        finally:
            self._device.close()

    def _read(self) -> None:
        self._device.open()
        opened_at = self.captured
        for frame in self._device.frames():
            if self._closing.is_set():
                return
            if self.captured == opened_at:
                self._on_running(self._device.rate_hz)
            frame.number = self.captured
            self._on_frame(frame)
            self.captured += 1

    def _tell(self, fault: DeviceFailed) -> None:
        if not self._closing.is_set():
            self._on_fault(fault)
