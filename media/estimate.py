"""What a viewer's line carries: everything, until there is evidence against it. Pure.

A viewer's own estimate (REMB, draft-alvestrand-rmcat-remb-03) is none by itself: one whose processor was busy
for a moment says the same as one behind a narrow line, and so does every one in its first seconds (seen:
0.9 Mbit/s on a free loopback, and 0.2 Mbit/s when each low estimate was believed in turn, on a machine with
five times more work than processors). A narrow line also hurts: many packets are lost, or their way becomes
longer. Many losses at once are evidence alone; one in ten, spread out, is none (seen on that machine: 1.4 s
without a picture, as a low estimate was believed because of them).

How narrow it is, and when it is not any more: `media.narrow_line`.
"""

from collections import deque
from collections.abc import Sequence

from media.meter import Meter
from media.narrow_line import FLOOR_BPS, SHARE, NarrowLine
from media.sent_log import Fate

_OBJECTION = 0.9  # an estimate under this share of what was sent
_FAR_UNDER = 0.6
_FALLING, _FALLING_S = 0.97, 2.0
_FIRST_S = 6.0  # Chromium's estimator needs five seconds to begin
_HURT_SHARE, _HURT_S = 0.15, 2.0  # that many losses: fewer happen by chance on a radio link
_HURT_MS, _SHORTEST_S = 80.0, 30.0  # that much longer a way than the shortest of the last half to one minute
_WITHOUT_LOSS = 0.25  # of what was sent: no lower by delay alone
# So many missing at once: a queue overflows somewhere.
_BURST_SHARE, _BURST_PACKETS, _BURST_S, _BURST_KEPT = 0.3, 10, 0.2, 0.3
_FREE_FACTOR, _FREE_AFTER_S, _LOOKED_FOR = 1.0, 0.5, 1.2


class Losses:
    """What a viewer missed of what it was sent lately."""

    def __init__(self) -> None:
        self._missed: deque[tuple[float, int, int]] = deque()  # when, packets sent by then, missing

    def begin(self, now: float) -> None:
        """Something is sent from now on."""
        if not self._missed:
            self._missed.append((now, 0, 0))

    def missed(self, sent_packets: int, missing: int, now: float) -> None:
        """The viewer misses packets, after so many were sent in all."""
        self._missed.append((now, sent_packets, missing))
        while len(self._missed) > 1 and now - self._missed[1][0] > _HURT_S:
            self._missed.popleft()  # one from before stays: what was sent since is counted from it

    def share(self, now: float, window_s: float) -> tuple[float, int]:
        """The share that is missing of the last moment, and how many packets that is."""
        recent = [one for one in self._missed if now - one[0] <= window_s]
        if not recent:
            return 0.0, 0
        missing = sum(one[2] for one in recent)
        before = next((one for one in reversed(self._missed) if now - one[0] > window_s), recent[0])
        sent = recent[-1][1] - before[1]
        since_s = recent[-1][0] - before[0]
        if since_s > window_s:
            sent = round(sent * window_s / since_s)
        return missing / max(1, sent, missing), missing


class RoundTrips:
    """How much longer the way is than it was at its best lately."""

    def __init__(self) -> None:
        self._last_ms = 0.0
        self._shortest_ms = self._before_ms = float("inf")
        self._since = 0.0

    def took(self, milliseconds: float, now: float) -> None:
        """One round trip."""
        if now - self._since >= _SHORTEST_S:
            self._before_ms, self._shortest_ms, self._since = self._shortest_ms, float("inf"), now
        self._last_ms = milliseconds
        self._shortest_ms = min(self._shortest_ms, milliseconds)

    @property
    def longer_ms(self) -> float:
        """0 before anything is known."""
        return max(0.0, self._last_ms - min(self._shortest_ms, self._before_ms))


