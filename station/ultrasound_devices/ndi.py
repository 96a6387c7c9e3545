"""A scanner, or an encoder at its video output, that offers its picture by NDI (`ndi:NAME`).

Needs the library `cyndilib`, which carries NDI's own runtime under a licence of its own.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from station.ultrasound_devices.arrival_clock import ArrivalClock
from station.ultrasound_devices.device import OPENS_IN_S, SILENT_S, failed
from ultrasound.captured import CapturedFrame
from ultrasound.cine import check_sides
from ultrasound.errors import SourceUnreadable
from ultrasound.pixels import Pixels, of_array

_WAIT_MS = 200
_CHANNELS = 4


class NdiDevice:
    """The NDI source of that name in this network, at its highest bandwidth, read as RGB."""

    rate_hz = 30.0

    def __init__(self, name: str, clock_us: Callable[[], int]) -> None:
        try:
            from cyndilib.finder import Finder
            from cyndilib.receiver import Receiver
            from cyndilib.video_frame import VideoRecvFrame
            from cyndilib.wrapper import RecvBandwidth, RecvColorFormat
        except ImportError as missing:
            raise failed("ndi: not installed; pip install 'cloudclinic[ndi]'") from missing
        self._name = name
        self._clock_us = clock_us
        self._new_finder: Callable[[], Any] = Finder
        self._new_frame: Callable[[], Any] = VideoRecvFrame
        self._new_receiver: Callable[[], Any] = lambda: Receiver(
            color_format=RecvColorFormat.RGBX_RGBA, bandwidth=RecvBandwidth.highest
        )
        self._finder: Any = None
        self._receiver: Any = None
        self._frame: Any = None

    def open(self) -> None:
        """Find the source and ask for its pictures; raises `DeviceFailed` when there is none of that name."""
        self._finder = self._new_finder()
        self._finder.open()
        until_s = time.monotonic() + OPENS_IN_S
        while self._name not in self._finder.get_source_names():
            if time.monotonic() > until_s:
                raise failed(f"ndi: no source of this name within {OPENS_IN_S:g} s")
            self._finder.wait_for_sources(timeout=0.5)
        self._receiver, self._frame = self._new_receiver(), self._new_frame()
        self._receiver.set_video_frame(self._frame)
        self._receiver.set_source(self._finder.get_source(self._name))

    def frames(self) -> Iterator[CapturedFrame]:
        """Frames as they come; see `UltrasoundDevice`."""
        from cyndilib.receiver import ReceiveFrameType

        clock, number = ArrivalClock(), 0
        seen_s = time.monotonic()
        while True:
            got = self._receiver.receive(ReceiveFrameType.recv_video, _WAIT_MS)
            if not got & ReceiveFrameType.recv_video:
                if time.monotonic() - seen_s > SILENT_S:
                    raise failed(f"ndi: gave nothing for {SILENT_S:g} s")
                continue
            seen_s = time.monotonic()
            self.rate_hz = float(self._frame.get_frame_rate()) or self.rate_hz
            stamp_us = round(self._frame.get_timestamp_posix() * 1_000_000)
            capture_us = clock.captured_us(stamp_us or None, self._clock_us())
            yield CapturedFrame.of(number, capture_us, self._pixels())
            number += 1

    def close(self) -> None:
        """Let go of the source."""
        with contextlib.suppress(Exception):
            if self._receiver is not None:
                self._receiver.disconnect()
            if self._finder is not None:
                self._finder.close()
        self._receiver = self._finder = self._frame = None

    def _pixels(self) -> Pixels:
        width, height = self._frame.get_resolution()
        try:
            check_sides("ndi", width, height)
        except SourceUnreadable as fault:
            raise failed(str(fault)) from None
        data = np.empty(self._frame.get_buffer_size(), np.uint8)
        self._frame.fill_p_data(data)
        if data.size != width * height * _CHANNELS:
            raise failed(f"ndi: {data.size} bytes for {width}x{height} with {_CHANNELS} channels")
        return of_array(np.ascontiguousarray(data.reshape(height, width, _CHANNELS)[:, :, :3]))
