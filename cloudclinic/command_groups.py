"""How a word of a group of commands is carried out, such as `info` of `cloudclinic ecg`."""

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Callable

PIPE_CLOSED = 128 + signal.SIGPIPE
"""The exit status of a command whose output nobody reads on."""


def run_of(module: str) -> Callable[[argparse.Namespace], int]:
    """The module's `run`; it is imported only when its command is given."""

    def run(options: argparse.Namespace) -> int:
        try:
            status = int(importlib.import_module(module).run(options))
            sys.stdout.flush()
        except BrokenPipeError:  # whoever reads it has seen enough, as `head` has
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return PIPE_CLOSED
        return status

    return run
