"""A video grabber on Linux (`v4l2:/dev/video0`): its packets where it gives MJPEG, else NV12 or what it has.

MJPEG is asked for first: it is what most grabbers need to reach 30 pictures a second at full size over USB 2,
and a packet can be kept as it came.
"""

from collections.abc import Callable, Mapping

from station.errors import DeviceFailed
from station.source_words import GrabberWord
from station.ultrasound_devices.container import ContainerDevice

_ASKED: tuple[Mapping[str, str], ...] = (
    {"input_format": "mjpeg"},
    {"input_format": "nv12"},
    {},
)
"""In this order; the last takes what the grabber gives by itself (commonly YUYV, read as RGB)."""


class V4l2Device(ContainerDevice):
    """A grabber by its path; size and rate as the grabber has them where they are not given."""

    def __init__(self, word: GrabberWord, clock_us: Callable[[], int]) -> None:
        super().__init__(f"v4l2: {word.path}", clock_us)
        self._word = word

    def open(self) -> None:
        """Open it in the first format it has; raises `DeviceFailed` with what the last attempt said."""
        asked = {}
        if self._word.size is not None:
            asked["video_size"] = f"{self._word.size[0]}x{self._word.size[1]}"
        if self._word.rate_hz is not None:
            asked["framerate"] = str(self._word.rate_hz)
        for number, form in enumerate(_ASKED):
            try:
                self.open_url(self._word.path, "v4l2", {**asked, **form})
                return
            except DeviceFailed:
                self.close()
                if number == len(_ASKED) - 1:
                    raise
