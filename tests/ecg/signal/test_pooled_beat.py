"""Beats pooled onto one grid."""

import numpy as np
import pytest

from ecg.leads import MISSING
from ecg.signal.pooled_beat import GRID_HZ, pooled_beat
from ecg.synthetic import SyntheticEcg


def marks(rate_hz: int, count: int) -> list[int]:
    return [round(0.205 * rate_hz) + k * rate_hz for k in range(count)]


@pytest.mark.parametrize("rate_hz", [125, 250, 360, 500, 1000])
def test_the_same_beat_comes_out_at_every_rate(rate_hz: int) -> None:
    samples = SyntheticEcg(rate_hz).samples(0, 10 * rate_hz)
    pooled = pooled_beat(samples, marks(rate_hz, 10)[1:9], marks(rate_hz, 10), rate_hz, 1000.0)
    wanted = SyntheticEcg(500).samples(500, 500)
    r = 500 * 205 // 1000
    t_peak = pooled.r + round((0.47 - marks(rate_hz, 1)[0] / rate_hz) * GRID_HZ)
    assert pooled.uv[1, t_peak] == pytest.approx(float(wanted[1, 235]), abs=3)
    assert pooled.uv[1, pooled.r] == pytest.approx(float(wanted[1, r]), rel=0.12)
    assert pooled.count == 8


def test_neighbours_and_holes_are_left_out() -> None:
    samples = SyntheticEcg(500).samples(0, 5000)
    at = marks(500, 10)
    samples[0, at[3] + 100 : at[3] + 140] = MISSING
    pooled = pooled_beat(samples, at[1:9], at, 500, 1000.0)
    span = np.arange(pooled.uv.shape[1]) - pooled.r
    assert span[0] >= -500 + 70
    assert span[-1] <= 500 - 40
    assert pooled.uv[0, pooled.r + 120] == pytest.approx(float(samples[0, at[4] + 120]), abs=2)


def test_a_beat_at_the_beginning_gives_what_it_has() -> None:
    samples = SyntheticEcg(500).samples(40, 5000)
    at = [r - 40 for r in marks(500, 10)]
    pooled = pooled_beat(samples, [at[0]], at, 500, 1000.0)
    assert pooled.r <= at[0]
    assert pooled.count == 1


def test_what_noise_is_left_is_told() -> None:
    clean = SyntheticEcg(500).samples(0, 20_000)
    noisy = np.rint(clean + np.random.default_rng(1).normal(0, 40, clean.shape)).astype(np.int16)
    at = marks(500, 40)
    pooled = pooled_beat(noisy, at[1:17], at, 500, 1000.0)
    assert pooled.noise_uv.mean() == pytest.approx(40 * np.sqrt(np.pi / 2 / 16), rel=0.15)
