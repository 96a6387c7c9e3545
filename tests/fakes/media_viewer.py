"""A viewer that stores what arrives: a browser's end of a peer connection, without a browser."""

import asyncio
from dataclasses import dataclass, field

from media.client_path import ClientPath
from media.layout import BROWSER
from media.offer import read_offer
from media.rtcp import RtcpPart, read_rtcp, write_nack, write_pli
from media.rtp import RtpPacket, read_packet


@dataclass
class Arrived:
    """One RTP packet, copied."""

    mid: str
    ssrc: int
    payload_type: int
    sequence: int
    timestamp: int
    marker: bool
    extensions: dict[int, bytes]
    payload: bytes


@dataclass
class Viewer:
    """Answers a browser's offer and publishes nothing."""

    path: ClientPath
    mids: dict[int, str]
    packets: list[Arrived] = field(default_factory=list)
    reports: list[RtcpPart] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def answer(cls, offer_sdp: str) -> "Viewer":
        offer = read_offer(offer_sdp, BROWSER)
        mids = {ssrc: agreed.line.mid for agreed in offer.lines for ssrc in agreed.ssrcs}
        viewer: Viewer
        path = ClientPath(
            offer,
            {},
            on_rtp=lambda view, now: viewer.take(read_packet(view)),
            on_rtcp=lambda data, now: viewer.reports.extend(read_rtcp(data)),
            on_lost=lambda reason: viewer.lost.append(reason),
        )
        viewer = cls(path, mids)
        return viewer

    def take(self, packet: RtpPacket | None) -> None:
        assert packet is not None
        self.packets.append(
            Arrived(
                self.mids.get(packet.ssrc, "rtx"),
                packet.ssrc,
                packet.payload_type,
                packet.sequence,
                packet.timestamp,
                packet.marker == 128,
                packet.extensions,
                packet.payload,
            )
        )
        self.changed.set()

    def of(self, mid: str) -> list[Arrived]:
        return [packet for packet in self.packets if packet.mid == mid]

    async def until(self, mid: str, count: int) -> list[Arrived]:
        """Wait for so many packets on an m-line."""
        while len(self.of(mid)) < count:
            self.changed.clear()
            await self.changed.wait()
        return self.of(mid)

    def ask_again(self, ssrc: int, *sequences: int) -> None:
        self.path.send_rtcp(write_nack(1, ssrc, sequences))

    def ask_key_frame(self, ssrc: int) -> None:
        self.path.send_rtcp(write_pli(1, ssrc))
