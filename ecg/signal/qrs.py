"""Finds QRS complexes while the signal runs: causal, any leads, 100 to 1000 Hz.

The leads' envelopes in the QRS band are added, clear leads counting more; a peak that stands for 75 ms is
weighed against the usual complex and the usual noise. A complex is known about 140 ms after R: 60 ms for the
band, 75 ms to see whether a higher peak follows. What is found later (at first, or low) is marked. Where only
faint waves were learnt, P waves while the ventricles stand still, say, the first complex takes them back.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import median

import numpy as np
from numpy.typing import NDArray

from ecg.errors import SignalError
from ecg.signal.beats import BeatEvent, BeatKind, settled_beats
from ecg.signal.qrs_band import QrsBand
from ecg.signal.qrs_rules import DEFAULT_RULES, QrsRules
from ecg.signal.trail import Trail


@dataclass(frozen=True, slots=True, eq=False)
class _Neighbourhood:
    """The even band around a peak, from input sample `first` on, and what the leads counted."""

    first: int
    even: NDArray[np.float64]
    squares: list[float]


@dataclass(slots=True, eq=False)
class _Peak:
    index: int  # of the input sample the peak belongs to
    seen: int  # samples with at least one usable lead up to here
    heights: NDArray[np.float64]
    value: float
    around: _Neighbourhood | None = None  # once it stands
    r: int = -1  # once it is a beat


class QrsDetector:
    """Samples in, beat events out; the events do not depend on how the samples were cut into chunks.

    Raises SignalError for a rate outside 100 to 1000 Hz, no lead, or samples of another shape.
    """

    _ended_at: int | None

    def __init__(
        self, rate_hz: float, leads: int, nv_per_lsb: float, rules: QrsRules = DEFAULT_RULES
    ) -> None:
        if not 100 <= rate_hz <= 1000 or leads < 1 or nv_per_lsb <= 0:
            raise SignalError(
                f"{rate_hz} Hz, {leads} leads, {nv_per_lsb} nV a step;"
                " 100 to 1000 Hz, a lead and a step above 0 are needed"
            )
        self.rate_hz, self.leads, self.rules = rate_hz, leads, rules
        self._uv_per_lsb = nv_per_lsb / 1000
        self._fed = 0
        self._begin()

    def restart(self, first: int) -> None:
        """The next sample has index `first`: nothing is known of what lay between, so all is learnt anew."""
        self._fed = first
        self._begin()

    def feed(self, samples: NDArray[np.int16]) -> list[BeatEvent]:
        """The decisions these samples allow, in the order they were taken."""
        if samples.ndim != 2 or samples.shape[0] != self.leads or samples.dtype != np.int16:
            raise SignalError(
                f"samples are {samples.dtype} {samples.shape}; int16 ({self.leads}, n) is right"
            )
        self._events.clear()
        if samples.shape[1]:
            self._held = samples[:, -1:]
        at = 0
        while at < samples.shape[1]:
            second = round(self.rate_hz)
            count = min(samples.shape[1] - at, second - (self._fed - self._origin) % second)
            self._feed_within_second(samples[:, at : at + count])
            at += count
            if (self._fed - self._origin) % second == 0:
                self._weigh()
        return list(self._events)

    def finish(self) -> list[BeatEvent]:
        """The decisions still open at the end, as if the last value stood on; nothing may follow."""
        if self._fed == self._origin:
            return []
        self._ended_at = self._fed
        events = self.feed(np.repeat(self._held, self._band.delay + self._confirm + 1, axis=1))
        if not self._learning:
            return events
        self._events.clear()
        self._learn()  # nothing more comes to learn from
        return [*events, *self._events]

    def _begin(self) -> None:
        rules, rate = self.rules, self.rate_hz
        self._origin = self._fed
        self._band = QrsBand(rate, self.leads, self._uv_per_lsb)
        self._confirm = round(rules.confirm_s * rate)
        self._refractory = round(rules.refractory_s * rate)
        self._t_wave = round(rules.t_wave_s * rate)
        self._r_window = round(rules.r_window_s * rate)
        self._learning_until = self._origin + round(rules.learning_s * rate)
        self._learning: list[_Peak] | None = []
        self._use_weights(np.ones(self.leads))
        self._forgotten = False
        self._witnesses = np.zeros(self.leads, dtype=np.bool_)
        self._has_witnesses = False
        self._character_height = np.ones(self.leads)
        self._on = np.ones(self.leads, dtype=np.bool_)
        self._second: list[NDArray[np.float64]] = []
        self._noise: deque[NDArray[np.float64]] = deque(maxlen=4)
        self._beats: deque[NDArray[np.float64]] = deque(maxlen=rules.history)
        self._character: deque[NDArray[np.float64]] = deque(maxlen=rules.weighing_history)
        self._quiet: deque[_Peak] = deque(maxlen=rules.history * 2)
        self._doubted: deque[_Peak] | None = None  # all since learning, while all but one are faint
        self._withdrawn: tuple[int, ...] = ()  # to be told with the next beat
        self._intervals: deque[int] = deque(maxlen=rules.history)
        self._usual_rr: float | None = None  # of these; None: to be reckoned
        self._missed: deque[_Peak] = deque(maxlen=rules.weighing_history)
        self._pending: _Peak | None = None
        self._last: _Peak | None = None
        self._level = 0.0
        self._seen = 0  # before this segment
        self._combined = Trail(1, 2)
        self._heights = Trail(self.leads, 2)
        self._kept = 2 * self._r_window + self._confirm + 2  # of the even band: long enough to find R in
        self._recent = Trail(self.leads, self._kept)
        self._recent_end = self._origin
        self._segment = 0  # how many samples were fed at once
        self._seen_by: NDArray[np.int64] | None = None  # of this segment; None: each of its samples is seen
        self._searched = False
        self._now = self._origin
        self._ended_at = None  # set when no sample follows
        self._held = np.zeros((self.leads, 1), dtype=np.int16)
        self._events: list[BeatEvent] = []

    # --- from samples to peaks -------------------------------------------------------------------------

    def _feed_within_second(self, samples: NDArray[np.int16]) -> None:
        band = self._band.feed(samples)
        heights = np.sqrt(band.energy)
        if self.leads > 1:  # one lead alone is never weighed
            self._second.append(heights)
            self._on = np.ones(self.leads, dtype=np.bool_) if band.seen is None else band.seen[:, -1]
        self._heights.append(heights)
        self._combined.append(heights if self.leads == 1 else self._combine(band.energy)[None])
        self._recent.append(band.even)
        self._segment = samples.shape[1]
        first = self._fed - self._band.delay  # index of the first output sample
        self._recent_end = first + self._segment
        self._seen_by = None if band.seen is None else self._seen + np.cumsum(band.seen.any(axis=0))
        self._offer_peaks(first)
        self._fed += self._segment
        self._until(self._fed - 1 - self._band.delay)
        self._seen = self._seen_at(self._segment - 1)

    def _offer_peaks(self, first: int) -> None:
        combined = self._combined.last(self._segment + 2)[0]
        middle = combined[1:-1]
        is_peak = (middle > combined[:-2]) & (middle >= combined[2:]) & (middle > self._floor)
        heights = self._heights.last(self._segment + 2)
        for k in is_peak.nonzero()[0].tolist():
            self._until(first + k - 1)
            value = float(middle[k])
            if self._pending is None or value > self._pending.value:
                self._pending = _Peak(first + k - 1, self._seen_at(k), heights[:, k + 1].copy(), value)

    def _seen_at(self, k: int) -> int:
        """How many samples were seen by the k-th of this segment, with it."""
        return self._seen + k + 1 if self._seen_by is None else int(self._seen_by[k])

    def _combine(self, energy: NDArray[np.float64]) -> NDArray[np.float64]:
        return _combined(energy, self._squares)

    def _value(self, heights: NDArray[np.float64]) -> float:
        total = 0.0  # as `_combined`, number for number
        for height, square in zip(heights.tolist(), self._squares, strict=True):
            total += height * height * square
        return sqrt(total)

    def _use_weights(self, weights: NDArray[np.float64]) -> None:
        self._weights = weights
        self._squares = [weight * weight for weight in weights.tolist()]
        self._most = float(weights.max())
        self._floor = self.rules.floor_uv * self._most

    def _weigh(self) -> None:
        """Once a second: leads count by how far their complexes stand out of what lies between them."""
        if self.leads > 1:
            self._note_noise()
        if self._forgotten:
            self._weigh_by(np.ones(self.leads))
        elif self.leads > 1 and len(self._beats) >= 3:
            self._weigh_by(self._clarity())

    def _note_noise(self) -> None:
        block = np.concatenate(self._second, axis=1)
        self._second = []
        self._noise.append(np.median(block, axis=1))

    def _clarity(self) -> NDArray[np.float64]:
        """What each lead is to count."""
        usual = np.array([_usual(heights) for heights in np.stack(self._character).T])
        noise = np.maximum(np.max(np.stack(self._noise), axis=0), 1.0)
        clarity = np.maximum(usual / noise - 1, 0.01) ** self.rules.clarity_power
        clarity[~self._on] = 0.0
        self._witnesses = self._on & (usual > self.rules.witness_clarity * noise)
        self._has_witnesses = bool(self._witnesses.any())
        self._character_height = usual
        return np.sqrt(clarity / clarity.sum()) if clarity.any() else self._weights

    def _weigh_by(self, weights: NDArray[np.float64]) -> None:
        """Let the leads count so from the next sample on, and in all that is still compared."""
        self._use_weights(weights)
        self._forgotten = False
        # One of these two may be the next peak: at another scale a T wave there was taken for a complex.
        heights = self._heights.last(2)
        self._combined.last(2)[0] = self._combine(heights * heights)
        for peak in (self._pending, self._last, *self._missed, *self._quiet, *(self._learning or ())):
            if peak is not None:
                peak.value = self._value(peak.heights)
        if self._beats:
            self._level = median(self._value(heights) for heights in self._beats)

    # --- from peaks to decisions -----------------------------------------------------------------------

    def _until(self, index: int) -> None:
        """Take, in their order, the decisions that fall due up to this output sample."""
        while True:
            due, then = self._next_due()
            if then is None or due > index:
                return
            self._now = max(self._now, due)
            then()

    def _next_due(self) -> tuple[int, Callable[[], None] | None]:
        due, then = self._next_of_rhythm()
        pending = self._pending
        if pending is not None and (then is None or pending.index + self._confirm <= due):
            return pending.index + self._confirm, self._settle_pending
        return due, then

    def _next_of_rhythm(self) -> tuple[int, Callable[[], None] | None]:
        """What is to be done when nothing comes."""
        if self._learning is not None:
            return self._learning_until, self._learn
        if self._last is None:
            return 0, None
        if self._searched:
            after, then = self.rules.relearn_s * self.rate_hz, self._learn_anew
        else:
            after, then = self._search_after(), self._search_back
        return self._index_of_seen(self._last.seen + after), then

    def _search_after(self) -> float:
        if self._usual_rr is None:
            self._usual_rr = median(self._intervals) if self._intervals else self.rate_hz
        return self.rules.search_back_rr * self._usual_rr

    def _index_of_seen(self, seen: float) -> int:
        """The output sample by which so many were seen; beyond the segment when not yet."""
        if self._seen_by is None:
            place = min(max(ceil(seen - self._seen) - 1, 0), self._segment)
        else:
            place = int(np.searchsorted(self._seen_by, seen))
        return max(self._now, self._recent_end - self._segment + place)

    def _settle_pending(self) -> None:
        pending, self._pending = self._pending, None
        assert pending is not None
        pending.around = self._around(pending.index)
        if self._learning is not None:
            self._learning.append(pending)
        else:
            self._decide(pending, BeatKind.BEAT)

    def _learn_anew(self) -> None:
        """Nothing for long: the usual height may be that of an artefact, or an electrode was replaced."""
        self._learning = []
        self._learning_until = self._now + round(self.rules.learning_s * self.rate_hz)
        self._last, self._searched = None, False
        for history in (self._beats, self._character, self._quiet, self._missed, self._intervals):
            history.clear()
        self._usual_rr = None
        self._witnesses[:] = False
        self._has_witnesses = False
        self._forgotten = True  # from the next second on: within one, the cut of a chunk would tell

    def _learn(self) -> None:
        peaks = [peak for peak in self._learning or () if peak.value > self.rules.least_uv * self._most]
        if not peaks:
            self._learning_until += round(self.rate_hz / 2)
            return
        self._learning = None
        self._doubted = deque(maxlen=self.rules.weighing_history)
        heights = sorted((peak.value for peak in peaks), reverse=True)
        second = heights[1] if len(heights) > 1 else heights[0]
        self._level = second if second > 0.5 * heights[0] else heights[0]
        for peak in peaks:
            self._decide(peak, BeatKind.SEARCH_BACK)

    def _quiet_height(self, but: _Peak | None = None) -> float:
        """The usual height of peaks that were no beats."""
        heights = [peak.value for peak in self._quiet if peak is not but]
        return median(heights) if heights else 0.0

    def _threshold(self) -> float:
        quiet = self._quiet_height()
        return max(self.rules.threshold * self._level, quiet + self.rules.noise_share * (self._level - quiet))

    def _decide(self, peak: _Peak, kind: BeatKind) -> None:
        last, rules = self._last, self.rules
        if self._outgrows(peak):
            self._take_back(peak)
            return
        since = peak.index - last.index if last is not None else self._t_wave
        if last is not None and since < self._refractory:
            if peak.value > last.value and self._is_agreed(peak):
                self._accept(peak, BeatKind.REPLACE)
            return
        if not self._is_agreed(peak):
            self._quiet.append(peak)
        elif peak.value < self._threshold():
            self._quiet.append(peak)
            self._missed.append(peak)
            if self._searched:
                self._search_back()
        elif last is not None and since < self._t_wave and peak.value < rules.t_wave_height * last.value:
            return
        else:
            self._accept(peak, kind)

    def _is_faint(self, peak: _Peak) -> bool:
        return float(peak.heights.max()) < self.rules.faint_uv

    def _outgrows(self, peak: _Peak) -> bool:
        """Whether faint waves were found so far (and one other, a T wave cut off, say), and beside this peak
        they are none."""
        if not self._doubted or self._is_faint(peak):
            return False
        return self.rules.threshold * peak.value > self._level

    def _take_back(self, peak: _Peak) -> None:
        """What was found since the height was learnt is no complex: it is learnt anew, from this one on."""
        assert self._doubted is not None
        self._withdrawn = (*self._withdrawn, *(one.r for one in self._doubted))
        self._learn_anew()
        self._learning = [peak]

    def _is_agreed(self, peak: _Peak) -> bool:
        """Whether at least half of the clear leads show something, or some show much: an electrode that moved
        is seen by few, but so is a wide complex across a lead's axis."""
        if not self._has_witnesses or peak.value >= self.rules.disputed_height * self._level:
            return True
        shares = np.sort(peak.heights[self._witnesses] / self._character_height[self._witnesses])
        return bool(shares[(len(shares) - 1) // 2] >= self.rules.agreement)

    def _accept(self, peak: _Peak, kind: BeatKind) -> None:
        last = self._last
        peak.r = _r_of(peak)
        replaces = None
        self._usual_rr = None
        if kind is BeatKind.REPLACE:
            assert last is not None
            replaces = last.r
            if self._beats:
                self._beats.pop()
            if self._intervals:
                self._intervals[-1] += peak.seen - last.seen
        elif last is not None:
            self._intervals.append(peak.seen - last.seen)
        self._beats.append(peak.heights)
        self._character.append(peak.heights)
        self._level = median(self._value(h) for h in self._beats) if len(self._beats) > 2 else self._level
        self._last, self._searched = peak, False
        self._note_doubt(peak, kind)
        while self._missed and self._missed[0].index <= peak.index + self._refractory:
            self._missed.popleft()
        decided = self._now + self._band.delay + 1
        late = decided - peak.r > self.rules.late_s * self.rate_hz
        self._events.append(BeatEvent(peak.r, kind, decided, late, replaces, self._withdrawn))
        self._withdrawn = ()

    def _note_doubt(self, peak: _Peak, kind: BeatKind) -> None:
        if self._doubted is None:
            return
        if self._doubted and kind is BeatKind.REPLACE:
            self._doubted.pop()
        self._doubted.append(peak)
        if sum(not self._is_faint(one) for one in self._doubted) > 1:
            self._doubted = None

    def _search_back(self) -> None:
        """No complex for longer than usual: the best of the peaks that were passed over may have been one."""
        last, rules = self._last, self.rules
        assert last is not None
        self._searched = True
        passed = [
            peak
            for peak in self._missed
            if peak.index >= last.index + self._t_wave and not self._is_late_t(peak, last)
        ]
        if not passed:
            return
        best = max(passed, key=lambda peak: peak.value)
        quiet = self._quiet_height(but=best)
        if best.value > max(rules.search_back_height * self._level, rules.search_back_over_noise * quiet):
            self._accept(best, BeatKind.SEARCH_BACK)

    def _is_late_t(self, peak: _Peak, last: _Peak) -> bool:
        """Whether a peak passed over is the T wave of a slow rhythm rather than a complex that was missed."""
        late = self.rules.late_t_wave_s * self.rate_hz
        return peak.index < last.index + late and peak.value < self.rules.late_t_wave_height * last.value

    def _around(self, index: int) -> _Neighbourhood:
        """What R of a peak is found in."""
        start = self._recent_end - self._kept - self._segment
        recent = self._recent.last(self._kept + self._segment)
        low = max(index - self._r_window, start, self._origin)
        high = max(
            low + 1, min(index + self._r_window + 1, self._recent_end, self._ended_at or self._recent_end)
        )
        return _Neighbourhood(low, recent[:, low - start : high - start].copy(), self._squares)


def _r_of(peak: _Peak) -> int:
    """Where the complex has its extreme, by the leads that show it."""
    around = peak.around
    assert around is not None
    return around.first + int(np.argmax(_combined(around.even * around.even, around.squares)))


def _combined(energy: NDArray[np.float64], squares: list[float]) -> NDArray[np.float64]:
    """One envelope of all leads, (leads, n) to (n,)."""
    total = np.zeros(energy.shape[1])
    for square, row in zip(squares, energy, strict=True):
        total += row * square
    combined: NDArray[np.float64] = np.sqrt(total)
    return combined


def _usual(heights: NDArray[np.float64]) -> float:
    """The median height of a lead's complexes, without those during which it was off."""
    known = heights[heights > 0]
    return float(np.median(known)) if len(known) else 0.0


def find_beats(
    samples: NDArray[np.int16], rate_hz: float, nv_per_lsb: float, rules: QrsRules = DEFAULT_RULES
) -> tuple[BeatEvent, ...]:
    """The beats of a whole recording, int16 (leads, n), exactly as they stand after a live run."""
    detector = QrsDetector(rate_hz, samples.shape[0], nv_per_lsb, rules)
    return settled_beats([*detector.feed(samples), *detector.finish()])
