"""When beats come: pages of a minute, each made for itself, so that any minute can be had without another.

Indices are samples from the beginning of the page. A page's first beat follows the last one of the page
before it as any other: rates are whole numbers a minute.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecg.simulator.noise import uniform
from ecg.simulator.scenario import RATES, Episode, Rhythm
from ecg.simulator.truth import BeatOrigin

PAGE_S = 60
PAUSE_EVERY_S = 20
LEAST_RR_S = 0.33
"""The shortest interval of fibrillation: the atrioventricular node lets no more through."""

MOST_IN_A_PAGE = 256
"""More beats than any rhythm has in a minute: keeps the random numbers of two pages apart."""

_INTERVALS = 1
"""The channel of random numbers that intervals are drawn from; noise has those from 100 on."""


@dataclass(frozen=True, slots=True)
class Page:
    """A minute: R of each QRS complex, and the P waves that go their own way, as sample numbers in order."""

    r: tuple[int, ...]
    free_p: tuple[int, ...] = ()


ORIGINS: dict[Rhythm, BeatOrigin] = {
    Rhythm.SINUS: BeatOrigin.SINUS,
    Rhythm.BRADYCARDIA: BeatOrigin.SINUS,
    Rhythm.TACHYCARDIA: BeatOrigin.SINUS,
    Rhythm.PAUSES: BeatOrigin.SINUS,
    Rhythm.AV_BLOCK_3: BeatOrigin.ESCAPE,
    Rhythm.FIBRILLATION: BeatOrigin.CONDUCTED,
    Rhythm.VENTRICULAR_TACHYCARDIA: BeatOrigin.VENTRICULAR,
    Rhythm.PACED: BeatOrigin.PACED,
}
assert set(ORIGINS) == set(RATES)


def page(episode: Episode, rate_hz: int, seed: int, number: int) -> Page:
    """Minute `number` of an episode; `seed` is the episode's own."""
    match episode.rhythm:
        case Rhythm.PAUSES:
            return Page(_with_pauses(episode, rate_hz))
        case Rhythm.FIBRILLATION:
            return Page(_irregular(episode, rate_hz, seed, number))
        case Rhythm.AV_BLOCK_3:
            return Page(_regular(episode.qrs_per_min, rate_hz), _regular(episode.p_per_min, rate_hz))
        case _:
            return Page(_regular(episode.qrs_per_min, rate_hz))


def mean_rr_ms(episode: Episode) -> float:
    """The mean interval without pauses."""
    return 60_000 / episode.qrs_per_min


def shortest_rr_ms(episode: Episode) -> float:
    """No two R are closer."""
    return LEAST_RR_S * 1000 if episode.rhythm is Rhythm.FIBRILLATION else mean_rr_ms(episode)


def _regular(per_minute: int, rate_hz: int) -> tuple[int, ...]:
    return tuple(round(beat * PAGE_S * rate_hz / per_minute) for beat in range(per_minute))


def _with_pauses(episode: Episode, rate_hz: int) -> tuple[int, ...]:
    """Beats are left out in the middle of every 20 s: as few as make the pause long enough."""
    regular = _regular(episode.qrs_per_min, rate_hz)
    left_out = int(np.ceil(episode.least_pause_s * episode.qrs_per_min / 60 - 1e-9)) - 1
    kept = set(range(len(regular)))
    for middle_s in range(PAUSE_EVERY_S // 2, PAGE_S, PAUSE_EVERY_S):
        first = middle_s * episode.qrs_per_min // 60
        kept -= set(range(first, first + left_out))
    return tuple(regular[beat] for beat in sorted(kept))


def _irregular(episode: Episode, rate_hz: int, seed: int, number: int) -> tuple[int, ...]:
    """Intervals of 0.33 s and what is drawn, stretched to fill the minute exactly."""
    count = episode.qrs_per_min
    at = np.arange(count, dtype=np.int64) + number * MOST_IN_A_PAGE
    drawn: NDArray[np.float64] = 0.05 + uniform(seed, _INTERVALS, at) ** 1.5
    spare_s = PAGE_S - count * LEAST_RR_S
    intervals = LEAST_RR_S + drawn * (spare_s / drawn.sum())
    ends = np.concatenate([[0.0], np.cumsum(intervals)[:-1]])
    return tuple(int(round(second * rate_hz)) for second in ends.tolist())
