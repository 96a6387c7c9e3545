"""The live path: the publisher of the moment, or nobody."""

import asyncio
import logging
from collections.abc import Callable

from records.rooms import Encoding
from station.ports import Publisher
from station.send_rate import SendRate

log = logging.getLogger(__name__)


class LivePath:
    """Where live pictures and samples go. Without a publisher they are dropped: the journal has the ECG."""

    def __init__(self) -> None:
        self._publisher: Publisher | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._frame_bytes = 0
        self._ecg_rate = SendRate()
        self.frames = 0

    @property
    def open(self) -> bool:
        """True while somebody can receive."""
        return self._publisher is not None

    async def prepare(self, publisher: Publisher, on_open: Callable[[], None]) -> None:
        """Send by this publisher as soon as it is connected; the one before it is closed."""
        await self.close()
        self._connecting = asyncio.create_task(self._connect(publisher, on_open))

    async def close(self) -> None:
        """Send nothing until another publisher is there."""
        task, self._connecting = self._connecting, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _connect(self, publisher: Publisher, on_open: Callable[[], None]) -> None:
        lost = asyncio.Event()
        publisher.lost = lambda reason: lost.set()
        try:
            await publisher.connected()
            self._publisher = publisher
            on_open()
            await lost.wait()
            log.warning("live path lost; the server will offer another")
        except Exception as error:  # whatever the media room raises: the journal has every sample
            log.warning("live path not opened: %s", error)
        finally:
            self._publisher = None
            await publisher.close()

    def send_frame(self, annexb: bytes, capture_us: int, encoding: Encoding = Encoding.MAIN) -> None:
        """Send one encoded picture."""
        if self._publisher is not None:
            self._publisher.send_frame(annexb, capture_us, encoding)
            self._frame_bytes += len(annexb)
            self.frames += encoding is Encoding.MAIN

    def send_ecg(self, packet: bytes, capture_us: int) -> None:
        """Send one live E1 packet."""
        if self._publisher is not None:
            self._publisher.send_ecg(packet, capture_us)
            self._frame_bytes += len(packet)
            self._ecg_rate.sent(len(packet), capture_us)

    @property
    def ecg_bits_per_s(self) -> int:
        """What the live ECG takes of the line; it goes before the pictures."""
        return self._ecg_rate.bits_per_s if self.open else 0

    def take_bytes(self) -> int:
        """Bytes sent since this was last asked."""
        taken, self._frame_bytes = self._frame_bytes, 0
        return taken
