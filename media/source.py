"""One incoming stream: what a participant publishes on one m-line. Pure: packets in, counters out."""

import struct
from collections import deque
from typing import TYPE_CHECKING, NamedTuple, Protocol

from media.agreed import AgreedLine
from media.batch import Batch
from media.extensions import KEPT, ExtensionPlan, kept_elements
from media.freezes import Freezes
from media.gaps import Gaps
from media.key_frames import begins_key_frame
from media.layout import CODECS, Codec, Extension
from media.rates import Rates
from media.rtcp import ReportBlock, SenderReport
from media.rtp import ONE_BYTE, RtpPacket, element_heads, unwrap
from records.rooms import MediaKind

if TYPE_CHECKING:
    from media.aiortc_seams import PacketBuffer
    from media.tap import Tap

HISTORY = 1024  # packets kept to be sent again: 4 s at 2.5 Mbit/s
PLI_INTERVAL_S = 0.3
_unpack_long = struct.Struct("!BBHLLHH").unpack_from  # a header, and the head of its extension
_EXTENDED = 0x90  # version 2 with an extension, no padding, no contributing sources
_TOO_FAR = 3000  # a jump beyond it is a new start (RFC 3550 appendix A.1, MAX_DROPOUT)
_FRAMES_KNOWN = 16  # packets that are late belong to one of so many last frames, or to one that was not seen


class Opener(Protocol):
    """Who decrypts a packet in place; its new size, or -1."""

    def open_rtp(self, buffer: "PacketBuffer", at: int, size: int) -> int: ...


class Run(NamedTuple):
    """Packets that were taken together: where in the buffer they end, their bytes, the last abs-send-time."""

    end: int
    arrived_bytes: int
    send_time: int | None


class SourceViewer(Protocol):
    """Who is handed what a source takes."""

    @property
    def plan(self) -> ExtensionPlan: ...
    def forward(self, batch: Batch, source: "Source", now: float) -> None: ...
    def failed(self, error: Exception, now: float) -> None:
        """Forwarding to it raised: a fault of ours that the others must not feel."""


