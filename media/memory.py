"""Memory of a worker: what it has, and giving back what malloc keeps of peers that are gone."""

import ctypes
import os
from pathlib import Path


def resident_bytes() -> int:
    """The memory this process has now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def give_back() -> None:
    """Return free heap to the system (glibc's `malloc_trim`); nothing with another C library.

    DTLS handshakes leave the heap in pieces: without it a worker grew from 80 to 94 MB over 47 rooms that
    came and went, though nothing of them was held. Takes about a millisecond.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
