"""The median beat against a truth that is known to the microvolt."""

import numpy as np
import pytest

from ecg.errors import SignalError
from ecg.leads import MISSING
from ecg.signal.median_beat import median_beat
from ecg.signal.qrs import find_beats
from ecg.simulator.language import read_scenario
from ecg.simulator.simulated_ecg import SimulatedEcg
from ecg.synthetic import Intervals, SyntheticEcg

RATE_HZ = 500
NV = 1000.0
R_OF_FIRST = 102  # PR 160 ms and half of QRS 90 ms at 500 Hz: sample 102.5
RS = [R_OF_FIRST + k * RATE_HZ for k in range(1, 19)]


def clean(seconds: int = 20) -> np.ndarray:
    return SyntheticEcg(RATE_HZ).samples(0, seconds * RATE_HZ)


def noisy(samples: np.ndarray, sd_uv: float) -> np.ndarray:
    noise = np.random.default_rng(3).normal(0, sd_uv, samples.shape)
    return np.rint(samples + noise).astype(np.int16)


def with_wide_beats(samples: np.ndarray, at: list[int]) -> np.ndarray:
    """Wide, inverted complexes in place of the beats at these R."""
    out = samples.copy()
    for r in at:
        out[:, r - 150 : r + 300] = 0
        shape = -1500 * np.sin(np.pi * np.arange(90) / 90)
        out[:, r - 45 : r + 45] = np.rint(shape)
    return out


def truth(before: int, after: int) -> np.ndarray:
    return clean()[:, RS[0] - before : RS[0] + after + 1].astype(float)


def test_without_noise_it_is_the_beat_itself() -> None:
    beat = median_beat(clean(), RS, RATE_HZ, NV)
    assert np.array_equal(beat.samples_uv, truth(beat.r, beat.samples_uv.shape[1] - beat.r - 1))
    assert (beat.used, beat.others, beat.unusable) == (tuple(RS), (), ())
    assert beat.noise_uv == (0.0,) * 12


def test_noise_falls_with_the_root_of_the_beats_and_is_told() -> None:
    beat = median_beat(noisy(clean(), 50), RS, RATE_HZ, NV)
    left = (beat.samples_uv - truth(beat.r, beat.samples_uv.shape[1] - beat.r - 1)).std()
    expected = 50 * np.sqrt(np.pi / 2 / len(RS))
    assert left == pytest.approx(expected, rel=0.2)
    assert np.mean(beat.noise_uv) == pytest.approx(expected, rel=0.2)


def test_beats_marked_aside_are_put_in_line() -> None:
    jitter = np.random.default_rng(4).integers(-10, 11, len(RS))
    jitter -= round(float(np.median(jitter)))
    marked = [r + int(d) for r, d in zip(RS, jitter, strict=True)]
    assert len(set(jitter.tolist())) > 5
    beat = median_beat(noisy(clean(), 20), marked, RATE_HZ, NV)
    steps = np.diff(beat.used)
    assert set(steps.tolist()) == {RATE_HZ}
    assert abs(beat.used[0] - RS[0]) <= 2


def test_beats_of_another_shape_are_left_out_and_named() -> None:
    wide = RS[4:16:3]
    samples = with_wide_beats(clean(), wide)
    beat = median_beat(samples, RS, RATE_HZ, NV)
    assert beat.others == tuple(wide)
    assert beat.used == tuple(r for r in RS if r not in wide)
    assert np.array_equal(beat.samples_uv, truth(beat.r, beat.samples_uv.shape[1] - beat.r - 1))


@pytest.mark.parametrize("amplitude_uv", [100, 400])
def test_mains_makes_no_shapes_of_its_own_and_is_not_taken_out_unsaid(amplitude_uv: int) -> None:
    """At 66 a minute 50 Hz stands at 45.45 periods a beat: half of the beats had it upside down."""
    ecg = SimulatedEcg(read_scenario("rhythm=sinus,rate=66"))
    clean_samples = ecg.samples(0, 20 * RATE_HZ)
    mains = amplitude_uv * np.sin(2 * np.pi * 50 * np.arange(20 * RATE_HZ) / RATE_HZ)
    samples = np.rint(clean_samples + mains).astype(np.int16)
    beats = [beat.r for beat in ecg.truth(0, 20 * RATE_HZ).beats]
    beat = median_beat(samples, beats, RATE_HZ, NV)
    assert (beat.others, len(beat.used) + len(beat.unusable)) == ((), len(beats))
    assert max(abs(r - given) for r, given in zip(beat.used, beats[1:], strict=False)) <= 1
    assert min(beat.noise_uv) > amplitude_uv / 10, "what the samples hold is drawn"


def test_the_offset_of_the_electrodes_and_its_slow_drift_do_not_matter() -> None:
    drift = 300 * np.sin(2 * np.pi * 0.1 * np.arange(20 * RATE_HZ) / RATE_HZ) + 4000
    beat = median_beat(np.rint(clean() + drift).astype(np.int16), RS, RATE_HZ, NV)
    qrs = slice(beat.r - 25, beat.r + 26)
    assert len(beat.used) == len(RS)
    assert np.abs(beat.samples_uv[:, qrs] - truth(25, 25)).max() < 15


def test_beats_at_the_ends_and_with_missing_values_are_not_used() -> None:
    samples = clean()
    samples[3, RS[5] + 40] = MISSING
    marks = [R_OF_FIRST, *RS, 20 * RATE_HZ - 20]
    beat = median_beat(samples, marks, RATE_HZ, NV)
    assert beat.unusable == (R_OF_FIRST, RS[5], 20 * RATE_HZ - 20)
    assert len(beat.used) == len(RS) - 1


def test_at_fast_rates_the_window_holds_one_beat() -> None:
    beat = median_beat(clean(), RS, RATE_HZ, NV)
    assert (beat.r, beat.samples_uv.shape[1]) == (200, 501)
    source = SyntheticEcg(RATE_HZ, 150, Intervals(p_ms=60, pr_ms=100, qt_ms=280, t_ms=120))
    marks = [72 + 200 * k for k in range(1, 24)]
    fast = median_beat(source.samples(0, 10 * RATE_HZ), marks, RATE_HZ, NV)
    assert (fast.r, fast.samples_uv.shape[1], len(fast.used)) == (80, 221, 23)


def test_scale_is_applied() -> None:
    one, two = (median_beat(clean(), RS, RATE_HZ, nv).samples_uv for nv in (1000.0, 2500.0))
    assert np.allclose(two, 2.5 * one)


def test_too_few_of_a_shape_are_refused_with_their_number() -> None:
    with pytest.raises(SignalError, match="2 of 2 beats share a shape; a median needs at least 3"):
        median_beat(clean(), RS[:2], RATE_HZ, NV)
    with pytest.raises(SignalError, match="0 of 0"):
        median_beat(clean(), [], RATE_HZ, NV)


def test_it_takes_the_beats_of_the_detector() -> None:
    samples = noisy(clean(), 20)
    beat = median_beat(samples, [b.sample for b in find_beats(samples, RATE_HZ, NV)], RATE_HZ, NV)
    assert len(beat.used) == 18 + 1  # the last is whole, too
    assert set(np.diff(beat.used).tolist()) == {RATE_HZ}
