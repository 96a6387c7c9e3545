"""Another viewer of the same consult, whose line nobody spoils: no browser, and in the server's namespace."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from benchmarks.seat import Seat
from benchmarks.worker_server import is_ultrasound
from media.layout import BROWSER
from media.rtp import RtpPacket
from tests.fakes.media_viewer import Viewer

JOIN_LIMIT_S = 15
ULTRASOUND_MID = next(line.mid for line in BROWSER if is_ultrasound(line))


class Beside:
    """When each picture of the ultrasound began to come, milliseconds since 1970, and its bytes."""

    def __init__(self, viewer: Viewer) -> None:
        self.pictures: list[tuple[float, int]] = []
        self._viewer = viewer
        self._timestamp: int | None = None
        viewer.take = self.take  # type: ignore[method-assign]

    def take(self, packet: RtpPacket | None) -> None:
        """Count a packet and keep nothing of it."""
        if packet is None or self._viewer.mids.get(packet.ssrc) != ULTRASOUND_MID:
            return
        if packet.timestamp != self._timestamp:
            self._timestamp = packet.timestamp
            self.pictures.append((1000 * time.time(), 0))
        at_ms, size = self.pictures[-1]
        self.pictures[-1] = (at_ms, size + len(packet.payload))


@contextlib.asynccontextmanager
async def beside(who: Seat, consult_id: str) -> AsyncIterator[Beside]:
    """Join the room, receive, and leave it."""
    await who.do("join_room", consult_id=consult_id, microphone_on=False, camera_on=False)
    async with asyncio.timeout(JOIN_LIMIT_S):
        offered = await who.offers.get()
    viewer = await Viewer.answer(offered["sdp"])
    try:
        await who.do("answer_media", peer_id=offered["peer_id"], sdp=viewer.path.answer_sdp)
        if not await viewer.path.connected():
            raise TimeoutError("the viewer beside the spoilt line has no media")
        yield Beside(viewer)
    finally:
        await viewer.path.close()
        await who.do("leave_room", consult_id=consult_id)
