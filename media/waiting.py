"""Packets that wait for their turn on a narrow line, in strict priority. Pure.

ECG and voice never wait: what they take is taken from the others.
"""

import enum
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from media.outgoing import Outgoing
from media.rtp import OVERHEAD_BYTES, RtpPacket
from records.rooms import MediaKind

_SPARE_S = 0.01  # unused time that may be caught up at once
_LEAST_CREDIT_BYTES = 1500.0


class Priority(enum.IntEnum):
    """What goes first."""

    ECG = 0
    VOICE = 1
    ULTRASOUND_AGAIN = 2  # what is missed goes before what is new
    ULTRASOUND = 3
    FACE = 4
    FACE_AGAIN = 5


PRIORITY = {
    MediaKind.ECG: Priority.ECG,
    MediaKind.VOICE: Priority.VOICE,
    MediaKind.ULTRASOUND: Priority.ULTRASOUND,
    MediaKind.FACE: Priority.FACE,
}
_AGAIN = {MediaKind.ULTRASOUND: Priority.ULTRASOUND_AGAIN, MediaKind.FACE: Priority.FACE_AGAIN}


class Waiting(NamedTuple):
    """A packet for an m-line. `again`: the sequence number under which the viewer misses it."""

    out: Outgoing
    packet: RtpPacket
    generation: int
    again: int | None = None
    is_new_start: bool = False  # frames before it were left out

    @property
    def size(self) -> int:
        """Its bytes on the line."""
        return len(self.packet.payload) + OVERHEAD_BYTES


class WaitingPackets:
    """One queue for each priority, emptied at a rate."""

    def __init__(self) -> None:
        self._queues: tuple[deque[Waiting], ...] = tuple(deque() for _ in Priority)
        self._bytes = [0] * len(Priority)
        self._credit_bytes = 0.0
        self._earned_at = 0.0

    def __bool__(self) -> bool:
        return any(self._queues)

    def put(self, waiting: Waiting) -> None:
        """Behind all of its kind; packets that are missed go before them, those of a face after all."""
        priority = PRIORITY[waiting.out.kind]
        if waiting.again is not None:
            priority = _AGAIN.get(waiting.out.kind, priority)
        self._bytes[priority] += waiting.size
        self._queues[priority].append(waiting)

    def waiting_bytes(self, priority: Priority) -> int:
        """What goes before a new packet of this priority."""
        return sum(self._bytes[: priority + 1])

    def missed_bytes(self, out: Outgoing) -> int:
        """How much of what waits for an m-line was sent before and is missed."""
        queue = self._queues[_AGAIN.get(out.kind, PRIORITY[out.kind])]
        return sum(waiting.size for waiting in queue if waiting.again is not None and waiting.out is out)

    def forget(self, out: Outgoing, but_timestamp: int | None = None) -> None:
        """Drop all that waits for this m-line, but for the rest of a frame that was begun."""
        for priority, queue in enumerate(self._queues):
            kept = [
                waiting
                for waiting in queue
                if waiting.out is not out or waiting.packet.timestamp == but_timestamp
            ]
            if len(kept) != len(queue):
                queue.clear()
                queue.extend(kept)
                self._bytes[priority] = sum(waiting.size for waiting in kept)

    def begin(self, now: float) -> None:
        """The line became narrow: nothing was earned yet."""
        self._credit_bytes, self._earned_at = 0.0, now

    def spend(self, size: int) -> None:
        """Bytes that were sent without waiting."""
        self._credit_bytes -= size

    def earn(self, now: float, rate_bps: float) -> float:
        """The bytes that may be sent now."""
        most = max(_LEAST_CREDIT_BYTES, _SPARE_S * rate_bps / 8)
        earned = (now - self._earned_at) * rate_bps / 8
        self._earned_at = now
        self._credit_bytes = min(most, self._credit_bytes + earned)
        return self._credit_bytes

    def release_all(self, send: Callable[[Waiting], None]) -> None:
        """Send everything: the line is not narrow any more."""
        for priority, queue in enumerate(self._queues):
            while queue:
                send(queue.popleft())
            self._bytes[priority] = 0

    def release(self, send: Callable[[Waiting], None]) -> None:
        """Send what is due, and pay for it."""
        for priority, queue in enumerate(self._queues):
            while queue and (priority <= Priority.VOICE or self._credit_bytes > 0):
                waiting = queue.popleft()
                self._bytes[priority] -= waiting.size
                self._credit_bytes -= waiting.size
                send(waiting)
