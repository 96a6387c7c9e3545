"""What a station sends with: encoded ultrasound and E1 packets in, RTP on the capture clock out."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from media.agreed import AgreedLine
from media.client_path import ClientPath
from media.errors import MediaError
from media.layout import CODECS, STATION, Codec, Extension
from media.offer import SendingSsrcs, read_offer
from media.packetizer import packetize
from media.relay_bridge import RelayBridge, RelayLogin
from media.rtcp import (
    KeyFrameAsked,
    Nack,
    Remb,
    ReportBlock,
    SenderReport,
    read_rtcp,
    write_cname,
    write_sender_report,
)
from media.rtp import abs_send_time, element, ntp64, write_packet
from media.rtx import RESEND_INTERVAL_S, rtx_packet
from media.source import HISTORY
from media.turn_messages import Address
from records.rooms import Encoding, MediaKind
from records.values import Value

MAX_ECG_BYTES = 1150
REPORT_INTERVAL_S = 1.0
_CAPTURE_TIME_BYTES = 8  # what abs-capture-time adds to a padded header extension of ours


class PublisherFigures(Value):
    """What a publisher counts, by kind, and what the server said of it. Of ultrasound: its main encoding."""

    packets: dict[MediaKind, int]
    bytes: dict[MediaKind, int]
    resent: int
    fraction_lost: float | None
    target_bps: int | None


class _Stream:
    """One outgoing stream on the capture clock."""

    def __init__(self, agreed: AgreedLine, codec: Codec, ssrcs: SendingSsrcs) -> None:
        self.kind = agreed.line.kind
        self.ssrcs = ssrcs
        self.payload_type = agreed.payload_types[codec]
        self.rtx_type = agreed.rtx_types.get(self.payload_type)
        self.clock_rate_hz = CODECS[self.kind][0].clock_rate_hz
        self.packets = self.bytes = self.resent = 0
        self._ids = agreed.extension_ids
        self._mid = agreed.line.mid.encode()
        self._sequence = secrets.randbits(15)
        self._rtx_sequence = secrets.randbits(15)
        self._history: list[tuple[int, bytes, float] | None] = [None] * HISTORY

    def timestamp(self, capture_us: int) -> int:
        """RTP time is capture time: no offset to be told."""
        return capture_us * self.clock_rate_hz // 1_000_000 & 0xFFFF_FFFF

    def packet(self, payload: bytes, capture_us: int, first: bool, last: bool, now: float) -> bytes:
        elements = b""
        if (identifier := self._ids.get(Extension.ABS_SEND_TIME)) is not None:
            elements += element(identifier, abs_send_time(now))
        if (identifier := self._ids.get(Extension.MID)) is not None:
            elements += element(identifier, self._mid)
        if first and (identifier := self._ids.get(Extension.ABS_CAPTURE_TIME)) is not None:
            elements += element(identifier, ntp64(capture_us).to_bytes(8, "big"))
        if (identifier := self._ids.get(Extension.PLAYOUT_DELAY)) is not None:
            elements += element(identifier, b"\0\0\0")
        self._sequence = (self._sequence + 1) & 0xFFFF
        data = write_packet(
            self.payload_type,
            last,
            self._sequence,
            self.timestamp(capture_us),
            self.ssrcs.media,
            elements,
            payload,
        )
        self.packets += 1
        self.bytes += len(payload)
        if self.ssrcs.rtx is not None:
            self._history[self._sequence % HISTORY] = (self._sequence, data, float("-inf"))
        return data

    def resend(self, sequence: int, now: float) -> bytes | None:
        entry = self._history[sequence % HISTORY]
        if entry is None or entry[0] != sequence or self.ssrcs.rtx is None or self.rtx_type is None:
            return None
        if now - entry[2] < RESEND_INTERVAL_S:
            return None
        self._history[sequence % HISTORY] = (sequence, entry[1], now)
        self._rtx_sequence = (self._rtx_sequence + 1) & 0xFFFF
        self.resent += 1
        timed = Extension.ABS_SEND_TIME in self._ids
        return rtx_packet(entry[1], self.rtx_type, self._rtx_sequence, self.ssrcs.rtx, now, timed)


class Publisher:
    """Answers one offer. Set the callbacks before `connected()`; `lost` is called at most once.

    key_frame_wanted()          the server asks for a key frame
    target_bitrate(bps)         the server's budget for everything but the reduced encoding
    reduced_key_frame_wanted()  the same of the reduced encoding of the ultrasound
    reduced_bitrate(bps)        how much of it is wanted beside the budget; 0: it is not to be sent
    lost(reason)                the path is gone: close this and answer a new offer
    """

    def __init__(self, clock_us: Callable[[], int]) -> None:
        self.key_frame_wanted: Callable[[], None] = lambda: None
        self.target_bitrate: Callable[[int], None] = lambda bps: None
        self.reduced_key_frame_wanted: Callable[[], None] = lambda: None
        self.reduced_bitrate: Callable[[int], None] = lambda bps: None
        self.lost: Callable[[str], None] = lambda reason: None
        self._clock_us = clock_us
        self._loop = asyncio.get_running_loop()
        self._streams: dict[tuple[MediaKind, Encoding], _Stream] = {}
        self._path: ClientPath
        self._bridge: RelayBridge
        self._direct: tuple[Address, ...] = ()
        self._reporting: asyncio.Task[None] | None = None
        self._fraction_lost: float | None = None
        self._target_bps: int | None = None
        self._cname = secrets.token_hex(8)

    @classmethod
    async def answer(
        cls,
        offer_sdp: str,
        publish: Mapping[str, MediaKind],
        *,
        clock_us: Callable[[], int],
        relays: Sequence[RelayLogin] = (),
    ) -> "Publisher":
        """Answer a station's offer; `publish`: mid -> kind to send there. Raises SdpRefused.

        `clock_us`: the capture clock, UTC in microseconds. `relays`: taken where no UDP gets through.
        """
        offer = read_offer(offer_sdp, STATION)
        publisher = cls(clock_us)
        ssrcs: dict[str, SendingSsrcs] = {}
        for agreed in offer.lines:
            if publish.get(agreed.line.mid) is not agreed.line.kind:
                continue
            rtx = secrets.randbits(31) * 2 + 1 if agreed.line.is_video else None
            pair = ssrcs[agreed.line.mid] = SendingSsrcs(secrets.randbits(31) * 2 + 2, rtx)
            codec = Codec.H264_CB if agreed.line.is_video else Codec.ECG
            stream = _Stream(agreed, codec, pair)
            publisher._streams[agreed.line.kind, agreed.line.encoding] = stream
        publisher._direct = offer.addresses
        bridge = publisher._bridge = RelayBridge(offer.addresses, relays)
        try:
            publisher._path = ClientPath(
                replace(offer, addresses=offer.addresses + bridge.addresses),
                ssrcs,
                on_rtp=lambda view, now: None,
                on_rtcp=publisher._take_rtcp,
                on_lost=lambda reason: publisher.lost(reason),
            )
        except BaseException:
            await bridge.close()
            raise
        return publisher

    @property
    def answer_sdp(self) -> str:
        return self._path.answer_sdp

    async def connected(self) -> None:
        """Wait until media can flow. Raises MediaError when that does not happen within 15 s."""
        if not await self._path.connected():
            raise MediaError(
                "the peer connection did not come up" if self._path.remote else self._no_answer()
            )
        if self._path.remote not in self._bridge.addresses:
            await self._bridge.close()
        self._reporting = asyncio.create_task(self._report())

    def _no_answer(self) -> str:
        hosts = ", ".join(f"{host} port {port}" for host, port in self._direct)
        return f"no answer by UDP from {hosts}, nor through a relay; let UDP through, or set up a relay"

    def send_frame(self, annexb: bytes, capture_us: int, encoding: Encoding = Encoding.MAIN) -> bool:
        """Send one H.264 access unit; False while there is no connection."""
        stream = self._streams.get((MediaKind.ULTRASOUND, encoding))
        payloads = packetize(annexb, first_spare=_CAPTURE_TIME_BYTES)
        if stream is None or not payloads:
            return False
        now, last = self._loop.time(), len(payloads) - 1
        packets = (
            stream.packet(payload, capture_us, index == 0, index == last, now)
            for index, payload in enumerate(payloads)
        )
        return self._path.send_rtp(*packets)

    def send_ecg(self, packet: bytes, capture_us: int) -> bool:
        """Send one E1 packet of at most 1150 bytes; False while there is no connection."""
        if len(packet) > MAX_ECG_BYTES:
            raise ValueError(f"an ECG packet has {len(packet)} bytes; at most {MAX_ECG_BYTES} are right")
        stream = self._streams.get((MediaKind.ECG, Encoding.MAIN))
        if stream is None:
            return False
        return self._path.send_rtp(stream.packet(packet, capture_us, True, True, self._loop.time()))

    def figures(self) -> PublisherFigures:
        """What was sent."""
        mains = {
            kind: stream for (kind, encoding), stream in self._streams.items() if encoding is Encoding.MAIN
        }
        return PublisherFigures(
            packets={kind: stream.packets for kind, stream in mains.items()},
            bytes={kind: stream.bytes for kind, stream in mains.items()},
            resent=sum(stream.resent for stream in self._streams.values()),
            fraction_lost=self._fraction_lost,
            target_bps=self._target_bps,
        )

    async def close(self) -> None:
        """Stop sending; safe to call twice."""
        if self._reporting is not None:
            self._reporting.cancel()
            await asyncio.gather(self._reporting, return_exceptions=True)
        await self._path.close()
        await self._bridge.close()

    def _take_rtcp(self, data: bytes, now: float) -> None:
        second = self._streams.get((MediaKind.ULTRASOUND, Encoding.REDUCED))
        reduced = second.ssrcs.media if second is not None else None
        for part in read_rtcp(data):
            if isinstance(part, KeyFrameAsked):
                (self.reduced_key_frame_wanted if part.ssrc == reduced else self.key_frame_wanted)()
            elif isinstance(part, Remb):
                self._take_remb(part, reduced)
            elif isinstance(part, ReportBlock):
                if part.ssrc != reduced:
                    self._fraction_lost = part.fraction_lost
            elif isinstance(part, Nack):
                self._resend(part, now)

    def _take_remb(self, remb: Remb, reduced: int | None) -> None:
        if reduced is not None and remb.ssrcs == (reduced,):
            self.reduced_bitrate(remb.bits_per_second)
            return
        self._target_bps = remb.bits_per_second
        self.target_bitrate(remb.bits_per_second)

    def _resend(self, nack: Nack, now: float) -> None:
        for stream in self._streams.values():
            if stream.ssrcs.media != nack.ssrc:
                continue
            for sequence in nack.sequences:
                if (data := stream.resend(sequence, now)) is not None:
                    self._path.send_rtp(data)

    async def _report(self) -> None:
        while True:
            clock_us = self._clock_us()
            for stream in self._streams.values():
                if stream.packets:
                    report = SenderReport(stream.ssrcs.media, ntp64(clock_us), stream.timestamp(clock_us))
                    body = write_sender_report(report, stream.packets, stream.bytes)
                    self._path.send_rtcp(body + write_cname(report.ssrc, self._cname))
            await asyncio.sleep(REPORT_INTERVAL_S)
