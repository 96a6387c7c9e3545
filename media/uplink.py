"""What the line from a publisher carries, by how its packets arrive: told to it as REMB. Pure.

Delay-based, after the receive-side algorithm of draft-ietf-rmcat-gcc-02: packets sent within 5 ms are a
group; how much later than it was sent after the last one each group arrives is summed up, and the slope of
that sum over the last groups tells whether a queue grows on the way; that one stands there at all is told by
how late even the fastest of the last packets are. Then the estimate falls to 0.85 of what arrives; without
it, it grows. Many losses lower it too.
"""

from collections import deque
from typing import NamedTuple

from media.meter import Meter

_TICKS = 1 << 24  # abs-send-time: 6.18 fixed point seconds
_TICKS_A_SECOND = 1 << 18
_GROUP_S = 0.005
_GROUPS = 20
_PAUSE_S = 3.0
_SET_BACK_S = 0.1  # arrivals that are so much earlier than those before: their clock was set
_MOST_LATELY = 256  # groups of 5 ms in half a second, and some more
_GAIN = 4.0
_STANDING_MS, _STANDING_S, _BASE_S = 40.0, 0.5, 15
_THRESHOLD_MS = 12.5  # section 5.4: adapts between 6 and 600
_K_UP, _K_DOWN = 0.0087, 0.039
_OVERUSE_S = 0.01
_LOSS_LIMIT = 0.1  # section 6
_DECREASE, _GROWTH_A_SECOND = 0.85, 1.35
_NEAR_S, _GROWTH_NEAR = 2.0, 1.02  # for a while after it was too much
_LEAST_BPS = 150_000.0
_HEADROOM = 2.0  # over what arrives, as the other end may send less than it is allowed to


class _Group(NamedTuple):
    """Packets that were sent within 5 ms: when the first and the last were, and when the last arrived."""

    first_sent: float
    sent: float
    arrived: float


