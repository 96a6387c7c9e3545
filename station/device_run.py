"""Reads one device while a binding runs: opened again whenever it is gone, its stream goes on over a gap."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from ecg.errors import EcgError
from station.ecg_devices.device import DEVICE, DeviceDescription, EcgDevice, SampleBlock, failed
from station.ecg_devices.device_stream import DeviceStream, Piece
from station.ecg_devices.probe import OPENS_IN_S, close_wholly, limit
from station.ecg_stream import Anchor, Place
from station.errors import DeviceFailed, StreamDiffers

log = logging.getLogger(__name__)

RETRY_S = 2.0
SILENT_S = 3.0
"""A device that gives nothing for so long is taken for gone; straps send about twice a second."""


Begin = Callable[[DeviceDescription, int], Awaitable[Place]]
"""Make the stream ready for a device whose first sample was captured at that time; raises `StreamDiffers`."""


class DeviceRun:
    """Runs until cancelled. `put` takes every piece in order; `tell` hears what is wrong, None when well."""

    def __init__(
        self,
        device: EcgDevice,
        stream_id: int,
        begin: Begin,
        put: Callable[[Piece], None],
        tell: Callable[[str | None], None],
        *,
        retry_s: float = RETRY_S,
        silent_s: float = SILENT_S,
    ) -> None:
        self._device = device
        self._stream_id = stream_id
        self._begin = begin
        self._put = put
        self._tell = tell
        self._retry_s = retry_s
        self._silent_s = silent_s
        self._about: DeviceDescription | None = None
        self._stream: DeviceStream | None = None
        self._told: str | None = ""

    @property
    def drift_ppm(self) -> float | None:
        """How much slower than it says the device counts; None before it is known."""
        return None if self._stream is None else self._stream.drift_ppm

    async def run(self) -> None:
        """Read, and open again after every loss; returns never."""
        while True:
            try:
                await self._read()
            except (DeviceFailed, StreamDiffers, EcgError, OSError) as error:
                self._say(str(error))
            except Exception as error:  # an adapter may raise anything; the room must see the device is gone
                log.exception("the ecg device broke off")
                self._say(f"{DEVICE}: broke off ({type(error).__name__})")
            await asyncio.sleep(self._retry_s)

    async def _read(self) -> None:
        try:
            async with limit(OPENS_IN_S, "did not answer"):
                about = await self._device.open()
            blocks = self._device.blocks()
            stream, first = await self._join(about, await self._next(blocks))
            try:
                for piece in stream.take(first):
                    self._put(piece)
                self._say(None)
                while True:
                    for piece in stream.take(await self._next(blocks)):
                        self._put(piece)
            finally:
                for piece in stream.finish():
                    self._put(piece)
        finally:
            await close_wholly(self._device)

    async def _next(self, blocks: AsyncIterator[SampleBlock]) -> SampleBlock:
        async with limit(self._silent_s, f"gave nothing for {self._silent_s:g} s"):
            try:
                return await anext(blocks)
            except StopAsyncIteration:
                raise failed("is gone") from None

    async def _join(self, about: DeviceDescription, first: SampleBlock) -> tuple[DeviceStream, SampleBlock]:
        """The stream of this connection, behind what there is of the one before."""
        seen_us = first.arrived_us if first.taken_us is None else first.taken_us
        captured_us = seen_us - round((first.count - 1) * 1e6 / about.rate_hz) - about.latency_us
        if self._about is None or self._stream is None:
            place = await self._begin(about, captured_us)
        elif about != self._about:
            raise StreamDiffers(f"{DEVICE}: another device came back; bind again")
        else:
            place = _behind(self._stream, captured_us, about.rate_hz)
        stream = DeviceStream(about, self._stream_id, place.anchor.index, first)
        for wave in place.missed(self._stream_id, about.rate_hz, about.rows):
            self._put(Piece(wave, live=False))
        self._about, self._stream = about, stream
        return stream, first

    def _say(self, problem: str | None) -> None:
        if problem != self._told:
            self._told = problem
            self._tell(problem)


def _behind(stream: DeviceStream, captured_us: int, rate_hz: float) -> Place:
    """Where a sample captured at that time stands; at least one is missing: a joint would hide the gap."""
    end = stream.next_index
    end_us = stream.captured_us(end)
    index = end + max(1, round((captured_us - end_us) * rate_hz / 1e6))
    return Place(Anchor(index, captured_us), end, end_us)
