"""What a narrow line carries, from what its viewer says of each packet: whether it came, and when. Pure.

A queue on the way is seen in the time packets take. While one grows, more is sent than the line carries, and
what arrives meanwhile is what it carries: one short look beyond the line measures it. Then less is sent until
the queue is gone, and after that as much as was measured.

The same is done on purpose, to find out whether the line has grown: for a moment more is sent. When no queue
comes of it, so much is carried, and the next step follows at once; when one does, it is seen within a tenth
of a second, long before it is full (reports come 10 to 20 times a second).

A viewer that reports no arrivals is believed its own estimate (REMB) instead: slower and coarser.
"""

import enum
from collections import deque
from collections.abc import Sequence

from media.one_way import OneWay
from media.sent_log import Fate

SHARE = 0.9  # of what the line carries is used: the rest lets a queue on the way drain
FLOOR_BPS = 100_000.0

# So much longer a way is a queue: some packets one behind the other are none yet.
_QUEUE_S, _QUEUE_MOST_S, _QUEUE_BITS = 0.04, 0.15, 3 * 9600
_SURELY = 1.5
_OF_A_REPORT = 3  # packets, the fastest of which says how long the way is
_WINDOW_PACKETS, _WINDOW_S = 2048, 5.0
_LEAST_PACKETS, _LEAST_SPAN_S, _OVERRUN_S = 5, 0.1, 0.5
_DRAIN, _STILL_S, _STUCK_S, _ALL, _STEP_S = 0.6, 0.15, 0.4, 0.95, 0.004
_FULL_SHARE, _FULL_PACKETS, _FULL_S = 0.2, 3, 0.3  # a queue that overflows
_LOST_SHARE, _LOST_PACKETS, _LOST_S, _LOST_KEPT = 0.15, 10, 1.0, 0.5  # a line may have no queue to speak of
_PROBE_FACTORS, _PROBE_S, _AWAIT_S, _PROBE_SEEN = (1.3, 1.5, 2.0), 0.4, 1.2, 0.8
_PROBE_LOST_SHARE, _PROBE_LOST_PACKETS, _GROWN = 0.25, 4, 1.05
# The dearer a step was that went too far, the later comes the next: so many times the queue it made.
_PAUSE_S, _PAUSE_QUEUES, _PAUSE_MOST_S, _NEXT_STEP_S = 1.0, 20.0, 6.0, 0.05
_SILENT_S = 1.0  # so long without a report: what was known may not hold any more
_SETTLED_S, _GROWTH, _GROWTH_EVERY_S, _GUESSED, _HEARD_S = (
    1.0,
    1.08,
    1.0,
    0.85,
    3.0,
)  # where no arrivals are reported


class Phase(enum.Enum):
    """What is being done with the line."""

    DRAIN = enum.auto()  # less is sent, until no queue is left
    HOLD = enum.auto()
    PROBE = enum.auto()  # more is sent
    AWAIT = enum.auto()  # until it is reported what became of that


