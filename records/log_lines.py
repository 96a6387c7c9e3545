"""How every process of a site writes its log: to standard error, a line for each record, with its time.

systemd's journal stamps what it takes itself; there a second time would only be in the way.
"""

import logging
import os
import sys
import time
from collections.abc import Mapping

_LINE = "%(levelname)s %(name)s: %(message)s"
_WITH_TIME = "%(asctime)s.%(msecs)03dZ " + _LINE
_ISO_8601 = "%Y-%m-%dT%H:%M:%S"


def open_log(level: int) -> None:
    """Write records of this level and above to standard error; once for a process."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(in_journal=stderr_is_journal(os.environ)))
    logging.basicConfig(level=level, handlers=[handler])


def formatter(*, in_journal: bool) -> logging.Formatter:
    """Lines that begin with their time in UTC (ISO 8601), or without any time for the journal."""
    lines = logging.Formatter(_LINE if in_journal else _WITH_TIME, _ISO_8601)
    lines.converter = time.gmtime
    return lines


def stderr_is_journal(environment: Mapping[str, str]) -> bool:
    """Whether standard error leads to systemd's journal: JOURNAL_STREAM names it (systemd.exec(5)).

    The variable alone says nothing: whoever is started by a service inherits it, with an output elsewhere.
    """
    try:
        stream = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return environment.get("JOURNAL_STREAM") == f"{stream.st_dev}:{stream.st_ino}"
