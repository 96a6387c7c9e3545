"""Ultrasound from DICOM files (US Image and US Multi-frame Image, DICOM PS3.3 A.6 and A.7)."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.errors import InvalidDicomError
from pydicom.pixels.processing import apply_color_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    RLELossless,
)

from ultrasound.cine import MAX_DECODED_BYTES, PhysicalUnit, Picture, Region, check_index, check_size
from ultrasound.errors import SourceUnreadable
from ultrasound.jpeg_stream import read_jpeg_stream
from ultrasound.quiet_pydicom import quiet_pydicom

_SOP_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.3": "US Multi-frame Image (retired)",
    "1.2.840.10008.5.1.4.1.1.3.1": "US Multi-frame Image",
    "1.2.840.10008.5.1.4.1.1.6": "US Image (retired)",
    "1.2.840.10008.5.1.4.1.1.6.1": "US Image",
}
# Defined terms (PS3.3 C.7.6.3.1.2) that are not read, but may be told.
_OTHER_COLOURS = (
    "MONOCHROME1",
    "HSV",
    "ARGB",
    "CMYK",
    "XYB",
    "YBR_PARTIAL_422",
    "YBR_PARTIAL_420",
    "YBR_ICT",
    "YBR_RCT",
)
_NATIVE = (
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    RLELossless,
)
_SAMPLES = {"RGB": 3, "YBR_FULL": 3, "YBR_FULL_422": 3, "MONOCHROME2": 1, "PALETTE COLOR": 1}
_END_OF_IMAGE = b"\xff\xd9"
_STILL_MS = 1000.0
"""How long a single picture stands before it is repeated; it has no time of its own."""


class DicomCine:
    """A DICOM ultrasound cine; frames are decoded one by one when asked for."""

    def __init__(self, name: str, dataset: Dataset, decode: "Callable[[int], Picture]") -> None:
        self._decode = decode
        self.frame_count = _frame_count(name, dataset)
        self.width = int(dataset.Columns)
        self.height = int(dataset.Rows)
        self.regions = _regions(dataset)
        self.simulated = False
        self._times_ms, self.duration_ms = _times(name, dataset, self.frame_count)

    def frame(self, index: int) -> Picture:
        """Frame `index` as uint8 (height, width, 3) RGB; raises FrameOutOfRange or SourceUnreadable."""
        check_index(index, self.frame_count)
        return self._decode(index)

    def frame_time_ms(self, index: int) -> float:
        """Milliseconds from the first frame to frame `index`, as recorded."""
        check_index(index, self.frame_count)
        return self._times_ms[index]

    def close(self) -> None:
        """Nothing is kept open."""


def open_dicom(path: str | os.PathLike[str]) -> DicomCine:
    """Open an ultrasound DICOM file as a cine.

    Colours come out as RGB whatever the file holds. Raises SourceUnreadable, with a sentence that names what
    is wrong, for anything else than ultrasound pictures of 8 bits that can be decoded faithfully.
    """
    name = Path(path).name
    try:
        with quiet_pydicom():
            return _open(name, path)
    except SourceUnreadable:
        raise
    except Exception as fault:
        # A damaged file makes pydicom raise anything, from struct.error to NotImplementedError, and as
        # late as a field is looked at. Its message may quote the file, so only its kind is told.
        raise SourceUnreadable(f"{name}: damaged ({type(fault).__name__})") from None


def _open(name: str, path: str | os.PathLike[str]) -> DicomCine:
    header = _read(name, path, stop_before_pixels=True)
    _check_header(name, header)
    if header.file_meta.TransferSyntaxUID == JPEGBaseline8Bit:
        return DicomCine(name, header, _jpeg_frames(name, path, header))
    return DicomCine(name, header, _native_frames(name, path, header))


def _read(name: str, path: str | os.PathLike[str], stop_before_pixels: bool) -> Dataset:
    try:
        if os.path.getsize(path) > MAX_DECODED_BYTES:
            raise SourceUnreadable(f"{name}: larger than {MAX_DECODED_BYTES} bytes")
        return pydicom.dcmread(path, stop_before_pixels=stop_before_pixels)
    except OSError as fault:
        raise SourceUnreadable(f"{name}: cannot be opened ({fault.strerror or 'end of file'})") from None
    except InvalidDicomError:
        raise SourceUnreadable(f"{name}: not a DICOM file") from None


def _check_header(name: str, header: Dataset) -> None:
    sop_class = UID(str(header.get("SOPClassUID", "")))
    if sop_class not in _SOP_CLASSES:
        told = sop_class if sop_class.is_valid else "absent"  # what else stands there may be anybody's name
        raise SourceUnreadable(f"{name}: SOP class {told}; ultrasound images are read only")
    _check_syntax(name, header)
    _check_pixels(name, header)
    check_size(name, int(header.Columns), int(header.Rows), _frame_count(name, header))


def _check_syntax(name: str, header: Dataset) -> None:
    syntax = header.file_meta.get("TransferSyntaxUID")
    if syntax is None or syntax not in (*_NATIVE, JPEGBaseline8Bit):
        known = "uncompressed, RLE and JPEG Baseline are read"
        told = syntax.name if syntax is not None and syntax.is_valid else "absent"
        raise SourceUnreadable(f"{name}: transfer syntax {told}; {known}")


def _check_pixels(name: str, header: Dataset) -> None:
    for keyword in ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated", "PhotometricInterpretation"):
        if header.get(keyword) is None:
            raise SourceUnreadable(f"{name}: has no {keyword}, so no picture")
    photometric = str(header.PhotometricInterpretation)
    if photometric not in _SAMPLES:
        told = photometric if photometric in _OTHER_COLOURS else "unknown"
        raise SourceUnreadable(f"{name}: photometric interpretation {told}; read are {', '.join(_SAMPLES)}")
    if header.SamplesPerPixel != _SAMPLES[photometric]:
        raise SourceUnreadable(f"{name}: {header.SamplesPerPixel} samples a pixel contradict {photometric}")
    if header.BitsAllocated != 8 or header.get("BitsStored", 8) != 8 or header.get("PixelRepresentation"):
        raise SourceUnreadable(f"{name}: {header.BitsAllocated} bits a sample; 8 unsigned bits are read")


def _frame_count(name: str, header: Dataset) -> int:
    try:
        return int(header.get("NumberOfFrames") or 1)
    except (TypeError, ValueError):
        raise SourceUnreadable(f"{name}: its number of frames is not a number") from None


def _jpeg_frames(name: str, path: str | os.PathLike[str], header: Dataset) -> Callable[[int], Picture]:
    dataset = _read(name, path, stop_before_pixels=False)
    count = _frame_count(name, header)
    if "PixelData" not in dataset:
        raise SourceUnreadable(f"{name}: has no PixelData, so no picture")
    frames = list(generate_frames(dataset.PixelData, number_of_frames=count))
    if len(frames) != count:
        raise SourceUnreadable(f"{name}: {len(frames)} frames where {count} are announced")
    return lambda index: _decode_jpeg(f"{name}, frame {index}", frames[index], header)


def _decode_jpeg(name: str, data: bytes, header: Dataset) -> Picture:
    # Frame by frame with OpenCV: twenty times faster than pixel_array and equal to it (measured, 640x480).
    _check_jpeg(name, data, header)
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    bgr: Any = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if bgr is None:
        raise SourceUnreadable(f"{name}: the JPEG data are damaged")
    return np.ascontiguousarray(bgr[:, :, ::-1])


def _check_jpeg(name: str, data: bytes, header: Dataset) -> None:
    """Refuse a JPEG that is not what the header says: other sizes and, above all, other colours."""
    try:
        stream = read_jpeg_stream(data)
    except ValueError as fault:
        raise SourceUnreadable(f"{name}: {fault}") from None
    if (stream.width, stream.height) != (header.Columns, header.Rows) or stream.bits != 8:
        raise SourceUnreadable(
            f"{name}: {stream.width}x{stream.height} of {stream.bits} bits where the header says"
            f" {header.Columns}x{header.Rows} of 8"
        )
    if not data.rstrip(b"\0").endswith(_END_OF_IMAGE):  # a decoder would fill the rest with grey
        raise SourceUnreadable(f"{name}: the JPEG data are cut off")
    photometric = str(header.PhotometricInterpretation)
    if stream.components != _SAMPLES[photometric] or stream.ybr != photometric.startswith("YBR"):
        said = "YBR" if stream.ybr else f"{stream.components} plain components"
        raise SourceUnreadable(f"{name}: the JPEG says {said}, the header {photometric}: colours unknown")


def _native_frames(name: str, path: str | os.PathLike[str], header: Dataset) -> Callable[[int], Picture]:
    palette = str(header.PhotometricInterpretation) == "PALETTE COLOR"

    def decode(index: int) -> Picture:
        try:
            pixels = pixel_array(path, index=index)
            return _to_rgb(apply_color_lut(pixels, header) if palette else pixels)
        except Exception as fault:  # as in open_dicom
            told = type(fault).__name__
            raise SourceUnreadable(f"{name}, frame {index}: cannot be decoded ({told})") from None

    return decode


def _to_rgb(pixels: NDArray[Any]) -> Picture:
    if (
        pixels.dtype == np.uint16
    ):  # entries of a colour table may have 16 bits, the highest eight are the colour
        pixels = pixels >> 8
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    return np.ascontiguousarray(pixels, dtype=np.uint8)


def _times(name: str, header: Dataset, count: int) -> tuple[tuple[float, ...], float]:
    """Times of the frames since the first, and of the whole loop (PS3.3 C.7.6.5: Frame Time, its vector)."""
    if count == 1:
        return (0.0,), _STILL_MS
    steps = _steps_ms(header, count)
    if not all(0 < step <= 60_000 for step in steps):
        raise SourceUnreadable(f"{name}: does not say how long a frame lasts (no usable Frame Time)")
    times = tuple(float(time) for time in np.concatenate([[0.0], np.cumsum(steps)]))
    return times, times[-1] + float(np.median(steps))


def _steps_ms(header: Dataset, count: int) -> list[float]:
    """The `count` - 1 steps between frames; [0] when the file does not tell."""
    try:
        vector = header.get("FrameTimeVector")
        if vector is not None and not isinstance(vector, str) and len(vector) == count:
            return [float(step) for step in vector[1:]]
        if header.get("FrameTime"):
            return [float(header.FrameTime)] * (count - 1)
        rate = header.get("CineRate") or header.get("RecommendedDisplayFrameRate")
        return [1000.0 / float(rate)] * (count - 1) if rate else [0.0]
    except (TypeError, ValueError, ZeroDivisionError):
        return [0.0]


def _regions(header: Dataset) -> tuple[Region, ...]:
    found = (_region(item, header) for item in header.get("SequenceOfUltrasoundRegions") or ())
    return tuple(region for region in found if region is not None)


def _region(item: Dataset, header: Dataset) -> Region | None:
    """One region, clamped (scanners write edges one pixel outside); None when it is incomplete or empty."""
    try:
        region = Region(
            left_px=max(0, int(item.RegionLocationMinX0)),
            top_px=max(0, int(item.RegionLocationMinY0)),
            right_px=min(int(header.Columns) - 1, int(item.RegionLocationMaxX1)),
            bottom_px=min(int(header.Rows) - 1, int(item.RegionLocationMaxY1)),
            spatial_format=int(item.RegionSpatialFormat),
            data_type=int(item.RegionDataType),
            unit_x=PhysicalUnit(item.PhysicalUnitsXDirection),
            unit_y=PhysicalUnit(item.PhysicalUnitsYDirection),
            delta_x=float(item.PhysicalDeltaX),
            delta_y=float(item.PhysicalDeltaY),
            reference_x_px=_whole(item.get("ReferencePixelX0")),
            reference_y_px=_whole(item.get("ReferencePixelY0")),
        )
    except (AttributeError, TypeError, ValueError):
        return None
    return region if region.left_px <= region.right_px and region.top_px <= region.bottom_px else None


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int) else None
