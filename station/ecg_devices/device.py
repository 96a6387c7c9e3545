"""What an ECG device is to the station: a description, then blocks of samples with the device's own count.

An adapter is a class with three methods (`EcgDevice`). It never fills, repeats or joins anything: what was
lost is missing in the count, and the station makes a told gap of it. `docs/ecg-devices.md` shows how one is
written.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ecg.description import Filters, StreamDescription
from ecg.leads import Electrode, Lead, derived_leads
from ecg.packets import Mark
from station.errors import DeviceFailed
from station.replayed_ecg import check_rate

DEVICE = "ecg"


def failed(problem: str) -> DeviceFailed:
    """What an adapter raises: the ECG is not there, cannot be understood, or is gone."""
    return DeviceFailed(DEVICE, problem)


@dataclass(frozen=True, slots=True)
class DeviceDescription:
    """Rate, scale and leads of a device; ValueError when they cannot be a stream that is sent live.

    `leads`: the first rows of every block; `other`: names of the rows after them, which are none of the
    twelve leads. `device`: make, model and serial number, by which it is known again, never a person.
    `latency_us`: what passes between the body and the moment a block tells, where the maker states it.
    """

    rate_hz: float
    nv_per_lsb: float
    leads: tuple[Lead, ...]
    device: str
    other: tuple[str, ...] = ()
    filters: Filters = Filters()
    latency_us: int = 0

    def __post_init__(self) -> None:
        self.as_stream("", 0, None)
        check_rate(self.rate_hz, self.rows)
        if not 0 <= self.latency_us <= 5_000_000:
            raise ValueError(f"a latency of {self.latency_us} us; 0 to 5 s is plausible")

    @property
    def rows(self) -> int:
        """Rows of every block."""
        return len(self.leads) + len(self.other)

    def as_stream(self, session: str, started_us: int, offset_us: int | None) -> StreamDescription:
        """What META says of a stream of this device."""
        return StreamDescription(
            rate_hz=self.rate_hz,
            nv_per_lsb=self.nv_per_lsb,
            leads=self.leads,
            derived=derived_leads(self.leads),
            started_us=started_us,
            filters=self.filters,
            device=self.device,
            session=session,
            clock_offset_us=offset_us,
            other=self.other,
        )


@dataclass(frozen=True, slots=True, eq=False)
class SampleBlock:
    """Samples int16 (rows, n), -32768 = missing, that follow each other without a gap.

    `number`: the device's count of the first of them since it was opened; lost samples are counted as well,
    so that a jump is a loss. `arrived_us`: when the last had arrived, on the station's clock. `taken_us`:
    when it was taken, on the station's clock, where the device's stamps can be carried over; else None.
    `unusable`, `clipped`: bits of rows; `electrodes_off` adds the leads it takes by itself.
    """

    number: int
    samples: NDArray[np.int16]
    arrived_us: int
    taken_us: int | None = None
    electrodes_off: Electrode = Electrode(0)
    unusable: int = 0
    clipped: int = 0
    marks: tuple[Mark, ...] = ()

    @property
    def count(self) -> int:
        """Samples per row."""
        return int(self.samples.shape[1])

    @property
    def end(self) -> int:
        """The count after the last sample."""
        return self.number + self.count


class EcgDevice(Protocol):
    """A device that can be opened, read and closed, again and again.

    All three are called from one task. `close` is always called, also after `open` has failed.
    """

    async def open(self) -> DeviceDescription:
        """Connect, and say what will be given; raises `DeviceFailed` when it cannot."""

    def blocks(self) -> AsyncIterator[SampleBlock]:
        """Blocks as they come, from any count on; raises `DeviceFailed` when the device is gone."""

    async def close(self) -> None:
        """Disconnect; raises nothing."""
