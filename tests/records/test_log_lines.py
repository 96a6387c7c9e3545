"""A log line says when it was written, unless the journal does."""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

from records.log_lines import formatter


def _line(*, in_journal: bool, created: float) -> str:
    record = logging.LogRecord("station.link", logging.WARNING, "", 0, "the line is away", None, None)
    record.created, record.msecs = created, 250.0
    return formatter(in_journal=in_journal).format(record)


def test_a_line_begins_with_its_time_in_utc() -> None:
    line = _line(in_journal=False, created=1_795_798_004.25)
    assert line == "2026-11-27T16:46:44.250Z WARNING station.link: the line is away"


def test_the_journal_stamps_its_lines_itself() -> None:
    assert _line(in_journal=True, created=0.0) == "WARNING station.link: the line is away"


WRITE = "import logging; from records.log_lines import open_log; open_log(logging.INFO); logging.info('here')"


def _written(path: Path, journal: str) -> str:
    with path.open("w") as file:
        environment = os.environ | {"JOURNAL_STREAM": journal or f"{_device(file.fileno())}"}
        subprocess.run([sys.executable, "-c", WRITE], stderr=file, env=environment, check=True)
    return path.read_text()


def _device(descriptor: int) -> str:
    stream = os.fstat(descriptor)
    return f"{stream.st_dev}:{stream.st_ino}"


def test_only_the_output_that_is_the_journal_has_no_time(tmp_path: Path) -> None:
    assert _written(tmp_path / "journal", "") == "INFO root: here\n"
    inherited = _written(tmp_path / "file", "1:2")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO root: here\n", inherited)
