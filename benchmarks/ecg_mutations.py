"""Damaged ECG files by the thousand, for every reader: an error in a sentence, or a right signal.

    python -m benchmarks.ecg_mutations [--count N] [--kind KIND ...] [--first N] [--json]

Readers run in processes of their own, which may take 512 MB more memory than they begin with; what each read
takes of time and memory is measured, and a process that dies or hangs is counted and begun again. Mutation
number n of a kind is the same on every machine.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from benchmarks.ecg_damaged_files import KINDS, Case, case_of
from benchmarks.ecg_right_signal import complaint
from benchmarks.report import Row
from ecg.errors import SourceUnreadable
from ecg.tracing import FileKind

COUNT = 10_000
MAX_BYTES = 512 << 20
MAX_S = 5.0
HUNG_S = 60.0
"""Without a word from a process for so long, it hangs: twelve times what a read may take."""

_SHORTEST, _LONGEST = 8, 400
"""A refusal is one sentence with a place, not the file."""


@dataclass
class Tally:
    """What became of the mutations of one kind; `wrong` and `crashed` by number, with what was seen."""

    kind: FileKind
    count: int = 0
    refused: int = 0
    right: int = 0
    slowest_s: float = 0.0
    peak_bytes: int = 0
    wrong: list[tuple[int, str]] = field(default_factory=list)
    crashed: list[tuple[int, str]] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count another part of the same kind."""
        self.count += other.count
        self.refused += other.refused
        self.right += other.right
        self.slowest_s = max(self.slowest_s, other.slowest_s)
        self.peak_bytes = max(self.peak_bytes, other.peak_bytes)
        self.wrong += other.wrong
        self.crashed += other.crashed

    @property
    def met(self) -> bool:
        """Whether every file was refused or read right, in time and in bounds."""
        fine = self.refused + self.right == self.count and not self.wrong and not self.crashed
        return fine and self.slowest_s <= MAX_S and self.peak_bytes <= MAX_BYTES


def tried(case: Case, number: int, tally: Tally) -> None:
    """Read one damaged file and count what became of it."""
    tally.count += 1
    begun = time.process_time()
    try:
        found = case.read()
    except SourceUnreadable as refusal:
        tally.slowest_s = max(tally.slowest_s, time.process_time() - begun)
        sentence = str(refusal)
        if _SHORTEST <= len(sentence) <= _LONGEST and sentence.isprintable():
            tally.refused += 1
        else:
            tally.wrong.append((number, f"{case.name}: refused in no sentence"))
    except Exception as fault:
        # MemoryError among them: whatever leaves a reader but a refusal is a crash of whoever called it.
        tally.crashed.append((number, f"{case.name}: {type(fault).__name__}"))
    else:
        tally.slowest_s = max(tally.slowest_s, time.process_time() - begun)
        seen = complaint(found, case.witness)
        if seen:
            tally.wrong.append((number, f"{case.name}: {seen}"))
        else:
            tally.right += 1


def work(pipe: Connection) -> None:
    """A process of its own: reads one damaged file after the other, and tells what became of it."""
    _limit_memory()
    while (asked := pipe.recv()) is not None:
        kind, number = asked
        tally = Tally(kind)
        tried(case_of(kind, number), number, tally)
        tally.peak_bytes = _peak_bytes()
        pipe.send(tally)


def _limit_memory() -> None:
    with open("/proc/self/statm") as file:
        size = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MAX_BYTES, size + MAX_BYTES))


def _peak_bytes() -> int:
    """The most this process ever had in memory, interpreter and libraries with it."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))


class _Worker:
    """A process that reads, begun again when it dies or hangs."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._pipe: Connection

    def read(self, kind: FileKind, number: int) -> Tally:
        """What became of this damaged file."""
        if self._process is None:
            self._begin()
        self._pipe.send((kind, number))
        why = f"nothing for {HUNG_S:g} s"
        try:
            if self._pipe.poll(HUNG_S):
                told: Tally = self._pipe.recv()
                return told
        except (EOFError, ConnectionError):
            why = "the process died"
        self._kill()
        return Tally(kind, count=1, crashed=[(number, why)])

    def end(self) -> None:
        """End the process."""
        if self._process is not None:
            self._pipe.send(None)
            self._process.join()
            self._process = None

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def _kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.join()
        self._process = None


def measure(count: int = COUNT, kinds: Sequence[FileKind] = KINDS, first: int = 0) -> list[Tally]:
    """Read `count` mutations of every kind, from number `first` on."""
    tallies = []
    worker = _Worker()
    for kind in kinds:
        whole = Tally(kind)
        for number in range(first, first + count):
            whole.add(worker.read(kind, number))
        print(_line(whole), file=sys.stderr, flush=True)
        tallies.append(whole)
    worker.end()
    return tallies


def rows(tallies: Sequence[Tally]) -> list[Row]:
    """For `cloudclinic bench`: what is wrong of every kind, and the bounds over all of them."""
    made = [
        Row(
            what=f"{tally.kind}: neither refused nor right, of {tally.count} damaged files",
            value=float(tally.count - tally.refused - tally.right),
            unit="files",
            must=0,
            aim=0,
            why=f"{tally.refused} refused, {tally.right} right",
        )
        for tally in tallies
    ]
    slowest = max(tally.slowest_s for tally in tallies)
    peak_mb = max(tally.peak_bytes for tally in tallies) / (1 << 20)
    return [
        *made,
        Row(what="damaged files: longest read", value=slowest, unit="s", must=MAX_S, aim=MAX_S),
        Row(what="damaged files: most memory of a process", value=peak_mb, unit="MB", must=512, aim=512),
    ]


def _line(tally: Tally) -> str:
    peak_mb = tally.peak_bytes / (1 << 20)
    return (
        f"{tally.kind:<20} {tally.count:>7} read, {tally.refused:>6} refused, {tally.right:>6} right,"
        f" {len(tally.wrong):>3} wrong, {len(tally.crashed):>3} crashed,"
        f" longest {tally.slowest_s:.2f} s, most {peak_mb:.0f} MB"
    )


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--first", type=int, default=0, help="the number of the first mutation")
    parser.add_argument("--kind", action="append", choices=[str(kind) for kind in KINDS])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    kinds = [FileKind(kind) for kind in asked.kind] if asked.kind else KINDS
    tallies = measure(asked.count, kinds, asked.first)
    for tally in tallies:
        for number, seen in (tally.crashed + tally.wrong)[:20]:
            print(f"{tally.kind} {number}: {seen}", file=sys.stderr)
    if asked.json:
        plain = [vars(tally) | {"kind": str(tally.kind)} for tally in tallies]
        print(json.dumps(plain, ensure_ascii=False))
    return int(not all(tally.met for tally in tallies))


if __name__ == "__main__":
    raise SystemExit(main())
