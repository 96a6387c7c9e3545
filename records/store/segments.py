"""Durable samples in files, without SQL: the station's journal and the server's recordings alike.

One folder a stream, in it append-only segments (1 MiB or 60 s) of checksummed records. An append is
acknowledged after the sync that one thread makes for all that came in the meantime. Measured for
this layout: killed or cut off at any moment, no acknowledged sample was lost.
"""

import asyncio
import logging
import re
import threading
from array import array
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from ecg.ranges import SampleRange, SampleRanges
from records.errors import StoreError, StoreReadOnly
from records.store.segment_files import FileOps, RealFiles, sync_directory
from records.store.segment_records import (
    HEADER_BYTES,
    Record,
    associated_data,
    key_digest,
    pack_record,
    scan,
)
from records.store.segment_writer import (
    Job,
    SegmentWriter,
    Written,
    segment_name,
    segment_numbers,
)

log = logging.getLogger(__name__)

COMMIT_INTERVAL_S = 0.05
MAX_WAITING_BYTES = 64 << 20
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Cipher(Protocol):
    """Seals what is written; `records.store.vault.Cipher` is one."""

    def seal(self, plaintext: bytes, aad: bytes) -> bytes: ...
    def open(self, sealed: bytes, aad: bytes) -> bytes: ...


class _Place(NamedTuple):
    first: int
    samples: int
    segment: int
    payload_at: int
    payload_bytes: int


class _Index:
    """Where the records of a stream lie, by first sample, in 40 bytes a record."""

    def __init__(self) -> None:
        self._columns = tuple(array("Q") for _ in _Place._fields)
        self._longest = 0

    def add(self, place: _Place) -> None:
        firsts = self._columns[0]
        at = len(firsts) if not firsts or firsts[-1] <= place.first else bisect_left(firsts, place.first)
        for column, value in zip(self._columns, place, strict=True):
            column.insert(at, value)
        self._longest = max(self._longest, place.samples)

    def overlapping(self, first: int, count: int) -> list[_Place]:
        firsts = self._columns[0]
        low = bisect_left(firsts, max(0, first - self._longest))
        high = bisect_left(firsts, first + count)
        places = (_Place(*(column[k] for column in self._columns)) for k in range(low, high))
        return [place for place in places if place.first + place.samples > first]


class _Stream:
    """One stream's state; changed on the event loop only."""

    def __init__(self, folder: Path, digest: bytes, cipher: Cipher | None) -> None:
        self.folder = folder
        self.digest = digest
        self.cipher = cipher
        self.index = _Index()
        self.taken = SampleRanges()  # written or about to be
        self.durable = SampleRanges()
        self.notes: dict[bytes, int] = {}  # payload -> its first index; in order of writing

    def keep(self, record: Record, segment: int) -> None:
        self.index.add(_Place(record.first, record.count, segment, record.payload_at, record.payload_bytes))
        self.taken.add(record.first, record.count)
        self.durable.add(record.first, record.count)

    def seal(self, first: int, count: int, payload: bytes) -> bytes:
        if self.cipher is None:
            return payload
        return self.cipher.seal(payload, associated_data(self.digest, first, count))

    def open(self, first: int, count: int, payload: bytes) -> bytes:
        if self.cipher is None:
            return payload
        return self.cipher.open(payload, associated_data(self.digest, first, count))


