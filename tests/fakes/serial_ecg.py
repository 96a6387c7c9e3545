"""A serial ECG device at the other end of a real pseudo-terminal; what it sends is up to the test."""

import binascii
import contextlib
import os
import struct
import tty
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecg.leads import Lead, mdc_code
from ecg.packets import Mark
from station.ecg_devices.framed import INFO, SAMPLES, SYNC


def frame(kind: int, payload: bytes) -> bytes:
    """A frame as the device sends it."""
    checked = struct.pack("<BH", kind, len(payload)) + payload
    return SYNC + checked + struct.pack("<H", binascii.crc_hqx(checked, 0xFFFF))


def info(
    leads: Sequence[Lead],
    *,
    rate_hz: int = 500,
    step_pv: int = 1_000_000,
    name: str = "Example H8 SN42",
    low_mhz: int = 50,
    high_hz: int = 150,
    notch_hz: int = 0,
    latency_us: int = 0,
) -> bytes:
    """An INFO frame."""
    codes = bytes(int(mdc_code(lead).split(":")[1]) for lead in leads)
    head = struct.pack("<HIHHBIB", rate_hz, step_pv, low_mhz, high_hz, notch_hz, latency_us, len(codes))
    return frame(INFO, head + codes + name.encode())


def samples(
    number: int,
    values: NDArray[np.int16],
    *,
    off: int = 0,
    unusable: int = 0,
    clipped: int = 0,
    marks: Sequence[Mark] = (),
) -> bytes:
    """A SAMPLES frame; `values` int16 (leads, n)."""
    count = values.shape[1]
    head = struct.pack("<IHHHBB", number % 2**32, off, unusable, clipped, count, len(marks))
    told = b"".join(struct.pack("<BBB", mark.offset, mark.kind, mark.value) for mark in marks)
    return frame(SAMPLES, head + np.ascontiguousarray(values.T).astype("<i2").tobytes() + told)


class SerialEcg:
    """A device plugged in under `path`, which stands for /dev/ttyUSB0: a link to the terminal's other end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        path.symlink_to(os.ttyname(self._theirs))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()

    def send(self, data: bytes) -> None:
        """Send these bytes; what nobody reads is lost once the line's buffer is full."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._ours, data)

    def unplug(self) -> None:
        """Pull the cable: the device's file is gone, who has it open notices."""
        if self.path.is_symlink():
            self.path.unlink()
            os.close(self._theirs)
            os.close(self._ours)
