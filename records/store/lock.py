"""The lock on a data directory: one process has it."""

import fcntl
import os
from pathlib import Path

from records.errors import StoreLocked


class DirectoryLock:
    """Holds a data directory until `release` or the end of the process, however it ends."""

    def __init__(self, directory: Path) -> None:
        path = directory / "lock"
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            raise StoreLocked(f"process {holder or '?'} has {directory}; stop it first") from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let the next one have it. The file stays: removing it would let two lock different files."""
        os.close(self._descriptor)
