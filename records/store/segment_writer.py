"""The one thread that writes sample segments: many appends, one sync, then all of them are acknowledged."""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from records.errors import StoreReadOnly
from records.store.segment_files import FileOps

log = logging.getLogger(__name__)

SEGMENT_BYTES = 1 << 20
SEGMENT_S = 60.0
SUFFIX = ".seg"


@dataclass(frozen=True, slots=True)
class Written:
    """Where an append lies now."""

    segment: int
    at: int  # byte offset of its record


@dataclass(slots=True)
class Job:
    """One append, or a `record` of no bytes: wait for those before it. `done` is called in this thread."""

    folder: Path
    record: bytes
    done: Callable[[Written | None, StoreReadOnly | None], None]
    remove: bool = False


@dataclass(slots=True)
class _Segment:
    number: int
    descriptor: int
    opened_s: float
    size: int = 0


class SegmentWriter:
    """Writes jobs in their order. The first failure makes the store read-only: nothing is tried again,
    because after a failed sync the system may call pages clean that never reached the disk.
    """

    def __init__(self, files: FileOps, interval_s: float) -> None:
        self._files = files
        self._interval_s = interval_s
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._open: dict[Path, _Segment] = {}
        self._fault: StoreReadOnly | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="sample-segments", daemon=True)
        self._thread.start()

    @property
    def fault(self) -> StoreReadOnly | None:
        """Why nothing is written any more."""
        return self._fault

    def put(self, job: Job) -> None:
        """Take a job; returns at once."""
        self._jobs.put(job)

    def close(self) -> None:
        """Write what was put, then end; blocks until that is done."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        committed_s = 0.0
        while not self._closing:
            jobs = self._collect(committed_s + self._interval_s)
            self._commit(jobs)
            committed_s = time.monotonic()
            self._close_old(committed_s)
        for segment in self._open.values():
            with contextlib.suppress(OSError):
                self._files.close(segment.descriptor)

    def _collect(self, until_s: float) -> list[Job]:
        """The first job at once when the last commit is long ago, otherwise all until it is."""
        jobs: list[Job] = []
        timeout: float | None = SEGMENT_S if self._open else None
        while not self._closing:
            try:
                job = self._jobs.get(timeout=timeout)
            except queue.Empty:
                break
            if job is None:
                self._closing = True
                break
            jobs.append(job)
            timeout = max(0.0, until_s - time.monotonic())
        return jobs

    def _commit(self, jobs: Sequence[Job]) -> None:
        written: list[Written | None] = []
        if self._fault is None and jobs:
            try:
                written = [self._carry_out(job) for job in jobs]
                for folder in dict.fromkeys(job.folder for job in jobs if job.record):
                    if folder in self._open:
                        self._files.sync(self._open[folder].descriptor)
            except OSError as error:
                self._fault = StoreReadOnly(f"samples cannot be written: {error.strerror or error}")
                log.error("%s", self._fault)
        if self._fault is not None:
            written = [None] * len(jobs)
        for job, at in zip(jobs, written, strict=True):
            job.done(at, self._fault)

    def _carry_out(self, job: Job) -> Written | None:
        if job.remove:
            self._remove(job.folder)
        if not job.record:
            return None
        segment = self._segment(job.folder, len(job.record))
        at = segment.size
        self._files.write(segment.descriptor, job.record)
        segment.size += len(job.record)
        return Written(segment.number, at)

    def _segment(self, folder: Path, size: int) -> _Segment:
        segment = self._open.get(folder)
        if segment is not None and segment.size + size > SEGMENT_BYTES and segment.size:
            self._seal(folder)
            segment = None
        if segment is None:
            self._files.make_directory(folder)
            number = last_number(folder) + 1
            path = folder / segment_name(number)
            segment = _Segment(number, self._files.create(path), time.monotonic())
            self._open[folder] = segment
        return segment

    def _seal(self, folder: Path) -> None:
        """Sync before closing: a later sync of the folder's next segment would not reach this one."""
        segment = self._open.pop(folder)
        self._files.sync(segment.descriptor)
        self._files.close(segment.descriptor)

    def _close_old(self, now_s: float) -> None:
        for folder in [key for key, one in self._open.items() if now_s - one.opened_s >= SEGMENT_S]:
            with contextlib.suppress(OSError):
                self._files.close(self._open.pop(folder).descriptor)

    def _remove(self, folder: Path) -> None:
        segment = self._open.pop(folder, None)
        if segment is not None:
            self._files.close(segment.descriptor)
        if folder.is_dir():
            for path in sorted(folder.iterdir()):
                self._files.remove(path)
            self._files.remove(folder)


def segment_name(number: int) -> str:
    """The name of a segment within its stream's folder."""
    return f"{number:08d}{SUFFIX}"


def segment_numbers(folder: Path) -> list[int]:
    """The segments of a stream, in order."""
    return sorted(int(path.stem) for path in folder.glob("*" + SUFFIX) if path.stem.isdigit())


def last_number(folder: Path) -> int:
    """The number of the newest segment; 0 when there is none."""
    return max(segment_numbers(folder), default=0)
