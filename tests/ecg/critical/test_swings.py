"""Swings without complexes: fibrillation and flutter in kind, torsade in kind, and what only looks noisy."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.ecg_made import Made, fibrillating, fluttering, irregular, made, regular, twisting
from ecg.critical.strip import Strip
from ecg.critical.verdict import NotTested, Quantity, Verdict
from ecg.leads import MISSING, Lead
from tests.ecg import mitdb
from tests.ecg.critical.strips import hits, result_of, strip_of

VF, TDP = "ventricular_fibrillation", "polymorphic_tachycardia"


def swinging(hz: float, size_uv: float = 400.0) -> Made:
    t = np.arange(5000) / 500
    return made([], 10, more=np.outer(np.full(8, size_uv), np.sin(2 * np.pi * hz * t)))


@pytest.mark.parametrize("seed", range(4))
def test_fibrillation_in_kind_is_a_hit_through_and_through(seed: int) -> None:
    (evidence,) = result_of(strip_of(fibrillating(10, seed=seed)), VF).answer.evidence
    assert evidence.where.count >= 4500
    assert 200 <= evidence.of(Quantity.OSCILLATION_PER_MIN) <= 480


@pytest.mark.parametrize("per_min", [165, 240, 320])
def test_flutter_in_kind_is_a_hit_and_its_even_swings_are_not_called_polymorphic(per_min: float) -> None:
    assert hits(strip_of(fluttering(10, per_min))) == {VF}


@pytest.mark.parametrize("seed", range(4))
def test_torsade_in_kind_is_a_hit(seed: int) -> None:
    assert TDP in hits(strip_of(twisting(10, seed=seed)))


def test_swings_slower_than_flutter_faster_than_fibrillation_or_too_small_are_none() -> None:
    assert VF in hits(strip_of(swinging(4.0)))
    for signal in (swinging(1.9), swinging(10.5), swinging(4.0, size_uv=60.0)):
        assert result_of(strip_of(signal), VF).answer.verdict is Verdict.NO_HIT


@pytest.mark.parametrize(
    "signal",
    [
        made(regular(70, 10), 10),
        made(regular(70, 10), 10, noise_uv=120.0),
        made(regular(30, 10), 10),
        made(regular(240, 10), 10),
        made(irregular(160, 10, 0.3, 2), 10),
        made(regular(140, 10, wide=True, qrs_ms=160, pr_ms=None), 10),
        made([], 10, noise_uv=200.0),
    ],
    ids=["sinus", "noisy", "slow", "fast", "irregular", "wide", "noise alone"],
)
def test_complexes_and_noise_are_none(signal: Made) -> None:
    assert hits(strip_of(signal)).isdisjoint({VF, TDP})


def test_swings_in_a_few_leads_only_are_a_person_who_trembles() -> None:
    t = np.arange(5000) / 500
    some = np.outer([500, 400, 0, 0, 0, 0, 0, 0], np.sin(2 * np.pi * 5 * t))
    assert VF not in hits(strip_of(made(regular(70, 10), 10, more=some)))


def test_marks_of_many_shapes_in_swings_are_a_hit_and_of_one_shape_are_none() -> None:
    even = fluttering(10, 200)
    marks = regular(200, 10, pr_ms=None)
    assert TDP not in hits(strip_of(Made(even.recording, marks)))
    flips = np.where(np.arange(5000) // 450 % 2, 1, -1)
    flipped = np.rint(even.recording.samples * flips).astype(np.int16)
    unlike = Made(replace(even.recording, samples=flipped), marks)
    answer = result_of(strip_of(unlike), TDP).answer
    assert answer.verdict is Verdict.HIT
    assert min(one.values[1].value for one in answer.evidence) < 70


def test_many_shapes_with_a_line_between_them_are_none() -> None:
    beats = [
        replace(beat, wide=k % 2 == 0, size=1 + 0.5 * (k % 3)) for k, beat in enumerate(regular(160, 10))
    ]
    assert TDP not in hits(strip_of(made(beats, 10)))


def test_no_four_seconds_without_a_gap_are_not_tested() -> None:
    gaps = [(2.0, 2.5), (5.0, 5.5), (8.0, 8.5)]
    answer = result_of(strip_of(fibrillating(10), gaps=gaps), VF).answer
    assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.TOO_SHORT)
    nothing = fibrillating(10)
    nothing.recording.samples[:] = MISSING
    answer = result_of(strip_of(nothing), VF).answer
    assert (answer.verdict, answer.why) == (Verdict.NOT_TESTED, NotTested.POOR_SIGNAL)


@pytest.mark.parametrize("name", ["200_45s", "203_45s"])
def test_real_ventricular_beats_and_noise_are_none(name: str) -> None:
    extract = mitdb.read_extract(name)
    strip = Strip(
        leads=(Lead.II, Lead.V1),
        rate_hz=mitdb.RATE_HZ,
        nv_per_lsb=mitdb.NV_PER_LSB,
        samples=extract.samples,
        beats=extract.beats,
    )
    assert hits(strip) == set()