class SampleFiles:
    """Streams of samples by key. Used from one event loop; the disk is touched in other threads.

    `cipher_for` gives the cipher of a key, or None for plain files; it is asked once a key.
    """

    def __init__(
        self,
        directory: Path,
        cipher_for: Callable[[str], Cipher | None],
        file_ops: FileOps | None = None,
        commit_interval_s: float = COMMIT_INTERVAL_S,
    ) -> None:
        self._directory = directory
        self._cipher_for = cipher_for
        files = file_ops or RealFiles()
        files.make_directory(directory)
        self._streams: dict[str, _Stream] = {}
        self._recovering = threading.Lock()  # nobody may write to a stream while its tail is examined
        self._waiting_bytes = 0
        self._writer = SegmentWriter(files, commit_interval_s)

    @classmethod
    async def open(
        cls,
        directory: Path,
        cipher_for: Callable[[str], Cipher | None],
        file_ops: FileOps | None = None,
        commit_interval_s: float = COMMIT_INTERVAL_S,
    ) -> Self:
        """Open a directory of streams. A stream is read, and a torn tail cut off, when it is first asked for.

        Raises
        ------
        OSError : the directory cannot be made
        """
        return await asyncio.to_thread(cls, directory, cipher_for, file_ops, commit_interval_s)

    async def close(self) -> None:
        """Write what was taken, then end the writing thread."""
        await asyncio.to_thread(self._writer.close)

    @property
    def read_only(self) -> bool:
        """True after a write failed: nothing is acknowledged any more."""
        return self._writer.fault is not None

    def keys(self) -> tuple[str, ...]:
        """Every stream that has a folder or was written to."""
        stored = {path.name for path in self._directory.iterdir() if path.is_dir()}
        return tuple(sorted(stored))

    async def append(self, key: str, first_index: int, count: int, payload: bytes) -> None:
        """Keep a payload of `count` samples from `first_index` on; returns once it is synced to disk.

        A repeat of samples that are there is done already. `count` 0 keeps a note (see `notes`).

        Raises
        ------
        StoreReadOnly : a write failed, now or before; this payload is not kept
        StoreError : more than 64 MiB wait for the disk
        """
        await self._load(key)
        await self.append_soon(key, first_index, count, payload)

    def append_soon(self, key: str, first_index: int, count: int, payload: bytes) -> "asyncio.Future[None]":
        """Like `append`, but returns at once; the future is done when the payload is synced to disk."""
        stream = self._stream(key)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._writer.fault is not None:
            future.set_exception(self._writer.fault)
        elif self._is_repeat(stream, first_index, count, payload):
            self._wait_for_earlier(stream, future)
        else:
            self._write(stream, first_index, count, payload, future)
        return future

    async def read(self, key: str, first: int, count: int) -> list[bytes]:
        """Every payload that holds any of these samples, by first index; they may overlap.

        Raises
        ------
        SealBroken : a payload was sealed by another key
        """
        stream = await self._load(key)
        places = stream.index.overlapping(first, count)
        sealed = await asyncio.to_thread(_read_places, stream.folder, places)
        return [
            stream.open(place.first, place.samples, data) for place, data in zip(places, sealed, strict=True)
        ]

    async def notes(self, key: str) -> list[bytes]:
        """The payloads that were kept with `count` 0, in the order they came; each different one once."""
        return list((await self._load(key)).notes)

    def contiguous_end(self, key: str) -> int:
        """Samples synced to disk without a gap from index 0."""
        return self._stream(key).durable.contiguous_end

    def end(self, key: str) -> int:
        """The index after the last sample synced to disk."""
        return self._stream(key).durable.end

    def missing(self, key: str) -> tuple[SampleRange, ...]:
        """The gaps before `end`."""
        durable = self._stream(key).durable
        return durable.missing(0, durable.end)

    def changed_s(self, key: str) -> float:
        """When something was last written to a stream, seconds since 1970; 0 when there is none."""
        folder = self._directory / key
        numbers = segment_numbers(folder)
        return (folder / segment_name(numbers[-1])).stat().st_mtime if numbers else 0.0

    async def remove(self, key: str) -> None:
        """Remove a stream and its files, after everything that was taken before.

        Raises
        ------
        StoreReadOnly : the store writes nothing any more
        """
        stream = await self._load(key)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        job = Job(stream.folder, b"", lambda _, fault: _settle_soon(loop, future, fault), remove=True)
        self._writer.put(job)
        await future
        self._streams.pop(key, None)

    # --- writing ----------------------------------------------------------------------------------------

    def _is_repeat(self, stream: _Stream, first: int, count: int, payload: bytes) -> bool:
        if count == 0:
            return payload in stream.notes
        return not stream.taken.missing(first, first + count)

    def _wait_for_earlier(self, stream: _Stream, future: "asyncio.Future[None]") -> None:
        """The repeated samples may still be on their way to the disk."""
        loop = asyncio.get_running_loop()
        self._writer.put(Job(stream.folder, b"", lambda _, fault: _settle_soon(loop, future, fault)))

    def _write(
        self, stream: _Stream, first: int, count: int, payload: bytes, future: "asyncio.Future[None]"
    ) -> None:
        record = pack_record(stream.digest, first, count, stream.seal(first, count, payload))
        if self._waiting_bytes + len(record) > MAX_WAITING_BYTES:
            future.set_exception(StoreError(f"{self._waiting_bytes} bytes wait for the disk already"))
            return
        loop = asyncio.get_running_loop()
        self._waiting_bytes += len(record)
        stream.taken.add(first, count)
        if count == 0:
            stream.notes[payload] = first

        def synced(written: Written | None, fault: StoreReadOnly | None) -> None:
            self._waiting_bytes -= len(record)
            if written is not None and count:
                payload_at = written.at + HEADER_BYTES
                where = Record(first, count, payload_at, len(record) - HEADER_BYTES)
                stream.keep(where, written.segment)
            _settle(future, fault)

        def done(written: Written | None, fault: StoreReadOnly | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(synced, written, fault)

        self._writer.put(Job(stream.folder, record, done))

    # --- reading what is there --------------------------------------------------------------------------

    async def _load(self, key: str) -> _Stream:
        found = self._streams.get(key)
        return found if found is not None else await asyncio.to_thread(self._stream, key)

    def _stream(self, key: str) -> _Stream:
        if key in self._streams:
            return self._streams[key]
        with self._recovering:
            if key not in self._streams:
                self._streams[key] = self._recover(key)
            return self._streams[key]

    def _recover(self, key: str) -> _Stream:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key[:80]!r} is no stream key: 1 to 64 letters, digits, - and _")
        stream = _Stream(self._directory / key, key_digest(key), self._cipher_for(key))
        for number in segment_numbers(stream.folder):
            _recover_segment(stream, number)
        return stream


