"""The recordings a benchmark of ECG work is given: a directory of WFDB records, each recognised by itself."""

import lzma
from collections.abc import Iterator
from pathlib import Path

from ecg.errors import SourceUnreadable
from ecg.files.companions import BesideFile, is_plain_name
from ecg.files.door import read_any
from ecg.tracing import Tracing

MITDB = frozenset(
    "100 101 102 103 104 105 106 107 108 109 111 112 113 114 115 116 117 118 119 121 122 123 124 200 201 202"
    " 203 205 207 208 209 210 212 213 214 215 217 219 220 221 222 223 228 230 231 232 233 234".split()
)
"""The 48 records of the MIT-BIH Arrhythmia Database (Moody & Mark 2001)."""

EIGHT = frozenset("100 105 114 119 200 203 207 217".split())
"""Those of them the bounds for eight records are set on."""

_MITDB_SHAPE = (360.0, 2, 650_000)
_LUDB_LEADS = ("i", "ii", "v1")


class Packed:
    """Companions in a folder, unpacked where only a file packed with xz lies there."""

    def __init__(self, folder: Path) -> None:
        self._beside, self._folder = BesideFile(folder), folder

    def read(self, name: str) -> bytes | None:
        """The whole file of this name."""
        packed = self._folder / f"{name}.xz"
        if is_plain_name(name) and not (self._folder / name).exists() and packed.exists():
            return lzma.decompress(packed.read_bytes())
        return self._beside.read(name)


def headers(data: Path) -> list[Path]:
    """Every WFDB header below the directory, in order of its name as a number where it is one."""
    return sorted(data.rglob("*.hea"), key=lambda path: (path.parent, len(path.stem), path.stem))


def read(header: Path) -> Tracing:
    """A record with its reference beats."""
    return read_any(header.read_bytes(), header.name, beside=Packed(header.parent))


def mitdb(data: Path) -> Iterator[tuple[str, Tracing]]:
    """The whole MIT-BIH records that are there, each once; extracts of them are none."""
    seen: set[str] = set()
    for header in headers(data):
        if header.stem not in MITDB - seen:
            continue
        try:
            tracing = read(header)
        except SourceUnreadable:
            continue  # a header of that name of another database, or without its signal
        if (tracing.rate_hz, len(tracing.channels), tracing.sample_count) == _MITDB_SHAPE:
            seen.add(header.stem)
            yield header.stem, tracing


def ludb(data: Path) -> list[Path]:
    """The headers of LUDB records: with limits marked lead by lead, in files named by the leads."""
    return [
        header
        for header in headers(data)
        if all(header.with_suffix(f".{lead}").exists() for lead in _LUDB_LEADS)
    ]
