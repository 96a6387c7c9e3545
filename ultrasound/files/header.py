"""The header of a DICOM ultrasound file, without its pixels (PS3.3 A.6 and A.7)."""

import os
from typing import Any, BinaryIO

import pydicom
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.uid import UID

from ultrasound.errors import SourceUnreadable

_SOP_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.3": "US Multi-frame Image (retired)",
    "1.2.840.10008.5.1.4.1.1.3.1": "US Multi-frame Image",
    "1.2.840.10008.5.1.4.1.1.6": "US Image (retired)",
    "1.2.840.10008.5.1.4.1.1.6.1": "US Image",
}
_LARGEST_VALUE_BYTES = 1 << 20
"""Larger values, which only a maker's own elements have, are left in the file."""


_MOST_BYTES_AT_ONCE = 64 << 20


class _Bounded:
    """A file that is never asked for more than it has: a damaged length would take gigabytes of memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        """As of a file; raises SourceUnreadable for a value that no header has."""
        left = max(0, self._size - self.tell())
        wanted = left if size is None or size < 0 else min(size, left)
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
        raise SourceUnreadable(f"{name}: SOP class {told}; ultrasound images are read only")
    return header
