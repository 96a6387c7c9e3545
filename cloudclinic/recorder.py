"""The recorder process of one tape: `python -m cloudclinic.recorder --socket PATH --file PATH --tape ID
--epoch-us N`, the last being what the tape's clock showed when the machine's monotonic clock stood at zero.

Its standard input gives the resident's data key, 64 hexadecimal digits in one line, and later, in one line,
the moment after which nothing more may be kept, in microseconds since 1970. When standard input ends, what
has come in is written and the process ends. It says `ready` on its standard output once it listens.
"""

import argparse
import contextlib
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

from cloudclinic.tape_intake import Intake
from records.log_lines import open_log
from records.store.tape_files import TapeWriter
from records.store.vault import Cipher
from records.tape_records import RecordKind, TapeRecord, read_record

FRAGMENT_S = 0.5
"""A kill -9 costs at most this, what the sync before it took, and the sync itself."""


class Until:
    """The moment after which nothing is kept; told once, by a line on standard input."""

    def __init__(self, lines: TextIO) -> None:
        self.us: int | None = None
        self.told = threading.Event()
        threading.Thread(target=self._read, args=(lines,), name="until", daemon=True).start()

    def _read(self, lines: TextIO) -> None:
        for line in lines:
            with contextlib.suppress(ValueError):
                self.us = int(line)
        self.told.set()

    def keeps(self, record: TapeRecord) -> bool:
        """Whether a record came in time; acts of the end itself may come after it."""
        return self.us is None or record.kind == RecordKind.ACT or record.at_us <= self.us


def record(intake: Intake, writer: TapeWriter, until: Until, epoch_us: int) -> None:
    """Write fragments until told to end, then what is left."""
    ending = False
    while not ending:
        ending = until.told.wait(FRAGMENT_S)
        if ending:
            intake.close()
        records, lost = intake.take()
        if until.us is not None:
            # A moment may be told late, when some of what came after it is on the disk already.
            records = [*writer.take_back(until.us), *records]
            records = [one for one in records if (read := read_record(one)) and until.keeps(read)]
        if lost:
            now_us = epoch_us + time.monotonic_ns() // 1000
            records.append(TapeRecord(RecordKind.LOSS, 0, 0, lost, 0, now_us, b"").pack())
        if records:
            writer.append(records)


def main() -> None:
    """Read the command line and record."""
    parser = argparse.ArgumentParser(prog="python -m cloudclinic.recorder", description=__doc__)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--tape", required=True)
    parser.add_argument("--epoch-us", type=int, required=True)
    arguments = parser.parse_args()
    open_log(logging.WARNING)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent decides, by closing standard input
    os.umask(0o077)  # the socket is for this account alone
    key = bytes.fromhex(sys.stdin.readline().strip())
    writer = TapeWriter(arguments.file, arguments.tape, Cipher(key))
    intake = Intake(arguments.socket)
    try:
        until = Until(sys.stdin)
        print("ready", flush=True)
        record(intake, writer, until, arguments.epoch_us)
    finally:
        writer.close()
        arguments.socket.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
