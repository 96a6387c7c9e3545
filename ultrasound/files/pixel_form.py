"""How the pictures of a DICOM file are stored, as its header says (PS3.3 C.7.6.3, C.8.5.6)."""

import enum
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.uid import (
    JPEG2000,
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from ultrasound.cine import MAX_FRAMES, check_sides
from ultrasound.errors import SourceUnreadable


class Colour(enum.StrEnum):
    """Photometric Interpretation, PS3.3 C.7.6.3.1.2: those that are read."""

    RGB = "RGB"
    YBR_FULL = "YBR_FULL"
    YBR_FULL_422 = "YBR_FULL_422"
    YBR_RCT = "YBR_RCT"
    YBR_ICT = "YBR_ICT"
    MONOCHROME2 = "MONOCHROME2"
    PALETTE = "PALETTE COLOR"

    @property
    def samples(self) -> int:
        """How many samples a pixel has."""
        return 1 if self in (Colour.MONOCHROME2, Colour.PALETTE) else 3


_OTHER_COLOURS = ("MONOCHROME1", "HSV", "ARGB", "CMYK", "XYB", "YBR_PARTIAL_422", "YBR_PARTIAL_420")
"""Defined terms that are not read, but may be told."""


class Coding(enum.StrEnum):
    """How a frame is compressed."""

    NONE = "uncompressed"
    RUN_LENGTHS = "RLE"
    JPEG = "JPEG"
    JPEG_LOSSLESS = "JPEG Lossless"
    JPEG_LS = "JPEG-LS"
    JPEG_2000 = "JPEG 2000"


_ONE_SAMPLE = (Colour.MONOCHROME2, Colour.PALETTE)
_PLAIN = (Colour.RGB, Colour.YBR_FULL, *_ONE_SAMPLE)
_LOSSY_JPEG = (Colour.RGB, Colour.YBR_FULL, Colour.YBR_FULL_422, Colour.MONOCHROME2)

SYNTAXES: dict[UID, tuple[Coding, tuple[Colour, ...]]] = {
    ImplicitVRLittleEndian: (Coding.NONE, (*_PLAIN, Colour.YBR_FULL_422)),
    ExplicitVRLittleEndian: (Coding.NONE, (*_PLAIN, Colour.YBR_FULL_422)),
    ExplicitVRBigEndian: (Coding.NONE, (*_PLAIN, Colour.YBR_FULL_422)),
    RLELossless: (Coding.RUN_LENGTHS, _PLAIN),
    JPEGBaseline8Bit: (Coding.JPEG, _LOSSY_JPEG),
    JPEGExtended12Bit: (Coding.JPEG, _LOSSY_JPEG),
    JPEGLossless: (Coding.JPEG_LOSSLESS, _PLAIN),
    JPEGLosslessSV1: (Coding.JPEG_LOSSLESS, _PLAIN),
    JPEGLSLossless: (Coding.JPEG_LS, _PLAIN),
    # An index into a colour table that is off by one is any colour: no lossy coding may carry it.
    JPEGLSNearLossless: (Coding.JPEG_LS, (Colour.RGB, Colour.YBR_FULL, Colour.MONOCHROME2)),
    JPEG2000Lossless: (Coding.JPEG_2000, (*_PLAIN, Colour.YBR_RCT)),
    JPEG2000: (
        Coding.JPEG_2000,
        (Colour.RGB, Colour.YBR_FULL, Colour.YBR_RCT, Colour.YBR_ICT, Colour.MONOCHROME2),
    ),
}
"""Transfer syntaxes that are read, each with the colours it may carry (PS3.5 8.2)."""

_KNOWN = "uncompressed, RLE, JPEG Baseline, JPEG Lossless, JPEG-LS and JPEG 2000 are read"
_NUMBERS = (
    *("Rows", "Columns", "SamplesPerPixel", "PlanarConfiguration", "PixelRepresentation"),
    *("BitsAllocated", "BitsStored", "HighBit"),
)
_NEEDED = ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated", "PhotometricInterpretation")


@dataclass(frozen=True, slots=True)
class PixelForm:
    """Size, samples and coding of every frame of a file.

    `by_plane`: uncompressed, all of one sample before the next (Planar Configuration 1). `bits`: 8, or 16
    for the indices of a colour table.
    """

    width: int
    height: int
    frame_count: int
    colour: Colour
    coding: Coding
    bits: int
    by_plane: bool
    big_endian: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one frame's samples: (height, width), with three samples (height, width, 3)."""
        size = (self.height, self.width)
        return size if self.colour.samples == 1 else (*size, self.colour.samples)

    @property
    def decoded_bytes(self) -> int:
        """Of one frame."""
        return self.width * self.height * self.colour.samples * self.bits // 8


def read_pixel_form(name: str, header: Dataset) -> PixelForm:
    """What the header says; raises SourceUnreadable for what cannot be shown faithfully."""
    syntax = header.file_meta.get("TransferSyntaxUID")
    if syntax is None or syntax not in SYNTAXES:
        told = syntax.name if syntax is not None and syntax.is_valid else "absent"
        raise SourceUnreadable(f"{name}: transfer syntax {told}; {_KNOWN}")
    coding, colours = SYNTAXES[syntax]
    for keyword in _NEEDED:
        if header.get(keyword) is None:
            raise SourceUnreadable(f"{name}: has no {keyword}, so no picture")
    for keyword in _NUMBERS:
        if not isinstance(header.get(keyword, 0), int):  # its value could be anything, also a name
            raise SourceUnreadable(f"{name}: its {keyword} is not one number")
    colour = _colour(name, header, colours)
    form = PixelForm(
        width=int(header.Columns),
        height=int(header.Rows),
        frame_count=_frame_count(name, header),
        colour=colour,
        coding=coding,
        bits=_bits(name, header, colour, coding),
        by_plane=colour.samples == 3 and bool(header.get("PlanarConfiguration")),
        big_endian=syntax == ExplicitVRBigEndian,
    )
    _check_size(name, form)
    return form


def _colour(name: str, header: Dataset, readable: tuple[Colour, ...]) -> Colour:
    said = str(header.PhotometricInterpretation)
    if said not in readable:
        told = said if said in (*Colour, *_OTHER_COLOURS) else "unknown"
        raise SourceUnreadable(f"{name}: photometric interpretation {told}; read are {', '.join(readable)}")
    colour = Colour(said)
    if header.SamplesPerPixel != colour.samples:
        raise SourceUnreadable(f"{name}: {header.SamplesPerPixel} samples a pixel contradict {colour}")
    return colour


def _bits(name: str, header: Dataset, colour: Colour, coding: Coding) -> int:
    """8, or 16 for a colour table's indices: ultrasound has no other (PS3.3 C.8.5.6.1)."""
    allocated = header.BitsAllocated
    of_table = colour is Colour.PALETTE and coding in (Coding.NONE, Coding.RUN_LENGTHS)
    if allocated not in ((8, 16) if of_table else (8,)):
        raise SourceUnreadable(f"{name}: {allocated} bits a sample; 8 unsigned bits are read")
    stored = header.get("BitsStored", allocated)
    if stored != allocated or header.get("HighBit", stored - 1) != stored - 1:
        raise SourceUnreadable(f"{name}: {stored} of {allocated} bits are used; all of them have to be")
    if header.get("PixelRepresentation"):
        raise SourceUnreadable(f"{name}: signed samples; 8 unsigned bits are read")
    return int(allocated)


def _frame_count(name: str, header: Dataset) -> int:
    try:
        return int(header.get("NumberOfFrames") or 1)
    except (TypeError, ValueError):
        raise SourceUnreadable(f"{name}: its number of frames is not a number") from None


def _check_size(name: str, form: PixelForm) -> None:
    check_sides(name, form.width, form.height)
    if not 1 <= form.frame_count <= MAX_FRAMES:
        raise SourceUnreadable(f"{name}: {form.frame_count} frames; 1 to {MAX_FRAMES} are read")
    if form.coding is Coding.NONE and form.colour is Colour.YBR_FULL_422 and form.width % 2:
        raise SourceUnreadable(f"{name}: {form.width} columns; uncompressed YBR_FULL_422 has an even number")
