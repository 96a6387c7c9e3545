"""Work on what strangers wrote, in a process of its own: bytes in, bytes out, under limits.

The process gets an empty environment, no file descriptor but its three pipes and those it is handed, no right
to write a file or to start another process unless it is given, so much memory and so much time. It is given
its request, and with it the foreign bytes, only once the limits hold. Whatever it does, this process goes on.
"""

import asyncio
import contextlib
import enum
import os
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from records.errors import RecordsError

_CHUNK_BYTES = 1 << 16
_OURS = str(Path(__file__).resolve().parents[2])


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may take."""

    memory_bytes: int = 1 << 30  # of address space: a reader takes half of it (docs/ecg-files.md)
    data_bytes: int | None = None  # of it that can be written to; libraries take much that cannot
    cpu_s: int = 20
    wall_s: float = 40.0  # on a machine that has other work as well
    answer_bytes: int = 128 << 20
    file_bytes: int = 0  # the longest file it may write
    threads: bool = False  # whether it may start threads, and with them processes


DEFAULT_LIMITS = Limits()


class Why(enum.StrEnum):
    """Why work that was done apart has no result."""

    TOO_LONG = "too_long"
    BROKE_OFF = "broke_off"  # it died: out of memory, or a fault of ours
    ANSWER_TOO_LARGE = "answer_too_large"
    NOT_STARTED = "not_started"
    BUSY = "busy"  # too much waits already


class WorkFailed(RecordsError):
    """Work that was done apart has no result; `why` says how it ended, never what it worked on."""

    def __init__(self, why: Why) -> None:
        super().__init__(f"work done apart ended without a result: {why}")
        self.why = why


async def work_apart(
    module: str, request: bytes, limits: Limits = DEFAULT_LIMITS, descriptors: Sequence[int] = ()
) -> bytes:
    """Run `python -m module`, give it `request` on standard input, and return its standard output.

    `descriptors`: of files, open for reading only, which the process has under the same numbers.

    Raises
    ------
    WorkFailed : it took too long or too much, or did not end in order
    """
    process = await _started(module, descriptors)
    try:
        _hold_to(process.pid, limits)
        async with asyncio.timeout(limits.wall_s):
            answer, status = await _conversation(process, request, limits)
    except TimeoutError:
        raise WorkFailed(Why.TOO_LONG) from None
    except (OSError, ValueError):
        raise WorkFailed(Why.BROKE_OFF) from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await _ended(process)
    if status == -signal.SIGXCPU:
        raise WorkFailed(Why.TOO_LONG)
    if status != 0:
        raise WorkFailed(Why.BROKE_OFF)
    return answer


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Wait for a killed process; what it still said is read away: `wait` never returns over a full pipe."""
    assert process.stdout is not None
    while await process.stdout.read(_CHUNK_BYTES):
        pass
    await process.wait()


async def _started(module: str, descriptors: Sequence[int]) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", module),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # a trace may quote the file
            env=environment(),
            cwd="/",
            pass_fds=descriptors,
            start_new_session=True,
        )
    except OSError:
        raise WorkFailed(Why.NOT_STARTED) from None


def environment() -> dict[str, str]:
    """What a process apart is given: where our code lies, nothing else; one thread for libraries."""
    given = os.environ.get("PYTHONPATH", "")
    places = [_OURS, *(os.path.abspath(place) for place in given.split(os.pathsep) if place)]
    return {
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(places),
    }


def _hold_to(pid: int, limits: Limits) -> None:
    """Set from outside, so that no code of the process itself has to be trusted to do it."""
    wanted = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_CORE: 0,
    }
    if not limits.threads:
        wanted[resource.RLIMIT_NPROC] = 0
    if limits.data_bytes is not None:
        wanted[resource.RLIMIT_DATA] = limits.data_bytes
    for kind, most in wanted.items():
        resource.prlimit(pid, kind, (most, most))
    # The soft limit ends it with SIGXCPU, which tells why; the hard one two seconds later all the same.
    resource.prlimit(pid, resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 2))


async def _conversation(
    process: asyncio.subprocess.Process, request: bytes, limits: Limits
) -> tuple[bytes, int]:
    assert process.stdin is not None and process.stdout is not None
    told = asyncio.create_task(_tell(process.stdin, request), name="tell work apart")
    try:
        answer = bytearray()
        while chunk := await process.stdout.read(_CHUNK_BYTES):
            answer += chunk
            if len(answer) > limits.answer_bytes:
                raise WorkFailed(Why.ANSWER_TOO_LARGE)
        return bytes(answer), await process.wait()
    finally:
        told.cancel()
        await asyncio.gather(told, return_exceptions=True)


async def _tell(stdin: asyncio.StreamWriter, request: bytes) -> None:
    with contextlib.suppress(ConnectionError):  # it ended before it had read all
        stdin.write(request)
        await stdin.drain()
        stdin.close()
