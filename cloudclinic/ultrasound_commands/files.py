"""Files one after the other: each is answered for itself, a refusal is one line on standard error."""

import argparse
from collections.abc import Callable

from cloudclinic.answers import Answer, refuse, show
from records.errors import RecordsError
from ultrasound.errors import MeasurementRefused, UltrasoundError

UNREADABLE = 2
"""The exit status when a file could not be read, or not be written."""

REFUSED = 3
"""The exit status when every file was read, but a measurement on one was refused."""


def for_each(options: argparse.Namespace, answer: Callable[[str], Answer]) -> int:
    """Answer for every file by its name; after the last one the exit status tells what was refused."""
    statuses = {_one(options, file, answer) for file in options.files}
    return next((status for status in (UNREADABLE, REFUSED) if status in statuses), 0)


def _one(options: argparse.Namespace, file: str, answer: Callable[[str], Answer]) -> int:
    try:
        said = answer(file)
    except (UltrasoundError, RecordsError, OSError) as error:
        refuse(f"ultrasound {options.ultrasound_command}", file, error)
        return REFUSED if isinstance(error, MeasurementRefused) else UNREADABLE
    show(said, as_json=options.json)
    return 0
