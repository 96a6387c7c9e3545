"""A tape as one append-only file of sealed fragments: written, recovered after a crash, and read.

A fragment is on the disk when `TapeWriter.append` returns: what a kill -9 costs is what was not yet in one.
"""

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile
from pathlib import Path
from typing import NamedTuple

from records.errors import StoreError, StoreReadOnly
from records.store.segment_files import FileOps, RealFiles, sync_directory
from records.store.tape_ends import backwards, read_whole
from records.store.tape_fragments import (
    DIGEST_BYTES,
    FIRST,
    HEAD_BYTES,
    Cipher,
    FragmentHead,
    Loss,
    Summary,
    open_body,
    open_summary,
    write_fragment,
)
from records.tape_records import RecordKind, TapeRecord, split_records
from records.tapes import TapeSeal

log = logging.getLogger(__name__)
SUFFIX = ".tape"
OUT_OF_ORDER_US = 1_000_000
"""So much later than what lies behind it nothing on a tape is: packets and acts come by two sockets."""


class Place(NamedTuple):
    """Where a fragment lies in its file."""

    at: int
    head: FragmentHead


def tape_path(directory: Path, tape_id: str) -> Path:
    """The file of a tape."""
    if not tape_id.isalnum() or len(tape_id) > 64:
        raise ValueError("a tape's id has letters and digits only")
    return directory / (tape_id + SUFFIX)


def scan(path: Path) -> tuple[list[Place], bytes, int]:
    """Every whole fragment in order, the digest of the last, and where the whole part ends. Needs no key."""
    places: list[Place] = []
    previous, at = FIRST, 0
    with path.open("rb") as file:
        while (found := read_whole(file, at)) is not None:
            if found.head.number != len(places) or found.head.previous != previous:
                break
            places.append(Place(at, found.head))
            previous, at = found.digest, found.end
    return places, previous, at


def resume(path: Path) -> tuple[int, bytes]:
    """Where a tape goes on: the number of its next fragment, and the digest before that. Needs no key.

    Reads the end alone, however long the tape is; a torn end is put aside. Raises `StoreError` when the disk
    refuses.
    """
    if not path.exists():
        return 0, FIRST
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            last = next(backwards(file, size), None)
        whole = last.end if last else 0
        if whole < size:
            log.warning("%s: %d bytes after %d are no fragment; put aside", path.name, size - whole, whole)
            _cut(path, whole)
    except OSError as error:
        raise StoreError(f"a tape cannot be recovered: {error.strerror}") from error
    return (last.head.number + 1, last.digest) if last else (0, FIRST)


def recover(path: Path) -> tuple[list[Place], bytes]:
    """What of a tape is whole, read from its first byte on; what is behind a fault is put aside.

    Raises `StoreError` when the disk refuses.
    """
    if not path.exists():
        return [], FIRST
    try:
        places, digest, whole = scan(path)
        size = path.stat().st_size
        if whole < size:
            log.warning("%s: %d bytes after %d are no fragment; put aside", path.name, size - whole, whole)
            _cut(path, whole)
    except OSError as error:
        raise StoreError(f"a tape cannot be recovered: {error.strerror}") from error
    return places, digest


def _cut(path: Path, whole: int) -> None:
    with path.open("r+b") as file:
        file.seek(whole)
        path.with_suffix(f".torn-{whole}").write_bytes(file.read())
        file.truncate(whole)
        os.fsync(file.fileno())
    sync_directory(path.parent)


def seal_of(path: Path) -> TapeSeal:
    """Read all of a tape, and tell what it is held to from now on. Needs no key."""
    places, digest = recover(path)
    heads = [place.head for place in places]
    return TapeSeal(
        fragments=len(heads),
        size_bytes=sum(head.size for head in heads),
        digest=digest.hex() if heads else "",
        begin_us=min((head.begin_us for head in heads), default=None),
        end_us=max((head.end_us for head in heads), default=None),
    )


def check_seal(path: Path, seal: TapeSeal) -> bool:
    """Whether a tape is still exactly what was sealed."""
    if not path.exists():
        return seal.fragments == 0
    return _is_sealed(path, seal, *scan(path))


def _is_sealed(path: Path, seal: TapeSeal, places: Sequence[Place], digest: bytes, whole: int) -> bool:
    return (len(places), whole, digest.hex() if places else "") == (
        seal.fragments,
        seal.size_bytes,
        seal.digest,
    ) and path.stat().st_size == whole


