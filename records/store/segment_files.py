"""What the disk is asked for by sample files: few operations, so that a test can make each of them fail."""

import os
from pathlib import Path
from typing import Protocol


class FileOps(Protocol):
    """The disk, seen from the writing thread."""

    def make_directory(self, path: Path) -> None: ...
    def create(self, path: Path) -> int: ...
    def write(self, descriptor: int, data: bytes) -> None: ...
    def sync(self, descriptor: int) -> None: ...
    def cut(self, descriptor: int, size: int) -> None: ...
    def close(self, descriptor: int) -> None: ...
    def remove(self, path: Path) -> None: ...


class RealFiles:
    """The operating system's files; what was created is found again after a power cut."""

    def make_directory(self, path: Path) -> None:
        """Make a directory that only its owner reads, if there is none."""
        if not path.is_dir():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_directory(path.parent)

    def create(self, path: Path) -> int:
        """Make a new file; it must not exist."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        sync_directory(path.parent)
        return descriptor

    def write(self, descriptor: int, data: bytes) -> None:
        """Write all of it."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]

    def sync(self, descriptor: int) -> None:
        """Return when everything written is on the disk."""
        os.fdatasync(descriptor)

    def cut(self, descriptor: int, size: int) -> None:
        """Take away everything behind so many bytes; return when the disk has forgotten it."""
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        """Give the file back."""
        os.close(descriptor)

    def remove(self, path: Path) -> None:
        """Remove one file, or one empty directory."""
        path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)


def sync_directory(path: Path) -> None:
    """Return when the names in a directory are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
