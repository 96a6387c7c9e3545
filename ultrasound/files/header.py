"""The header of a DICOM ultrasound file, without its pixels (PS3.3 A.6 and A.7)."""

import os
from typing import Any, BinaryIO

import pydicom
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.uid import UID

from ultrasound.errors import SourceUnreadable

_SOP_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.3": "US Multi-frame Image (retired)",
    "1.2.840.10008.5.1.4.1.1.3.1": "US Multi-frame Image",
    "1.2.840.10008.5.1.4.1.1.6": "US Image (retired)",
    "1.2.840.10008.5.1.4.1.1.6.1": "US Image",
    # What many a small scanner writes of its screen, without regions.
    "1.2.840.10008.5.1.4.1.1.7": "Secondary Capture Image",
    "1.2.840.10008.5.1.4.1.1.7.2": "Multi-frame Grayscale Byte Secondary Capture Image",
    "1.2.840.10008.5.1.4.1.1.7.4": "Multi-frame True Color Secondary Capture Image",
}
_LARGEST_VALUE_BYTES = 1 << 20
"""Larger values, which only a maker's own elements have, are left in the file."""


_MOST_BYTES_AT_ONCE = 64 << 20
_MOST_READS = 300_000
"""About two for each element: a scanner writes hundreds of them, a hundred thousand take three seconds."""


class _Bounded:
    """A file that is never asked for more than it has: a damaged length would take gigabytes of memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size
        self._reads = 0
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        """As of a file; raises SourceUnreadable for what no header has."""
        if size is None or size < 0:  # pydicom does so for nothing else, and unfolds it without bound
            raise SourceUnreadable("it is deflated as a whole, which is not read")
        self._reads += 1
        if self._reads > _MOST_READS:
            raise SourceUnreadable("more elements in its header than a scanner writes")
        wanted = min(size, max(0, self._size - self.tell()))
        if wanted > _MOST_BYTES_AT_ONCE:
            raise SourceUnreadable(f"a value of {wanted} bytes in its header")
        return self._file.read(wanted)


def read_header(name: str, file: BinaryIO) -> Dataset:
    """The data set up to the pixels; `file` then stands there. Raises SourceUnreadable."""
    try:
        bounded: Any = _Bounded(file)
        header = pydicom.dcmread(bounded, stop_before_pixels=True, defer_size=_LARGEST_VALUE_BYTES)
    except SourceUnreadable as refusal:
        raise SourceUnreadable(f"{name}: {refusal}") from None
    except InvalidDicomError:
        raise SourceUnreadable(f"{name}: not a DICOM file") from None
    sop_class = UID(str(header.get("SOPClassUID", "")))
    if sop_class not in _SOP_CLASSES:
        told = sop_class if sop_class.is_valid else "absent"  # what else stands there may be anybody's name
        raise SourceUnreadable(f"{name}: SOP class {told}; ultrasound images and screens are read only")
    regions = header.get_item("SequenceOfUltrasoundRegions", keep_deferred=True)
    if isinstance(regions, RawDataElement) and regions.value is None and regions.length:
        raise SourceUnreadable(f"{name}: {regions.length} bytes of regions; a picture has a few")
    return header
