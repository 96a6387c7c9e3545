"""A Lab Streaming Layer stream as an ECG device (`lsl:NAME`): labelled channels, stamped samples."""

import asyncio
import concurrent.futures
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecg.lead_codes import lead_of_name
from ecg.leads import MISSING
from station.ecg_devices.device import DeviceDescription, SampleBlock, failed
from station.ecg_devices.stamp_counter import StampCounter

log = logging.getLogger(__name__)

FOUND_IN_S = 2.0
PULLED_EVERY_S = 0.05
CORRECTED_EVERY_US = 5_000_000
TOLERANCE_S = 0.25
"""Programs stamp when they get round to it; what comes over TCP is not lost on the way."""

STEP_NV = 1000.0
_LARGEST = 32767
_UNIT_NV = {
    "nanovolt": 1.0,
    "nv": 1.0,
    "microvolt": 1e3,
    "uv": 1e3,
    "µv": 1e3,
    "millivolt": 1e6,
    "mv": 1e6,
    "volt": 1e9,
    "v": 1e9,
}


@dataclass(frozen=True, slots=True)
class LslChannels:
    """Which channels of a stream are shown, in the rows' order, and nanovolts per unit of each."""

    about: DeviceDescription
    columns: tuple[int, ...]
    nv_per_unit: tuple[float, ...]

    def samples(self, chunk: NDArray[np.float64]) -> tuple[NDArray[np.int16], int]:
        """int16 (rows, n) of a chunk (n, channels), and the bits of rows that went beyond 16 bits.

        What is no number is missing; what is too large stands at the end of the range.
        """
        steps = chunk[:, self.columns].T * (np.array(self.nv_per_unit) / self.about.nv_per_lsb)[:, None]
        absent = ~np.isfinite(steps)
        beyond = (np.abs(np.where(absent, 0.0, steps)) > _LARGEST).any(axis=1)
        whole = np.rint(np.clip(np.where(absent, 0.0, steps), -_LARGEST, _LARGEST)).astype(np.int16)
        whole[absent] = MISSING
        return whole, sum(1 << int(row) for row in np.flatnonzero(beyond))


def read_channels(
    name: str, source_id: str, rate_hz: float, labels: Sequence[str | None], units: Sequence[str | None]
) -> LslChannels:
    """What a stream says of itself; `DeviceFailed` when it cannot be shown truly.

    Shown are the channels whose label is one of the twelve leads; the step is 1 uV.
    """
    if rate_hz <= 0:
        raise failed(f"lsl: {name} has no regular rate")
    leads = [lead_of_name(label or "") for label in labels]
    columns = [column for column, lead in enumerate(leads) if lead is not None]
    if not columns:
        told = ", ".join(repr(label) for label in labels[:16]) or "none"
        raise failed(f"lsl: {name} has no channel labelled as one of the twelve leads; labels are {told}")
    for column, label in enumerate(labels):
        if leads[column] is None:
            log.warning("lsl: channel %r of %s left aside: not one of the twelve leads", label, name)
    scales = [_nv_per_unit(name, labels[column], units[column]) for column in columns]
    try:
        about = DeviceDescription(
            rate_hz=rate_hz,
            nv_per_lsb=STEP_NV,
            leads=tuple(lead for lead in leads if lead is not None),
            device=f"LSL {name} {source_id}".strip(),
        )
    except ValueError as error:
        raise failed(f"lsl: {name}: {error}") from None
    return LslChannels(about, tuple(columns), tuple(scales))


def _nv_per_unit(name: str, label: str | None, unit: str | None) -> float:
    known = _UNIT_NV.get((unit or "").strip().lower().removesuffix("s"))
    if known is None:
        told = f"has the unit {unit!r}" if unit else "has no unit, so its size is unknown"
        raise failed(f"lsl: channel {label} of {name} {told}; microvolts are right")
    return known


