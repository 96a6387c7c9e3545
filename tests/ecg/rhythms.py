"""Rhythms with known truth that `SyntheticEcg` does not make: without P, fibrillation, flutter, pacing."""

import numpy as np
from numpy.typing import NDArray

from ecg.leads import STANDARD_LEADS, Lead
from ecg.recording import Recording
from ecg.simulator.scenario import Episode, Rhythm, Scenario
from ecg.simulator.simulated_ecg import SimulatedEcg
from ecg.synthetic import Intervals, SyntheticEcg

RATE_HZ = 500
NO_P = Intervals(p_ms=0.001, pr_ms=20, qt_ms=380, t_ms=170)
"""The P wave is shorter than any sample, and so in none."""

_ATRIAL = np.array([0.3, 1.0, 0.7, -0.65, -0.2, 0.85, 0.6, 0.15, 0.1, 0.05, 0.0, 0.0])
"""How much of an atrial wave each lead shows."""


def recording(rows: NDArray[np.float64], leads: tuple[Lead, ...] = STANDARD_LEADS) -> Recording:
    """Microvolts as a recording at 500 Hz."""
    return Recording(leads=leads, rate_hz=RATE_HZ, nv_per_lsb=1000.0, samples=np.rint(rows).astype(np.int16))


def sinus(
    heart_rate: int = 60,
    intervals: Intervals | None = None,
    *,
    seconds: int = 10,
    noise_uv: float = 0.0,
    seed: int = 1,
) -> NDArray[np.float64]:
    """Regular beats with P, the first not at the very beginning."""
    source = SyntheticEcg(RATE_HZ, heart_rate, intervals or Intervals())
    rows = source.samples(round(0.63 * RATE_HZ * 60 / heart_rate), seconds * RATE_HZ).astype(float)
    return rows + np.random.default_rng(seed).normal(0, noise_uv, rows.shape)


def _beats_at(starts_s: list[float], seconds: int) -> NDArray[np.float64]:
    one = SyntheticEcg(RATE_HZ, 60, NO_P).samples(0, round(0.42 * RATE_HZ)).astype(float)
    rows = np.zeros((12, seconds * RATE_HZ))
    for start in starts_s:
        first = round(start * RATE_HZ)
        part = one[:, : max(rows.shape[1] - first, 0)]
        rows[:, first : first + part.shape[1]] += part
    return rows


def fibrillation(seed: int, seconds: int = 10, waves_uv: float = 80.0) -> NDArray[np.float64]:
    """Irregular beats over waves of 5 to 7 a second that never keep their distance."""
    random = np.random.default_rng(seed)
    starts = [0.1]
    while starts[-1] < seconds:
        starts.append(starts[-1] + max(0.42, random.normal(0.75, 0.15)))
    count = seconds * RATE_HZ
    wander = np.convolve(random.normal(0, 8, count), np.ones(100) / 100, "same")
    phase = np.cumsum(2 * np.pi * (random.uniform(5, 7) + wander)) / RATE_HZ
    swell = 1 + 0.4 * np.sin(2 * np.pi * 0.9 * np.arange(count) / RATE_HZ + random.uniform(0, 6))
    noise = random.normal(0, 10, (12, count))
    return _beats_at(starts, seconds) + waves_uv * _ATRIAL[:, None] * np.sin(phase) * swell + noise


def flutter(heart_rate: int, waves: int, delay_s: float, seconds: int = 10) -> NDArray[np.float64]:
    """Regular beats over so many saw teeth to a beat: every beat has one at the same distance."""
    rr_s = 60 / heart_rate
    starts = list(np.arange(0.1, seconds, rr_s))
    at = (np.arange(seconds * RATE_HZ) / RATE_HZ + delay_s) % (rr_s / waves) / (rr_s / waves)
    saw = np.where(at < 0.75, at / 0.75, (1 - at) / 0.25) - 0.5
    noise = np.random.default_rng(1).normal(0, 10, (12, seconds * RATE_HZ))
    return _beats_at(starts, seconds) - 150 * _ATRIAL[:, None] * saw + noise


def paced(gap_ms: float, seconds: int = 10) -> NDArray[np.float64]:
    """Wide beats without P, each `gap_ms` after a spike of one sample that every lead shows."""
    wide = Intervals(p_ms=0.001, pr_ms=60, qrs_ms=160, qt_ms=460, t_ms=200)
    source = SyntheticEcg(RATE_HZ, 60, wide)
    rows = source.samples(250, seconds * RATE_HZ).astype(float)
    first = round((60 - gap_ms) / 1000 * RATE_HZ) - 250
    for at in range(first % RATE_HZ, rows.shape[1], RATE_HZ):
        rows[:, at] += 900.0
    return rows


def standstill(p_waves: int) -> tuple[NDArray[np.int16], list[int]]:
    """P waves alone, then a third-degree block at 20 a minute: int16 (12, n), and where its complexes are."""
    block = SimulatedEcg(Scenario(episodes=(Episode(Rhythm.AV_BLOCK_3, 20, 75),)))
    p_alone = block.samples(420, 400)  # one of the P waves between two complexes
    samples = np.concatenate([np.tile(p_alone, p_waves), block.samples(820, 5000)], axis=1)
    r = [beat.r - 820 + 400 * p_waves for beat in block.truth(820, 5000).beats]
    return samples, r
