"""The ECG journal: every sample is here before it is sent, and stays until the server has it for good."""

import asyncio
import base64
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar

from ecg import wire
from ecg.digest import StreamDigest
from ecg.sample_codecs import Codec
from ecg.wire import Wave
from records.errors import KeyMissing
from records.ids import BindingId
from records.store.lock import DirectoryLock
from records.store.segments import SampleFiles
from records.store.vault import KEY_BYTES, Cipher

log = logging.getLogger(__name__)
T = TypeVar("T")

KEPT_S = 600.0
"""A finished stream stays this long after everything of it was acknowledged."""

_DELIVERED = b"delivered"
_READ_SAMPLES = 20_000


class Journal:
    """All streams this station has journaled, by binding; sealed under a key file beside them."""

    def __init__(self, files: SampleFiles, lock: DirectoryLock) -> None:
        self._files = files
        self._lock = lock
        self._last_write: dict[BindingId, asyncio.Future[None]] = {}
        self.fault = ""

    @classmethod
    async def open(cls, directory: Path) -> Self:
        """Open or make the journal in a directory.

        Raises
        ------
        KeyMissing : the key file is not one
        StoreLocked : another station has the directory
        OSError : the directory cannot be used
        """
        lock = await asyncio.to_thread(_lock, directory)
        try:
            cipher = await asyncio.to_thread(_read_key, directory)
            return cls(await SampleFiles.open(directory / "streams", lambda _: cipher), lock)
        except BaseException:
            lock.release()
            raise

    async def close(self) -> None:
        """Write what was taken."""
        await self._files.close()
        self._lock.release()

    async def unfinished(self) -> tuple[BindingId, ...]:
        """The bindings whose samples are not all acknowledged."""
        found = []
        for key in self._files.keys():
            notes = await self._files.notes(key)
            if notes and _DELIVERED not in notes:
                found.append(BindingId(key))
        return tuple(found)

    async def meta(self, binding_id: BindingId) -> wire.Meta | None:
        """The stream's description; None before `begin`."""
        return await self._note(binding_id, wire.Meta)

    async def end_packet(self, binding_id: BindingId) -> wire.End | None:
        """How the stream ended; None while it goes on."""
        return await self._note(binding_id, wire.End)

    async def begin(self, binding_id: BindingId, meta: wire.Meta) -> None:
        """Begin a stream; returns when that is on the disk."""
        await self._files.append(binding_id, 0, 0, wire.encode(meta))

    def add(self, binding_id: BindingId, piece: Wave) -> None:
        """Journal a piece; it is on the disk within 50 ms (`durable_end`)."""
        written = self._files.append_soon(
            binding_id, piece.first_index, piece.sample_count, wire.encode(piece, _codec(piece))
        )
        written.add_done_callback(self._note_fault)
        self._last_write[binding_id] = written

    async def finish(self, binding_id: BindingId) -> None:
        """End a stream with the number and the hash of what is journaled; a second time does nothing."""
        if await self.end_packet(binding_id) is not None:
            return
        meta = await self.meta(binding_id)
        if meta is None:
            return
        if (last := self._last_write.pop(binding_id, None)) is not None:
            await last  # what is not on the disk yet belongs to the stream as well
        digest = await self._digest(binding_id)
        end = wire.End(stream_id=meta.stream_id, total=digest.total, sha256=digest.sha256())
        await self._files.append(binding_id, digest.total, 0, wire.encode(end))

    async def _digest(self, binding_id: BindingId) -> StreamDigest:
        digest = StreamDigest()
        while waves := await self.read(binding_id, digest.total, _READ_SAMPLES):
            before = digest.total
            for wave in waves:
                if wave.first_index <= digest.total < wave.end_index:
                    digest.add(wave.samples[:, digest.total - wave.first_index :])
            if digest.total == before:
                break
        return digest

    def durable_end(self, binding_id: BindingId) -> int:
        """Samples on the disk without a gap."""
        return self._files.contiguous_end(binding_id)

    async def read(self, binding_id: BindingId, first: int, count: int) -> list[Wave]:
        """The journaled pieces that hold any of these samples, in order."""
        waves = []
        for payload in await self._files.read(binding_id, first, count):
            packet = wire.decode(payload)
            assert isinstance(packet, Wave)
            waves.append(packet)
        return waves

    async def delivered(self, binding_id: BindingId) -> None:
        """Note that the server has everything; the samples stay for ten minutes more."""
        await self._files.append(binding_id, 0, 0, _DELIVERED)

    async def clean(self, unix_s: Callable[[], float]) -> None:
        """Remove what was delivered ten minutes ago or earlier."""
        for key in self._files.keys():
            if _DELIVERED not in await self._files.notes(key):
                continue
            if unix_s() - self._files.changed_s(key) >= KEPT_S:
                await self._files.remove(key)

    async def _note(self, binding_id: BindingId, kind: type[T]) -> T | None:
        for note in await self._files.notes(binding_id):
            if note != _DELIVERED and isinstance(packet := wire.decode(note), kind):
                return packet
        return None

    def _note_fault(self, written: "asyncio.Future[None]") -> None:
        if not written.cancelled() and (error := written.exception()) is not None and not self.fault:
            self.fault = f"ecg journal: {error}"
            log.error("%s", self.fault)


def _codec(piece: Wave) -> Codec:
    return Codec.DELTA_DEFLATE if piece.samples.size > 12_000 else Codec.RAW


def _lock(directory: Path) -> DirectoryLock:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return DirectoryLock(directory)


def _read_key(directory: Path) -> Cipher:
    path = directory / "journal.key"
    if not path.exists():
        _make_key(path)
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyMissing(f"{path} does not hold a key: {KEY_BYTES} bytes in base64")
    return Cipher(key)


def _make_key(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