class NarrowLine:
    """Told of each report, and of the time about every 50 ms."""

    def __init__(self, bps: float, now: float) -> None:
        self.bps = max(FLOOR_BPS, bps)
        self.phase = Phase.DRAIN
        self.has_reports = False
        self._way = OneWay(_STEP_S)
        self._fates: deque[Fate] = deque(maxlen=_WINDOW_PACKETS)
        self._since = now  # when this phase began
        self._drained: deque[tuple[float, float]] = deque(maxlen=_WINDOW_PACKETS)  # in it: when sent, the way
        self._reported_at = self._grown_at = now
        self._heard_at = float("-inf")
        self._before_bps = self.bps  # before the last overrun
        self._was_long = True  # the line is narrow because something was too much
        self._has_tried = False  # the queue that is drained is of a step that was too far
        self._probe_bps = self._reached_bps = 0.0
        self._probe_after = now + _PAUSE_S
        self._steps = 0

    @property
    def is_probing(self) -> bool:
        """Whether more is to be sent than there is."""
        return self.phase is Phase.PROBE

    @property
    def usable_bps(self) -> float:
        """What there may be to send now: less while a queue is to go that is not our own trying."""
        return self.bps * (_DRAIN if self.phase is Phase.DRAIN and not self._has_tried else SHARE)

    @property
    def rate_bps(self) -> float:
        """What may be sent now."""
        return self._probe_bps if self.phase is Phase.PROBE else self.usable_bps

    @property
    def _queue_s(self) -> float:
        """A way that is so much longer than at its best has a queue."""
        return min(_QUEUE_MOST_S, max(_QUEUE_S, _QUEUE_BITS / self.bps))

    # What is reported

    def reported(self, fates: Sequence[Fate], now: float) -> None:
        """What became of packets, in the order in which they were sent."""
        if now - self._reported_at > _SILENT_S:
            self._begin_anew(now)
            fates = [one for one in fates if one.arrived_s is not None]
        self.has_reports, self._reported_at = True, now
        self._fates += fates
        while self._fates and now - self._fates[0].sent_s > _WINDOW_S:
            self._fates.popleft()
        arrived = [(one.sent_s, one.arrived_s - one.sent_s) for one in fates if one.arrived_s is not None]
        if not arrived or (self.phase is not Phase.HOLD and arrived[-1][0] < self._since):
            return  # of before what is being done was begun
        sent_s, took_s = arrived[-1][0], min(took_s for _, took_s in arrived[-_OF_A_REPORT:])
        self._way.took(took_s, sent_s)
        self._drained.append((sent_s, took_s))
        if self.phase is Phase.DRAIN:
            self._look_whether_drained(now)
        elif self.phase is Phase.HOLD:
            self._look_whether_too_much(now)
        else:
            self._look_at_probe(now)
        self._was_long = self._way.longer_s > self._queue_s

    def _begin_anew(self, now: float) -> None:
        """The line was dead for a while: what was lost then says nothing of its width."""
        self._fates.clear()
        self._go(Phase.HOLD, now)
        self._probe_after = now + _PAUSE_S

    def _look_whether_drained(self, now: float) -> None:
        recent = self._since_sent(max(self._since, self._fates[-1].sent_s - _FULL_S))
        carried_bps = carried(recent)
        if carried_bps is not None and self._loses(recent, _FULL_SHARE, _FULL_PACKETS):
            self._overrun(min(self.bps, carried_bps), now)  # the queue overflows still
        elif self._way.longer_s < self._queue_s / 2 and self._way.still_s >= _STILL_S:
            self._measure_queued()
            longest_s = max(took_s for _, took_s in self._drained) - self._way.shortest_s
            self._probe_after = now + min(_PAUSE_MOST_S, max(_PAUSE_S, _PAUSE_QUEUES * longest_s))
            self._go(Phase.HOLD, now)
        elif self._way.longer_s >= self._queue_s / 2 and self._way.still_s >= _STUCK_S:
            self._is_stuck(now)

    def _is_stuck(self, now: float) -> None:
        """Less is sent, and the way is as long."""
        own = self._since_sent(self._since)
        carried_bps, sent_bps = carried(own), sent(own)
        if self._has_tried or carried_bps is None or carried_bps < _ALL * sent_bps:
            self._overrun(min(self.bps, carried_bps or _GUESSED * self.bps), now)
            return
        self._way.is_another()  # all of it arrives as it is sent: no queue of ours
        self.bps = max(self.bps, self._before_bps)
        self._go(Phase.HOLD, now)

    def _measure_queued(self) -> None:
        """While there was a queue, the line was never idle: what arrived then is what it carries."""
        short_s = self._way.shortest_s + self._queue_s / 2
        queued_until_s = max((sent_s for sent_s, took_s in self._drained if took_s > short_s), default=0.0)
        own = self._since_sent(self._since)
        if (carried_bps := carried([one for one in own if one.sent_s <= queued_until_s])) is not None:
            self.bps = max(FLOOR_BPS, carried_bps)

    def _look_whether_too_much(self, now: float) -> None:
        if self._is_too_much:
            carried_bps = carried(self._since_sent(now - self._way.longer_s - _OVERRUN_S))
            self._overrun(min(self.bps, carried_bps or self.bps), now)
        elif self._loses(self._since_sent(self._reported_at - _LOST_S), _LOST_SHARE, _LOST_PACKETS):
            carried_bps = carried(self._since_sent(now - _LOST_S))
            self._overrun(max(_LOST_KEPT * self.bps, min(self.bps, carried_bps or self.bps)), now)

    @property
    def _is_too_much(self) -> bool:
        """Whether a queue has been there for two reports: one alone may be the jitter of a radio link."""
        longer_s, queue_s = self._way.longer_s, self._queue_s
        return longer_s > queue_s and (self._was_long or longer_s > _SURELY * queue_s)

    def _since_sent(self, since: float) -> list[Fate]:
        return [one for one in self._fates if one.sent_s >= since]

    @staticmethod
    def _loses(fates: Sequence[Fate], share: float, packets: int) -> bool:
        lost = sum(one.arrived_s is None for one in fates)
        return lost >= packets and lost > share * len(fates)

    def _overrun(self, bps: float, now: float) -> None:
        if self.phase is not Phase.DRAIN:
            self._before_bps = self.bps
        self.bps = max(FLOOR_BPS, bps)
        self._has_tried = self.phase in (Phase.PROBE, Phase.AWAIT)
        self._steps = 0
        self._probe_after = now + _PAUSE_S
        self._go(Phase.DRAIN, now)

    def _go(self, phase: Phase, now: float) -> None:
        self.phase, self._since = phase, now
        self._drained.clear()
        if phase is Phase.DRAIN:
            self._way.watch()

    # Looking whether it carries more

    def _look_at_probe(self, now: float) -> None:
        own = self._since_sent(self._since)
        if self._is_too_much or self._loses(own, _PROBE_LOST_SHARE, _PROBE_LOST_PACKETS):
            self._overrun(self.bps, now)
        elif own and own[-1].sent_s - self._since >= _PROBE_SEEN * _PROBE_S:
            # All of it was carried, but for what still waits on the way.
            self._reached(sent(own) * (1 - self._way.longer_s / _PROBE_S), now)

    def _reached(self, bps: float, now: float) -> None:
        """A step was carried. It counts once the next one was, too: a token bucket hides a short one."""
        confirmed_bps = self._reached_bps if self._steps else self.bps
        has_grown = bps >= _GROWN * confirmed_bps or confirmed_bps >= _GROWN * self.bps
        self.bps, self._reached_bps = max(self.bps, confirmed_bps), max(bps, confirmed_bps)
        self._steps = self._steps + 1 if has_grown else 0
        self._probe_after = now + (_NEXT_STEP_S if has_grown else _PAUSE_S)
        self._go(Phase.HOLD, now)

    def tick(self, now: float, wants_bps: float) -> None:
        """`wants_bps`: as much is to be found out, as nothing waits; 0: nothing is."""
        if not self.has_reports:
            self._go_by_its_word(now, wants_bps)
        elif self.phase is Phase.PROBE and now - self._since >= _PROBE_S:
            self.phase = Phase.AWAIT  # of the same beginning
        elif self.phase is Phase.AWAIT and now - self._since >= _AWAIT_S:
            self._steps = 0
            self._probe_after = now + _PAUSE_S
            self._go(Phase.HOLD, now)
        elif self.phase is Phase.HOLD and wants_bps > self.bps and self._may_probe(now):
            factor = _PROBE_FACTORS[min(self._steps, len(_PROBE_FACTORS) - 1)]
            self._probe_bps = min(wants_bps, factor * (self._reached_bps if self._steps else self.bps))
            self._go(Phase.PROBE, now)

    def _may_probe(self, now: float) -> bool:
        is_heard = now - self._reported_at < _SILENT_S
        return is_heard and now >= self._probe_after and self._way.longer_s < self._queue_s / 2

    # A viewer that reports no arrivals

    def heard(self, bps: float, now: float) -> None:
        """The viewer's own estimate: it counts where nothing better is known."""
        if not self.has_reports and now - self._reported_at > _SETTLED_S:
            self.bps, self._heard_at = max(FLOOR_BPS, bps), now

    def lost(self, share: float, now: float) -> None:
        """Such a share of the last two seconds is missed."""
        if not self.has_reports and share > _LOST_SHARE and now - self._since > _SETTLED_S:
            self._overrun(_GUESSED * self.bps, now)

    def _go_by_its_word(self, now: float, wants_bps: float) -> None:
        if self.phase is Phase.DRAIN and now - self._since >= _SETTLED_S:
            self._go(Phase.HOLD, now)
        if now - self._grown_at < _GROWTH_EVERY_S or self.phase is Phase.DRAIN:
            return
        self._grown_at = now
        if wants_bps > self.bps and now - self._heard_at > _HEARD_S:
            self.bps *= _GROWTH


def carried(fates: Sequence[Fate]) -> float | None:
    """Bits a second that arrived, between the first and the last; None: too few to say."""
    arrived = [one for one in fates if one.arrived_s is not None]
    if len(arrived) < _LEAST_PACKETS:
        return None
    times = [one.arrived_s for one in arrived if one.arrived_s is not None]
    span_s = max(times) - min(times)
    return 8 * sum(one.size for one in arrived[1:]) / span_s if span_s >= _LEAST_SPAN_S else None


def sent(fates: Sequence[Fate]) -> float:
    """Bits a second at which these were sent; 0: too few to say."""
    span_s = fates[-1].sent_s - fates[0].sent_s if fates else 0.0
    return 8 * sum(one.size for one in fates[1:]) / span_s if span_s > 0 else 0.0
