"""Writes ultrasound files that name nobody: header by an allow-list, pixels black outside of known areas.

Follows PS3.15 Annex E (Basic Application Level Confidentiality Profile, Clean Pixel Data Option). The
choices it leaves open are written down in docs/ultrasound-privacy.md. What the source says of burned-in
text is never believed; that none is left is stated only when a person has looked at the masked picture.
"""

import hashlib
import os
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

from ultrasound.cine import Cine
from ultrasound.dicom import DicomCine, read_dicom
from ultrasound.errors import ExportRefused, SourceUnreadable, UltrasoundError
from ultrasound.files.frame_times import TimedBy, timed_by
from ultrasound.privacy.clean_header import CleanHeader, clean_header, state_clean_pixels
from ultrasound.privacy.clean_pixels import SYNTAXES, PixelCleaner, put_pixels
from ultrasound.privacy.export_record import Dates, Encoding, ExportRecord, MaskedBy
from ultrasound.privacy.found_text import find_text
from ultrasound.privacy.lossy_source import state_lossy_source
from ultrasound.privacy.profile import DeviceProfile
from ultrasound.privacy.pseudonyms import Pseudonyms
from ultrasound.quiet_pydicom import quiet_pydicom

IMPLEMENTATION_CLASS_UID = UID("2.25.197834602918408706743754817248091714023")
IMPLEMENTATION_VERSION_NAME = "CLOUDCLINIC"

_GROUNDS = {
    MaskedBy.PROFILE: "Pixels outside the areas of a device profile set to black.",
    MaskedBy.REGIONS: "Pixels outside the ultrasound regions set to black.",
    MaskedBy.NOTHING_STAYED: "All pixels set to black.",
}
_GREY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7.2"
_MULTI_FRAME = (
    "1.2.840.10008.5.1.4.1.1.3",
    "1.2.840.10008.5.1.4.1.1.3.1",
    _GREY_CAPTURE,
    "1.2.840.10008.5.1.4.1.1.7.4",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the standard leaves to whoever exports.

    `all_black_outside`: a file with neither profile nor regions is written all black instead of being
    refused. `looked_at`: a person has seen the masked pictures, and no name in them.
    """

    pseudonyms: Pseudonyms
    profile: DeviceProfile | None = None
    all_black_outside: bool = False
    looked_at: bool = False
    dates: Dates = Dates.REMOVED
    encoding: Encoding = Encoding.JPEG_LS


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A DICOM file, and what was done to it."""

    data: bytes
    record: ExportRecord


def deidentify(path: str | os.PathLike[str], choices: Choices) -> Deidentified:
    """A US Image, US Multi-frame Image or Secondary Capture as one that names nobody.

    Raises SourceUnreadable for a file that cannot be decoded faithfully, ExportRefused when nothing says
    which part of its picture names nobody: no profile and no regions, an unsigned profile, one of another
    size or layout.
    """
    try:
        file = open(path, "rb")  # closed with the cine
    except OSError as fault:
        raise SourceUnreadable(f"{Path(path).name}: cannot be opened ({fault.strerror})") from None
    return deidentify_open(file, Path(path).name, choices)


def deidentify_open(file: BinaryIO, name: str, choices: Choices) -> Deidentified:
    """`deidentify` of a file that is open, and is closed by it."""
    stored_bytes = os.fstat(file.fileno()).st_size
    with closing(read_dicom(file, name, paced=False)) as cine:
        cleaner = PixelCleaner(cine, choices.profile, choices.all_black_outside)
        try:
            with quiet_pydicom():
                return _deidentified(stored_bytes, cine, cleaner, choices)
        except (UltrasoundError, MemoryError):
            raise
        except Exception as fault:  # pydicom's message may quote the file, so only its kind is told
            raise ExportRefused(f"cannot be written anew ({type(fault).__name__})") from None


def _deidentified(
    stored_bytes: int, cine: DicomCine, cleaner: PixelCleaner, choices: Choices
) -> Deidentified:
    header = clean_header(cine.header, choices.pseudonyms, choices.dates)
    clean = header.dataset
    _put_picture(clean, cine)
    put_pixels(clean, cleaner.frames(), cine.grey, choices.encoding)
    decoded_bytes = cine.frame_count * cine.width * cine.height * clean.SamplesPerPixel
    state_lossy_source(clean, cine.header, stored_bytes, decoded_bytes)
    clean.DerivationDescription = _derivation(cleaner.masked_by, choices.encoding)
    if choices.looked_at:
        state_clean_pixels(clean)
    data = _file(clean, choices.encoding)
    return Deidentified(data, _record(cine, cleaner, header, choices, data))


def _put_picture(clean: Dataset, cine: DicomCine) -> None:
    clean.Rows, clean.Columns = cine.height, cine.width
    timed = timed_by(cine.header, cine.frame_count) if cine.times is not None else None
    for other in TimedBy:  # a vector of another length, or a time that is none, times nobody's frames
        if other is not timed and other in clean:
            del clean[other]
    if str(clean.SOPClassUID) == _GREY_CAPTURE:  # A.8.3.4: it has to say that its grey is grey
        clean.RescaleSlope, clean.RescaleIntercept, clean.RescaleType = 1, 0, "US"
        clean.PresentationLUTShape = "IDENTITY"
    if str(clean.SOPClassUID) in _MULTI_FRAME:
        clean.NumberOfFrames = cine.frame_count
        if timed is not None and timed in clean:  # a source without times gets none: they would be invented
            clean.FrameIncrementPointer = tag_for_keyword(timed)


def _derivation(masked_by: MaskedBy, encoding: Encoding) -> str:
    how = "JPEG-LS lossless" if encoding is Encoding.JPEG_LS else "uncompressed"
    return f"{_GROUNDS[masked_by]} Decoded, masked and written as {how}; header by an allow-list."


def _file(clean: Dataset, encoding: Encoding) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = clean.SOPClassUID
    meta.MediaStorageSOPInstanceUID = clean.SOPInstanceUID
    meta.TransferSyntaxUID = SYNTAXES[encoding]
    meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    clean.file_meta = meta
    out = BytesIO()
    clean.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _record(
    cine: Cine, cleaner: PixelCleaner, header: CleanHeader, choices: Choices, data: bytes
) -> ExportRecord:
    first, visible = cine.frame(0), cleaner.cover.visible
    return ExportRecord(
        sop_class_uid=str(header.dataset.SOPClassUID),
        sop_instance_uid=str(header.dataset.SOPInstanceUID),
        study_instance_uid=str(header.dataset.StudyInstanceUID),
        frames=cine.frame_count,
        width_px=cine.width,
        height_px=cine.height,
        masked_by=cleaner.masked_by,
        profile_digest=choices.profile.digest if choices.profile else None,
        hidden_share=round(1 - float(visible.mean()), 4),
        text_boxes_hidden=len(find_text(first, ~visible)),
        text_boxes_left=len(find_text(first, visible)),
        looked_at=choices.looked_at,
        dates=choices.dates,
        encoding=choices.encoding,
        attributes_kept=header.kept,
        attributes_removed=header.removed,
        private_attributes_removed=header.removed_private,
        sha256=hashlib.sha256(data).hexdigest(),
    )