class Uplink:
    """`add` every packet as it comes, `tick` about every 50 ms. Arrivals may have a clock of their own."""

    def __init__(self, most_bps: float) -> None:
        self.most_bps = most_bps
        self.bps = most_bps  # without evidence the publisher may send all it wants
        self._bytes = 0
        self._arrived = Meter(0.5)
        self._group: _Group | None = None  # packets come for it
        self._before: _Group | None = None  # the last one that was whole
        self._sent_at: float | None = None  # unwrapped
        self._last_ticks = 0
        self._delay_ms = self._smooth_ms = 0.0
        self._slopes: deque[tuple[float, float]] = deque(maxlen=_GROUPS)
        # Arrival and delay of the last groups; each second and the least delay in it.
        self._lately: deque[tuple[float, float]] = deque(maxlen=_MOST_LATELY)
        self._least: deque[tuple[int, float]] = deque(maxlen=_BASE_S + 1)
        self._threshold_ms = _THRESHOLD_MS
        self._threshold_at: float | None = None
        self._over_s = 0.0
        self._last_slope = 0.0
        self._lowered_at = float("-inf")
        self._ticked_at: float | None = None
        self._now = 0.0  # by the clock of `tick`, not of arrivals

    @property
    def is_limited(self) -> bool:
        """Whether the line carries less than the publisher might send."""
        return self.bps < self.most_bps

    def add(self, send_time: int | None, size: int, arrived: float) -> None:
        """A packet arrived. `send_time`: its abs-send-time, 24 bits; None: it had none."""
        self._bytes += size
        if send_time is None:
            return
        sent = self._unwrapped(send_time)
        group = self._group
        if group is not None and _is_pause(group, sent, arrived):
            self._start_again(arrived < group.arrived)
            group = None
        if group is not None and sent - group.first_sent <= _GROUP_S:
            self._group = _Group(group.first_sent, max(group.sent, sent), arrived)
            return
        if group is not None:
            if self._before is not None:
                self._compare(self._before, group)
            self._before = group
        self._group = _Group(sent, sent, arrived)

    def _unwrapped(self, ticks: int) -> float:
        if self._sent_at is None:
            self._sent_at = 0.0
        else:
            step = (ticks - self._last_ticks + _TICKS // 2) % _TICKS - _TICKS // 2
            self._sent_at += step / _TICKS_A_SECOND
        self._last_ticks = ticks
        return self._sent_at

    def _start_again(self, is_set_back: bool) -> None:
        """After a pause, which says nothing: what comes is compared with what comes after it."""
        self._group = self._before = None
        self._slopes.clear()
        self._lately.clear()
        if is_set_back:
            self._least.clear()  # it is by a clock that was set

    def _compare(self, before: "_Group", group: "_Group") -> None:
        """How much longer this group was on its way than the one before it."""
        sent_apart_s, arrived_apart_s = group.sent - before.sent, group.arrived - before.arrived
        self._delay_ms += 1000 * (arrived_apart_s - sent_apart_s)
        self._note_delay(group.arrived)
        self._smooth_ms = 0.9 * self._smooth_ms + 0.1 * self._delay_ms
        self._slopes.append((group.arrived, self._smooth_ms))
        if len(self._slopes) == _GROUPS:
            self._judge(_slope(self._slopes) * _GROUPS * _GAIN / 1000, sent_apart_s, group.arrived)

    def _judge(self, trend: float, apart_s: float, now: float) -> None:
        if trend > self._threshold_ms:
            self._over_s += apart_s
            if self._over_s > _OVERUSE_S and trend >= self._last_slope and self._standing_ms > _STANDING_MS:
                self._over_s = 0.0
                self._decrease()
        else:
            self._over_s = 0.0
        self._last_slope = trend
        self._adapt_threshold(trend, now)

    def _note_delay(self, arrived: float) -> None:
        self._lately.append((arrived, self._delay_ms))
        while arrived - self._lately[0][0] > _STANDING_S:
            self._lately.popleft()
        second = int(arrived)
        if not self._least or self._least[-1][0] != second:
            self._least.append((second, self._delay_ms))
        elif self._delay_ms < self._least[-1][1]:
            self._least[-1] = (second, self._delay_ms)
        while second - self._least[0][0] > _BASE_S:
            self._least.popleft()

    @property
    def _standing_ms(self) -> float:
        """How long even the fastest of the last packets waited: in a queue, not for a busy machine.

        After CoDel (RFC 8289 section 3): the least over a short time, over the least of all.
        """
        return min(delay for _, delay in self._lately) - min(delay for _, delay in self._least)

    def _adapt_threshold(self, trend: float, now: float) -> None:
        before, self._threshold_at = self._threshold_at, now
        if before is None or abs(trend) > self._threshold_ms + 15:
            return
        gain = _K_DOWN if abs(trend) < self._threshold_ms else _K_UP
        step_ms = min(100.0, 1000 * (now - before))
        moved = self._threshold_ms + gain * (abs(trend) - self._threshold_ms) * step_ms
        self._threshold_ms = min(600.0, max(6.0, moved))

    def _decrease(self) -> None:
        arrives, now = self._arrived.bits_per_second, self._now
        if arrives <= 0 or now - self._lowered_at < 0.2:
            return
        lowered = max(_LEAST_BPS, _DECREASE * arrives)
        if lowered < self.bps:
            self.bps, self._lowered_at = lowered, now

    def lost(self, share: float, now: float) -> None:
        """So much of the last second's packets did not come, not counting what came again."""
        arrives = self._arrived.bits_per_second
        if share > _LOSS_LIMIT and arrives > 0:
            lowered = max(_LEAST_BPS, min(self.bps, arrives) * (1 - 0.5 * share))
            self.bps, self._lowered_at = min(self.bps, lowered), now

    def tick(self, now: float) -> None:
        """Grow again while nothing speaks against it."""
        self._now = now
        self._arrived.look(now, self._bytes)
        before, self._ticked_at = self._ticked_at, now
        if before is None or not self.is_limited or now - self._lowered_at < 0.5:
            return
        growth = _GROWTH_NEAR if now - self._lowered_at < _NEAR_S else _GROWTH_A_SECOND
        grown = self.bps * growth ** min(1.0, now - before)
        allowed = max(self.bps, _HEADROOM * self._arrived.bits_per_second + 50_000)
        self.bps = min(self.most_bps, grown, allowed)


def _is_pause(group: _Group, sent: float, arrived: float) -> bool:
    """Whether a packet cannot be compared with the group before it: either clock went too far, or back.

    Send times are known modulo 64 s: of a pause of 32 to 64 s they make a step back.
    """
    apart_s = arrived - group.arrived
    return not -_SET_BACK_S <= apart_s <= _PAUSE_S or abs(sent - group.sent) > _PAUSE_S


def _slope(points: deque[tuple[float, float]]) -> float:
    """Least squares, in ms a second."""
    count = len(points)
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
