"""The files that lie beside the one that was named: a WFDB record is several files."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from ecg.errors import SourceUnreadable

MAX_FILE_BYTES = 128 << 20


class Companions(Protocol):
    """Where a reader finds the other files of a record."""

    def read(self, name: str) -> bytes | None:
        """The whole file of this name; None when there is none. Raises SourceUnreadable when too large."""


class InMemory:
    """Companions that were handed over together with the file."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def read(self, name: str) -> bytes | None:
        """The file of this name."""
        return self._files.get(name)


class BesideFile:
    """Companions in the folder of a file, and in no other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes | None:
        """The file of this name; a name that leads out of the folder is refused."""
        if not is_plain_name(name):
            raise SourceUnreadable(f"{name[:40]!r} names no file in the folder of the record")
        path = self._folder / name
        return read_file(path) if path.exists() else None


def is_plain_name(name: str) -> bool:
    """Whether it names a file in a folder, not a way out of it, in letters that can be shown."""
    return name not in ("", ".", "..") and name.isprintable() and not set(name) & {"/", "\\", ":"}


def read_file(path: Path) -> bytes:
    """A regular file as bytes; SourceUnreadable when it cannot be opened, is none or is too large."""
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SourceUnreadable(f"{path.name}: not a regular file")
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as fault:
        raise SourceUnreadable(f"{path.name}: cannot be opened ({fault.strerror})") from None
    if len(data) > MAX_FILE_BYTES:
        raise SourceUnreadable(f"{path.name}: larger than {MAX_FILE_BYTES} bytes")
    return data


def _open_at_once(path: str, flags: int) -> int:
    # A named pipe without a writer would otherwise hold the caller for ever.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