class LslDevice:
    """The only stream of that name on the network. Raises `DeviceFailed` where pylsl is not installed."""

    def __init__(self, name: str, clock_us: Callable[[], int]) -> None:
        try:
            import pylsl
        except (ImportError, RuntimeError, OSError):  # the wheel may lack liblsl
            raise failed("lsl: needs pylsl with liblsl; install cloudclinic[lsl]") from None
        self._pylsl: Any = pylsl
        self._name = name
        self._clock_us = clock_us
        self._reader = concurrent.futures.ThreadPoolExecutor(1, "ecg-lsl")
        self._inlet: Any = None
        self._channels: LslChannels | None = None
        self._correction_s = 0.0
        self._corrected_us = 0

    async def open(self) -> DeviceDescription:
        """Find the stream, read what it says of itself, and begin to receive."""
        self._channels = await asyncio.get_running_loop().run_in_executor(self._reader, self._open)
        return self._channels.about

    async def blocks(self) -> AsyncIterator[SampleBlock]:
        """Every chunk that comes."""
        assert self._channels is not None
        channels, counter = self._channels, StampCounter(self._channels.about.rate_hz, TOLERANCE_S)
        while True:
            pulled = await asyncio.get_running_loop().run_in_executor(self._reader, self._pull)
            for chunk, first_stamp_s, taken_us in pulled:
                samples, clipped = channels.samples(chunk)
                number = counter.number(first_stamp_s, len(chunk))
                yield SampleBlock(number, samples, self._clock_us(), taken_us=taken_us, clipped=clipped)

    async def close(self) -> None:
        """Receive no more."""
        await asyncio.get_running_loop().run_in_executor(self._reader, self._close)

    def _open(self) -> LslChannels:
        pylsl = self._pylsl
        found = pylsl.resolve_byprop("name", self._name, minimum=2, timeout=FOUND_IN_S)
        if len(found) != 1:
            told = f"{len(found)} streams are called" if found else "there is no stream called"
            raise failed(f"lsl: {told} {self._name}")
        try:
            inlet = pylsl.StreamInlet(found[0], max_buflen=30, recover=False)
            about = inlet.info(timeout=FOUND_IN_S)
            if about.channel_format() == pylsl.cf_string:
                raise failed(f"lsl: {self._name} carries text, not samples")
            count = about.channel_count()
            nothing = [None] * count
            channels = read_channels(
                self._name,
                about.source_id(),
                about.nominal_srate(),
                about.get_channel_labels() or nothing,
                about.get_channel_units() or nothing,
            )
            inlet.open_stream(timeout=FOUND_IN_S)
            self._correction_s, self._corrected_us = inlet.time_correction(FOUND_IN_S), self._clock_us()
        except (RuntimeError, TimeoutError) as error:
            raise failed(f"lsl: {self._name} does not answer ({type(error).__name__})") from None
        self._inlet = inlet
        return channels

    def _pull(self) -> list[tuple[NDArray[np.float64], float, int]]:
        """Runs of samples stamped at their rate: the samples, the first stamp, when the last was taken."""
        assert self._channels is not None
        try:
            values, stamps = self._inlet.pull_chunk(timeout=PULLED_EVERY_S, max_samples=4096)
            if self._clock_us() - self._corrected_us > CORRECTED_EVERY_US:
                self._correction_s, self._corrected_us = self._inlet.time_correction(0.5), self._clock_us()
        except (RuntimeError, TimeoutError) as error:  # pylsl's LostError is one
            raise failed(f"lsl: {self._name} is gone ({type(error).__name__})") from None
        if not stamps:
            return []
        chunk, at = np.asarray(values, np.float64), np.asarray(stamps, np.float64)
        jumps = np.flatnonzero(np.diff(at) > 1 / self._channels.about.rate_hz + TOLERANCE_S) + 1
        return [
            (run, float(of_run[0]), self._on_station_clock(float(of_run[-1])))
            for run, of_run in zip(np.split(chunk, jumps), np.split(at, jumps), strict=True)
        ]

    def _on_station_clock(self, stamp_s: float) -> int:
        ago_s = float(self._pylsl.local_clock()) - (stamp_s + self._correction_s)
        return self._clock_us() - round(ago_s * 1e6)

    def _close(self) -> None:
        inlet, self._inlet = self._inlet, None
        if inlet is not None:
            inlet.close_stream()
