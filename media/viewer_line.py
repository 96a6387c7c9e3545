"""What is sent to one viewer, when, and what is left out: ECG, voice, ultrasound, faces, in this order. Pure.

On a line that is not narrow everything goes at once. On a narrow one packets wait for their turn; faces are
left out to their next key frame when there is no room for them beside the ultrasound, and ultrasound only
between frames, when more would be waiting than a picture may be old. What waits already is always sent, and
a key frame is asked for only when little waits: a line that carries next to nothing still shows one picture
after the other, and never none. ECG is sent without its repeats where they would take a quarter of the line.
"""

from collections.abc import Callable, Iterable

from media.ecg_repeats import EcgRepeats
from media.estimate import Estimate
from media.meter import Meter
from media.narrow_line import FLOOR_BPS
from media.outgoing import Outgoing
from media.rtp import RtpPacket
from media.sent_log import SentLog
from media.transport_feedback import TransportFeedback
from media.waiting import Priority, Waiting, WaitingPackets
from records.rooms import GivenUp, MediaKind

LEAST_PICTURE_BPS = FLOOR_BPS / 2  # a picture after the other, beside ECG and voice
ULTRASOUND_LIMIT_S = 0.3
_ULTRASOUND_BACK_S = 0.1
_MOST_WAITING_BYTES = 1_000_000  # of ultrasound: more is a frame that never ends
_AGAIN_LIMIT_S = 0.15  # a picture that waits longer for what it misses is sooner there as a key frame
FACE_LIMIT_S = 0.15
_FACE_BPS = 100_000.0  # less is not worth showing
_FACE_BACK_BPS = 150_000.0
_TOLD_FOR_S = 3.0
_AGAIN_SHARE = 0.2  # of what is sent may be retransmissions; more would make a narrow line narrower
_AGAIN_BURST_BYTES = 60_000.0
_AGAIN_LEAST_BYTES_S = 20_000.0
_IDLE_S = 0.04
_WITHOUT_REPEATS_BPS = 1_200_000.0


