"""Delivers one journaled stream to the server, in order and without repeats, until it has everything."""

from collections.abc import Callable

from ecg import batches, wire
from records.ids import BindingId
from station.journal import Journal

WINDOW = 8
"""Packets that may be on their way unacknowledged; the journal waits, nothing else does."""

SILENT_US = 10_000_000
"""Without an answer for so long, e.g. because the server refused a packet, delivery begins anew with META."""

_READ_AHEAD = 1400  # samples: one full packet of twelve leads


class Delivery:
    """One stream on one line to the server; a new line needs a new one.

    META goes first, and the HAVE that answers it says where to go on: whatever the server has is not
    sent again. Every packet is answered by one HAVE.
    """

    def __init__(
        self,
        journal: Journal,
        binding_id: BindingId,
        clock_us: Callable[[], int],
        send: Callable[[bytes], None],
    ) -> None:
        self.binding_id = binding_id
        self._journal = journal
        self._clock_us = clock_us
        self._send = send
        self._meta: wire.Meta | None = None
        self._sequence = 0
        self._unanswered = 0
        self._sent_end: int | None = None  # None until the server said what it has
        self._end_sent = False
        self._heard_us = clock_us()
        self.acknowledged = 0
        self.done = False

    @property
    def stream_id(self) -> int | None:
        """The stream's id; None before META was sent."""
        return self._meta.stream_id if self._meta else None

    def undelivered(self) -> int:
        """Samples on the disk that the server has not acknowledged."""
        return max(0, self._journal.durable_end(self.binding_id) - self.acknowledged)

    async def begin(self) -> None:
        """Send META, if there is a stream."""
        self._unanswered, self._sent_end, self._end_sent = 0, None, False
        self._heard_us = self._clock_us()
        self._meta = await self._journal.meta(self.binding_id)
        if self._meta is not None:
            self._put(wire.encode(self._meta))

    def take_have(self, have: wire.Have) -> None:
        """The server has every sample before `have.end`, for good."""
        self._heard_us = self._clock_us()
        self._unanswered = max(0, self._unanswered - 1)
        self.acknowledged = max(self.acknowledged, have.end)
        if self._sent_end is None:
            self._sent_end = have.end
        self._sent_end = max(self._sent_end, have.end)
        if self._end_sent and self._unanswered == 0:
            self.done = True

    def take_need(self, need: wire.Need) -> None:
        """The server asks again: go back to the first sample it lacks."""
        if self._sent_end is not None:
            self._sent_end = min(self._sent_end, *(wanted.first for wanted in need.ranges))
            self._end_sent = False

    async def step(self) -> None:
        """Send what is on the disk and not sent, as far as the window allows; END after the last sample."""
        if self._unanswered and self._clock_us() - self._heard_us > SILENT_US:
            await self.begin()
        while self._sent_end is not None and self._unanswered < WINDOW:
            if not await self._send_batch(self._sent_end):
                await self._send_end(self._sent_end)
                return

    async def _send_batch(self, first: int) -> bool:
        count = min(_READ_AHEAD, self._journal.durable_end(self.binding_id) - first)
        if count <= 0 or self._meta is None:
            return False
        wave = batches.join(await self._journal.read(self.binding_id, first, count), first)
        if wave is None:
            return False
        period_us = 1e6 / self._meta.description.rate_hz
        self._sent_end = wave.end_index
        self._put(batches.packet(wave, self._next_sequence(), period_us, self._clock_us()))
        return True

    async def _send_end(self, sent_end: int) -> None:
        if self._end_sent:
            return
        end = await self._journal.end_packet(self.binding_id)
        if end is not None and sent_end >= end.total:
            self._end_sent = True
            self._put(wire.encode(end))

    def _next_sequence(self) -> int:
        self._sequence += 1
        return self._sequence - 1

    def _put(self, packet: bytes) -> None:
        self._unanswered += 1
        self._send(packet)
