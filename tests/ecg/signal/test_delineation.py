"""Limits beat by beat."""

import numpy as np
import pytest

from ecg.signal.delineation import delineate, waves_of_some
from ecg.signal.lead_samples import LeadSamples
from tests.ecg.rhythms import RATE_HZ, sinus

BEATS = [288 + k * 500 for k in range(10)]
"""R is 102 samples after P onset, whose phase is 0.63 of a beat at the first sample."""


def leads(rows: np.ndarray) -> LeadSamples:
    return LeadSamples(np.rint(rows).astype(np.int16), RATE_HZ, 1000.0)


def test_each_beat_has_the_limits_of_its_shape() -> None:
    found = delineate(leads(sinus(noise_uv=15)), BEATS)
    assert [beat.r for beat in found.beats] == BEATS
    for beat in found.beats[1:-1]:
        assert beat.qrs_onset == pytest.approx(beat.r - 22, abs=4)
        assert beat.qrs_end == pytest.approx(beat.r + 23, abs=4)
        assert beat.p_onset == pytest.approx(beat.r - 102, abs=5)
        assert beat.t_end == pytest.approx(beat.r + 178, abs=6)


def test_what_lies_beyond_the_ends_is_none() -> None:
    rows = sinus()[:, 288 - 100 : 288 + 9 * 500 + 130]
    found = delineate(leads(rows), [r - 188 for r in BEATS])
    assert found.beats[0].p_onset is None
    assert found.beats[0].qrs_onset is not None
    assert found.beats[-1].t_end is None
    assert found.beats[-2].t_end is not None


def test_marks_beside_r_give_the_same_limits() -> None:
    rows = sinus()
    right = delineate(leads(rows), BEATS).beats
    shifted = delineate(leads(rows), [r + k % 7 - 3 for k, r in enumerate(BEATS)]).beats
    for one, other in zip(right, shifted, strict=True):
        assert abs(one.qrs_onset - other.qrs_onset) <= 3
        assert abs(one.qrs_end - other.qrs_end) <= 3


def test_some_beats_by_themselves_have_the_waves_of_all() -> None:
    samples = leads(sinus(noise_uv=10))
    shape = delineate(samples, BEATS).shapes[0]
    part = waves_of_some(samples, shape, shape.shape.aligned[::2], BEATS)
    assert part.p is not None
    assert part.t is not None
    assert part.qrs.ms == pytest.approx(shape.waves.qrs.ms, abs=6)


def test_without_beats_there_is_nothing() -> None:
    found = delineate(leads(sinus()), [])
    assert found.shapes == ()
    assert found.beats == ()
