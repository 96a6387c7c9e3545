"""An object in a form that an archive accepted: pictures without loss, all else in its encoding."""

from collections.abc import Collection
from pathlib import Path

import pydicom
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from ultrasound.dicom import open_dicom
from ultrasound.errors import WritingRefused
from ultrasound.writing.transcoding import LOSSLESS_SYNTAXES, transcode

_PLAIN = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)


def proposed_syntaxes(own: UID) -> tuple[UID, ...]:
    """What to propose for an object: its own transfer syntax, and those it could be sent in as well."""
    others = _PLAIN if own in _PLAIN else LOSSLESS_SYNTAXES
    return (own, *(syntax for syntax in others if syntax != own))


def in_accepted_form(file: Path, own: UID, accepted: Collection[UID], folder: Path) -> Path:
    """The file itself, or another of the same object in `folder`.

    Raises WritingRefused where nothing that would do was accepted, and SourceUnreadable for a picture that
    cannot be decoded.
    """
    if own in accepted:
        return file
    other = folder / file.name
    if own not in _PLAIN or has_pixels(file):
        cine = open_dicom(file, paced=False)
        try:
            transcode(cine, accepted, other)
        finally:
            cine.close()
        return other
    plain = [syntax for syntax in _PLAIN if syntax in accepted]
    if not plain:
        raise WritingRefused(f"neither {' nor '.join(one.name for one in _PLAIN)} was accepted")
    dataset = pydicom.dcmread(file)
    dataset.file_meta.TransferSyntaxUID = plain[0]
    dataset.save_as(other, implicit_vr=plain[0].is_implicit_VR, little_endian=True)
    return other


def has_pixels(file: Path) -> bool:
    """Whether an object is a picture."""
    return "Rows" in pydicom.dcmread(file, stop_before_pixels=True, specific_tags=["Rows"])
