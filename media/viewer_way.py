"""The way to one viewer: what may go at once, and the pacing, numbering and padding of a narrow line.

`media.viewer_line` decides what waits and when it is due; this writes it and comes back for the rest.
"""

import asyncio
from collections.abc import Callable, Sequence

from media.egress import Lane, SendBuffer
from media.outgoing import Outgoing
from media.rtp import OVERHEAD_BYTES, RtpPacket
from media.viewer_line import ViewerLine
from media.waiting import Waiting

RELEASE_S = 0.005
_PROBE_PACKETS = 64


class ViewerWay:
    """Shared by all m-lines of a viewer, as `media.outgoing.Way`; `failed` is told what went wrong on it."""

    def __init__(self, sending: SendBuffer, lane: Lane, failed: Callable[[Exception, float], None]) -> None:
        self.line = ViewerLine()
        self.outgoing: dict[str, Outgoing] = {}
        self.loop = asyncio.get_running_loop()
        self._sending, self._lane, self._failed = sending, lane, failed
        self._releasing: asyncio.TimerHandle | None = None

    def close(self) -> None:
        """Come back for nothing any more."""
        if self._releasing is not None:
            self._releasing.cancel()

    # What its m-lines ask of it

    def begin(self) -> SendBuffer | None:
        """Memory to write into; None: the peer cannot be reached."""
        return self._sending if self._sending.begin(self._lane) else None

    def flush(self) -> None:
        """Send what was written since `begin`."""
        self._sending.flush()

    def counted(self, out: Outgoing, size: int) -> None:
        """So many bytes were written for an m-line."""
        self.line.sent(out, size)

    def rebound(self, out: Outgoing) -> None:
        """An m-line carries something else from now on."""
        self.line.forget(out)

    def failed(self, error: Exception, now: float) -> None:
        """Sending on it raised."""
        self._failed(error, now)

    def holds(self, out: Outgoing, packets: list[RtpPacket], now: float) -> bool:
        """Whether these packets wait for their turn: the line is narrow."""
        if not self.line.is_narrow:
            if self.line.is_waiting:
                self.release(now)
            return False
        self.line.hold(out, packets, now)
        self.release(now)
        return True

    # What the viewer missed

    def resend(self, out: Outgoing, sequences: Sequence[int], now: float) -> None:
        """Send again what a NACK of the viewer names, as far as the line carries that too."""
        if (missing := out.newly_missed(sequences)) > 0:
            self.line.missed(sum(each.packets for each in self.outgoing.values()), missing, now)
        sink = self.begin()
        if sink is None:
            return
        for sequence in sequences:
            packet = out.missed(sequence, now)
            if packet is None:
                continue
            if not self.line.may_send_again(len(packet.payload)):
                if out not in self.line.paused:
                    out.wish_key_frame(now)  # dearer than a few packets, cheaper than all of them
                break
            if self.line.is_narrow:
                self.line.hold_again(out, packet, sequence)
            else:
                out.resend(packet, sequence, out.plan.block(packet, now, None), sink, now)
                self.line.sent(out, len(packet.payload) + OVERHEAD_BYTES)
        self.flush()
        self.release(now)

    # A narrow line

    def release(self, now: float) -> None:
        """Send what is due on a narrow line, and come back soon while something waits."""
        sink = self.begin()
        if sink is None or not (self.line.is_narrow or self.line.is_waiting):
            return
        spare = self.line.release(now, lambda waiting: self._send_waiting(waiting, sink, now))
        if spare:
            self._pad(spare, sink, now)
        self.flush()
        if self.line.is_waiting and self._releasing is None:
            self._releasing = self.loop.call_later(RELEASE_S, self._release_again)

    def _release_again(self) -> None:
        self._releasing, now = None, self.loop.time()
        try:
            self.release(now)
        except Exception as error:
            self._failed(error, now)

    def _send_waiting(self, waiting: Waiting, sink: SendBuffer, now: float) -> None:
        out, packet, source = waiting.out, waiting.packet, waiting.out.source
        if source is None or source.generation != waiting.generation:
            return
        number = self._number(out)
        block = out.plan.block(packet, now, number)
        before = out.bytes
        if waiting.again is not None:
            out.resend(packet, waiting.again, block, sink, now)
            self._count(out, waiting.size, number, now)
            return
        if waiting.is_new_start:
            out.restart()
        out.write(packet, block, source, sink, now)
        if out.bytes > before:
            self._count(out, waiting.size, number, now)

    def _number(self, out: Outgoing) -> int | None:
        """Under which number the next packet is reported of; None: it is not. On a free line nothing is."""
        return self.line.log.next if self.line.is_narrow and out.plan.sequence_id is not None else None

    def _count(self, out: Outgoing, size: int, number: int | None, now: float) -> None:
        self.line.sent(out, size)
        if number is not None:
            self.line.log.sent(now, size)

    def _pad(self, spare: int, sink: SendBuffer, now: float) -> None:
        """Send what was sent before once more, only to see what the line carries."""
        for out in self.outgoing.values():
            for back in range(_PROBE_PACKETS):
                packet = out.missed(out.last_sequence - back & 0xFFFF, now)
                if spare <= 0:
                    return
                if packet is None:
                    continue  # never sent, or just sent again
                number = self._number(out)
                block = out.plan.block(packet, now, number)
                out.resend(packet, out.last_sequence - back & 0xFFFF, block, sink, now)
                size = len(packet.payload) + OVERHEAD_BYTES
                self.line.padded(size)
                if number is not None:
                    self.line.log.sent(now, size)
                spare -= size
