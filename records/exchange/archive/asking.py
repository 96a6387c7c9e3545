"""Conversations with archives, each in a process of its own, under limits."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from records.exchange.apart import Limits, Why, WorkFailed, work_apart
from records.exchange.archive.process_answers import ArchiveAnswer, ArchiveFailed, ArchiveRequest
from records.ultrasound_exams import ArchiveTrouble

MODULE = "records.exchange.archive.process"
SENDING = Limits(
    memory_bytes=6 << 30,
    data_bytes=2 << 30,
    cpu_s=900,
    wall_s=3600.0,
    answer_bytes=4 << 20,
    file_bytes=5 << 30,
    threads=True,
)
"""A clip of 128 MB, decoded and coded again frame by frame, over a line of half a Mbit/s."""

FINDING = Limits(
    memory_bytes=3 << 30, data_bytes=500 << 20, cpu_s=20, wall_s=27.0, answer_bytes=4 << 20, threads=True
)
MOST_FETCHED_BYTES = 256 << 20
FETCHING = Limits(
    memory_bytes=5 << 30,
    data_bytes=3 * MOST_FETCHED_BYTES + (300 << 20),
    cpu_s=120,
    wall_s=330.0,
    answer_bytes=MOST_FETCHED_BYTES + (4 << 20),
    threads=True,
)

_TROUBLES = {Why.TOO_LONG: ArchiveTrouble.TOO_SLOW, Why.ANSWER_TOO_LARGE: ArchiveTrouble.TOO_LARGE}
_PREFIX = "cloudclinic-sending"
_IN_MEMORY = Path("/dev/shm")
_LEAST_FREE_BYTES = 1 << 30
_answers: msgspec.msgpack.Decoder[ArchiveAnswer] = msgspec.msgpack.Decoder(ArchiveAnswer)


async def ask(request: ArchiveRequest, limits: Limits) -> ArchiveAnswer:
    """The archive's answer, or why there is none; never raises for what the archive or the process did."""
    try:
        raw = await work_apart(MODULE, msgspec.msgpack.encode(request), limits)
        return _answers.decode(raw)
    except WorkFailed as failed:
        return ArchiveFailed(trouble=_TROUBLES.get(failed.why, ArchiveTrouble.BROKE_OFF))
    except msgspec.DecodeError:
        return ArchiveFailed(trouble=ArchiveTrouble.BROKE_OFF)


@contextmanager
def sending_folder() -> Iterator[str]:
    """A folder that nobody else may look into, in memory where there is room; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}-{os.getpid()}-", dir=_where()) as folder:
        yield folder


def forget_left_folders() -> None:
    """Remove what servers that were killed left behind: objects with names in them."""
    for place in {_where(), Path(tempfile.gettempdir())}:
        for folder in place.glob(f"{_PREFIX}-*-*"):
            pid = folder.name.removeprefix(f"{_PREFIX}-").partition("-")[0]
            if pid.isdecimal() and not Path(f"/proc/{pid}").exists() and folder.stat().st_uid == os.getuid():
                shutil.rmtree(folder, ignore_errors=True)


def _where() -> Path:
    try:
        if os.access(_IN_MEMORY, os.W_OK) and shutil.disk_usage(_IN_MEMORY).free >= _LEAST_FREE_BYTES:
            return _IN_MEMORY
    except OSError:
        pass
    return Path(tempfile.gettempdir())
