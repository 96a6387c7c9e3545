"""A scanner, or an encoder at its video output, that offers its picture by RTSP (`rtsp://…`).

Over TCP: a lost packet would spoil every picture until the next key frame.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from station.ultrasound_devices.container import ContainerDevice

_OPTIONS = {
    "rtsp_transport": "tcp",
    "fflags": "nobuffer",
    "probesize": "500000",
    "analyzeduration": "1000000",
    "allowed_media_types": "video",
}


class RtspDevice(ContainerDevice):
    """`url` with user and password, where it wants them; neither is told to anybody."""

    def __init__(self, url: str, clock_us: Callable[[], int]) -> None:
        super().__init__(f"rtsp: {place_of(url)}", clock_us)
        self._url = url

    def open(self) -> None:
        """Connect; raises `DeviceFailed` when nobody answers, or gives no picture."""
        self.open_url(self._url, "rtsp", _OPTIONS)


def place_of(url: str) -> str:
    """Host and port, without user, password and path; ValueError for what is no RTSP address."""
    parts = urlsplit(url)
    if parts.scheme != "rtsp" or not parts.hostname:
        raise ValueError(f"{parts.scheme or 'nothing'!r} where rtsp://HOST/… is right")
    return parts.hostname + (f":{parts.port}" if parts.port else "")
