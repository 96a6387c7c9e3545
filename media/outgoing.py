"""One outgoing stream: a viewer's m-line, whatever source it carries. Pure: it writes where it is told to."""

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from media.agreed import AgreedLine
from media.batch import Batch, Slab
from media.extensions import plan_for
from media.freezes import Freezes
from media.key_frame_wishes import KeyFrameWishes
from media.key_frames import begins_with_parameters
from media.layout import CODECS
from media.offer import SendingSsrcs
from media.rates import Rates
from media.rtcp import ReportBlock, SenderReport
from media.rtp import HEADER, OVERHEAD_BYTES, RtpPacket, unwrap
from media.rtx import RESEND_INTERVAL_S
from media.source import HISTORY, Source
from records.rooms import MediaKind

_MAX_BREAKS = 32
_HELD_BACK_S = 2.0
"""When no key frame of another encoding could follow what was sent, the one before it stops after so long."""
_pack_header = HEADER.pack_into


class Sink(Protocol):
    """Where packets are written: at `at` in `view`, each closed by its size, all sent by `flush`."""

    view: memoryview
    at: int

    def close_rtp(self, size: int) -> None: ...
    def slab_of(self, batch: Batch) -> Slab | None:
        """A batch as it lies in this memory; None: it has to be written packet by packet."""

    def send_slab(self, slab: Slab, payload_type: int, shift: int, timestamp_shift: int, ssrc: int) -> None:
        """Write and send a whole slab at once."""


class Way(Protocol):
    """The way to one viewer, shared by all its m-lines."""

    def begin(self) -> Sink | None:
        """Memory to write into; None: the viewer cannot be reached."""

    def flush(self) -> None:
        """Send what was written since `begin`."""

    def holds(self, out: "Outgoing", packets: list[RtpPacket], now: float) -> bool:
        """Whether the line is too narrow to send at once, and these packets wait for their turn."""

    def counted(self, out: "Outgoing", size: int) -> None:
        """So many bytes were written for an m-line, with what is beside the payload."""

    def rebound(self, out: "Outgoing") -> None:
        """An m-line carries something else from now on."""

    def failed(self, error: Exception, now: float) -> None:
        """Sending on it raised."""


