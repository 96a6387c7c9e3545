"""One peer connection: its address, DTLS, SRTP, and the tables that lead packets to sources and viewers."""

import asyncio
import enum
import secrets
from collections.abc import Callable, Mapping, Sequence

from media.agreed import AgreedLine
from media.aiortc_seams import Certificate, Dtls, PacketBuffer, Srtp
from media.answer import RemoteAnswer, read_answer
from media.budget import changed
from media.egress import Lane, Path, send
from media.errors import AnswerRepeated
from media.faults import Faults
from media.foreign import ForeignOffer, write_foreign_answer
from media.gaps import LATE_S
from media.layout import Extension, MediaLine
from media.offer import LocalTransport, SendingSsrcs, write_offer
from media.outgoing import Outgoing
from media.port import UdpPort
from media.rtcp import (
    Bye,
    KeyFrameAsked,
    Nack,
    Remb,
    ReportBlock,
    RtcpPart,
    SenderReport,
    read_rtcp,
    write_cname,
    write_nack,
    write_pli,
    write_receiver_report,
    write_remb,
    write_sender_report,
)
from media.rtp import RtpPacket, is_rtcp, read_packet
from media.source import Source
from media.spread import Spread
from media.transport_feedback import TransportFeedback
from media.uplink import Uplink
from media.viewer_way import ViewerWay
from records.rooms import Encoding, GivenUp, MediaKind

SETUP_LIMIT_S = 15.0
SILENCE_LIMIT_S = 8.0  # browsers check their path every 2.5 s
REPORT_INTERVAL_S = 1.0
BROWSER_BUDGET_BPS = 3_000_000  # without a REMB Chromium creeps up from 300 kbit/s
STATION_BUDGET_BPS = 6_000_000
SOON_S, CALM_S = 0.05, 0.25  # how often peers are looked at while something waits, and otherwise
_LEAST_BUDGET_BPS = 150_000.0
_MAX_PATHS = 16
_MAX_SSRCS = 32


class _Stream:
    """Where the packets of an SSRC belong."""

    __slots__ = ("source", "is_rtx", "heard_at")

    def __init__(self, source: Source, is_rtx: bool) -> None:
        self.source, self.is_rtx = source, is_rtx
        self.heard_at = float("-inf")


class PeerState(enum.Enum):
    OFFERED = enum.auto()
    CONNECTING = enum.auto()
    CONNECTED = enum.auto()
    CLOSED = enum.auto()


