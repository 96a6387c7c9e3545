"""Pictures through H.264, as they travel to a screen."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

_OPTIONS = {"preset": "veryfast", "tune": "zerolatency", "profile": "baseline"}


def through_h264(pictures: Iterable[NDArray[np.uint8]], mbps: float) -> list[NDArray[np.uint8]]:
    """RGB pictures encoded as constrained baseline, limited range, 30 a second, and decoded again."""
    encoder, decoder = av.CodecContext.create("libx264", "w"), av.CodecContext.create("h264", "r")
    encoder.options = dict(_OPTIONS)
    encoder.pix_fmt = "yuv420p"
    encoder.bit_rate = int(mbps * 1_000_000)
    encoder.time_base, encoder.framerate = Fraction(1, 30), Fraction(30)
    packets = []
    for number, picture in enumerate(pictures):
        if not number:
            encoder.height, encoder.width = picture.shape[:2]
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    frames = [frame for packet in packets for frame in decoder.decode(packet)] + decoder.decode(None)
    return [frame.to_ndarray(format="rgb24") for frame in frames]


def write_video(path: Path, pictures: list[NDArray[np.uint8]], step_ms: list[int], codec: str) -> Path:
    """A video file; frame k lasts `step_ms[k]`."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=30)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, 1000)
        stream.codec_context.time_base = Fraction(1, 1000)
        at_ms = 0
        for picture, step in zip(pictures, step_ms, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = at_ms, Fraction(1, 1000)
            at_ms += step
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
