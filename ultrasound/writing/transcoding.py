"""A picture file in a form that an archive accepted: its own, else another without loss, else a refusal."""

import copy
import dataclasses
import os
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGLSLossless, RLELossless

from ultrasound.dicom import DicomCine
from ultrasound.errors import WritingRefused
from ultrasound.files.pixel_form import Colour
from ultrasound.writing.file_meta import put_file_meta
from ultrasound.writing.frame_coding import Lossless, Samples, lossless_frames
from ultrasound.writing.frame_stream import put_pixel_form
from ultrasound.writing.loss import LOSSY_SYNTAXES, Loss, put_losses
from ultrasound.writing.pixel_file import put_frames, write_pixel_file

LOSSLESS_SYNTAXES = (JPEGLSLossless, RLELossless, ExplicitVRLittleEndian, ImplicitVRLittleEndian)
"""What a picture can be transcoded to, the best first."""
_CODINGS = {
    JPEGLSLossless: Lossless.JPEG_LS,
    RLELossless: Lossless.RUN_LENGTHS,
    ExplicitVRLittleEndian: Lossless.UNCOMPRESSED,
    ImplicitVRLittleEndian: Lossless.UNCOMPRESSED,
}


def syntax_for(own: UID, accepted: Collection[str]) -> UID:
    """In which transfer syntax to send a file: its own where that was accepted, else one without loss.

    Raises WritingRefused where none was. JPEG is no way out: pixels that were never lossy would become so
    under the same name, and a lossy picture would lose twice.
    """
    if own in accepted:
        return own
    for syntax in LOSSLESS_SYNTAXES:
        if syntax in accepted:
            return syntax
    known = sorted(UID(one).name for one in accepted)
    raise WritingRefused(
        f"stored as {own.name}, and accepted is {', '.join(known) or 'nothing'};"
        f" {', '.join(one.name for one in LOSSLESS_SYNTAXES)} would do"
    )


def transcode(cine: DicomCine, accepted: Collection[str], path: str | os.PathLike[str]) -> UID:
    """Write a file in what was accepted, as `syntax_for` chooses, and tell which; frame by frame.

    The same object, with the same UIDs: no pixel changes that its decoding does not change. A picture that
    was lossy stays called so. Where its own syntax is accepted nothing is written: send the file. Raises
    WritingRefused, and SourceUnreadable for a frame that cannot be decoded.
    """
    own = cine.header.file_meta.TransferSyntaxUID
    syntax = syntax_for(own, accepted)
    if syntax == own:
        return UID(own)
    if cine.form.big_endian or cine.form.bits != 8:
        raise WritingRefused(f"{own.name} of {cine.form.bits} bits; little endian of 8 bits is transcoded")
    first, colour = cine.samples(0)
    coded = lossless_frames(_samples(cine, first), _CODINGS[syntax], colour)
    frames = dataclasses.replace(coded, syntax=syntax)
    header = _header(cine, colour, syntax)
    _put_unsaid_loss(header, cine)

    def unchanged(coded_bytes: int) -> None:
        del coded_bytes  # what was lost stands in the header, and nothing more is

    write_pixel_file(
        Path(path), header, lambda file: put_frames(file, frames, cine.frame_count), 0, unchanged
    )
    return syntax


def _samples(cine: DicomCine, first: Samples) -> Iterator[Samples]:
    yield np.ascontiguousarray(first)
    for index in range(1, cine.frame_count):
        yield np.ascontiguousarray(cine.samples(index)[0])


def _put_unsaid_loss(header: Dataset, cine: DicomCine) -> None:
    """Some scanners leave it to the transfer syntax to say that something was lost; that one goes now."""
    method = LOSSY_SYNTAXES.get(cine.header.file_meta.TransferSyntaxUID)
    if method is None or header.get("LossyImageCompression") == "01":
        return
    stored_bytes = sum(len(cine.stored(index)) for index in range(cine.frame_count))
    put_losses(header, (Loss(method, cine.form.decoded_bytes * cine.frame_count / stored_bytes),))


def _header(cine: DicomCine, colour: Colour, syntax: UID) -> Dataset:
    for tag in cine.header.keys():
        cine.header.get_item(tag)  # large values of a maker were left in the file until now
    header = copy.deepcopy(Dataset(cine.header))
    put_pixel_form(header, colour, cine.width, cine.height)
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if keyword in header:
            delattr(header, keyword)
    put_file_meta(header, syntax)
    return header
