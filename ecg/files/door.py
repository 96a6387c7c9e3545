"""One door for every ECG file: the content says what kind it is, never the name alone."""

import os
from pathlib import Path

from ecg.errors import SourceUnreadable, Unread
from ecg.files.companions import BesideFile, Companions, InMemory, read_file
from ecg.files.csv import CsvLayout, looks_like_declared_csv, read_csv, read_declared_csv
from ecg.files.dicom import looks_like_dicom, read_dicom
from ecg.files.edf import read_edf
from ecg.files.edf_header import MAGIC as EDF_MAGIC
from ecg.files.fhir import looks_like_fhir, read_fhir
from ecg.files.vendor import read_vendor
from ecg.files.wfdb import read_wfdb
from ecg.files.wfdb_header import looks_like_wfdb_header
from ecg.tracing import FileKind, Tracing
from ecg.vendor_files.reading import vendor_format

_KNOWN_OTHERS = (
    (b"\xffBIOSEMI", "a BDF file of 24 bits; EDF and EDF+ are read", Unread.OTHER_KIND),
    (b"\x1f\x8b", "compressed with gzip; unpack it first", Unread.PACKED),
    (b"PK\x03\x04", "a ZIP archive; unpack it first", Unread.PACKED),
    (b"\xfd7zXZ\0", "compressed with xz; unpack it first", Unread.PACKED),
    (b"%PDF", "a PDF: a picture of an ECG, not its samples", Unread.PICTURE),
    (b"\x89PNG", "a picture of an ECG, not its samples", Unread.PICTURE),
    (b"\xff\xd8\xff", "a picture of an ECG, not its samples", Unread.PICTURE),
)
"""What people hand in most often in place of an ECG file, and what to do."""


def read_any(
    source: str | os.PathLike[str] | bytes,
    name: str = "",
    *,
    beside: Companions | None = None,
    layout: CsvLayout | None = None,
) -> Tracing:
    """Read an ECG file of any kind this program knows; SourceUnreadable says what is wrong and where.

    `source`: a path, or the bytes of a file that is called `name`. `beside`: the other files of a WFDB
    record, when the header comes as bytes. `layout`: what the columns of a CSV are, which then is one.
    """
    if isinstance(source, bytes):
        return _read(source, name or "file", beside or InMemory({}), layout)
    path = Path(source)
    return _read(read_file(path), name or path.name, beside or BesideFile(path.parent), layout)


def _read(data: bytes, name: str, beside: Companions, layout: CsvLayout | None) -> Tracing:
    if not data:
        raise SourceUnreadable(f"{name}: empty")
    if layout is not None:
        return read_csv(data, name, layout)
    if looks_like_dicom(data):
        return read_dicom(data, name)
    if data.startswith(EDF_MAGIC):
        return read_edf(data, name)
    if looks_like_declared_csv(data):
        return read_declared_csv(data, name)
    if looks_like_fhir(data):
        return read_fhir(data, name)
    if vendor_format(data) is not None:
        return read_vendor(data, name)
    for magic, what, why in _KNOWN_OTHERS:
        if data.startswith(magic):
            raise SourceUnreadable(f"{name}: {what}", why)
    if looks_like_wfdb_header(data):
        return read_wfdb(data, name, beside)
    raise SourceUnreadable(f"{name}: {_unknown(name)}", Unread.OTHER_KIND)


def _unknown(name: str) -> str:
    if name.lower().endswith((".dat", ".mat", ".atr", ".qrs")):
        return "a signal or annotation file of a record; name its header (.hea)"
    if name.lower().endswith((".csv", ".tsv", ".txt")):
        return "columns of numbers without a declared layout; its rate, leads and unit must be given"
    kinds = ", ".join(kind for kind in FileKind if kind is not FileKind.E1)
    return f"of no kind that is read; {kinds} are"
