"""Files one after the other: each is read and answered for itself, a refused one is one line on stderr."""

import argparse
from collections.abc import Callable
from pathlib import Path

from cloudclinic import answers
from cloudclinic.answers import Answer, show
from ecg.errors import EcgError
from ecg.files.door import read_any
from ecg.tracing import Tracing

REFUSED = 2


def for_each(options: argparse.Namespace, answer: Callable[[str, Tracing], Answer]) -> int:
    """Answer for every file; 2 when one of them was refused, after all others were answered."""
    status = 0
    for file in options.files:
        try:
            said = answer(file, read_any(path_of(file)))
        except (EcgError, OSError) as error:  # the system's refusal of one file keeps none of the others back
            refuse(options, file, error)
            status = REFUSED
        else:
            show(said, as_json=options.json)
    return status


def path_of(file: str) -> Path:
    """The file that was named; a WFDB record may be named without `.hea`."""
    path = Path(file)
    header = path.parent / f"{path.name}.hea"
    return header if not path.exists() and header.exists() else path


def refuse(options: argparse.Namespace, file: str, error: Exception) -> None:
    """One line on standard error, the file as it was named in front."""
    answers.refuse(f"ecg {options.ecg_command}", file, error)
