"""Ultrasound from video files (MP4, MOV, MKV, AVI …), decoded frame by frame."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np

from ultrasound.cine import MAX_FRAMES, Picture, check_index, check_sides
from ultrasound.errors import SourceUnreadable
from ultrasound.regions import Region

_OPTIONS = {
    # Play lists name other files or addresses: a video must be nothing but itself.
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,ogg,asf",
    "protocol_whitelist": "file",
}


class VideoCine:
    """A video file as a cine. Frames in order cost one decoding each; a step back begins anew."""

    regions: tuple[Region, ...] = ()
    """A video file carries no calibration."""

    simulated = False

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._name = Path(path).name
        self._container, stream = self._open()
        self.width, self.height = stream.codec_context.width, stream.codec_context.height
        try:
            self._pts = self._presentation_times(stream)
        except SourceUnreadable:
            self._container.close()
            raise
        base = float(stream.time_base) * 1000
        self._times_ms = tuple((pts - self._pts[0]) * base for pts in self._pts)
        self.frame_count = len(self._pts)
        self.duration_ms = self._times_ms[-1] + self._last_frame_ms(stream)
        self._frames: Iterator[Any] = iter(())
        self._next = self.frame_count  # so that the first frame asked for begins the file anew

    def frame(self, index: int) -> Picture:
        """Frame `index` as uint8 (height, width, 3) RGB; raises FrameOutOfRange or SourceUnreadable."""
        check_index(index, self.frame_count)
        if index < self._next:
            self._begin_again()
        try:
            while self._next <= index:
                decoded = next(self._frames)
                self._next += 1
            picture: Picture = np.ascontiguousarray(decoded.to_ndarray(format="rgb24"))
        except (av.FFmpegError, StopIteration) as fault:
            self._next = self.frame_count
            raise SourceUnreadable(f"{self._name}, frame {index}: cannot be decoded") from fault
        if picture.shape != (self.height, self.width, 3):
            raise SourceUnreadable(f"{self._name}, frame {index}: the picture changes its size")
        return picture

    def frame_time_ms(self, index: int) -> float:
        """Milliseconds from the first frame to frame `index`, as recorded."""
        check_index(index, self.frame_count)
        return self._times_ms[index]

    def close(self) -> None:
        """Give back the file."""
        self._container.close()

    def _open(self) -> tuple[Any, Any]:
        try:
            container = av.open(self._path, options=dict(_OPTIONS), metadata_errors="ignore")
        except (av.FFmpegError, OSError) as fault:
            reason = getattr(fault, "strerror", None) or "not a video"
            raise SourceUnreadable(f"{self._name}: cannot be opened ({reason})") from fault
        try:
            stream = self._picture_track(container)
        except SourceUnreadable:
            container.close()
            raise
        stream.thread_type = "NONE"  # a station has other work for its cores
        return container, stream

    def _picture_track(self, container: Any) -> Any:
        stream = next(iter(container.streams.video), None)
        if stream is None or stream.codec_context is None:
            raise SourceUnreadable(f"{self._name}: has no picture track that can be decoded")
        check_sides(self._name, stream.codec_context.width, stream.codec_context.height)
        return stream

    def _presentation_times(self, stream: Any) -> list[int]:
        """The time of every frame, from the packets alone; nothing is decoded."""
        times: set[int] = set()
        try:
            for packet in self._container.demux(stream):
                if packet.pts is not None:
                    times.add(packet.pts)
                if len(times) > MAX_FRAMES:
                    raise SourceUnreadable(f"{self._name}: more than {MAX_FRAMES} frames; no more are read")
        except av.FFmpegError as fault:
            raise SourceUnreadable(f"{self._name}: damaged ({type(fault).__name__})") from fault
        if not times:
            raise SourceUnreadable(f"{self._name}: its frames have no times")
        return sorted(times)

    def _last_frame_ms(self, stream: Any) -> float:
        """How long the last frame stands: as long as frames do on average."""
        if self.frame_count > 1:
            return self._times_ms[-1] / (self.frame_count - 1)
        return 1000 / float(stream.average_rate or 1)

    def _begin_again(self) -> None:
        self._container.close()
        self._container, stream = self._open()
        self._frames = self._container.decode(stream)
        self._next = 0


def open_video(path: str | os.PathLike[str]) -> VideoCine:
    """Open a video file as a cine; raises SourceUnreadable with a sentence that names what is wrong."""
    return VideoCine(path)
