"""Which leads are measured on."""

import numpy as np

from ecg.leads import MISSING
from ecg.signal.lead_choice import measurable_rows
from ecg.signal.lead_samples import LeadSamples
from ecg.synthetic import SyntheticEcg

BEATS = [102 + k * 500 for k in range(1, 11)]


def rows() -> np.ndarray:
    return SyntheticEcg(500).samples(0, 6000)


def chosen(samples: np.ndarray, beats: list[int] = BEATS) -> list[int]:
    return measurable_rows(LeadSamples(samples, 500, 1000.0), beats)


def test_all_of_a_clean_recording() -> None:
    assert chosen(rows()) == list(range(12))


def test_not_a_flat_one_nor_one_that_is_off() -> None:
    samples = rows()
    samples[3] = 0
    samples[7] = MISSING
    assert chosen(samples) == [0, 1, 2, 4, 5, 6, 8, 9, 10, 11]


def test_not_one_that_is_missing_in_many_beats_but_one_that_is_in_few() -> None:
    samples = rows()
    for r in BEATS[:5]:
        samples[2, r] = MISSING
    samples[4, BEATS[0]] = MISSING
    assert 2 not in chosen(samples)
    assert 4 in chosen(samples)


def test_not_one_whose_beats_are_unlike_while_those_of_others_are_alike() -> None:
    samples = rows()
    samples[9] = np.random.default_rng(1).normal(0, 2000, 6000)
    assert 9 not in chosen(samples)


def test_all_when_all_are_as_bad() -> None:
    samples = np.random.default_rng(1).normal(0, 500, (12, 6000)).astype(np.int16)
    assert len(chosen(samples)) == 12


def test_none_without_a_beat_inside_or_with_flat_lines_only() -> None:
    assert chosen(rows(), []) == []
    assert chosen(rows(), [10]) == []
    assert chosen(np.zeros((2, 6000), dtype=np.int16)) == []
