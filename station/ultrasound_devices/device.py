"""What an ultrasound device is to the station: it is opened, gives frames as they come, and is closed.

An adapter is a class with three methods (`UltrasoundDevice`). It repeats nothing and makes nothing up: when
no frame comes, it gives none, and when the device is gone, it says so. `docs/ultrasound-sources.md` shows how
one is written.
"""

from collections.abc import Iterator
from typing import Protocol

from station.errors import DeviceFailed
from ultrasound.captured import CapturedFrame

DEVICE = "ultrasound"
OPENS_IN_S = 10.0
SILENT_S = 3.0
"""A device that gives nothing for so long is taken for gone."""


def failed(problem: str) -> DeviceFailed:
    """What an adapter raises: the pictures are not there, cannot be understood, or are gone."""
    return DeviceFailed(DEVICE, problem)


class UltrasoundDevice(Protocol):
    """A device that can be opened, read and closed, again and again.

    All three are called from one thread and may block there, each wait no longer than `OPENS_IN_S` or
    `SILENT_S`. `close` is always called, also after `open` has failed.
    """

    rate_hz: float
    """Frames a second as the device says; about 30 where it does not."""

    def open(self) -> None:
        """Connect; raises `DeviceFailed` when it cannot."""

    def frames(self) -> Iterator[CapturedFrame]:
        """Frames as they come, each with a later time than the one before; numbered by whoever reads them.

        Raises `DeviceFailed` when the device is gone.
        """

    def close(self) -> None:
        """Disconnect; raises nothing."""
