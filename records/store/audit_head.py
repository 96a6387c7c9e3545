"""The ends of the audit chain, noted outside the database, so that a cut tail is found.

A line for every transaction that added entries: the number and hash of its last one, synced to disk after
the commit. All lines are kept: a chain that was cut and grown again does not fit the older ones.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from records.audit import FIRST_HASH, AuditEntry


class AuditHead:
    """The file of noted ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._end_a_torn_line()

    def begin(self) -> None:
        """Note the end of an empty chain; a file without this line was begun anew."""
        if self._path.stat().st_size == 0:
            self._append(0, FIRST_HASH)

    def note(self, entry: AuditEntry) -> None:
        """Note the end of the chain; on disk when this returns."""
        self._append(entry.seq, entry.hash)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _append(self, seq: int, digest: str) -> None:
        os.write(self._descriptor, f"{seq} {digest}\n".encode())
        os.fdatasync(self._descriptor)

    def _end_a_torn_line(self) -> None:
        content = self._path.read_bytes()
        if content and not content.endswith(b"\n"):
            os.write(self._descriptor, b"\n")


def noted_ends(path: Path) -> Iterator[tuple[int, str]]:
    """The noted numbers and hashes, oldest first; lines a power cut tore are passed over."""
    for line in path.read_text("ascii", "replace").splitlines():
        seq, _, digest = line.partition(" ")
        if seq.isdigit() and len(digest) == 64:
            yield int(seq), digest
