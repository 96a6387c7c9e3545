"""A line that can be spoilt, for the demo: a UDP relay on this machine between browser and worker."""

import asyncio
from typing import Any, Self

QUEUE_S = 0.3
"""What does not leave within this time is lost, as in the queue of a home router."""


class Narrowness:
    """One way through a narrow line: a queue that empties at a rate. Pure; time is passed in."""

    def __init__(self) -> None:
        self.bits_per_s: int | None = None  # None: everything at once
        self._free_at = 0.0
        self.lost = 0

    def leaves_at(self, size: int, now: float) -> float | None:
        """When a datagram of this size leaves; None: the queue is full and it is lost."""
        if self.bits_per_s is None:
            return now
        begins = max(now, self._free_at)
        if begins - now > QUEUE_S:
            self.lost += 1
            return None
        self._free_at = begins + 8 * size / self.bits_per_s
        return self._free_at


class FaultyLine:
    """Relays one browser's datagrams to a worker and back. Open with `open`, spoil, `close`."""

    def __init__(self, worker: tuple[str, int]) -> None:
        self._worker = worker
        self._loop = asyncio.get_running_loop()
        self._up, self._down = Narrowness(), Narrowness()
        self._cut_until = float("-inf")
        self._browser: Any = None  # the address the browser sent from last
        self._near: asyncio.DatagramTransport
        self._far: asyncio.DatagramTransport

    @classmethod
    async def open(cls, worker: tuple[str, int]) -> Self:
        """A relay to a worker's address, on a port of its own on the same address."""
        line = cls(worker)
        near = await line._loop.create_datagram_endpoint(
            lambda: _Ear(line._from_browser), local_addr=(worker[0], 0)
        )
        line._near = near[0]
        line._far = await line._to_worker()
        return line

    @property
    def address(self) -> tuple[str, int]:
        """Where the browser is to send."""
        host, port = self._near.get_extra_info("sockname")[:2]
        return host, port

    def narrow(self, bits_per_s: int | None) -> None:
        """Carry so much each way from now on; None: everything."""
        self._up.bits_per_s = self._down.bits_per_s = bits_per_s

    def cut(self, seconds: float) -> None:
        """Carry nothing for so long."""
        self._cut_until = self._loop.time() + seconds

    async def change_address(self) -> None:
        """Go on from another address, as a router does that forgot: the worker sees a stranger."""
        before, self._far = self._far, await self._to_worker()
        before.close()

    async def lead_to(self, worker: tuple[str, int]) -> None:
        """Go on to this worker, as spoilt as before: one that came in place of another has another port."""
        if worker != self._worker:
            self._worker = worker
            await self.change_address()

    def close(self) -> None:
        """Carry nothing any more."""
        self._near.close()
        self._far.close()

    async def _to_worker(self) -> asyncio.DatagramTransport:
        transport, _ = await self._loop.create_datagram_endpoint(
            lambda: _Ear(self._from_worker), remote_addr=self._worker
        )
        return transport

    def _from_browser(self, data: bytes, address: Any) -> None:
        self._browser = address
        self._pass(self._up, data, lambda: self._far.sendto(data))

    def _from_worker(self, data: bytes, _: Any) -> None:
        if self._browser is not None:
            self._pass(self._down, data, lambda: self._near.sendto(data, self._browser))

    def _pass(self, way: Narrowness, data: bytes, send: Any) -> None:
        now = self._loop.time()
        leaves_at = None if now < self._cut_until else way.leaves_at(len(data), now)
        if leaves_at is None:
            return
        if leaves_at <= now:
            send()
            return
        self._loop.call_at(leaves_at, self._send_unless_closed, send)  # within QUEUE_S

    def _send_unless_closed(self, send: Any) -> None:
        if not (self._near.is_closing() or self._far.is_closing()):
            send()


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, hears: Any) -> None:
        self._hears = hears

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._hears(data, addr)
