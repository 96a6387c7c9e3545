"""The pictures of a clip are those that were captured, whatever they came in."""

from fractions import Fraction

import av
import numpy as np
import pytest

from records.clip_file import ClipCodec, read_clip
from records.clip_pictures import clip_pictures
from tests.fakes.clips import clip_of, jpeg, jpeg_clip, picture, png, png_clip
from ultrasound.errors import SourceUnreadable
from ultrasound.jpeg_pixels import decode_jpeg


def shown(content: bytes) -> list[np.ndarray]:
    return list(clip_pictures(*read_clip(content)))


@pytest.mark.parametrize("coloured", [False, True])
def test_pngs_come_out_bit_for_bit(coloured: bool) -> None:
    found = shown(png_clip(4, coloured))
    assert len(found) == 4
    assert all(np.array_equal(one, picture(at, coloured)) for at, one in enumerate(found))


@pytest.mark.parametrize("first", [1, 2, 4, 5])
def test_a_later_frame_is_the_same_whichever_way_it_is_reached(first: int) -> None:
    packets = h264(3)
    content = clip_of(
        (ClipCodec.PNG, png(picture(0))),
        (ClipCodec.PNG, png(picture(1))),
        *((ClipCodec.H264, one) for one in packets),
        keys=frozenset({0, 1, 2}),
    )
    whole = shown(content)
    from_there = list(clip_pictures(*read_clip(content), first))
    assert len(from_there) == 6 - first
    assert all(np.array_equal(one, other) for one, other in zip(from_there, whole[first - 1 :], strict=True))


def test_packets_come_out_as_the_ring_shows_them() -> None:
    found = shown(jpeg_clip(3, coloured=True))
    expected = [decode_jpeg("", jpeg(picture(at, True))).shown() for at in range(3)]
    assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))


def h264(count: int) -> list[bytes]:
    """Packets of a stream without reordered frames, the first a key frame; Annex B."""
    coder = av.CodecContext.create("libx264", "w")
    coder.width, coder.height, coder.pix_fmt = 96, 64, "yuv420p"
    coder.time_base = Fraction(1, 25)
    coder.options = {"preset": "ultrafast", "tune": "zerolatency", "qp": "1"}
    packets = []
    for number in range(count):
        frame = av.VideoFrame.from_ndarray(np.dstack([picture(number)] * 3), format="rgb24")
        frame = frame.reformat(format="yuv420p")
        frame.pts = number
        packets += [bytes(one) for one in coder.encode(frame)]
    return packets + [bytes(one) for one in coder.encode(None)]


def test_what_leads_up_to_a_clip_is_decoded_and_left_out() -> None:
    packets = h264(6)
    assert len(packets) == 6
    content = clip_of(*((ClipCodec.H264, one) for one in packets), before=2, keys=frozenset({0}))
    found = shown(content)
    assert len(found) == 4
    for at, one in enumerate(found, 2):
        grey = one if one.ndim == 2 else one[:, :, 1]
        assert np.abs(grey.astype(int) - picture(at)).mean() < 4


@pytest.mark.parametrize(
    "frames",
    [
        [(ClipCodec.PNG, png(picture(0))[:-20])],
        [(ClipCodec.MJPEG, jpeg(picture(0))[:-20])],
        [(ClipCodec.MJPEG, b"no JPEG")],
        [(ClipCodec.H264, b"no stream")],
        [(ClipCodec.H264, h264(2)[1])],
    ],
    ids="png jpeg nothing no_stream no_key_frame".split(),
)
def test_damage_is_told_and_never_shown(frames: list[tuple[ClipCodec, bytes]]) -> None:
    with pytest.raises(SourceUnreadable):
        shown(clip_of(*frames))
