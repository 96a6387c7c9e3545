"""The demo's spoilt lines: between the media workers and a participant who asked for it lies a relay.

Nobody's media goes through a relay before the first fault: it costs a good line nothing. Then the
participant's media is opened anew through one, and after some seconds, when the picture is steady, spoilt.
"""

import asyncio
import re

from cloudclinic.faulty_line import FaultyLine
from records.rooms import ClientOffer, Grants
from signaling.messages import LineFault
from signaling.ports import MediaPlane, PeerAnswer, PeerMeasured, PeerOffer

NARROW_BITS_PER_S = 384_000
CUT_S = 10.0
STEADY_S = 4.0
_CANDIDATE = re.compile(r"^a=candidate:\S+ 1 udp \S+ (\S+) (\d+) typ host\s*$", re.MULTILINE)


class DemoLines:
    """A media plane in front of another, and the faults that `spoil` makes on a participant's line."""

    def __init__(self, plane: MediaPlane, steady_s: float = STEADY_S) -> None:
        self._plane = plane
        self._steady_s = steady_s
        self._lines: dict[str, FaultyLine | None] = {}  # by participant; None: with the next offer
        self._spoiling: set[asyncio.Task[None]] = set()

    async def spoil(self, participant_id: str, fault: LineFault) -> bool:
        """Make a fault on somebody's line; True: its media is to be offered anew, the fault follows."""
        line = self._lines.get(participant_id)
        if line is not None:
            await _spoil(line, fault)
            return False
        self._lines[participant_id] = None
        task = asyncio.create_task(self._spoil_when_steady(participant_id, fault))
        self._spoiling.add(task)
        task.add_done_callback(self._spoiling.discard)
        return True

    async def close(self) -> None:
        """Take every relay away."""
        for task in self._spoiling:
            task.cancel()
        await asyncio.gather(*self._spoiling, return_exceptions=True)
        for line in self._lines.values():
            if line is not None:
                line.close()

    async def _spoil_when_steady(self, participant_id: str, fault: LineFault) -> None:
        await asyncio.sleep(self._steady_s)
        line = self._lines.get(participant_id)
        if line is not None:
            await _spoil(line, fault)

    # --- the media plane --------------------------------------------------------------------------------

    async def open_peer(
        self, room_id: str, participant_id: str, grants: Grants, is_station: bool
    ) -> PeerOffer:
        """As the plane behind it; an offer to somebody whose line is faulty names the relay."""
        offer = await self._plane.open_peer(room_id, participant_id, grants, is_station)
        if participant_id not in self._lines or (worker := worker_address(offer.sdp)) is None:
            return offer
        line = self._lines[participant_id] = self._lines[participant_id] or await FaultyLine.open(worker)
        await line.lead_to(worker)
        sdp = through(offer.sdp, line.address)
        return PeerOffer(peer_id=offer.peer_id, sdp=sdp, publish=offer.publish)

    async def answer_offer(self, offer: ClientOffer) -> PeerAnswer:
        """As the plane behind it: nobody spoils the line of a device or a screen."""
        return await self._plane.answer_offer(offer)

    async def take_answer(self, peer_id: str, sdp: str) -> None:
        """As the plane behind it."""
        await self._plane.take_answer(peer_id, sdp)

    async def set_grants(self, peer_id: str, grants: Grants) -> None:
        """As the plane behind it."""
        await self._plane.set_grants(peer_id, grants)

    async def close_peer(self, peer_id: str) -> None:
        """As the plane behind it."""
        await self._plane.close_peer(peer_id)

    async def open_tap(self, room_id: str, socket_path: str, epoch_us: int) -> None:
        """See `signaling.ports.MediaPlane.open_tap`."""
        await self._plane.open_tap(room_id, socket_path, epoch_us)

    def is_tapped(self, room_id: str) -> bool:
        """See `signaling.ports.MediaPlane.is_tapped`."""
        return self._plane.is_tapped(room_id)

    async def close_tap(self, room_id: str) -> None:
        """See `signaling.ports.MediaPlane.close_tap`."""
        await self._plane.close_tap(room_id)

    async def close_room(self, room_id: str) -> None:
        """As the plane behind it."""
        await self._plane.close_room(room_id)

    async def measured(self) -> tuple[PeerMeasured, ...]:
        """As the plane behind it."""
        return await self._plane.measured()


async def _spoil(line: FaultyLine, fault: LineFault) -> None:
    match fault:
        case LineFault.NARROW_384:
            line.narrow(NARROW_BITS_PER_S)
        case LineFault.CUT_10_S:
            line.cut(CUT_S)
        case LineFault.ADDRESS_CHANGED:
            await line.change_address()
        case LineFault.MENDED:
            line.narrow(None)


def worker_address(sdp: str) -> tuple[str, int] | None:
    """The first host candidate of an offer."""
    found = _CANDIDATE.search(sdp)
    return None if found is None else (found[1], int(found[2]))


def through(sdp: str, relay: tuple[str, int]) -> str:
    """The offer with the relay as its only candidate."""
    first = True

    def replaced(found: re.Match[str]) -> str:
        nonlocal first
        row = found[0].replace(f" {found[1]} {found[2]} ", f" {relay[0]} {relay[1]} ") if first else ""
        first = False
        return row

    return re.sub(r"(?:\r?\n){2,}", "\r\n", _CANDIDATE.sub(replaced, sdp))
