"""The same rules on a signal that runs: what is new since the last look, in samples of the stream.

The live strip is no monitor: it raises no alarm, it may miss, and it sees nothing while the line is cut.
Whoever shows its hits shows `LIVE_IS_NO_MONITOR` with them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.critical.assessment import Assessment, EarlierEcg, assess
from ecg.critical.rule import CriticalTable, Rule
from ecg.critical.strip import Block, Strip
from ecg.critical.verdict import Evidence
from ecg.errors import SignalError
from ecg.leads import MISSING, Lead
from ecg.measurements import Measurements
from ecg.ranges import SampleRange
from ecg.recording import Recording
from ecg.signal.beats import BeatEvent
from ecg.subject import UNKNOWN, Subject

KEPT_S = 45.0
"""Longer than any rule of the usual tables needs (30 s), so that none is cut by the window's border."""

EVERY_S = 2.0
UNDECIDED_S = 0.3
"""At the live end the detector has not decided yet."""

SAME_S = 10.0
"""A hit of the same rule that begins sooner after the last one ended is that one going on."""


@dataclass(frozen=True, slots=True)
class LiveHit:
    """A rule that was met, where it had not been before; samples counted from the start of the stream."""

    rule: Rule
    evidence: Evidence


class CriticalScanner:
    """Feed it samples with the detector's events, and measurements when there are some; it tells new hits.

    Raises SignalError for samples of another shape. The table is tested every two seconds of signal on the
    last 45 s.
    """

    def __init__(
        self,
        table: CriticalTable,
        leads: tuple[Lead, ...],
        rate_hz: float,
        nv_per_lsb: float,
        subject: Subject = UNKNOWN,
        earlier: EarlierEcg | None = None,
    ) -> None:
        if not leads or rate_hz <= 0 or nv_per_lsb <= 0:
            raise SignalError(f"{len(leads)} leads, {rate_hz} Hz, {nv_per_lsb} nV a step; all above 0")
        self._table, self._subject, self._earlier = table, subject, earlier
        self._leads, self._rate_hz, self._nv_per_lsb = leads, rate_hz, nv_per_lsb
        self._kept = round(KEPT_S * rate_hz)
        self._told: dict[str, list[SampleRange]] = {}
        self._begin(0)

    def _begin(self, first: int) -> None:
        self._first = first
        self._samples = np.empty((len(self._leads), 0), np.int16)
        self._beats: dict[int, None] = {}
        self._blocks: list[Block] = []
        self._unreadable: list[SampleRange] = []
        self._looked = first

    @property
    def end(self) -> int:
        """The index of the next sample."""
        return self._first + int(self._samples.shape[1])

    def restart(self, first: int) -> None:
        """The next sample has index `first`: what lies between was not seen, and is no pause."""
        gap = first - self.end
        if not 0 <= gap < self._kept:
            self._begin(first)
        elif gap:
            self._keep(np.full((len(self._leads), gap), MISSING, np.int16))

    def unreadable(self, where: SampleRange) -> None:
        """These samples must not be believed (noise, an electrode off)."""
        self._unreadable.append(where)

    def measured(self, first: int, measurements: Measurements) -> None:
        """What was measured on a part of the stream that begins at `first`."""
        self._blocks.append(Block(first, measurements))

    def feed(self, samples: NDArray[np.int16], events: Iterable[BeatEvent]) -> list[LiveHit]:
        """The hits that are new with these samples; `events`: what a QrsDetector said of them."""
        if samples.dtype != np.int16 or samples.ndim != 2 or samples.shape[0] != len(self._leads):
            raise SignalError(
                f"samples are {samples.dtype} {samples.shape}; int16 ({len(self._leads)}, n) is right"
            )
        self._keep(samples)
        for event in events:
            for r in event.takes_back:
                self._beats.pop(r, None)
            self._beats[event.sample] = None
        if self.end - self._looked < EVERY_S * self._rate_hz:
            return []
        self._looked = self.end
        return self._new(self.assessment())

    def assessment(self) -> Assessment:
        """Every rule's answer on what is kept; its samples are counted from `first_kept`."""
        return assess(self._strip(), self._table, self._subject, self._earlier)

    @property
    def first_kept(self) -> int:
        """The index of the first sample that is kept."""
        return self._first

    def recent(self, seconds: float) -> tuple[int, Recording] | None:
        """The last so many seconds and where they begin, for measuring; None while there are fewer."""
        count = round(seconds * self._rate_hz)
        if self._samples.shape[1] < count:
            return None
        part = self._samples[:, -count:].copy()
        return self.end - count, Recording(
            leads=self._leads, rate_hz=self._rate_hz, nv_per_lsb=self._nv_per_lsb, samples=part
        )

    def _keep(self, samples: NDArray[np.int16]) -> None:
        whole = np.concatenate([self._samples, samples], axis=1)
        surplus = max(0, whole.shape[1] - self._kept)
        self._samples = whole[:, surplus:]
        self._first += surplus
        self._beats = {r: None for r in self._beats if r >= self._first}
        self._blocks = [block for block in self._blocks if block.first >= self._first]
        self._unreadable = [where for where in self._unreadable if where.end > self._first]

    def _strip(self) -> Strip:
        count = max(0, self._samples.shape[1] - round(UNDECIDED_S * self._rate_hz))
        beats = sorted(r - self._first for r in self._beats)
        return Strip(
            leads=self._leads,
            rate_hz=self._rate_hz,
            nv_per_lsb=self._nv_per_lsb,
            samples=self._samples[:, :count],
            beats=tuple(r for r in beats if 0 <= r < count),
            blocks=tuple(Block(one.first - self._first, one.measurements) for one in self._blocks),
            unreadable=tuple(SampleRange(one.first - self._first, one.count) for one in self._unreadable),
        )

    def _new(self, assessment: Assessment) -> list[LiveHit]:
        new = []
        for result in assessment.hits:
            for found in result.answer.evidence:
                evidence = found.moved(self._first)
                if not self._was_told(result.rule, evidence.where):
                    new.append(LiveHit(result.rule, evidence))
        return new

    def _was_told(self, rule: Rule, where: SampleRange) -> bool:
        """Whether it goes on from, or is, one that was told; it is from now on."""
        near = round(SAME_S * self._rate_hz)
        told = self._told.setdefault(rule.id, [])
        told[:] = [one for one in told if one.end + near >= self._first]
        for k, one in enumerate(told):
            if where.first <= one.end + near and one.first <= where.end + near:
                first, end = min(one.first, where.first), max(one.end, where.end)
                told[k] = SampleRange(first, end - first)
                return True
        told.append(where)
        return False