def _recover_segment(stream: _Stream, number: int) -> None:
    path = stream.folder / segment_name(number)
    data = path.read_bytes()
    whole = 0
    for record in scan(data, stream.digest):
        whole = record.payload_at + record.payload_bytes
        if record.count:
            stream.keep(record, number)
        else:
            payload = data[record.payload_at : whole]
            stream.notes[stream.open(record.first, 0, payload)] = record.first
    if whole < len(data):
        _cut(path, data, whole)


def _cut(path: Path, data: bytes, whole: int) -> None:
    """Take what is not a record off a segment's end and put it beside, for whoever wants to look."""
    log.warning("%s: %d bytes after %d are no record; put aside", path.name, len(data) - whole, whole)
    beside = path.with_suffix(f".torn-{whole}")
    try:
        beside.write_bytes(data[whole:])
        with path.open("r+b") as file:
            file.truncate(whole)
        sync_directory(path.parent)
    except OSError as error:
        # Nothing is ever appended behind it, so a tail that stays does no harm.
        log.warning("%s: its torn end stays: %s", path.name, error.strerror)


def _read_places(folder: Path, places: list[_Place]) -> list[bytes]:
    found: list[bytes] = []
    number, file = -1, None
    try:
        for place in places:
            if place.segment != number:
                if file is not None:
                    file.close()
                number, file = place.segment, (folder / segment_name(place.segment)).open("rb")
            assert file is not None
            file.seek(place.payload_at)
            found.append(file.read(place.payload_bytes))
    finally:
        if file is not None:
            file.close()
    return found


def _settle_soon(
    loop: asyncio.AbstractEventLoop, future: "asyncio.Future[None]", fault: StoreReadOnly | None
) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(_settle, future, fault)


def _settle(future: "asyncio.Future[None]", fault: StoreReadOnly | None) -> None:
    if future.done():
        return
    if fault is None:
        future.set_result(None)
    else:
        future.set_exception(fault)
