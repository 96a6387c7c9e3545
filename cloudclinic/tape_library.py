"""The tapes on disk as the web room uses them: what is on one, its frames, its export, its deletion.

Everything is opened under the resident's key, read in another thread, and nothing of it is ever written.
"""

import asyncio
import json
import struct
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from cloudclinic.tape_clocks import Clocks, clocks_of
from cloudclinic.tape_tracks import PlacedFrame, Track, frames_of, tracks_of
from media.layout import Codec
from records.errors import NotFound, StoreError
from records.ids import ResidentId, TapeId
from records.store.segment_files import sync_directory
from records.store.tape_files import SUFFIX, TapeFile, tape_path
from records.store.tape_fragments import Summary
from records.store.vault import Cipher
from records.tapes import Tape
from web.routes.tapes import TapeAct, TapeContents, TapeLoss, TapeTrack

KEPT_OPEN = 4
EXPORT_CHUNK_BYTES = 64 << 10
_FRAME = struct.Struct("<IBBHIQQ")
_CODECS = {Codec.OPUS: 0, Codec.VP8: 1, Codec.H264_CB: 2, Codec.H264_B: 2}


class _Opened(NamedTuple):
    file: TapeFile
    tracks: list[Track]
    clocks: Clocks
    contents: TapeContents
    whole: bool


class TapeLibrary:
    """Implements `web.ports.TapeLibrary`."""

    def __init__(
        self,
        directory: Path,
        cipher: Callable[[ResidentId], Awaitable[Cipher]],
        data_key: Callable[[ResidentId], Awaitable[bytes]],
    ) -> None:
        self._directory, self._cipher, self._data_key = directory, cipher, data_key
        self._opened: OrderedDict[TapeId, _Opened] = OrderedDict()

    async def contents(self, tape: Tape) -> tuple[TapeContents, bool]:
        """What is on a tape, and whether it is exactly what was sealed. Raises `NotFound`, `StoreError`."""
        opened = await self._open(tape)
        return opened.contents, opened.whole

    async def frames(self, tape: Tape, track: int, begin_us: int, end_us: int) -> bytes:
        """The frames of a track between two moments, and those a decoder needs before them."""
        opened = await self._open(tape)
        found = _track(opened, track)
        placed = await asyncio.to_thread(frames_of, opened.file, found, opened.clocks, begin_us, end_us)
        return b"".join(map(_framed, placed))

    async def export(self, tape: Tape, track: int) -> AsyncIterator[bytes]:
        """A track as a file, laid out by a process of its own; nothing is encoded anew."""
        _track(await self._open(tape), track)
        key = await self._data_key(tape.resident_id)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cloudclinic.tape_export", "--tape", tape.id, "--track", str(track)),
            *("--file", str(tape_path(self._directory, tape.id))),
            *(("--simulated",) if tape.simulated else ()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(key.hex().encode() + b"\n")
            process.stdin.close()
            while chunk := await process.stdout.read(EXPORT_CHUNK_BYTES):
                yield chunk
            if await process.wait() != 0:
                raise StoreError("a track could not be laid into a file")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def stored(self) -> tuple[TapeId, ...]:
        """Every tape with content on the disk."""
        return await asyncio.to_thread(_stored, self._directory)

    async def delete(self, tape_id: TapeId) -> None:
        """Remove a tape's content from the disk; one that is gone is deleted."""
        self._opened.pop(tape_id, None)
        await asyncio.to_thread(_remove, tape_path(self._directory, tape_id))

    async def _open(self, tape: Tape) -> _Opened:
        if not tape.playable or tape.seal is None:
            raise NotFound("tapes: nothing to play")
        if tape.id not in self._opened:
            cipher = await self._cipher(tape.resident_id)
            self._opened[tape.id] = await asyncio.to_thread(_opened, self._directory, tape, cipher)
        self._opened.move_to_end(tape.id)
        while len(self._opened) > KEPT_OPEN:
            self._opened.popitem(last=False)
        return self._opened[tape.id]


def _opened(directory: Path, tape: Tape, cipher: Cipher) -> _Opened:
    path = tape_path(directory, tape.id)
    if tape.seal is None or not path.exists():
        raise NotFound("tapes: its file is gone")
    file = TapeFile(path, tape.id, cipher)
    read = file.summaries()
    begins = [place.head.begin_us for place in file.places]
    summaries = list(zip(begins, read, strict=True))
    tracks = tracks_of(summaries)
    contents = TapeContents(
        begin_us=min(begins, default=0),
        end_us=max((place.head.end_us for place in file.places), default=0),
        tracks=tuple(_shown(track) for track in tracks),
        acts=tuple(_acts(read)),
        losses=tuple(TapeLoss(at_us=loss.at_us, records=loss.records) for one in read for loss in one.losses),
    )
    return _Opened(file, tracks, clocks_of(summaries), contents, file.is_sealed(tape.seal))


def _acts(summaries: list[Summary]) -> list[TapeAct]:
    acts = [
        TapeAct(at_us=act.at_us, message=json.loads(act.message)) for one in summaries for act in one.acts
    ]
    return sorted(acts, key=lambda act: act.at_us)


def _shown(track: Track) -> TapeTrack:
    return TapeTrack(
        number=track.number,
        participant_id=track.participant_id,
        kind=track.kind,
        begin_us=track.begin_us,
        end_us=track.end_us,
        packets=track.packets,
        keys_us=tuple(track.keys_us),
    )


def _track(opened: _Opened, number: int) -> Track:
    found = next((one for one in opened.tracks if one.number == number), None)
    if found is None:
        raise NotFound("tapes: no such track")
    return found


def _framed(placed: PlacedFrame) -> bytes:
    frame = placed.frame
    flags = frame.is_key | frame.gap_before << 1
    head = _FRAME.pack(
        len(frame.data),
        flags,
        _CODECS[frame.codec],
        0,
        frame.timestamp,
        max(0, placed.at_us),
        max(0, frame.capture_us or 0),
    )
    return head + frame.data


def _stored(directory: Path) -> tuple[TapeId, ...]:
    return tuple(sorted(TapeId(path.stem) for path in directory.glob("*" + SUFFIX)))


def _remove(path: Path) -> None:
    for one in (path, *path.parent.glob(path.stem + ".torn-*")):
        one.unlink(missing_ok=True)
    if path.parent.is_dir():
        sync_directory(path.parent)
