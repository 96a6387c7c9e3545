"""All deliveries on one line: the running binding's and those that are owed from before."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from ecg import wire
from ecg.errors import EcgError
from records.errors import RecordsError
from records.ids import BindingId
from station.delivery import Delivery
from station.journal import Journal

log = logging.getLogger(__name__)

STEP_S = 0.1


class Deliveries:
    """Delivers every unfinished stream of the journal over a line; made anew with each line."""

    def __init__(
        self,
        journal: Journal,
        clock_us: Callable[[], int],
        send: Callable[[bytes], None],
        on_done: Callable[[BindingId], None],
    ) -> None:
        self._journal = journal
        self._clock_us = clock_us
        self._send = send
        self._on_done = on_done
        self._by_binding: dict[BindingId, Delivery] = {}
        self._awaited: set[BindingId] = set()
        self._wake = asyncio.Event()

    def undelivered(self, binding_id: BindingId) -> int | None:
        """Samples of a binding that the server has not acknowledged; None when it has no stream."""
        delivery = self._by_binding.get(binding_id)
        return delivery.undelivered() if delivery else None

    async def add(self, binding_id: BindingId) -> None:
        """Deliver a stream from now on, or from its beginning, should its device be found only later.

        One that is delivered already goes on as it is.
        """
        if binding_id in self._by_binding:
            return
        if await self._journal.meta(binding_id) is None:
            self._awaited.add(binding_id)
            return
        self._awaited.discard(binding_id)
        delivery = Delivery(self._journal, binding_id, self._clock_us, self._send)
        self._by_binding[binding_id] = delivery
        await delivery.begin()

    def await_no_more(self, binding_id: BindingId) -> None:
        """Its binding has ended without a stream."""
        self._awaited.discard(binding_id)

    def take(self, packet: wire.Packet) -> None:
        """Take in what the server answers: HAVE and NEED; others mean nothing to a station."""
        delivery = next((d for d in self._by_binding.values() if d.stream_id == packet.stream_id), None)
        if delivery is None:
            return
        if isinstance(packet, wire.Have):
            delivery.take_have(packet)
        elif isinstance(packet, wire.Need):
            delivery.take_need(packet)
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled: when the server answered, and ten times a second."""
        while True:
            for binding_id in tuple(self._awaited):
                await self.add(binding_id)
            for delivery in list(self._by_binding.values()):
                await self._step(delivery)
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), STEP_S)

    async def _step(self, delivery: Delivery) -> None:
        """A stream that cannot be read does not hold up the others; the next line tries it again."""
        try:
            await delivery.step()
            if delivery.done:
                await self._finish(delivery)
        except (RecordsError, EcgError, OSError) as error:
            log.error("binding %s is not delivered: %s", delivery.binding_id, error)
            self._by_binding.pop(delivery.binding_id, None)

    async def _finish(self, delivery: Delivery) -> None:
        await self._journal.delivered(delivery.binding_id)
        self._by_binding.pop(delivery.binding_id, None)
        log.info("binding %s: everything is delivered", delivery.binding_id)
        self._on_done(delivery.binding_id)