class TapeWriter:
    """Appends fragments to one tape, going on where it broke off. Used from one thread."""

    def __init__(self, path: Path, tape_id: str, cipher: Cipher, files: FileOps | None = None) -> None:
        self._path, self._tape_id, self._cipher = path, tape_id, cipher
        self._files = files or RealFiles()
        self._number, self._previous = resume(path)
        if path.exists():
            self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
        else:
            self._files.make_directory(path.parent)
            self._descriptor = self._files.create(path)

    def append(self, records: Iterable[bytes]) -> FragmentHead:
        """Write one fragment; it is on the disk when this returns.

        Raises
        ------
        StoreReadOnly : the disk refused; nothing may be written after it
        """
        fragment, head = write_fragment(self._tape_id, self._number, self._previous, records, self._cipher)
        try:
            self._files.write(self._descriptor, fragment)
            self._files.sync(self._descriptor)
        except OSError as error:
            raise StoreReadOnly(f"a tape cannot be written: {error.strerror}") from error
        self._number += 1
        self._previous = fragment[-DIGEST_BYTES:]
        return head

    def take_back(self, after_us: int) -> list[bytes]:
        """Cut the tape before the first fragment with anything later than a moment; the records cut off.

        What of them may stay is to be appended again.

        Raises
        ------
        StoreError : the disk refused, or what is cut off cannot be read
        """
        try:
            cut = self._later_than(after_us)
            if not cut:
                return []
            summaries = list(_summaries(self._path, self._tape_id, cut, self._cipher))
            bodies = list(_bodies(self._path, self._tape_id, cut, self._cipher))
            self._files.cut(self._descriptor, cut[0].at)
        except OSError as error:
            raise StoreReadOnly(f"a tape cannot be cut: {error.strerror}") from error
        self._number, self._previous = cut[0].head.number, cut[0].head.previous
        parts = zip(summaries, bodies, strict=True)
        return [record for summary, body in parts for record in _records_of(summary, body)]

    def _later_than(self, after_us: int) -> list[Place]:
        """The fragments from the first with anything later on, found from the end."""
        found: list[Place] = []
        with self._path.open("rb") as file:
            for one in backwards(file, self._path.stat().st_size):
                if one.head.end_us <= after_us - OUT_OF_ORDER_US:
                    break
                found.insert(0, Place(one.at, one.head))
        return list(dropwhile(lambda place: place.head.end_us <= after_us, found))

    def close(self) -> None:
        """Give the file back."""
        self._files.close(self._descriptor)


class TapeFile:
    """A tape that is read; opening it reads all of it once. Blocks: not for the event loop's thread."""

    def __init__(self, path: Path, tape_id: str, cipher: Cipher) -> None:
        self._path, self._tape_id, self._cipher = path, tape_id, cipher
        self.places, self._digest, self._whole = scan(path)

    def is_sealed(self, seal: TapeSeal) -> bool:
        """Whether it is still exactly what was sealed."""
        return _is_sealed(self._path, seal, self.places, self._digest, self._whole)

    def summaries(self) -> list[Summary]:
        """What stands on each fragment, without reading the bodies."""
        return list(_summaries(self._path, self._tape_id, self.places, self._cipher))

    def bodies(self, begin_us: int, end_us: int) -> Iterator[bytes]:
        """The bodies of every fragment that has anything between two moments, in order."""
        places = [one for one in self.places if one.head.begin_us <= end_us and one.head.end_us >= begin_us]
        yield from _bodies(self._path, self._tape_id, places, self._cipher)


def _summaries(path: Path, tape_id: str, places: Sequence[Place], cipher: Cipher) -> Iterator[Summary]:
    with path.open("rb") as file:
        for place in places:
            file.seek(place.at + HEAD_BYTES)
            yield open_summary(tape_id, place.head, file.read(place.head.summary_bytes), cipher)


def _bodies(path: Path, tape_id: str, places: Sequence[Place], cipher: Cipher) -> Iterator[bytes]:
    with path.open("rb") as file:
        for place in places:
            file.seek(place.at + HEAD_BYTES + place.head.summary_bytes)
            sealed = file.read(place.head.body_bytes)
            yield open_body(tape_id, place.head, sealed, cipher)


def _records_of(summary: Summary, body: bytes) -> list[bytes]:
    """The records a fragment was written from: acts lie in its summary alone, the losses before them too."""
    records = list(split_records(body))
    losses = list(summary.losses)
    for record in records:
        if record.lost:
            losses.remove(Loss(record.at_us, record.lost))
    records += [TapeRecord(RecordKind.LOSS, 0, 0, loss.records, 0, loss.at_us, b"") for loss in losses]
    records += [TapeRecord(RecordKind.ACT, 0, 0, 0, 0, act.at_us, act.message) for act in summary.acts]
    return [record.pack() for record in records]
