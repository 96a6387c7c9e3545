"""Packs the ring's frames in a thread that leaves three quarters of a processor to everybody else."""

import contextlib
import os
import threading
import time
from collections.abc import Callable

SHARE = 0.25
"""Of one processor: after each frame it rests three times as long as that took."""

_IDLE_S = 0.05
_NICENESS = 10


class RingPacking:
    """Runs from its making until `close`. `pack_one` packs one frame, or tells that there is none."""

    def __init__(self, pack_one: Callable[[], bool], share: float = SHARE) -> None:
        self._pack_one = pack_one
        self._rest = 1 / share - 1
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ultrasound-ring", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)  # of the thread, on Linux
        rest_s = 0.0
        while not self._closing.wait(rest_s):
            began_s = time.thread_time()
            packed = self._pack_one()
            rest_s = self._rest * (time.thread_time() - began_s) if packed else _IDLE_S