class Outgoing:
    """Rewrites a source's packets into one continuous stream for one viewer."""

    def __init__(self, agreed: AgreedLine, ssrcs: SendingSsrcs, way: Way) -> None:
        self.agreed = agreed
        self.ssrcs = ssrcs
        self.kind: MediaKind = agreed.line.kind
        self.plan = plan_for(agreed)
        self.source: Source | None = None
        self.next: Source | None = None  # another encoding of the picture, from its next key frame on
        self.next_since = 0.0
        self._came_early = False  # a key frame of it that was older than what was sent
        self.packets = self.bytes = self.frames = self.key_frames = self.resent = 0
        self.rates = Rates()
        self.wishes = KeyFrameWishes()
        self.freezes = Freezes()
        self.lost: int | None = None
        self.jitter_ms: float | None = None
        self.round_trip_ms: float | None = None
        self._way = way
        self._clock_rate_hz = CODECS[self.kind][0].clock_rate_hz
        self._types: dict[int, int] = {}  # the source's payload type -> ours
        self._generation = -1
        self._waiting_for_key = True
        self._paused = False
        self._finishing: int | None = None  # the timestamp of a frame whose rest still goes
        self.begun: int | None = None  # the source's timestamp of the packet written last
        self._breaks: deque[tuple[int, int]] = deque(maxlen=_MAX_BREAKS)  # from full sequence on: shift
        self._last_sequence = 0  # full, ours
        self._last_timestamp = 0
        self._last_at = 0.0
        self._timestamp_shift = 0
        self._frame_timestamp: int | None = None
        self._resent_at: dict[int, float] = {}
        self._asked: dict[int, None] = {}  # full sequence numbers, the oldest first
        self._rtx_sequence = 0
        self._reports: deque[tuple[int, float]] = deque(maxlen=8)

    def wish_key_frame(self, now: float) -> bool:
        """The viewer needs a key frame; whether its source was asked for one at once."""
        self.wishes.wish(self.key_frames)
        return self.grant_wish(now)

    def grant_wish(self, now: float) -> bool:
        """Ask the source for the key frame that was wished for, once that is due; whether it was."""
        if self.source is None or not self.wishes.due(now, self.key_frames):
            return False
        self.source.ask_key_frame()
        return True

    def bind(self, source: Source | None) -> None:
        """Carry this source from now on, video from its next key frame; None: nothing."""
        self.next = None
        if source is self.source:
            return
        self._take(source)
        self.freezes.pause()
        if source is not None:
            self.await_key_frame()

    def _take(self, source: Source | None) -> None:
        self.source, self.next = source, None
        self._generation = -1
        self._paused, self._finishing, self.begun = False, None, None
        self._way.rebound(self)
        # What was sent may no longer be asked for again: the right to it may have gone with the binding.
        self._breaks.clear()
        self._resent_at.clear()
        if source is not None:
            ours = self.agreed.payload_types
            self._types = {number: ours[codec] for number, codec in source.codecs.items() if codec in ours}

    def change_to(self, source: Source, now: float) -> None:
        """Carry another encoding of the same picture, on the same clock, from its next key frame on.

        Until then what is carried goes on. Both sources have to hand their packets to this meanwhile.
        """
        if source is self.source:
            self.next = None
        elif source is not self.next:
            self.next, self.next_since, self._came_early = source, now, False
            source.ask_key_frame()

    def _at_change(self, batch: Batch, source: Source, now: float) -> Batch | None:
        """Of what came from one of two encodings, what is to be sent: never of both without a key frame."""
        if source is self.source:
            held_back = self._came_early and now - self.next_since >= _HELD_BACK_S
            return None if held_back else batch
        if source is not self.next:
            return None  # of the encoding before this one
        for at, packet in enumerate(batch.packets):
            if packet.key and self._carries_on(source, packet, now):
                return Batch(batch.packets[at:], batch.blocks[at:]) if at else batch
        return None

    def _carries_on(self, source: Source, packet: RtpPacket, now: float) -> bool:
        """Begin with the key frame of another encoding, unless a later picture was sent already.

        Not without its parameter sets: it would be decoded by those of the encoding before it.
        """
        if not begins_with_parameters(packet.payload):
            return False
        is_later = not self.packets or self._ahead(packet.timestamp) >= 0
        if not is_later and now - self.next_since < 2 * _HELD_BACK_S:
            self._came_early = True
            source.ask_key_frame()
            return False
        self._take(source)
        self._generation = source.generation
        self._waiting_for_key = False
        self._join(packet.timestamp, packet.full, now, goes_on=is_later)
        return True

    def _ahead(self, timestamp: int) -> int:
        """By how many ticks a timestamp of the source, on the timeline of now, is after the last sent."""
        ahead = (timestamp + self._timestamp_shift - self._last_timestamp) & 0xFFFF_FFFF
        return ahead - (1 << 32) if ahead >= 1 << 31 else ahead

    def await_key_frame(self) -> None:
        """Send no video until a key frame begins; what is missing of a frame that was begun still goes."""
        self._waiting_for_key = True
        self._finishing = self.begun
        if self.source is not None and not self._paused:
            self.source.ask_key_frame()

    def restart(self) -> None:
        """Frames were left out: the next packet begins anew, without a gap in the numbers."""
        self._waiting_for_key, self._finishing = True, None

    def pause(self) -> None:
        """Send nothing of this video, and ask for nothing, until `resume`."""
        self._paused = True
        self.freezes.pause()
        self.await_key_frame()

    def resume(self) -> None:
        """Go on from the next key frame."""
        self._paused = False
        self.await_key_frame()

    @property
    def waits_for_key_frame(self) -> bool:
        video = self.source is not None and self.source.is_video
        return video and self._waiting_for_key and not self._paused

    def forward(self, batch: Batch, source: Source, now: float) -> None:
        """Send what a source took to this viewer."""
        if self.next is not None or source is not self.source:
            going = self._at_change(batch, source, now)
            if going is None:
                return
            batch = going
        if self._way.holds(self, batch.packets, now):
            return
        sink = self._way.begin()
        if sink is None:
            return
        bytes_before, packets_before = self.bytes, self.packets
        if not self._send_together(batch, source, sink, now):
            for packet, block in zip(batch.packets, batch.blocks, strict=True):
                self.write(packet, block, source, sink, now)
            self._way.flush()
        packets = self.packets - packets_before
        self._way.counted(self, self.bytes - bytes_before + packets * OVERHEAD_BYTES)

    def failed(self, error: Exception, now: float) -> None:
        """Forwarding to this viewer raised."""
        self._way.failed(error, now)

    def _send_together(self, batch: Batch, source: Source, sink: Sink, now: float) -> bool:
        """Send all at once what simply goes on; False: it has to be looked at packet by packet."""
        if not batch.is_plain or self._waiting_for_key or source.generation != self._generation:
            return False
        payload_type = self._types.get(batch.payload_type)
        first, last = batch.first, batch.last
        begins, shift = self._breaks[-1]
        if payload_type is None or first.full < begins or first.full + shift <= self._last_sequence:
            return False
        slab = sink.slab_of(batch)
        if slab is None:
            return False
        sink.send_slab(slab, payload_type, shift, self._timestamp_shift, self.ssrcs.media)
        self.packets += len(batch.packets)
        self.bytes += batch.payload_bytes
        self.begun = last.timestamp
        for packet in batch.packets:
            if packet.timestamp + self._timestamp_shift & 0xFFFF_FFFF != self._frame_timestamp:
                self._note_frame(packet, now)
        self._last_sequence, self._last_at = last.full + shift, now
        self._last_timestamp = last.timestamp + self._timestamp_shift & 0xFFFF_FFFF
        return True

    def _note_frame(self, packet: RtpPacket, now: float) -> None:
        """A frame begins with this packet."""
        self._frame_timestamp = packet.timestamp + self._timestamp_shift & 0xFFFF_FFFF
        self.frames += 1
        self.freezes.frame(now)
        self.key_frames += packet.key

    def write(self, packet: RtpPacket, block: bytes, source: Source, sink: Sink, now: float) -> None:
        """Write one packet as this viewer's next; nothing when it is not for it (yet)."""
        if source.generation != self._generation or self._waiting_for_key:
            if packet.timestamp != self._finishing and not self._begins(packet, source, now):
                return
        payload, full = packet.payload, packet.full
        payload_type = self._types.get(packet.payload_type)
        if not payload or payload_type is None:
            self.skip(full)
            return
        begins, shift = self._breaks[-1]
        if full < begins:
            earlier = self._shift(full)
            if earlier is None:
                return
            shift = earlier
        sequence = full + shift
        timestamp = (packet.timestamp + self._timestamp_shift) & 0xFFFF_FFFF
        view, at = sink.view, sink.at  # as in `_put`: a call more here is the dearest part of a packet
        second, first = packet.marker | payload_type, 0x90 if block else 0x80
        _pack_header(view, at, first, second, sequence & 0xFFFF, timestamp, self.ssrcs.media)
        body = at + 12 + len(block)
        end = body + len(payload)
        view[at + 12 : body] = block
        view[body:end] = payload
        sink.close_rtp(end - at)
        self.packets += 1
        self.bytes += len(payload)
        self.begun = packet.timestamp
        if sequence > self._last_sequence:
            self._last_sequence, self._last_timestamp, self._last_at = sequence, timestamp, now
            if timestamp != self._frame_timestamp:
                self._note_frame(packet, now)

    @staticmethod
    def _put(
        sink: Sink, second: int, sequence: int, timestamp: int, ssrc: int, block: bytes, payload: bytes
    ) -> None:
        view, at = sink.view, sink.at
        HEADER.pack_into(view, at, 0x90 if block else 0x80, second, sequence, timestamp, ssrc)
        body = at + 12 + len(block)
        end = body + len(payload)
        view[at + 12 : body] = block
        view[body:end] = payload
        sink.close_rtp(end - at)

    def _begins(self, packet: RtpPacket, source: Source, now: float) -> bool:
        """Whether this stream begins, or begins anew, with this packet."""
        goes_on = source.generation == self._generation
        if not goes_on:
            self._generation = source.generation
            self._waiting_for_key, self._finishing, self.begun = True, None, None
        if self._paused or packet.payload_type not in self._types:
            return False
        if source.is_video and not packet.key:
            source.ask_key_frame()
            return False
        self._waiting_for_key, self._finishing = False, None
        self._join(packet.timestamp, packet.full, now, goes_on)
        return True

    def skip(self, full: int) -> None:
        """A packet is not sent: close the gap it would leave."""
        if self._waiting_for_key or not self._breaks:
            return
        begins, shift = self._breaks[-1]
        if full + shift <= self._last_sequence:
            return
        if begins == full and len(self._breaks) > 1:
            self._breaks.pop()  # one of several that are left out in a row
        self._breaks.append((full + 1, shift - 1))

    def _join(self, timestamp: int, full: int, now: float, goes_on: bool) -> None:
        """Go on where the last packet ended, in sequence and in time.

        `goes_on`: on the same clock. Then nothing moves: a viewer reckons the capture time of the frame it
        shows from those of packets that arrive around it. A picture that was sent from another encoding is
        one tick later: two frames of one timestamp would be one.
        """
        ahead = self._ahead(timestamp)
        if not self.packets:
            self._timestamp_shift = 0
        elif not goes_on or ahead < 0:
            elapsed = int((now - self._last_at) * self._clock_rate_hz)
            self._timestamp_shift = self._last_timestamp + elapsed - timestamp
        elif ahead == 0:
            self._timestamp_shift += 1
        self._breaks.clear()
        self._breaks.append((full, self._last_sequence + 1 - full))

    def _shift(self, full: int) -> int | None:
        for begins, shift in reversed(self._breaks):
            if full >= begins:
                return shift
        return None  # from before the key frame this viewer began with

    def _sent_as(self, sequence: int) -> int | None:
        """Which packet of the source was sent under a sequence number of ours."""
        for begins, shift in reversed(self._breaks):
            if sequence - shift >= begins:
                return sequence - shift
        return None

    def newly_missed(self, sequences: Sequence[int]) -> int:
        """How many of these the viewer asks for the first time: it asks again until they come."""
        asked = self._asked
        before = len(asked)
        for sequence in sequences:
            asked.setdefault(unwrap(sequence, self._last_sequence))
        count = len(asked) - before
        while len(asked) > HISTORY:
            del asked[next(iter(asked))]
        return count

    def missed(self, sequence: int, now: float) -> RtpPacket | None:
        """What was sent under a sequence number; None: not kept, not to be sent again, or just sent again."""
        full_sequence = unwrap(sequence, self._last_sequence)
        source, full = self.source, self._sent_as(full_sequence)
        if source is None or full is None or full_sequence > self._last_sequence or self.ssrcs.rtx is None:
            return None
        if source.generation != self._generation:
            return None
        if now - self._resent_at.get(full % HISTORY, float("-inf")) < RESEND_INTERVAL_S:
            return None
        packet = source.sent_before(full)
        if packet is None or not packet.payload or self._rtx_type(packet) is None:
            return None
        return packet

    def _rtx_type(self, packet: RtpPacket) -> int | None:
        return self.agreed.rtx_types.get(self._types.get(packet.payload_type, -1))

    def resend(self, packet: RtpPacket, sequence: int, block: bytes, sink: Sink, now: float) -> None:
        """Write a missed packet once more, as RTX (RFC 4588); nothing when it carries no source now."""
        rtx_type = self._rtx_type(packet)
        if self.source is None or self.ssrcs.rtx is None or rtx_type is None:
            return
        self._resent_at[packet.full % HISTORY] = now
        self._rtx_sequence = (self._rtx_sequence + 1) & 0xFFFF
        self.resent += 1
        timestamp = (packet.timestamp + self._timestamp_shift) & 0xFFFF_FFFF
        payload = sequence.to_bytes(2, "big") + packet.payload
        second = packet.marker | rtx_type
        self._put(sink, second, self._rtx_sequence, timestamp, self.ssrcs.rtx, block, payload)

    @property
    def last_sequence(self) -> int:
        """The sequence number sent last."""
        return self._last_sequence & 0xFFFF

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

    def heard(self, block: ReportBlock, now: float) -> float | None:
        """A receiver report of the viewer; the round trip in ms that it measured, None when it did not."""
        self.lost = max(0, block.lost)
        self.jitter_ms = 1000 * block.jitter / self._clock_rate_hz
        for short_ntp, sent in self._reports:
            if short_ntp == block.last_sr:
                self.round_trip_ms = max(0.0, 1000 * (now - sent - block.delay_since_sr / 65_536))
                return self.round_trip_ms
        return None
