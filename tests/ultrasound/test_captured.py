"""A captured frame: decoded once, by whoever asks first, and without its packet once it is masked."""

import cv2
import numpy as np
import pytest

from ultrasound.captured import CapturedFrame, Packet, PacketCodec
from ultrasound.errors import SourceUnreadable
from ultrasound.jpeg_pixels import decode_jpeg, jpeg_size
from ultrasound.pixels import Layout, Matrix, Pixels, of_array

GREY = np.arange(64, dtype=np.uint8).reshape(8, 8)


def test_it_is_decoded_once_and_only_when_it_is_asked_for() -> None:
    decoded: list[int] = []

    def decode() -> Pixels:
        decoded.append(1)
        return of_array(GREY)

    frame = CapturedFrame(3, 1_000, 8, 8, decode)
    assert not decoded
    assert np.array_equal(frame.picture, np.repeat(GREY[:, :, None], 3, axis=2))
    assert frame.picture is frame.picture and frame.pixels.samples is GREY
    assert len(decoded) == 1


def test_a_masked_frame_has_its_moment_and_no_packet() -> None:
    frame = CapturedFrame.of(3, 1_000, of_array(GREY), Packet(PacketCodec.MJPEG, b"all of it"))
    masked = frame.with_pixels(of_array(np.zeros_like(GREY)))
    assert (masked.number, masked.capture_us, masked.packet) == (3, 1_000, None)
    assert masked.came_in is PacketCodec.MJPEG  # its pixels once lost something, whoever writes them anew
    assert frame.is_intra and not masked.is_intra
    assert not masked.picture.any()


def test_four_two_zero_is_shown_in_its_own_colours() -> None:
    planes = np.full((12, 8), 128, np.uint8)
    planes[:8] = 235
    white = Pixels(Layout.YUV420, planes, Matrix.BT709)
    assert (white.width, white.height) == (8, 8)
    assert int(white.rgb().min()) >= 254 and white.shown().shape == (8, 8)
    full = Pixels(Layout.YUV420, planes, Matrix.BT601_FULL)
    assert abs(int(full.rgb()[0, 0, 0]) - 235) <= 1
    planes = planes.copy()
    planes[8:10], planes[10:] = 90, 240  # V, the red difference, is high
    red = Pixels(Layout.YUV420, planes, Matrix.BT601).rgb()[4, 4]
    assert red[0] == 255 and red[0] > red[1]


@pytest.mark.parametrize(
    ("layout", "shape"), [(Layout.GREY, (4, 4, 3)), (Layout.RGB, (4, 4)), (Layout.YUV420, (8, 8))]
)
def test_samples_that_cannot_lie_so_are_refused(layout: Layout, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="is no picture in"):
        Pixels(layout, np.zeros(shape, np.uint8))


def test_a_jpeg_is_grey_or_in_the_order_red_green_blue() -> None:
    picture = np.zeros((16, 24, 3), np.uint8)
    picture[:, :, 0] = 250  # OpenCV's blue
    coded = cv2.imencode(".jpg", picture)[1].tobytes()
    assert jpeg_size("a", coded) == (24, 16)
    assert decode_jpeg("a", coded).samples[8, 8, 2] > 240
    grey = cv2.imencode(".jpg", picture[:, :, 0])[1].tobytes()
    assert decode_jpeg("a", grey).layout is Layout.GREY


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"GIF89a"])
def test_what_is_no_jpeg_is_refused(data: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="^a: "):
        decode_jpeg("a", data)