class Peer:
    """Created with an offer; `lost` and `connected` are called at most once each."""

    def __init__(
        self,
        peer_id: str,
        lines: tuple[MediaLine, ...],
        is_device: bool,
        port: UdpPort,
        now: float,
        *,
        connected: Callable[["Peer"], None],
        lost: Callable[["Peer", str], None],
        agreed: Callable[["Peer"], None],
        started: Callable[["Peer", Source], None],
        reduced: Callable[["Peer", frozenset[GivenUp], Encoding], None],
    ) -> None:
        self.peer_id = peer_id
        self.participant_id = ""
        self.room_id = ""
        self.lines = lines
        self.state = PeerState.OFFERED
        self.sources: dict[str, Source] = {}
        self.fraction_lost: float | None = None
        self.ufrag, self.password = secrets.token_hex(4), secrets.token_hex(16)
        self._port, self._opened_at, self._heard_at = port, now, now
        self._connected, self._lost, self._agreed, self._started = connected, lost, agreed, started
        self._reduced = reduced
        self.uplink = Uplink(STATION_BUDGET_BPS if is_device else BROWSER_BUDGET_BPS)
        self.limits_bps: dict[str, float] = {}  # by mid of a source; absent: as much as it likes
        self.reduced: Source | None = None  # the second encoding it can send of its ultrasound
        self.reduced_bps = 0.0  # how much of that is wanted; 0: it is not to be made
        self.spread = Spread()  # its viewers over the two
        self._told_reduced_bps = 0.0
        self._viewed: tuple[frozenset[GivenUp], Encoding] = (frozenset(), Encoding.MAIN)
        self._asking: asyncio.TimerHandle | None = None
        self._faults = Faults()
        self._budget_bps = self._arrived_s = self._lines_due = 0.0
        self._arrived_bytes = 0
        self._arrived_sent: int | None = None
        self._key_frame_asked = False
        self._loop = asyncio.get_running_loop()
        self._certificate = Certificate()
        self._dtls = Dtls(self._certificate, self._send_raw)
        self._lane = Lane()
        self._sending = port.sending
        self.way = ViewerWay(self._sending, self._lane, self.failed)
        self.line = self.way.line
        self.outgoing = self.way.outgoing
        self._taken: dict[int, Source] = {}  # by identity: what came in this wake-up
        self._paths: list[Path] = []
        self._answer: RemoteAnswer | None = None
        self._by_ssrc: dict[int, _Stream] = {}
        self._by_type: dict[int, Source] = {}
        self._by_outgoing_ssrc: dict[int, Outgoing] = {}
        self._ssrc = secrets.randbits(32)  # of our reports
        self._cname = secrets.token_hex(8)
        self._ssrcs = self._draw_ssrcs()
        self._handshake: asyncio.Task[None] | None = None
        self._reported_at = now
        port.register(self.ufrag, self)

    def _draw_ssrcs(self) -> Mapping[str, SendingSsrcs]:
        receiving = [line for line in self.lines if not line.publishes]
        drawn: set[int] = set()
        while len(drawn) < 2 * len(receiving):
            drawn.add(secrets.randbelow(0xFFFF_FFFE) + 1)
        return {
            line.mid: SendingSsrcs(drawn.pop(), drawn.pop() if line.is_video else None) for line in receiving
        }

    def offer(self) -> str:
        """The SDP offer."""
        return write_offer(self.lines, self._transport(), self._ssrcs, self._cname)

    def _transport(self) -> LocalTransport:
        return LocalTransport(self.ufrag, self.password, self._certificate.fingerprint, self._port.candidates)

    def take_answer(self, text: str) -> None:
        """Take the answer, begin the handshake. Raises SdpRefused, AnswerRepeated; then nothing changed."""
        if self._answer is not None:
            raise AnswerRepeated("this peer connection already has its answer")
        self._take_remote(read_answer(text, self.lines))

    def take_offer(self, offer: ForeignOffer) -> str:
        """Take the offer of a client that offers itself, begin the handshake; the answer."""
        self._take_remote(offer.remote)
        return write_foreign_answer(offer, self._transport(), dict(self._ssrcs), self._cname)

    def _take_remote(self, remote: RemoteAnswer) -> None:
        self._answer = remote
        self.state = PeerState.CONNECTING
        self._fill_tables(remote.lines)
        self._agreed(self)
        self._handshake = self._loop.create_task(self._shake_hands(remote))

    def _fill_tables(self, lines: Sequence[AgreedLine]) -> None:
        for agreed in lines:
            mid = agreed.line.mid
            if not agreed.line.publishes:
                if agreed.active:
                    self.outgoing[mid] = out = Outgoing(agreed, self._ssrcs[mid], self.way)
                    self._by_outgoing_ssrc[out.ssrcs.media] = out
                continue
            # A publish line may be inactive now and used later: its types are known either way.
            self.sources[mid] = source = Source(self.participant_id, agreed)
            for number in (*agreed.payload_types.values(), *agreed.rtx_types.values()):
                self._by_type[number] = source
            for ssrc in agreed.ssrcs:
                self._by_ssrc[ssrc] = _Stream(source, False)
                if ssrc in agreed.rtx_ssrcs:
                    self._by_ssrc[agreed.rtx_ssrcs[ssrc]] = _Stream(source, True)
        self._pair_encodings()

    def _pair_encodings(self) -> None:
        """Find the reduced encoding, if it was announced, and the main one of the same picture."""
        for source in self.sources.values():
            if source.agreed.line.encoding is not Encoding.REDUCED:
                continue
            for main in self.sources.values():
                if main.kind is source.kind and main.agreed.line.encoding is Encoding.MAIN:
                    source.main = main
            if source.agreed.active and source.announced is not None and source.main is not source:
                self.reduced = source

    async def _shake_hands(self, answer: RemoteAnswer) -> None:
        srtp = await self._dtls.handshake(answer.fingerprint, as_client=not answer.dtls_client)
        if self.state is not PeerState.CONNECTING:
            return
        if srtp is None:
            self._lost(self, "the DTLS handshake failed")
            return
        self._lane.srtp, self.state = srtp, PeerState.CONNECTED
        self._dtls.on_closed(lambda: self._lost(self, "closed by the peer"))
        self._connected(self)

    async def close(self) -> None:
        """Close for good; safe to call twice."""
        if self.state is PeerState.CLOSED:
            return
        self.stop()
        if self._handshake is not None:
            self._handshake.cancel()
            await asyncio.gather(self._handshake, return_exceptions=True)
        await self._dtls.close()

    @property
    def answered(self) -> bool:
        return self._answer is not None

    def stop(self) -> None:
        """Forward nothing from now on; the rest of closing takes a moment."""
        self.state = PeerState.CLOSED
        self._port.forget(self.ufrag, self)
        self._lane.srtp = None
        self.way.close()
        if self._asking is not None:
            self._asking.cancel()

    def failed(self, error: Exception, now: float) -> None:
        """Serving this peer raised, which is a fault of ours: the others go on; it ends if that repeats."""
        self._port.faults.note("serving a peer", error, now)
        self._sending.drop()
        if self._faults.repeat(now):
            self._lost(self, "serving it failed again and again")

    # What the port calls

    def knows(self, username: str) -> bool:
        """Whether a check's USERNAME is `ours:theirs` (RFC 8445 section 7.2.2)."""
        ours, _, theirs = username.partition(":")
        return ours == self.ufrag and (self._answer is None or theirs == self._answer.ufrag)

    def checked(self, path: Path, nominated: bool, now: float) -> None:
        """An authenticated check came from this address; a nominated one is followed."""
        self._heard_at = now
        if path not in self._paths:
            if len(self._paths) >= _MAX_PATHS:
                oldest = next(each for each in self._paths if each != self._lane.path)
                self._paths.remove(oldest)
                self._port.unbind(oldest)
            self._paths.append(path)
            self._port.bind(path, self)
        if self._lane.path is None or nominated:
            self._lane.path = path

    def arrived(self, stamp_s: float) -> None:
        """When the kernel took what comes next: how late this process looks says nothing of a line.

        What was read together arrived together: to the uplink it is one packet, sent when its last one was.
        """
        if self._arrived_bytes:
            self.uplink.add(self._arrived_sent, self._arrived_bytes, self._arrived_s)
        self._arrived_s, self._arrived_bytes, self._arrived_sent = stamp_s, 0, None

    def received(self, buffer: PacketBuffer, at: int, size: int, segment: int, path: Path, now: float) -> int:
        """Datagrams from a proved address; how many bytes were taken. Never raises."""
        first, srtp, length = buffer.view[at], self._lane.srtp, min(segment, size - at)
        if 20 <= first <= 63:
            self._dtls.feed(bytes(buffer.view[at : at + length]))
        elif 128 <= first <= 191 and length >= 12 and srtp is not None:
            if is_rtcp(buffer.view[at + 1]):
                if (opened := srtp.open_rtcp(buffer, at, length)) > 0:
                    self._heard_at = now
                    self.take_rtcp(bytes(buffer.view[at : at + opened]), now)
            elif (opened := srtp.open_rtp(buffer, at, length)) > 0:
                self._heard_at = now
                source = self.take_rtp(buffer.view[at : at + opened], now)
                if source is not None and at + segment < size:
                    return segment + self._take_rest(source, buffer, srtp, at + segment, size, segment)
        return segment

    def _take_rest(
        self, source: Source, buffer: PacketBuffer, srtp: Srtp, at: int, size: int, segment: int
    ) -> int:
        """What follows of the same picture; how many bytes of the buffer that was."""
        rest = source.take_run(buffer, srtp, at, size, segment)
        self._arrived_bytes += rest.arrived_bytes
        if rest.send_time is not None:
            self._arrived_sent = rest.send_time
        return rest.end - at

    def pass_on(self, now: float) -> bool:
        """Forward what came in this wake-up, and ask for what is missing; whether to `tick` again soon."""
        taken, self._taken = self._taken, {}
        soon, self._key_frame_asked = self._key_frame_asked or self.is_strained, False
        for source in taken.values():
            source.pass_on(now)
            if source.gaps:
                self._ask_again(source, now)
                soon = True
            if source.key_frame_due(now):
                self._ask_key_frame(source)
        return soon

    # Incoming RTP

    def take_rtp(self, view: memoryview, now: float) -> Source | None:
        """A decrypted packet, whatever it holds; the source that took it. Never raises."""
        packet = read_packet(view)
        if packet is None:
            return None
        found = self._by_ssrc.get(packet.ssrc) or self._learn(packet)
        if found is None:
            return None
        source, is_rtx, found.heard_at = found.source, found.is_rtx, now
        if not source.allowed:
            source.refused_packets += 1
            return None
        if is_rtx:
            if not source.unwrap_rtx(packet):
                return None
        elif source.ssrc != packet.ssrc:
            source.restart(packet.ssrc, now)
        taken = source.take(packet, now, is_rtx)
        self._arrived_bytes += len(view)
        if packet.send_time is not None:
            self._arrived_sent = packet.send_time
        if not taken:
            return None
        self._taken[id(source)] = source
        if source.packets == 1:
            self._started(self, source)
        return source

    def _learn(self, packet: RtpPacket) -> _Stream | None:
        """Lead a new SSRC to its source: by mid, otherwise by payload type, which is unique to an m-line."""
        source = self._by_type.get(packet.payload_type)
        for each in self.sources.values():
            identifier = each.agreed.extension_ids.get(Extension.MID, 0)
            if packet.extensions.get(identifier) == each.agreed.line.mid.encode():
                source = each
        if source is None:
            return None
        is_rtx = packet.payload_type in source.media_types
        if not is_rtx and packet.payload_type not in source.codecs:
            return None
        if len(self._by_ssrc) >= _MAX_SSRCS:
            silent = min(self._by_ssrc, key=lambda ssrc: self._by_ssrc[ssrc].heard_at)
            del self._by_ssrc[silent]
        self._by_ssrc[packet.ssrc] = found = _Stream(source, is_rtx)
        return found

    def _ask_again(self, source: Source, now: float) -> None:
        missing = source.missing(now)
        if missing and source.ssrc is not None:
            self.send_rtcp(write_nack(self._ssrc, source.ssrc, missing))
        if source.gaps and self._asking is None and self.state is PeerState.CONNECTED:
            self._asking = self._loop.call_later(LATE_S, self._ask_all_again)

    def _ask_all_again(self) -> None:
        self._asking, now = None, self._loop.time()
        try:
            for source in self.sources.values():
                if source.gaps:
                    self._ask_again(source, now)
        except Exception as error:
            self.failed(error, now)

    def _ask_key_frame(self, source: Source) -> None:
        if source.ssrc is not None:
            self.send_rtcp(write_pli(self._ssrc, source.ssrc))

    # Incoming RTCP

    def take_rtcp(self, data: bytes, now: float) -> None:
        """A decrypted compound packet, whatever it holds. Never raises."""
        for part in read_rtcp(data):
            self._take_part(part, now)

    def _take_part(self, part: RtcpPart, now: float) -> None:
        if isinstance(part, Remb):
            self.line.heard_estimate(part.bits_per_second, now)
        elif isinstance(part, TransportFeedback):
            self.line.heard_arrivals(part, now)
        elif isinstance(part, Bye):
            return  # after it the m-line may be used again: silence ends a peer
        elif isinstance(part, SenderReport):
            found = self._by_ssrc.get(part.ssrc)
            if found is not None and not found.is_rtx and found.source.ssrc == part.ssrc:
                found.source.sender_report = (part, now)
        elif (out := self._by_outgoing_ssrc.get(part.ssrc)) is not None:
            self._take_feedback(out, part, now)

    def _take_feedback(self, out: Outgoing, part: ReportBlock | Nack | KeyFrameAsked, now: float) -> None:
        if isinstance(part, ReportBlock):
            if (round_trip_ms := out.heard(part, now)) is not None:
                self.line.round_trip(round_trip_ms, now)
            self.fraction_lost = part.fraction_lost
        elif isinstance(part, Nack):
            self.way.resend(out, part.sequences, now)
        else:
            self._key_frame_asked = out.wish_key_frame(now) or self._key_frame_asked

    # Outgoing RTCP

    def send_rtcp(self, data: bytes) -> None:
        """Encrypt and send one compound RTCP packet; silently nothing while not connected."""
        self._sending.send_rtcp(self._lane, data)

    def _send_raw(self, datagram: bytes) -> None:
        if self._lane.path is not None:
            send(self._lane.path, datagram)

    # Time

    def tick(self, now: float) -> str | None:
        """Everything that is due; the reason when this peer is lost."""
        if self.state is not PeerState.CONNECTED:
            late = now - self._opened_at >= SETUP_LIMIT_S
            return f"not up after {SETUP_LIMIT_S:.0f} s" if late else None
        if now - self._heard_at >= SILENCE_LIMIT_S:
            return f"silent for {SILENCE_LIMIT_S:.0f} s"
        for source in self.sources.values():
            if source.gaps:
                self._ask_again(source, now)
            if source.key_frame_due(now):
                self._ask_key_frame(source)
        for out in self.outgoing.values():
            out.grant_wish(now)
            if out.waits_for_key_frame and out.source is not None:
                out.source.ask_key_frame()
            if out.next is not None:
                out.next.ask_key_frame()
        if self.is_strained or now >= self._lines_due:
            self._lines_due = now + CALM_S
            self._tick_lines(now)
        if now - self._reported_at >= REPORT_INTERVAL_S:
            self._reported_at = now
            self._report(now)
        return None

    @property
    def is_pressed(self) -> bool:
        """Whether something waits that is due within the next `tick`s, not only once a second."""
        return (
            self.state is PeerState.CONNECTING
            or self.is_strained
            or any(source.gaps or source.wants_key_frame for source in self.sources.values())
            or any(out.next is not None for out in self.outgoing.values())
            or any(
                out.waits_for_key_frame and out.source is not None and out.source.started
                for out in self.outgoing.values()
            )
        )

    @property
    def faces(self) -> int:
        """How many faces it receives."""
        return sum(out.kind is MediaKind.FACE and out.source is not None for out in self.outgoing.values())

    @property
    def is_strained(self) -> bool:
        """Whether its line, either way, carries less than there is: then it is looked at with every tick."""
        return self.line.is_narrow or self.line.is_waiting or self.uplink.is_limited

    def _tick_lines(self, now: float) -> None:
        faces = [out for out in self.outgoing.values() if out.kind is MediaKind.FACE and out.source]
        self.line.tick(now, faces)
        self.way.release(now)
        if (viewed := (self.line.given_up(now), self.encoding)) != self._viewed:
            self._viewed = viewed
            self._reduced(self, *viewed)
        self.uplink.tick(now)
        if changed(self._budget_bps, self._budget()) or changed(self._told_reduced_bps, self.reduced_bps):
            head = write_receiver_report(self._ssrc, []) + write_cname(self._ssrc, self._cname)
            self._send_budget(head)

    @property
    def encoding(self) -> Encoding:
        """Which encoding of the ultrasound this viewer gets now."""
        sources = (out.source for out in self.outgoing.values())
        is_reduced = any(source is not None and source.main is not source for source in sources)
        return Encoding.REDUCED if is_reduced else Encoding.MAIN

    def _budget(self) -> float:
        """What this peer may send in all, by its own line and by those of who receives it."""
        wanted = sum(
            self.limits_bps.get(mid, 8 * STATION_BUDGET_BPS)
            if source.is_video
            else 1.2 * source.rates.rates()[1]
            for mid, source in self.sources.items()
            if source.main is source
        )
        taken = self.reduced_bps if self.uplink.is_limited else 0.0
        return min(max(_LEAST_BUDGET_BPS, self.uplink.bps - taken), max(wanted, _LEAST_BUDGET_BPS))

    def _send_budget(self, head: bytes) -> None:
        """Tell what it may send in all, and beside it how much of a reduced encoding is wanted."""
        mains = [source.ssrc for source in self.sources.values() if source.main is source]
        if ssrcs := [ssrc for ssrc in mains if ssrc is not None]:
            self._budget_bps = self._budget()
            told = write_remb(self._ssrc, ssrcs, int(self._budget_bps))
            if self.reduced is not None and self.reduced.announced is not None:
                self._told_reduced_bps = self.reduced_bps
                told += write_remb(self._ssrc, [self.reduced.announced], int(self.reduced_bps))
            self.send_rtcp(head + told)

    def _report(self, now: float) -> None:
        blocks = [block for source in self.sources.values() if (block := source.report(now))]
        if blocks:
            self.uplink.lost(max(block.fraction_lost for block in blocks), now)
        head = write_receiver_report(self._ssrc, blocks) + write_cname(self._ssrc, self._cname)
        self._send_budget(head)
        for source in self.sources.values():
            source.rates.sample(now, source.frames, source.bytes)
        for out in self.outgoing.values():
            out.rates.sample(now, out.frames, out.bytes)
            if (report := out.report(now)) is not None:
                body = write_sender_report(report, out.packets, out.bytes)
                self.send_rtcp(body + write_cname(report.ssrc, self._cname))
