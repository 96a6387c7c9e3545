"""Damaged ultrasound files by the thousand, in every coding: a refusal in a sentence, or a picture.

    python -m benchmarks.ultrasound_mutations [--count N] [--coding CODING ...] [--first N] [--json]

Readers run in processes of their own under the memory limit of `records.exchange.ultrasound_files`; a process
that dies or hangs is counted and begun again: the command line would say that the reader broke off. Mutation
number n of a coding is the same on every machine.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from benchmarks.report import Row
from records.exchange.ultrasound_files import LIMITS
from tests.ultrasound.files.damage import mutation
from ultrasound.dicom import open_dicom
from ultrasound.errors import SourceUnreadable
from ultrasound.files.pixel_form import Coding

COUNT = 2_000
MAX_S = 10.0
MAX_BYTES = 512 << 20
HUNG_S = 30.0
_SHORTEST, _LONGEST = 8, 400
"""A refusal is one sentence with a place, not the file."""


@dataclass
class Tally:
    """What became of the mutations of one coding; `wrong` and `died` by number, with what was seen."""

    coding: Coding
    count: int = 0
    refused: int = 0
    shown: int = 0
    slowest_s: float = 0.0
    peak_bytes: int = 0
    wrong: list[tuple[int, str]] = field(default_factory=list)
    died: list[tuple[int, str]] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count another part of the same coding."""
        self.count += other.count
        self.refused += other.refused
        self.shown += other.shown
        self.slowest_s = max(self.slowest_s, other.slowest_s)
        self.peak_bytes = max(self.peak_bytes, other.peak_bytes)
        self.wrong += other.wrong
        self.died += other.died

    @property
    def met(self) -> bool:
        """Whether every file ended in a picture or a sentence, in time and in bounds."""
        within = self.slowest_s <= MAX_S and self.peak_bytes <= MAX_BYTES
        return within and not self.wrong and self.refused + self.shown == self.count


def tried(path: Path, coding: Coding, number: int) -> Tally:
    """Read one damaged file, every frame of it, and count what became of it."""
    path.write_bytes(mutation(coding, number))
    tally, begun = Tally(coding, count=1), time.process_time()
    try:
        cine = open_dicom(path, paced=False)
        shapes = {cine.frame(index).shape for index in range(min(cine.frame_count, 4))}
        if shapes != {(cine.height, cine.width, 3)}:
            tally.wrong.append((number, f"shapes {shapes}"))
        tally.shown = 1
    except SourceUnreadable as refusal:
        sentence = str(refusal)
        tally.refused = 1
        if not (_SHORTEST <= len(sentence) <= _LONGEST and sentence.isprintable()):
            tally.wrong.append((number, "refused in no sentence"))
    except Exception as fault:
        tally.wrong.append((number, type(fault).__name__))
    tally.slowest_s = time.process_time() - begun
    tally.peak_bytes = _peak_bytes()
    return tally


def _peak_bytes() -> int:
    """The most this process ever had in memory, interpreter and libraries with it."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))


def work(pipe: Connection) -> None:
    """A process of its own: reads one damaged file after the other, and tells what became of it."""
    assert LIMITS.data_bytes is not None
    resource.setrlimit(resource.RLIMIT_DATA, (LIMITS.data_bytes, LIMITS.data_bytes))
    with tempfile.TemporaryDirectory() as place:
        while (asked := pipe.recv()) is not None:
            pipe.send(tried(Path(place) / "damaged.dcm", *asked))


class _Worker:
    """A process that reads, begun again when it dies or hangs."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._pipe: Connection

    def read(self, coding: Coding, number: int) -> Tally:
        """What became of this damaged file."""
        if self._process is None:
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=work, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
        self._pipe.send((coding, number))
        why = f"nothing for {HUNG_S:g} s"
        try:
            if self._pipe.poll(HUNG_S):
                told: Tally = self._pipe.recv()
                return told
            hung = Tally(coding, count=1, wrong=[(number, why)])
        except (EOFError, ConnectionError):
            self._process.join()
            hung = Tally(coding, count=1, died=[(number, f"exit status {self._process.exitcode}")])
        self._process.kill()
        self._process.join()
        self._process = None
        return hung

    def end(self) -> None:
        """End the process."""
        if self._process is not None:
            self._pipe.send(None)
            self._process.join()


def measure(count: int = COUNT, codings: Sequence[Coding] = tuple(Coding), first: int = 0) -> list[Tally]:
    """Read `count` mutations of every coding, from number `first` on."""
    tallies, worker = [], _Worker()
    for coding in codings:
        sum_of_all = Tally(coding)
        for number in range(first, first + count):
            sum_of_all.add(worker.read(coding, number))
        print(_line(sum_of_all), file=sys.stderr, flush=True)
        tallies.append(sum_of_all)
    worker.end()
    return tallies


def rows(tallies: Sequence[Tally]) -> list[Row]:
    """For `cloudclinic bench`: what is wrong of every coding, and the bounds over all of them."""
    made = [
        Row(
            what=f"{tally.coding}: neither refused nor shown, of {tally.count} damaged ultrasound files",
            value=float(tally.count - tally.refused - tally.shown + len(tally.wrong)),
            unit="files",
            must=0,
            aim=0,
            why=f"{tally.refused} refused, {tally.shown} shown, {len(tally.died)} ended the process",
        )
        for tally in tallies
    ]
    slowest = max(tally.slowest_s for tally in tallies)
    peak_mb = max(tally.peak_bytes for tally in tallies) / (1 << 20)
    return [
        *made,
        Row(what="damaged ultrasound files: longest read", value=slowest, unit="s", must=MAX_S, aim=1),
        Row(what="damaged ultrasound files: most memory", value=peak_mb, unit="MB", must=512, aim=512),
    ]


def _line(tally: Tally) -> str:
    return (
        f"{tally.coding:<14} {tally.count:>7} read, {tally.refused:>6} refused, {tally.shown:>6} shown,"
        f" {len(tally.wrong):>3} wrong, {len(tally.died):>3} died,"
        f" longest {tally.slowest_s:.2f} s, most {tally.peak_bytes / (1 << 20):.0f} MB"
    )


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--first", type=int, default=0, help="the number of the first mutation")
    parser.add_argument("--coding", action="append", choices=[str(coding) for coding in Coding])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    codings = [Coding(coding) for coding in asked.coding] if asked.coding else tuple(Coding)
    tallies = measure(asked.count, codings, asked.first)
    for tally in tallies:
        for number, seen in (tally.died + tally.wrong)[:20]:
            print(f"{tally.coding} {number}: {seen}", file=sys.stderr)
    if asked.json:
        print(json.dumps([vars(tally) | {"coding": str(tally.coding)} for tally in tallies]))
    return int(not all(tally.met for tally in tallies))


if __name__ == "__main__":
    raise SystemExit(main())