class ViewerLine:
    """`tick` wants to be called every 50 ms, 250 while free; `release` every 5 ms while `is_waiting`."""

    def __init__(self) -> None:
        self.estimate = Estimate()
        self.log = SentLog()  # of what is sent while the line is narrow
        self.sent_bytes = 0
        self.paused: set[Outgoing] = set()
        self._waiting = WaitingPackets()
        self._urgent_bytes = self._ultrasound_bytes = 0
        self._sent, self._urgent, self._ultrasound = Meter(1.0), Meter(1.0), Meter(2.0)
        self._ultrasound_bps = 0.0  # before the line became narrow
        self._left_out: set[Outgoing] = set()  # ultrasound, to the next key frame that does not wait long
        self._last_frame: dict[Outgoing, int] = {}
        self._repeats: dict[Outgoing, EcgRepeats] = {}
        self._frames_left_out_at = float("-inf")
        self._again_bytes = _AGAIN_BURST_BYTES
        self._ticked_at = 0.0

    @property
    def is_narrow(self) -> bool:
        return self.estimate.is_narrow

    @property
    def is_waiting(self) -> bool:
        """Whether `release` wants to be called soon."""
        return bool(self._waiting) or (self.is_narrow and self.estimate.is_probing)

    @property
    def rate_bps(self) -> float:
        """What is sent to a narrow line. ECG and voice do not wait, so an estimate below what they take says
        nothing; were it kept to, no picture would ever leave and the line never be tried for more (seen)."""
        return max(self.estimate.rate_bps, self._urgent.bits_per_second + LEAST_PICTURE_BPS)

    # What the viewer says

    def heard_estimate(self, bps: float, now: float) -> None:
        """A REMB of the viewer."""
        self._note(lambda: self.estimate.heard(bps, now), now)

    def heard_arrivals(self, feedback: TransportFeedback, now: float) -> None:
        """When packets came that were sent while the line was narrow."""
        self.estimate.reported(self.log.fates(feedback), now)

    def round_trip(self, milliseconds: float, now: float) -> None:
        """How long a report to the viewer and its answer took."""
        self.estimate.round_trip(milliseconds, now)

    def missed(self, sent_packets: int, missing: int, now: float) -> None:
        """A NACK of the viewer: so many packets, after so many were sent in all."""
        self._note(lambda: self.estimate.missed(sent_packets, missing, now), now)

    def _note(self, told: Callable[[], None], now: float) -> None:
        was_narrow = self.is_narrow
        told()
        if self.is_narrow and not was_narrow:
            self._waiting.begin(now)
            self._ultrasound_bps = self._ultrasound.bits_per_second

    # What there is to send

    def sent(self, out: Outgoing, size: int) -> None:
        """Count what was sent at once or in its turn."""
        self.sent_bytes += size
        if out.kind is MediaKind.ULTRASOUND:
            self._ultrasound_bytes += size
        elif out.kind is not MediaKind.FACE:
            self._urgent_bytes += size

    def hold(self, out: Outgoing, packets: Iterable[RtpPacket], now: float) -> None:
        """Take packets of a narrow line until it is their turn."""
        if out.source is None or out in self.paused:
            return
        for packet in packets:
            is_new_start = False
            if out.kind is MediaKind.ECG and self._spares(out, packet):
                out.skip(packet.full)
                continue
            if out.kind is MediaKind.ULTRASOUND:
                is_new_start = self._comes_back(out, packet)
                if self._leaves_out(out, packet, now):
                    continue
                if self._waiting.waiting_bytes(Priority.ULTRASOUND) > _MOST_WAITING_BYTES:
                    self._break_off(out)
                    continue
            self._waiting.put(Waiting(out, packet, out.source.generation, is_new_start=is_new_start))
        if out.kind is MediaKind.FACE and self._waits_s(Priority.FACE) > FACE_LIMIT_S:
            self._pause(out)

    def _spares(self, out: Outgoing, packet: RtpPacket) -> bool:
        """Whether an ECG packet says nothing that the next does not, on a line that has no room for it."""
        if self.estimate.usable_bps > _WITHOUT_REPEATS_BPS:
            return False
        return self._repeats.setdefault(out, EcgRepeats()).spares(packet.payload)

    def _comes_back(self, out: Outgoing, packet: RtpPacket) -> bool:
        """Whether ultrasound that was left out goes on with this packet."""
        little = self._waits_s(Priority.ULTRASOUND) < _ULTRASOUND_BACK_S
        if out not in self._left_out or not packet.key or not little:
            return False
        self._left_out.discard(out)
        return True

    def _leaves_out(self, out: Outgoing, packet: RtpPacket, now: float) -> bool:
        begins = self._last_frame.get(out) != packet.timestamp
        self._last_frame[out] = packet.timestamp
        if begins and self._waits_s(Priority.ULTRASOUND) > ULTRASOUND_LIMIT_S:
            self._left_out.add(out)
        if out in self._left_out:
            self._frames_left_out_at = now
        return out in self._left_out

    def hold_again(self, out: Outgoing, packet: RtpPacket, sequence: int) -> None:
        """Take a packet that a viewer on a narrow line misses."""
        if out.source is None or out in self.paused or out in self._left_out:
            return
        self._waiting.put(Waiting(out, packet, out.source.generation, sequence))
        missed_bits = 8 * self._waiting.missed_bytes(out)
        if out.kind is MediaKind.ULTRASOUND and missed_bits > _AGAIN_LIMIT_S * self.rate_bps:
            self._break_off(out)

    def _break_off(self, out: Outgoing) -> None:
        """Drop what waits, also the rest of a frame: it is sooner there as a key frame."""
        self._waiting.forget(out)
        self._left_out.add(out)
        if out.source is not None:
            out.source.ask_key_frame()

    def may_send_again(self, size: int) -> bool:
        """Whether the budget for retransmissions has so many bytes; they are taken from it."""
        if self._again_bytes < size:
            return False
        self._again_bytes -= size
        return True

    def release(self, now: float, send: Callable[[Waiting], None]) -> int:
        """Send what is due; how many bytes may be sent beyond it, only to see what the line carries."""
        if not self.is_narrow:
            self._waiting.release_all(send)
            return 0
        self._waiting.earn(now, self.rate_bps)
        self._waiting.release(send)
        if not self.estimate.is_probing or self._waiting:
            return 0
        return max(0, int(self._waiting.earn(now, self.rate_bps)))

    def padded(self, size: int) -> None:
        """Bytes were sent only to see what the line carries."""
        self.sent_bytes += size
        self._waiting.spend(size)

    def forget(self, out: Outgoing) -> None:
        """An m-line carries something else now: nothing of what waits for it is sent."""
        self._waiting.forget(out)
        self.paused.discard(out)
        self._left_out.discard(out)
        self._last_frame.pop(out, None)
        self._repeats.pop(out, None)

    # Time

    def tick(self, now: float, faces: list[Outgoing]) -> None:
        """Look at the rates; leave faces out or give them back."""
        self._sent.look(now, self.sent_bytes)
        self._urgent.look(now, self._urgent_bytes)
        self._ultrasound.look(now, self._ultrasound_bytes)
        a_second = max(_AGAIN_LEAST_BYTES_S, _AGAIN_SHARE * self._sent.bits_per_second / 8)
        elapsed_s, self._ticked_at = min(1.0, now - self._ticked_at), now
        self._again_bytes = min(_AGAIN_BURST_BYTES, self._again_bytes + a_second * elapsed_s)
        self.estimate.tick(now, self.sent_bytes, self._is_idle)
        self._settle_faces(faces)
        for out in list(self._left_out):
            if not self.is_narrow:
                self._left_out.discard(out)
                out.await_key_frame()
            elif self._waits_s(Priority.ULTRASOUND) < _ULTRASOUND_BACK_S and out.source is not None:
                out.source.ask_key_frame()

    @property
    def _is_idle(self) -> bool:
        """Whether no more waits than the rest of one frame: that comes and goes, and is no queue."""
        return 8 * self._waiting.waiting_bytes(Priority.FACE_AGAIN) < _IDLE_S * self.rate_bps

    def allowance_bps(self, kind: MediaKind) -> float | None:
        """How much of a kind this line carries in all; None: whatever there is."""
        if not self.is_narrow:
            return None
        left = max(LEAST_PICTURE_BPS, self.estimate.usable_bps - self._urgent.bits_per_second)
        return left if kind is MediaKind.ULTRASOUND else max(0.0, left - self._ultrasound_bps)

    def _settle_faces(self, faces: list[Outgoing]) -> None:
        allowance = self.allowance_bps(MediaKind.FACE)
        for out in faces:
            share = None if allowance is None else allowance / len(faces)
            if out in self.paused and (share is None or share >= _FACE_BACK_BPS):
                self.paused.discard(out)
                out.resume()
            elif out not in self.paused and share is not None and share < _FACE_BPS:
                self._pause(out)

    def _pause(self, out: Outgoing) -> None:
        self.paused.add(out)
        self._waiting.forget(out, but_timestamp=out.begun)
        out.pause()

    def _waits_s(self, priority: Priority) -> float:
        """How long the last packet of this priority would wait."""
        left = self.estimate.usable_bps - self._urgent.bits_per_second
        return 8 * self._waiting.waiting_bytes(priority) / max(LEAST_PICTURE_BPS, left)

    def given_up(self, now: float) -> frozenset[GivenUp]:
        """What this viewer does not get now."""
        found = {GivenUp.FACES} if self.paused else set()
        if now - self._frames_left_out_at < _TOLD_FOR_S:
            found.add(GivenUp.ULTRASOUND_FRAMES)
        return frozenset(found)
