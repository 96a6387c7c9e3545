"""An ECG device that gives what a test lays before it."""

import asyncio
from collections.abc import AsyncIterator

from station.ecg_devices.device import DeviceDescription, SampleBlock, failed
from station.errors import DeviceFailed


class FakeEcgDevice:
    """Answers as long as `about` is set; `give` and `unplug` act on the connection of the moment."""

    def __init__(self, about: DeviceDescription | None) -> None:
        self.about = about
        self.opened = 0
        self.closed = 0
        self._tried = asyncio.Event()
        self._given: asyncio.Queue[SampleBlock | DeviceFailed] = asyncio.Queue()

    def give(self, *blocks: SampleBlock) -> None:
        """These come next."""
        for block in blocks:
            self._given.put_nowait(block)

    def unplug(self) -> None:
        """The connection ends after what was given."""
        self._given.put_nowait(failed("unplugged"))

    async def until_opened(self, times: int) -> None:
        """Wait until it was opened, or tried, so often."""
        while self.opened < times:
            self._tried.clear()
            await self._tried.wait()

    async def open(self) -> DeviceDescription:
        self.opened += 1
        self._tried.set()
        if self.about is None:
            raise failed("not there")
        return self.about

    async def blocks(self) -> AsyncIterator[SampleBlock]:
        while True:
            given = await self._given.get()
            if isinstance(given, DeviceFailed):
                raise given
            yield given

    async def close(self) -> None:
        self.closed += 1
