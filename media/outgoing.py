"""One outgoing stream: a viewer's m-line, whatever source it carries. Pure: packets in, bytes out."""

from collections import deque
from collections.abc import Callable

from media.agreed import AgreedLine
from media.layout import CODECS, Extension
from media.offer import SendingSsrcs
from media.rates import Rates
from media.rtcp import ReportBlock, SenderReport
from media.rtp import RtpPacket, abs_send_time, element, kept_elements, unwrap, write_packet
from media.source import Source
from records.rooms import MediaKind

HISTORY = 1024  # packets kept for retransmission: 4 s at 2.5 Mbit/s
RESEND_INTERVAL_S = 0.02  # the same packet is not sent again within it
_MAX_BREAKS = 32
_SEND_TIME_AT = 17  # 12 header + 4 extension header + 1 element head: abs-send-time is always first


class Outgoing:
    """Rewrites a source's packets into one continuous stream for one viewer."""

    def __init__(self, agreed: AgreedLine, ssrcs: SendingSsrcs, send: Callable[[bytes], None]) -> None:
        self.agreed = agreed
        self.ssrcs = ssrcs
        self.send = send
        self.kind: MediaKind = agreed.line.kind
        self.source: Source | None = None
        self.packets = self.bytes = self.frames = self.key_frames = self.resent = 0
        self.rates = Rates()
        self.lost: int | None = None
        self.jitter_ms: float | None = None
        self.round_trip_ms: float | None = None
        self._clock_rate_hz = CODECS[self.kind][0].clock_rate_hz
        self._ids = agreed.extension_ids
        self._fixed = self._fixed_elements()
        self._types: dict[int, int] = {}  # the source's payload type -> ours
        self._generation = -1
        self._waiting_for_key = True
        self._breaks: deque[tuple[int, int]] = deque(maxlen=_MAX_BREAKS)  # from full sequence on: shift
        self._last_sequence = 0  # full, ours
        self._last_timestamp = 0
        self._last_at = 0.0
        self._timestamp_shift = 0
        self._frame_timestamp: int | None = None
        self._history: list[tuple[int, bytes] | None] = [None] * HISTORY
        self._resent_at: dict[int, float] = {}
        self._rtx_sequence = 0
        self._reports: deque[tuple[int, float]] = deque(maxlen=8)

    def _fixed_elements(self) -> bytes:
        fixed = b""
        if (mid := self._ids.get(Extension.MID)) is not None:
            fixed += element(mid, self.agreed.line.mid.encode())
        delay = self._ids.get(Extension.PLAYOUT_DELAY)
        if delay is not None and self.kind is MediaKind.ULTRASOUND:
            fixed += element(delay, b"\0\0\0")  # shown as it comes: no render smoothing
        return fixed

    def bind(self, source: Source | None) -> None:
        """Carry this source from now on, video from its next key frame; None: nothing."""
        if source is self.source:
            return
        self.source = source
        self._generation = -1
        # What was sent may no longer be asked for again: the right to it may have gone with the binding.
        self._history = [None] * HISTORY
        self._resent_at.clear()
        if source is None:
            return
        ours = self.agreed.payload_types
        self._types = {number: ours[codec] for number, codec in source.codecs.items() if codec in ours}
        self.await_key_frame()

    def await_key_frame(self) -> None:
        """Send no video until a key frame begins."""
        self._waiting_for_key = True
        if self.source is not None:
            self.source.ask_key_frame()

    @property
    def waits_for_key_frame(self) -> bool:
        return self.source is not None and self.source.is_video and self._waiting_for_key

    def forward(self, packet: RtpPacket, full: int, key: bool, source: Source, now: float) -> bytes | None:
        """The packet for this viewer; None: not for it (yet)."""
        payload_type = self._types.get(packet.payload_type)
        if payload_type is None:
            return None
        if source.generation != self._generation:
            self._begin(source)
        if source.is_video and self._waiting_for_key:
            if not key:
                source.ask_key_frame()
                return None
        if self._waiting_for_key:
            self._waiting_for_key = False
            self._join(packet.timestamp, full, now)
        shift = self._shift(full)
        if shift is None:
            return None
        return self._write(packet, payload_type, full + shift, key, source, now)

    def skip(self, full: int, source: Source) -> None:
        """A packet without content is not forwarded: close the gap it would leave."""
        if source.generation != self._generation or self._waiting_for_key or not self._breaks:
            return
        shift = self._breaks[-1][1]
        if full + shift > self._last_sequence:
            self._breaks.append((full, shift - 1))

    def _begin(self, source: Source) -> None:
        self._generation = source.generation
        self._waiting_for_key = True

    def _join(self, timestamp: int, full: int, now: float) -> None:
        """Go on where the last source ended, in sequence and in time."""
        elapsed = int((now - self._last_at) * self._clock_rate_hz) if self.packets else 0
        self._timestamp_shift = self._last_timestamp + elapsed - timestamp if self.packets else 0
        self._breaks.clear()
        self._breaks.append((full, self._last_sequence + 1 - full))

    def _shift(self, full: int) -> int | None:
        for begins, shift in reversed(self._breaks):
            if full >= begins:
                return shift
        return None  # from before the key frame this viewer began with

    def _write(
        self, packet: RtpPacket, payload_type: int, sequence: int, key: bool, source: Source, now: float
    ) -> bytes:
        timestamp = (packet.timestamp + self._timestamp_shift) & 0xFFFF_FFFF
        kept = kept_elements(packet.extensions, source.agreed.extension_ids, self._ids)
        data = write_packet(
            payload_type,
            packet.marker,
            sequence & 0xFFFF,
            timestamp,
            self.ssrcs.media,
            self._send_time(now) + self._fixed + kept,
            packet.payload,
        )
        self._count(packet, sequence, timestamp, key, now)
        if self.ssrcs.rtx is not None:
            self._history[sequence % HISTORY] = (sequence, data)
        return data

    def _send_time(self, now: float) -> bytes:
        identifier = self._ids.get(Extension.ABS_SEND_TIME)
        return b"" if identifier is None else element(identifier, abs_send_time(now))

    def _count(self, packet: RtpPacket, sequence: int, timestamp: int, key: bool, now: float) -> None:
        self.packets += 1
        self.bytes += len(packet.payload)
        if sequence > self._last_sequence:
            self._last_sequence = sequence
            self._last_timestamp = timestamp
            self._last_at = now
            if timestamp != self._frame_timestamp:
                self._frame_timestamp = timestamp
                self.frames += 1
                self.key_frames += key

    def resend(self, sequence: int, now: float) -> bytes | None:
        """Answer a NACK with an RTX packet (RFC 4588); None: not kept, or just sent."""
        full = unwrap(sequence, self._last_sequence)
        entry = self._history[full % HISTORY]
        if entry is None or entry[0] != full or self.ssrcs.rtx is None:
            return None
        if now - self._resent_at.get(full % HISTORY, float("-inf")) < RESEND_INTERVAL_S:
            return None
        data = entry[1]
        rtx_type = self.agreed.rtx_types.get(data[1] & 127)
        if rtx_type is None:
            return None
        self._resent_at[full % HISTORY] = now
        self._rtx_sequence = (self._rtx_sequence + 1) & 0xFFFF
        self.resent += 1
        return rtx_packet(
            data, rtx_type, self._rtx_sequence, self.ssrcs.rtx, now, Extension.ABS_SEND_TIME in self._ids
        )

    def report(self, now: float) -> SenderReport | None:
        """The source's own clock pair carried on, on this viewer's timeline: voice and lips stay together."""
        source = self.source
        if source is None or source.sender_report is None or self._waiting_for_key or not self.packets:
            return None
        theirs, arrived = source.sender_report
        elapsed = now - arrived
        ntp = (theirs.ntp + int(elapsed * (1 << 32))) & 0xFFFF_FFFF_FFFF_FFFF
        timestamp = theirs.timestamp + int(elapsed * self._clock_rate_hz) + self._timestamp_shift
        self._reports.append((ntp >> 16 & 0xFFFF_FFFF, now))
        return SenderReport(self.ssrcs.media, ntp, timestamp & 0xFFFF_FFFF)

    def heard(self, block: ReportBlock, now: float) -> None:
        """A receiver report of the viewer."""
        self.lost = max(0, block.lost)
        self.jitter_ms = 1000 * block.jitter / self._clock_rate_hz
        for short_ntp, sent in self._reports:
            if short_ntp == block.last_sr:
                self.round_trip_ms = max(0.0, 1000 * (now - sent - block.delay_since_sr / 65_536))


def rtx_packet(data: bytes, payload_type: int, sequence: int, ssrc: int, now: float, timed: bool) -> bytes:
    """Wrap a sent packet for retransmission (RFC 4588 section 4), with a fresh abs-send-time."""
    at = 12
    if data[0] & 0x10:
        at += 4 + 4 * int.from_bytes(data[14:16], "big")
    head = bytearray(data[:at])
    head[1] = head[1] & 128 | payload_type
    head[8:12] = ssrc.to_bytes(4, "big")
    if timed and at > 12:
        head[_SEND_TIME_AT : _SEND_TIME_AT + 3] = abs_send_time(now)
    original = data[2:4]
    head[2:4] = sequence.to_bytes(2, "big")
    return bytes(head) + original + data[at:]
