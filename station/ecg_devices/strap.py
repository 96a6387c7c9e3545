"""A Bluetooth chest strap as an ECG device (`ble:ADDRESS`), where it gives its raw ECG: rhythm only.

Its one lead lies between two pads below the breast: it is none of the twelve and is never called one. A strap
that tells heart rate and RR intervals alone is refused: they are no ECG.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Protocol

import numpy as np

from station.ecg_devices import heart_rate, polar
from station.ecg_devices.device import DeviceDescription, SampleBlock, failed
from station.ecg_devices.stamp_counter import StampCounter

log = logging.getLogger(__name__)

LEAD = "strap"
ANSWERS_IN_S = 5.0
_LARGEST = 32767


class StrapLink(Protocol):
    """A connected strap. Everything raises `DeviceFailed` when the radio fails, but `close`."""

    @property
    def name(self) -> str: ...

    @property
    def services(self) -> frozenset[str]: ...

    async def read(self, characteristic: str) -> bytes: ...

    async def write(self, characteristic: str, data: bytes) -> None: ...

    async def subscribe(self, characteristic: str, on_value: Callable[[bytes], None]) -> None: ...

    async def close(self) -> None: ...


class Radio(Protocol):
    """What the strap needs of Bluetooth; `station.ecg_devices.bleak_radio` is one."""

    async def connect(self, address: str, on_gone: Callable[[], None]) -> StrapLink:
        """Raises `DeviceFailed` when the strap is not found."""


class StrapDevice:
    """The strap with this Bluetooth address (on macOS, with this identifier)."""

    def __init__(self, address: str, clock_us: Callable[[], int], radio: Radio | None = None) -> None:
        if radio is None:
            from station.ecg_devices.bleak_radio import BleakRadio

            radio = BleakRadio()
        self._address = address
        self._clock_us = clock_us
        self._radio = radio
        self._link: StrapLink | None = None
        self._heard: asyncio.Queue[tuple[bytes, int] | None] = asyncio.Queue()
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()
        self._contact = True

    async def open(self) -> DeviceDescription:
        """Connect and have the strap begin to send."""
        self._heard, self._answers, self._contact = asyncio.Queue(), asyncio.Queue(), True
        heard = self._heard
        link = self._link = await self._radio.connect(self._address, lambda: heard.put_nowait(None))
        if polar.SERVICE not in link.services:
            raise failed(f"ble: {link.name} gives no raw ECG; heart rate and RR intervals are none")
        if not polar.gives_ecg(await link.read(polar.CONTROL)):
            raise failed(f"ble: {link.name} does not offer its ECG")
        if heart_rate.SERVICE in link.services:
            await link.subscribe(heart_rate.MEASUREMENT, self._heart_rate)
        await link.subscribe(polar.CONTROL, self._answers.put_nowait)
        await link.subscribe(polar.DATA, lambda data: heard.put_nowait((data, self._clock_us())))
        await link.write(polar.CONTROL, polar.START_ECG)
        try:
            answer = await asyncio.wait_for(self._answers.get(), ANSWERS_IN_S)
        except TimeoutError:
            raise failed(f"ble: {link.name} did not answer") from None
        if problem := polar.refused(answer):
            raise failed(f"ble: {link.name} gives no ECG: {problem}")
        return DeviceDescription(
            rate_hz=polar.RATE_HZ,
            nv_per_lsb=polar.NV_PER_LSB,
            leads=(),
            other=(LEAD,),
            device=f"{link.name} {self._address} (rhythm only)",
        )

    async def blocks(self) -> AsyncIterator[SampleBlock]:
        """Every frame that comes; while the strap does not touch skin, its samples are missing."""
        counter = StampCounter(polar.RATE_HZ, 0.5 / polar.RATE_HZ)
        while (heard := await self._heard.get()) is not None:
            data, arrived_us = heard
            try:
                frame = polar.parse_ecg(data)
            except ValueError as error:
                raise failed(f"ble: not understood: {error}") from None
            if frame is None:
                continue
            count = len(frame.uv)
            first_s = frame.stamp_ns / 1e9 - (count - 1) / polar.RATE_HZ
            yield SampleBlock(
                number=counter.number(first_s, count),
                samples=np.clip(frame.uv, -_LARGEST, _LARGEST).astype(np.int16)[None, :],
                arrived_us=arrived_us,
                unusable=0 if self._contact else 1,
                clipped=int((np.abs(frame.uv) > _LARGEST).any()),
            )
        raise failed("ble: the strap is gone")

    async def close(self) -> None:
        """Have the strap end its sending, where it still hears, and disconnect."""
        link, self._link = self._link, None
        if link is None:
            return
        with contextlib.suppress(Exception):  # it may be gone: nobody hears it
            await asyncio.wait_for(link.write(polar.CONTROL, polar.STOP_ECG), 1.0)
        await link.close()

    def _heart_rate(self, data: bytes) -> None:
        try:
            measured = heart_rate.parse_heart_rate(data)
        except ValueError as error:
            log.warning("ble: %s", error)
            return
        self._contact = measured.contact is not False
