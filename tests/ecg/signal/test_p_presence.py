"""P waves where they are, none where there are none; of mixed rhythms, beat by beat."""

import numpy as np
import pytest

from ecg.measurements import Why
from ecg.signal.delineation import DelineatedShape, delineate
from ecg.signal.lead_samples import LeadSamples
from ecg.signal.p_wave import compared_with_others
from ecg.signal.qrs import find_beats
from ecg.synthetic import Intervals
from tests.ecg import rhythms


def usual(rows: np.ndarray) -> DelineatedShape:
    samples = np.rint(rows).astype(np.int16)
    beats = [beat.sample for beat in find_beats(samples, rhythms.RATE_HZ, 1000.0)]
    return delineate(LeadSamples(samples, rhythms.RATE_HZ, 1000.0), beats).shapes[0]


@pytest.mark.parametrize("noise_uv", [0, 20, 40])
def test_every_beat_of_sinus_rhythm_has_p(noise_uv: float) -> None:
    shape = usual(rhythms.sinus(70, noise_uv=noise_uv))
    assert shape.p.wave is not None
    assert shape.p.agreement > 0.8
    assert shape.p.share == 1.0
    assert shape.p.rest_seen


def test_p_is_found_against_a_tail_of_t_that_slopes() -> None:
    rows = rhythms.sinus(70)
    slope = np.tile(np.linspace(60, -60, round(500 * 60 / 70)), 13)[: rows.shape[1]]
    shape = usual(rows + slope)
    assert shape.p.wave is not None
    assert (shape.waves.qrs.onset - shape.p.wave.onset) * 2 == pytest.approx(160, abs=10)


def test_fibrillation_has_none() -> None:
    for seed in range(10, 16):
        found = usual(rhythms.fibrillation(seed)).p
        assert found.wave is None
        assert found.why is Why.NO_P


def test_when_p_and_t_leave_no_rest_between_it_is_said() -> None:
    shape = usual(rhythms.sinus(150, Intervals(p_ms=80, pr_ms=120, qrs_ms=80, qt_ms=250, t_ms=120)))
    assert shape.p.wave is not None
    assert not shape.p.rest_seen


def test_where_fibrillation_begins_p_ends() -> None:
    rows = np.concatenate([rhythms.sinus(70, seconds=20, noise_uv=10), rhythms.fibrillation(3)], axis=1)
    shape = usual(rows)
    border = rows.shape[1] * 2 / 3
    with_p = [at < border for at in shape.p.beats]
    assert sum(with_p) >= 20
    assert len(with_p) - sum(with_p) <= 5
    assert shape.p.share < 0.8


def test_two_beats_cannot_agree() -> None:
    samples = np.rint(rhythms.sinus()).astype(np.int16)
    found = delineate(LeadSamples(samples, 500, 1000.0), [788, 1288]).shapes[0]
    assert found.p.why is Why.FEW_BEATS


def test_beats_are_compared_with_the_mean_of_the_others() -> None:
    row = np.sin(np.arange(40) / 5)
    found = compared_with_others(np.stack([row, row, 2 * row, -row, 0 * row]))
    assert found.likeness.tolist() == pytest.approx([1, 1, 1, -1, 0])
    assert found.height[2] == pytest.approx(2 / 0.25)
    assert found.height[4] == 0
