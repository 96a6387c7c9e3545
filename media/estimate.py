"""What a viewer's line carries: free, or narrow and then how narrow. Pure.

A line is free until there is evidence against it. A viewer's own estimate (REMB, draft-alvestrand-rmcat-
remb-03) is none by itself: one whose processor was busy for a moment says the same as one behind a narrow
line, and so does every one in its first seconds (seen: 0.9 Mbit/s on a free loopback, and 0.2 Mbit/s when
each low estimate was believed in turn, on a machine with five times more work than processors). A narrow
line also hurts: packets are lost, or their way becomes longer. Many losses at once are evidence alone.

Upwards, Chromium raises its estimate by 8 % a second at most and never over 1.5 times what arrives. So a
narrow line is probed in steps: for half a second more is sent than it is thought to carry. When the
viewer's estimate does not fall, it has carried that much; when it falls soon after, the step is taken back.
What came through when it last was too much is remembered: a step beyond that comes late and alone, as a
queue on the way hides for a second that it fills (seen: 255 to 940 kbit/s in 2.5 s on a line of 384, every
nine seconds, and each time a second without a picture).
"""

from collections import deque

from media.meter import Meter

SHARE = 0.9  # of the estimate is used: the rest lets a queue on the way drain
FLOOR_BPS = 100_000.0
_OBJECTION = 0.9  # an estimate under this share of what was sent
_FAR_UNDER = 0.6
_FALLING, _FALLING_S = 0.97, 2.0
_FIRST_S = 6.0  # Chromium's estimator needs five seconds to begin
_LOWER_AGAIN_S = 0.3
_LOST_BEFORE_S = 1.0  # what is missed so soon was sent before the last lowering
_HURT_SHARE, _HURT_S = 0.02, 2.0  # that many losses
_HURT_MS, _SHORTEST_S = 80.0, 30.0  # that much longer a way than the shortest of the last half to one minute
_WITHOUT_LOSS = 0.25  # of what was needed: no lower by delay alone
# So many missing at once: a queue overflows somewhere.
_BURST_SHARE, _BURST_PACKETS, _BURST_S = 0.3, 10, 0.2
_PROBE_FACTORS, _PROBE_S = (1.25, 1.25, 1.35, 1.5), 0.5  # small steps first: one too far fills a queue
_PROBE_PAUSE_S, _PROBE_PAUSE_MAX_S, _NEXT_STEP_S = 2.0, 6.0, 0.2
_TAKEN_BACK_S = 1.0  # an estimate that falls so soon after a step speaks against it
# Beyond what was too much: not sooner, and then by a step this long that is watched for as long again.
_CEILING_S, _ALONE_S = 5.0, 1.5
# One lowering leads to the next for so long; most of what came through before it is kept.
_EPISODE_S, _KEPT = 2.0, 0.7
_PACKET_BITS = 8 * 1000
_CORRECTED_S = 1.0  # so soon the viewer knows better what came through
# A queue that stands: drained at this share, once it has stood so long; as long after it, it was the way.
_DRAIN, _DRAIN_S, _SAME_WAY = 0.85, 1.5, 0.8
_FREE_FACTOR, _FREE_AFTER_S = 1.1, 0.5


class Losses:
    """What a viewer missed of what it was sent, over the last two seconds."""

    def __init__(self) -> None:
        self._missed: deque[tuple[float, int, int]] = deque()  # when, packets sent by then, missing

    def missed(self, sent_packets: int, missing: int, now: float) -> None:
        """The viewer misses packets, after so many were sent in all."""
        self._missed.append((now, sent_packets, missing))
        while now - self._missed[0][0] > _HURT_S:
            self._missed.popleft()

    def share(self, now: float, window_s: float) -> tuple[float, int]:
        """The share that is missing of the last moment, and how many packets that is."""
        recent = [one for one in self._missed if now - one[0] <= window_s]
        if not recent:
            return 0.0, 0
        missing = sum(one[2] for one in recent)
        sent = recent[-1][1] - recent[0][1] + missing
        return min(1.0, missing / max(1, sent)), missing


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

    def is_another(self) -> None:
        """It is as long as it is now, for good: the network has changed."""
        self._shortest_ms = self._before_ms = self._last_ms

    @property
    def longer_ms(self) -> float:
        """0 before anything is known."""
        return max(0.0, self._last_ms - min(self._shortest_ms, self._before_ms))


