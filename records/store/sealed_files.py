"""Files of a kind, each sealed under a resident's key, written once and never changed.

A file is its kind's magic, then what `records.store.vault.Cipher` seals, tied to its id. It is on the disk
when `write` returns. These functions block: they are for other threads than the event loop's.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple, Protocol

from records.ecg_studies import SampleSeal
from records.errors import NotFound, SealBroken, StoreReadOnly
from records.store.segment_files import FileOps, RealFiles, sync_directory


class Cipher(Protocol):
    """Seals what is written; `records.store.vault.Cipher` is one."""

    def seal(self, plaintext: bytes, aad: bytes) -> bytes: ...
    def open(self, sealed: bytes, aad: bytes) -> bytes: ...


class SealedKind(NamedTuple):
    """What tells the files of one kind from those of another."""

    magic: bytes
    suffix: str
    tied_to: bytes  # stands before the id in what the seal is tied to
    name: str  # in errors


class SealedFiles:
    """The files of one kind in one data directory."""

    def __init__(self, kind: SealedKind, directory: Path, files: FileOps | None = None) -> None:
        self._kind = kind
        self._directory = directory
        self._files = files or RealFiles()

    def write(self, file_id: str, content: bytes, cipher: Cipher) -> None:
        """Keep a file; on the disk when this returns.

        Raises
        ------
        StoreReadOnly : the disk refused; nothing of it is there then
        """
        path, sealed = self._path(file_id), self._kind.magic + cipher.seal(content, self._aad(file_id))
        try:
            self._files.make_directory(self._directory)
            descriptor = self._files.create(path)  # one that is there is never written over
            self._fill(path, descriptor, sealed)
        except OSError as error:
            raise StoreReadOnly(f"{self._kind.name} cannot be written: {error.strerror}") from error

    def _fill(self, path: Path, descriptor: int, sealed: bytes) -> None:
        try:
            self._files.write(descriptor, sealed)
            self._files.sync(descriptor)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        finally:
            self._files.close(descriptor)

    def read(self, file_id: str, seal: SampleSeal, cipher: Cipher) -> bytes:
        """The content, exactly as it was kept.

        Raises
        ------
        NotFound : there is no file
        SealBroken : it is not what was kept, or another's
        """
        try:
            data = self._path(file_id).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"the file of {self._kind.name} is gone") from None
        if not data.startswith(self._kind.magic):
            raise SealBroken(f"{len(data)} bytes are not {self._kind.name}, sealed")
        content = cipher.open(data[len(self._kind.magic) :], self._aad(file_id))
        if (len(content), hashlib.sha256(content).hexdigest()) != (seal.size_bytes, seal.sha256):
            raise SealBroken(f"{self._kind.name}: the bytes are not those that were kept")
        return content

    def remove(self, file_id: str) -> None:
        """Remove a file that was not filed after all."""
        self._path(file_id).unlink(missing_ok=True)
        if self._directory.is_dir():
            sync_directory(self._directory)

    def _path(self, file_id: str) -> Path:
        if not file_id.isalnum() or len(file_id) > 64:
            raise ValueError("an id has letters and digits only")
        return self._directory / (file_id + self._kind.suffix)

    def _aad(self, file_id: str) -> bytes:
        return self._kind.tied_to + b" " + file_id.encode()


ECG_STUDIES = SealedKind(b"ECS1", ".ecg", b"ecg study", "an ECG")
ULTRASOUND_CLIPS = SealedKind(b"USV1", ".clip", b"ultrasound clip", "a part of an ultrasound clip")
ULTRASOUND_STILLS = SealedKind(b"USS1", ".still", b"ultrasound still", "an ultrasound still")
