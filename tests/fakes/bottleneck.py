"""A line with one narrow place and a queue before it, and a viewer behind who reports what arrives."""

import random
from collections import deque
from dataclasses import dataclass, field

from media.estimate import Estimate
from media.sent_log import Fate

STEP_S = 0.005
PACKET_BYTES = 1000
CLOCKS_APART_S = -1000.0  # the viewer's clock is another one


@dataclass
class Bottleneck:
    """Drop-tail queue of `queue_s`, a way of `way_s`, random loss and jitter."""

    bps: float
    queue_s: float = 0.3
    way_s: float = 0.01
    jitter_s: float = 0.0
    loss: float = 0.0
    _random: random.Random = field(default_factory=lambda: random.Random(1))
    _free_at: float = 0.0

    def queued_s(self, now: float) -> float:
        """How long the queue is."""
        return self._free_at - now

    def become(self, bps: float, now: float) -> None:
        """It carries another rate from now on."""
        self.bps, self._free_at = bps, now

    def carry(self, now: float, size: int) -> float | None:
        """When a packet that is sent now arrives; None: never."""
        begins = max(now, self._free_at)
        if begins - now > self.queue_s or self._random.random() < self.loss:
            return None
        self._free_at = begins + 8 * size / self.bps
        return self._free_at + self.way_s + self._random.random() * self.jitter_s


class LinedViewer:
    """An estimate that sends over a bottleneck, with a picture that follows it up to `full_bps`."""

    def __init__(self, line: Bottleneck, full_bps: float = 2_500_000, reports: bool = True) -> None:
        self.line, self.full_bps, self.reports = line, full_bps, reports
        self.estimate = Estimate()
        self.now = 0.0
        self.sent_bytes = self.sent_packets = self.lost_packets = self.picture_lost = 0
        self.delays: deque[tuple[float, float]] = deque()  # when sent, how long it took
        self.narrow_since: float | None = None
        self.freed_at: float | None = None
        self._waiting_bytes = 0.0  # of the picture
        self._credit_bytes = 0.0
        self._due: list[tuple[float | None, Fate]] = []  # when each arrives
        self._nacks: list[float] = []
        self._reported_at = self._ticked_at = 0.0
        self._says_bps, self._said_at = full_bps, 0.0
        self._arrived_bytes, self._queued_s = 0, 0.0

    def go(self, seconds: float) -> None:
        """Send for so long."""
        for _ in range(round(seconds / STEP_S)):
            self.now += STEP_S
            self._step()

    def _step(self) -> None:
        estimate, was_narrow = self.estimate, self.estimate.is_narrow
        made_bps = min(self.full_bps, 0.85 * 0.9 * estimate.bps) if was_narrow else self.full_bps
        self._waiting_bytes = min(
            self._waiting_bytes + made_bps * STEP_S / 8, 0.3 * made_bps / 8 + PACKET_BYTES
        )
        rate_bps = estimate.rate_bps if was_narrow else 10 * self.full_bps
        self._credit_bytes = min(1500.0 + 0.01 * rate_bps / 8, self._credit_bytes + rate_bps * STEP_S / 8)
        while self._credit_bytes > 0 and self._waiting_bytes >= PACKET_BYTES:
            self._waiting_bytes -= PACKET_BYTES
            self._send(is_picture=True)
        while self._credit_bytes > 0 and estimate.is_probing:
            self._send(is_picture=False)
        self._report()
        if self.now - self._ticked_at >= 0.05:
            self._ticked_at = self.now
            estimate.tick(self.now, self.sent_bytes, is_idle=self._waiting_bytes < 2 * PACKET_BYTES)
        if estimate.is_narrow and not was_narrow:
            self.narrow_since, self.freed_at = self.now, None
        if was_narrow and not estimate.is_narrow:
            self.freed_at = self.now

    def _send(self, is_picture: bool) -> None:
        self._credit_bytes -= PACKET_BYTES
        self.sent_bytes += PACKET_BYTES
        self.sent_packets += 1
        arrives = self.line.carry(self.now, PACKET_BYTES)
        if arrives is None:
            self.lost_packets += 1
            self.picture_lost += is_picture
            self._nacks.append(self.now + 2 * self.line.way_s + self.line.queue_s)
        else:
            self.delays.append((self.now, arrives - self.now))
            self._arrived_bytes += PACKET_BYTES
        if self.estimate.is_narrow and self.reports:
            came = None if arrives is None else arrives + CLOCKS_APART_S
            self._due.append((arrives, Fate(self.now, PACKET_BYTES, came)))

    def _report(self) -> None:
        missing = sum(at <= self.now for at in self._nacks)
        if missing:
            self._nacks = [at for at in self._nacks if at > self.now]
            self.estimate.missed(self.sent_packets, missing, self.now)
        self._say()
        if self.now - self._reported_at < 0.05:
            return
        self._reported_at = self.now
        known = [at is not None and at + self.line.way_s <= self.now for at, _ in self._due]
        told = len(known) - known[::-1].index(True) if True in known else 0  # a later one tells of a loss
        if told:
            self.estimate.reported([one for _, one in self._due[:told]], self.now)
            del self._due[:told]

    def _say(self) -> None:
        """An estimate of its own, as a browser gives that is shown no numbers: it follows what arrives."""
        if self.now - self._said_at < 0.5:
            return
        arrived_bps = 8 * self._arrived_bytes / (self.now - self._said_at)
        queued_s = max(0.0, self.line.queued_s(self.now))
        grows = queued_s > self._queued_s + 0.02 or queued_s > 0.9 * self.line.queue_s
        self._says_bps = 0.85 * arrived_bps if grows else min(1.5 * arrived_bps, 1.04 * self._says_bps)
        self._said_at, self._arrived_bytes, self._queued_s = self.now, 0, queued_s
        self.estimate.round_trip(1000 * (queued_s + 2 * self.line.way_s), self.now)
        self.estimate.heard(self._says_bps, self.now)

    def delays_since(self, when: float) -> list[float]:
        """How long packets took that were sent since then, the shortest first."""
        return sorted(took for at, took in self.delays if at >= when)
