"""The planes that are encoded: the colours of BT.709, the same as another implementation makes."""

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from ultrasound.planes import yuv420
from ultrasound.synthetic import SyntheticUltrasound

# ITU-R BT.709-6 sections 3 and 4, 8 bits.
COLOURS = {
    (255, 255, 255): (235, 128, 128),
    (0, 0, 0): (16, 128, 128),
    (255, 0, 0): (63, 102, 240),
    (0, 255, 0): (173, 42, 26),
    (0, 0, 255): (32, 240, 118),
}


def by_swscale(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
    planes: NDArray[np.uint8] = frame.reformat(
        format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
    ).to_ndarray()
    return planes


@pytest.mark.parametrize("rgb", list(COLOURS))
def test_a_colour_has_its_values(rgb: tuple[int, int, int]) -> None:
    planes = yuv420(np.full((4, 6, 3), rgb, np.uint8))
    assert planes.shape == (6, 6)
    luma, chroma = planes[:4], planes[4:].reshape(2, 2, 3)
    assert (set(luma.flat), set(chroma[0].flat), set(chroma[1].flat)) == tuple({one} for one in COLOURS[rgb])


def test_an_ultrasound_picture_is_the_same_as_swscale_makes_it() -> None:
    picture = SyntheticUltrasound().frame(1_790_000_000_000_000)
    assert np.abs(yuv420(picture).astype(int) - by_swscale(picture).astype(int)).max() <= 1


def test_every_brightness_is_the_same_as_swscale_makes_it() -> None:
    noise = np.random.default_rng(5).integers(0, 256, (64, 96, 3), np.uint8)
    assert np.abs(yuv420(noise)[:64].astype(int) - by_swscale(noise)[:64].astype(int)).max() <= 1


def test_each_chroma_sample_is_the_mean_of_its_four_pixels() -> None:
    picture = np.zeros((2, 2, 3), np.uint8)
    picture[0, 0] = (0, 0, 252)
    quarter = yuv420(np.full((2, 2, 3), (0, 0, 63), np.uint8))
    assert yuv420(picture)[2:].tolist() == quarter[2:].tolist()
