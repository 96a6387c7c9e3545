"""Ending the process while a thread of a device or a decoder still works."""

import contextlib
import logging
import os
import sys
import threading


def leave_threads(status: int) -> None:
    """End the process at once where a daemon thread is left; else return.

    The interpreter ends such a thread when it next asks for the lock, and where that is within a C++ library
    (OpenCV) the library aborts the process: "terminate called without an active exception", status 134.
    """
    if not any(one.daemon and one.is_alive() for one in threading.enumerate()):
        return
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # nobody reads it any more
            stream.flush()
    os._exit(status)
