"""Pictures as coded frames: without loss, or as JPEG of high quality."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain
from typing import Any

import cv2
import jpeg_ls
import numpy as np
from numpy.typing import NDArray
from pydicom.pixels.encoders.base import RLELosslessEncoder
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGBaseline8Bit, JPEGLSLossless, RLELossless

from ultrasound.cine import MAX_SIDE_PX
from ultrasound.errors import PictureError, WritingRefused
from ultrasound.files.pixel_form import Colour
from ultrasound.writing.frame_stream import FrameStream
from ultrasound.writing.loss import LossMethod

Samples = NDArray[np.uint8]
"""uint8 (height, width), or (height, width, 3) in RGB or Y Cb Cr."""


class Lossless(StrEnum):
    """Codings that give every pixel back."""

    JPEG_LS = "JPEG-LS"
    RUN_LENGTHS = "RLE"
    UNCOMPRESSED = "uncompressed"

    @property
    def syntax(self) -> UID:
        """The transfer syntax."""
        return _SYNTAXES[self]


_SYNTAXES = {
    Lossless.JPEG_LS: JPEGLSLossless,
    Lossless.RUN_LENGTHS: RLELossless,
    Lossless.UNCOMPRESSED: ExplicitVRLittleEndian,
}
HIGH_QUALITY = 95
_LEAST_QUALITY = 90


def lossless_frames(
    pictures: Iterable[Samples], coding: Lossless = Lossless.JPEG_LS, colour: Colour | None = None
) -> FrameStream:
    """Every picture as it is; `colour`: RGB or grey by the first one's shape, unless said."""
    first, all_of_them = _peeked(pictures)
    colour = colour or (Colour.MONOCHROME2 if first.ndim == 2 else Colour.RGB)
    alike = _alike(all_of_them, first.shape)
    frames = (_coded(picture, colour, coding) for picture in alike)
    return FrameStream(coding.syntax, colour, first.shape[1], first.shape[0], frames)


def jpeg_frames(pictures: Iterable[Samples], quality: int = HIGH_QUALITY) -> FrameStream:
    """As JPEG Baseline of high quality, colours as fine as brightness (4:4:4): what every viewer shows."""
    if not _LEAST_QUALITY <= quality <= 100:
        raise WritingRefused(f"JPEG of quality {quality}; {_LEAST_QUALITY} to 100 are written")
    first, all_of_them = _peeked(pictures)
    # The name says 4:2:2 and stands for any JPEG in Y Cb Cr (PS3.3 C.7.6.3.1.2).
    colour = Colour.MONOCHROME2 if first.ndim == 2 else Colour.YBR_FULL_422
    frames = (_jpeg(picture, quality) for picture in _alike(all_of_them, first.shape))
    return FrameStream(JPEGBaseline8Bit, colour, first.shape[1], first.shape[0], frames, LossMethod.JPEG)


def _peeked(pictures: Iterable[Samples]) -> tuple[Samples, Iterator[Samples]]:
    rest = iter(pictures)
    first = next(rest, None)
    if first is None:
        raise WritingRefused("no picture; a cine has one at least")
    _check(first)
    return first, chain([first], rest)


def _check(picture: Samples) -> None:
    plane = picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] == 3)
    if picture.dtype != np.uint8 or not plane:
        raise PictureError(
            f"{picture.dtype} {picture.shape}; uint8 (height, width) or (height, width, 3) is written"
        )
    if not all(1 <= side <= MAX_SIDE_PX for side in picture.shape[:2]):
        raise PictureError(f"{picture.shape[1]}x{picture.shape[0]} pixels; sides of 1 to {MAX_SIDE_PX} are")


def _alike(pictures: Iterator[Samples], shape: tuple[int, ...]) -> Iterator[Samples]:
    for number, picture in enumerate(pictures, 1):
        _check(picture)
        if picture.shape != shape:
            raise PictureError(f"picture {number} is {picture.shape} where the first is {shape}")
        yield picture


def _coded(samples: Samples, colour: Colour, coding: Lossless) -> bytes:
    match coding:
        case Lossless.JPEG_LS:
            return _jpeg_ls(samples, colour)
        case Lossless.RUN_LENGTHS:
            return _run_lengths(samples, colour)
        case Lossless.UNCOMPRESSED:
            return samples.tobytes()


def _jpeg_ls(samples: Samples, colour: Colour) -> bytes:
    coded: Any = jpeg_ls.encode_pixel_data(
        np.ascontiguousarray(samples).tobytes(),
        lossy_error=0,
        interleave_mode=2 if colour.samples == 3 else 0,
        **_form(samples, colour),
    )
    return bytes(coded)


def _run_lengths(samples: Samples, colour: Colour) -> bytes:
    return RLELosslessEncoder.encode(
        np.ascontiguousarray(samples),
        encoding_plugin="pydicom",
        number_of_frames=1,
        pixel_representation=0,
        **_form(samples, colour),
    )


def _form(samples: Samples, colour: Colour) -> dict[str, Any]:
    return {
        "rows": samples.shape[0],
        "columns": samples.shape[1],
        "samples_per_pixel": colour.samples,
        "bits_allocated": 8,
        "bits_stored": 8,
        "photometric_interpretation": colour.value,
        "planar_configuration": 0,
    }


_WHOLE_COLOURS = (cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444)


def _jpeg(picture: Samples, quality: int) -> bytes:
    shown = picture if picture.ndim == 2 else picture[:, :, ::-1]
    done, coded = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality, *_WHOLE_COLOURS])
    if not done:
        raise PictureError(f"a picture of {picture.shape} was not taken by the JPEG encoder")
    return coded.tobytes()
