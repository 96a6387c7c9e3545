"""What is spoken on a serial line: bytes in, what they say out. A vendor's package can bring its own.

A package announces a protocol by an entry point of the group `cloudclinic.ecg_serial_protocols`: its name is
what stands after `protocol=`, its object makes a `SerialProtocol`. `station.ecg_devices.framed` is a
complete one.
"""

import importlib.metadata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ecg.leads import Electrode
from ecg.packets import Mark
from station.ecg_devices.device import DeviceDescription, failed

GROUP = "cloudclinic.ecg_serial_protocols"


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Samples that follow each other; as in `SampleBlock`, but for the time, which is the port's to tell."""

    number: int
    samples: NDArray[np.int16]
    electrodes_off: Electrode = Electrode(0)
    unusable: int = 0
    clipped: int = 0
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that were nothing and were passed over."""

    count: int


Said = DeviceDescription | Samples | Damage


class SerialProtocol(Protocol):
    """One connection's parser; made anew for each, with no I/O and no clock.

    `baud`: the speed unless another is asked for. `begin` and `end` are sent when the port was opened and
    before it is closed; empty: nothing is.
    """

    @property
    def baud(self) -> int: ...

    @property
    def begin(self) -> bytes: ...

    @property
    def end(self) -> bytes: ...

    def feed(self, data: bytes) -> Iterable[Said]:
        """What these bytes complete, in order; how they were cut does not matter.

        A `DeviceDescription` comes before the first `Samples`. Damage is told, never raised. ValueError only
        when the device is understood and cannot be shown (a lead nobody knows, an impossible rate).
        """


class Unwrapped:
    """A count of a fixed number of bits that begins again, as one that does not."""

    def __init__(self, bits: int) -> None:
        self._modulus = 1 << bits
        self._last: int | None = None

    def count(self, counter: int) -> int:
        """The count that is nearest to the last one: of half the range or more, it went back."""
        if self._last is None:
            self._last = counter
        step = (counter - self._last) % self._modulus
        self._last += step - self._modulus if step >= self._modulus // 2 else step
        return self._last


def protocol_named(name: str) -> Callable[[], SerialProtocol]:
    """What makes a parser of that protocol; raises `DeviceFailed` with the names there are."""
    from station.ecg_devices.framed import FramedProtocol

    if name == "framed":
        return FramedProtocol
    found = {point.name: point for point in importlib.metadata.entry_points(group=GROUP)}
    if name not in found:
        raise failed(f"no serial protocol {name!r}; known are {', '.join(sorted({'framed', *found}))}")
    try:
        made: Callable[[], SerialProtocol] = found[name].load()
    except Exception as error:  # a package of somebody else: whatever its import raises
        raise failed(f"serial protocol {name!r} cannot be loaded ({type(error).__name__})") from error
    return made
