"""A serial port as an ECG device: a thread reads, the protocol understands."""

import asyncio
import concurrent.futures
import logging
import os
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from station.ecg_devices.device import DeviceDescription, SampleBlock, failed
from station.ecg_devices.serial_protocol import Damage, Samples, SerialProtocol, protocol_named
from station.source_words import SerialWord

if TYPE_CHECKING:
    from serial import Serial

log = logging.getLogger(__name__)

READ_S = 0.1
"""A read that found nothing returns after so long, so that closing never waits longer."""

DAMAGE_TOLD_EVERY_US = 10_000_000


class SerialDevice:
    """`word` names port and protocol. The port is taken for itself alone.

    Raises `DeviceFailed` where pyserial is not installed or nobody knows the protocol.
    """

    def __init__(self, word: SerialWord, clock_us: Callable[[], int]) -> None:
        try:
            import serial
        except ImportError:
            raise failed("serial: needs pyserial; install cloudclinic[serial]") from None
        self._serial = serial
        self._word = word
        self._clock_us = clock_us
        self._make = protocol_named(word.protocol)
        self._reader = concurrent.futures.ThreadPoolExecutor(1, "ecg-serial")
        self._port: Serial | None = None
        self._protocol: SerialProtocol | None = None
        self._about: DeviceDescription | None = None
        self._early: list[SampleBlock] = []
        self._damaged, self._damage_told_us = 0, 0

    async def open(self) -> DeviceDescription:
        """Open the port and wait for the device to say what it gives."""
        self._protocol, self._about, self._early = self._make(), None, []
        await self._in_thread(self._open)
        while self._about is None:
            self._early = await self._read()
        return self._about

    async def blocks(self) -> AsyncIterator[SampleBlock]:
        """Every block of samples, as read."""
        for block in self._early:
            yield block
        while True:
            for block in await self._read():
                yield block

    async def close(self) -> None:
        """Give back the port."""
        await self._in_thread(self._close)

    async def _in_thread(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._reader, work)

    def _open(self) -> None:
        assert self._protocol is not None
        baud = self._word.baud or self._protocol.baud
        try:
            self._port = self._serial.Serial(self._word.port, baud, timeout=READ_S, exclusive=True)
            self._port.write(self._protocol.begin)
        except (OSError, ValueError) as error:  # SerialException is an OSError
            raise failed(f"{self._word.port} cannot be opened: {_reason(error)}") from None

    def _close(self) -> None:
        port, self._port = self._port, None
        if port is None:
            return
        try:
            if self._protocol is not None and self._protocol.end:
                port.write(self._protocol.end)
        except OSError:
            pass  # it is unplugged: nobody hears it
        finally:
            port.close()

    async def _read(self) -> list[SampleBlock]:
        """The blocks of what came, perhaps none; all had arrived by the same moment."""
        data, arrived_us = await asyncio.get_running_loop().run_in_executor(self._reader, self._read_port)
        blocks = []
        assert self._protocol is not None
        try:
            for said in self._protocol.feed(data):
                match said:
                    case DeviceDescription():
                        self._describes(said)
                    case Damage():
                        self._is_damaged(said.count, arrived_us)
                    case Samples() if self._about is not None:
                        blocks.append(_block(said, arrived_us))
        except ValueError as error:
            raise failed(f"{self._word.port} is not understood: {error}") from None
        return blocks

    def _read_port(self) -> tuple[bytes, int]:
        if self._port is None:
            raise failed(f"{self._word.port} is closed")
        try:
            data = self._port.read(max(1, self._port.in_waiting))
        except OSError as error:
            raise failed(f"{self._word.port} is gone: {_reason(error)}") from None
        return bytes(data), self._clock_us()

    def _describes(self, about: DeviceDescription) -> None:
        if self._about is not None and about != self._about:
            raise failed(f"{self._word.port}: the device changed what it gives while it ran")
        self._about = about

    def _is_damaged(self, count: int, now_us: int) -> None:
        self._damaged += count
        if now_us - self._damage_told_us >= DAMAGE_TOLD_EVERY_US:
            log.warning("%s: %d bytes were damaged and passed over", self._word.port, self._damaged)
            self._damaged, self._damage_told_us = 0, now_us


def _block(said: Samples, arrived_us: int) -> SampleBlock:
    return SampleBlock(
        number=said.number,
        samples=said.samples,
        arrived_us=arrived_us,
        electrodes_off=said.electrodes_off,
        unusable=said.unusable,
        clipped=said.clipped,
        marks=said.marks,
    )


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return os.strerror(number) if isinstance(number, int) else "unplugged, or used by another program"
