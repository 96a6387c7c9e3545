"""Which episode and which beats there are at any index: found directly, without those before it."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ecg.simulator import noise
from ecg.simulator.beat_shapes import P_MS, BeatShape, beat_shape
from ecg.simulator.rhythms import ORIGINS, PAGE_S, Page, page
from ecg.simulator.scenario import Episode, Scenario

LEAD_IN_MS = 240.0
"""From the beginning of an episode to its first R, so that the first P wave is whole."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One episode at one time: samples `begin` to `end` (None: for ever), with a seed of its own."""

    episode: Episode
    begin: int
    end: int | None
    seed: int


@dataclass(frozen=True, slots=True)
class Beat:
    """A beat whose R is sample `r`."""

    r: int
    shape: BeatShape

    def sample(self, ms: float, rate_hz: int) -> int:
        """The sample nearest to so many milliseconds after R."""
        return self.r + round(ms * rate_hz / 1000)


class Timeline:
    """A scenario laid out from sample 0 on."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._rate_hz = scenario.rate_hz
        self._page = functools.lru_cache(maxsize=16)(self._make_page)
        self._shape = functools.lru_cache(maxsize=64)(beat_shape)

    def stretches(self, first: int, end: int) -> Iterator[Stretch]:
        """The episodes that hold samples of [first, end), in order."""
        cycle_s = self._scenario.cycle_s
        turn = 0 if cycle_s is None else first // (cycle_s * self._rate_hz)
        begin = turn * (cycle_s or 0) * self._rate_hz
        while begin < end:
            for number, episode in enumerate(self._scenario.episodes):
                stop = None if episode.seconds is None else begin + episode.seconds * self._rate_hz
                if (stop is None or stop > first) and begin < end:
                    yield Stretch(episode, begin, stop, self._seed(turn, number))
                if stop is None:
                    return
                begin = stop
            turn += 1

    def _seed(self, turn: int, number: int) -> int:
        place = np.array([turn * len(self._scenario.episodes) + number], dtype=np.int64)
        return int(noise.random_bits(self._scenario.seed, 0, place)[0] >> np.uint64(32))

    def _make_page(self, stretch: Stretch, number: int) -> Page:
        return page(stretch.episode, self._rate_hz, stretch.seed, number)

    def _pages(self, stretch: Stretch, first: int, end: int) -> Iterator[tuple[int, Page]]:
        """Where each page begins whose beats may reach into [first, end), and the page."""
        length, reach = PAGE_S * self._rate_hz, 2 * self._rate_hz
        lead_in = stretch.begin + round(LEAD_IN_MS * self._rate_hz / 1000)
        for number in range(
            max(0, (first - reach - lead_in) // length), (end + reach - lead_in) // length + 1
        ):
            yield lead_in + number * length, self._page(stretch, number)

    def beats(self, stretch: Stretch, first: int, end: int, *, by_r: bool) -> Iterator[Beat]:
        """The beats whose R (or any part of which) lies in [first, end)."""
        shape = self._shape(stretch.episode, ORIGINS[stretch.episode.rhythm])
        before = -round(shape.begins_ms * self._rate_hz / 1000) + 1
        after = round(shape.t_offset_ms * self._rate_hz / 1000) + 1
        for begin, one in self._pages(stretch, first, end):
            for r in (begin + at for at in one.r):
                whole = stretch.end is None or r + after <= stretch.end
                here = first <= r < end if by_r else r + after > first and r - before < end
                if whole and here:
                    yield Beat(r, shape)

    def free_p(self, stretch: Stretch, first: int, end: int) -> Iterator[int]:
        """Peaks of the P waves that go their own way and touch [first, end)."""
        reach = round(P_MS / 2 * self._rate_hz / 1000) + 1
        for begin, one in self._pages(stretch, first, end):
            for peak in (begin + at for at in one.free_p):
                whole = stretch.end is None or peak + reach <= stretch.end
                if whole and peak + reach > first and peak - reach < end:
                    yield peak
