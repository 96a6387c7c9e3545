"""Samples as they are to be shown: colour tables, Y Cb Cr, and the window of a grey picture."""

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut

from ultrasound.cine import Picture
from ultrasound.errors import SourceUnreadable
from ultrasound.files.decoding import Samples
from ultrasound.files.pixel_form import Colour, PixelForm

Plane = NDArray[np.uint8]
"""uint8 (height, width): grey, full range."""


class Display:
    """How a file's samples are shown; raises SourceUnreadable for a header that leaves it open."""

    def __init__(self, name: str, header: Dataset, form: PixelForm) -> None:
        self._table = None
        if form.colour is Colour.PALETTE:
            self._table = _colour_table(name, header, form.bits)
        elif form.colour is Colour.MONOCHROME2:
            self._table = _grey_table(name, header)
        self.grey = self._table is not None and _is_grey(self._table)
        """Whether no picture of this file can have a colour."""

    def rgb(self, samples: Samples, colour: Colour) -> Picture:
        """As RGB, whatever the file holds."""
        if self._table is not None:
            return self._table[samples]
        if colour is Colour.YBR_FULL:
            return _rgb_of_ybr(samples)
        return np.require(samples, np.uint8, ["C", "W"])

    def grey_plane(self, samples: Samples) -> Plane:
        """As one plane, of a file that is grey."""
        assert self._table is not None
        return np.ascontiguousarray(self._table[:, 0])[samples]


def as_displayed(picture: Picture) -> Picture | Plane:
    """The picture, or one plane of it where all its pixels are grey."""
    return np.ascontiguousarray(picture[:, :, 0]) if _is_grey(picture) else picture


def _is_grey(colours: NDArray[np.uint8]) -> bool:
    red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]
    return bool(np.array_equal(red, green) and np.array_equal(red, blue))


def _rgb_of_ybr(samples: Samples) -> Picture:
    """ITU-R BT.601, full range (PS3.3 C.7.6.3.1.2)."""
    reordered = np.ascontiguousarray(samples[:, :, [0, 2, 1]])  # OpenCV takes Y Cr Cb
    return np.asarray(cv2.cvtColor(reordered, cv2.COLOR_YCrCb2RGB), dtype=np.uint8)


def _colour_table(name: str, header: Dataset, bits: int) -> NDArray[np.uint8]:
    """RGB of every index; entries may have 16 bits, of which the highest eight are shown (PS3.3 C.7.9)."""
    if header.get("SegmentedRedPaletteColorLookupTableData") is not None:  # unfolds without bound
        raise SourceUnreadable(f"{name}: its colour tables are segmented; whole ones are read")
    indices = np.arange(1 << bits, dtype=np.uint8 if bits == 8 else np.uint16)
    try:
        table = apply_color_lut(indices.reshape(1, -1), header)[0]
    except Exception as fault:  # as in ultrasound.files.header
        raise SourceUnreadable(f"{name}: its colour tables are damaged ({type(fault).__name__})") from None
    if table.dtype != np.uint16:
        return np.asarray(table, dtype=np.uint8)
    if table.max() < 256:  # eight bits that are called sixteen: a black picture, if it is believed
        raise SourceUnreadable(f"{name}: no entry of its colour tables of 16 bits is above 255")
    return np.asarray(table >> 8, dtype=np.uint8)


def _grey_table(name: str, header: Dataset) -> NDArray[np.uint8]:
    """Grey of every stored value, through the file's first window where it has one (PS3.3 C.11.2)."""
    _check_plain(name, header)
    values = np.arange(256, dtype=np.float64)
    centre, width = _first(header.get("WindowCenter")), _first(header.get("WindowWidth"))
    if centre is not None and width is not None:
        values = _windowed(name, values, centre, width, str(header.get("VOILUTFunction") or "LINEAR"))
    grey = np.floor(values + 0.5).astype(np.uint8)
    return np.repeat(grey[:, None], 3, axis=1)


def _check_plain(name: str, header: Dataset) -> None:
    """Refuse what an ultrasound image does not have (PS3.3 A.6, A.7) and this program does not apply."""
    for keyword in ("VOILUTSequence", "ModalityLUTSequence"):
        if header.get(keyword):
            raise SourceUnreadable(f"{name}: has a {keyword}; only a window is applied")
    slope, intercept = header.get("RescaleSlope"), header.get("RescaleIntercept")
    if (slope or 1) != 1 or (intercept or 0) != 0:
        raise SourceUnreadable(f"{name}: its grey values are rescaled; stored values are shown only")
    if header.get("PresentationLUTShape", "IDENTITY") != "IDENTITY":
        raise SourceUnreadable(f"{name}: its grey is to be shown by another curve; only IDENTITY is")


def _windowed(
    name: str, values: NDArray[np.float64], centre: float, width: float, function: str
) -> NDArray[np.float64]:
    """0 to 255 by the window's straight line, PS3.3 C.11.2.1.2.1 and C.11.2.1.3.2."""
    if function == "LINEAR" and width >= 1:
        half, span = centre - 0.5, width - 1
    elif function == "LINEAR_EXACT" and width > 0:
        half, span = centre, width
    else:
        raise SourceUnreadable(f"{name}: its window cannot be applied; a linear one of some width can")
    if span == 0:
        return np.where(values <= half, 0.0, 255.0)
    return np.clip(((values - half) / span + 0.5) * 255, 0, 255)


def _first(value: object) -> float | None:
    """A window, or the first of several."""
    if value is None or value == "" or isinstance(value, float | int):
        return float(value) if isinstance(value, float | int) else None
    values = list(value) if isinstance(value, list | tuple) or hasattr(value, "__iter__") else []
    return float(values[0]) if values else None