class Estimate:
    """`tick` wants to be called about every 50 ms, with the counter of everything that was sent."""

    def __init__(self) -> None:
        self.needed_bps = 0.0  # what was sent before the line became narrow
        self._narrow: NarrowLine | None = None
        self._losses = Losses()
        self._way = RoundTrips()
        self._sent = Meter(1.0)
        self._sending_since: float | None = None
        self._suspected: tuple[float, float] | None = None  # when, and the estimate
        self._wide_since: float | None = None

    @property
    def is_narrow(self) -> bool:
        return self._narrow is not None

    @property
    def is_probing(self) -> bool:
        """Whether more is to be sent than there is."""
        return self._narrow is not None and self._narrow.is_probing

    @property
    def bps(self) -> float:
        """What a narrow line carries; 0: it is not narrow."""
        return 0.0 if self._narrow is None else self._narrow.bps

    @property
    def usable_bps(self) -> float:
        """What there may be to send on a narrow line now."""
        return 0.0 if self._narrow is None else self._narrow.usable_bps

    @property
    def rate_bps(self) -> float:
        """What may be sent to a narrow line now."""
        return 0.0 if self._narrow is None else self._narrow.rate_bps

    @property
    def wants_more(self) -> bool:
        """Whether the line is not known to carry everything."""
        return self.is_narrow and SHARE * self.bps < _FREE_FACTOR * self.needed_bps

    def heard(self, bps: float, now: float) -> None:
        """The viewer's own estimate."""
        if self._narrow is not None:
            self._narrow.heard(bps, now)
        elif bps < _OBJECTION * self._sent.bits_per_second and self._is_evidence(bps, now):
            hurt = self._losses.share(now, _HURT_S)[0] >= _HURT_SHARE
            self._make_narrow(bps if hurt else max(bps, _WITHOUT_LOSS * self._sent.bits_per_second), now)

    def _is_evidence(self, bps: float, now: float) -> bool:
        if self._sending_since is None or now - self._sending_since < _FIRST_S or not self._hurts(now):
            return False
        if bps < _FAR_UNDER * self._sent.bits_per_second:
            return True
        before, self._suspected = self._suspected, (now, bps)
        return before is not None and now - before[0] < _FALLING_S and bps < _FALLING * before[1]

    def _hurts(self, now: float) -> bool:
        return self._losses.share(now, _HURT_S)[0] >= _HURT_SHARE or self._way.longer_ms > _HURT_MS

    def round_trip(self, milliseconds: float, now: float) -> None:
        """How long a report and its answer took."""
        self._way.took(milliseconds, now)

    def missed(self, sent_packets: int, missing: int, now: float) -> None:
        """The viewer misses packets, after so many were sent in all."""
        self._losses.missed(sent_packets, missing, now)
        share, count = self._losses.share(now, _BURST_S)
        if self._narrow is not None:
            self._narrow.lost(self._losses.share(now, _HURT_S)[0], now)
        elif count >= _BURST_PACKETS and share >= _BURST_SHARE and self._sent.bits_per_second > 0:
            self._make_narrow(self._sent.bits_per_second * max(_BURST_KEPT, 1 - share), now)

    def reported(self, fates: Sequence[Fate], now: float) -> None:
        """What became of packets that were sent while the line was narrow."""
        if self._narrow is not None:
            self._narrow.reported(fates, now)

    def _make_narrow(self, bps: float, now: float) -> None:
        self._narrow = NarrowLine(bps, now)
        self.needed_bps = max(FLOOR_BPS, self._sent.bits_per_second)
        self._wide_since = None

    def tick(self, now: float, sent_bytes: int, is_idle: bool) -> None:
        """Note what was sent; `is_idle`: nothing waits to be sent."""
        self._sent.look(now, sent_bytes)
        if self._sent.bits_per_second == 0:
            self._sending_since = None
        elif self._sending_since is None:
            self._sending_since = now
            self._losses.begin(now)
        if self._narrow is None:
            return
        wants = _LOOKED_FOR * self.needed_bps / SHARE if is_idle and self.wants_more else 0.0
        self._narrow.tick(now, wants)
        self._look_whether_free(now, is_idle)

    def _look_whether_free(self, now: float, is_idle: bool) -> None:
        if self.wants_more or not is_idle:
            self._wide_since = None
            return
        self._wide_since = now if self._wide_since is None else self._wide_since
        if now - self._wide_since >= _FREE_AFTER_S:
            # What the viewer says of its line begins anew: it said nothing while it reported arrivals.
            self._narrow, self._sending_since = None, now
