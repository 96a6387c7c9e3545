"""H.264 at the station: one thread, the newest picture wins, a key frame when somebody asks for one.

x264 superfast, zerolatency, constrained baseline (RFC 6184 section 8.1): measured at 3 ms a picture of
640x480 and 39 dB at 2 Mbit/s. Pictures are limited-range BT.709, and the stream says so.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple, Protocol

import av
import numpy as np
from av.codec.context import Flags
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace

from records.exam_presets import Priority
from records.rooms import GivenUp
from ultrasound.captured import CapturedFrame
from ultrasound.cine import Picture
from ultrasound.errors import UltrasoundError
from ultrasound.planes import yuv420
from ultrasound.shown import Shown

TARGET_BITS_PER_S = 4_000_000
MIN_BITS_PER_S = 40_000
BUFFER_S = 0.1  # at the full rate. Measured: another rate is met within 10 pictures, with 0.5 s within 40
FIRST_BITS_PER_PIXEL = 0.05
"""What the first picture is given at least. Measured at 640x480 and 60 to 275 kbit/s: with less x264 finds no
more than one grey for the whole of it, which takes as many bits, and nothing changes for the next ten."""
_FIRST_SHARE, _MOST_FIRST_SHARE = 0.3, 0.9
_TWO_THREADS_FROM_PX = 1_000_000
_NICENESS = 10
_SEI = 6  # ITU-T H.264, table 7-1
_BT709 = 1  # ITU-T H.273, matrix, primaries and transfer alike


class EncodedFrame(NamedTuple):
    """One picture as an Annex B byte stream (ITU-T H.264 Annex B)."""

    annexb: bytes
    capture_us: int
    is_key: bool
    encode_s: float
    shown: Shown | None = None  # which part of the captured picture it is; None: all of it
    given_up: frozenset[GivenUp] = frozenset()


class H264Encoder:
    """Encodes pictures of one size. Used from one thread."""

    def __init__(
        self,
        width: int,
        height: int,
        rate_hz: float,
        bits_per_s: int = TARGET_BITS_PER_S,
        buffer_s: float = BUFFER_S,
    ) -> None:
        self._pad = (height % 2, width % 2)
        context = av.CodecContext.create("libx264", "w")
        context.width, context.height = width + width % 2, height + height % 2
        context.pix_fmt = "yuv420p"
        context.time_base = Fraction(1, 1_000_000)
        context.framerate = Fraction(rate_hz).limit_denominator(1000)
        context.bit_rate = bits_per_s
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = ColorRange.MPEG
        context.thread_count = 2 if width * height >= _TWO_THREADS_FROM_PX else 1
        # x264's own words about itself would go with every first picture, and it would pay for them: more
        # than a third of what a weak line leaves for one. So it says them apart, and they are left out.
        context.flags |= Flags.global_header
        context.options = _options(bits_per_s, buffer_s, width * height)
        context.open()  # at its highest rate: one that was set before would be the highest for good
        self._context = context
        self._parameter_sets = bytes(context.extradata or b"")
        self._most = bits_per_s

    def set_target(self, bits_per_s: int) -> None:
        """Aim at another bit rate from the next picture on, without a key frame; never above the first."""
        self._context.bit_rate = max(MIN_BITS_PER_S, min(bits_per_s, self._most))

    def encode(self, picture: Picture, capture_us: int, key: bool = False) -> EncodedFrame:
        """Encode one RGB picture; the first, and every one with `key`, can be decoded by itself."""
        began = time.perf_counter()
        frame = self._frame(picture)
        frame.pts = capture_us
        frame.time_base = self._context.time_base
        frame.pict_type = PictureType.I if key else PictureType.NONE
        packets = self._context.encode(frame)
        annexb = b"".join(bytes(packet) for packet in packets)
        is_key = any(packet.is_keyframe for packet in packets)
        if is_key:
            annexb = self._parameter_sets + _without_words(annexb)
        return EncodedFrame(annexb, capture_us, is_key, time.perf_counter() - began)

    def _frame(self, picture: Picture) -> av.VideoFrame:
        if any(self._pad):
            picture = np.pad(picture, ((0, self._pad[0]), (0, self._pad[1]), (0, 0)), mode="edge")
        frame = av.VideoFrame.from_ndarray(yuv420(picture), format="yuv420p")
        frame.colorspace, frame.color_range = Colorspace.ITU709, ColorRange.MPEG
        return frame


def _without_words(annexb: bytes) -> bytes:
    """A key frame without the supplemental information (ITU-T H.264, 7.3.2.3) that stands before it."""
    start = annexb.index(b"\0\0\1") + 3
    return annexb if annexb[start] & 31 != _SEI else annexb[annexb.index(b"\0\0\1", start) :]


def _options(bits_per_s: int, buffer_s: float, pixels: int) -> dict[str, str]:
    # No picture but the first is a key frame unless it is asked for: each costs as much as ten others.
    # The buffer is given to libavcodec, not to x264: it would be taken away at the first change of rate.
    buffer_bits = int(bits_per_s * buffer_s)
    # One that begins nearly empty halves the first picture: a new size comes when bits are few.
    first_share = max(_FIRST_SHARE, min(_MOST_FIRST_SHARE, FIRST_BITS_PER_PIXEL * pixels / buffer_bits))
    return {
        "preset": "superfast",
        "tune": "zerolatency",
        "profile": "baseline",
        "forced-idr": "1",
        "maxrate": str(bits_per_s),
        "bufsize": str(buffer_bits),
        # Finer motion for a sixth more work: on an echo 0.982 to 0.983 of SSIM, and nowhere worse.
        "x264-params": "keyint=infinite:min-keyint=1:scenecut=0:sliced-threads=1"
        f":vbv-init={first_share:.3f}:subme=2",
    }


class Encoder(Protocol):
    """What the thread drives."""

    def set_target(self, bits_per_s: int) -> None: ...
    def set_priority(self, priority: Priority) -> None: ...
    def encode(self, picture: Picture, capture_us: int, key: bool = False) -> EncodedFrame | None:
        """None: this picture is left out; a key frame that was asked for is still owed."""


class EncoderThread:
    """Encodes in a thread of its own; a picture that waits is replaced by a newer one, never queued.

    `on_frame` is called in this thread; so is `on_fault`, once, when x264 gives up.
    """

    def __init__(
        self,
        encoder: Encoder,
        on_frame: Callable[[EncodedFrame], None],
        on_fault: Callable[[Exception], None],
        gives_way: bool = False,
    ) -> None:
        """`gives_way`: where processors are scarce, other threads go first."""
        self._encoder = encoder
        self._gives_way = gives_way
        self._on_frame = on_frame
        self._on_fault = on_fault
        self._change = threading.Condition()
        self._waiting: CapturedFrame | None = None
        self._wants_key = False
        self._target: int | None = None
        self._priority: Priority | None = None
        self._closing = False
        self.replaced = 0  # pictures that were never encoded: a newer one came
        self.left_out = 0  # pictures that were never encoded: the line was full
        self.damaged = 0  # pictures that could not be decoded
        self._thread = threading.Thread(target=self._run, name="ultrasound-encoder", daemon=True)
        self._thread.start()

    def put(self, frame: CapturedFrame) -> None:
        """Hand over the newest picture."""
        with self._change:
            self.replaced += self._waiting is not None
            self._waiting = frame
            self._change.notify()

    def want_key_frame(self) -> None:
        """Make the next picture a key frame."""
        with self._change:
            self._wants_key = True

    def set_target(self, bits_per_s: int) -> None:
        """Aim at another bit rate from the next picture on."""
        with self._change:
            self._target = bits_per_s

    def set_priority(self, priority: Priority) -> None:
        """What is kept longest on a weak line, from the next picture on."""
        with self._change:
            self._priority = priority

    def close(self) -> None:
        """End the thread; what waits is dropped. Blocks for one picture at most."""
        with self._change:
            self._closing, self._waiting = True, None
            self._change.notify()
        self._thread.join()

    def _run(self) -> None:
        if self._gives_way:
            with contextlib.suppress(OSError):
                os.setpriority(
                    os.PRIO_PROCESS, threading.get_native_id(), _NICENESS
                )  # of the thread, on Linux
        try:
            while (task := self._next()) is not None:
                self._encode(*task)
        except Exception as error:  # the thread's last word: whoever watches the device is told
            self._on_fault(error)

    def _encode(self, captured: CapturedFrame, key: bool) -> None:
        try:
            picture = captured.picture
        except UltrasoundError:  # one packet was damaged on its way from the device; the next may be whole
            self.damaged += 1
            if key:
                self.want_key_frame()
            return
        frame = self._encoder.encode(picture, captured.capture_us, key)
        if frame is None:
            self.left_out += 1
        else:
            self._on_frame(frame)

    def _next(self) -> tuple[CapturedFrame, bool] | None:
        with self._change:
            self._change.wait_for(lambda: self._closing or self._waiting is not None)
            if self._closing or self._waiting is None:
                return None
            waiting, self._waiting = self._waiting, None
            key, self._wants_key = self._wants_key, False
            target, self._target = self._target, None
            priority, self._priority = self._priority, None
        if target is not None:
            self._encoder.set_target(target)
        if priority is not None:
            self._encoder.set_priority(priority)
        return waiting, key
