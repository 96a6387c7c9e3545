"""Pixels in the layout a source gave them: grey, 4:2:0 or RGB, eight bits each."""

import enum
from dataclasses import dataclass

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from ultrasound.cine import Picture
from ultrasound.errors import PictureError


class Layout(enum.StrEnum):
    """How the samples of a picture lie."""

    GREY = "grey"  # (height, width), full range
    YUV420 = "yuv420"  # (height * 3 / 2, width): Y, then U, then V, as libavcodec's yuv420p lies in one piece
    RGB = "rgb"  # (height, width, 3), full range


class Matrix(enum.Enum):
    """By which matrix and range 4:2:0 samples become RGB (ITU-T H.273, MatrixCoefficients)."""

    BT601_FULL = (Colorspace.ITU601, ColorRange.JPEG)  # JPEG (ITU-T T.871)
    BT601 = (Colorspace.ITU601, ColorRange.MPEG)
    BT709_FULL = (Colorspace.ITU709, ColorRange.JPEG)
    BT709 = (Colorspace.ITU709, ColorRange.MPEG)


@dataclass(frozen=True, slots=True, eq=False)
class Pixels:
    """Samples uint8 in their layout; `matrix` is of use for `Layout.YUV420` only. Never changed once made."""

    layout: Layout
    samples: NDArray[np.uint8]
    matrix: Matrix = Matrix.BT601

    def __post_init__(self) -> None:
        shape, channels = self.samples.shape, 3 if self.layout is Layout.RGB else 1
        flat = self.samples.ndim == 2
        fits = flat if channels == 1 else self.samples.ndim == 3 and shape[2] == 3
        if self.layout is Layout.YUV420:
            fits = fits and shape[0] % 3 == 0 and shape[1] % 2 == 0
        if not fits or self.samples.dtype != np.uint8:
            raise PictureError(f"{self.samples.dtype} {shape} is no picture in {self.layout} of 8 bits")

    @property
    def width(self) -> int:
        """Columns of the picture."""
        return int(self.samples.shape[1])

    @property
    def height(self) -> int:
        """Rows of the picture."""
        rows = int(self.samples.shape[0])
        return rows * 2 // 3 if self.layout is Layout.YUV420 else rows

    @property
    def luma(self) -> NDArray[np.uint8]:
        """(height, width): grey, Y, or of RGB the green, which is most of the brightness. Not a copy."""
        if self.layout is Layout.RGB:
            return self.samples[:, :, 1]
        return self.samples[: self.height]

    def rgb(self) -> Picture:
        """The picture as uint8 (height, width, 3) RGB, full range; what is RGB already is not copied."""
        match self.layout:
            case Layout.RGB:
                return self.samples
            case Layout.GREY:
                return np.asarray(cv2.cvtColor(self.samples, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
            case Layout.YUV420:
                frame = av.VideoFrame.from_ndarray(self.samples, format="yuv420p")
                frame.colorspace, frame.color_range = self.matrix.value
                return np.ascontiguousarray(frame.to_ndarray(format="rgb24"))

    def shown(self) -> NDArray[np.uint8]:
        """What a reader looks at: (height, width) where every pixel is grey, else RGB (height, width, 3)."""
        if self.layout is Layout.GREY:
            return self.samples
        return grey_of(rgb := self.rgb(), rgb)


def grey_of(rgb: Picture, otherwise: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One plane of a picture whose three are alike, else `otherwise`."""
    red, green, blue = rgb[:, :, 0], rgb[:, :, 1], rgb[:, :, 2]
    if np.array_equal(red, green) and np.array_equal(green, blue):
        return np.ascontiguousarray(green)
    return otherwise


def of_array(samples: NDArray[np.uint8]) -> Pixels:
    """Pixels of an RGB (height, width, 3) or a grey (height, width) array."""
    return Pixels(Layout.RGB if samples.ndim == 3 else Layout.GREY, samples)