class Estimate:
    """`tick` wants to be called about every 50 ms, with the counter of everything that was sent."""

    def __init__(self) -> None:
        self.bps = 0.0  # 0: the viewer said nothing yet
        self.is_narrow = False
        self.is_probing = False
        self.needed_bps = 0.0  # what was sent before the line became narrow
        self._losses = Losses()
        self._way = RoundTrips()
        self._sent = Meter(1.0)
        self._sending_since: float | None = None
        self._heard_bps = 0.0
        self._suspected: tuple[float, float] | None = None  # when, and the estimate
        self._lowered_at = float("-inf")
        self._probe_began = (0.0, 0)  # when, and the counter then
        self._probe_after = 0.0
        self._pause_s = _PROBE_PAUSE_S
        self._steps = 0  # of probing that were not objected to
        self._stepped_at = float("-inf")
        self._before_bps = 0.0
        self._drained_ms, self._drained_at = 0.0, float("-inf")
        self._ceiling_bps = self._ceiling_until = 0.0  # what came through when it was too much
        self._wide_since: float | None = None

    @property
    def rate_bps(self) -> float:
        """What may be sent to a narrow line."""
        if not self.is_probing:
            return self.bps * SHARE
        step = self.bps * _PROBE_FACTORS[min(self._steps, len(_PROBE_FACTORS) - 1)]
        if self.bps > self._ceiling_bps:
            return step
        return min(step, max(self._ceiling_bps, self.bps * _PROBE_FACTORS[0]))

    @property
    def wants_more(self) -> bool:
        """Whether the line is not known to carry everything."""
        return self.is_narrow and SHARE * self.bps < _FREE_FACTOR * self.needed_bps

    def heard(self, bps: float, now: float) -> None:
        """The viewer's estimate."""
        objects = bps < _OBJECTION * self._sent.bits_per_second
        falls, self._heard_bps = bps < _FALLING * self._heard_bps, bps
        if not self.is_narrow:
            self.bps = bps
            if objects and self._is_evidence(bps, now):
                self._narrow(self._bounded(bps, now), now)
        elif not falls:
            self.bps = max(self.bps, bps)
            if now - self._lowered_at < _CORRECTED_S:
                self._ceiling_bps = max(self._ceiling_bps, self.bps)
        elif self.is_probing or now - self._stepped_at < _TAKEN_BACK_S:
            self._take_back(now)
        elif objects and self._hurts(now) and now - self._lowered_at >= _LOWER_AGAIN_S:
            self._lower(min(self._bounded(bps, now), self.bps), now)

    def _is_evidence(self, bps: float, now: float) -> bool:
        if self._sending_since is None or now - self._sending_since < _FIRST_S or not self._hurts(now):
            return False
        if bps < _FAR_UNDER * self._sent.bits_per_second:
            return True
        before, self._suspected = self._suspected, (now, bps)
        return before is not None and now - before[0] < _FALLING_S and bps < _FALLING * before[1]

    def _hurts(self, now: float) -> bool:
        return self._loses(now) or self._way.longer_ms > _HURT_MS

    def _loses(self, now: float) -> bool:
        return self._losses.share(now, _HURT_S)[0] >= _HURT_SHARE

    def _bounded(self, bps: float, now: float) -> float:
        """How low it may go at once. A viewer's estimate follows what arrives: lowered, less is sent, less
        arrives, and it falls again (seen: 100 kbit/s on a line of 384). But most of what came through beside
        the losses would come through again, and without a loss a line has not lost most of its width."""
        if not self._loses(now):
            needed = self.needed_bps if self.is_narrow else self._sent.bits_per_second
            return max(bps, _WITHOUT_LOSS * needed)
        before = self._ceiling_bps if now - self._lowered_at <= _EPISODE_S else 0.0
        return max(bps, _KEPT * max(before, self._through(now)))

    def round_trip(self, milliseconds: float, now: float) -> None:
        """How long a report and its answer took."""
        self._way.took(milliseconds, now)

    def missed(self, sent_packets: int, missing: int, now: float) -> None:
        """The viewer misses packets, after so many were sent in all."""
        self._losses.missed(sent_packets, missing, now)
        share, count = self._losses.share(now, _BURST_S)
        if count < _BURST_PACKETS or share < _BURST_SHARE or now - self._lowered_at < _LOST_BEFORE_S:
            return
        through = self._sent.bits_per_second * max(0.3, 1 - share)
        if self.is_narrow:
            self._lower(min(through, self.bps), now, is_overrun=True)
        elif through > 0:
            self._narrow(through, now)

    def tick(self, now: float, sent_bytes: int, is_idle: bool) -> None:
        """Note what was sent; `is_idle`: nothing waits to be sent."""
        self._sent.look(now, sent_bytes)
        if self._sent.bits_per_second == 0:
            self._sending_since = None
        elif self._sending_since is None:
            self._sending_since = now
        if not self.is_narrow:
            return
        if (self.is_probing or self._stepped_over(now)) and self._hurts(now):
            self._take_back(now)
        elif self._queue_stands(now):
            self._drain(now)
        elif self.is_probing and now - self._probe_began[0] >= self._probe_s:
            self._probed(now, sent_bytes)
        elif not self.is_probing and is_idle and self.wants_more and self._may_step(now):
            self.is_probing, self._probe_began = True, (now, sent_bytes)
        self._look_whether_free(now, is_idle)

    @property
    def _probe_s(self) -> float:
        """Beyond what was too much before, long enough for a report to tell of the queue it fills."""
        return _ALONE_S if 0 < self._ceiling_bps < self.rate_bps else _PROBE_S

    def _queue_stands(self, now: float) -> bool:
        """Whether the way stays longer though nothing was changed lately. A viewer's estimate does not tell:
        it follows whether delay grows (seen: 1.1 s of queue for half a minute, and no objection)."""
        settled_s = _DRAIN_S + self._way.longer_ms / 1000
        return self._way.longer_ms > _HURT_MS and now - max(self._lowered_at, self._drained_at) > settled_s

    def _drain(self, now: float) -> None:
        if self._drained_ms > 0 and self._way.longer_ms > _SAME_WAY * self._drained_ms:
            self._way.is_another()  # less was sent, and it is as long: no queue of ours
            self._drained_ms = 0.0
            return
        self._drained_ms, self._drained_at = self._way.longer_ms, now
        self._lower(_DRAIN * min(self.bps, self._through(now)), now, is_overrun=True)

    def _may_step(self, now: float) -> bool:
        if now < self._probe_after:
            return False
        if self._stepped_over(now):
            self._ceiling_bps = 0.0  # nothing hurt: the line has grown
        over = self.bps * _PROBE_FACTORS[0] > self._ceiling_bps > 0
        return not over or now >= self._ceiling_until

    def _stepped_over(self, now: float) -> bool:
        """Whether the last step went beyond what was too much before."""
        lately = now - self._stepped_at <= 2 * _ALONE_S
        return lately and self.bps > self._ceiling_bps >= self._before_bps > 0

    def _probed(self, now: float, sent_bytes: int) -> None:
        began, before = self._probe_began
        self._before_bps, self._stepped_at = self.bps, now
        self.bps = max(self.bps, 8 * (sent_bytes - before) / (now - began))
        self.is_probing, self._steps = False, self._steps + 1
        self._probe_after = now + (_ALONE_S if self._stepped_over(now) else _NEXT_STEP_S)

    def _take_back(self, now: float) -> None:
        """A step was too far: what was carried before it is what the line carries."""
        if not self.is_probing:
            self.bps = self._before_bps
        self._pause_s = min(_PROBE_PAUSE_MAX_S, 2 * self._pause_s)
        self._stepped_at = float("-inf")
        self._lower(self.bps, now)

    def _narrow(self, bps: float, now: float) -> None:
        self.is_narrow, self._pause_s, self._stepped_at = True, _PROBE_PAUSE_S, float("-inf")
        self.needed_bps = max(FLOOR_BPS, self._sent.bits_per_second)
        self._lower(bps, now)
        self._ceiling_until = now + self._pause_s  # it may have been for a moment only

    def _through(self, now: float) -> float:
        """What came through in the last second, about: packets that are missed have no size any more."""
        missing = self._losses.share(now, _LOST_BEFORE_S)[1]
        return max(0.0, self._sent.bits_per_second - missing * _PACKET_BITS / _LOST_BEFORE_S)

    def _lower(self, bps: float, now: float, is_overrun: bool = False) -> None:
        self.is_probing, self._steps = False, 0
        if is_overrun or now - self._lowered_at > _EPISODE_S:
            self._ceiling_bps, self._ceiling_until = max(FLOOR_BPS, bps, self._through(now)), now + _CEILING_S
        self.bps = max(FLOOR_BPS, bps)
        self._lowered_at, self._wide_since = now, None
        self._probe_after = now + self._pause_s

    def _look_whether_free(self, now: float, is_idle: bool) -> None:
        if self.wants_more or not is_idle:
            self._wide_since = None
            return
        self._wide_since = now if self._wide_since is None else self._wide_since
        if now - self._wide_since >= _FREE_AFTER_S:
            self.is_narrow = self.is_probing = False
            self._wide_since = None