class Source:
    """Counters, history, gaps and the wish for a key frame of one publisher's stream."""

    def __init__(self, participant_id: str, agreed: AgreedLine) -> None:
        self.participant_id = participant_id
        self.agreed = agreed
        self.kind: MediaKind = agreed.line.kind
        self.is_video = agreed.line.is_video
        self.main: Source = self  # of a reduced encoding: the source whose picture it shows too
        self.clock_rate_hz = CODECS[self.kind][0].clock_rate_hz
        self.codecs: dict[int, Codec] = {number: codec for codec, number in agreed.payload_types.items()}
        self.media_types = {rtx: media for media, rtx in agreed.rtx_types.items()}
        self.allowed = False
        self.viewers: tuple[SourceViewer, ...] = ()
        self.taps: tuple[Tap, ...] = ()
        self.ssrc: int | None = None
        self.generation = 0
        self.packets = self.bytes = self.frames = self.key_frames = self.refused_packets = 0
        self.gaps = Gaps()
        self.rates = Rates()
        self.freezes = Freezes()
        self.sender_report: tuple[SenderReport, float] | None = None  # and when it arrived
        ids = agreed.extension_ids
        self._kept_ids = tuple((extension, ids[extension]) for extension in KEPT if extension in ids)
        # abs-send-time is looked for in the first place, where our station and browsers put it: where it does
        # not stand there, the line is judged by losses only.
        self._send_time_head = ids.get(Extension.ABS_SEND_TIME, 0) << 4 | 2
        self._plain: tuple[int, tuple[tuple[int, int], ...]] | None = None  # size, and where which heads are
        self._pending: list[RtpPacket] = []  # taken in this wake-up, not yet passed on
        self._history: list[RtpPacket | None] = [None] * HISTORY
        self._highest: int | None = None
        self._first = 0
        self._received = self._received_before = self._expected_before = 0
        self._jitter = 0.0
        self._transit: float | None = None
        self._last_timestamp: int | None = None
        self._frames_known: deque[int] = deque(maxlen=_FRAMES_KNOWN)  # by their timestamps
        self._last_key_timestamp: int | None = None
        self._pli_wanted = False
        self._pli_at = float("-inf")

    def allow(self, allowed: bool) -> None:
        """Whether its packets are taken from now on."""
        if self.allowed and not allowed:
            self.freezes.pause()  # nothing is meant to come
        self.allowed = allowed

    def restart(self, ssrc: int, now: float) -> None:
        """The publisher began a new stream here."""
        self.pass_on(now)
        self.ssrc = ssrc
        self.generation += 1
        self.gaps = Gaps()
        self.sender_report = None
        self.freezes.pause()
        self._history = [None] * HISTORY
        self._frames_known.clear()
        self._highest = self._transit = self._last_timestamp = self._last_key_timestamp = None
        self._received = self._received_before = self._expected_before = 0
        self._jitter = 0.0

    def unwrap_rtx(self, packet: RtpPacket) -> bool:
        """Make the original packet of a retransmission (RFC 4588 section 4); False: there is none inside."""
        media = self.media_types.get(packet.payload_type)
        if media is None or self.ssrc is None or len(packet.payload) < 2:
            return False  # also padding-only probes
        packet.payload_type = media
        packet.sequence = packet.payload[0] << 8 | packet.payload[1]
        packet.ssrc = self.ssrc
        packet.payload = packet.payload[2:]
        return True

    def take(self, packet: RtpPacket, now: float, retransmitted: bool = False) -> bool:
        """Count a packet and keep it for `pass_on`; False: it is from too long ago, or a repeat."""
        full = self._place(packet.sequence, now)
        if full is None:
            return False
        kept = self._history[full % HISTORY]
        if kept is not None and kept.full == full:
            return False
        packet.full = full
        self._history[full % HISTORY] = packet
        self._pending.append(packet)
        self._received += 1
        self.packets += 1
        self.bytes += len(packet.payload)
        if packet.elements:
            self._read_extensions(packet)
        if self._last_timestamp != packet.timestamp and not retransmitted:
            self._note_frame(packet.timestamp, full == self._highest, now)
        if self.is_video:
            self._look_for_key_frame(packet)
        return True

    def take_run(self, buffer: "PacketBuffer", opener: "Opener", at: int, size: int, segment: int) -> "Run":
        """Take the datagrams that go on with the picture whose packet was taken last, as most do.

        They are decrypted here, and looked at only for what may differ: the rest is as in the packet before.
        It ends before the first that is not such a one. What this saves is most of what a packet costs.
        """
        before, plain = self._pending[-1], self._plain
        if plain is None or before.full != self._highest or before.ssrc != self.ssrc:
            return Run(at, 0, None)
        view, words, heads, body = buffer.view, plain[0] // 4, plain[1], 16 + plain[0]
        kind, timestamp, ssrc = before.payload_type, before.timestamp, before.ssrc
        full, first, arrived, last = before.full, before.full, 0, -1
        while at + body <= size:
            flags, second, sequence, stamp, sender, profile, extended = _unpack_long(view, at)
            if sequence != full + 1 & 0xFFFF or stamp != timestamp or sender != ssrc or second & 127 != kind:
                break
            if flags != _EXTENDED or profile != ONE_BYTE or extended != words:
                break
            if any(view[at + 16 + place] != head for place, head in heads):
                break
            opened = opener.open_rtp(buffer, at, min(segment, size - at))
            if opened < body:
                at += segment
                continue  # not authentic
            full += 1
            packet = RtpPacket(
                second & 128, kind, sequence, stamp, ssrc, profile, b"", bytes(view[at + body : at + opened])
            )
            packet.full = full
            if self.is_video:
                self._look_for_key_frame(packet)
            self._history[full % HISTORY] = packet
            self._pending.append(packet)
            arrived += opened
            last = at
            at += segment
        taken = full - first
        self._highest = full
        self._received += taken
        self.packets += taken
        self.bytes += arrived - taken * body
        sent = view[last + 16 : last + 20] if last >= 0 and plain[0] >= 4 else b""
        stamped = sent and sent[0] == self._send_time_head
        return Run(at, arrived, int.from_bytes(sent[1:], "big") if stamped else None)

    def _note_frame(self, timestamp: int, is_newest: bool, now: float) -> None:
        """Another frame than the newest so far: the next one, or a late packet of one before."""
        if is_newest:
            self._last_timestamp = timestamp
        if timestamp in self._frames_known:
            return
        self._frames_known.append(timestamp)
        self.frames += 1
        if is_newest:
            self._measure_jitter(timestamp, now)  # by frames: packets of one frame were sent at once
            self.freezes.frame(now)

    def _read_extensions(self, packet: RtpPacket) -> None:
        elements = packet.elements
        if elements[0] == self._send_time_head and len(elements) >= 4:
            packet.send_time = elements[1] << 16 | elements[2] << 8 | elements[3]
        plain = self._plain
        if plain is not None and len(elements) == plain[0]:
            for at, head in plain[1]:
                if elements[at] != head:
                    break
            else:
                return  # the same elements as in the last packet of which nothing goes on: most are
        packet.kept = kept_elements(packet.extensions, self._kept_ids)
        if not packet.kept and packet.profile == ONE_BYTE:
            self._plain = (len(elements), element_heads(elements))

    def _look_for_key_frame(self, packet: RtpPacket) -> None:
        codec = self.codecs.get(packet.payload_type)
        packet.key = codec is not None and begins_key_frame(codec, packet.payload)
        if packet.key and self._last_key_timestamp != packet.timestamp:
            self._last_key_timestamp = packet.timestamp
            self.key_frames += 1

    def pass_on(self, now: float) -> None:
        """Hand what was taken since the last call to every viewer."""
        if not self._pending:
            return
        packets, self._pending = self._pending, []
        for tap in self.taps:
            tap.take(self, packets, now)
        made: dict[int, Batch] = {}
        for viewer in self.viewers:
            plan = viewer.plan
            batch = made.get(id(plan))
            if batch is None:
                batch = made[id(plan)] = Batch(packets, plan.blocks(packets, now))
            try:
                viewer.forward(batch, self, now)
            except Exception as error:
                viewer.failed(error, now)

    def missing(self, now: float) -> list[int]:
        """Sequence numbers to ask the publisher for now (again)."""
        if self._highest is None or not self.gaps:
            return []
        return [full & 0xFFFF for full in self.gaps.due(now, self._highest)]

    def sent_before(self, full: int) -> RtpPacket | None:
        """A packet by its full sequence number; None when it never came or is from too long ago."""
        packet = self._history[full % HISTORY]
        return packet if packet is not None and packet.full == full else None

    def _place(self, sequence: int, now: float) -> int | None:
        if self._highest is None:
            self._highest = self._first = sequence + 0x10000  # room for late packets before the first
            return self._highest
        full = unwrap(sequence, self._highest)
        if full > self._highest:
            if full > self._highest + 1:
                self._note_gap(full, now)
            self._highest = full
        else:
            self.gaps.filled(full)
            if self._highest - full > _TOO_FAR:
                return None
        return full

    def _note_gap(self, full: int, now: float) -> None:
        assert self._highest is not None
        if full - self._highest > _TOO_FAR:
            self._first = full
            self._received = self._received_before = self._expected_before = 0
        if self.is_video and self.agreed.rtx_types and not self.gaps.jumped(self._highest, full, now):
            self.ask_key_frame()

    def _measure_jitter(self, timestamp: int, now: float) -> None:
        transit = now * self.clock_rate_hz - timestamp
        if self._transit is not None:
            difference = abs(transit - self._transit)
            if difference < 0x7FFF_FFFF:  # otherwise the timestamp wrapped
                self._jitter += (difference - self._jitter) / 16
        self._transit = transit

    @property
    def announced(self) -> int | None:
        """The SSRC of the media in what its publisher answered."""
        repeated = self.agreed.rtx_ssrcs.values()
        return next((ssrc for ssrc in self.agreed.ssrcs if ssrc not in repeated), None)

    @property
    def started(self) -> bool:
        return self.packets > 0

    @property
    def lost(self) -> int:
        """Packets that never came, by the gaps in the sequence."""
        return 0 if self._highest is None else max(0, self._expected() - self._received)

    @property
    def jitter_ms(self) -> float | None:
        return None if self._transit is None else 1000 * self._jitter / self.clock_rate_hz

    def _expected(self) -> int:
        return 0 if self._highest is None else self._highest - self._first + 1

    def report(self, now: float) -> ReportBlock | None:
        """What to tell the publisher of this stream; the fraction lost is since the last call."""
        if self.ssrc is None or self._highest is None:
            return None
        expected = self._expected()
        interval = expected - self._expected_before
        lost = interval - (self._received - self._received_before)
        self._expected_before, self._received_before = expected, self._received
        last_sr = delay = 0
        if self.sender_report is not None:
            report, arrived = self.sender_report
            last_sr = report.ntp >> 16 & 0xFFFF_FFFF
            delay = int((now - arrived) * 65_536)
        fraction = lost / interval if interval > 0 and lost > 0 else 0.0
        return ReportBlock(self.ssrc, fraction, self.lost, self._highest, int(self._jitter), last_sr, delay)

    def ask_key_frame(self) -> None:
        """A viewer needs a key frame."""
        self._pli_wanted = self.is_video

    @property
    def wants_key_frame(self) -> bool:
        """Whether one is to be asked for as soon as it may."""
        return self._pli_wanted and self.ssrc is not None

    def key_frame_due(self, now: float) -> bool:
        """Whether to ask the publisher now: at most once in 300 ms, however many viewers ask."""
        if not self._pli_wanted or self.ssrc is None or now - self._pli_at < PLI_INTERVAL_S:
            return False
        self._pli_wanted, self._pli_at = False, now
        return True
