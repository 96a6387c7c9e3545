"""The recorder processes as signaling sees them: started, told acts, ended, sealed."""

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from records.errors import StoreError
from records.ids import ResidentId, TapeId
from records.store.tape_files import seal_of, tape_path
from records.tape_records import RecordKind, pack_head
from records.tapes import Tape, TapeSeal
from signaling.ports import RecorderUnavailable

log = logging.getLogger(__name__)

START_LIMIT_S = 15.0
STOP_LIMIT_S = 10.0


class _Recorder:
    """One running process, and the socket acts go to it by."""

    def __init__(self, process: asyncio.subprocess.Process, acts: socket.socket) -> None:
        self.process = process
        self.acts = acts
        self.lost = 0

    def act(self, at_us: int, message: bytes) -> None:
        head = pack_head(RecordKind.ACT, 0, 0, self.lost, 0, at_us)
        try:
            self.acts.send(head + message)
            self.lost = 0
        except OSError:  # its buffer is full, or it died: never waited for
            self.lost += 1

    def close(self) -> None:
        self.acts.close()
        if self.process.stdin is not None:
            self.process.stdin.close()


class TapeRecorderProcesses:
    """Implements `signaling.ports.TapeRecorders`. `data_key` gives a resident's key, for one process alone.

    `sockets` must be a short path: a Unix socket's has at most 107 bytes.
    """

    def __init__(
        self, directory: Path, sockets: Path, data_key: Callable[[ResidentId], Awaitable[bytes]]
    ) -> None:
        self._directory, self._sockets, self._data_key = directory, sockets, data_key
        self._running: dict[TapeId, _Recorder] = {}

    def pid(self, tape_id: TapeId) -> int | None:
        """Of the process that records a tape now."""
        recorder = self._running.get(tape_id)
        return recorder.process.pid if recorder is not None else None

    async def start(self, tape: Tape, epoch_us: int) -> str:
        """See `signaling.ports.TapeRecorders.start`."""
        earlier = self._running.pop(tape.id, None)
        if earlier is not None:
            await self._ended(earlier)
        path = self._sockets / f"tape-{tape.id[-8:]}.sock"
        path.unlink(missing_ok=True)
        key = await self._data_key(tape.resident_id)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cloudclinic.recorder", "--socket", str(path)),
            *("--file", str(tape_path(self._directory, tape.id)), "--tape", tape.id),
            *("--epoch-us", str(epoch_us)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(START_LIMIT_S):
                self._running[tape.id] = await _listening(process, key, path)
        except (TimeoutError, OSError, RecorderUnavailable) as error:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise RecorderUnavailable(f"the recorder did not come up: {type(error).__name__}") from error
        return str(path)

    def alive(self, tape_id: TapeId) -> bool:
        """See `signaling.ports.TapeRecorders.alive`."""
        recorder = self._running.get(tape_id)
        return recorder is not None and recorder.process.returncode is None

    def act(self, tape_id: TapeId, at_us: int, message: bytes) -> None:
        """See `signaling.ports.TapeRecorders.act`."""
        recorder = self._running.get(tape_id)
        if recorder is not None:
            recorder.act(at_us, message)

    async def stop(self, tape_id: TapeId, until_us: int) -> None:
        """See `signaling.ports.TapeRecorders.stop`."""
        recorder = self._running.pop(tape_id, None)
        if recorder is None:
            raise RecorderUnavailable("nothing records that tape")
        if recorder.process.stdin is not None:
            recorder.process.stdin.write(b"%d\n" % until_us)
        await self._ended(recorder)

    async def seal(self, tape_id: TapeId) -> TapeSeal:
        """See `signaling.ports.TapeRecorders.seal`."""
        try:
            return await asyncio.to_thread(seal_of, tape_path(self._directory, tape_id))
        except StoreError as error:
            raise RecorderUnavailable(str(error)) from error

    async def close(self) -> None:
        """End every recorder that still runs."""
        for tape_id in list(self._running):
            await self._ended(self._running.pop(tape_id))

    async def _ended(self, recorder: _Recorder) -> None:
        recorder.close()
        try:
            async with asyncio.timeout(STOP_LIMIT_S):
                await recorder.process.wait()
        except TimeoutError:
            log.error("a recorder did not end within %.0f s; killed", STOP_LIMIT_S)
            recorder.process.kill()
            await recorder.process.wait()


async def _listening(process: asyncio.subprocess.Process, key: bytes, path: Path) -> _Recorder:
    """Give the process its key, wait until it listens, connect."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(key.hex().encode() + b"\n")
    await process.stdin.drain()
    if await process.stdout.readline() != b"ready\n":
        raise RecorderUnavailable("the recorder ended instead of starting")
    acts = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    acts.setblocking(False)
    acts.connect(str(path))
    return _Recorder(process, acts)
